//! Hostile input ends quickly and clearly: each case within five seconds and a gigabyte, by an answer or an error.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Workplace;

/// The most time of a command, and the most memory in kilobytes.
const TIME: Duration = Duration::from_secs(5);
const MEMORY: u64 = 1 << 20;

/// A scenario in which everything that is required is there.
const SMALL: &str = "[horizon]\nmonths = 24\n[target]\nsubscribers = 1e6\n[market]\nactive_users = 10e6\n\
    refusal_rate = { pert = { min = 0.4, mode = 0.6, max = 0.9 } }\n[willingness]\nmedian_price = 10\nsteepness = 2\n\
    [uptake]\nannual_innovation = 0.3\nannual_imitation = 0.4\n[retention]\nmonthly_churn = 0.05\n[price]\nmonthly = 7\n";

/// Runs the program within the bounds; returns its status and all that it says.
fn bounded(work: &Workplace, arguments: &[&str]) -> (i32, String) {
    let begun = Instant::now();
    let program = env!("CARGO_BIN_EXE_breakeven");
    let limited = format!("ulimit -v {MEMORY} 2>/dev/null; exec \"$0\" \"$@\"");
    let mut child = Command::new("sh")
        .args(["-c", &limited, program])
        .args(arguments)
        .current_dir(work.path())
        .env("RAYON_NUM_THREADS", "2")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let reader = |pipe: Option<Box<dyn std::io::Read + Send>>| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut pipe.unwrap(), &mut text).unwrap();
            String::from_utf8_lossy(&text).into_owned()
        })
    };
    let stdout = reader(child.stdout.take().map(|pipe| Box::new(pipe) as _));
    let stderr = reader(child.stderr.take().map(|pipe| Box::new(pipe) as _));
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if begun.elapsed() > TIME => {
                child.kill().unwrap();
                panic!("{arguments:?} takes more than {TIME:?}");
            }
            None => std::thread::yield_now(),
        }
    };
    let said = stdout.join().unwrap() + &stderr.join().unwrap();
    assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    let control =
        said.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t') || ('\u{202a}'..='\u{202e}').contains(c));
    assert_eq!(control, None, "{arguments:?}: {said:?}");
    (status.code().unwrap_or_else(|| panic!("{arguments:?} is ended by a signal: {said}")), said)
}

/// Checks a scenario within the bounds; it must be wrong, and say so.
fn wrong(text: impl AsRef<[u8]>, message: &str) {
    let work = Workplace::new();
    work.file("case.toml", text);
    let (status, said) = bounded(&work, &["run", "case.toml", "--paths", "64", "--no-charts"]);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains(message), "{said}");
    assert!(said.len() < 60_000, "no more is said than can be read");
}

fn many(count: usize, mut line: impl FnMut(usize) -> String) -> String {
    (0..count).fold(SMALL.to_owned(), |mut text, i| {
        text.push_str(&line(i));
        text
    })
}

#[test]
fn too_much_of_anything_is_refused_with_its_limit() {
    let segments = many(10_000, |i| format!("[segments.s{i}]\nshare = 0.0001\n"));
    wrong(segments, "at most 75 segments over 24 months");
    let correlated = many(70, |i| {
        format!(
            "[segments.s{i}]\nshare = {}\n[segments.s{i}.market]\nrefusal_rate = {{ uniform = {{ min = 0, max = 1 }} }}\n",
            1.0 / 70.0
        )
    });
    let pairs = (1..70).fold(correlated, |mut text, i| {
        let names = format!("[\"segments.s{i}.market.refusal_rate\", \"segments.s{}.market.refusal_rate\"]", i - 1);
        write!(text, "[[correlations]]\ninputs = {names}\nrank = 0.1\n").unwrap();
        text
    });
    wrong(pairs, "70 inputs are correlated with each other, directly or through others");
    wrong(many(5000, |i| format!("[[events]]\nname = \"e{i}\"\nannual_probability = 0.1\n")), "there are 5000 events");
    wrong(format!("title = \"{}\"\n{SMALL}", "a b".repeat(2_700)), "`title` has 8100 characters");
    wrong(format!("{SMALL}[sources.{}]\ntitle = \"x\"\n", "a".repeat(101)), "a source has no proper name");
    let values = format!("{{ empirical = {{ values = [{}] }} }}", "0.1, ".repeat(100_000));
    wrong(SMALL.replace("monthly_churn = 0.05", &format!("monthly_churn = {values}")), "has 100000 numbers");
    let work = Workplace::new();
    for i in 0..20 {
        work.file(&format!("c{i}.toml"), format!("extends = \"c{}\"\n", i + 1));
    }
    work.file("c20.toml", SMALL);
    let (status, said) = bounded(&work, &["check", "c0.toml"]);
    assert_eq!(status, 2);
    assert!(said.contains("more than 16 files extend each other"), "{said}");
}

#[test]
fn contradicting_correlations_are_told_soon_however_many() {
    let inputs = many(44, |i| {
        format!(
            "[segments.s{i}]\nshare = {}\n[segments.s{i}.market]\nrefusal_rate = {{ uniform = {{ min = 0, max = 1 }} }}\n",
            1.0 / 44.0
        )
    });
    let mut text = inputs;
    for i in 0..44 {
        for k in 0..i {
            let names = format!("[\"segments.s{i}.market.refusal_rate\", \"segments.s{k}.market.refusal_rate\"]");
            write!(text, "[[correlations]]\ninputs = {names}\nrank = -0.5\n").unwrap();
        }
    }
    wrong(text, "these rank correlations contradict each other");
}

#[test]
fn text_that_is_no_scenario_ends_quickly() {
    let pieces = ["= [\n".repeat(250_000), "\"".repeat(900_000), format!("{SMALL}{} = 1\n", "a".repeat(900_000))];
    for text in pieces {
        wrong(text, "error");
    }
    for deep in [
        format!("{SMALL}{} = 1\n", vec!["a"; 100_000].join(".")),
        format!("{SMALL}[{}]\n", vec!["a"; 100_000].join(".")),
        format!("{SMALL}x = {}", "[".repeat(100_000)),
        format!("{SMALL}x = {}", "{a=".repeat(50_000)),
    ] {
        wrong(deep, "not TOML");
    }
    wrong(many(50_000, |i| format!("[unknown{i}]\n")), "(the first 50 are shown)");
}

#[cfg(unix)]
#[test]
fn what_is_read_is_bounded_by_what_is_read() {
    let work = Workplace::new();
    assert!(Command::new("mkfifo").arg(work.path().join("fifo.toml")).status().unwrap().success());
    std::fs::File::create(work.path().join("huge")).unwrap().set_len(1 << 40).unwrap();
    for file in ["/proc/self/pagemap", "/dev/zero", "fifo.toml", "./huge"] {
        let (status, said) = bounded(&work, &["check", file]);
        assert_eq!(status, 2, "{file}: {said}");
        let (status, said) = bounded(&work, &["merge", file]);
        assert_eq!(status, 2, "{file}: {said}");
    }
}

#[test]
fn nothing_from_a_file_or_an_argument_controls_the_terminal() {
    let work = Workplace::new();
    let hostile = "\\u001b[31mred\\u001b]0;title\\u0007 \\u202eturned \\u009b5n\\r";
    work.file(
        "case.toml",
        format!(
            "title = \"{hostile}\"\nquestion = \"{hostile}\"\ndescription = \"{hostile}\"\n{SMALL}\
        [sources.s]\ntitle = \"{hostile}\"\npublisher = \"{hostile}\"\n[shocks]\n\
        annual_volatility = {{ value = 0.1, source = \"s\", note = \"{hostile}\" }}\n"
        ),
    );
    work.file("raw.toml", "title = \"\u{1b}[31m\u{9b}\"\n");
    for arguments in [
        &["run", "case.toml", "--paths", "64"][..],
        &["show", "case.toml"],
        &["check", "--strict", "case.toml"],
        &["check", "raw.toml"],
        &["check", "\u{1b}[31m\u{202e}.toml"],
        &["run", "\u{1b}]0;x\u{7}"],
        &["\u{1b}[2J"],
        &["run", "baseline", "--\u{1b}[31m"],
        &["run", "baseline", "--paths", "\u{1b}[31m"],
        &["explain", "\u{1b}[31m"],
        &["sweep", "baseline", "--vary", "\u{1b}[31m=1:2:1"],
        &["run", "baseline", "--set", "\u{1b}[31m=1"],
        &["chart", "\u{1b}[31m"],
        &["new", "\u{1b}[31m"],
    ] {
        bounded(&work, arguments);
    }
    let (status, _) = bounded(&work, &["report", "case.toml", "--paths", "64"]);
    assert_eq!(status, 0);
    for (name, bytes) in work.files("output") {
        let text = String::from_utf8_lossy(&bytes);
        let is_text = name.extension().is_some_and(|kind| ["csv", "svg", "html", "json"].iter().any(|k| kind == *k));
        let control = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r') || c == '\u{202e}';
        // The report has the scenario's file as it is written: its escapes are plain letters.
        assert!(!is_text || !text.contains(control), "{}", name.display());
    }
}

#[test]
fn overrides_that_override_nothing_are_refused() {
    let work = Workplace::new();
    for (arguments, message) in [
        (&["run", "baseline", "--set", "extends=\"x\""][..], "`extends` cannot be set"),
        (&["run", "baseline", "--set", ""], "nothing is set"),
        (&["run", "baseline", "--set", " # x"], "nothing is set"),
        (&["run", "baseline", "--precision", "payback=200%"], "`200%` is no width for a probability"),
        (&["new", "baseline"], "would extend itself"),
    ] {
        let (status, said) = bounded(&work, arguments);
        assert_eq!(status, 2, "{arguments:?}");
        assert!(said.contains(message), "{said}");
    }
    assert_eq!(std::fs::read_dir(work.path()).unwrap().count(), 0);
    // A sweep of a hundred thousand points with a wrong end is refused by that end.
    let (status, said) = bounded(&work, &["sweep", "baseline", "--vary", "market.refusal_rate=0:1.9:0.00002"]);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("`market.refusal_rate` is 1.9"), "{said}");
}

#[test]
fn a_new_file_is_right_whatever_its_name() {
    let work = Workplace::new();
    for name in ["my case", "prix d'été", "a#b", "x = 1", "50%", "über-fall", "-dash"] {
        let (status, said) = bounded(&work, &["new", "--", name]);
        assert_eq!(status, 0, "{name}: {said}");
        let (status, said) = bounded(&work, &["check", "--", &format!("./{name}.toml")]);
        assert_eq!(status, 0, "{name}: {said}");
    }
    // A file of that name would extend itself; a quote in a name would end the text that it stands in.
    for name in ["baseline", "a\"b\\c"] {
        let (status, said) = bounded(&work, &["new", name]);
        assert_eq!(status, 2, "{name}: {said}");
        assert!(!work.path().join(format!("{name}.toml")).exists(), "{name}");
    }
}

/// Results with a record that leads out of its folder, or numbers that no result has.
#[test]
fn tampered_results_are_drawn_or_refused_and_nothing_else() {
    let work = Workplace::new();
    let quick = |arguments: &[&str]| {
        let (status, _, stderr) = work.run(&[arguments, &["--paths", "64", "--no-charts", "-q"]].concat());
        assert_eq!(status, 0, "{stderr}");
    };
    quick(&["compare", "baseline", "music-like"]);
    quick(&["run", "baseline"]);
    quick(&["sweep", "baseline", "--vary", "price.monthly=5,7,9"]);
    let folder = "output/compare-baseline-music-like";
    let tamper = |file: &str, from: &str, to: &str| {
        let path = work.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(&path, text.replace(from, to)).unwrap();
    };
    for file in ["compare.json", "differences.csv", "contributions.csv", "probabilities.csv", "monthly.csv"] {
        tamper(&format!("{folder}/{file}"), "music-like", "x/../../../pwned");
    }
    let before: Vec<_> = std::fs::read_dir(work.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let (status, said) = bounded(&work, &["chart", folder]);
    assert!(status < 3, "{said}");
    let after: Vec<_> = std::fs::read_dir(work.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(before, after);
    assert!(!work.path().join("pwned.svg").exists() && !work.path().join("output/pwned.svg").exists());

    let original = work.files("output/baseline");
    let restore = || {
        for (name, bytes) in &original {
            std::fs::write(work.path().join("output/baseline").join(name), bytes).unwrap();
        }
    };
    // A table that somebody else put there is none of the charts' business.
    work.file("output/baseline/notes.csv", "month,remark\nx,y\n\"");
    let (status, said) = bounded(&work, &["chart", "output/baseline", "--only", "npv", "--to", "drawn"]);
    assert_eq!(status, 0, "{said}");
    for value in ["NaN", "1e308", "-1e308", "inf", "-inf", "", "abc", "601", "-1", "1e-320"] {
        for file in [
            "monthly.csv",
            "timing.csv",
            "quantiles.csv",
            "histogram.csv",
            "curves.csv",
            "sweep-price.monthly/sweep.csv",
        ] {
            restore();
            let path = work.path().join("output/baseline").join(file);
            let text = std::fs::read_to_string(&path).unwrap();
            // Every number of the last five columns.
            let line = |line: &str| {
                let mut cells: Vec<&str> = line.split(',').collect();
                let keep = cells.len().saturating_sub(5);
                cells.iter_mut().skip(keep).for_each(|cell| *cell = value);
                cells.join(",") + "\n"
            };
            let (header, rows) = text.split_once('\n').unwrap();
            std::fs::write(&path, format!("{header}\n{}", rows.lines().map(line).collect::<String>())).unwrap();
            let dir = if file.starts_with("sweep") { "output/baseline/sweep-price.monthly" } else { "output/baseline" };
            let (status, said) = bounded(&work, &["chart", dir, "--to", "drawn", "--width", "480"]);
            assert!(status < 3, "{file} with {value}: {said}");
        }
    }
    restore();
    let empty: [(&str, &str); 7] = [
        ("\"format\": 2", "\"format\": 1"),
        ("\"kind\": \"run\"", "\"kind\": \"compare\""),
        ("\"scenarios\": [", "\"scenarios\": [], \"others\": ["),
        ("\"horizon_months\": 60", "\"horizon_months\": 4000000000"),
        ("\"paths\": 64", "\"paths\": 0"),
        ("\"target_subscribers\": 14000000.0", "\"target_subscribers\": 1e308"),
        ("\"start\": \"2025-03\"", "\"start\": \"0000-00\""),
    ];
    for (from, to) in empty {
        restore();
        tamper("output/baseline/run.json", from, to);
        let (status, said) = bounded(&work, &["chart", "output/baseline", "--to", "drawn", "--width", "480"]);
        assert!(status < 3, "{to}: {said}");
    }
    restore();
    tamper(
        "output/baseline/sweep-price.monthly/sweep.json",
        "\"values\": [\n        5.0,\n        7.0,\n        9.0\n      ]",
        "\"values\": []",
    );
    let (status, said) = bounded(&work, &["chart", "output/baseline/sweep-price.monthly", "--to", "drawn"]);
    assert!(status < 3, "{said}");
    #[cfg(unix)]
    {
        let table = work.path().join("output/baseline/monthly.csv");
        std::fs::remove_file(&table).unwrap();
        assert!(Command::new("mkfifo").arg(&table).status().unwrap().success());
        let (status, said) = bounded(&work, &["chart", "output/baseline", "--to", "drawn"]);
        assert_eq!(status, 2, "{said}");
        std::fs::remove_file(&table).unwrap();
        std::fs::File::create(&table).unwrap().set_len(100_000_000).unwrap();
        let (status, said) = bounded(&work, &["chart", "output/baseline", "--to", "drawn"]);
        assert_eq!(status, 2);
        assert!(said.contains("it is larger than 64 MB"), "{said}");
    }
}

/// A part whose checksum is right and whose contents are not.
#[test]
fn forged_parts_are_refused() {
    let run: &[&str] = &["run", "baseline", "--paths", "128"];
    // Payback is alike at neighbouring points: sets of best points that share a path.
    let sweep: &[&str] = &["sweep", "baseline", "--paths", "128", "--vary", "price.monthly=5,9,9.01"];
    for (whole, name) in
        [(run, "parts/baseline.part-1-of-1"), (sweep, "parts/baseline.sweep-price.monthly.part-1-of-1")]
    {
        let work = Workplace::new();
        assert_eq!(work.run(&[whole, &["--shard", "1/1", "--out", "parts", "-q"]].concat()).0, 0);
        forge(&work, &std::fs::read(work.path().join(name)).unwrap());
    }
}

fn forge(work: &Workplace, bytes: &[u8]) {
    use sha2::{Digest, Sha256};
    let (mark, content) = (&bytes[..16], &bytes[48..]);
    let forged = |content: &[u8]| [mark, Sha256::digest(content).as_slice(), content].concat();
    work.file("whole", forged(content));
    assert_eq!(bounded(work, &["merge", "whole", "--no-charts"]).0, 0, "the forger knows the form");
    // Single bytes flipped, numbers cut, lists emptied: an error or, where the number is as good as another, an answer.
    let mut random = 12_345_u64;
    for i in 0..60 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = (random >> 33) as usize % content.len();
        let mut changed = content.to_vec();
        match i % 3 {
            0 => changed[at] ^= 1 << (random % 8),
            1 => changed.truncate(at),
            _ => drop(changed.splice(at..(at + 9).min(content.len()), [0xff; 9])),
        }
        work.file("part", forged(&changed));
        let (status, said) = bounded(work, &["merge", "part", "--no-charts", "--out", "merged"]);
        assert!(status < 3, "{said}");
    }
}

/// Changes a scenario's text somewhere: numbers, keys, lines, brackets.
fn mutated(text: &str, mut random: impl FnMut(usize) -> usize) -> Vec<u8> {
    const VALUES: [&str; 22] = [
        "0",
        "-1",
        "1",
        "0.5",
        "1e308",
        "-1e308",
        "1e-308",
        "nan",
        "inf",
        "-inf",
        "601",
        "1e15",
        "true",
        "\"text\"",
        "[]",
        "{}",
        "[1, 2]",
        "{ value = 1 }",
        "{ uniform = { min = 1, max = 0 } }",
        "{ normal = { mean = 0, sd = 1e300 } }",
        "2025-01-01",
        "0x7fffffffffffffff",
    ];
    const JUNK: [&str; 10] = ["=", "[", "]", "{", "}", "\"", "\n", "\u{0}", "é", "[[events]]\n"];
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=random(4) {
        let at = random(lines.len());
        match random(8) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[random(lines.len())].clone()),
            2..=4 => {
                if let Some((key, _)) = lines[at].clone().split_once('=') {
                    lines[at] = format!("{key}= {}", VALUES[random(VALUES.len())]);
                }
            }
            5 => {
                let cut = random(lines[at].chars().count() + 1);
                let (a, b): (String, String) =
                    (lines[at].chars().take(cut).collect(), lines[at].chars().skip(cut).collect());
                lines[at] = format!("{a}{}{b}", JUNK[random(JUNK.len())]);
            }
            6 => {
                let other = random(lines.len());
                lines.swap(at, other);
            }
            _ => lines[at] = lines[at].replace(['a', 'e'], "x"),
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
    }
    let mut bytes = (lines.join("\n") + "\n").into_bytes();
    if random(20) == 0 {
        bytes.truncate(random(bytes.len() + 1));
    }
    bytes
}

/// Mutates scenarios and runs them with 16 paths; nothing panics, hangs or ends but by 0, 1 or 2.
fn mutate(count: usize) {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut texts = Vec::new();
    for folder in ["scenarios", "tests/golden"] {
        let mut files: Vec<_> =
            std::fs::read_dir(format!("{root}/{folder}")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|kind| kind == "toml"));
        files.sort();
        texts.extend(files.iter().map(|file| std::fs::read_to_string(file).unwrap()));
    }
    let work = Workplace::new();
    let mut state = 2026_u64;
    let mut random = move |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n.max(1)
    };
    let mut seen = [0; 3];
    for i in 0..count {
        let text = mutated(&texts[random(texts.len())], &mut random);
        work.file("mutant.toml", &text);
        let (status, said) =
            bounded(&work, &["run", "mutant.toml", "--paths", "16", "--no-charts", "-q", "--out", "out"]);
        assert!((0..3).contains(&status), "mutant {i}: {said}\n{}", String::from_utf8_lossy(&text));
        seen[status as usize] += 1;
    }
    assert!(seen[0] > count / 20 && seen[2] > count / 5, "a fair mixture of right and wrong: {seen:?}");
}

#[test]
fn four_hundred_mutated_scenarios_end_with_an_answer_or_an_error() {
    mutate(400);
}

/// `cargo test --release --test suite -- --ignored ten_thousand`
#[test]
#[ignore = "takes half an hour"]
fn ten_thousand_mutated_scenarios_end_with_an_answer_or_an_error() {
    mutate(10_000);
}

//! Runs that stop when they are precise enough, and runs and sweeps in parts.

use crate::support::Workplace;

const PATHS: &str = "20000";

/// Makes the parts of a run in the folder `out`.
fn parts(work: &Workplace, out: &str, sampler: &str, of: usize) -> Vec<String> {
    let make = |k: usize| {
        let shard = format!("{k}/{of}");
        let run = ["run", "baseline", "--paths", PATHS, "--sampler", sampler, "--shard", &shard, "--out", out, "-q"];
        assert_eq!(work.run(&run).0, 0);
        format!("{out}/baseline.part-{k}-of-{of}")
    };
    (1..=of).map(make).collect()
}

fn merge(work: &Workplace, out: &str, parts: &[&str]) -> (i32, String, String) {
    work.run(&[&["merge", "--no-charts", "--out", out], parts].concat())
}

#[test]
fn parts_in_any_order_join_to_the_bytes_of_the_single_run() {
    for sampler in ["random", "latin-hypercube", "sobol"] {
        let work = Workplace::new();
        let whole = ["run", "baseline", "--paths", PATHS, "--sampler", sampler, "--no-charts", "--out", "single"];
        let (_, said, _) = work.run(&whole);
        // Five blocks in eight parts: some have no path at all.
        let parts = parts(&work, "parts", sampler, 8);
        for order in [[0, 1, 2, 3, 4, 5, 6, 7], [5, 2, 7, 0, 3, 6, 1, 4]] {
            let list = order.map(|k| parts[k].as_str());
            let (status, merged, _) = merge(&work, "merged", &list);
            assert_eq!(status, 0);
            assert_eq!(work.files("single"), work.files("merged"), "{sampler}");
            assert_eq!(said.replace("single", "merged"), merged);
        }
    }
}

#[test]
fn months_take_their_quantiles_from_the_first_paths_alone_and_from_the_same_ones_in_parts() {
    let scenario = breakeven::scenario::load_with("baseline", &["horizon.months=6".to_owned()]).unwrap();
    let quantiles = |paths: u64, series: &str| -> Vec<[f64; 5]> {
        let summary = breakeven::Run::new(&scenario).paths(paths).run().unwrap();
        summary.monthly.iter().filter(|month| month.series == series).map(|month| month.quantiles).collect()
    };
    for (series, most) in [("paying", 1 << 17), ("cumulative_cash", 1 << 17), ("revenue", 1 << 15)] {
        assert_eq!(quantiles(most, series), quantiles(most + 20_000, series), "{series}");
        assert_ne!(quantiles(most - 4096, series), quantiles(most, series), "{series}");
    }
    let work = Workplace::new();
    let run = ["run", "baseline", "--set", "horizon.months=6", "--paths", "150000", "-q"];
    assert_eq!(work.run(&[&run[..], &["--no-charts", "--out", "single"]].concat()).0, 0);
    for k in ["1/3", "2/3", "3/3"] {
        assert_eq!(work.run(&[&run[..], &["--shard", k, "--out", "parts"]].concat()).0, 0);
    }
    let parts: Vec<String> = work.files("parts").keys().map(|name| format!("parts/{}", name.display())).collect();
    assert_eq!(merge(&work, "merged", &parts.iter().map(String::as_str).collect::<Vec<_>>()).0, 0);
    assert_eq!(work.files("single"), work.files("merged"));
}

#[test]
fn some_parts_join_into_a_bigger_one_and_a_tree_of_them_into_the_single_run() {
    let work = Workplace::new();
    let (_, _, _) = work.run(&["run", "baseline", "--paths", PATHS, "--no-charts", "-q", "--out", "single"]);
    let parts = parts(&work, "parts", "sobol", 7);
    let to_part = |file: &str, some: &[&str]| work.run(&[&["merge", "--to-part", file], some].concat());
    let (status, said, _) = to_part("left", &[&parts[4], &parts[0], &parts[1]]);
    assert_eq!((status, said.as_str()), (0, "baseline: parts 1 to 2 and 5 of 7, 8,192 paths, now in left\n"));
    assert_eq!(to_part("right", &[&parts[6], &parts[3]]).0, 0);
    assert_eq!(
        to_part("both", &["right", "left"]).1,
        "baseline: parts 1 to 2, 4 to 5 and 7 of 7, 11,808 paths, now in both\n"
    );
    // Of a bigger part too it is said what is missing, and what is there twice.
    let (status, _, said) = merge(&work, "merged", &["both"]);
    assert!(status == 2 && said.contains("of 7 parts these are missing: 3, 6"), "{said}");
    let (status, _, said) = to_part("twice", &["both", &parts[4]]);
    assert!(status == 2 && said.contains("part 5 is given twice: `both` and `parts/baseline.part-5-of-7`"), "{said}");
    assert!(!work.path().join("twice").exists());
    // What is there already may be one of the parts.
    let (status, _, said) = to_part(&parts[1], &[&parts[2], &parts[3]]);
    assert!(status == 1 && said.contains("cannot create"), "{said}");
    assert_eq!(merge(&work, "merged", &[&parts[5], "both", &parts[2]]).0, 0);
    assert_eq!(work.files("single"), work.files("merged"));
}

/// What is varied: an input that is a number in the draws, one that changes the plan, and two at once.
const SWEEPS: [&[&str]; 3] = [
    &["--vary", "price.monthly=5:11:1"],
    &["--vary", "price.free_months=0,1,3"],
    &["--vary", "market.refusal_rate=50%:70%:10%", "--vary", "price.trial_conversion=0.5,0.9"],
];

#[test]
fn parts_of_a_sweep_in_any_order_join_to_the_bytes_of_the_single_sweep() {
    let work = Workplace::new();
    for vary in SWEEPS {
        let sweep = |more: &[&str]| {
            let common = ["sweep", "baseline", "--set", "retention.monthly_churn=x1.1", "--paths", "3000"];
            let sweep = [&common, vary, more].concat();
            let (status, said, error) = work.run(&sweep);
            assert_eq!(status, 0, "{error}");
            said
        };
        let said = sweep(&["--no-charts", "--out", "single"]);
        // Of up to seven points in eight parts: some have none.
        for k in 1..=8 {
            sweep(&["-q", "--out", "parts", "--shard", &format!("{k}/8")]);
        }
        let mut parts: Vec<String> =
            work.files("parts").keys().map(|name| format!("parts/{}", name.display())).collect();
        assert_eq!(parts.len(), 8, "{parts:?}");
        parts.swap(0, 5);
        parts.swap(2, 7);
        let list: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (status, merged, error) = merge(&work, "merged", &list);
        assert_eq!(status, 0, "{error}");
        assert_eq!(said.replace("single", "merged"), merged);
        // A tree of them, too.
        let some = [&["merge", "-q", "--to-part", "some"], &list[1..6]].concat();
        assert_eq!(work.run(&some).0, 0);
        assert_eq!(merge(&work, "by-tree", &[&["some"], &list[..1], &list[6..]].concat()).0, 0);
        assert_eq!(work.files("single"), work.files("by-tree"));
        assert_eq!(work.files("single"), work.files("merged"));
        std::fs::remove_dir_all(work.path().join("parts")).unwrap();
        std::fs::remove_file(work.path().join("some")).unwrap();
    }
}

#[test]
fn a_part_of_a_sweep_says_what_it_is_and_goes_with_no_other() {
    let work = Workplace::new();
    let part = |vary: &str, k: &str| {
        let sweep = ["sweep", "baseline", "--paths", "1000", "--vary", vary, "--shard", k, "--out", "parts"];
        let (status, said, error) = work.run(&sweep);
        assert_eq!(status, 0, "{error}");
        said
    };
    let said = part("price.monthly=5:9:1", "1/2");
    assert_eq!(
        said,
        "baseline: part 1 of 2, 2 of 5 points, is in parts/baseline.sweep-price.monthly.part-1-of-2\n\
         `breakeven merge` joins the parts when all are there.\n"
    );
    let first = "parts/baseline.sweep-price.monthly.part-1-of-2";
    let refused = |parts: &[&str], message: &str| {
        let (status, _, error) = merge(&work, "merged", parts);
        assert!(status == 2 && error.contains(message), "{error}");
    };
    refused(&[first], "of 2 parts one is missing: 2");
    let second = "parts/baseline.sweep-price.monthly.part-2-of-2";
    part("price.monthly=5:9:2", "2/2");
    refused(&[first, second], "what is varied is another");
    let run = ["run", "baseline", "--paths", "1000", "--shard", "2/2", "--out", "parts", "-q"];
    assert_eq!(work.run(&run).0, 0);
    refused(&[first, "parts/baseline.part-2-of-2"], "it is part of a run, not of a sweep");
    let other = [
        "sweep",
        "baseline",
        "--paths",
        "2e3",
        "--vary",
        "price.monthly=5:9:1",
        "--shard",
        "2/2",
        "--out",
        "parts",
        "-q",
    ];
    assert_eq!(work.run(&other).0, 0);
    refused(&[first, second], "paths 2000, not 1000");
    // The same in other words.
    part("price.monthly=5,6,7.0,8,9", "2/2");
    assert_eq!(merge(&work, "one", &[first, second]).0, 0);
    assert_eq!(merge(&work, "other", &[second, first]).0, 0);
    assert_eq!(work.files("one"), work.files("other"));
    let two = ["sweep", "baseline", "music-like", "--vary", "price.monthly=5,6", "--shard", "1/2"];
    let (status, _, error) = work.run(&two);
    assert!(status == 2 && error.contains("--shard takes one scenario at a time"), "{error}");
}

#[test]
fn parts_that_do_not_make_a_run_are_named_and_refused() {
    let work = Workplace::new();
    let good = parts(&work, "parts", "sobol", 2);
    let refused = |parts: &[&str], message: &str| {
        let (status, stdout, stderr) = merge(&work, "merged", parts);
        assert_eq!((status, stdout.as_str()), (2, ""));
        assert!(stderr.contains(message), "{stderr}");
        assert!(!work.path().join("merged/baseline").exists());
    };
    let [first, second] = [good[0].as_str(), good[1].as_str()];
    refused(&[first], "of 2 parts one is missing: 2");
    refused(&[first, second, first], "part 1 is given twice: `parts/baseline.part-1-of-2` and");
    refused(&[first, "nothing"], "cannot read `nothing`");

    let bytes = std::fs::read(work.path().join(first)).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(work.path().join(name), bytes).unwrap();
    write("text", b"segment,outcome\n");
    refused(&["text", second], "`text` is no part of a run");
    for (at, name) in [(20, "checksum"), (100, "header"), (bytes.len() - 9, "numbers")] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        write(name, &damaged);
        refused(&[name, second], &format!("`{name}` is damaged: make this part again"));
    }
    write("short", &bytes[..bytes.len() / 2]);
    refused(&["short", second], "`short` is damaged");
    write("newer", &[b"breakeven part 9", &bytes[16..]].concat());
    refused(&["newer", second], "`newer` is no part of a run");
    write("stub", &bytes[..20]);
    refused(&["stub", second], "`stub` is damaged");

    let other = |arguments: &[&str], message: &str| {
        let common = ["run", "baseline", "--shard", "2/2", "--out", "other", "-q"];
        assert_eq!(work.run(&[&common, arguments].concat()).0, 0);
        refused(&[first, "other/baseline.part-2-of-2"], message);
    };
    other(
        &["--paths", PATHS, "--seed", "2"],
        "belongs to another run than `parts/baseline.part-1-of-2`: seed 2, not 1",
    );
    other(&["--paths", PATHS, "--sampler", "random"], "sampler random, not sobol");
    let third = ["run", "baseline", "--paths", PATHS, "--shard", "1/3", "--out", "other", "-q"];
    assert_eq!(work.run(&third).0, 0);
    refused(&[first, "other/baseline.part-1-of-3"], "number of parts 3, not 2");
    other(&["--paths", "30000"], "paths 30000, not 20000");
    let file = work.file(
        "baseline.toml",
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/baseline.toml"))
            .unwrap()
            .replace("68%", "67%"),
    );
    let changed = ["run", &file, "--paths", PATHS, "--shard", "2/2", "--out", "other", "-q"];
    assert_eq!(work.run(&changed).0, 0);
    refused(&[first, "other/baseline.part-2-of-2"], "the scenario's file, or what was --set, is another");
    let set =
        ["run", "baseline", "--paths", PATHS, "--shard", "2/2", "--out", "other", "-q", "--set", "price.fee_rate=0.3"];
    assert_eq!(work.run(&set).0, 0);
    refused(
        &[first, "other/baseline@price.fee_rate=0.3.part-2-of-2"],
        "scenario baseline@price.fee_rate=0.3, not baseline",
    );
}

#[test]
fn a_part_that_could_not_be_written_is_not_simulated() {
    let work = Workplace::new();
    work.file("taken", "a file");
    let begun = std::time::Instant::now();
    let run = ["run", "baseline", "--paths", "1e9", "--shard", "1/2", "--out", "taken/below"];
    let (status, _, stderr) = work.run(&run);
    assert_eq!(status, 1);
    assert!(stderr.contains("cannot create the folder `taken/below`"), "{stderr}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(10));
}

#[test]
fn a_run_that_stops_when_precise_enough_is_the_run_of_as_many_paths() {
    for sampler in ["random", "latin-hypercube", "sobol"] {
        let work = Workplace::new();
        let goal = ["run", "baseline", "--precision", "payback=0.0005,npv=1%", "--sampler", sampler, "--no-charts"];
        let (status, stdout, _) = work.run(&[&goal[..], &["--out", "goal"]].concat());
        assert_eq!(status, 0);
        let after = stdout.split("Precise enough after ").nth(1).unwrap().split(' ').next().unwrap();
        let paths: u64 = after.replace(',', "").parse().unwrap();
        assert!(paths.is_power_of_two() && (1 << 14..=1 << 18).contains(&paths), "{paths}");
        let plain = ["run", "baseline", "--sampler", sampler, "--no-charts", "--out", "plain", "--paths"];
        assert_eq!(work.run(&[&plain[..], &[&paths.to_string()]].concat()).0, 0);
        // The records differ in what was asked, and in nothing else.
        let (goal, plain) = (work.files("goal"), work.files("plain"));
        assert_eq!(goal.len(), plain.len());
        for ((name, bytes), (other, expected)) in goal.iter().zip(&plain) {
            assert_eq!(name, other);
            assert!(name.ends_with("run.json") || bytes == expected, "{sampler}: {}", name.display());
        }
    }
}

#[test]
fn a_run_that_is_never_precise_enough_stops_at_its_limit_and_says_so() {
    let work = Workplace::new();
    let goal = ["run", "baseline", "--precision", "payback=0.00001", "--max-paths", "40000", "--no-charts"];
    let (status, stdout, _) = work.run(&goal);
    assert_eq!(status, 0);
    assert!(stdout.contains("Stopped at --max-paths, 40,000, before it was precise enough: payback ± "), "{stdout}");
    let record = std::fs::read_to_string(work.path().join("output/baseline/run.json")).unwrap();
    assert!(record.contains("\"paths\": 40000") && record.contains("\"met\": false"));
}

#[test]
fn goals_and_parts_that_make_no_sense_are_refused_with_what_would() {
    let work = Workplace::new();
    let refused = |arguments: &[&str], message: &str| {
        let (status, stdout, stderr) = work.run(&[&["run", "baseline"], arguments].concat());
        assert_eq!((status, stdout.as_str()), (2, ""));
        assert!(stderr.contains(message), "{stderr}");
    };
    refused(&["--precision", "payback"], "expected NAME=WIDTH, such as payback=0.002 or npv=1%");
    refused(&["--precision", "payback=0"], "`0` is no width: expected a number above 0, or a percentage");
    refused(&["--precision", "payback=tiny"], "`tiny` is no width");
    refused(&["--precision", "profit=1%"], "there is no `profit`\n  probabilities: target_reached, payback, ");
    refused(&["--precision", "payback_month=1"], "`payback_month` has no mean where a path never gets there");
    refused(&["--precision", "npv=1%", "--paths", "1000"], "cannot be used with '--paths <N>'");
    refused(&["--precision", "npv=1%", "--shard", "1/2"], "cannot be used with");
    refused(&["--max-paths", "1e6"], "--precision <NAME=WIDTH>");
    refused(&["--shard", "0/4"], "expected K/N with K from 1 to N");
    refused(&["--shard", "5/4"], "expected K/N with K from 1 to N");
    refused(&["--shard", "half"], "such as 1/8");
    refused(&["--sampler", "halton"], "[possible values: random, latin-hypercube, sobol]");
}

#[test]
fn a_job_of_an_array_makes_its_part() {
    let work = Workplace::new();
    for task in ["10", "12"] {
        let mut command = work.command();
        command.env("SLURM_ARRAY_TASK_ID", task).env("SLURM_ARRAY_TASK_MIN", "10");
        command.env("SLURM_ARRAY_TASK_STEP", "2").env("SLURM_ARRAY_TASK_COUNT", "2");
        command.args(["run", "baseline", "--paths", "96", "--shard", "auto", "-q", "--out", "parts"]);
        command.assert().success();
    }
    let (status, _, stderr) = merge(&work, "merged", &["parts/baseline.part-1-of-2", "parts/baseline.part-2-of-2"]);
    assert_eq!(status, 0, "{stderr}");
    let (status, _, stderr) = work.run(&["run", "baseline", "--shard", "auto"]);
    assert!(status == 2 && stderr.contains("this is no job of an array"), "{stderr}");
}

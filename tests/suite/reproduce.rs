//! Results are made again from their own folder, and what is not the same is named with its reason.

use crate::support::Workplace;

fn ran(work: &Workplace, arguments: &[&str]) {
    let (status, _, stderr) = work.run(arguments);
    assert_eq!(status, 0, "{arguments:?}: {stderr}");
}

#[test]
fn every_kind_of_result_is_the_same_bytes_again() {
    let work = Workplace::new();
    work.file("first.csv", "month,series,value\n2,paying,500000\n4,paying,900000\n");
    let small = ["--paths", "1024", "-q", "--no-charts"];
    let commands: &[&[&str]] = &[
        &["sweep", "baseline", "--vary", "price.monthly=5,10"],
        &["solve", "baseline", "--for", "price.monthly", "--until", "npv=0", "--between", "1:50"],
        &["compare", "baseline", "music-like"],
        &["compare", "baseline", "--with", "retention.monthly_churn=x1.2", "--set", "horizon.months=24"],
        &["drivers", "baseline", "--of", "npv", "--max-paths", "2048"],
        &["voi", "baseline", "--choose-scenario", "music-like"],
        &["condition", "baseline", "--actuals", "first.csv"],
        &["run", "baseline", "--given", "price.monthly=9", "--seed", "7", "--sampler", "random"],
    ];
    for command in commands {
        ran(&work, &[command, &small[..]].concat());
    }
    ran(&work, &["run", "prime-uplift", "--paths", "64", "--keep-paths", "--format", "csv,xlsx,parquet,json", "-q"]);
    for part in ["1/2", "2/2"] {
        ran(&work, &["run", "own-silicon", "--paths", "96", "--shard", part, "-q"]);
    }
    ran(&work, &["merge", "output/own-silicon.part-1-of-2", "output/own-silicon.part-2-of-2", "-q", "--no-charts"]);
    let folders = [
        ("baseline/sweep-price.monthly", "breakeven sweep baseline --vary 'price.monthly=5,10'"),
        ("baseline/solve-price.monthly", "breakeven solve baseline --for price.monthly"),
        ("compare-baseline-music-like", "breakeven compare baseline music-like --"),
        ("compare-baseline@horizon.months=24-baseline@horizon.months=24+retention.monthly_churn=x1.2", "--with"),
        ("baseline/drivers-npv", "--of npv"),
        ("baseline/voi-music-like", "--choose-scenario music-like"),
        ("baseline/condition-first", "--actuals first.csv"),
        ("baseline@given-price.monthly=9", "--given price.monthly=9"),
        ("prime-uplift", "--keep-paths"),
        ("own-silicon", "breakeven run own-silicon --no-charts --paths 96 --seed 1 --sampler sobol"),
    ];
    for (folder, said) in folders {
        let (status, stdout, stderr) = work.run(&["reproduce", &format!("output/{folder}")]);
        assert_eq!(status, 0, "{folder}: {stdout}{stderr}");
        assert!(stdout.contains("the same bytes again") && stdout.contains(said), "{folder}: {stdout}");
    }
    // Nothing is left behind, and nothing was changed.
    let (status, stdout, _) = work.run(&["reproduce", "output/own-silicon", "-q"]);
    assert_eq!((status, stdout.as_str()), (0, ""));
}

#[test]
fn what_differs_is_named_with_its_reason() {
    let work = Workplace::new();
    let folder = work.path().join("output/baseline");
    let made = || ran(&work, &["run", "baseline", "--paths", "256", "-q", "--no-charts"]);
    let said = || {
        let (status, stdout, stderr) = work.run(&["reproduce", "output/baseline"]);
        assert_eq!(status, 1, "{stdout}{stderr}");
        stdout + &stderr
    };
    let edit = |name: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(text.contains(from), "{name}: {text}");
        std::fs::write(folder.join(name), text.replacen(from, to, 1)).unwrap();
    };
    made();
    edit("probabilities.csv", "target_reached", "target_reached_surely");
    let text = said();
    assert!(
        text.contains("probabilities.csv: edited since; line ") && text.contains("target_reached_surely"),
        "{text}"
    );
    assert!(text.contains("1 part of output/baseline cannot be reproduced"), "{text}");

    made();
    edit("scenario/baseline.toml", "[market]", "[market]\n# another word");
    let text = said();
    assert!(text.contains("scenario/baseline.toml: edited since: what follows is of the edited file"), "{text}");
    assert!(!text.contains("summary.csv"), "a comment changes no number: {text}");

    made();
    std::fs::remove_file(folder.join("timing.csv")).unwrap();
    assert!(said().contains("timing.csv: no longer there"));

    made();
    edit("run.json", "\"program\": \"breakeven ", "\"program\": \"breakeven 9.");
    assert!(said().contains("the program: made by breakeven 9."));

    // Another seed in the record: another result.
    made();
    edit("run.json", "\"--seed\",\n    \"1\"", "\"--seed\",\n    \"2\"");
    let text = said();
    assert!(text.contains("summary.csv: another is made here; line 2 is"), "{text}");
}

#[test]
fn a_forged_record_runs_nothing_but_its_own_kind_of_command_in_a_folder_of_its_own() {
    let work = Workplace::new();
    ran(&work, &["run", "baseline", "--paths", "64", "-q", "--no-charts"]);
    ran(&work, &["run", "sceptics", "--paths", "64", "-q"]);
    let record = work.path().join("output/baseline/run.json");
    let text = std::fs::read_to_string(&record).unwrap();
    let (start, end) = (text.find("  \"command\"").unwrap(), text.find("  \"kind\"").unwrap());
    let before = work.files(".");
    for command in [
        r#"["chart", "output/sceptics", "--to", "keep", "--"]"#,
        r#"["run", "--out=elsewhere"]"#,
        r#"["run", "--out", "elsewhere"]"#,
        r#"["run", "--", "--out"]"#,
        r#"["run", "music-like"]"#,
        r#"["run", "--shard", "1/2"]"#,
        r#"["run", "--given", "output/sceptics"]"#,
        r#"["run", "-q"]"#,
        r#"["run", "--theme"]"#,
        r#"["fit", "samples", "x.csv", "--into", "mine.toml"]"#,
        r#"["sweep", "--vary", "price.monthly=5,10"]"#,
        r#"["report", "baseline", "--to", "page.html"]"#,
    ] {
        std::fs::write(&record, format!("{}  \"command\": {command},\n{}", &text[..start], &text[end..])).unwrap();
        let (status, _, stderr) = work.run(&["reproduce", "output/baseline"]);
        assert!(status == 2 && stderr.contains("its record names"), "{command}: {status} {stderr}");
    }
    // A value that looks like an option is a value; a name that leads out of the folder is none.
    std::fs::write(&record, text.replacen("\"--seed\",\n    \"1\"", "\"--seed\",\n    \"--out=x\"", 1)).unwrap();
    assert_eq!(work.run(&["reproduce", "output/baseline"]).0, 1);
    std::fs::write(&record, text.replacen("\"summary.csv\",", "\"summary.csv\",\n    \"/etc/passwd\",", 1)).unwrap();
    assert_eq!(work.run(&["reproduce", "output/baseline"]).0, 2);
    std::fs::write(&record, text.replacen("  \"kind\"", "  \"note\": \"mine\",\n  \"kind\"", 1)).unwrap();
    let (status, stdout, _) = work.run(&["reproduce", "output/baseline"]);
    assert!(status == 1 && stdout.contains("run.json: edited since"), "{stdout}");
    std::fs::write(&record, &text).unwrap();
    assert_eq!(work.files("."), before);
    // Charts that were drawn again are said to be so, and names with commas and hyphens are names.
    ran(&work, &["chart", "output/sceptics", "--only", "npv", "--theme", "dark", "-q"]);
    let (status, stdout, _) = work.run(&["reproduce", "output/sceptics"]);
    assert!(status == 1 && stdout.contains("charts/npv.png: another is drawn here, or it was drawn again"), "{stdout}");
    assert!(!stdout.contains("run.json"), "{stdout}");
    std::fs::rename(work.path().join("output/baseline"), work.path().join("-a, b")).unwrap();
    let (status, stdout, stderr) = work.run(&["reproduce", "--", "-a, b"]);
    assert_eq!(status, 0, "{stdout}{stderr}");
}

#[test]
fn what_cannot_be_made_again_is_refused_with_a_reason() {
    let work = Workplace::new();
    work.file("first.csv", "month,series,value\n2,paying,500000\n4,paying,900000\n");
    let small = ["--paths", "512", "-q", "--no-charts"];
    ran(&work, &[&["condition", "baseline", "--actuals", "first.csv"], &small[..]].concat());
    ran(&work, &[&["run", "baseline", "--given", "output/baseline/condition-first"], &small[..]].concat());
    ran(
        &work,
        &["score", "output/baseline/condition-first", "--actuals", "later.csv", "-q"].map(|word| {
            if word == "later.csv" {
                work.file("later.csv", "month,series,value\n8,paying,900000\n");
            }
            word
        }),
    );
    ran(&work, &[&["run", "sceptics"], &small[..]].concat());
    let record = work.path().join("output/sceptics/run.json");
    let text = std::fs::read_to_string(&record).unwrap();
    let start = text.find("  \"command\"").unwrap();
    let end = text.find("  \"kind\"").unwrap();
    std::fs::write(&record, format!("{}{}", &text[..start], &text[end..])).unwrap();
    for (folder, status, why) in [
        ("output", 2, "no record of results"),
        ("output/none", 2, "there is no folder"),
        ("output/sceptics", 2, "names no command"),
        ("output/baseline/score-later", 2, "a score is of another folder"),
        ("output/baseline@given-condition-first", 2, "in another folder"),
    ] {
        let (found, _, stderr) = work.run(&["reproduce", folder]);
        assert_eq!(found, status, "{folder}: {stderr}");
        assert!(stderr.contains(why), "{folder}: {stderr}");
    }
}

//! What a wrong file or a wrong command gets: the message as people see it, exit status 2, nothing lost.

use crate::support::Workplace;

/// A file in which everything is right.
const RIGHT: &str = r#"title = "Right"

[horizon]
months = 24

[target]
subscribers = { value = 1_000_000, source = "us" }

[market]
active_users = { value = 10e6, source = "us" }
refusal_rate = { pert = { min = 0.4, mode = 0.6, max = 0.9 }, source = "us" }
follow_through = { uniform = { min = 0.5, max = 0.9 }, source = "us" }

[willingness]
median_price = { log_normal = { p10 = 5, p90 = 20 }, source = "us" }
steepness = { value = 2, source = "us" }

[uptake]
annual_innovation = { value = 0.3, source = "us" }
annual_imitation = { value = 0.4, source = "us" }

[retention]
monthly_churn = { value = 0.05, source = "us" }

[price]
monthly = { value = 7, source = "us" }

[sources.us]
title = "Us"
date = "2026"
grade = "X"
"#;

/// Checks `RIGHT` with some texts replaced by others; returns the status and what is said.
fn checked(replaced: &[(&str, &str)]) -> String {
    let mut text = RIGHT.to_owned();
    for (from, to) in replaced {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let work = Workplace::new();
    work.file("case.toml", text);
    let (status, stdout, stderr) = work.run(&["check", "case.toml"]);
    format!("status {status}\n{stdout}{stderr}")
}

macro_rules! wrong {
    ($($name:ident: $($from:expr => $to:expr),+;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(checked(&[$(($from, $to)),+]));
        })*
    };
}

wrong! {
    draws_on_an_open_end: "log_normal = { p10 = 5, p90 = 20 }" => "discrete = { values = [0, 8] }";
    draws_without_end: "{ value = 0.3, " => "{ log_normal = { median = 0.1, sigma = 100 }, ";
    right: "Right" => "Right";
    a_misspelt_key: "refusal_rate" => "refusel_rate";
    a_misspelt_table: "[uptake]" => "[uptakes]";
    an_unknown_parameter: "max = 0.9 }" => "maximum = 0.9 }";
    a_missing_parameter: "min = 0.4, mode" => "mode";
    two_forms_at_once: "{ p10 = 5, p90 = 20 }" => "{ p10 = 5, p90 = 20, median = 10, sigma = 1 }";
    two_values: "{ value = 2, " => "{ value = 2, uniform = { min = 1, max = 2 }, ";
    no_value: "{ value = 2, " => "{ ";
    a_mode_outside: "mode = 0.6" => "mode = 0.95";
    a_share_in_percent: "value = 0.05" => "value = 5";
    draws_outside_the_range: "{ pert = { min = 0.4, mode = 0.6, max = 0.9 }" => "{ normal = { mean = 0.68, sd = 0.2 }";
    a_text_for_a_number: "value = 10e6" => "value = \"10 million\"";
    not_a_number: "value = 10e6" => "value = nan";
    infinity: "value = 10e6" => "value = inf";
    a_distribution_where_none_is_taken: "{ value = 1_000_000" => "{ uniform = { min = 1, max = 2 }";
    a_fraction_of_a_month: "months = 24" => "months = 24.5";
    too_many_months: "months = 24" => "months = 601";
    too_much_money: "[price]" => "[costs]\ninvestment = { value = 2e15, source = \"us\" }\n[price]";
    a_missing_table: "[uptake]\nannual_innovation = { value = 0.3, source = \"us\" }\nannual_imitation = { value = 0.4, source = \"us\" }" => "";
    an_unknown_source: "10e6, source = \"us\"" => "10e6, source = \"uss\"";
    no_source: "{ value = 2, source = \"us\" }" => "2";
    a_wrong_grade: "grade = \"X\"" => "grade = \"D\"";
    a_wrong_date: "date = \"2026\"" => "date = \"May 2026\"";
    not_toml: "[horizon]" => "[horizon";
    two_syntax_errors: "months = 24" => "months = ", "value = 0.3, " => "value = 0.3 ";
    a_key_twice: "months = 24" => "months = 24\nmonths = 36";
    several_mistakes_at_once: "months = 24" => "months = 0", "min = 0.4" => "min = 1.4", "grade = \"X\"" => "grade = 1";
    a_start_that_is_no_month: "months = 24" => "months = 24\nstart = \"March 2025\"";
    price_changes: "monthly = { value = 7, source = \"us\" }" => "monthly = 7\nchanges = [ { month = 25, monthly = 8 }, { month = 3, monthly = -1 }, { month = 4, monthly = 1 }, { month = 4, monthly = 2 }, { month = 5 } ]";
    free_months_beyond_the_horizon: "monthly = { value = 7" => "free_months = 30\nmonthly = { value = 7";
    a_conversion_without_a_trial: "monthly = { value = 7" => "trial_conversion = 0.4\nmonthly = { value = 7";
    serving_in_two_forms: "[price]" => "[serving]\ncost_per_subscriber = 1\nrequests_per_day = 5\n[price]";
    serving_in_part: "[price]" => "[serving]\nrequests_per_day = 5\n[price]";
    an_event: "[price]" => "[[events]]\nname = \"A\"\nannual_probability = 2\n[[events]]\nname = \"A\"\nannual_probability = 0.1\nchurn = 3\n[[events]]\nname = \"B\"\n[price]";
    a_correlation_with_a_number: "[price]" => "[[correlations]]\ninputs = [\"market.refusal_rate\", \"retention.monthly_churn\"]\nrank = 0.3\n[price]";
    a_correlation_with_an_unknown_input: "[price]" => "[[correlations]]\ninputs = [\"market.refusal\", \"willingness.median_price\"]\nrank = 3\n[price]";
    correlations_that_contradict: "[price]" => "[[correlations]]\ninputs = [\"market.refusal_rate\", \"willingness.median_price\"]\nrank = 0.9\n[[correlations]]\ninputs = [\"willingness.median_price\", \"market.follow_through\"]\nrank = 0.9\n[[correlations]]\ninputs = [\"market.refusal_rate\", \"market.follow_through\"]\nrank = -0.9\n[price]";
    an_investment_implied_by_something_else: "[price]" => "[costs]\ninvestment = { implied_by = \"hope\", source = \"us\" }\n[price]";
    an_investment_that_nothing_implies: "[price]" => "[costs]\ninvestment = { implied_by = \"target\", source = \"us\" }\nmonthly_fixed = { value = 1e9, source = \"us\" }\n[price]";
}

/// Runs the program with arguments that cannot work.
fn refused(work: &Workplace, arguments: &[&str]) -> String {
    let (status, stdout, stderr) = work.run(arguments);
    assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
    assert!(!work.path().join("output").exists());
    stderr
}

#[test]
fn wrong_usage() {
    let work = Workplace::new();
    work.file("latin.toml", b"title = \"d\xe9j\xe0 vu\"\n");
    std::fs::create_dir(work.path().join("folder.toml")).unwrap();
    std::fs::File::create(work.path().join("huge.toml")).unwrap().set_len(100_000_000).unwrap();
    work.file("twice.toml", RIGHT);
    let cases: [&[&str]; 12] = [
        &["run", "baseline", "--paths", "0"],
        &["run", "baseline", "--paths", "1.5"],
        &["run", "baseline", "--paths", "many"],
        &["run", "baseline", "--threads", "0"],
        &["run", "basline"],
        &["run", "missing.toml"],
        &["run", "folder.toml"],
        &["run", "huge.toml"],
        &["run", "latin.toml"],
        &["run", "twice.toml", "./twice.toml"],
        &["run"],
        &["rum", "baseline"],
    ];
    let said: Vec<String> =
        cases.iter().map(|case| format!("$ breakeven {}\n{}", case.join(" "), refused(&work, case))).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn money_beyond_all_measure_fails_the_run_and_leaves_nothing() {
    let work = Workplace::new();
    work.file("case.toml", RIGHT.replace("value = 10e6", "value = 1e15"));
    let (status, stdout, stderr) = work.run(&["run", "case.toml", "--paths", "50"]);
    assert_eq!((status, stdout.as_str()), (1, ""));
    assert!(stderr.contains("a sum of money or a number of people goes beyond 1e15"), "{stderr}");
    assert!(work.files("output").is_empty());
}

/// Checks a file that extends others, with overrides; returns the status and what is said.
fn composed(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let work = Workplace::new();
    work.file("right.toml", RIGHT);
    for (name, text) in files {
        work.file(name, text);
    }
    let (status, stdout, stderr) = work.run(&[&["check"], arguments].concat());
    let shown = stderr.replace(&work.path().display().to_string(), "");
    format!("status {status}\n{stdout}{shown}")
}

#[test]
fn what_is_wrong_with_segments() {
    let segment = |text: &str| composed(&[("case.toml", &format!("extends = \"right\"\n{text}"))], &["case.toml"]);
    insta::assert_snapshot!(
        "shares_that_do_not_sum",
        segment("[segments.a]\nshare = 0.5\n[segments.b]\nshare = 0.49\n")
    );
    insta::assert_snapshot!(
        "segment_keys",
        segment(
            "[segments.all]\nshare = 1\n[segments.all.market]\nactive_users = 5\n[segments.all.costs]\nsupport = 1\n\
             [segments.b]\ncounts_toward_target = \"no\"\n"
        )
    );
    insta::assert_snapshot!(
        "segment_serving",
        segment("[segments.a]\nshare = 1\n[segments.a.serving]\nrequests_per_day = 5\n")
    );
    insta::assert_snapshot!("no_segment_counts", segment("[segments.a]\nshare = 1\ncounts_toward_target = false\n"));
}

#[test]
fn what_is_wrong_with_extends() {
    let cycle = [("a.toml", "extends = \"b\"\n"), ("b.toml", "title = \"B\"\nextends = \"./a.toml\"\n")];
    insta::assert_snapshot!("a_cycle_of_extends", composed(&cycle, &["a.toml"]));
    insta::assert_snapshot!("extends_nothing", composed(&[("a.toml", "extends = \"rihgt\"\n")], &["a.toml"]));
    let child = [("a.toml", "extends = \"right\"\n[market]\nrefusal_rate = 1.5\n")];
    insta::assert_snapshot!("an_error_in_the_child", composed(&child, &["a.toml"]));
    let parent = [("p.toml", "extends = \"right\"\n[market]\nrefusal_rate = 1.5\n"), ("a.toml", "extends = \"p\"\n")];
    insta::assert_snapshot!("an_error_in_the_parent", composed(&parent, &["a.toml"]));
}

#[test]
fn what_is_wrong_with_a_set() {
    let set = |set: &str| composed(&[], &["right.toml", "--set", set]);
    insta::assert_snapshot!("set_of_an_unknown_key", set("market.refusal=0.5"));
    insta::assert_snapshot!("set_of_a_wrong_type", set("market.refusal_rate=\"half\""));
    insta::assert_snapshot!("set_out_of_range", set("market.refusal_rate=50"));
    insta::assert_snapshot!("set_that_is_not_toml", set("market.refusal_rate=half"));
}

#[test]
fn a_set_that_makes_a_correlated_input_a_number_drops_the_correlation() {
    let text = "extends = \"right\"\n[[correlations]]\ninputs = [\"market.refusal_rate\", \"willingness.median_price\"]\nrank = 0.3\n";
    insta::assert_snapshot!(composed(&[("case.toml", text)], &["case.toml", "--set", "market.refusal_rate=0.5"]));
}

#[test]
fn strict_asks_for_more() {
    let text = "extends = \"right\"\n[willingness]\nsteepness = 2\n[sources.more]\ntitle = \"More\"\n";
    insta::assert_snapshot!(composed(&[("case.toml", text)], &["--strict", "case.toml"]));
}

#[test]
fn money_and_people_stay_numbers_in_extreme_scenarios() {
    // Found in review: a churn multiplier below 1 let the cohort factor grow without bound.
    let events = "[[events]]\nname = \"Nobody leaves\"\nannual_probability = 1\nchurn_multiplier = 0\n[price]";
    let kept =
        RIGHT.replace("[price]", events).replace("months = 24", "months = 240").replace("value = 0.05", "value = 0.99");
    let grown = RIGHT.replace("[market]", "[market]\nannual_growth = 1e300").replace("months = 24", "months = 300");
    let work = Workplace::new();
    work.file("kept.toml", kept);
    work.file("grown.toml", grown);
    let (status, _, stderr) = work.run(&["run", "kept.toml", "-q", "--paths", "20"]);
    assert_eq!(status, 0, "{stderr}");
    let summary = std::fs::read_to_string(work.path().join("output/kept/summary.csv")).unwrap();
    assert!(!summary.contains("NaN") && !summary.contains("npv,$,inf"), "{summary}");
    let (status, _, stderr) = work.run(&["run", "grown.toml", "-q", "--paths", "20"]);
    assert_eq!(status, 1);
    assert!(stderr.contains("beyond 1e15"), "{stderr}");
}

#[test]
fn what_is_printed() {
    let work = Workplace::new();
    let (status, stdout, stderr) = work.run(&["run", "baseline", "--paths", "20000", "--no-charts"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    insta::assert_snapshot!("the_answer_of_the_baseline", stdout);
    let (_, stdout, _) = work.run(&["run", "baseline", "--paths", "20", "--no-charts", "--quiet"]);
    assert_eq!(stdout, "");
    let (status, stdout, _) = work.run(&["scenarios"]);
    assert_eq!(status, 0);
    insta::assert_snapshot!("scenarios", stdout);
    for command in ["run", "check", "verify", "show", "explain", "new"] {
        let (status, stdout, _) = work.run(&[command, "--help"]);
        assert_eq!(status, 0);
        insta::assert_snapshot!(format!("help_{command}"), stdout);
    }
}

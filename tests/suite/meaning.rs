//! What a sweep, a solution, an override and a verdict speak of: no confident answer to another question than the one asked.

use breakeven::scenario::{self, keys::Key};
use breakeven::{Outcome, Run};

use crate::support::{Csv, Workplace};

/// A car feature in two segments: premium cars have their own refusal rate and price, and the price is set to rise in month 13.
const SEATS: &str = r#"title = "Seat heating"

[horizon]
months = 36
[target]
subscribers = 100_000
[market]
active_users = 1_500_000
refusal_rate = { uniform = { min = 0.5, max = 0.9 } }
[willingness]
median_price = { log_normal = { p10 = 8, p90 = 20 } }
steepness = 2.5
[uptake]
annual_innovation = 0.3
annual_imitation = 0.4
[retention]
monthly_churn = { uniform = { min = 0.01, max = 0.06 } }
[price]
monthly = 12
changes = [{ month = 13, monthly = 18 }]
[costs]
investment = 5e6
monthly_fixed = 100_000

[segments.volume]
share = 0.7
[segments.premium]
share = 0.3
[segments.premium.market]
refusal_rate = { uniform = { min = 0.4, max = 0.8 } }
"#;

fn seats() -> Workplace {
    let work = Workplace::new();
    work.file("seats.toml", SEATS);
    work
}

/// Standard output of a command that ends well, without line breaks, and standard error.
fn said(work: &Workplace, arguments: &[&str]) -> (String, String) {
    let (status, stdout, stderr) = work.run(arguments);
    assert_eq!(status, 0, "{arguments:?}: {stderr}");
    (stdout.split_whitespace().collect::<Vec<_>>().join(" "), stderr)
}

fn svg(work: &Workplace, file: &str) -> String {
    let text = std::fs::read_to_string(work.path().join(file)).unwrap();
    let parts = text.split('>').filter_map(|part| part.split('<').next()).map(str::trim);
    parts.collect::<Vec<_>>().join(" ").replace('\u{a0}', " ")
}

#[test]
fn an_input_that_acts_nowhere_is_refused_with_the_keys_that_act() {
    let work = Workplace::new();
    for arguments in [
        &["sweep", "as-launched", "--vary", "price.monthly=5:15:5"][..],
        &["solve", "as-launched", "--for", "price.monthly", "--until", "payback=50%"],
        &["run", "as-launched", "--set", "price.monthly=5"],
    ] {
        let (status, stdout, stderr) = work.run(arguments);
        assert_eq!((status, stdout.as_str()), (2, ""), "{arguments:?}");
        for key in ["segments.prime.price.monthly", "segments.alone.price.monthly"] {
            assert!(stderr.contains(key), "{arguments:?}: {stderr}");
        }
    }
}

#[test]
fn an_input_that_some_segments_override_says_whose_it_is() {
    let work = seats();
    let whose = "refusal rate for volume only (70% of users)";
    let solve = ["solve", "seats.toml", "--for", "market.refusal_rate", "--until", "npv=0", "--paths", "256"];
    let (answer, _) = said(&work, &solve);
    assert!(answer.contains(whose), "{answer}");
    let sweep = ["sweep", "seats.toml", "--vary", "market.refusal_rate=0.5,0.7", "--paths", "256"];
    let (answer, _) = said(&work, &sweep);
    assert!(answer.contains(whose), "{answer}");
    let charts = work.files("output/seats/sweep-market.refusal_rate/charts");
    assert!(!charts.is_empty());
    for chart in charts.keys().filter(|name| name.extension().is_some_and(|end| end == "svg")) {
        let text = svg(&work, &format!("output/seats/sweep-market.refusal_rate/charts/{}", chart.display()));
        assert!(text.contains(whose), "{}: {text}", chart.display());
    }
}

#[test]
fn several_inputs_move_together() {
    let work = seats();
    let together = "market.refusal_rate,segments.*.market.refusal_rate=0.5,0.8";
    let sweep = ["sweep", "seats.toml", "--vary", together, "--paths", "256", "--no-charts"];
    let (answer, _) = said(&work, &sweep);
    assert!(answer.contains("refusal rate in every segment from 50% to 80%"), "{answer}");
    let folder = work.files("output/seats").into_keys().find(|name| name.ends_with("sweep.csv")).unwrap();
    let table = Csv::read(&work, &format!("output/seats/{}", folder.display()));
    // All moved together, the most that would pay shrinks in proportion to those who do not refuse: 0.5 to 0.2.
    let most = |row| table.number(row, "possible_subscribers_mean");
    let ratio = if table.columns().iter().any(|name| name == "possible_subscribers_mean") {
        most(1) / most(0)
    } else {
        let set = |refusal: &str| {
            let set = format!("market.refusal_rate,segments.*.market.refusal_rate={refusal}");
            let out = format!("at-{refusal}");
            let run = ["run", "seats.toml", "--set", &set, "--paths", "256", "--no-charts", "-q", "--out", &out];
            assert_eq!(work.run(&run).0, 0);
            let summary = work.files(&out).into_keys().find(|name| name.ends_with("summary.csv")).unwrap();
            let table = Csv::read(&work, &format!("{out}/{}", summary.display()));
            let row = (0..table.rows.len())
                .find(|row| {
                    table.cell(*row, "outcome") == "possible_subscribers" && table.cell(*row, "segment") == "all"
                })
                .unwrap();
            table.number(row, "mean")
        };
        set("0.8") / set("0.5")
    };
    assert!((ratio - 0.4).abs() < 1e-9, "{ratio}");
}

#[test]
fn a_price_before_a_scheduled_change_is_called_the_launch_price() {
    let work = seats();
    let label = "launch price (then $18 from month 13 on)";
    for arguments in [
        &["sweep", "seats.toml", "--vary", "price.monthly=8:18:5"][..],
        &["solve", "seats.toml", "--for", "price.monthly", "--until", "npv=0"],
    ] {
        let (answer, warned) = said(&work, &[arguments, &["--paths", "256"]].concat());
        assert!(answer.contains(label), "{answer}");
        assert!(
            warned.contains("moves the launch price alone: from month 13 on the scheduled price holds"),
            "{warned}"
        );
        assert!(warned.contains("times"), "what to do instead: {warned}");
    }
    let charts = work.files("output/seats/sweep-price.monthly/charts");
    for chart in charts.keys().filter(|name| name.extension().is_some_and(|end| end == "svg")) {
        let text = svg(&work, &format!("output/seats/sweep-price.monthly/charts/{}", chart.display()));
        assert!(text.contains("then $18 from month 13 on"), "{}: {text}", chart.display());
    }
    work.file("times.toml", SEATS.replace("monthly = 18 }", "times = 1.5 }"));
    let sweep = ["sweep", "times.toml", "--vary", "price.monthly=8:18:5", "--paths", "256", "--no-charts"];
    let (_, warned) = said(&work, &sweep);
    assert!(!warned.contains("launch price alone"), "the whole schedule moves: {warned}");
}

#[test]
fn a_scenario_with_overrides_is_another_scenario() {
    let work = Workplace::new();
    let run = ["run", "baseline", "--paths", "256", "--format", "csv,xlsx"];
    assert_eq!(work.run(&run).0, 0);
    let before = work.files("output/baseline");
    let set = [&run[..], &["--set", "market.refusal_rate=0.5"]].concat();
    let (status, _, stderr) = work.run(&set);
    assert_eq!(status, 0, "{stderr}");
    assert!(stderr.contains("its correlations are dropped; with `--given` the others move along"), "{stderr}");
    assert_eq!(work.files("output/baseline"), before, "the scenario's own results stay");
    let folder = "output/baseline@market.refusal_rate=0.5";
    let chart = svg(&work, &format!("{folder}/charts/npv.svg"));
    assert!(chart.contains("with refusal rate 50%") && chart.contains("set on the command line"), "{chart}");
    assert!(!chart.contains("Refusal, price and users: Clubic,"), "the article does not say 50%: {chart}");
    let report = ["report", "baseline", "--set", "market.refusal_rate=0.5", "--paths", "256", "--to", "set.html", "-q"];
    assert_eq!(work.run(&report).0, 0);
    let report = std::fs::read_to_string(work.path().join("set.html")).unwrap();
    assert!(report.contains("with refusal rate 50%") && report.contains("set on the command line"));
    assert!(work.files(folder).keys().any(|name| name.extension().is_some_and(|end| end == "xlsx")));
}

fn mean_npv(scenario: &scenario::Scenario) -> f64 {
    let summary = Run::new(scenario).paths(2048).run().unwrap();
    summary.outcome(Outcome::Npv).unwrap().mean.unwrap().value
}

#[test]
fn conditions_on_all_values_of_an_input_add_up_to_the_scenario() {
    // The law of total expectation: the mean NPV is the mean of those under each value of the refusal rate, were it given.
    let plain = scenario::load("baseline").unwrap();
    let refusal = &plain.value(Key::RefusalRate).dist;
    let strata = 16;
    let means = |load: &dyn Fn(String) -> scenario::Scenario| -> f64 {
        let value = |k: usize| refusal.quantile((k as f64 + 0.5) / f64::from(strata));
        (0..strata as usize).map(|k| mean_npv(&load(format!("market.refusal_rate={}", value(k))))).sum::<f64>()
            / f64::from(strata)
    };
    let given = means(&|value| scenario::load_given("baseline", &[], &[value]).unwrap());
    let set = means(&|value| scenario::load_with("baseline", &[value]).unwrap());
    let whole = mean_npv(&plain);
    assert!((given / whole - 1.0).abs() < 0.002, "{given} {whole}");
    assert!((set / whole - 1.0).abs() > 0.004, "an override that drops the correlations does not: {set} {whole}");
}

#[test]
fn of_two_conditions_on_one_input_the_last_holds_and_parts_keep_conditions() {
    let work = Workplace::new();
    let run = |given: &[&str], out: &str, more: &[&str]| {
        let given: Vec<&str> = given.iter().flat_map(|value| ["--given", *value]).collect();
        let arguments =
            [&["run", "baseline", "--paths", "8192", "--no-charts", "-q", "--out", out], &given[..], more].concat();
        assert_eq!(work.run(&arguments).0, 0);
    };
    run(&["market.refusal_rate=0.6"], "once", &[]);
    run(&["market.refusal_rate=0.5", "market.refusal_rate=0.6"], "twice", &[]);
    let summary = |out: &str| {
        let files = work.files(out);
        let found = files.iter().find(|(name, _)| name.ends_with("summary.csv")).unwrap();
        found.1.clone()
    };
    assert_eq!(summary("once"), summary("twice"));
    for part in ["1/2", "2/2"] {
        run(&["market.refusal_rate=0.6"], "parts", &["--shard", part]);
    }
    let parts: Vec<String> = work.files("parts").keys().map(|name| format!("parts/{}", name.display())).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    assert_eq!(work.run(&[&["merge", "--no-charts", "-q", "--out", "merged"], &parts[..]].concat()).0, 0);
    assert_eq!(work.files("merged"), work.files("once"));
}

#[test]
fn a_condition_is_named_and_what_cannot_be_given_is_refused() {
    let work = Workplace::new();
    let run = ["run", "baseline", "--given", "market.refusal_rate=50%", "--paths", "256", "--no-charts"];
    let (answer, warned) = said(&work, &run);
    assert!(answer.starts_with("The article's claim, given refusal rate 50% "), "{answer}");
    assert!(!warned.contains("dropped"), "{warned}");
    let record =
        std::fs::read_to_string(work.path().join("output/baseline@given-market.refusal_rate=50%/run.json")).unwrap();
    assert!(record.contains("\"given on the command line\"") && !record.contains("\"set on the command line\""));
    assert!(work.path().join("output/baseline@given-market.refusal_rate=0.5").exists() || answer.contains("@given-"));
    for (given, message) in [
        ("market.refusal_rate=x1.2", "cannot be given as"),
        ("market.refusal_rate=1", "100% is outside the range of `market.refusal_rate`"),
        ("horizon.months=12", "is a plain number"),
        ("refusal_rate=0.5", "did you mean `market.refusal_rate`?"),
    ] {
        let (status, _, stderr) = work.run(&["run", "baseline", "--given", given]);
        assert_eq!(status, 2, "{given}");
        assert!(stderr.contains(message), "{given}: {stderr}");
    }
}

#[test]
fn four_cells_and_the_reasons_of_those_without_payback_add_up() {
    let work = Workplace::new();
    for scenario in ["baseline", "prime-uplift", "music-like", "car-feature"] {
        assert_eq!(work.run(&["run", scenario, "--paths", "4096", "--no-charts", "-q"]).0, 0);
        let table = Csv::read(&work, &format!("output/{scenario}/probabilities.csv"));
        let share = |question: &str| {
            let row = (0..table.rows.len()).find(|row| table.cell(*row, "event") == question);
            table.number(row.unwrap_or_else(|| panic!("no {question}")), "probability")
        };
        let (both, target_only, payback_only, neither) = (
            share("target_and_payback"),
            share("target_but_no_payback"),
            share("payback_but_no_target"),
            share("neither_target_nor_payback"),
        );
        assert!((both + target_only + payback_only + neither - 1.0).abs() < 1e-12);
        assert!((both + payback_only - share("payback")).abs() < 1e-12);
        assert!((both + target_only - share("target_reached")).abs() < 1e-12);
        let reasons: f64 =
            ["fails_no_market", "fails_too_slow", "fails_too_leaky", "fails_too_dear"].into_iter().map(share).sum();
        assert!((reasons - (1.0 - share("payback"))).abs() < 1e-12, "{scenario}: winners are no failures");
    }
}

#[test]
fn every_headline_says_which_payback_it_means() {
    let work = Workplace::new();
    let (answer, _) = said(&work, &["run", "baseline", "--paths", "4096"]);
    assert!(answer.contains("is paid back within 60 months in "), "{answer}");
    assert!(answer.contains("With the cost of capital (an NPV of zero or more) it is in "), "{answer}");
    assert!(svg(&work, "output/baseline/charts/npv.svg").contains("have a negative NPV within 60 months"));
    assert!(svg(&work, "output/baseline/charts/payback.svg").contains("within 60 months"));
    let readme = include_str!("../../README.md");
    assert!(!readme.contains("9 in 10"), "the 90th percentile is what one in ten could repay");
}

#[test]
fn there_is_no_best_where_the_tail_of_demand_goes_on() {
    let work = Workplace::new();
    let sweep = ["sweep", "baseline", "--vary", "price.monthly=5:20:5", "--paths", "2048", "--no-charts"];
    let (answer, _) = said(&work, &sweep);
    assert!(answer.contains("and is still higher at $200"), "{answer}");
    assert!(answer.contains("finds no best monthly price here"), "{answer}");
    assert!(answer.contains("at such prices its demand curve is an extrapolation"), "{answer}");
    assert!(!answer.contains("is highest at"), "{answer}");
}

#[test]
fn what_nobody_chooses_is_never_the_best_choice() {
    let work = Workplace::new();
    let price = ["--vary", "price.monthly=5:10:5", "--vary", "retention.monthly_churn=0.03:0.09:0.03"];
    let rest = ["--paths", "512", "--no-charts"];
    let (answer, _) = said(&work, &[&["sweep", "baseline"], &price[..], &rest].concat());
    assert!(answer.contains("The best monthly price of these by mean NPV is $10 at every monthly churn."), "{answer}");
    let churn = ["sweep", "baseline", "--vary", "retention.monthly_churn=0.03:0.09:0.03"];
    let (answer, _) = said(&work, &[&churn[..], &rest].concat());
    assert!(!answer.contains("best"), "{answer}");
}

#[test]
fn what_is_inherited_is_counted_and_words_are_not_inherited() {
    let work = Workplace::new();
    work.file("mine.toml", "extends = \"baseline\"\n[price]\nmonthly = 9\n");
    let (answer, _) = said(&work, &["run", "mine.toml", "--paths", "256", "--no-charts"]);
    assert!(answer.starts_with("mine 14 million"), "no title of another: {answer}");
    assert!(answer.contains("27 are inherited from baseline"), "{answer}");
    let (by_name, _) = said(&work, &["run", "mine", "--paths", "256", "--no-charts"]);
    assert_eq!(by_name, answer, "a file is found by its name too");
    let (shown, _) = said(&work, &["show", "mine.toml"]);
    assert!(!shown.contains("The article's claim"), "{shown}");
}

#[test]
fn an_event_may_act_on_the_market_and_the_old_name_of_uptake_is_known() {
    let work = seats();
    let event = |line: &str| format!("{SEATS}\n[[events]]\nname = \"Rival\"\nannual_probability = 1\n{line}\n");
    work.file("old.toml", event("demand_multiplier = 0.5"));
    work.file("uptake.toml", event("uptake_multiplier = 0.5"));
    work.file("market.toml", event("market_multiplier = 0.5"));
    let (_, warned) = said(&work, &["run", "old.toml", "--paths", "256", "--no-charts", "--out", "old"]);
    assert!(!warned.contains("unknown"), "{warned}");
    let (checked, also) = said(&work, &["check", "old.toml"]);
    assert!(format!("{checked}{also}{warned}").contains("uptake_multiplier"), "{checked}{also}");
    said(&work, &["run", "uptake.toml", "--paths", "256", "--no-charts", "--out", "uptake"]);
    let summary =
        |folder: &str, name: &str| std::fs::read(work.path().join(format!("{folder}/{name}/summary.csv"))).unwrap();
    assert_eq!(summary("old", "old"), summary("uptake", "uptake"));
    said(&work, &["run", "market.toml", "--paths", "256", "--no-charts", "--out", "market"]);
    said(&work, &["run", "seats.toml", "--paths", "256", "--no-charts", "--out", "none"]);
    let market = |folder: &str, name: &str| {
        let table = Csv::read(&work, &format!("{folder}/{name}/summary.csv"));
        let is_it =
            |row: &usize| table.cell(*row, "segment") == "all" && table.cell(*row, "outcome") == "possible_subscribers";
        table.number((0..table.rows.len()).find(is_it).unwrap(), "mean")
    };
    // It starts on every path, and stays.
    assert!((market("market", "market") / market("none", "seats") - 0.5).abs() < 0.02);
}

#[test]
fn what_ifs_are_quick() {
    let work = Workplace::new();
    let more = ["--paths", "512", "--no-charts"];
    let with = ["compare", "baseline", "--with", "price.monthly=x0.9", "--with", "retention.monthly_churn=x1.2"];
    let (answer, _) = said(&work, &[&with[..], &more].concat());
    assert!(
        answer.starts_with("The article's claim, with monthly price ×0.9 and monthly churn ×1.2 compared with"),
        "{answer}"
    );
    assert!(answer.contains("uniform(min=4.5, max=9)") && answer.contains("pert(min=0.036, mode=0.108"), "{answer}");
    let (shown, _) = said(&work, &["show", "baseline", "--set", "market.refusal_rate=40%"]);
    assert!(shown.contains("0.4"), "{shown}");
    said(&work, &[&["run", "baseline", "--set", "price.monthly=$7.50"], &more[..]].concat());
    let (status, _, stderr) = work.run(&["run", "baseline", "--set", "refusal_rate=0.5"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("did you mean `market.refusal_rate`?"), "{stderr}");
}

#[test]
fn which_segment_pays_is_answered() {
    let work = Workplace::new();
    let (answer, _) = said(&work, &["run", "as-launched", "--paths", "2048", "--no-charts"]);
    assert!(answer.contains("segment of users peak, median adds to NPV, mean LTV, mean margin at the end"), "{answer}");
    let table = Csv::read(&work, "output/as-launched/summary.csv");
    let mean = |segment: &str, outcome: &str| {
        let is_it = |row: &usize| table.cell(*row, "segment") == segment && table.cell(*row, "outcome") == outcome;
        table.number((0..table.rows.len()).find(is_it).unwrap_or_else(|| panic!("{segment} {outcome}")), "mean")
    };
    let (prime, alone) = (mean("prime", "npv_contribution"), mean("alone", "npv_contribution"));
    assert!(prime < 0.0 && alone > 0.0, "the bundle costs, the few who pay pay: {prime} {alone}");
    // What is left of the NPV is fixed cost and investment, which can only be paid.
    assert!(mean("all", "npv") < prime + alone - mean("all", "investment") * 0.99);
    // Of two segments one counts toward the target: its subscriber is the subscriber of whom the scenario speaks.
    for outcome in ["ltv", "contribution_margin"] {
        assert_eq!(mean("alone", outcome), mean("all", outcome), "{outcome}");
    }
    assert!(mean("prime", "contribution_margin") < 0.0, "whoever has it free costs money each month");
    assert!(mean("alone", "ltv") > mean("alone", "contribution_margin"));
    assert_eq!(work.run(&["report", "as-launched", "--paths", "512", "--to", "segments.html", "-q"]).0, 0);
    let report = std::fs::read_to_string(work.path().join("segments.html")).unwrap();
    assert!(report.contains("adds to NPV"));
}

#[test]
fn a_report_answers_before_it_speaks_of_method() {
    let work = Workplace::new();
    let report = ["report", "baseline", "as-launched", "--paths", "512", "--to", "board.html", "-q"];
    let (status, _, stderr) = work.run(&report);
    assert_eq!(status, 0, "{stderr}");
    let text = std::fs::read_to_string(work.path().join("board.html")).unwrap();
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part}"));
    assert!(at("<table") < at("512 paths"), "the answer before the number of paths");
    assert!(at("As launched: $19.99 alone, free with Prime") < at("512 paths"), "by titles");
    assert!(at("<details") > at("<table"));
    assert!(text.contains("Rank correlations") && text.contains("A news article of February 2025"));
}

#[test]
fn what_is_not_moved_with_all_segments_is_named() {
    let work = seats();
    let small = ["--paths", "256", "--no-charts"];
    let (answer, warned) =
        said(&work, &[&["run", "seats", "--set", "segments.*.market.refusal_rate=x1.1"][..], &small].concat());
    assert!(warned.contains("volume takes `market.refusal_rate` from the scenario"), "{warned}");
    assert!(answer.starts_with("Seat heating, with refusal rate of premium ×1.1 "), "{answer}");
    let (_, warned) =
        said(&work, &[&["sweep", "seats", "--vary", "segments.*.market.refusal_rate=0.5,0.6"][..], &small].concat());
    assert!(warned.contains("`market.refusal_rate,segments.*.market.refusal_rate` moves it for everyone"), "{warned}");
    let both = "market.refusal_rate,segments.*.market.refusal_rate=0.5,0.6";
    let (answer, warned) = said(&work, &[&["sweep", "seats", "--vary", both][..], &small].concat());
    assert!(!warned.contains("from the scenario"), "{warned}");
    assert!(answer.contains("refusal rate in every segment"), "{answer}");
}

#[test]
fn a_title_names_what_holds_of_the_overrides() {
    let work = Workplace::new();
    let titled = |sets: &[&str]| {
        let sets = sets.iter().flat_map(|set| ["--set", set]);
        let arguments: Vec<&str> =
            ["run", "as-launched", "--paths", "64", "--no-charts"].into_iter().chain(sets).collect();
        said(&work, &arguments).0.split(" 14 million").next().unwrap_or_default().to_owned()
    };
    let name = "As launched: $19.99 alone, free with Prime, with";
    assert_eq!(titled(&["market.refusal_rate=50%", "market.refusal_rate=60%"]), format!("{name} refusal rate 60%"));
    assert_eq!(
        titled(&["retention.monthly_churn=5%", "retention.monthly_churn=x1.1"]),
        format!("{name} monthly churn 5% and monthly churn ×1.1"),
        "a factor acts on what was set before it"
    );
    assert_eq!(titled(&["segments.*.price.monthly=x0.9"]), format!("{name} monthly price ×0.9 in prime and alone"));
}

#[test]
fn scenarios_of_other_horizons_and_targets_are_compared_by_name() {
    let work = seats();
    let longer = ["compare", "seats", "--with", "horizon.months=60", "--with", "target.subscribers=50000"];
    let (answer, _) = said(&work, &[&longer[..], &["--paths", "512", "--no-charts"]].concat());
    assert!(
        answer.contains(" is paid back within 60 months in ") && answer.contains(" within 36 months: "),
        "{answer}"
    );
    assert!(answer.contains("The target (50,000 against "), "{answer}");
    let nowhere = ["compare", "as-launched", "--with", "market.refusal_rate=x0.95", "--paths", "256", "--no-charts"];
    let (answer, _) = said(&work, &nowhere);
    assert!(answer.contains("The target is reached within 60 months in no simulated future of either."), "{answer}");
}

#[test]
fn a_condition_at_the_edge_and_a_solution_without_correlations_are_told_as_such() {
    let work = Workplace::new();
    let small = ["--paths", "512", "--no-charts"];
    let (_, warned) =
        said(&work, &[&["run", "baseline", "--given", "market.refusal_rate=45.01%"][..], &small].concat());
    assert!(warned.contains("beyond one in a thousand"), "{warned}");
    let (_, warned) = said(&work, &[&["run", "baseline", "--given", "market.refusal_rate=60%"][..], &small].concat());
    assert_eq!(warned, "");
    let solve = ["solve", "baseline", "--for", "market.refusal_rate", "--until", "target_reached=50%"];
    let (answer, _) = said(&work, &[&solve[..], &small].concat());
    assert!(
        answer.contains("With the refusal rate set, its correlations are dropped; `run --given` keeps them."),
        "{answer}"
    );
    let both = [&solve[..], &["--given", "market.refusal_rate=0.5"], &small].concat();
    let (status, _, error) = work.run(&both);
    assert_eq!(status, 2);
    assert!(error.contains("`market.refusal_rate` is given by --given"), "{error}");
}

#[test]
fn a_reason_that_holds_in_every_future_explains_none() {
    let work = Workplace::new();
    let (answer, _) = said(&work, &["run", "prime-uplift", "--paths", "1024", "--no-charts"]);
    assert!(
        answer.contains("In every future, paid back or not, fewer than 14 million would pay at the end."),
        "{answer}"
    );
    assert!(!answer.contains("Of the futures without payback"), "{answer}");
    assert!(answer.contains("are those of alone (25% of users)"), "{answer}");
}

//! The scenarios of the repository, and how segments, `extends` and `--set` compose.

use std::fmt::Write as _;

use breakeven::Run;
use breakeven::aggregate::Summary;
use breakeven::plan::Plan;
use breakeven::sampler::Sampler;
use breakeven::scenario::keys::Key;
use breakeven::scenario::library::BUILT_IN;
use breakeven::scenario::{self, Scenario, SourceFile, parse};
use breakeven::words;

use crate::support::Workplace;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn run(scenario: &Scenario, paths: u64) -> Summary {
    Run::new(scenario).paths(paths).run().unwrap()
}

fn of_text(text: &str) -> Scenario {
    let file = SourceFile { path: "case.toml".to_owned(), text: text.to_owned() };
    parse("case", file).unwrap_or_else(|problems| panic!("{:#?}", problems.list))
}

fn golden_rich() -> String {
    // With distributions and noise, so that paths differ.
    let text = std::fs::read_to_string(format!("{ROOT}/tests/golden/rich.toml")).unwrap();
    text.replace("refusal_rate = 0.6", "refusal_rate = { uniform = { min = 0.4, max = 0.8 } }")
        + "[shocks]\nannual_volatility = 0.4\n"
}

/// Totals of two summaries agree to `tolerance`, relative to the size of the series.
fn same_totals(a: &Summary, b: &Summary, tolerance: f64) {
    let close = |x: f64, y: f64, size: f64| x == y || (x - y).abs() <= tolerance * size.max(x.abs());
    let all = |s: &Summary| s.monthly.iter().filter(|m| m.segment.is_none()).copied().collect::<Vec<_>>();
    let flow = all(a).iter().map(|m| m.mean.value.abs()).fold(0.0, f64::max);
    for (x, y) in all(a).iter().zip(all(b)) {
        assert!(close(x.mean.value, y.mean.value, flow), "{} {}: {} {}", x.series, x.month, x.mean.value, y.mean.value);
    }
    for x in a.outcomes.iter().filter(|o| o.segment.is_none()) {
        let y = b.outcome(x.name).unwrap();
        let (x_mean, y_mean) = (x.mean.map(|m| m.value), y.mean.map(|m| m.value));
        match (x_mean, y_mean) {
            (Some(p), Some(q)) => assert!(close(p, q, if x.unit == "$" { flow } else { 0.0 }), "{}: {p} {q}", x.name),
            _ => assert_eq!(x_mean, y_mean, "{}", x.name),
        }
    }
    assert_eq!(a.probability("target_reached"), b.probability("target_reached"));
}

#[test]
fn one_segment_of_everyone_is_no_segment() {
    let plain = run(&of_text(&golden_rich()), 500);
    let everyone = run(&of_text(&(golden_rich() + "[segments.everyone]\nshare = 1\n")), 500);
    same_totals(&plain, &everyone, 0.0);
    let own: Vec<_> = everyone.monthly.iter().filter(|m| m.segment == Some(0) && m.series == "paying").collect();
    assert_eq!(own.len(), plain.months + 1);
}

#[test]
fn splitting_a_segment_in_two_alike_changes_no_total() {
    let plain = run(&of_text(&golden_rich()), 500);
    let split = golden_rich() + "[segments.a]\nshare = 0.3\n[segments.b]\nshare = 0.7\n";
    same_totals(&plain, &run(&of_text(&split), 500), 1e-12);
}

#[test]
fn a_segment_that_counts_toward_nothing_leaves_the_target_alone() {
    let with = |rest: &str| {
        let text = golden_rich().replace("subscribers = 6_000_000", "subscribers = 3_000_000");
        let text = text.replace("{ implied_by = \"target\" }", "1e8");
        run(
            &of_text(
                &(text
                    + "[segments.payers]\nshare = 0.5\n[segments.others]\nshare = 0.5\ncounts_toward_target = false\n"
                    + rest),
            ),
            500,
        )
    };
    let (before, after) = (with(""), with("[segments.others.price]\nmonthly = 0\nchanges = []\n"));
    let reached = before.probability("target_reached").unwrap().probability;
    assert!(reached > 0.1 && reached < 0.9, "{reached}");
    assert_eq!(before.outcome("target_month"), after.outcome("target_month"));
    assert_ne!(before.outcome("npv"), after.outcome("npv"));
}

#[test]
fn a_chain_of_three_files_an_override_and_segments_compose() {
    let work = Workplace::new();
    let base = std::fs::read_to_string(format!("{ROOT}/tests/golden/segments.toml")).unwrap();
    work.file("base.toml", base);
    work.file("middle.toml", "extends = \"base\"\n[market]\nrefusal_rate = 0.5\n[retention]\nmonthly_churn = 0.04\n");
    work.file(
        "leaf.toml",
        "extends = \"./middle.toml\"\ntitle = \"Leaf\"\n[market]\nrefusal_rate = { value = 0.4, note = \"mine\" }\n\
         [segments.alone.price]\nmonthly = 11\n",
    );
    let leaf = work.path().join("leaf.toml");
    let sets = ["retention.monthly_churn=0.03".to_owned(), "segments.prime.price.monthly=1".to_owned()];
    let scenario = scenario::load_with(leaf.to_str().unwrap(), &sets).unwrap();
    let read = |key: Key| {
        let value = scenario.value(key);
        (value.dist.quantile(0.5), scenario.file_stem(value.file))
    };
    assert_eq!(scenario.title(), "Leaf, with monthly churn 3% and monthly price of prime $1");
    assert_eq!(read(Key::Steepness), (2.2, "base".to_owned()));
    assert_eq!(read(Key::RefusalRate), (0.4, "leaf".to_owned()));
    assert_eq!(read(Key::MonthlyChurn), (0.03, "--set".to_owned()));
    let segment = |name: &str, key: Key| {
        let value = &scenario.segments().iter().find(|s| s.name == name).unwrap().values[&key];
        (value.dist.quantile(0.5), scenario.file_stem(value.file))
    };
    assert_eq!(segment("alone", Key::PriceMonthly), (11.0, "leaf".to_owned()));
    assert_eq!(segment("prime", Key::PriceMonthly), (1.0, "--set".to_owned()));
    assert_eq!(segment("prime", Key::RefusalRate), (0.2, "base".to_owned()));
    // The investment is the one that the base implies: the money is sunk. (Its golden value.)
    let plan = Plan::new(&scenario, Sampler::default(), 1).unwrap();
    assert!((plan.implied_investment().unwrap() - 754_816_257.209_527_5).abs() < 1.0);
}

#[test]
fn an_investment_follows_from_the_file_that_says_so() {
    let work = Workplace::new();
    work.file("base.toml", std::fs::read_to_string(format!("{ROOT}/tests/golden/rich.toml")).unwrap());
    work.file("child.toml", "extends = \"base\"\n[price]\nmonthly = 5\n");
    work.file(
        "own.toml",
        "extends = \"base\"\n[price]\nmonthly = 5\n[costs]\ninvestment = { implied_by = \"target\" }\n",
    );
    let implied = |name: &str, sets: &[String]| {
        let file = work.path().join(name);
        let scenario = scenario::load_with(file.to_str().unwrap(), sets).unwrap();
        Plan::new(&scenario, Sampler::default(), 1).unwrap().implied_investment().unwrap()
    };
    let base = implied("base.toml", &[]);
    assert!((base - 1_841_492_470.966_610_7).abs() < 1.0, "the golden value");
    assert_eq!(implied("child.toml", &[]), base, "a price cannot change what is sunk");
    assert_eq!(implied("base.toml", &["price.monthly=5".to_owned()]), base);
    assert!(implied("own.toml", &[]) < base, "a child that restates it gets its own");
}

#[test]
fn every_scenario_is_built_in_and_strictly_right() {
    let files = std::fs::read_dir(format!("{ROOT}/scenarios")).unwrap().map(|e| e.unwrap().path());
    assert_eq!(files.filter(|f| f.extension().is_some_and(|e| e == "toml")).count(), BUILT_IN.len());
    for built_in in BUILT_IN {
        let file = format!("{ROOT}/scenarios/{}.toml", built_in.name);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), built_in.text);
        assert!(built_in.text.starts_with("#:schema ./schema.json\n"));
        let scenario = scenario::load(&file).unwrap();
        assert!(scenario.strict_problems().is_empty(), "{}: {:?}", built_in.name, scenario.strict_problems());
        assert!(!scenario.question().is_empty() && !scenario.description().is_empty());
    }
}

#[test]
fn the_committed_schema_is_the_one_that_is_printed() {
    let work = Workplace::new();
    let (status, printed, _) = work.run(&["schema"]);
    assert_eq!(status, 0);
    let committed = std::fs::read_to_string(format!("{ROOT}/scenarios/schema.json")).unwrap();
    assert_eq!(committed, printed, "run `breakeven schema > scenarios/schema.json`");
}

/// The table of the guide: how the verdict moves from case to case.
fn headline_table() -> String {
    const PATHS: u64 = 131_072;
    let mut out = String::from(
        "| scenario | target | reached | paid back | peak, median | NPV, median | investment repayable, 9th decile | inputs assumed |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for built_in in BUILT_IN {
        let scenario = scenario::load(&format!("{ROOT}/scenarios/{}.toml", built_in.name)).unwrap();
        let summary = run(&scenario, PATHS);
        let often = |name: &str| {
            let p = summary.probability(name).unwrap();
            let said = words::Frequency { share: p.probability, count: p.count, paths: PATHS, interval: None }.short();
            if p.count == 0 { "none".to_owned() } else { said }
        };
        let quantile = |name: &str, i: usize| summary.outcome(name).unwrap().quantiles[i].unwrap();
        let given = scenario.given_inputs();
        let assumed = given.iter().filter(|v| scenario.grade_of(v).is_some_and(|g| g.letter() == "X")).count();
        writeln!(
            out,
            "| `{}`: {} | {} | {} | {} | {} | {} | {} | {} of {} |",
            built_in.name,
            scenario.title(),
            words::people_short(scenario.target()),
            often("target_reached"),
            often("payback"),
            words::people_short(quantile("peak_subscribers", 3)),
            words::dollars_short(quantile("npv", 3)),
            words::dollars_short(quantile("affordable_investment", 5)),
            assumed,
            given.len(),
        )
        .unwrap();
    }
    out
}

#[test]
fn the_tables_of_the_guide_and_the_readme_are_what_the_scenarios_give() {
    const START: &str = "<!-- headline table: start -->\n";
    const END: &str = "<!-- headline table: end -->";
    let path = format!("{ROOT}/src/guide/cases.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(START).unwrap();
    let (table, after) = rest.split_once(END).unwrap();
    let now = headline_table();
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&path, format!("{before}{START}{now}{END}{after}")).unwrap();
    } else {
        assert_eq!(table, now, "run `UPDATE_README=1 cargo test the_tables_of_the_guide`");
    }
    // The README shows some of its rows.
    let readme = include_str!("../../README.md");
    let shown: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(shown.len(), 4);
    for row in shown {
        assert!(now.contains(&format!("{row}\n")), "{row}");
    }
    assert!(readme.split_whitespace().count() <= 1200, "the README has at most 1,200 words");
}

#[test]
fn a_new_file_runs_at_once_and_nothing_is_overwritten() {
    let work = Workplace::new();
    let (status, stdout, stderr) = work.run(&["new", "mine"]);
    assert_eq!((status, stdout.as_str()), (0, "mine.toml: written; `breakeven run mine.toml` runs it\n"), "{stderr}");
    let (status, _, stderr) = work.run(&["run", "mine.toml", "-q", "--no-charts", "--paths", "50"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let (status, _, stderr) = work.run(&["new", "mine"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("there already"), "{stderr}");
    // Every commented input is one that could be taken: open them all.
    let text = std::fs::read_to_string(work.path().join("mine.toml")).unwrap();
    let (text, _) = text.split_once("\n# A price change").unwrap();
    let (head, inputs) = text.split_once("\n# [horizon]").unwrap();
    let open = format!("{head}\n# [horizon]{inputs}").replacen(inputs, &inputs.replace("\n# ", "\n"), 1);
    let open = open.replace("\n# [horizon]", "\n[horizon]");
    work.file("open.toml", open);
    let (status, _, stderr) = work.run(&["run", "open.toml", "-q", "--no-charts", "--paths", "50"]);
    assert_eq!(status, 0, "{stderr}");
}

#[test]
fn what_show_and_explain_say() {
    let work = Workplace::new();
    let (status, shown, _) = work.run(&["show", "prime-uplift", "--set", "price.fee_rate=0.05"]);
    assert_eq!(status, 0);
    for expected in
        ["segments.prime.revenue.ancillary", "as-launched", "uniform(min=0, max=3.75)", "--set", "amazon-2026"]
    {
        assert!(shown.contains(expected), "{expected}");
    }
    let (_, explained, _) = work.run(&["explain", "retention.monthly_churn"]);
    insta::assert_snapshot!(explained);
    let (status, _, stderr) = work.run(&["explain", "churn_rate"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("nothing is called `churn_rate`"), "{stderr}");
    for spec in breakeven::scenario::keys::KEYS {
        assert!(spec.equation.len() > 15 && !spec.words.is_empty(), "{}", spec.name);
    }
}

#[test]
fn laws_of_a_summary_hold_for_every_scenario() {
    for built_in in BUILT_IN {
        let scenario = scenario::load(&format!("{ROOT}/scenarios/{}.toml", built_in.name)).unwrap();
        let summary = run(&scenario, 6000);
        let share = |name: &str| summary.probability(name).unwrap().probability;
        let ways = ["fails_no_market", "fails_too_slow", "fails_too_leaky", "fails_too_dear", "payback"];
        let all: f64 = ways.into_iter().map(share).sum();
        assert!((all - 1.0).abs() < 1e-12, "{}: the ways to fail and payback sum to {all}", built_in.name);
        let cells =
            ["target_and_payback", "payback_but_no_target", "target_but_no_payback", "neither_target_nor_payback"];
        let all: f64 = cells.into_iter().map(share).sum();
        assert!((all - 1.0).abs() < 1e-12, "{}: the four cells sum to {all}", built_in.name);
        let in_order = |low: f64, p: f64, high: f64| 0.0 <= low && low <= p && p <= high && high <= 1.0;
        for p in &summary.probabilities {
            assert!(in_order(p.low, p.probability, p.high), "{p:?}");
        }
        for (outcome, months) in &summary.timing {
            assert!(months.windows(2).all(|w| w[0].probability <= w[1].probability), "{outcome} falls");
            assert!(months.iter().all(|p| in_order(p.low, p.probability, p.high)), "{outcome}");
            assert_eq!(months.last().unwrap().probability, summary.outcome(outcome).unwrap().reached.probability);
        }
        assert_eq!(share("payback"), summary.outcome("payback_month").unwrap().reached.probability);
        for month in &summary.monthly {
            assert!(month.quantiles.windows(2).all(|w| w[0] <= w[1]), "{month:?}");
        }
        for outcome in &summary.outcomes {
            let known: Vec<f64> =
                [outcome.min].into_iter().chain(outcome.quantiles).chain([outcome.max]).flatten().collect();
            assert!(known.windows(2).all(|w| w[0] <= w[1]), "{outcome:?}");
        }
        for curve in &summary.curves {
            assert!(
                curve.points.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1.value <= w[1].1.value),
                "{}",
                curve.outcome
            );
        }
        let bins: f64 = summary.npv_histogram.iter().map(|bin| bin.share).sum();
        assert!((bins - 1.0).abs() < 1e-12);
        assert!(summary.npv_histogram.iter().all(|bin| bin.high <= 0.0 || bin.low >= 0.0), "{}", built_in.name);
    }
}

#[test]
fn a_set_may_be_a_distribution() {
    let sets = ["price.monthly={ uniform = { min = 5, max = 8 } }".to_owned()];
    let scenario = scenario::load_with(&format!("{ROOT}/scenarios/baseline.toml"), &sets).unwrap();
    assert_eq!(scenario.value(Key::PriceMonthly).dist.mean(), 6.5);
}

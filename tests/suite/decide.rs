//! Sweeps, solutions and comparisons: against loops of runs, closed forms and each other.

#![allow(clippy::print_stdout, reason = "a study prints what it found")]

use std::sync::atomic::{AtomicBool, Ordering};

use breakeven::aggregate::Estimate;
use breakeven::analysis::{AnalysisError, Axis, Bracket, Compare, Measure, Solve, Sweep};
use breakeven::engine::{Options, Progress, RunError};
use breakeven::lanes::Level;
use breakeven::sampler::{Sampler, Sampling};
use breakeven::scenario::{Scenario, SourceFile, load, parse};

use crate::support::{Csv, Workplace};

fn options<'a>(cancel: &'a AtomicBool, progress: &'a Progress) -> Options<'a> {
    Options { threads: Some(2), cancel: Some(cancel), progress: Some(progress), ..Options::default() }
}

/// Calls something with the usual options.
fn with_options<T>(work: impl FnOnce(&Options<'_>) -> T) -> T {
    work(&options(&AtomicBool::new(false), &Progress::default()))
}

fn axes(list: &[&str]) -> Vec<Axis> {
    list.iter().map(|text| text.parse().unwrap()).collect()
}

fn scenario(name: &str, text: &str) -> Scenario {
    parse(name, SourceFile { path: format!("{name}.toml"), text: text.to_owned() }).unwrap()
}

/// Everyone joins in the one month there is and would pay any price.
fn one_month(users: &str, rest: &str) -> String {
    format!(
        "[horizon]\nmonths = 1\n[target]\nsubscribers = 1\n[market]\nactive_users = {users}\nrefusal_rate = 0\n\
         [willingness]\nmedian_price = 1e9\nsteepness = 50\n[uptake]\nannual_innovation = 12\nannual_imitation = 0\n\
         [retention]\nmonthly_churn = 0\n{rest}"
    )
}

/// The published break-even of one period: volume N(100,000, 8,000), price 10, variable cost 4.80, fixed 450,000.
fn one_period() -> Scenario {
    let rest = "[price]\nmonthly = 10\n[serving]\ncost_per_subscriber = 4.8\n[costs]\nmonthly_fixed = 450_000\n";
    scenario("one-period", &one_month("{ normal = { mean = 100_000, sd = 8_000 } }", rest))
}

#[test]
fn a_sweep_says_what_a_loop_of_runs_says_to_the_last_byte() {
    let work = Workplace::new();
    let arguments = ["--paths", "5000", "--no-charts", "-q"];
    for (scenario, key, values) in [
        ("baseline", "price.monthly", ["5", "7.25", "19.99"].as_slice()),
        ("as-launched", "segments.prime.revenue.ancillary", &["0", "3.75"]),
        ("price-war", "horizon.months", &["24", "60"]),
        ("baseline", "costs.investment", &["1000000000"]),
    ] {
        let vary = format!("{key}={}", values.join(","));
        let (status, _, stderr) = work.run(&[&["sweep", scenario, "--vary", &vary], &arguments[..]].concat());
        assert_eq!(status, 0, "{stderr}");
        let sweep = Csv::read(&work, &format!("output/{scenario}/sweep-{key}/sweep.csv"));
        for (i, value) in values.iter().enumerate() {
            let set = format!("{key}={value}");
            let (status, _, stderr) = work.run(&[&["run", scenario, "--set", &set], &arguments[..]].concat());
            assert_eq!(status, 0, "{stderr}");
            assert_eq!(sweep.cell(i, key), *value);
            let folder = format!("output/{scenario}@{set}");
            let summary = Csv::read(&work, &format!("{folder}/summary.csv"));
            for row in (0..summary.rows.len()).filter(|row| summary.cell(*row, "segment") == "all") {
                let outcome = summary.cell(row, "outcome");
                // Some paths may not have them, and a sweep does not say how many do.
                if ["irr", "moic"].contains(&outcome) {
                    continue;
                }
                for column in ["mean", "mean_se", "p05", "p50", "p95"] {
                    let found = sweep.cell(i, &format!("{outcome}_{column}"));
                    assert_eq!(found, summary.cell(row, column), "{key}={value}: {outcome} {column}");
                }
            }
            let probabilities = Csv::read(&work, &format!("{folder}/probabilities.csv"));
            for row in 0..probabilities.rows.len() {
                let event = probabilities.cell(row, "event");
                for (column, here) in [("probability", ""), ("standard_error", "_se"), ("ci95_low", "_ci95_low")] {
                    let found = sweep.cell(i, &format!("{event}{here}"));
                    assert_eq!(found, probabilities.cell(row, column), "{key}={value}: {event}");
                }
            }
        }
    }
}

#[test]
fn every_folder_of_decisions_has_the_same_bytes_for_any_threads_and_level() {
    let work = Workplace::new();
    let run = |out: &str, threads: &str, level: &str| {
        for command in [
            &["sweep", "baseline", "--vary", "price.monthly=5:10:2.5"][..],
            &[
                "solve",
                "baseline",
                "--for",
                "price.monthly",
                "--until",
                "payback=0.2%",
                "--between",
                "5:20",
                "--each-path",
            ],
            &["compare", "baseline", "music-like"],
        ] {
            let mut process = work.command();
            process.env("BREAKEVEN_SIMD", level).args(command).args(["--paths", "9000", "--quiet"]);
            process.args(["--threads", threads, "--out", out]).assert().success();
        }
        work.files(out)
    };
    let best = Level::detect().name();
    let first = run("first", "1", best);
    assert_eq!(first.len(), (2 + 6 + 2) + (4 + 4 + 2) + (4 + 10 + 1 + 3), "{:?}", first.keys());
    assert_eq!(first, run("second", "2", best));
    assert_eq!(first, run("third", "5", "baseline"));
}

#[test]
fn best_points_shares_and_regrets_add_up() {
    let cases = [
        ("baseline", axes(&["price.monthly=2:40/9"])),
        ("baseline", axes(&["price.monthly=7.5"])),
        ("sceptics", axes(&["price.monthly=1,2"])),
        ("music-like", axes(&["market.refusal_rate=0:1:0.5", "price.monthly=5:20:5"])),
    ];
    for (name, axes) in cases {
        let sweep = Sweep::new(&load(name).unwrap(), axes, Sampling::of_paths(3000)).unwrap();
        let result = with_options(|options| sweep.run(options)).unwrap();
        for measure in Measure::ALL {
            let best = result.best(measure);
            assert_eq!(best.rows.len(), sweep.points());
            let total: f64 = best.rows.iter().map(|row| row.share_best).sum();
            assert!((total - 1.0).abs() < 1e-12, "{name} {measure:?}: {total}");
            let Estimate { value, se, interval } = best.rows[best.point].difference;
            // It may be behind another that only seems to be worse, and never ahead of itself.
            assert_eq!((value, se, interval.unwrap().1), (0.0, Some(0.0), 0.0));
            assert!(interval.unwrap().0 <= 0.0);
            for row in &best.rows {
                assert!(row.difference.value <= 0.0 && row.regret.value >= 0.0 && row.share_best >= 0.0);
                let apart = row.value.value + row.regret.value - best.foresight.value;
                assert!(apart.abs() <= 1e-12 * best.foresight.value.abs(), "value and regret make foresight: {apart}");
            }
            assert!(
                best.rows[best.point].regret.value <= best.rows.iter().map(|r| r.regret.value).fold(1e99, f64::min)
            );
        }
    }
}

#[test]
fn regret_and_share_of_two_points_are_those_of_a_hand_count() {
    // Half of the paths have 1,000 users, half 3,000. A price of 1 costs a fixed 1,500; a price of 0 nothing.
    let rest = "[price]\nmonthly = 1\n[costs]\nmonthly_fixed = 0\n";
    let users = "{ discrete = { values = [1000, 3000], weights = [1, 1] } }";
    let scenario = scenario("two", &one_month(users, rest));
    let sweep = Sweep::new(&scenario, axes(&["price.monthly=0,1"]), Sampling::of_paths(1024)).unwrap();
    let result = with_options(|options| sweep.run(options)).unwrap();
    let npv = result.best(Measure::Npv);
    // 1 is better on every path; 0 loses 1,000 or 3,000, so 2,000 on average.
    assert_eq!((npv.point, npv.rows[1].share_best, npv.rows[0].share_best), (1, 1.0, 0.0));
    assert_eq!((npv.rows[0].regret.value, npv.rows[1].regret.value), (2000.0, 0.0));
    // Nothing was invested, so both pay back on every path and share it.
    let payback = result.best(Measure::Payback);
    assert_eq!((payback.rows[0].share_best, payback.rows[1].share_best), (0.5, 0.5));
}

#[test]
fn pairing_takes_out_most_of_the_error_of_a_difference() {
    for sampler in Sampler::ALL {
        let sweep = |seed| {
            let sweep = Sweep::new(
                &load("baseline").unwrap(),
                axes(&["price.monthly=7.25,7.5"]),
                Sampling { paths: 16_384, seed, sampler },
            )
            .unwrap();
            with_options(|options| sweep.run(options)).unwrap()
        };
        let (one, two) = (sweep(1), sweep(2));
        let paired = one.best(Measure::Npv).rows[0].difference.se.unwrap();
        let alone = |result: &breakeven::analysis::SweepResult, i: usize| {
            result.points[i].summary.mean("npv").unwrap().se.unwrap()
        };
        let unrelated = alone(&one, 0).hypot(alone(&two, 1));
        assert!(paired <= unrelated / 5.0, "{sampler:?}: {paired} against {unrelated}");
    }
}

#[test]
fn a_sweep_that_was_stopped_goes_on_where_it_was_and_ends_in_the_same_bytes() {
    let work = Workplace::new();
    let arguments = ["sweep", "baseline", "--vary", "price.monthly=5:10:0.1", "--paths", "40000", "--no-charts"];
    let (status, _, stderr) = work.run(&[&arguments[..], &["--out", "whole"]].concat());
    assert_eq!((status, stderr.contains("going on")), (0, false), "{stderr}");

    let sweep =
        Sweep::new(&load("baseline").unwrap(), axes(&["price.monthly=5:10:0.1"]), Sampling::of_paths(40_000)).unwrap();
    let (cancel, progress) = (AtomicBool::new(false), Progress::default());
    let mut state = sweep.start();
    let stopped =
        sweep.resume(&mut state, 0..51, &options(&cancel, &progress), |_| cancel.store(true, Ordering::Relaxed));
    assert!(matches!(stopped, Err(AnalysisError::Run(RunError::Interrupted))));
    let done = state.points();
    assert!(done > 0 && done < 51, "{done}");
    let mut kept = Vec::new();
    sweep.write_state(&state, &mut kept).unwrap();
    assert_eq!(sweep.read_state(&kept).as_ref(), Some(&state));

    // Only the missing points are simulated.
    let progress = Progress::default();
    let mut again = sweep.read_state(&kept).unwrap();
    sweep.resume(&mut again, 0..51, &options(&AtomicBool::new(false), &progress), |_| ()).unwrap();
    assert_eq!(progress.done.load(Ordering::Relaxed), (51 - done as u64) * 40_000);

    // The same from the command line, which finds what was kept beside the results.
    std::fs::create_dir_all(work.path().join("parts")).unwrap();
    let file = "parts/.baseline.sweep-price.monthly.kept";
    std::fs::write(work.path().join(file), &kept).unwrap();
    let (status, _, stderr) = work.run(&[&arguments[..], &["--out", "parts"]].concat());
    assert_eq!(status, 0);
    assert!(stderr.contains(&format!("baseline: going on, {done} of 51 points are done")), "{stderr}");
    assert_eq!(work.files("whole"), work.files("parts"));
    assert!(!work.path().join(file).exists(), "what was kept goes when all is done");

    // What was kept of another sweep, or is damaged, is not used.
    for (name, bytes) in [("other", &kept), ("damaged", &kept[..kept.len() - 1].to_vec())] {
        std::fs::create_dir_all(work.path().join(name)).unwrap();
        std::fs::write(work.path().join(format!("{name}/.baseline.sweep-price.monthly.kept")), bytes).unwrap();
        let seed = if name == "other" { "2" } else { "1" };
        let (_, _, stderr) = work.run(&[&arguments[..], &["--out", name, "--seed", seed]].concat());
        assert!(!stderr.contains("going on"), "{name}: {stderr}");
    }
    assert_eq!(work.files("whole"), work.files("damaged"));
}

#[test]
fn the_solved_price_of_one_period_is_the_exact_one() {
    // Mean profit (p − 4.80) · 100,000 − 450,000 is zero at 9.30; profit is not negative with probability 0.953784 at 10.
    for (until, exact, paths) in
        [("npv=0", 9.3, 4096), ("npv_nonnegative=0.5", 9.3, 65_536), ("npv_nonnegative=0.953783628", 10.0, 65_536)]
    {
        let scenario = one_period();
        let bracket = Bracket::new(&scenario, "price.monthly", Some((5.0, 20.0))).unwrap();
        let solve = Solve::new(&scenario, bracket, Sampling::of_paths(paths)).unwrap();
        let solution = with_options(|options| solve.until(&until.parse().unwrap(), options)).unwrap();
        let [crossing] = solution.crossings[..] else { panic!("{until}: {:?}", solution.crossings) };
        let [low, high] = crossing.interval.map(Option::unwrap);
        assert!(low <= exact && exact <= high && crossing.rising, "{until}: {crossing:?}");
        assert!(high - low < 0.01 && low <= crossing.value && crossing.value <= high, "{until}: {crossing:?}");
    }
}

/// In how many of `seeds` the interval of the solved price holds the exact one, in percent.
fn coverage(sampler: Sampler, seeds: u64, until: &str, paths: u64) -> f64 {
    let scenario = one_period();
    let holds = |seed: &u64| {
        let bracket = Bracket::new(&scenario, "price.monthly", Some((8.0, 11.0))).unwrap();
        let solve = Solve::new(&scenario, bracket, Sampling { paths, seed: *seed, sampler }).unwrap();
        let solution = with_options(|options| solve.until(&until.parse().unwrap(), options)).unwrap();
        let [low, high] = solution.crossings[0].interval;
        low.unwrap_or(8.0) <= 9.3 && 9.3 <= high.unwrap_or(11.0)
    };
    100.0 * (1..=seeds).filter(holds).count() as f64 / seeds as f64
}

#[test]
fn intervals_of_a_solved_price_hold_the_exact_one_as_often_as_they_say() {
    // Of 100 seeds 95 ± 4.4 (two standard errors); the study below takes 1,000.
    for sampler in [Sampler::Random, Sampler::Sobol] {
        let share = coverage(sampler, 100, "npv=0", 512);
        assert!((89.0..=100.0).contains(&share), "{sampler:?}: {share}");
    }
}

#[test]
#[ignore = "a study of a minute or two: cargo test --release -- --ignored --nocapture solved_price"]
fn study_of_the_coverage_of_a_solved_price() {
    let means = Sampler::ALL.into_iter().flat_map(|sampler| [512, 4096].map(|paths| (sampler, "npv=0", paths)));
    // With one input the evenly spread samplers know this probability better than an interval may say (that of 64 times as
    // many independent paths), which then always holds it.
    let probability = (Sampler::Random, "npv_nonnegative=0.5", 4096);
    for (sampler, until, paths) in means.chain([probability]) {
        let share = coverage(sampler, 1000, until, paths);
        println!("{sampler:?}, {until}, {paths} paths: {share}% of 1,000 seeds");
        assert!((93.0..=97.0).contains(&share));
    }
}

#[test]
fn every_crossing_is_found_and_a_level_beyond_reach_is_told_with_the_best() {
    // 1,000 users of whom 1 / (1 + (p/10)²) accept price p: revenue 1,000 p / (1 + p²/100) peaks at p = 10 with 5,000. It is
    // 4,000 where p² − 25 p + 100 = 0: at 5 and at 20.
    let text = one_month("1000", "[price]\nmonthly = 1\n").replace("1e9", "10").replace("= 50", "= 2");
    let scenario = scenario("curve", &text);
    let solve = |until: &str, between: (f64, f64)| {
        let bracket = Bracket::new(&scenario, "price.monthly", Some(between)).unwrap();
        let solve = Solve::new(&scenario, bracket, Sampling::of_paths(64)).unwrap();
        with_options(|options| solve.until(&until.parse().unwrap(), options)).unwrap()
    };
    let both = solve("npv=4000", (1.0, 100.0));
    let found: Vec<(f64, bool)> = both.crossings.iter().map(|c| ((c.value * 1e6).round() / 1e6, c.rising)).collect();
    assert_eq!(found, [(5.0, true), (20.0, false)]);
    assert!(matches!(both.reached()[..], [[Some(_), Some(_)]]));
    // Between two values of the grid (1 + 99 k / 32) the curve just reaches 4,999.9: two crossings around 10.
    let near = solve("npv=4999.9", (1.0, 100.0));
    assert_eq!(near.crossings.len(), 2, "{:?}", near.crossings);
    let beyond = solve("npv=6000", (1.0, 100.0));
    assert!(beyond.crossings.is_empty() && beyond.reached().is_empty());
    assert!((beyond.best.0 - 10.0).abs() < 0.5 && beyond.best.1.value > 4990.0, "{:?}", beyond.best);
    assert!(matches!(solve("npv=4000", (6.0, 15.0)).reached()[..], [[None, None]]));
    assert!(matches!(solve("npv=4000", (6.0, 100.0)).reached()[..], [[None, Some(_)]]));
}

#[test]
fn whole_numbers_are_solved_for_in_whole_numbers() {
    // 100 a month and nothing lost: 1,000 are earned after ten months.
    let text =
        one_month("100", "[price]\nmonthly = 1\n[costs]\ninvestment = 1000\n").replace("months = 1", "months = 5");
    let scenario = scenario("months", &text);
    let bracket = Bracket::new(&scenario, "horizon.months", Some((1.0, 60.0))).unwrap();
    let solve = Solve::new(&scenario, bracket, Sampling::of_paths(32)).unwrap();
    let solution = with_options(|options| solve.until(&"npv=0".parse().unwrap(), options)).unwrap();
    assert_eq!(solution.crossings[0].value, 10.0);
    assert!(solve.check_each_path().is_err());
}

#[test]
fn the_break_even_of_each_path_is_the_closed_form() {
    // One period: the price at which a volume V breaks even is 4.80 + 450,000 / V.
    let scenario = one_period();
    let each = |input: &str, between: (f64, f64), paths: u64| {
        let bracket = Bracket::new(&scenario, input, Some(between)).unwrap();
        let solve = Solve::new(&scenario, bracket, Sampling::of_paths(paths)).unwrap();
        with_options(|options| solve.each_path(options)).unwrap()
    };
    let price = each("price.monthly", (5.0, 20.0), 16_384);
    assert_eq!((price.none.probability, price.at_high.probability), (0.0, 1.0));
    for (p, z) in [(0.05, 1.644_853_627), (0.5, 0.0), (0.95, -1.644_853_627)] {
        let exact = 4.8 + 450_000.0 / (100_000.0 + 8_000.0 * z);
        assert!((price.quantile(p) - exact).abs() < 1e-3, "at {p}: {}, not {exact}", price.quantile(p));
    }
    // The fixed cost that a path can bear is 5.20 V.
    let fixed = each("costs.monthly_fixed", (0.0, 2e6), 16_384);
    assert_eq!(fixed.side(), breakeven::analysis::Side::Highest);
    assert!((fixed.quantile(0.5) - 520_000.0).abs() < 100.0, "{}", fixed.quantile(0.5));
}

#[test]
fn the_investment_that_each_path_bears_is_what_it_could_have_repaid() {
    // Two ways to the same number on every path: by roots, and by the outcome `affordable_investment`.
    let work = Workplace::new();
    let arguments = ["--paths", "4000", "--no-charts", "-q"];
    let solve = ["solve", "baseline", "--for", "costs.investment", "--each-path", "--between", "0:20e9"];
    assert_eq!(work.run(&[&solve[..], &arguments].concat()).0, 0);
    assert_eq!(work.run(&[&["run", "baseline"], &arguments[..]].concat()).0, 0);
    let found = Csv::read(&work, "output/baseline/solve-costs.investment/break-even.csv");
    let quantiles = Csv::read(&work, "output/baseline/quantiles.csv");
    let mut compared = 0;
    for row in 0..found.rows.len() {
        let (p, value) = (found.number(row, "probability"), found.number(row, "costs.investment"));
        let exact = (0..quantiles.rows.len())
            .filter(|row| quantiles.cell(*row, "outcome") == "affordable_investment")
            .find(|row| (quantiles.number(*row, "probability") - p).abs() < 1e-12)
            .map(|row| quantiles.number(row, "value"));
        if let (Some(exact), "highest", true) = (exact, found.cell(row, "side"), value > 0.0) {
            assert!((value - exact).abs() < 1e-6 * exact + 4.0, "at {p}: {value}, not {exact}");
            compared += 1;
        }
    }
    assert!(compared >= 4, "{compared}");
}

#[test]
fn both_roots_of_a_path_are_found() {
    // As above: revenue 1,000 p / (1 + p²/100) less a fixed 4,000 is zero at 5 and 20, and on half of the paths, with 500 users,
    // nowhere.
    let users = "{ discrete = { values = [500, 1000], weights = [1, 1] } }";
    let rest = "[price]\nmonthly = 1\n[costs]\nmonthly_fixed = 4000\n";
    let scenario = scenario("two", &one_month(users, rest).replace("1e9", "10").replace("= 50", "= 2"));
    let bracket = Bracket::new(&scenario, "price.monthly", Some((1.0, 100.0))).unwrap();
    let solve = Solve::new(&scenario, bracket, Sampling::of_paths(256)).unwrap();
    let each = with_options(|options| solve.each_path(options)).unwrap();
    assert_eq!((each.none.probability, each.several_crossings.probability), (0.5, 0.5));
    let at = |list: &[(f64, Estimate)], p: f64| list.iter().find(|q| (q.0 - p).abs() < 1e-9).unwrap().1.value;
    assert!((at(&each.lowest, 0.25) - 5.0).abs() < 1e-6, "{}", at(&each.lowest, 0.25));
    assert!((at(&each.highest, 0.75) - 20.0).abs() < 1e-6);
    assert_eq!(at(&each.lowest, 0.75), f64::INFINITY);
    // A bracket in which only a look between the values of the grid finds that the path breaks even: the peak alone, 5,000.
    let tight = one_month("1000", "[price]\nmonthly = 1\n[costs]\nmonthly_fixed = 4999.9\n");
    let scenario = parse(
        "tight",
        SourceFile { path: "tight.toml".to_owned(), text: tight.replace("1e9", "10").replace("= 50", "= 2") },
    )
    .unwrap();
    let bracket = Bracket::new(&scenario, "price.monthly", Some((1.0, 100.0))).unwrap();
    let solve = Solve::new(&scenario, bracket, Sampling::of_paths(32)).unwrap();
    assert_eq!(with_options(|options| solve.each_path(options)).unwrap().none.probability, 0.0);
}

fn compared(scenarios: Vec<Scenario>, paths: u64) -> breakeven::analysis::Comparison {
    let compare = Compare::new(scenarios, Sampling::of_paths(paths)).unwrap();
    with_options(|options| compare.run(options)).unwrap()
}

#[test]
fn contributions_add_up_to_the_difference_whatever_the_scenarios() {
    let names = ["music-like", "as-launched", "sceptics", "price-war", "legacy-losses", "own-silicon", "ai-app-like"];
    let mut scenarios = vec![load("baseline").unwrap()];
    scenarios.extend(names.iter().map(|name| load(name).unwrap()));
    let comparison = compared(scenarios, 600);
    for (name, against) in names.iter().zip(&comparison.others) {
        let mut checked = 0;
        for row in &against.rows {
            let (Some(difference), Some(mean), Some(first)) = (&row.difference, row.mean, row.first) else { continue };
            let parts: Option<f64> = against.contributions.iter().map(|c| Some(c.part(row.name)?.value)).sum();
            let Some(sum) = parts else { continue };
            let size = mean.abs().max(first.abs()).max(1e-12);
            assert!(
                (sum - difference.value).abs() <= 1e-11 * size,
                "{name}, {}: {sum}, {}",
                row.name,
                difference.value
            );
            checked += 1;
        }
        assert!(checked > 15, "{name}: {checked}");
    }
}

#[test]
fn equal_roles_get_equal_parts_and_additive_cases_their_own() {
    let base = "[price]\nmonthly = 10\n";
    let users = "{ uniform = { min = 500, max = 1500 } }";
    let first = scenario("first", &one_month(users, base));
    // A dollar of support and a dollar of serving do the same; both only take money.
    let both = format!("{base}[costs]\nsupport = 1\nmonthly_fixed = 700\n[serving]\ncost_per_subscriber = 1\n");
    let comparison = compared(vec![first, scenario("second", &one_month(users, &both))], 1000);
    let part = |name: &str| {
        let found = comparison.others[0].contributions.iter().find(|c| c.change == name).unwrap();
        found.part("npv").unwrap().value
    };
    let mean = |i: usize| comparison.summaries[i].outcome("peak_subscribers").unwrap().mean.unwrap().value;
    assert!((part("costs.support") - part("serving.cost_per_subscriber")).abs() < 1e-9);
    assert!((part("costs.support") + mean(0)).abs() < 1e-9 * mean(0), "one dollar each");
    assert!((part("costs.monthly_fixed") + 700.0).abs() < 1e-9, "one at a time it takes as much");
    let row = comparison.others[0].row("npv").unwrap();
    assert_eq!((row.better.unwrap().probability, row.equal.unwrap().probability), (0.0, 0.0));
    assert_eq!(comparison.others[0].row("peak_subscribers").unwrap().equal.unwrap().probability, 1.0);
}

#[test]
fn an_implied_investment_that_differs_is_a_change_of_its_own() {
    let work = Workplace::new();
    let child = "extends = \"baseline\"\n[price]\nmonthly = 12\n";
    work.file("same-sum.toml", child);
    work.file("own-sum.toml", format!("{child}[costs]\ninvestment = {{ implied_by = \"target\" }}\n"));
    let load = |name: &str| load(&work.path().join(name).display().to_string()).unwrap();
    let comparison = compared(
        vec![breakeven::scenario::load("baseline").unwrap(), load("same-sum.toml"), load("own-sum.toml")],
        200,
    );
    let changes =
        |i: usize| -> Vec<&str> { comparison.others[i].contributions.iter().map(|c| c.change.as_str()).collect() };
    assert_eq!(changes(0), ["price.monthly"]);
    assert_eq!(changes(1), ["price.monthly", "costs.investment"]);
}

#[test]
fn many_changes_are_grouped_by_table() {
    let base = one_month("1000", "[price]\nmonthly = 10\n");
    let more = base
        .replace("annual_innovation = 12\nannual_imitation = 0", "annual_innovation = 6\nannual_imitation = 1")
        .replace("monthly_churn = 0", "monthly_churn = 0.1\nchurn_spread = 0.1\nwin_back = 0.1\nmonthly_return = 0.1")
        .replace("refusal_rate = 0", "refusal_rate = 0.1\nfollow_through = 0.9")
        .replace("monthly = 10", "monthly = 11\nfee_rate = 0.03");
    let comparison = compared(vec![scenario("a", &base), scenario("b", &more)], 100);
    let changes: Vec<&str> = comparison.others[0].contributions.iter().map(|c| c.change.as_str()).collect();
    assert_eq!(changes, ["market", "uptake", "retention", "price"]);
}

macro_rules! refused {
    ($($name:ident: $($argument:expr),+;)*) => {
        $(#[test]
        fn $name() {
            let work = Workplace::new();
            work.file("twin.toml", "extends = \"baseline\"\ntitle = \"Twin\"\n");
            let (status, stdout, stderr) = work.run(&[$($argument),+]);
            assert!(!work.path().join("output").exists(), "nothing is written");
            insta::assert_snapshot!(format!("status {status}\n{stdout}{stderr}"));
        })*
    };
}

refused! {
    a_sweep_over_nothing: "sweep", "baseline", "--vary", "price.monthly=";
    a_step_of_zero: "sweep", "baseline", "--vary", "price.monthly=5:10:0";
    a_step_the_wrong_way: "sweep", "baseline", "--vary", "price.monthly=5:10:-0.5";
    too_many_points: "sweep", "baseline", "--vary", "price.monthly=0:100:0.0001";
    too_many_points_together: "sweep", "baseline", "--vary", "price.monthly=1:400:1", "--vary", "market.refusal_rate=0:0.4:0.001";
    a_sweep_of_no_input: "sweep", "baseline", "--vary", "price.montly=5:10:1";
    a_sweep_of_a_share_of_a_segment: "sweep", "as-launched", "--vary", "segments.prime.share=0.1,0.2";
    the_third_point_out_of_range: "sweep", "baseline", "--vary", "market.refusal_rate=0.5:1.5:0.4";
    one_input_twice: "sweep", "baseline", "--vary", "price.monthly=5", "--vary", "price.monthly=6";
    three_inputs: "sweep", "baseline", "--vary", "price.monthly=5", "--vary", "market.refusal_rate=0.5", "--vary", "retention.monthly_churn=0.1";
    a_segment_that_is_not_there: "sweep", "baseline", "--vary", "segments.prime.price.monthly=5";
    more_paths_than_can_be_paired: "sweep", "baseline", "--vary", "price.monthly=5", "--paths", "1e9";
    one_input_under_two_spellings: "sweep", "as-launched", "--vary", "segments.prime.price.monthly=0,5", "--vary", "segments.\"prime\".price.monthly=1,2";
    inputs_that_do_not_go_together: "sweep", "baseline", "--vary", "horizon.months=60:12:-12", "--vary", "price.free_months=0,24";
    an_unknown_without_a_start: "solve", "baseline", "--for", "costs.investment", "--until", "npv=0";
    a_scenario_twice: "compare", "baseline", "music-like", "music-like";
    a_bracket_upside_down: "solve", "baseline", "--for", "price.monthly", "--until", "npv=0", "--between", "9:5";
    a_bracket_out_of_range: "solve", "baseline", "--for", "market.refusal_rate", "--until", "npv=0", "--between", "0:1.5";
    a_bracket_that_is_none: "solve", "baseline", "--for", "price.monthly", "--until", "npv=0", "--between", "5";
    a_level_of_no_outcome: "solve", "baseline", "--for", "price.monthly", "--until", "profit=0";
    a_level_of_a_month: "solve", "baseline", "--for", "price.monthly", "--until", "payback_month=36";
    a_level_beyond_probability: "solve", "baseline", "--for", "price.monthly", "--until", "payback=50";
    solving_for_nothing: "solve", "baseline", "--for", "price.monthly";
    a_whole_number_on_each_path: "solve", "baseline", "--for", "price.free_months", "--each-path", "--between", "0:3";
    a_scenario_against_itself: "compare", "baseline", "baseline";
    a_scenario_against_its_twin: "compare", "baseline", "twin.toml";
    a_scenario_against_nothing: "compare", "baseline";
}

#[test]
fn what_decisions_print() {
    let work = Workplace::new();
    let said = |arguments: &[&str]| {
        let (status, stdout, stderr) = work.run(&[arguments, &["--paths", "8192", "--no-charts"]].concat());
        assert_eq!(status, 0, "{stderr}");
        format!("{stderr}{stdout}")
    };
    insta::assert_snapshot!("a_sweep", said(&["sweep", "baseline", "--vary", "price.monthly=5:20:2.5"]));
    insta::assert_snapshot!(
        "a_sweep_over_two",
        said(&["sweep", "baseline", "--vary", "price.monthly=5:10:5", "--vary", "market.refusal_rate=0.1,0.5,0.9"])
    );
    insta::assert_snapshot!(
        "a_bracket_without_a_root",
        said(&["solve", "baseline", "--for", "price.monthly", "--until", "npv=0", "--between", "1:100"])
    );
    insta::assert_snapshot!(
        "a_solution",
        said(&[
            "solve",
            "prime-uplift",
            "--for",
            "segments.prime.revenue.ancillary",
            "--until",
            "npv=0",
            "--each-path",
            "--between",
            "0:10"
        ])
    );
    insta::assert_snapshot!(
        "a_solution_from_above",
        said(&["solve", "music-like", "--for", "market.refusal_rate", "--until", "payback=5%", "--each-path"])
    );
    insta::assert_snapshot!("a_comparison", said(&["compare", "baseline", "music-like", "price-war"]));
    for command in ["sweep", "solve", "compare"] {
        let (status, stdout, _) = work.run(&[command, "--help"]);
        assert_eq!(status, 0);
        insta::assert_snapshot!(format!("help_{command}"), stdout);
    }
}

#[test]
fn json_on_stdout_holds_the_tables() {
    let work = Workplace::new();
    let json = |arguments: &[&str]| -> serde_json::Value {
        let (status, stdout, stderr) = work.run(&[arguments, &["--paths", "100", "--no-charts", "--json"]].concat());
        assert_eq!((status, stderr.as_str()), (0, ""));
        serde_json::from_str(&stdout).unwrap()
    };
    let sweep = json(&["sweep", "baseline", "--vary", "price.monthly=5,10"]);
    let sweep = &sweep["results"][0];
    let rows = sweep["tables"]["sweep"].as_array().unwrap();
    assert_eq!((rows.len(), rows[1]["price.monthly"].as_f64()), (2, Some(10.0)));
    assert!(rows[0]["npv_mean"].as_f64().unwrap() < 0.0 && sweep["record"]["simulation"]["paths"] == 100);
    assert!(rows[0]["required_peak_subscribers_mean"] == "inf" && rows[0]["payback_month_mean"].is_null());
    assert_eq!((&sweep["record"]["kind"], &sweep["record"]["format"]), (&"sweep".into(), &2.into()));
    let both = json(&["sweep", "baseline", "sceptics", "--vary", "price.monthly=5,10"]);
    let name = |i: usize| both["results"][i]["record"]["scenarios"][0]["name"].as_str();
    assert_eq!((name(0), name(1)), (Some("baseline"), Some("sceptics")));
    let solve = json(&["solve", "baseline", "--for", "price.monthly", "--until", "npv=0", "--each-path"]);
    let tables = &solve["results"][0]["tables"];
    assert!(tables["crossings"].as_array().unwrap().is_empty() && tables["curve"].as_array().unwrap().len() >= 33);
    assert_eq!(tables["shares"][0]["breaks_even"], "none");
    let compare = json(&["compare", "baseline", "music-like"]);
    assert_eq!(compare["results"][0]["tables"]["contributions"][0]["change"], "retention.monthly_churn");
    assert_eq!(compare["results"][0]["record"]["scenarios"][1]["name"], "music-like");
    // A run has the same shape; the findings are the sentences and the grid of the terminal.
    let run = json(&["run", "baseline", "sceptics", "--quiet"]);
    assert_eq!(run["results"].as_array().unwrap().len(), 2);
    let first = &run["results"][0]["findings"][0];
    assert_eq!(first["heading"], "The article's claim");
    assert!(first["sentences"][0].as_str().unwrap().starts_with("14\u{a0}million paying subscribers are reached"));
    assert_eq!(first["grid"]["header"][2], "median");
}

//! The same scenario, seed and number of paths give the same bytes in every file.

use breakeven::lanes::Level;

use crate::support::Workplace;

const PATHS: &str = "20000";

#[test]
fn threads_levels_and_repetition_leave_no_trace() {
    let work = Workplace::new();
    let run = |out: &str, threads: &str, level: &str| {
        let mut command = work.command();
        command.env("BREAKEVEN_SIMD", level);
        command.args(["run", "baseline", "--quiet", "--paths", PATHS, "--threads", threads, "--out", out]);
        command.assert().success();
        work.files(out)
    };
    let best = Level::detect().name();
    let first = run("first", "1", best);
    assert_eq!(first.len(), 10 + 2 + 20, "ten tables, the record, the scenario and ten charts in two forms");
    assert_eq!(first, run("again", "1", best));
    for threads in ["2", "7"] {
        assert_eq!(first, run(threads, threads, best), "{threads} threads");
    }
    for level in Level::available() {
        assert_eq!(first, run(level.name(), "2", level.name()), "{}", level.name());
    }
}

#[test]
fn every_sampler_gives_the_same_bytes_for_any_threads_and_level() {
    let work = Workplace::new();
    for sampler in ["random", "latin-hypercube", "sobol"] {
        let run = |out: &str, threads: &str, level: &str| {
            let mut command = work.command();
            command.env("BREAKEVEN_SIMD", level);
            command.args(["run", "as-launched", "--quiet", "--no-charts", "--paths", PATHS, "--threads", threads]);
            command.args(["--sampler", sampler, "--keep-paths", "--out", out]).assert().success();
            work.files(out)
        };
        let first = run("one", "1", Level::detect().name());
        assert!(first.iter().any(|file| file.0.ends_with("paths.parquet")));
        for level in Level::available() {
            assert_eq!(first, run(level.name(), "3", level.name()), "{sampler}, {}", level.name());
        }
    }
}

#[test]
fn another_seed_gives_other_numbers() {
    let work = Workplace::new();
    let run = |seed: &str| {
        let (status, _, _) = work.run(&["run", "baseline", "-q", "--no-charts", "--paths", "1000", "--seed", seed]);
        assert_eq!(status, 0);
        std::fs::read_to_string(work.path().join("output/baseline/summary.csv")).unwrap()
    };
    assert_ne!(run("1"), run("2"));
}

#[test]
fn the_first_paths_are_the_same_whatever_the_number() {
    // Path 0 alone, and the mean of paths 0 and 1, tell path 1: it must be the path that a run of seed and number gives.
    let work = Workplace::new();
    let npv = |paths: &str| -> f64 {
        work.run(&["run", "baseline", "-q", "--no-charts", "--paths", paths]);
        let mut reader = csv::Reader::from_path(work.path().join("output/baseline/summary.csv")).unwrap();
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(&row[1], "npv");
        row[3].parse::<f64>().unwrap()
    };
    let (one, two, three) = (npv("1"), npv("2"), npv("3"));
    assert_ne!(one, two);
    let second = 2.0 * two - one;
    let third = 3.0 * three - one - second;
    // A golden pair of numbers: a change is value-breaking and belongs into the changelog.
    assert_eq!(format!("{one:.0} {second:.0} {third:.0}"), "-4351819904 -3629819536 -4724510424");
}

#[test]
fn paths_that_are_all_alike_have_that_very_mean_and_no_error() {
    let work = Workplace::new();
    let toml = "
        [horizon]
        months = 3
        [target]
        subscribers = 10
        [market]
        active_users = 1000
        refusal_rate = 0
        [willingness]
        median_price = 10
        steepness = 2
        [uptake]
        annual_innovation = 1
        annual_imitation = 0
        [retention]
        monthly_churn = 0.1
        [price]
        monthly = 5
    ";
    let file = work.file("alike.toml", toml);
    let read = |paths: &str| {
        assert_eq!(work.run(&["run", &file, "-q", "--no-charts", "--paths", paths]).0, 0);
        let mut reader = csv::Reader::from_path(work.path().join("output/alike/monthly.csv")).unwrap();
        reader.records().map(Result::unwrap).collect::<Vec<_>>()
    };
    let single = read("1");
    for many in [read("5000"), read("70001")] {
        for (one, row) in single.iter().zip(&many) {
            // month, series, mean; then the error; then the quantiles.
            assert_eq!((&row[0], &row[3], &row[5], &row[6]), (&one[0], &one[3], &one[5], "0"));
            assert!((7..12).all(|i| row[i] == one[5]), "{row:?}");
        }
    }
}

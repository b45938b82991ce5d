//! What an answer hangs on, against closed forms, through the command line.

use breakeven::lanes::Level;

use crate::support::{Csv, Workplace};

/// In the one month of this case everyone of 1,000 joins, so NPV = 1000 · price − fixed cost: a sum of two normal numbers with
/// standard deviations 1000 and 2000.
const SUM: &str = "[horizon]\nmonths = 1\n[target]\nsubscribers = 1\n[market]\nactive_users = 1000\nrefusal_rate = 0\n\
    [willingness]\nmedian_price = 1e9\nsteepness = 50\n[uptake]\nannual_innovation = 12\nannual_imitation = 0\n\
    [retention]\nmonthly_churn = 0\n[price]\nmonthly = { normal = { mean = 100, sd = 1, min = 90, max = 110 } }\n\
    [costs]\nmonthly_fixed = { normal = { mean = 99000, sd = 2000, min = 80000, max = 120000 } }\n";

/// A rank correlation of −0.4826 is a Gaussian one of −0.5; the fixed cost has a minus sign, so the two summands have +0.5.
const RANK: f64 = -0.482_583_739_1;

fn correlated() -> String {
    format!("{SUM}[[correlations]]\ninputs = [\"price.monthly\", \"costs.monthly_fixed\"]\nrank = {RANK}\n")
}

/// Both streams of a command that ends well, each as one line.
fn ran(work: &Workplace, arguments: &[&str]) -> (String, String) {
    let (status, stdout, stderr) = work.run(arguments);
    assert_eq!(status, 0, "{arguments:?}: {stderr}");
    let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    (flat(stdout), flat(stderr))
}

/// The number under `column` of an input's row, with the one under `…_se`.
fn of(table: &Csv, input: &str, column: &str) -> (f64, f64) {
    let row = table.find("input", input).unwrap_or_else(|| panic!("no row of {input}"));
    (table.number(row, column), table.number(row, &format!("{column}_se")))
}

fn near(table: &Csv, input: &str, column: &str, exact: f64) {
    let (value, se) = of(table, input, column);
    assert!((value - exact).abs() <= 4.0 * se + 1e-6 * exact.abs(), "{input} {column}: {value} ± {se}, not {exact}");
}

#[test]
fn effects_and_swings_are_those_of_the_closed_form() {
    let work = Workplace::new();
    work.file("alone.toml", SUM);
    work.file("together.toml", correlated());
    for (name, shapley, first, total) in [
        ("alone", [0.2, 0.8], [0.2, 0.8], [0.2, 0.8]),
        ("together", [0.339_286, 0.660_714], [0.571_429, 0.892_857], [0.107_143, 0.428_571]),
    ] {
        let (stdout, _) =
            ran(&work, &["drivers", &format!("{name}.toml"), "--of", "npv", "--paths", "16384", "--no-charts"]);
        assert!(stdout.contains("The monthly fixed cost") && stdout.contains("of the variance of NPV"), "{stdout}");
        let variance = Csv::read(&work, &format!("output/{name}/drivers-npv/variance.csv"));
        let swing = Csv::read(&work, &format!("output/{name}/drivers-npv/swing.csv"));
        let mut sum = 0.0;
        // E[Z | Z in its highest tenth] of a normal number is φ(z)/0.1 = 1.754983; the ends of a swing alone are ±1.644854.
        let (tail, end) = (2.0 * 1.754_983, 2.0 * 1.644_854);
        let rho = if name == "alone" { 0.0 } else { 0.5 };
        for (i, (input, sd, other)) in
            [("price.monthly", 1000.0, 2000.0), ("costs.monthly_fixed", -2000.0, -1000.0)].into_iter().enumerate()
        {
            near(&variance, input, "shapley", shapley[i]);
            near(&variance, input, "first_order", first[i]);
            near(&variance, input, "total", total[i]);
            near(&swing, input, "swing", tail * (sd + rho * other));
            near(&swing, input, "alone_swing", end * sd);
            sum += of(&variance, input, "shapley").0;
        }
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    }
}

#[test]
fn two_scenarios_stand_side_by_side() {
    let work = Workplace::new();
    work.file("alone.toml", SUM);
    work.file("calm.toml", SUM.replace("sd = 2000", "sd = 500"));
    let arguments = ["drivers", "alone.toml", "calm.toml", "--of", "npv", "--paths", "4096", "--no-charts"];
    let (stdout, _) = ran(&work, &arguments);
    // The cost has 4 of 5 parts of the variance, and in the calm case 0.25 of 1.25.
    assert!(stdout.contains("Side by side: what mean NPV hangs on"), "{stdout}");
    assert!(stdout.contains("What differs most: the monthly") && stdout.contains("has 80"), "{stdout}");
    for name in ["alone", "calm"] {
        assert!(work.path().join(format!("output/{name}/drivers-npv/variance.csv")).exists(), "{name}");
    }
    let (status, _, stderr) = work.run(&["drivers", "alone.toml", "alone.toml", "--of", "npv"]);
    assert_eq!((status, stderr.contains("two scenarios are called `alone`")), (2, true), "{stderr}");
}

#[test]
fn ends_are_those_of_the_law_given_what_is_known() {
    let work = Workplace::new();
    work.file("together.toml", correlated());
    let given =
        ["drivers", "together.toml", "--given", "price.monthly=101", "--of", "npv", "--paths", "16384", "--no-charts"];
    ran(&work, &[&given[..], &["-q", "--out", "given"]].concat());
    let folder = work.files("given").keys().find(|file| file.ends_with("swing.csv")).unwrap().clone();
    let swing = Csv::read(&work, &format!("given/{}", folder.display()));
    // Given a price one standard deviation up, the cost is normal around 98,000 with standard deviation 2000 · √(1 − 0.25).
    let (mean, sd) = (98_000.0, 2000.0 * 0.75_f64.sqrt());
    let row = swing.find("input", "costs.monthly_fixed").unwrap();
    for (column, z) in [("low_value", -1.644_854), ("high_value", 1.644_854)] {
        assert!((swing.number(row, column) - (mean + z * sd)).abs() < 1.0, "{column}");
    }
    near(&swing, "costs.monthly_fixed", "swing", -2.0 * 1.754_983 * sd);
    near(&swing, "costs.monthly_fixed", "alone_swing", -2.0 * 1.644_854 * sd);
}

#[test]
fn only_what_is_correlated_brings_something_along() {
    let work = Workplace::new();
    // A skewed cost by itself: its swing differs from that of its middles, but nothing comes along.
    let skewed = "monthly_fixed = { log_normal = { median = 20000, sigma = 1.2, max = 400000 } }";
    let text =
        SUM.replace("monthly_fixed = { normal = { mean = 99000, sd = 2000, min = 80000, max = 120000 } }", skewed);
    assert_ne!(text, SUM);
    work.file("skewed.toml", text);
    work.file("together.toml", correlated());
    let said = |file: &str| ran(&work, &["drivers", file, "--of", "npv", "--paths", "16384", "--no-charts"]).0;
    assert!(!said("skewed.toml").contains("comes along with it"));
    assert!(said("together.toml").contains("comes along with it"));
}

#[test]
fn two_values_have_a_swing_and_a_curve() {
    let work = Workplace::new();
    let two = "monthly_fixed = { discrete = { values = [90000, 98000], weights = [1, 1] } }";
    let text = SUM.replace("monthly_fixed = { normal = { mean = 99000, sd = 2000, min = 80000, max = 120000 } }", two);
    assert_ne!(text, SUM);
    work.file("two.toml", text);
    ran(&work, &["drivers", "two.toml", "--of", "npv", "--paths", "4096", "-q"]);
    let swing = Csv::read(&work, "output/two/drivers-npv/swing.csv");
    near(&swing, "costs.monthly_fixed", "swing", -8000.0);
    near(&swing, "costs.monthly_fixed", "alone_swing", -8000.0);
    let chart = std::fs::read_to_string(work.path().join("output/two/drivers-npv/charts/curves.svg")).unwrap();
    // What is black and white names no hue.
    ran(&work, &["chart", "output/two/drivers-npv", "--theme", "print", "--to", "print", "-q"]);
    let print = std::fs::read_to_string(work.path().join("print/swing.svg")).unwrap();
    assert!(print.contains("dark where the input alone is moved") && !print.contains("blue"), "{print}");
    assert!(!chart.contains("below $90,000") && !chart.contains("above $98,000"), "there is nothing beyond");
}

#[test]
fn what_is_reached_already_is_said_to_be() {
    let work = Workplace::new();
    // 1000 · 100 less 99,000 is above zero.
    work.file("sum.toml", SUM);
    let (stdout, _) = ran(&work, &["drivers", "sum.toml", "--of", "npv", "--paths", "8192", "--no-charts"]);
    assert!(stdout.contains("Mean NPV is $0 or more as it stands; alone, each of these keeps it there:"), "{stdout}");
    assert!(!stdout.contains("would bring") && !stdout.contains("No input alone"), "{stdout}");
    let record = std::fs::read_to_string(work.path().join("output/sum/drivers-npv/drivers.json")).unwrap();
    assert!(record.contains("\"paths\": 8192"), "{record}");
}

#[test]
fn what_is_needed_is_where_the_means_meet() {
    let work = Workplace::new();
    work.file("sum.toml", SUM);
    ran(
        &work,
        &["drivers", "sum.toml", "--of", "npv_nonnegative", "--of", "npv", "--paths", "65536", "--no-charts", "-q"],
    );
    let needed = Csv::read(&work, "output/sum/drivers-npv/needed.csv");
    let (price, fixed) =
        (needed.find("input", "price.monthly").unwrap(), needed.find("input", "costs.monthly_fixed").unwrap());
    // 1000 · price = 99,000 on average, and so is the fixed cost 1000 · 100.
    assert!((needed.number(price, "needed") - 99.0).abs() < 0.01);
    assert!((needed.number(fixed, "needed") - 100_000.0).abs() < 10.0);
    assert_eq!([needed.cell(price, "says"), needed.cell(fixed, "says")], ["or more", "or less"]);
    // Φ(1) of the prices are above 99, Φ(0.5) of the costs below 100,000.
    assert!((needed.number(price, "share_beyond") - 0.841_345).abs() < 0.003);
    assert!((needed.number(fixed, "share_beyond") - 0.691_462).abs() < 0.003);
    // Where nobody has churned yet, no churn can help: the best is what there is.
    let churn = needed.find("input", "retention.monthly_churn");
    assert!(churn.is_none_or(|row| needed.cell(row, "says") == "everywhere"), "the mean is above zero already");
    // Among the paths that break even the price is higher: for Z1 + 2 Z2 above −1/√5 of its sd the medians move apart.
    let common = Csv::read(&work, "output/sum/drivers-npv_nonnegative/common.csv");
    let row = common.find("input", "costs.monthly_fixed").unwrap();
    assert!(common.number(row, "p50_with") < 99_000.0 && common.number(row, "p50_without") > 99_000.0);
    assert_eq!(common.cell(0, "input"), "costs.monthly_fixed", "the furthest apart comes first");
}

#[test]
fn what_the_model_ignores_has_nothing_in_any_measure() {
    let work = Workplace::new();
    // Everyone refuses, so the price falls on nobody.
    let text = SUM.replace("refusal_rate = 0", "refusal_rate = 1");
    work.file("nobody.toml", text);
    ran(&work, &["drivers", "nobody.toml", "--of", "npv", "--paths", "4096", "--no-charts", "-q"]);
    let variance = Csv::read(&work, "output/nobody/drivers-npv/variance.csv");
    let swing = Csv::read(&work, "output/nobody/drivers-npv/swing.csv");
    for column in ["shapley", "first_order", "total"] {
        assert_eq!(of(&variance, "price.monthly", column), (0.0, 0.0), "{column}");
        assert!((of(&variance, "costs.monthly_fixed", column).0 - 1.0).abs() < 0.2, "{column}");
    }
    assert_eq!(of(&swing, "price.monthly", "alone_swing"), (0.0, 0.0));
}

#[test]
fn threads_and_levels_leave_no_trace_and_results_replace_earlier_ones() {
    let work = Workplace::new();
    let run = |out: &str, threads: &str, level: &str| {
        let mut command = work.command();
        command.env("BREAKEVEN_SIMD", level);
        command.args(["drivers", "price-war", "-q", "--paths", "2000", "--max-paths", "30000", "--threads", threads]);
        command.args(["--of", "npv", "--of", "target_reached", "--no-charts", "--out", out]).assert().success();
        work.files(out)
    };
    let first = run("first", "1", Level::detect().name());
    assert!(first.len() >= 15, "{:?}", first.keys());
    for (i, level) in Level::available().into_iter().enumerate() {
        assert_eq!(first, run(level.name(), &(i + 2).to_string(), level.name()), "{}", level.name());
    }
    assert_eq!(first, run("first", "2", Level::detect().name()), "in place of the earlier ones");
}

#[test]
fn a_case_with_nothing_or_little_to_say_says_so() {
    let work = Workplace::new();
    let certain = SUM
        .replace("{ normal = { mean = 100, sd = 1, min = 90, max = 110 } }", "100")
        .replace("{ normal = { mean = 99000, sd = 2000, min = 80000, max = 120000 } }", "99000");
    work.file("certain.toml", certain);
    let (status, _, stderr) = work.run(&["drivers", "certain.toml"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("nothing is uncertain in `certain`"), "{stderr}");
    assert!(!work.path().join("output").exists());

    // Everyone refuses and costs are certain: the price moves nothing.
    let constant = SUM
        .replace("refusal_rate = 0", "refusal_rate = 1")
        .replace("{ normal = { mean = 99000, sd = 2000, min = 80000, max = 120000 } }", "98765.4");
    work.file("constant.toml", constant);
    let (stdout, _) = ran(&work, &["drivers", "constant.toml", "--of", "npv", "--paths", "5000", "--no-charts"]);
    assert!(stdout.contains("NPV is the same in every simulated future: nothing drives it."), "{stdout}");
    assert!(!stdout.contains("rises by") && !stdout.contains("falls by"), "{stdout}");

    let one = SUM.replace("{ normal = { mean = 100, sd = 1, min = 90, max = 110 } }", "100");
    work.file("one.toml", one);
    let (stdout, _) = ran(&work, &["drivers", "one.toml", "--of", "npv", "--of", "payback", "--paths", "2048"]);
    assert!(stdout.contains("The monthly fixed cost decides: 100% of the variance of NPV."), "{stdout}");

    // Payback is certain where the cost is always covered.
    work.file(
        "sure.toml",
        SUM.replace("mean = 99000, sd = 2000, min = 80000, max = 120000", "mean = 9, sd = 1, min = 1, max = 20"),
    );
    let (stdout, _) =
        ran(&work, &["drivers", "sure.toml", "--of", "payback", "--paths", "2048", "--max-paths", "4096"]);
    assert!(stdout.contains("The investment is paid back in all of 2,048 simulated futures"), "{stdout}");
    let variance = Csv::read(&work, "output/sure/drivers-payback/variance.csv");
    assert!(variance.find("input", "price.monthly").is_none());

    let (status, _, stderr) = work.run(&["drivers", "baseline", "--paths", "5"]);
    assert_eq!((status, stderr.contains("at least 32")), (2, true), "{stderr}");
    let (status, _, stderr) = work.run(&["drivers", "baseline", "--of", "pay_back"]);
    assert_eq!((status, stderr.contains("payback")), (2, true), "{stderr}");
    let (status, _, stderr) = work.run(&["drivers", "baseline", "--of", "payback_month"]);
    assert_eq!((status, stderr.contains("ask about an event, such as payback")), (2, true), "{stderr}");
}

#[test]
fn a_rare_event_is_looked_for_further_and_not_ranked() {
    let work = Workplace::new();
    let (stdout, _) = ran(
        &work,
        &["drivers", "baseline", "--of", "payback", "--paths", "8192", "--max-paths", "65536", "--no-charts"],
    );
    assert!(stdout.contains("cannot be said: it takes 100 simulated futures of either kind"), "{stdout}");
    let variance = std::fs::read_to_string(work.path().join("output/baseline/drivers-payback/variance.csv")).unwrap();
    assert_eq!(variance.lines().count(), 1, "no shares without an error");
    assert!(stdout.contains("Of the rarer kind there are only") || stdout.contains("too few"), "{stdout}");
    let record = std::fs::read_to_string(work.path().join("output/baseline/drivers-payback/drivers.json")).unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    let counts: Vec<u64> = record["happens"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
    assert_eq!(counts.iter().sum::<u64>(), 65_536, "to the last path that may be simulated");
}

/// Everyone pays; NPV is above zero where 1000 · price covers the fixed cost.
#[test]
fn rules_are_found_where_the_event_is() {
    let work = Workplace::new();
    // The price is covered in one case of six: below one standard deviation of the cost only a price above the mean does it.
    work.file("sum.toml", SUM.replace("mean = 99000", "mean = 102236"));
    let (stdout, _) = ran(&work, &["discover", "sum.toml", "--of", "npv_nonnegative", "--paths", "16384"]);
    assert!(
        stdout.contains("NPV is zero or more in ") && stdout.contains("a monthly fixed cost of at most"),
        "{stdout}"
    );
    let rules = Csv::read(&work, "output/sum/discover-npv_nonnegative/rules.csv");
    assert_eq!(rules.number(0, "rule"), 1.0);
    // Φ(−1) = 15.9% of all; inside the rule it is far more frequent, and says how much.
    let (density, se) = (rules.number(0, "density"), rules.number(0, "density_se"));
    assert!((rules.number(0, "lift") - density / 0.158_655).abs() < 0.3, "{density}");
    assert!(density > 0.5 && se > 0.0 && rules.number(0, "coverage") > 0.4);
    for chart in ["box", "trajectory"] {
        assert!(work.path().join(format!("output/sum/discover-npv_nonnegative/charts/{chart}.png")).exists());
    }
    let (stdout, _) =
        ran(&work, &["discover", "sum.toml", "--of", "npv_nonnegative", "--not", "--paths", "16384", "--no-charts"]);
    assert!(stdout.contains("NPV is below zero in"), "{stdout}");
}

#[test]
fn rules_leave_no_trace_of_threads_and_say_where_there_are_none() {
    let work = Workplace::new();
    let run = |out: &str, threads: &str, level: &str| {
        let mut command = work.command();
        command.env("BREAKEVEN_SIMD", level);
        command.args([
            "discover",
            "music-like",
            "--of",
            "target_reached",
            "-q",
            "--paths",
            "8192",
            "--max-paths",
            "40000",
        ]);
        command.args(["--threads", threads, "--no-charts", "--out", out]).assert().success();
        work.files(out)
    };
    let first = run("first", "1", Level::detect().name());
    for level in Level::available() {
        assert_eq!(first, run(level.name(), "3", level.name()), "{}", level.name());
    }
    // A second rule is about what the first leaves: together they hold no more than there is.
    let folder = first.keys().find(|file| file.ends_with("rules.csv")).unwrap();
    let rules = Csv::read(&work, &format!("first/{}", folder.display()));
    if let Some(second) = rules.find("rule", "2") {
        assert!(rules.number(0, "coverage") + rules.number(second, "coverage") <= 1.0);
        assert!(rules.number(second, "density") < rules.number(0, "density"));
    }
    // Too rare, or always: nothing to tell.
    let (stdout, _) = ran(
        &work,
        &["discover", "baseline", "--of", "payback", "--paths", "4096", "--max-paths", "4096", "--no-charts"],
    );
    assert!(stdout.contains("too few to look for conditions"), "{stdout}");
    let (stdout, _) = ran(
        &work,
        &["discover", "baseline", "--of", "payback", "--paths", "1000", "--max-paths", "1000", "--no-charts"],
    );
    assert!(stdout.contains("of 1,000 simulated futures") && stdout.contains("see --max-paths"), "{stdout}");
    let (status, _, stderr) = work.run(&["discover", "baseline", "--of", "payback", "--max-paths", "4e9"]);
    assert_eq!((status, stderr.contains("at most 4194304 are kept")), (2, true), "{stderr}");
    let (status, _, stderr) = work.run(&["discover", "baseline", "--of", "npv"]);
    assert_eq!((status, stderr.contains("`npv` is no event")), (2, true), "{stderr}");
}

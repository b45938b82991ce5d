//! Inputs fitted to data: the lines that are printed run as they are, and data that say nothing are refused.

use crate::support::Workplace;

const SURVEY: &str = "price,asked,willing\n2,1000,570\n5,1000,490\n8,1000,340\n12,1000,200\n20,1000,70\n40,1000,14\n";

#[test]
fn what_is_printed_is_part_of_a_scenario() {
    let work = Workplace::new();
    work.file("our survey.csv", SURVEY);
    work.file("cohort.csv", "month,survivors\n0,1000\n1,869\n2,743\n3,653\n4,593\n5,551\n6,517\n7,491\n");
    work.file(
        "sales.csv",
        "period,sales\n1,840\n2,1470\n3,2110\n4,4000\n5,7590\n6,10950\n7,10530\n8,9470\n9,7790\n10,5890\n",
    );
    for (i, arguments) in [
        &["fit", "willingness", "our survey.csv"][..],
        &["fit", "retention", "cohort.csv", "--source", "cohort-2026"],
        &["fit", "bass", "sales.csv"],
    ]
    .into_iter()
    .enumerate()
    {
        let (status, lines, stderr) = work.run(arguments);
        assert_eq!(status, 0, "{stderr}");
        let file = work.file(&format!("case-{i}.toml"), format!("extends = \"baseline\"\n{lines}"));
        let (status, _, stderr) = work.run(&["run", &file, "--paths", "64", "--no-charts", "-q"]);
        assert_eq!(status, 0, "{lines}{stderr}");
    }
    // A quarter's coefficient is four times as much a year.
    let (_, by_year, _) = work.run(&["fit", "bass", "sales.csv", "--rate"]);
    assert!(
        by_year.contains("median = 0.00659396, sigma = 0.217") && by_year.contains("median = 0.638091, sigma = 0.0649"),
        "{by_year}"
    );
    let (_, by_quarter, _) = work.run(&["fit", "bass", "sales.csv", "--rate", "--period", "quarter"]);
    assert!(by_quarter.contains("median = 0.0263758") && by_quarter.contains("median = 2.55237"), "{by_quarter}");
}

#[test]
fn data_that_say_nothing_are_refused_with_a_reason() {
    let work = Workplace::new();
    let refused = |model: &str, text: &str, status: i32, said: &str| {
        work.file("data.csv", text);
        let (found, stdout, stderr) = work.run(&["fit", model, "data.csv"]);
        assert_eq!((found, stdout.as_str()), (status, ""), "{stderr}");
        assert!(stderr.contains(said), "{said}: {stderr}");
    };
    refused("bass", "period,sales\n1,10\n2,20\n3,40\n4,80\n5,160\n6,320\n", 1, "begun to bend");
    refused("bass", "period,sales\n1,10\n2,-20\n3,ten\n", 2, "data.csv:4:3");
    refused("retention", "month,survivors\n1,0.8\n2,0.7\n3,0.6\n", 1, "--cohort");
    refused("retention", "month,survivors\n0,100\n2,80\n3,70\n", 2, "every month in its order");
    refused("willingness", "price,asked,willing\n5,100,40\n10,100,20\n", 1, "at least 4");
    refused("retention", "month,survivors\n0,0\n1,0\n2,0\n3,0\n", 1, "nobody began");
    refused("willingness", "price,asked,willing\n2,20,12\n5,20,10\n8,20,6\n12,20,5\n20,20,1\n", 1, "hardly tell");
    // Percents of a cohort whose size is said.
    work.file("percent.csv", "month,survivors\n0,100\n1,86.9\n2,74.3\n3,65.3\n4,59.3\n5,55.1\n6,51.7\n7,49.1\n");
    let (_, of_1000, _) = work.run(&["fit", "retention", "percent.csv", "--cohort", "1000"]);
    assert!(of_1000.contains("± 0.00953"), "{of_1000}");
    refused("willingness", "price,asked,willing\n5,100,140\n", 2, "expected 0 to all of those asked");
}

const COSTS: &str = "value\n1.2\n0.9\n1.7\n2.4\n1.1\n0.8\n1.9\n3.1\n1.4\n1.6\n2.2\n1.3\n";

#[test]
fn values_become_a_distribution_of_the_input() {
    let work = Workplace::new();
    work.file("costs.csv", COSTS);
    let input = ["--input", "serving.cost_per_subscriber"];
    let fit = |more: &[&str]| {
        let (status, lines, stderr) = work.run(&[&["fit", "samples", "costs.csv"], &input[..], more].concat());
        assert_eq!(status, 0, "{stderr}");
        lines
    };
    for kind in ["any", "uniform", "log_uniform", "triangular", "normal", "log_normal", "gamma", "metalog", "empirical"]
    {
        let lines = fit(&["--kind", kind]);
        let file = work.file("case.toml", format!("extends = \"baseline\"\n{lines}"));
        let (status, _, stderr) = work.run(&["check", &file]);
        assert_eq!(status, 0, "{lines}{stderr}");
        assert!(kind == "any" || lines.contains(&format!("cost_per_subscriber = {{ {kind} = {{")), "{lines}");
    }
    // Mean 1.6333; how it is told where the input is that mean.
    let lines = fit(&[]);
    assert!(lines.contains("mean 1.633 ± 0.19") && lines.contains("by AIC"), "{lines}");
    work.file("grades.csv", "value\n1\n1\n2\n2\n2\n3\n1\n2\n");
    let (_, lines, _) = work.run(&["fit", "samples", "grades.csv", "--input", "costs.support", "--kind", "discrete"]);
    assert!(lines.contains("discrete = { values = [1, 2, 3], weights = [3, 4, 1] }"), "{lines}");
}

#[test]
fn values_close_together_around_a_large_number_keep_their_digits() {
    let work = Workplace::new();
    let values: Vec<String> = (0..20).map(|i| format!("{}", 5_000_000 + i)).collect();
    work.file("volumes.csv", format!("value\n{}\n", values.join("\n")));
    let arguments = ["fit", "samples", "volumes.csv", "--input", "costs.investment", "--kind", "uniform"];
    let (status, lines, stderr) = work.run(&arguments);
    assert_eq!(status, 0, "{stderr}");
    assert!(lines.contains("uniform = { min = 5000000, max = 5000019 }"), "{lines}");
}

#[test]
fn values_of_one_segment_go_into_its_table() {
    let work = Workplace::new();
    work.file("shares.csv", "value\n0.1\n0.2\n0.3\n0.15\n0.22\n0.18\n0.27\n0.12\n");
    let fit = |input: &str| work.run(&["fit", "samples", "shares.csv", "--kind", "uniform", "--input", input]);
    let (_, lines, _) = fit("segments.prime.market.refusal_rate");
    assert!(lines.contains("[segments.prime.market]\nrefusal_rate = { uniform ="), "{lines}");
    for name in ["segments.heavy users.market.refusal_rate", "segments.\"heavy users\".market.refusal_rate"] {
        let (_, lines, _) = fit(name);
        assert!(lines.contains("[segments.\"heavy users\".market]\n"), "{lines}");
    }
    let (status, _, stderr) = fit("segments.prime.finance.annual_discount_rate");
    assert!(status == 1 && stderr.contains("--input finance.annual_discount_rate"), "{stderr}");
}

#[test]
fn values_that_make_no_distribution_are_refused_with_a_reason() {
    let work = Workplace::new();
    work.file("costs.csv", COSTS);
    work.file("few.csv", "value\n1\n2\n");
    work.file("same.csv", "value\n3\n3\n3\n3\n3\n3\n3\n3\n");
    let refused = |arguments: &[&str], status: i32, said: &str| {
        let (found, stdout, stderr) = work.run(&[&["fit", "samples"], arguments].concat());
        assert_eq!((found, stdout.as_str()), (status, ""), "{stderr}");
        assert!(stderr.contains(said), "{said}: {stderr}");
    };
    refused(&["costs.csv"], 2, "--input KEY");
    refused(&["costs.csv", "--input", "price.months"], 1, "did you mean `price.monthly`?");
    refused(&["costs.csv", "--input", "horizon.months"], 1, "no input that takes a distribution");
    refused(&["few.csv", "--input", "costs.support"], 1, "at least 8");
    refused(&["same.csv", "--input", "costs.support"], 1, "that is a number");
    refused(&["costs.csv", "--input", "market.refusal_rate"], 2, "costs.csv:2:1");
    refused(&["costs.csv", "--input", "costs.support", "--kind", "beta"], 1, "between 0 and 1");
    work.file("cohort.csv", "month,survivors\n0,1000\n1,869\n2,743\n3,653\n");
    let (status, _, stderr) = work.run(&["fit", "retention", "cohort.csv", "--input", "costs.support"]);
    assert!(status == 2 && stderr.contains("for `fit samples`"), "{stderr}");
}

#[test]
fn lines_go_into_a_file_and_leave_the_rest_as_it_is() {
    let work = Workplace::new();
    work.file("survey.csv", SURVEY);
    let before = "# My own case.\nextends = \"baseline\"\ntitle = \"Mine\"   # a title\n\n[market]\n# once a guess\n\
                  refusal_rate = { uniform = { min = 0.6, max = 0.8 } } # to be asked\n\n[price]\nmonthly = 9.99\n";
    let file = work.file("mine.toml", before);
    let (status, said, stderr) = work.run(&["fit", "willingness", "survey.csv", "--into", &file]);
    assert_eq!(status, 0, "{stderr}");
    assert!(said.contains("market.refusal_rate") && said.contains("the correlation of"), "{said}");
    let after = std::fs::read_to_string(work.path().join(&file)).unwrap();
    for kept in [
        "# My own case.\n",
        "title = \"Mine\"   # a title\n",
        "# once a guess\n",
        "# to be asked\n",
        "monthly = 9.99\n",
    ] {
        assert!(after.contains(kept), "{kept}: {after}");
    }
    assert!(after.contains("refusal_rate = { normal = {") && after.contains("[sources.survey]"), "{after}");
    // A file with correlations of its own inherits none: those of other inputs are written into it, those of the fitted ones are not.
    let inherited = breakeven::scenario::load("baseline").unwrap().correlations().len();
    let case = breakeven::scenario::load(work.path().join(&file).to_str().unwrap()).unwrap();
    let of = |name: &str| {
        let inputs = case.correlations().iter().flat_map(|correlation| correlation.inputs);
        inputs.filter(|input| input.name(&[]) == name).count()
    };
    assert_eq!((of("market.refusal_rate"), of("willingness.median_price"), of("willingness.steepness")), (2, 2, 2));
    assert!(of("retention.monthly_churn") > 0 && case.correlations().len() < inherited + 3, "{after}");
    assert!(said.contains("inherited correlations are left out: "), "{said}");
    // Once more changes nothing.
    assert_eq!(work.run(&["fit", "willingness", "survey.csv", "--into", &file]).0, 0);
    assert_eq!(std::fs::read_to_string(work.path().join(&file)).unwrap(), after);
}

#[test]
fn a_file_keeps_its_line_ends_and_its_permissions_and_takes_new_data() {
    let work = Workplace::new();
    work.file("costs.csv", COSTS);
    let file = work.file("mine.scenario", "extends = \"baseline\"\r\ntitle = \"Mine\"\r\n");
    let path = work.path().join(&file);
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
    // By its whole path, whatever its name ends in.
    let whole = path.to_str().unwrap();
    let arguments = ["fit", "samples", "costs.csv", "--input", "costs.support", "--kind", "normal", "--into", whole];
    let (status, said, stderr) = work.run(&arguments);
    assert_eq!(status, 0, "{stderr}");
    assert!(said.contains("costs.support"), "{said}");
    let after = std::fs::read_to_string(&path).unwrap();
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "{after:?}");
    assert!(after.starts_with("extends = \"baseline\"\r\ntitle = \"Mine\"\r\n"), "{after:?}");
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777,
        0o640
    );
    // More values later are of the same source.
    work.file("costs.csv", format!("{COSTS}2.5\n2.6\n"));
    let (status, _, stderr) = work.run(&arguments);
    assert_eq!(status, 0, "{stderr}");
    let later = std::fs::read_to_string(&path).unwrap();
    assert!(later != after && later.matches("[sources.costs]").count() == 1, "{later}");
}

#[test]
fn a_file_that_would_be_no_scenario_any_more_stays_as_it_is() {
    let work = Workplace::new();
    work.file("survey.csv", SURVEY);
    let refused = |before: &str, said: &str| {
        let file = work.file("mine.toml", before);
        let (status, _, stderr) = work.run(&["fit", "willingness", "survey.csv", "--into", &file]);
        assert_eq!(status, 2, "{stderr}");
        assert!(stderr.contains(said), "{said}: {stderr}");
        assert_eq!(std::fs::read_to_string(work.path().join(&file)).unwrap(), before);
    };
    refused("extends = \"baseline\"\n[market\n", "mine.toml:2");
    refused(
        "extends = \"baseline\"\nmarket = { refusal_rate = { uniform = { min = 0.6, max = 0.8 } } }\n",
        "in braces",
    );
    refused("extends = \"baseline\"\n[sources.survey]\ntitle = \"Another survey\"\n", "--source another name");
    let (status, _, stderr) = work.run(&["fit", "willingness", "survey.csv", "--into", "none.toml"]);
    assert!(status == 2 && stderr.contains("breakeven new"), "{stderr}");
}

#[test]
fn the_chart_is_drawn_beside_the_lines() {
    let work = Workplace::new();
    work.file("survey.csv", SURVEY);
    work.file("costs.csv", COSTS);
    let (status, lines, stderr) = work.run(&["fit", "willingness", "survey.csv", "--chart", "survey.svg"]);
    assert!(status == 0 && lines.contains("[market]"), "{stderr}");
    let svg = std::fs::read_to_string(work.path().join("survey.svg")).unwrap();
    assert!(svg.contains("Log-logistic demand fitted to survey.csv") && svg.contains("fitted"), "{svg}");
    let input = ["--input", "costs.support"];
    let (status, _, stderr) =
        work.run(&[&["fit", "samples", "costs.csv", "--chart", "costs.png"], &input[..]].concat());
    assert_eq!(status, 0, "{stderr}");
    assert!(std::fs::read(work.path().join("costs.png")).unwrap().starts_with(b"\x89PNG"));
    let more = ["--kind", "empirical", "--chart", "x.png"];
    let (status, _, stderr) = work.run(&[&["fit", "samples", "costs.csv"], &input[..], &more].concat());
    assert!(status == 2 && stderr.contains("no fit to draw"), "{stderr}");
    // Prices in any order, and one at which nobody would pay.
    work.file(
        "mixed.csv",
        "price,asked,willing\n40,1000,0\n2,1000,570\n12,1000,200\n5,1000,490\n8,1000,340\n20,1000,70\n",
    );
    let (status, _, stderr) = work.run(&["fit", "willingness", "mixed.csv", "--chart", "mixed.svg"]);
    assert_eq!(status, 0, "{stderr}");
    let svg = std::fs::read_to_string(work.path().join("mixed.svg")).unwrap();
    assert!(svg.contains("in half of the rows") && !svg.contains("inf") && !svg.contains("NaN"), "{svg}");
    let (status, _, stderr) = work.run(&["fit", "willingness", "survey.csv", "--chart", "x.pdf"]);
    assert!(status == 2 && stderr.contains(".png or .svg"), "{stderr}");
}

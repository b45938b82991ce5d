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

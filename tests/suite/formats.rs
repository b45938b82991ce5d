//! Tables for the next tool: formats, every path, and the data dictionary.

use std::collections::BTreeSet;

use breakeven::table::spec;

use crate::support::{Csv, Workplace};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn formats_are_those_asked_for_and_the_same_bytes_each_time() {
    let work = Workplace::new();
    let run = |out: &str, format: &str, threads: &str| {
        let arguments = ["run", "baseline", "--paths", "5000", "-q", "--no-charts", "--keep-paths", "--out", out];
        let (status, _, stderr) = work.run(&[&arguments[..], &["--format", format, "--threads", threads]].concat());
        assert_eq!(status, 0, "{stderr}");
        work.files(out)
    };
    let all = run("a", "csv,json,parquet,xlsx", "1");
    assert!(all == run("b", "csv,json,parquet,xlsx", "2"), "the same bytes");
    let names: BTreeSet<String> = all.keys().map(|file| file.display().to_string()).collect();
    for name in ["summary.csv", "summary.parquet", "tables.json", "tables.xlsx", "paths.parquet", "run.json"] {
        assert!(names.contains(&format!("baseline/{name}")), "{names:?}");
        assert!(
            std::str::from_utf8(&all[std::path::Path::new("baseline/run.json")]).unwrap().contains(name),
            "{name} is in the record"
        );
    }
    let book = run("a", "xlsx", "2");
    let csv = book.keys().filter(|file| file.extension().is_some_and(|extension| extension == "csv")).count();
    assert_eq!(csv, 0, "tables of the earlier run are gone");
    let (status, _, stderr) = work.run(&["run", "baseline", "--format", "excel"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("possible values: csv, json, parquet, xlsx"), "{stderr}");
}

#[test]
fn every_column_of_every_table_is_in_the_dictionary() {
    let work = Workplace::new();
    let quick = ["-q", "--no-charts"];
    work.file("seen.csv", "month,series,value,sd\n2,paying,200000,\n3,paying,400000,40000\n");
    let commands: [&[&str]; 12] = [
        &["run", "prime-uplift"],
        &["sweep", "baseline", "--vary", "price.monthly=5,10", "--vary", "market.refusal_rate=0.3,0.6"],
        &["sweep", "prime-uplift", "--vary", "segments.prime.revenue.ancillary=1,2"],
        &["solve", "baseline", "--for", "price.monthly", "--until", "npv=0", "--each-path"],
        &["solve", "baseline", "--for", "market.refusal_rate", "--until", "payback=0.1"],
        &["compare", "baseline", "music-like"],
        &["drivers", "price-war", "--of", "target_reached", "--max-paths", "10000"],
        &["discover", "music-like", "--of", "target_reached", "--max-paths", "30000"],
        &[
            "voi",
            "baseline",
            "--or-nothing",
            "--set",
            "costs.investment=1e8",
            "--study",
            "market.refusal_rate:n=9",
            "--study-cost",
            "1,1",
        ],
        &["condition", "price-war", "--actuals", "seen.csv", "--holdout", "1"],
        &["run", "price-war"],
        &["score", "output/price-war", "--actuals", "seen.csv"],
    ];
    for command in commands {
        let paths = if ["voi", "condition"].contains(&command[0]) { "1024" } else { "128" };
        let paths: &[&str] = if command[0] == "score" { &[] } else { &["--paths", paths] };
        let (status, _, stderr) = work.run(&[command, paths, &quick].concat());
        assert_eq!(status, 0, "{stderr}");
    }
    let (mut seen, mut tables) = (BTreeSet::new(), 0);
    let is_table = |file: &&std::path::PathBuf| {
        file.extension().is_some_and(|extension| extension == "csv") && !file.ends_with("scenario/actuals.csv")
    };
    for file in work.files("output").keys().filter(is_table) {
        tables += 1;
        let table = file.file_stem().unwrap().to_str().unwrap();
        let csv = Csv::read(&work, &format!("output/{}", file.display()));
        for name in csv.columns() {
            let entry =
                spec::describe(table, name).unwrap_or_else(|| panic!("{table}.csv: {name} is not in the dictionary"));
            seen.insert((table.to_owned(), entry.name));
        }
    }
    assert!(tables > 15, "{tables} tables");
    let unused: Vec<_> = spec::columns()
        .filter(|(table, column)| !seen.contains(&((*table).to_owned(), column.name)) && *table != "paths")
        .collect();
    assert!(unused.is_empty(), "no table has {unused:?}");
}

#[test]
fn the_dictionary_of_the_repository_is_that_of_the_program() {
    let work = Workplace::new();
    let (status, stdout, _) = work.run(&["explain", "--columns"]);
    assert_eq!(status, 0);
    let path = format!("{ROOT}/.readme/columns.csv");
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(path, stdout).unwrap();
    } else {
        assert_eq!(std::fs::read_to_string(path).unwrap(), stdout, "run `UPDATE_README=1 cargo test the_dictionary`");
    }
}

//! The results' folder: found unwritable before simulating, whole after a failure, clean after a kill.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Workplace;

/// Starts a run that takes minutes, and waits until it has begun to write.
fn long_run(work: &Workplace) -> std::process::Child {
    long(work, &["run", "baseline", "--no-charts", "--paths", "1e9"])
}

/// Starts a command that takes long, and waits until it has begun to write.
fn long(work: &Workplace, arguments: &[&str]) -> std::process::Child {
    let child = Command::new(env!("CARGO_BIN_EXE_breakeven"))
        .current_dir(work.path())
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while litter(work).is_empty() {
        assert!(start.elapsed() < Duration::from_secs(30), "the run does not begin");
        std::thread::yield_now();
    }
    child
}

fn litter(work: &Workplace) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(work.path().join("output")) else { return Vec::new() };
    let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with('.')).collect()
}

fn signal(child: &std::process::Child, signal: &str) {
    let status = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

fn first_run(work: &Workplace) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    let (status, _, stderr) = work.run(&["run", "baseline", "-q", "--no-charts", "--paths", "100"]);
    assert_eq!(status, 0, "{stderr}");
    work.files("output/baseline")
}

#[test]
fn an_interrupted_run_ends_with_130_leaves_earlier_results_whole_and_no_litter() {
    let work = Workplace::new();
    let before = first_run(&work);
    let mut child = long_run(&work);
    let begun = Instant::now();
    // The handler is installed before the folder is made, so the signal finds it.
    signal(&child, "-INT");
    let status = child.wait().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "it took {:?} to stop", begun.elapsed());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((status.code(), said.as_str()), (Some(130), "interrupted: earlier results stand as they were\n"));
    assert_eq!(work.files("output/baseline"), before);
    assert!(litter(&work).is_empty());
}

#[test]
fn an_interrupted_analysis_ends_with_130_and_leaves_no_litter() {
    let work = Workplace::new();
    work.file("seen.csv", "month,series,value\n2,paying,450000\n3,paying,867000\n4,paying,1167000\n");
    let decision = ["voi", "baseline", "--choose", "price.monthly=5:20:0.25", "--paths", "1e6"];
    let actuals = [
        "condition",
        "baseline",
        "--actuals",
        "seen.csv",
        "--error",
        "1%",
        "--max-paths",
        "16777216",
        "--paths",
        "1e6",
    ];
    for arguments in [&decision[..], &actuals[..]] {
        let mut child = long(&work, arguments);
        let begun = Instant::now();
        signal(&child, "-INT");
        let status = child.wait().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(5), "it took {:?} to stop", begun.elapsed());
        assert_eq!(status.code(), Some(130), "{arguments:?}");
        assert!(litter(&work).is_empty() && work.files("output").is_empty());
    }
}

#[test]
fn an_interrupted_sweep_keeps_what_is_done_and_says_so() {
    let work = Workplace::new();
    let arguments = ["sweep", "baseline", "--no-charts", "--vary", "price.monthly=5:10:0.0001"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_breakeven"))
        .current_dir(work.path())
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let kept = work.path().join("output/.baseline.sweep-price.monthly.kept");
    let start = Instant::now();
    while !kept.exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "nothing is kept");
        std::thread::yield_now();
    }
    signal(&child, "-INT");
    let status = child.wait().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(status.code(), Some(130), "{said}");
    let end = "of 50001 points are kept, and the same command goes on from there\n";
    assert!(said.starts_with("interrupted: ") && said.ends_with(end), "{said}");
    let names: Vec<_> = work.files("output").into_keys().collect();
    assert_eq!(names, [std::path::PathBuf::from(".baseline.sweep-price.monthly.kept")], "nothing but that is left");
}

#[test]
fn a_killed_run_leaves_earlier_results_whole_and_the_next_run_cleans_up() {
    let work = Workplace::new();
    let before = first_run(&work);
    let mut child = long_run(&work);
    signal(&child, "-KILL");
    child.wait().unwrap();
    // Killed while it tried whether it may write there, it leaves a hidden folder.
    let mut after = work.files("output/baseline");
    after.retain(|name, _| !name.to_str().unwrap().starts_with(".breakeven-"));
    assert_eq!(after, before);
    assert!(!litter(&work).is_empty(), "a killed run cannot clean up");
    assert_eq!(first_run(&work), before);
    assert!(litter(&work).is_empty(), "the next run does");
}

#[test]
fn a_folder_that_cannot_be_written_is_found_before_simulating() {
    let work = Workplace::new();
    work.file("taken", "a file");
    let start = Instant::now();
    let (status, _, stderr) = work.run(&["run", "baseline", "--paths", "1e9", "--out", "taken"]);
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_eq!(status, 1);
    assert!(stderr.starts_with("error: cannot create the folder `taken`"), "{stderr}");

    std::fs::create_dir(work.path().join("out")).unwrap();
    work.file("out/baseline", "a file where the folder should stand");
    let (status, _, stderr) = work.run(&["run", "baseline", "--paths", "1e9", "--out", "out"]);
    assert_eq!(status, 1);
    assert!(stderr.contains("there is a file of that name"), "{stderr}");
    assert_eq!(work.files("out").len(), 1, "nothing is lost or left");
}

#[test]
fn nothing_is_run_when_one_of_several_scenarios_is_wrong() {
    let work = Workplace::new();
    let wrong = work.file("wrong.toml", "[horizon]\nmonths = 0\n");
    let (status, stdout, _) = work.run(&["run", "baseline", &wrong, "--paths", "100"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    assert!(!work.path().join("output").exists());
}

//! Nobody's files are lost: what a run replaces, what it leaves alone, links, several runs at once, signals, copies.

#![allow(clippy::print_stderr, reason = "a test that cannot run here says so")]

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::Workplace;

/// A quick run of a scenario into `output`.
fn quick(work: &Workplace, scenario: &str) -> (i32, String, String) {
    work.run(&["run", scenario, "--paths", "64", "--no-charts"])
}

fn read(work: &Workplace, file: &str) -> String {
    std::fs::read_to_string(work.path().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn hidden(dir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with('.')).collect()
}

#[test]
fn a_run_replaces_its_own_files_and_no_other() {
    let work = Workplace::new();
    assert_eq!(work.run(&["run", "baseline", "--paths", "64", "-q"]).0, 0);
    let mine = ["actuals.csv", "board.xlsx", "scenario-notes.toml", "charts/mine.png", "tables.json.bak", "notes/x.md"];
    std::fs::create_dir(work.path().join("output/baseline/notes")).unwrap();
    for name in mine {
        work.file(&format!("output/baseline/{name}"), "mine");
    }
    let (status, _, stderr) = quick(&work, "baseline");
    assert_eq!((status, stderr.as_str()), (0, ""));
    for name in mine {
        assert_eq!(read(&work, &format!("output/baseline/{name}")), "mine", "{name}");
    }
    assert!(!work.path().join("output/baseline/charts/npv.png").exists(), "its own charts are gone with --no-charts");
    // The same in the folder of a sweep, and of sweeps side by side.
    let sweep = ["sweep", "baseline", "music-like", "--vary", "price.monthly=5,10", "--paths", "64", "-q"];
    for _ in 0..2 {
        assert_eq!(work.run(&sweep).0, 0);
        for folder in ["baseline/sweep-price.monthly", "sweep-price.monthly-baseline-music-like"] {
            let file = format!("output/{folder}/charts/mine.svg");
            if work.path().join(&file).exists() {
                assert_eq!(read(&work, &file), "mine");
            }
            work.file(&file, "mine");
        }
    }
    assert_eq!(hidden(&work.path().join("output")), [""; 0]);
}

#[test]
fn a_file_in_the_way_is_kept_under_another_name() {
    let work = Workplace::new();
    std::fs::create_dir_all(work.path().join("output/baseline")).unwrap();
    work.file("output/baseline/summary.csv", "mine");
    let (status, _, stderr) = quick(&work, "baseline");
    assert_eq!(status, 0);
    assert!(stderr.contains("note: `output/baseline/summary.csv` was not written by an earlier run"), "{stderr}");
    assert_eq!(read(&work, "output/baseline/summary.kept-1.csv"), "mine");
    assert!(read(&work, "output/baseline/summary.csv").starts_with("segment,outcome"));
    // The next run knows both for what they are.
    let (status, _, stderr) = quick(&work, "baseline");
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert_eq!(read(&work, "output/baseline/summary.kept-1.csv"), "mine");
}

#[test]
fn charts_drawn_again_belong_to_the_run() {
    let work = Workplace::new();
    assert_eq!(quick(&work, "baseline").0, 0);
    assert_eq!(work.run(&["chart", "output/baseline", "--only", "npv", "-q"]).0, 0);
    assert!(read(&work, "output/baseline/run.json").contains("charts/npv.png"));
    let (status, _, stderr) = work.run(&["run", "baseline", "--paths", "64"]);
    assert_eq!((status, stderr.as_str()), (0, ""), "nothing is in the way");
    assert!(!work.path().join("output/baseline/charts/npv.kept-1.png").exists());
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_what_is_no_file_is_refused() {
    use std::os::unix::fs::symlink;
    let work = Workplace::new();
    let at = |name: &str| work.path().join(name);
    std::fs::create_dir_all(at("precious/deep")).unwrap();
    std::fs::create_dir(at("output")).unwrap();
    work.file("precious/deep/x.txt", "mine");
    symlink("../precious", at("output/baseline")).unwrap();
    assert_eq!(quick(&work, "baseline").0, 0);
    assert!(std::fs::symlink_metadata(at("output/baseline")).unwrap().is_symlink());
    assert_eq!(read(&work, "precious/deep/x.txt"), "mine");
    assert!(at("precious/summary.csv").exists());
    symlink("nowhere", at("output/music-like")).unwrap();
    let (status, _, stderr) = work.run(&["run", "music-like", "--paths", "1e9"]);
    assert_eq!(status, 1, "refused before simulating");
    assert!(stderr.contains("leads nowhere"), "{stderr}");

    let report = |to: &str| work.run(&["report", "baseline", "--paths", "1e8", "--to", to]);
    assert!(Command::new("mkfifo").arg(at("fifo.html")).status().unwrap().success());
    std::fs::create_dir(at("folder.html")).unwrap();
    for (to, why) in
        [("fifo.html", "no regular file"), ("folder.html", "it is a folder"), ("/dev/full", "no regular file")]
    {
        let (status, _, stderr) = report(to);
        assert_eq!(status, 2, "{to}");
        assert!(stderr.contains(why), "{stderr}");
    }
    work.file("page.html", "old");
    symlink("page.html", at("link.html")).unwrap();
    assert_eq!(work.run(&["report", "baseline", "--paths", "64", "-q", "--to", "link.html"]).0, 0);
    assert!(std::fs::symlink_metadata(at("link.html")).unwrap().is_symlink());
    assert!(read(&work, "page.html").starts_with("<!DOCTYPE html>"));
    let (status, _, stderr) = work.run(&["run", "baseline", "--paths", "64", "--out", "fifo.html"]);
    assert_eq!(status, 1, "{stderr}");
    let (status, _, stderr) = work.run(&["run", "baseline", "--paths", "64", "--out", ""]);
    assert_eq!(status, 2, "{stderr}");
}

/// A folder of another user: only root can make one.
#[cfg(unix)]
#[test]
fn a_folder_of_another_user_is_refused_before_simulating() {
    let work = Workplace::new();
    let folder = work.path().join("output/baseline");
    std::fs::create_dir_all(&folder).unwrap();
    if std::os::unix::fs::chown(&folder, Some(12_345), None).is_err() {
        eprintln!("SKIPPED: only root can give a folder to somebody else");
        return;
    }
    let (status, _, stderr) = work.run(&["run", "baseline", "--paths", "1e9"]);
    assert_eq!(status, 1);
    assert!(stderr.contains("it belongs to another user"), "{stderr}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    assert_eq!(hidden(&work.path().join("output")), [""; 0]);
}

fn started(work: &Workplace, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_breakeven"))
        .current_dir(work.path())
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn runs_into_one_folder_at_once_all_end_whole() {
    let work = Workplace::new();
    work.file(".baseline.partial-x", "mine");
    std::fs::create_dir(work.path().join("output")).unwrap();
    work.file("output/.baseline.partial-x", "mine");
    let sweep: &[&str] = &["sweep", "baseline", "--vary", "price.monthly=5", "--paths", "64", "--no-charts", "-q"];
    for round in 0..60 {
        let runs = ["64", "80", "96"].map(|paths| ["run", "baseline", "--no-charts", "-q", "--paths", paths]);
        let mut all: Vec<Child> = runs.iter().map(|run| started(&work, run)).collect();
        all.push(started(&work, sweep));
        for child in all {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && said.is_empty(), "round {round}: {said}");
        }
        let record = read(&work, "output/baseline/run.json");
        let summary = read(&work, "output/baseline/summary.csv");
        assert!(["\"paths\": 64", "\"paths\": 80", "\"paths\": 96"].iter().any(|paths| record.contains(paths)));
        assert!(summary.ends_with('\n'), "whole");
        assert!(work.path().join("output/baseline/sweep-price.monthly/sweep.csv").exists(), "round {round}");
        assert_eq!(hidden(&work.path().join("output")), [".baseline.partial-x"], "round {round}");
    }
    assert_eq!(read(&work, "output/.baseline.partial-x"), "mine");
}

fn wait_for_draft(dir: &Path) {
    let start = std::time::Instant::now();
    while hidden(dir).is_empty() {
        assert!(start.elapsed().as_secs() < 30, "the program does not begin");
        std::thread::yield_now();
    }
}

#[cfg(unix)]
#[test]
fn term_and_hangup_end_a_run_like_ctrl_c_and_litter_goes_with_the_next_command() {
    let work = Workplace::new();
    for signal in ["-TERM", "-HUP"] {
        let mut child = started(&work, &["run", "baseline", "--no-charts", "--paths", "1e9"]);
        wait_for_draft(&work.path().join("output"));
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130), "{signal}");
        assert_eq!(hidden(&work.path().join("output")), [""; 0]);
    }
    // Killed: a shard and a report leave drafts that any next command in that folder removes.
    let commands: [&[&str]; 2] =
        [&["run", "baseline", "--paths", "1e9", "--shard", "1/2"], &["report", "baseline", "--paths", "1e9"]];
    for command in commands {
        std::fs::create_dir_all(work.path().join("output/.breakeven-1-1/results")).unwrap();
        work.file("output/.breakeven-1-1/lock", "a draft of breakeven, for: \n");
        let mut child = started(&work, command);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(work.run(&["report", "baseline", "--paths", "64", "-q"]).0, 0);
        assert_eq!(hidden(&work.path().join("output")), [""; 0], "{command:?}");
    }
}

/// No file may grow beyond nothing: what a full disk is to a program, without one.
#[cfg(unix)]
#[test]
fn a_new_scenario_on_a_full_disk_leaves_no_file() {
    let work = Workplace::new();
    let limited = "trap '' XFSZ; ulimit -f 0; exec \"$0\" new mine";
    let full = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_breakeven")])
        .current_dir(work.path())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(full.code(), Some(1));
    assert_eq!(std::fs::read_dir(work.path()).unwrap().count(), 0, "nothing half-written is left");

    assert_eq!(work.run(&["new", "mine"]).0, 0);
    assert_eq!(work.run(&["new", "mine"]).0, 2, "never over another");
    assert_eq!(hidden(work.path()), [""; 0]);
}

#[test]
fn copies_of_a_scenario_run_again_to_the_same_bytes() {
    let work = Workplace::new();
    for folder in ["a", "b", "cases"] {
        std::fs::create_dir(work.path().join(folder)).unwrap();
    }
    work.file("b/base.toml", "extends = \"baseline\"\n[costs]\nsupport = 0.5\n");
    work.file("a/base.toml", "extends = \"../b/base.toml\"\n[price]\nmonthly = 8\n");
    work.file("cases/leaf.toml", "extends = \"../a/base.toml\"\ntitle = \"Leaf\"\n");
    let run =
        |scenario: &str, out: &str| work.run(&["run", scenario, "--paths", "64", "--no-charts", "-q", "--out", out]);
    assert_eq!(run("cases/leaf.toml", "first").0, 0);
    let copies: Vec<_> = work.files("first/leaf/scenario").into_keys().map(|name| name.display().to_string()).collect();
    assert_eq!(copies, ["a/base.toml", "b/base.toml", "b/baseline.toml", "cases/leaf.toml"]);
    for name in ["a", "b", "cases"] {
        std::fs::remove_dir_all(work.path().join(name)).unwrap();
    }
    let (status, _, stderr) = run("first/leaf/scenario/cases/leaf.toml", "second");
    assert_eq!(status, 0, "{stderr}");
    assert_eq!(work.files("first"), work.files("second"));
    // And by every command that copies scenarios.
    let compare = ["compare", "baseline", "music-like", "--paths", "64", "--no-charts", "-q"];
    assert_eq!(work.run(&compare).0, 0);
    assert!(work.path().join("output/compare-baseline-music-like/music-like/scenario/baseline.toml").exists());
}

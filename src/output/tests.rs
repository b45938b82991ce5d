//! What a killed program leaves, and what is never touched.

use std::io::Write;

use super::*;

fn write(staging: &Staging, name: &str, text: &str) {
    staging.write(name, |w| w.write_all(text.as_bytes())).unwrap();
}

fn read(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(name)).unwrap_or_default()
}

/// Stages results with a record that names them.
fn results(out: &Path, text: &str, names: &[&str]) -> Staging {
    let staging = Staging::new(out, "a", None).unwrap();
    for name in names {
        write(&staging, name, text);
    }
    let files: Vec<String> = names.iter().chain(&["run.json"]).map(|name| format!("{name:?}")).collect();
    write(&staging, "run.json", &format!("{{\"files\": [{}]}}", files.join(", ")));
    staging
}

fn entries(dir: &Path) -> usize {
    fs::read_dir(dir).unwrap().count()
}

#[test]
fn earlier_results_stand_until_the_new_ones_are_complete() {
    let out = tempfile::tempdir().unwrap();
    let dir = results(out.path(), "1", &["summary.csv", "charts/fan.png"]).publish().unwrap().place;
    drop(results(out.path(), "half", &["summary.csv"]));
    assert_eq!(read(&dir, "summary.csv"), "1");
    results(out.path(), "2", &["summary.csv"]).publish().unwrap();
    assert_eq!(read(&dir, "summary.csv"), "2");
    assert!(!dir.join("charts").exists(), "files that the new run did not write are gone");
    assert_eq!(entries(out.path()), 1, "no litter");
}

#[test]
fn files_of_others_stay_whatever_their_names() {
    let out = tempfile::tempdir().unwrap();
    let dir = results(out.path(), "1", &["summary.csv", "charts/fan.png", "old.csv"]).publish().unwrap().place;
    let mine = ["actuals.csv", "board.xlsx", "scenario-notes.toml", "charts/mine.png", "deep/er/x.csv", ".hidden"];
    fs::create_dir_all(dir.join("deep/er")).unwrap();
    fs::create_dir_all(dir.join("empty")).unwrap();
    for name in mine {
        fs::write(dir.join(name), "mine").unwrap();
    }
    for names in [&["summary.csv", "charts/fan.png"][..], &["summary.csv"]] {
        let published = results(out.path(), "2", names).publish().unwrap();
        assert!(published.notes.is_empty(), "{:?}", published.notes);
        for name in mine {
            assert_eq!(read(&dir, name), "mine", "{name}");
        }
    }
    assert!(dir.join("empty").is_dir());
    assert!(!dir.join("charts/fan.png").exists() && !dir.join("old.csv").exists());
}

#[test]
fn a_file_in_the_way_is_set_aside_and_that_is_told() {
    let out = tempfile::tempdir().unwrap();
    let dir = out.path().join("a");
    fs::create_dir(&dir).unwrap();
    fs::write(dir.join("summary.csv"), "mine").unwrap();
    fs::write(dir.join("run.json"), "{\"files\": [\"summary.csv\"]}").unwrap();
    let published = results(out.path(), "1", &["summary.csv"]).publish().unwrap();
    assert_eq!((read(&dir, "summary.csv"), read(&dir, "summary.kept-1.csv")), ("1".to_owned(), "mine".to_owned()));
    assert_eq!(read(&dir, "run.kept-1.json"), "{\"files\": [\"summary.csv\"]}");
    assert_eq!(published.notes.len(), 2);
    assert!(published.notes.iter().any(|note| note.contains("is kept as")), "{:?}", published.notes);
}

#[test]
fn files_are_poured_into_a_folder_that_cannot_be_moved() {
    let (out, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = results(out.path(), "1", &["summary.csv", "stale.csv"]).publish().unwrap().place;
    earlier::pour(&first, place.path()).unwrap();
    fs::write(place.path().join("mine.csv"), "mine").unwrap();
    let second = results(out.path(), "2", &["summary.csv", "mine.csv"]).publish().unwrap().place;
    let notes = earlier::pour(&second, place.path()).unwrap();
    assert_eq!(read(place.path(), "summary.csv"), "2");
    assert_eq!(read(place.path(), "mine.kept-1.csv"), "mine");
    assert!(!place.path().join("stale.csv").exists());
    assert_eq!((notes.len(), entries(place.path())), (1, 4));
}

/// A draft as a killed program leaves it.
fn abandoned(out: &Path, replacing: bool) -> PathBuf {
    let dir = out.join(".breakeven-1-1");
    fs::create_dir_all(dir.join(RESULTS)).unwrap();
    fs::write(dir.join("lock"), "a draft of breakeven, for: a\n").unwrap();
    if replacing {
        fs::write(dir.join(REPLACING), "").unwrap();
    }
    dir
}

#[test]
fn what_a_killed_program_had_in_its_hands_is_put_back() {
    let out = tempfile::tempdir().unwrap();
    let target = out.path().join("a");
    // Killed after the exchange: the draft holds the earlier results, with somebody's file among them.
    fs::create_dir(&target).unwrap();
    let dir = abandoned(out.path(), true);
    fs::write(dir.join("results/run.json"), "{\"files\": [\"run.json\", \"summary.csv\"]}").unwrap();
    fs::write(dir.join("results/summary.csv"), "1").unwrap();
    fs::write(dir.join("results/notes.txt"), "mine").unwrap();
    drop(Staging::new(out.path(), "a", None).unwrap());
    assert_eq!(read(&target, "notes.txt"), "mine");
    assert!(!target.join("summary.csv").exists() && !dir.exists());

    // Killed between the two steps of a system that cannot exchange folders in one.
    fs::remove_dir_all(&target).unwrap();
    let dir = abandoned(out.path(), true);
    fs::create_dir(dir.join(OLD)).unwrap();
    fs::write(dir.join("old/summary.csv"), "1").unwrap();
    drop(Staging::new(out.path(), "a", None).unwrap());
    assert_eq!(read(&target, "summary.csv"), "1");
}

#[test]
fn half_results_of_a_killed_program_go_but_a_living_one_and_others_files_are_left_alone() {
    let out = tempfile::tempdir().unwrap();
    let litter = abandoned(out.path(), false);
    fs::write(litter.join("results/summary.csv"), "half").unwrap();
    let others = [".baseline.partial-x", ".breakeven-7-7", ".breakeven-x"];
    for name in others {
        fs::write(out.path().join(name), "mine").unwrap();
    }
    fs::create_dir(out.path().join(".breakeven-8-8")).unwrap();
    fs::write(out.path().join(".breakeven-8-8/lock"), "mine").unwrap();
    let living = Staging::new(out.path(), "a", None).unwrap();
    let next = Staging::new(out.path(), "a", None).unwrap();
    assert!(!litter.exists() && living.draft.join("lock").exists());
    assert!(others.iter().all(|name| read(out.path(), name) == "mine"));
    assert_eq!(read(out.path(), ".breakeven-8-8/lock"), "mine");
    living.publish().unwrap();
    next.publish().unwrap();
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_followed_and_stay() {
    use std::os::unix::fs::symlink;
    let (out, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let real = elsewhere.path().join("precious");
    fs::create_dir(&real).unwrap();
    fs::write(real.join("notes.txt"), "mine").unwrap();
    symlink(&real, out.path().join("a")).unwrap();
    results(out.path(), "1", &["summary.csv"]).publish().unwrap();
    assert!(fs::symlink_metadata(out.path().join("a")).unwrap().is_symlink());
    assert_eq!((read(&real, "notes.txt"), read(&real, "summary.csv")), ("mine".to_owned(), "1".to_owned()));

    let inside = Staging::new(out.path(), "a", Some("sweep-x")).unwrap();
    write(&inside, "sweep.csv", "1");
    inside.publish().unwrap();
    assert_eq!(read(&real, "sweep-x/sweep.csv"), "1");

    symlink(out.path().join("nowhere"), out.path().join("b")).unwrap();
    assert!(Staging::new(out.path(), "b", None).unwrap_err().to_string().contains("leads nowhere"));
    symlink(out.path().join("new.html"), out.path().join("link.html")).unwrap();
    write_file(&out.path().join("link.html"), |w| w.write_all(b"page")).unwrap();
    assert_eq!(read(out.path(), "new.html"), "page");
    assert!(fs::symlink_metadata(out.path().join("link.html")).unwrap().is_symlink());
    assert_eq!(entries(elsewhere.path()), 1, "no litter");
}

#[test]
fn a_new_file_is_never_written_over_another() {
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("case.toml");
    write_new(&file, |w| w.write_all(b"1")).unwrap();
    assert!(write_new(&file, |w| w.write_all(b"2")).unwrap_err().is_there());
    let full = |_: &mut io::BufWriter<fs::File>| Err(io::Error::from(io::ErrorKind::StorageFull));
    write_new(&out.path().join("other.toml"), full).unwrap_err();
    write_file(&file, full).unwrap_err();
    assert_eq!((read(out.path(), "case.toml").as_str(), entries(out.path())), ("1", 1));
    assert!(write_file(out.path(), |_| Ok(())).unwrap_err().to_string().contains("it is a folder"));
}

//! The folder of a run: `OUT/NAME/`, replaced as a whole or not at all.
//!
//! Files are written into a hidden folder beside it, which then changes places with the old results in one step; so a
//! reader never sees half a run, and a run that fails or is killed leaves the earlier results as they were. The hidden
//! folder is locked while its run lives: one that is not locked was left by a killed run, and the next run of that
//! scenario removes it. What others have put into the results' folder is carried over.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Locked while the run lives.
const LOCK: &str = ".lock";
/// Entries of a results' folder that belong to a run, beside its tables and the copies of its scenario files.
const OURS: [&str; 6] = ["run.json", "sweep.json", "solve.json", "compare.json", "tables.json", "charts"];
/// … and its tables, by what their names end in.
const TABLES: [&str; 3] = [".csv", ".parquet", ".xlsx"];

/// What could not be done with a file, and which.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} `{}`: {error}", path.display())]
pub struct OutputError {
    action: &'static str,
    path: PathBuf,
    error: io::Error,
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OutputError {
    move |error| OutputError { action, path: path.to_owned(), error }
}

/// Results being written, not yet visible.
#[derive(Debug)]
pub struct Staging {
    /// Where they will stand.
    target: PathBuf,
    /// Where they are written.
    dir: PathBuf,
    _lock: File,
    done: bool,
}

impl Staging {
    /// Prepares to replace `out/name`: creates folders and checks that they can be written, before anything is
    /// simulated. Removes what killed runs of the same scenario have left.
    ///
    /// # Errors
    /// Where a folder cannot be created or written.
    pub fn new(out: &Path, name: &str) -> Result<Self, OutputError> {
        let target = out.join(name);
        if matches!(name, "" | "." | "..") || name.contains(std::path::is_separator) {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "not a name for a folder");
            return Err(failed("write results to", &target)(error));
        }
        fs::create_dir_all(out).map_err(failed("create the folder", out))?;
        if fs::symlink_metadata(&target).is_ok() && !target.is_dir() {
            let error = io::Error::new(io::ErrorKind::AlreadyExists, "there is a file of that name");
            return Err(failed("write results to", &target)(error));
        }
        clear_litter(out, &target, name)?;
        let dir = out.join(format!(".{name}.partial-{}", std::process::id()));
        fs::create_dir(&dir).map_err(failed("create the folder", &dir))?;
        let lock_file = dir.join(LOCK);
        let lock = File::create(&lock_file).map_err(failed("create", &lock_file))?;
        // Where the file system knows no locks, litter is only told by the name.
        lock.try_lock().ok();
        Ok(Self { target, dir, _lock: lock, done: false })
    }

    /// Writes one file of the results, `name` relative to their folder.
    ///
    /// # Errors
    /// Where it cannot be written in full.
    pub fn write(
        &self,
        name: &str,
        content: impl FnOnce(&mut io::BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        let path = self.dir.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed("create the folder", parent))?;
        }
        write_to(&path, content)
    }

    /// Puts the results in place of the earlier ones and returns their folder.
    ///
    /// # Errors
    /// Where the folders cannot be exchanged; then the earlier results still stand.
    pub fn publish(mut self) -> Result<PathBuf, OutputError> {
        // The lock moves along with its folder, so that nobody takes it for litter before the exchange.
        if self.target.exists() {
            exchange(&self.dir, &self.target).map_err(failed("replace", &self.target))?;
            self.done = true;
            // The hidden folder now holds the earlier results.
            carry_over(&self.dir, &self.target)?;
            fs::remove_dir_all(&self.dir).map_err(failed("remove the earlier results in", &self.dir))?;
        } else {
            fs::rename(&self.dir, &self.target).map_err(failed("create", &self.target))?;
            self.done = true;
        }
        let lock_file = self.target.join(LOCK);
        fs::remove_file(&lock_file).map_err(failed("remove", &lock_file))?;
        Ok(self.target.clone())
    }
}

/// Checks, before anything is simulated, that a file can be written to a folder.
///
/// # Errors
/// Where it cannot.
pub fn check_writable(out: &Path) -> Result<(), OutputError> {
    fs::create_dir_all(out).map_err(failed("create the folder", out))?;
    let probe = out.join(format!(".probe-{}", std::process::id()));
    File::create(&probe).map_err(failed("write to", out))?;
    fs::remove_file(&probe).map_err(failed("remove", &probe))
}

/// Writes a single file beside the results' folders: under a hidden name, and renamed when it is complete.
///
/// # Errors
/// Where it cannot be written in full; then a file that was there still stands.
pub fn write_file(
    out: &Path,
    name: &str,
    content: impl FnOnce(&mut io::BufWriter<File>) -> io::Result<()>,
) -> Result<PathBuf, OutputError> {
    fs::create_dir_all(out).map_err(failed("create the folder", out))?;
    let (target, hidden) = (out.join(name), out.join(format!(".{name}.partial-{}", std::process::id())));
    let written =
        write_to(&hidden, content).and_then(|()| fs::rename(&hidden, &target).map_err(failed("create", &target)));
    if written.is_err() {
        fs::remove_file(&hidden).ok();
    }
    written.map(|()| target)
}

fn write_to(path: &Path, content: impl FnOnce(&mut io::BufWriter<File>) -> io::Result<()>) -> Result<(), OutputError> {
    let file = File::create(path).map_err(failed("create", path))?;
    let mut writer = io::BufWriter::new(file);
    let written = content(&mut writer).and_then(|()| writer.flush()).and_then(|()| writer.get_ref().sync_data());
    written.map_err(failed("write", path))
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.done {
            // A run that failed: its half results go. If that fails too, the next run of the scenario tries again.
            fs::remove_dir_all(&self.dir).ok();
        }
    }
}

/// Swaps two folders in one step where the system can, in two where it cannot.
fn exchange(new: &Path, target: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, new, CWD, target, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    let mut aside = new.as_os_str().to_owned();
    aside.push("-old");
    let aside = PathBuf::from(aside);
    fs::rename(target, &aside)?;
    if let Err(error) = fs::rename(new, target) {
        fs::rename(&aside, target)?;
        return Err(error);
    }
    fs::rename(&aside, new)
}

/// Moves what no run has written from the earlier results' folder into the new one.
fn carry_over(old: &Path, target: &Path) -> Result<(), OutputError> {
    for entry in fs::read_dir(old).map_err(failed("read", old))? {
        let entry = entry.map_err(failed("read", old))?;
        let name = entry.file_name();
        let shown = name.to_string_lossy();
        let scenario = shown.starts_with("scenario") && shown.ends_with(".toml");
        let ours = OURS.contains(&shown.as_ref())
            || scenario
            || TABLES.iter().any(|end| shown.ends_with(end))
            || shown == LOCK;
        let place = target.join(&name);
        if !ours && !place.exists() {
            fs::rename(entry.path(), &place).map_err(failed("move", &entry.path()))?;
        }
    }
    Ok(())
}

/// Removes the hidden folders of runs that no longer live.
fn clear_litter(out: &Path, target: &Path, name: &str) -> Result<(), OutputError> {
    let prefix = format!(".{name}.partial-");
    for entry in fs::read_dir(out).map_err(failed("read", out))? {
        let entry = entry.map_err(failed("read", out))?;
        if !entry.file_name().to_string_lossy().starts_with(&prefix) {
            continue;
        }
        let dir = entry.path();
        let living =
            File::open(dir.join(LOCK)).is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)));
        if !living && !target.exists() && dir.to_string_lossy().ends_with("-old") {
            // Killed between the two renames of a system that cannot swap: these are the earlier results.
            fs::rename(&dir, target).map_err(failed("put back", target))?;
        } else if !living {
            if target.is_dir() {
                // A run killed while it replaced results may have left earlier ones here, with others' files among them.
                carry_over(&dir, target)?;
            }
            fs::remove_dir_all(&dir).map_err(failed("remove", &dir))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(staging: &Staging, name: &str, text: &str) {
        staging.write(name, |w| w.write_all(text.as_bytes())).unwrap();
    }

    fn read(dir: &Path, name: &str) -> String {
        fs::read_to_string(dir.join(name)).unwrap_or_default()
    }

    #[test]
    fn earlier_results_stand_until_the_new_ones_are_complete() {
        let out = tempfile::tempdir().unwrap();
        let first = Staging::new(out.path(), "a").unwrap();
        write(&first, "summary.csv", "1");
        write(&first, "charts/fan.png", "1");
        let dir = first.publish().unwrap();
        fs::write(dir.join("notes.txt"), "mine").unwrap();

        let failing = Staging::new(out.path(), "a").unwrap();
        write(&failing, "summary.csv", "half");
        drop(failing);
        assert_eq!(read(&dir, "summary.csv"), "1");

        let second = Staging::new(out.path(), "a").unwrap();
        write(&second, "summary.csv", "2");
        second.publish().unwrap();
        assert_eq!(read(&dir, "summary.csv"), "2");
        assert_eq!(read(&dir, "notes.txt"), "mine", "what others put there is carried over");
        assert!(!dir.join("charts").exists(), "files that the new run did not write are gone");
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1, "no litter");
    }

    #[test]
    fn results_set_aside_by_a_killed_run_are_put_back() {
        let out = tempfile::tempdir().unwrap();
        let aside = out.path().join(".a.partial-1-old");
        fs::create_dir(&aside).unwrap();
        fs::write(aside.join("summary.csv"), "1").unwrap();
        let next = Staging::new(out.path(), "a").unwrap();
        assert_eq!(read(&out.path().join("a"), "summary.csv"), "1");
        drop(next);
    }

    #[test]
    fn litter_of_a_killed_run_goes_but_a_living_run_is_left_alone() {
        let out = tempfile::tempdir().unwrap();
        let litter = out.path().join(".a.partial-1");
        fs::create_dir(&litter).unwrap();
        fs::write(litter.join(LOCK), "").unwrap();
        let living = out.path().join(".a.partial-2");
        fs::create_dir(&living).unwrap();
        let lock = File::create(living.join(LOCK)).unwrap();
        lock.try_lock().unwrap();
        let next = Staging::new(out.path(), "a").unwrap();
        assert!(!litter.exists() && living.exists());
        drop(next);
    }
}

//! Drafts: hidden folders in which files are written before they appear, and what killed programs leave of them.
//!
//! A draft is locked while its program lives. One that is not locked is litter, and the next program that writes to the same
//! folder removes it, after it has put back what belongs to others. A folder counts as a draft only if it holds the lock's file
//! with the mark that is written once the lock is held, or nothing yet: no other file is ever taken for one, whatever its name.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::{OutputError, earlier, failed, refused};

/// How the names of drafts begin; numbers follow.
const PREFIX: &str = ".breakeven-";
/// Held while the program lives.
const LOCK: &str = "lock";
/// How the lock's file begins; where the results will stand follows.
const MARK: &str = "a draft of breakeven, for: ";
/// In a draft: the new results, until they change places with the earlier ones.
pub(super) const RESULTS: &str = "results";
/// In a draft: the earlier results, where the system cannot exchange folders in one step.
pub(super) const OLD: &str = "old";
/// In a draft: there from just before the exchange on.
pub(super) const REPLACING: &str = "replacing";
/// So often the creation of a draft is tried.
const MOST_TRIES: u32 = 10_000;
/// A lock's file is not longer.
const MOST: u64 = 1 << 16;

/// A draft of this program.
#[derive(Debug)]
pub(super) struct Draft {
    root: PathBuf,
    dir: PathBuf,
    kept: std::cell::Cell<bool>,
    lock: Option<File>,
}

/// Tells drafts of one process apart.
static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Draft {
    /// Creates one in `root`, for results at `target`, relative to it.
    pub(super) fn new(root: &Path, target: &Path) -> Result<Self, OutputError> {
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let dir = root.join(format!("{PREFIX}{}-{number}", std::process::id()));
            let draft = Self { root: root.to_owned(), dir, kept: std::cell::Cell::new(false), lock: None };
            match draft.created(target) {
                Ok(draft) => return Ok(draft),
                // It is that of another program's past life, or another program took it for litter before it was locked.
                Err(error)
                    if number < MOST_TRIES
                        && matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound)
                        && root.is_dir() => {}
                Err(error) => return Err(failed("write to", root)(error)),
            }
        }
    }

    fn created(mut self, target: &Path) -> io::Result<Self> {
        if let Err(error) = fs::create_dir(&self.dir) {
            // It is not ours to remove.
            self.kept.set(true);
            return Err(error);
        }
        let mut lock = File::create_new(self.dir.join(LOCK))?;
        // Waits for whoever is looking at it. Where the file system knows no locks, litter stays.
        lock.lock().ok();
        lock.write_all(format!("{MARK}{}\n", target.display()).as_bytes())?;
        fs::create_dir(self.dir.join(RESULTS))?;
        self.lock = Some(lock);
        Ok(self)
    }

    /// The folder that it is in.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Leaves the draft where it is; a later program will try again to put back what belongs to others.
    pub(super) fn keep(&self) -> PathBuf {
        self.kept.set(true);
        self.dir.clone()
    }

    /// Whether a folder belongs to whom the files of this program belong.
    pub(super) fn check_owner(&self, folder: &Path) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            if fs::metadata(&self.dir)?.uid() != fs::metadata(folder)?.uid() {
                let why = "it belongs to another user; choose another folder with --out";
                return Err(refused(io::ErrorKind::PermissionDenied, why));
            }
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept.get() {
            // If that fails, the next program tries again.
            fs::remove_dir_all(&self.dir).ok();
        }
    }
}

/// Waits until no other program is about to replace results in this folder; holds them off until it is dropped. Where folders
/// cannot be locked, nobody waits.
pub(super) fn take_turns(root: &Path) -> Option<File> {
    let folder = File::open(root).ok()?;
    folder.lock().ok()?;
    Some(folder)
}

/// Removes the drafts of programs that no longer live. What cannot be removed is left to the next.
pub(super) fn clear_litter(root: &Path) {
    let Ok(entries) = fs::read_dir(root) else { return };
    for dir in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if let Some((target, _lock)) = abandoned(&dir) {
            let _turn = take_turns(root);
            if put_back(&dir, &root.join(target)).is_ok() {
                fs::remove_dir_all(&dir).ok();
            }
        }
    }
}

/// Where the results of an abandoned draft were to stand, and the lock of its, now ours.
fn abandoned(dir: &Path) -> Option<(PathBuf, File)> {
    let numbers = dir.file_name()?.to_str()?.strip_prefix(PREFIX)?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_draft = numbers.split_once('-').is_some_and(|(process, number)| is_number(process) && is_number(number));
    if !is_draft || !fs::symlink_metadata(dir).ok()?.is_dir() {
        return None;
    }
    // Killed before there was a lock: this removes it only if it is empty.
    fs::remove_dir(dir).ok();
    if !fs::symlink_metadata(dir.join(LOCK)).ok()?.is_file() {
        return None;
    }
    let lock = File::open(dir.join(LOCK)).ok()?;
    if let Err(TryLockError::WouldBlock | TryLockError::Error(_)) = lock.try_lock() {
        return None;
    }
    let mut text = String::new();
    (&lock).take(MOST).read_to_string(&mut text).ok()?;
    if text.is_empty() && fs::read_dir(dir).ok()?.count() == 1 {
        // Killed before anything was written.
        fs::remove_file(dir.join(LOCK)).ok()?;
        fs::remove_dir(dir).ok()?;
        return None;
    }
    let target = PathBuf::from(text.strip_prefix(MARK)?.strip_suffix('\n')?);
    let inside = target.components().all(|part| matches!(part, Component::Normal(_)));
    inside.then_some((target, lock))
}

/// Puts back what a program that was killed while it replaced results has in its draft of others' files.
fn put_back(dir: &Path, target: &Path) -> io::Result<()> {
    if !dir.join(REPLACING).exists() {
        return Ok(());
    }
    let (old, new) = (dir.join(OLD), dir.join(RESULTS));
    let earlier = if old.is_dir() { old } else { new };
    if fs::symlink_metadata(target).is_err() {
        // Killed between the two steps of a system that cannot exchange folders in one.
        return fs::rename(earlier, target);
    }
    // Before the exchange these are the new results, whole, and their record names all of them: nothing is carried over.
    if earlier.is_dir() && target.is_dir() { earlier::carry_over(&earlier, target).map(drop) } else { Ok(()) }
}

//! What is in a folder of results beside the files that its record names, and how it stays there when they are replaced.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::draft::Draft;
use super::file::write_to;
use crate::results::Kind;

/// No record is larger: that of a sweep over 100,000 points has some 2 MB.
const LARGEST_RECORD: u64 = 1 << 26;

/// The records of results, each in the folder that it speaks of.
fn records() -> Vec<String> {
    Kind::NAMES.iter().map(|kind| format!("{kind}.json")).collect()
}

/// The part of a record that says what belongs to it.
#[derive(Deserialize)]
struct Owned {
    files: Vec<String>,
}

/// The files of a folder that its records name, themselves among them.
fn owned_files(dir: &Path) -> BTreeSet<PathBuf> {
    let mut owned = BTreeSet::new();
    for name in records() {
        let file = dir.join(&name);
        if !fs::symlink_metadata(&file).is_ok_and(|found| found.is_file()) {
            continue;
        }
        let Ok(opened) = File::open(&file) else { continue };
        let mut text = String::new();
        if opened.take(LARGEST_RECORD).read_to_string(&mut text).is_err() {
            continue;
        }
        // A file of that name which does not name itself is somebody else's.
        let record = serde_json::from_str::<Owned>(&text).ok().filter(|record| record.files.contains(&name));
        owned.extend(record.into_iter().flat_map(|record| record.files).map(PathBuf::from));
    }
    owned
}

/// Moves everything that no record names from the earlier results into the new ones. Where a file of the new results has the
/// same name, the other is set aside; returns what should be told of that.
pub(super) fn carry_over(old: &Path, target: &Path) -> io::Result<Vec<String>> {
    let mut notes = Vec::new();
    move_from(old, target, Path::new(""), &owned_files(old), &mut notes)?;
    Ok(notes)
}

fn move_from(
    old: &Path,
    target: &Path,
    inside: &Path,
    owned: &BTreeSet<PathBuf>,
    notes: &mut Vec<String>,
) -> io::Result<()> {
    for entry in fs::read_dir(old.join(inside))? {
        let entry = entry?;
        let name = inside.join(entry.file_name());
        if owned.contains(&name) {
            continue;
        }
        let place = target.join(&name);
        let is_dir = entry.file_type()?.is_dir();
        let holds_owned = is_dir && owned.iter().any(|file| file.starts_with(&name));
        match fs::symlink_metadata(&place) {
            // A folder in both, or one with files of the earlier results in it: file by file.
            Ok(found) if is_dir && found.is_dir() => move_from(old, target, &name, owned, notes)?,
            _ if holds_owned => move_from(old, target, &name, owned, notes)?,
            Ok(_) => {
                let aside = free_name(&place);
                fs::rename(entry.path(), &aside)?;
                notes.push(format!(
                    "`{}` was not written by an earlier run; it is kept as `{}`",
                    place.display(),
                    aside.display()
                ));
            }
            Err(_) => {
                if let Some(parent) = place.parent() {
                    fs::create_dir_all(parent)?;
                }
                fs::rename(entry.path(), &place)?;
            }
        }
    }
    Ok(())
}

/// A name beside `taken` that nothing has yet: `summary.kept-1.csv`.
fn free_name(taken: &Path) -> PathBuf {
    let stem = taken.file_stem().unwrap_or_default().to_string_lossy();
    let ending = taken.extension().map_or(String::new(), |ending| format!(".{}", ending.to_string_lossy()));
    let named = |n: u32| taken.with_file_name(format!("{stem}.kept-{n}{ending}"));
    (1..=u32::MAX).map(named).find(|path| fs::symlink_metadata(path).is_err()).unwrap_or_else(|| taken.to_owned())
}

/// Puts results into a folder that cannot change places with another, file by file, the record last.
pub(super) fn pour(new: &Path, target: &Path) -> io::Result<Vec<String>> {
    let (before, now) = (owned_files(target), owned_files(new));
    let mut notes = Vec::new();
    let is_record = |file: &&PathBuf| records().iter().any(|record| file.as_path() == Path::new(record));
    let (records, others): (Vec<&PathBuf>, Vec<&PathBuf>) = now.iter().partition(is_record);
    for name in others.into_iter().chain(records) {
        let place = target.join(name);
        if !before.contains(name) && fs::symlink_metadata(&place).is_ok() {
            let aside = free_name(&place);
            fs::rename(&place, &aside)?;
            notes.push(format!(
                "`{}` was not written by an earlier run; it is kept as `{}`",
                place.display(),
                aside.display()
            ));
        }
        let folder = place.parent().unwrap_or(target);
        fs::create_dir_all(folder)?;
        // The draft may be on another file system.
        let draft = Draft::new(folder, Path::new("")).map_err(io::Error::other)?;
        let copy = draft.join("file");
        let mut from = File::open(new.join(name))?;
        write_to(&copy, |writer| io::copy(&mut from, writer).map(drop)).map_err(io::Error::other)?;
        fs::rename(&copy, &place)?;
    }
    for stale in before.difference(&now) {
        // Names come from a file: none of them leads out of the folder.
        if stale.components().all(|part| matches!(part, std::path::Component::Normal(_))) {
            fs::remove_file(target.join(stale)).ok();
        }
    }
    Ok(notes)
}

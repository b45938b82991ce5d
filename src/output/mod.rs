//! Results on disk: a folder replaced as a whole or not at all, single files that appear by rename, and nobody's file lost.
//!
//! A folder of results belongs to whoever put files there. A run replaces exactly the files that the folder's earlier record
//! names; everything else stays where it is, and a file of the user's that stands in the way is set aside under another name.
//!
//! Files are written into a draft, a hidden folder beside the results, which then changes places with the earlier
//! results in one step. Programs that write to the same place take turns with that step.

mod draft;
mod earlier;
mod file;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use crate::filename::{file_name, folder_name};
use draft::{Draft, OLD, REPLACING, RESULTS, clear_litter, take_turns};
pub use file::{check_file, sha256_of, write_file, write_new};

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

fn refused(kind: io::ErrorKind, why: impl Into<String>) -> io::Error {
    io::Error::new(kind, why.into())
}

/// Results being written, not yet visible.
#[derive(Debug)]
pub struct Staging {
    /// Where they will stand, as the user named it.
    shown: PathBuf,
    /// The same with symbolic links followed.
    target: PathBuf,
    draft: Draft,
}

/// Results that stand where they belong.
#[derive(Debug)]
pub struct Published {
    /// Their folder, as the user named it.
    pub place: PathBuf,
    /// What the user should know about other files that were or are there.
    pub notes: Vec<String>,
}

impl Staging {
    /// Prepares to replace `out/scenario`, or the folder `inside` it: checks that it can be written before anything is
    /// simulated, and removes what killed runs have left.
    ///
    /// # Errors
    /// Where a folder cannot be created or written, is no folder, or belongs to another user.
    pub fn new(out: &Path, scenario: &str, inside: Option<&str>) -> Result<Self, OutputError> {
        if out.as_os_str().is_empty() {
            let error = refused(io::ErrorKind::InvalidInput, "the folder for the results has no name");
            return Err(failed("write results to", out)(error));
        }
        for name in std::iter::once(scenario).chain(inside) {
            if matches!(name, "" | "." | "..") || name.contains(std::path::is_separator) {
                let error = refused(io::ErrorKind::InvalidInput, "not a name for a folder");
                return Err(failed("write results to", &out.join(name))(error));
            }
        }
        fs::create_dir_all(out).map_err(failed("create the folder", out))?;
        let shown_home = out.join(scenario);
        let home = followed(&shown_home)?;
        let (shown, target) = match inside {
            Some(inside) => (shown_home.join(inside), followed(&home.join(inside))?),
            None => (shown_home, home.clone()),
        };
        // Beside the scenario's folder and not in it, since a run of the scenario replaces that.
        let root = home.parent().unwrap_or(Path::new("."));
        for folder in [root, &home, &home.join("charts")] {
            clear_litter(folder);
        }
        let draft = Draft::new(root, target.strip_prefix(root).unwrap_or(&target))?;
        // Whoever replaces the scenario's folder meanwhile takes the folder inside it away for a moment.
        let _turn = take_turns(root);
        for folder in [&home, &target] {
            if folder.is_dir() {
                draft.check_owner(folder).map_err(failed("replace results in", folder))?;
                // Whoever may not create a file in a folder may not move the folder either.
                Draft::new(folder, Path::new(""))?;
            }
        }
        Ok(Self { shown, target, draft })
    }

    /// Writes one file of the results, `name` relative to their folder.
    ///
    /// # Errors
    /// Where it cannot be written in full.
    pub fn write(
        &self,
        name: &str,
        content: impl FnOnce(&mut io::BufWriter<fs::File>) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        let path = self.draft.join(RESULTS).join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed("create the folder", parent))?;
        }
        file::write_to(&path, content)
    }

    /// SHA-256 of a file that was written.
    ///
    /// # Errors
    /// Where it cannot be read back.
    pub fn sha256(&self, name: &str) -> Result<String, OutputError> {
        let path = self.draft.join(RESULTS).join(name);
        sha256_of(&path).map_err(failed("read back", &path))
    }

    /// Puts the results in place of the earlier ones. What fails once they stand there is a note.
    ///
    /// # Errors
    /// Where they cannot be put there; then the earlier results still stand.
    pub fn publish(self) -> Result<Published, OutputError> {
        let (new, old) = (self.draft.join(RESULTS), self.draft.join(OLD));
        let mut notes = Vec::new();
        let _turn = take_turns(self.draft.root());
        if let Some(home) = self.target.parent() {
            fs::create_dir_all(home).map_err(failed("create the folder", home))?;
        }
        match exchange(&new, &self.target, &old, &self.draft) {
            // There was nothing before.
            Ok(None) => {}
            Ok(Some(earlier)) => match earlier::carry_over(&earlier, &self.target) {
                Ok(aside) => notes = aside,
                Err(error) => {
                    // What is still there must not go with the draft.
                    let kept = self.draft.keep();
                    notes.push(format!(
                        "some of the files that stood beside the earlier results are still in `{}`: {error}",
                        kept.display()
                    ));
                }
            },
            // A mount point, for example, cannot change places with another folder.
            Err(first) => {
                notes = earlier::pour(&new, &self.target).map_err(|_| failed("replace", &self.target)(first))?;
            }
        }
        Ok(Published { place: self.shown, notes })
    }
}

/// A place for a folder with symbolic links followed; it need not be there yet.
fn followed(folder: &Path) -> Result<PathBuf, OutputError> {
    let Ok(found) = fs::symlink_metadata(folder) else { return Ok(folder.to_owned()) };
    let place = if found.is_symlink() {
        let nowhere = |error| refused(io::ErrorKind::NotFound, format!("a symbolic link that leads nowhere ({error})"));
        fs::canonicalize(folder).map_err(|error| failed("write results to", folder)(nowhere(error)))?
    } else {
        folder.to_owned()
    };
    if place.is_dir() {
        return Ok(place);
    }
    let error = refused(io::ErrorKind::AlreadyExists, "there is a file of that name");
    Err(failed("write results to", folder)(error))
}

/// Puts a new folder in the place of another, in one step where the system can; returns where the earlier one is now, if there
/// was one.
fn exchange(new: &Path, target: &Path, old: &Path, draft: &Draft) -> io::Result<Option<PathBuf>> {
    if fs::symlink_metadata(target).is_err() {
        fs::rename(new, target)?;
        return Ok(None);
    }
    // From here on, whoever finds the draft of a killed run looks in it for files of others.
    fs::write(draft.join(REPLACING), "")?;
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, new, CWD, target, RenameFlags::EXCHANGE).is_ok() {
            return Ok(Some(new.to_owned()));
        }
    }
    fs::rename(target, old)?;
    if let Err(error) = fs::rename(new, target) {
        fs::rename(old, target)?;
        return Err(error);
    }
    Ok(Some(old.to_owned()))
}

/// Checks, before anything is simulated, that files can be written to a folder; removes what killed programs left there.
///
/// # Errors
/// Where they cannot.
pub fn check_writable(folder: &Path) -> Result<(), OutputError> {
    fs::create_dir_all(folder).map_err(failed("create the folder", folder))?;
    clear_litter(folder);
    Draft::new(folder, Path::new("")).map(drop)
}

#[cfg(test)]
mod tests;

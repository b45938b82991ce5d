//! Results read back from the folder that they were written to.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::read_csv;
use crate::bounded;
use crate::filename::file_name;
use crate::results::{Kind, Record, Results};
use crate::table::Table;

/// A file of results has at most so many bytes: the monthly series of a hundred segments have some 50 MB.
const LARGEST_FILE: u64 = 1 << 26;

/// The folder of copies of what was read.
const COPIES: &str = "scenario/";

/// Why the results in a folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file is not what it should be.
    #[error("cannot read `{}`: {why}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A record names a file that is none of its folder.
    #[error("the record in `{}` names a file `{name}`", folder.display())]
    Stray {
        /// The folder.
        folder: PathBuf,
        /// The file.
        name: String,
    },
}

/// Reads a file, where it is there.
fn read(file: PathBuf) -> Result<Option<(PathBuf, Vec<u8>)>, FolderError> {
    match bounded::read(&file, LARGEST_FILE) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FolderError::Unreadable { file, why: error.to_string() }),
        Ok(bytes) => Ok(Some((file, bytes))),
    }
}

/// Reads the results in a folder, from its record, its CSV files and the copies of its scenarios; none where it has no record. A
/// table that is missing is left out.
///
/// # Errors
/// Where a file cannot be read, or is not what a command has written.
pub fn read_results(folder: &Path) -> Result<Option<Results>, FolderError> {
    let mut found = None;
    for kind in Kind::names_of_folders() {
        if let Some((file, bytes)) = read(folder.join(format!("{kind}.json")))? {
            let wrong = |why: String| FolderError::Unreadable { file: file.clone(), why };
            let record = Record::read(&bytes).map_err(|error| wrong(error.to_string()))?;
            if record.kind.name() != kind {
                return Err(wrong(format!("it is the record of a {}", record.kind.name())));
            }
            found = Some(record);
            break;
        }
    }
    let Some(record) = found else { return Ok(None) };
    let (mut tables, mut sources): (Vec<Table>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    let stray = |name: &&String| Path::new(name).components().any(|part| !matches!(part, Component::Normal(_)));
    if let Some(name) = record.files.iter().chain(record.sha256.keys()).find(stray) {
        return Err(FolderError::Stray { folder: folder.to_owned(), name: name.clone() });
    }
    for name in &record.files {
        let is_copy = name.starts_with(COPIES) || Path::new(name).extension().is_some_and(|kind| kind == "toml");
        if let Some(stem) = name.strip_suffix(".csv").filter(|_| !is_copy) {
            if file_name(stem) != stem {
                return Err(FolderError::Stray { folder: folder.to_owned(), name: name.clone() });
            }
            if let Some((file, bytes)) = read(folder.join(name))? {
                let table = read_csv(stem, bytes.as_slice());
                tables.push(table.map_err(|error| FolderError::Unreadable { file, why: error.to_string() })?);
            }
        } else if is_copy && let Some((_, bytes)) = read(folder.join(name))? {
            sources.push((name.clone(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(Some(Results { record, tables, sources }))
}

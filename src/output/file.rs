//! Single files: under a hidden name until they are complete, and never over what is no file.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::draft::{Draft, clear_litter};
use super::{OutputError, failed, refused};

/// Links that lead to links are followed so far.
const MOST_LINKS: usize = 32;

/// Checks, before anything is simulated, that a file can be written: it is a regular file or none yet, and its folder can be
/// written.
///
/// # Errors
/// Where it cannot.
pub fn check_file(file: &Path) -> Result<(), OutputError> {
    let target = followed(file)?;
    let folder = folder_of(&target);
    fs::create_dir_all(folder).map_err(failed("create the folder", folder))?;
    clear_litter(folder);
    Draft::new(folder, Path::new("")).map(drop)
}

/// Writes a file: under a hidden name, and renamed when it is complete. A symbolic link stays one, and the file that it leads to
/// is written.
///
/// # Errors
/// Where it cannot be written in full; then a file that was there still stands.
pub fn write_file(
    file: &Path,
    content: impl FnOnce(&mut io::BufWriter<File>) -> io::Result<()>,
) -> Result<(), OutputError> {
    let target = followed(file)?;
    let (_draft, complete) = drafted(&target, content)?;
    // Who may read and write it stays as it was.
    if let Ok(before) = fs::metadata(&target) {
        fs::set_permissions(&complete, before.permissions()).map_err(failed("set the permissions of", file))?;
    }
    fs::rename(&complete, &target).map_err(failed("create", file))
}

/// SHA-256 of a file, as hexadecimal digits.
///
/// # Errors
/// Where it cannot be read.
pub fn sha256_of(file: &Path) -> io::Result<String> {
    let mut file = File::open(file)?;
    let (mut hash, mut some) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let n = file.read(&mut some)?;
        if n == 0 {
            break;
        }
        hash.update(&some[..n]);
    }
    let digits = |mut text: String, byte: &u8| {
        text += &format!("{byte:02x}");
        text
    };
    Ok(hash.finalize().iter().fold(String::new(), digits))
}

/// Writes a file that is not there yet.
///
/// # Errors
/// Where it is there, or cannot be written in full; then nothing is left.
pub fn write_new(
    file: &Path,
    content: impl FnOnce(&mut io::BufWriter<File>) -> io::Result<()>,
) -> Result<(), OutputError> {
    let there = || failed("create", file)(io::ErrorKind::AlreadyExists.into());
    if fs::symlink_metadata(file).is_ok() {
        return Err(there());
    }
    let (_draft, complete) = drafted(file, content)?;
    match fs::hard_link(&complete, file) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(there()),
        // A file system without hard links.
        Err(_) if fs::symlink_metadata(file).is_ok() => Err(there()),
        Err(_) => fs::rename(&complete, file).map_err(failed("create", file)),
    }
}

impl OutputError {
    /// Whether what was asked for is no place for results, whatever is there now.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        self.error.kind() == io::ErrorKind::InvalidInput
    }

    /// Whether something of that name is there already.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.error.kind() == io::ErrorKind::AlreadyExists
    }
}

/// A complete file in a draft beside where it will stand.
fn drafted(
    target: &Path,
    content: impl FnOnce(&mut io::BufWriter<File>) -> io::Result<()>,
) -> Result<(Draft, PathBuf), OutputError> {
    let folder = folder_of(target);
    fs::create_dir_all(folder).map_err(failed("create the folder", folder))?;
    let draft = Draft::new(folder, Path::new(""))?;
    let complete = draft.join("file");
    write_to(&complete, content).map_err(|error| OutputError { path: target.to_owned(), ..error })?;
    Ok((draft, complete))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file with symbolic links followed, also where the last leads to a file that is not there yet.
fn followed(file: &Path) -> Result<PathBuf, OutputError> {
    let mut target = file.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(found) = fs::symlink_metadata(&target) else { return Ok(target) };
        if found.is_symlink() {
            let to = fs::read_link(&target).map_err(failed("follow", &target))?;
            target = folder_of(&target).join(to);
        } else if found.is_file() {
            return Ok(target);
        } else {
            let what = if found.is_dir() { "it is a folder" } else { "it is no regular file" };
            return Err(failed("write", file)(refused(io::ErrorKind::InvalidInput, what)));
        }
    }
    Err(failed("follow", file)(refused(io::ErrorKind::InvalidInput, "too many symbolic links")))
}

pub(super) fn write_to(
    path: &Path,
    content: impl FnOnce(&mut io::BufWriter<File>) -> io::Result<()>,
) -> Result<(), OutputError> {
    let file = File::create(path).map_err(failed("create", path))?;
    let mut writer = io::BufWriter::new(file);
    let written = content(&mut writer).and_then(|()| writer.flush()).and_then(|()| writer.get_ref().sync_data());
    written.map_err(failed("write", path))
}

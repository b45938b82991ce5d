//! Reads regular files up to a size: what a file says of its own size is not believed, and nothing is waited for.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// The whole content of a regular file of at most `most` bytes.
///
/// # Errors
/// `IsADirectory`; `Unsupported` for a pipe, a device and the like; `FileTooLarge`; or what the system says.
pub(crate) fn read(file: &Path, most: u64) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    open(file)?.take(most.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > most {
        let size = if most >= 1 << 20 { format!("{} MB", most >> 20) } else { format!("{} KB", most >> 10) };
        return Err(Error::new(ErrorKind::FileTooLarge, format!("it is larger than {size}")));
    }
    Ok(content)
}

/// Opens a regular file.
///
/// # Errors
/// As [`read`].
pub(crate) fn open(file: &Path) -> Result<File> {
    // Before it is opened: opening a pipe waits for its other end.
    let found = std::fs::metadata(file)?;
    if found.is_dir() {
        return Err(Error::new(ErrorKind::IsADirectory, "it is a folder"));
    }
    if !found.is_file() {
        return Err(Error::new(ErrorKind::Unsupported, "it is no regular file"));
    }
    File::open(file)
}

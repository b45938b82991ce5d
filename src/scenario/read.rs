//! Reads a scenario file from disk: its size, kind and encoding are checked before its content.

use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::OnceLock;

use super::problem::SourceFile;
use crate::bounded;

/// Far above any scenario written by hand, far below what would hurt to read by mistake.
const LARGEST: u64 = 1 << 20;

/// Why a file cannot be read as text.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no such file.
    #[error("there is no file `{0}`")]
    Missing(String),
    /// It is a directory, a pipe or the like.
    #[error("`{0}` is a {1}, not a scenario file: name a .toml file")]
    NotAFile(String, &'static str),
    /// It is too large to be a scenario.
    #[error("`{0}` has more than 1 MB: a scenario file has at most 1 MB")]
    TooLarge(String),
    /// Its bytes are not text.
    #[error("`{path}` is not UTF-8 text: line {line}, column {column} holds the byte 0x{byte:02x}. Save it as UTF-8")]
    NotUtf8 {
        /// The file.
        path: String,
        /// Line of the first wrong byte, from 1.
        line: usize,
        /// Column of the first wrong byte, in characters from 1.
        column: usize,
        /// The byte.
        byte: u8,
    },
    /// The system refused.
    #[error("`{0}` cannot be read: {1}")]
    Io(String, std::io::Error),
}

/// Reads a whole scenario file.
///
/// # Errors
/// Where it is missing, not a file, larger than 1 MB, unreadable or not UTF-8.
pub fn read_file(path: &Path) -> Result<SourceFile, ReadError> {
    let shown = path.display().to_string();
    let bytes = bounded::read(path, LARGEST).map_err(|error| match error.kind() {
        ErrorKind::NotFound => ReadError::Missing(shown.clone()),
        ErrorKind::IsADirectory => ReadError::NotAFile(shown.clone(), "directory"),
        ErrorKind::Unsupported => ReadError::NotAFile(shown.clone(), "special file"),
        ErrorKind::FileTooLarge => ReadError::TooLarge(shown.clone()),
        _ => ReadError::Io(shown.clone(), error),
    })?;
    ReadError::text(shown, bytes)
}

/// The text of the standard input, which can be read once and is remembered: a command may look at its scenario twice.
pub(super) fn read_standard_input() -> Result<SourceFile, ReadError> {
    static READ: OnceLock<std::io::Result<Vec<u8>>> = OnceLock::new();
    // As a file would be called that has it: its copy in the results is one, and runs again.
    let shown = || "standard-input.toml".to_owned();
    let read = || {
        let mut bytes = Vec::new();
        std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes).map(|_| bytes)
    };
    match READ.get_or_init(read) {
        Ok(bytes) if bytes.len() as u64 > LARGEST => Err(ReadError::TooLarge(shown())),
        Ok(bytes) => ReadError::text(shown(), bytes.clone()),
        Err(error) => Err(ReadError::Io(shown(), std::io::Error::new(error.kind(), error.to_string()))),
    }
}

impl ReadError {
    /// Bytes as text.
    ///
    /// # Errors
    /// Where they are not UTF-8: with the place of the first that is not.
    pub(crate) fn text(path: String, bytes: Vec<u8>) -> Result<SourceFile, Self> {
        String::from_utf8(bytes).map(|text| SourceFile { path: path.clone(), text }).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let before = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
            Self::NotUtf8 {
                path,
                line: before.matches('\n').count() + 1,
                column: before.rsplit('\n').next().unwrap_or("").chars().count() + 1,
                byte: error.as_bytes()[at],
            }
        })
    }
}

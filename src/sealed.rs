//! Files of the program's own: what was written comes back whole, from the same version, or not at all.

use std::io::Write;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// Bytes of the checksum that follows the mark of the file's kind.
const CHECKSUM: usize = 32;
/// The mark of a kind of file, with the number of its form.
pub(crate) type Mark = [u8; 16];

/// Why a file's content is not to be had.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SealError {
    /// It is something else.
    Foreign,
    /// It is not what was written.
    Damaged,
    /// Written by another version.
    Version(String),
}

/// This program, as files name it.
pub(crate) fn program() -> String {
    format!("breakeven {}", env!("CARGO_PKG_VERSION"))
}

/// Writes a mark, a checksum, the version and a content.
pub(crate) fn write(mark: &Mark, content: &impl Serialize, writer: &mut impl Write) -> std::io::Result<()> {
    let content = postcard::to_stdvec(&(program(), content)).map_err(std::io::Error::other)?;
    writer.write_all(mark)?;
    writer.write_all(&Sha256::digest(&content))?;
    writer.write_all(&content)
}

/// What was written.
pub(crate) fn read<T: DeserializeOwned>(mark: &Mark, bytes: &[u8]) -> Result<T, SealError> {
    let content = bytes.strip_prefix(mark).ok_or(SealError::Foreign)?;
    let (checksum, content) = content.split_at_checked(CHECKSUM).ok_or(SealError::Damaged)?;
    if checksum != Sha256::digest(content).as_slice() {
        return Err(SealError::Damaged);
    }
    // The program comes first, and says whether the rest can be understood.
    let (made_by, rest) = postcard::take_from_bytes::<String>(content).map_err(|_| SealError::Damaged)?;
    if made_by != program() {
        return Err(SealError::Version(made_by));
    }
    postcard::from_bytes(rest).map_err(|_| SealError::Damaged)
}

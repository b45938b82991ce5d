//! Finds a scenario by name or path: a file, then `scenarios/NAME.toml`, then what is built in.

use std::path::{Path, PathBuf};

use super::library::BUILT_IN;
use super::problem::nearest;
use super::{Problems, ReadError, Scenario, SourceFile, parse, read_file};

/// The folder in which names are looked up.
pub(super) const SCENARIO_DIR: &str = "scenarios";

/// Where a scenario was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// In a file.
    File(PathBuf),
    /// In the program, at this index of the library.
    BuiltIn(usize),
}

/// Why a scenario cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Neither a file nor a known name.
    #[error("there is no scenario `{name}`{} (`breakeven scenarios` lists what can be run; a path to a .toml file works too)", .near.as_ref().map(|n| format!(": did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest known name.
        near: Option<String>,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file is wrong.
    #[error(transparent)]
    Wrong(#[from] Problems),
}

/// The names that can be run from here: files of `scenarios/` first, then what is built in, each once.
#[must_use]
pub fn names() -> Vec<(String, Found)> {
    let mut out: Vec<(String, Found)> = Vec::new();
    if let Ok(entries) = std::fs::read_dir(SCENARIO_DIR) {
        let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        files.retain(|f| f.extension().is_some_and(|e| e == "toml"));
        files.sort();
        out.extend(files.into_iter().filter_map(|f| Some((stem(&f)?, Found::File(f)))));
    }
    for (i, built_in) in BUILT_IN.iter().enumerate() {
        if !out.iter().any(|(name, _)| name == built_in.name) {
            out.push((built_in.name.to_owned(), Found::BuiltIn(i)));
        }
    }
    out
}

fn stem(path: &Path) -> Option<String> {
    Some(path.file_stem()?.to_str()?.to_owned())
}

/// Finds `name`: a path where it has a slash or ends in `.toml`, otherwise a name.
fn find(name: &str) -> Result<(String, Found), LoadError> {
    let path = Path::new(name);
    let is_toml = path.extension().is_some_and(|extension| extension == "toml");
    if is_toml || name.contains(std::path::is_separator) || path.is_dir() && !is_name(name) {
        let stem = stem(path).unwrap_or_else(|| "scenario".to_owned());
        return Ok((stem, Found::File(path.to_owned())));
    }
    let names = names();
    if let Some(found) = names.iter().find(|(known, _)| known == name) {
        return Ok(found.clone());
    }
    let near = nearest(name, names.iter().map(|n| n.0.as_str())).map(str::to_owned);
    Err(LoadError::Unknown { name: name.to_owned(), near })
}

fn is_name(name: &str) -> bool {
    names().iter().any(|(known, _)| known == name)
}

/// Loads and checks a scenario by name or path.
///
/// # Errors
/// Where it is unknown, cannot be read, or is wrong.
pub fn load(name: &str) -> Result<Scenario, LoadError> {
    let (name, found) = find(name)?;
    let file = match &found {
        Found::File(path) => read_file(path)?,
        Found::BuiltIn(i) => {
            SourceFile { path: format!("<built in>/{}.toml", BUILT_IN[*i].name), text: BUILT_IN[*i].text.to_owned() }
        }
    };
    Ok(parse(&name, file)?)
}

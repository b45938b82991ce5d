//! Finds a scenario by name or path, and the ones that it extends, and lays `--set`s over them.
//!
//! A name is looked up beside the file that names it, then in `scenarios/`, then among those that are built in.

use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::check::{Layers, check};
use super::library::BUILT_IN;
use super::limits;
use super::overrides::{self, GIVEN, SET};
use super::problem::{Place, Problem, Topic, nearest};
use super::read::read_standard_input;
use super::{Problems, ReadError, Scenario, SourceFile, read_file};

/// The folder in which names are looked up.
const SCENARIO_DIR: &str = "scenarios";

/// Where a scenario was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// In a file.
    File(PathBuf),
    /// In the program, at this index of the library.
    BuiltIn(usize),
    /// On the standard input of the process.
    StandardInput,
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
    let folder = Path::new(SCENARIO_DIR);
    for name in stems(folder) {
        let file = folder.join(format!("{name}.toml"));
        out.push((name, Found::File(file)));
    }
    for (i, built_in) in BUILT_IN.iter().enumerate() {
        if !out.iter().any(|(name, _)| name == built_in.name) {
            out.push((built_in.name.to_owned(), Found::BuiltIn(i)));
        }
    }
    out
}

/// The names of the scenario files in a folder, in order.
fn stems(folder: &Path) -> Vec<String> {
    // An empty path is the folder where the program was started.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let files = entries.filter_map(|e| Some(e.ok()?.path())).filter(|file| is_toml(file));
    let mut stems: Vec<String> = files.filter_map(|file| stem(&file)).collect();
    stems.sort();
    stems
}

fn stem(path: &Path) -> Option<String> {
    Some(path.file_stem()?.to_str()?.to_owned())
}

/// A text as TOML writes it, whatever is in it.
#[must_use]
pub fn quoted_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Whether a scenario is named by a path rather than by a name.
pub(super) fn is_path(name: &str) -> bool {
    is_toml(Path::new(name)) || name.contains(std::path::is_separator)
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}

/// Finds `name`, as said on the command line (`beside` none) or by `extends` in a file: a path where it has a slash or
/// ends in `.toml`, otherwise a name.
fn find(name: &str, beside: Option<&Found>) -> Result<(String, Found), LoadError> {
    if name == "-" && beside.is_none() {
        return Ok(("standard-input".to_owned(), Found::StandardInput));
    }
    let path = Path::new(name);
    let folder = match beside {
        Some(Found::File(file)) => file.parent(),
        _ => None,
    };
    if is_path(name) {
        let stem = stem(path).unwrap_or_else(|| "scenario".to_owned());
        return Ok((stem, Found::File(folder.map_or_else(|| path.to_owned(), |folder| folder.join(path)))));
    }
    if let Some(sibling) = folder.map(|folder| folder.join(format!("{name}.toml"))).filter(|file| file.is_file()) {
        return Ok((name.to_owned(), Found::File(sibling)));
    }
    let names = names();
    if let Some(found) = names.iter().find(|(known, _)| known == name) {
        return Ok(found.clone());
    }
    // A file beside whoever asks, as `new` writes it.
    let here = PathBuf::from(format!("{name}.toml"));
    if here.is_file() {
        return Ok((name.to_owned(), Found::File(here)));
    }
    if path.is_dir() {
        return Err(LoadError::Read(ReadError::NotAFile(name.to_owned(), "directory")));
    }
    let mut known: Vec<String> = names.into_iter().map(|n| n.0).collect();
    known.extend(folder.map(stems).unwrap_or_default());
    let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    Err(LoadError::Unknown { name: name.to_owned(), near })
}

fn read(found: &Found) -> Result<SourceFile, ReadError> {
    match found {
        Found::File(path) => read_file(path),
        Found::StandardInput => read_standard_input(),
        Found::BuiltIn(i) => Ok(SourceFile {
            path: format!("<built in>/{}.toml", BUILT_IN[*i].name),
            text: BUILT_IN[*i].text.to_owned(),
        }),
    }
}

/// Loads and checks a scenario by name or path, with what it extends; `sets` are overrides such as
/// `market.refusal_rate=0.5`, whose right side is a TOML value.
///
/// # Errors
/// Where it is unknown, cannot be read, or is wrong.
pub fn load_with(name: &str, sets: &[String]) -> Result<Scenario, LoadError> {
    load_given(name, sets, &[])
}

/// The same where some inputs are given besides, such as `market.refusal_rate=0.5`: each is known to have that value, and what
/// it is correlated with moves along as the copula says, where an override would drop the correlations.
///
/// # Errors
/// As [`load_with`], and where a value is none that its input may take.
pub fn load_given(name: &str, sets: &[String], givens: &[String]) -> Result<Scenario, LoadError> {
    let (name, mut found) = find(name, None)?;
    // From the scenario itself down to what it extends.
    let mut chain = vec![read(&found)?];
    let mut seen = vec![identity(&found)];
    while let Some((parent, place)) = extends(&chain[chain.len() - 1]) {
        if chain.len() == limits::FILES {
            let (file, message) =
                (chain[chain.len() - 1].clone(), format!("more than {} files extend each other", limits::FILES));
            let problem = Problem::error(Place { file: 0, span: place }, message, "this is one too many");
            return Err(LoadError::Wrong(Problems { files: vec![file], main: 0, list: vec![problem] }));
        }
        let fail = |message: String, label: &str| {
            let file = chain[chain.len() - 1].clone();
            let place = Place { file: 0, span: place.clone() };
            LoadError::Wrong(Problems { files: vec![file], main: 0, list: vec![Problem::error(place, message, label)] })
        };
        let (_, next) = find(&parent, Some(&found)).map_err(|error| fail(error.to_string(), "extends this"))?;
        let identity = identity(&next);
        if seen.contains(&identity) {
            let files = chain.iter().map(|file| file.path.as_str()).collect::<Vec<_>>().join("` extends `");
            return Err(fail(format!("a cycle: `{files}` extends `{parent}`"), "this closes it"));
        }
        let file = read(&next).map_err(|error| fail(error.to_string(), "extends this"))?;
        chain.push(file);
        seen.push(identity);
        found = next;
    }
    chain.reverse();
    let main = chain.len() - 1;
    laid_over(&name, chain, main, sets, givens)
}

/// Checks a scenario whose files are at hand, texts alone: what it extends first, itself at `main`; with overrides as of
/// [`load_with`] and conditions as of [`load_given`].
///
/// # Errors
/// Where it is wrong, or an override is.
pub fn parse_given(
    name: &str,
    files: Vec<SourceFile>,
    main: usize,
    sets: &[String],
    givens: &[String],
) -> Result<Scenario, LoadError> {
    laid_over(name, files, main, sets, givens)
}

/// The scenario of these files, with what was set and given laid over it.
fn laid_over(
    name: &str,
    mut chain: Vec<SourceFile>,
    main: usize,
    sets: &[String],
    givens: &[String],
) -> Result<Scenario, LoadError> {
    let files = chain.clone();
    let mut left_out = Vec::new();
    for (set, path) in sets.iter().map(|set| (set, SET)).chain(givens.iter().map(|given| (given, GIVEN))) {
        let (texts, warning) = written_out(name, &files, main, set)?;
        left_out.extend(warning);
        let file = SourceFile { path: path.to_owned(), text: texts };
        sets_something(&file)?;
        chain.push(file);
    }
    let name = overrides::named(name, sets, givens);
    let mut scenario = check(&name, Layers { files: chain, main })?;
    scenario
        .document
        .warnings
        .extend(left_out.into_iter().map(|text| Problem { topic: Topic::Set, ..Problem::remark(text) }));
    Ok(scenario)
}

/// An override as TOML, a line for each input that it moves; with a warning where it does not reach everyone.
fn written_out(
    name: &str,
    files: &[SourceFile],
    main: usize,
    set: &str,
) -> Result<(String, Option<String>), LoadError> {
    let Some((inputs, value)) = overrides::parts(set) else { return Ok((set.to_owned(), None)) };
    let mut warning = None;
    let value = overrides::as_toml(value);
    let several = inputs.len() > 1 || inputs.iter().any(|input| input.contains('*'));
    let inputs = if several {
        let base = check(name, Layers { files: files.to_vec(), main })?;
        warning = base.leaves_out(&inputs);
        base.written_out(&inputs).map_err(|message| {
            let file = SourceFile { path: SET.to_owned(), text: set.to_owned() };
            let place = Place { file: 0, span: 0..set.len() };
            let problem = Problem::error(place, message, "expected an input, or several with a comma between them");
            Problems { files: vec![file], main: 0, list: vec![problem] }
        })?
    } else {
        inputs
    };
    Ok((inputs.iter().map(|input| format!("{input}={value}")).collect::<Vec<_>>().join("\n"), warning))
}

/// A `--set` lays one value over the scenario; it cannot make it another scenario.
fn sets_something(set: &SourceFile) -> Result<(), LoadError> {
    let (root, errors) = DeTable::parse_recoverable(&set.text);
    let wrong = |span, message: &str, label: &str| {
        let list = vec![Problem::error(Place { file: 0, span }, message, label)];
        Err(LoadError::Wrong(Problems { files: vec![set.clone()], main: 0, list }))
    };
    if let Some(extends) = root.get_ref().get("extends") {
        let label = "run that scenario instead, or write a file that extends it";
        return wrong(extends.span(), "`extends` cannot be set", label);
    }
    if errors.is_empty() && root.get_ref().is_empty() {
        return wrong(0..set.text.len(), "nothing is set", "expected KEY=VALUE, such as price.monthly=7.50");
    }
    Ok(())
}

/// Loads and checks a scenario by name or path.
///
/// # Errors
/// Where it is unknown, cannot be read, or is wrong.
pub fn load(name: &str) -> Result<Scenario, LoadError> {
    load_with(name, &[])
}

/// Checks a scenario again whose files are at hand: what it extends first, itself at `main`, then what was set.
///
/// # Errors
/// Where it is wrong.
pub(crate) fn reload(name: &str, files: Vec<SourceFile>, main: usize) -> Result<Scenario, Problems> {
    check(name, Layers { files, main })
}

/// The same for the same file, however it is named.
fn identity(found: &Found) -> PathBuf {
    match found {
        Found::File(path) => std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()),
        Found::BuiltIn(i) => PathBuf::from(format!("<built in>/{i}")),
        Found::StandardInput => PathBuf::from("<standard input>"),
    }
}

/// What a file extends, and where it says so. Anything but a text is told by the checks.
pub(super) fn extends(file: &SourceFile) -> Option<(String, super::problem::Span)> {
    let (root, _) = DeTable::parse_recoverable(&file.text);
    let value = root.get_ref().get("extends")?;
    Some((value.get_ref().as_str()?.to_owned(), value.span()))
}

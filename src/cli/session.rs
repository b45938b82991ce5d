//! What a command runs under: the process with its terminal and folders, or a program that called it as a function.

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clap::{CommandFactory, FromArgMatches, Parser};

use super::results::{self, OutputArguments, Place};
use super::{Arguments, CliError, again, merge, progress, terminal};
use crate::engine::{self, Options, PathTable};
use crate::part::{Joined, Part};
use crate::plan::Plan;
use crate::results::Results;

/// What a command runs under.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    /// The words that make the results again.
    pub(super) asked: Vec<String>,
    /// All that was asked, where there is a caller.
    arguments: Vec<String>,
    caller: Option<Caller>,
}

/// A program that calls a command as a function.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// Ends what it called once this is true.
    pub cancel: Arc<AtomicBool>,
    seen: Arc<Mutex<Seen>>,
}

/// What a called command has to give.
#[derive(Debug, Default)]
struct Seen {
    found: Vec<Found>,
    warnings: Vec<String>,
    part: Option<Part>,
}

/// What a called command has found: the results that it would have written into one folder.
#[derive(Clone, Debug)]
pub struct Found {
    /// Record, tables, and the scenario's files.
    pub results: Results,
    /// Every path, block after block, where they were to be kept.
    pub paths: Option<Arc<Vec<PathTable>>>,
    /// The folder in `--out`, and one inside it.
    home: String,
    inside: Option<String>,
    /// What was asked, the name of the command first.
    arguments: Vec<String>,
}

/// Why a called command failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// The exit status that the program would have: 1 the run failed, 2 wrong usage or scenario, 130 interrupted.
    pub status: u8,
    /// What it would have told.
    pub message: String,
}

impl From<CliError> for Failure {
    fn from(error: CliError) -> Self {
        let message = anstream::adapter::strip_str(&error.told()).to_string();
        Self { status: error.status(), message: message.trim_end().to_owned() }
    }
}

/// What a called command has said.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) out: String,
    pub(super) err: String,
}

thread_local! {
    /// What is said on this thread, where a caller hears it in place of a terminal.
    static HEARD: RefCell<Option<Said>> = const { RefCell::new(None) };
}

/// Hands what is said to the caller of the command that runs on this thread; false where there is none.
pub(super) fn hears(hear: impl FnOnce(&mut Said)) -> bool {
    HEARD.with_borrow_mut(|heard| heard.as_mut().map(hear).is_some())
}

/// Whether a caller hears what is said on this thread.
pub(super) fn is_heard() -> bool {
    HEARD.with_borrow(Option::is_some)
}

/// Runs a command and returns what it has said.
fn heard(command: impl FnOnce() -> Result<(), CliError>) -> (Result<(), CliError>, Said) {
    HEARD.set(Some(Said::default()));
    let result = command();
    (result, HEARD.take().unwrap_or_default())
}

impl Session {
    /// What stops the command.
    pub(super) fn cancel(&self) -> &AtomicBool {
        self.caller.as_ref().map_or_else(|| progress::watch_for_interrupts(), |caller| &*caller.cancel)
    }

    /// Whether there is a caller, to whom everything is given and nothing said.
    pub(super) fn is_called(&self) -> bool {
        self.caller.is_some()
    }

    /// Gives the caller what it should know of what it asked.
    pub(super) fn warn(&self, message: &str) {
        if let Some(caller) = &self.caller {
            caller.seen().warnings.push(message.to_owned());
        }
    }

    /// Gives the caller the part that it asked for.
    pub(super) fn give_part(&self, part: Part) {
        if let Some(caller) = &self.caller {
            caller.seen().part = Some(part);
        }
    }

    /// The same session for the results of a whole sweep that was joined: `words` ask for it.
    pub(super) fn of_sweep(&self, scenario: &str, words: &[String]) -> Self {
        let sweep = || std::iter::once("sweep".to_owned());
        // What was asked of the folder stays.
        let folder = self.asked.iter().skip(1).cloned();
        let asked = sweep().chain(words.iter().cloned()).chain(folder).collect();
        let arguments = sweep().chain([scenario.to_owned()]).chain(words.iter().cloned()).collect();
        Self { asked, arguments, caller: self.caller.clone() }
    }

    /// Gives the caller what was found; `home` and `inside` say where it would have been written.
    pub(super) fn give(&self, results: &Results, paths: Option<Vec<PathTable>>, home: String, inside: Option<String>) {
        let Some(caller) = &self.caller else { return };
        let (results, paths, arguments) = (results.clone(), paths.map(Arc::new), self.arguments.clone());
        caller.seen().found.push(Found { results, paths, home, inside, arguments });
    }
}

impl Caller {
    /// Does what `breakeven` does with these arguments, the name of a command first, and returns the results that it would have
    /// written; none of a command that has no results. Nothing is printed, and no results are written.
    ///
    /// # Errors
    /// Where the command would have failed.
    pub fn call(&self, arguments: &[String]) -> Result<Vec<Found>, Failure> {
        *self.seen() = Seen::default();
        let said = self.run(arguments)?;
        self.warn_of(&said.err);
        Ok(std::mem::take(&mut self.seen().found))
    }

    /// Does what `breakeven` does with these arguments, and returns what it would have told and printed, without colours. Commands
    /// that have results print nothing.
    ///
    /// # Errors
    /// Where the command would have failed.
    pub fn said(&self, arguments: &[String]) -> Result<String, Failure> {
        self.run(arguments).map(|Said { out, err }| if err.is_empty() { out } else { format!("{err}\n{out}") })
    }

    fn run(&self, arguments: &[String]) -> Result<Said, Failure> {
        let program = Arguments::command();
        let words = std::iter::once("breakeven").chain(arguments.iter().map(String::as_str));
        let matches = program.clone().try_get_matches_from(words).map_err(|error| usage(&error))?;
        let mut parsed = Arguments::from_arg_matches(&matches).map_err(|error| usage(&error))?;
        if let Some(session) = parsed.command.asked().session() {
            let asked = again::asked(&program, &matches);
            *session = Session { asked, arguments: arguments.to_vec(), caller: Some(self.clone()) };
        }
        if let Some(output) = parsed.command.asked().output() {
            output.quiet = true;
        }
        let (result, Said { out, err }) = heard(|| parsed.command.asked().run());
        let [out, err] = [out, err].map(|said| anstream::adapter::strip_str(&said).to_string());
        result.map_err(|error| {
            let failure = Failure::from(error);
            // What was wrong with each of several files has been told already.
            Failure { message: [err.trim_end(), &failure.message].join("\n").trim().to_owned(), ..failure }
        })?;
        Ok(Said { out, err })
    }

    /// Joins parts of a run or a sweep.
    ///
    /// # Errors
    /// As `breakeven merge`.
    pub fn merge(&self, parts: impl IntoIterator<Item = Part>) -> Result<Found, Failure> {
        let arguments = ["merge", "parts"].map(str::to_owned).to_vec();
        let session = Session { asked: arguments[..1].to_vec(), arguments, caller: Some(self.clone()) };
        let output = OutputArguments::of(session);
        let named = parts.into_iter().enumerate().map(|(i, part)| Ok((format!("part {}", i + 1).into(), part)));
        let (result, said) = heard(|| {
            let options = merge::options(&output)?;
            merge::deliver_joined(Joined::of(named, &options)?, &output, &options).map(|_| ())
        });
        result?;
        self.warn_of(&anstream::adapter::strip_str(&said.err).to_string());
        let found = self.seen().found.pop();
        found.ok_or_else(|| Failure { status: 1, message: "nothing was joined".to_owned() })
    }

    /// Keeps whatever a person would have been told, such as that there are fewer paths than were asked for.
    fn warn_of(&self, told: &str) {
        let lines = told.lines().map(|line| line.trim_start_matches("note: ").trim_start_matches("warning: ").trim());
        self.seen().warnings.extend(lines.filter(|line| !line.is_empty()).map(str::to_owned));
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The part of what was called with `--shard`.
    #[must_use]
    pub fn part(&self) -> Option<Part> {
        self.seen().part.take()
    }

    /// What should be known of what was asked: a correlation that an override has dropped, fewer paths than asked for.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        std::mem::take(&mut self.seen().warnings)
    }
}

fn usage(error: &clap::Error) -> Failure {
    let message = error.render().to_string().trim_end().to_owned();
    Failure { status: u8::try_from(error.exit_code()).unwrap_or(2), message }
}

/// The arguments of a folder alone, as a command line has them.
#[derive(Debug, Parser)]
#[command(name = "breakeven")]
struct Written {
    #[command(flatten)]
    output: OutputArguments,
}

impl Found {
    /// What it says, as the terminal shows it, without colours.
    #[must_use]
    pub fn words(&self) -> String {
        anstream::adapter::strip_str(&terminal::findings_alone(&self.results)).to_string()
    }

    /// Writes the folder that the command line writes; `arguments` are those of a folder: `--out`, `--format`, `--no-charts`, `--theme`,
    /// `--width`, `--scale`. Returns its place.
    ///
    /// # Errors
    /// As the command line.
    pub fn write(&self, arguments: &[String], cancel: &AtomicBool) -> Result<PathBuf, Failure> {
        let words = std::iter::once("breakeven").chain(arguments.iter().map(String::as_str)).map(OsString::from);
        let mut output = Written::try_parse_from(words).map_err(|error| usage(&error))?.output;
        // The record says what was asked of the folder too.
        let program = Arguments::command();
        let all = [&["breakeven".to_owned()], self.arguments.as_slice(), arguments].concat();
        let matches = program.clone().try_get_matches_from(all).map_err(|error| usage(&error))?;
        output.session.asked = again::asked(&program, &matches);
        output.quiet = true;
        let place = Place::folder(&output.out, &self.home, self.inside.as_deref())?;
        let options = Options { cancel: Some(cancel), ..Options::default() };
        let mut results = self.results.clone();
        if let Some(paths) = &self.paths {
            place.write_paths(&mut results, paths)?;
        }
        let delivered = results::deliver(results, place, &output, &options)?;
        Ok(Path::new(&delivered.place).to_owned())
    }
}

/// The most numbers that paths in memory have: 4 GB.
const MOST_NUMBERS: u64 = 1 << 29;

/// Simulates once more and keeps every path in memory, for a caller.
pub(super) fn paths_in_memory(plan: &Plan, paths: u64, options: &Options<'_>) -> Result<Vec<PathTable>, CliError> {
    let numbers = paths.saturating_mul(engine::path_columns(plan).len() as u64);
    if numbers > MOST_NUMBERS {
        let message = format!("{numbers} numbers: at most {MOST_NUMBERS} are kept in memory; take fewer paths");
        return Err(CliError::Usage(message));
    }
    let mut tables = Vec::new();
    engine::each_path(plan, paths, options, |table| {
        tables.push(table.clone());
        Ok::<_, engine::RunError>(())
    })?;
    Ok(tables)
}

impl OutputArguments {
    /// Those of a caller.
    fn of(session: Session) -> Self {
        let mut output = Written::parse_from(["breakeven", "--quiet"]).output;
        output.session = session;
        output
    }
}

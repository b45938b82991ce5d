//! `breakeven reproduce`: makes results again, and says whether they are the same, byte by byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use super::chart::results_in;
use super::{CliError, progress, quoted, results};
use crate::output::{self, sha256_of};
use crate::results::{ACTUALS_FILE, Kind, Record, Results};
use crate::words;

/// Arguments of `reproduce`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven reproduce output/baseline
  breakeven reproduce output/baseline/sweep-price.monthly

The folder's record says the command, and the folder has copies of the scenario's files: the command
runs again in a temporary folder, and every file is compared. Where one differs, it is said whether
it was edited since, whether the scenario was, or whether this program makes another; of a table the
first row that differs is shown. Status 0: the same bytes; 1: something differs.")]
pub(super) struct ReproduceArguments {
    /// The folder of results
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Print nothing but what differs
    #[arg(long, short)]
    quiet: bool,
}

/// Makes the results again, and says what is the same.
pub(super) fn reproduce(arguments: &ReproduceArguments) -> Result<(), CliError> {
    let folder = &arguments.folder;
    let recorded = results_in(folder)?;
    let place = tempfile_folder()?;
    let made = Made::again(folder, &recorded, &place.0, arguments.quiet)?;
    let mut differences = Vec::new();
    if recorded.record.program != made.record.program {
        let message = format!("made by {}, this is {}", recorded.record.program, made.record.program);
        differences.push(("the program".to_owned(), message));
    }
    let edited = edited_copies(folder, &recorded.record);
    for name in &edited {
        differences.push((name.clone(), "edited since: what follows is of the edited file".to_owned()));
    }
    let names: BTreeSet<&String> = recorded.record.files.iter().chain(&made.record.files).collect();
    let record = recorded.record.file();
    let mut same = 0;
    for name in names {
        if edited.contains(name) {
            continue;
        }
        let found = if *name == record {
            difference_of_records(&recorded.record, &made.record, !edited.is_empty())
        } else {
            difference(name, folder, &recorded.record, &made)?
        };
        match found {
            Some(why) => differences.push((name.clone(), why)),
            None => same += 1,
        }
    }
    let here = words::shown_line(&folder.display().to_string());
    if differences.is_empty() {
        if arguments.quiet {
            return Ok(());
        }
        let command = made.command;
        return super::print(&format!("{here}: the same bytes again, {}\n  {command}\n", words::counted(same, "file")));
    }
    let mut text = format!("{here}: not the same\n");
    for (name, why) in &differences {
        text += &format!("  {}: {why}\n", words::shown_line(name));
    }
    super::print(&text)?;
    Err(CliError::Failed(format!("{} of {here} cannot be reproduced", words::counted(differences.len(), "part"))))
}

/// A folder that goes with the value.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn tempfile_folder() -> Result<Temporary, CliError> {
    let folder = std::env::temp_dir().join(format!("breakeven-reproduce-{}", std::process::id()));
    let failed = |error| CliError::Failed(format!("cannot create the folder `{}`: {error}", folder.display()));
    fs::create_dir(&folder).map_err(failed)?;
    Ok(Temporary(folder))
}

/// Results that were made again.
struct Made {
    folder: PathBuf,
    record: Record,
    /// As a shell takes it.
    command: String,
}

impl Made {
    fn again(folder: &Path, recorded: &Results, place: &Path, quiet: bool) -> Result<Self, CliError> {
        let cancel = progress::watch_for_interrupts();
        let record = &recorded.record;
        let arguments = command(folder, recorded, place)?;
        let program = std::env::current_exe().map_err(|error| CliError::Failed(error.to_string()))?;
        let out = place.join("out");
        let mut child = Command::new(program);
        child.args(&arguments).arg("--out").arg(&out).stdin(Stdio::null()).stdout(Stdio::null());
        if quiet {
            child.arg("--quiet");
        }
        // A Ctrl-C reaches the child too, and ends it with status 130.
        let done = child.output().map_err(|error| CliError::Failed(error.to_string()))?;
        results::stop_if(&crate::engine::Options { cancel: Some(cancel), ..Default::default() })?;
        let shown = shown_command(&record.command, record);
        if !done.status.success() {
            let why = String::from_utf8_lossy(&done.stderr);
            let why = why.lines().next().unwrap_or("it ended without a word").trim_start_matches("error: ").to_owned();
            return Err(CliError::Failed(format!("the command cannot be run again: {why}\n  {shown}")));
        }
        let found = record_in(&out, &record.file(), record)?;
        let made = results_in(&found)?;
        Ok(Self { folder: found, record: made.record, command: shown })
    }
}

/// What is run: the recorded command on the copies of the scenario's files.
fn command(folder: &Path, recorded: &Results, place: &Path) -> Result<Vec<String>, CliError> {
    let record = &recorded.record;
    let refused =
        |why: &str| Err(CliError::Usage(format!("{}: {why}", words::shown_line(&folder.display().to_string()))));
    if record.command.is_empty() {
        return refused("its record names no command: it was made by an earlier version, or not by the program");
    }
    if matches!(record.kind, Kind::Score(_)) {
        return refused("a score is of another folder: reproduce that one, and score it again");
    }
    let starts = record.scenarios.iter().any(|scenario| scenario.posterior_sha256.is_some());
    if starts && !matches!(record.kind, Kind::Condition(_)) {
        return refused("it starts from the results of `condition` in another folder: reproduce that one first");
    }
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let mut copies = copies(recorded).into_iter().map(|copy| text(&folder.join(copy)));
    let mut out = record.command.clone();
    let is_changed = out.iter().any(|word| word == "--with");
    match record.kind {
        Kind::Compare if !is_changed => out.extend(copies),
        Kind::Voi(_) => {
            out.extend(copies.next());
            let others: Vec<String> = copies.collect();
            if !others.is_empty() {
                out.extend(["--choose-scenario".to_owned(), others.join(",")]);
            }
        }
        _ => out.extend(copies.next()),
    }
    if let Some(at) = out.iter().position(|word| word == "--actuals")
        && let Some(name) = out.get_mut(at + 1)
    {
        // Under its own name, which the results bear.
        let copy = place.join(Path::new(name.as_str()).file_name().unwrap_or_default());
        let failed =
            |error| CliError::Failed(format!("cannot copy `{}`: {error}", folder.join(ACTUALS_FILE).display()));
        fs::copy(folder.join(ACTUALS_FILE), &copy).map_err(failed)?;
        *name = text(&copy);
    }
    Ok(out)
}

/// The copy of each scenario's own file, in order.
fn copies(recorded: &Results) -> Vec<&String> {
    let names = recorded.sources.iter().map(|source| &source.0).filter(|name| *name != ACTUALS_FILE);
    let names: Vec<&String> = names.collect();
    let scenarios = &recorded.record.scenarios;
    if scenarios.len() == 1 {
        return names.into_iter().take(1).collect();
    }
    let own =
        |name: &str| names.iter().find(|copy| copy.starts_with(&format!("{}/", output::file_name(name)))).copied();
    scenarios.iter().filter_map(|scenario| own(&scenario.name)).collect()
}

/// The command as its user would write it.
fn shown_command(command: &[String], record: &Record) -> String {
    let (name, rest) = command.split_first().map_or(("", [].as_slice()), |(name, rest)| (name.as_str(), rest));
    let base = |name: &str| quoted(name.split('@').next().unwrap_or(name));
    let all: Vec<String> = record.scenarios.iter().map(|scenario| base(&scenario.name)).collect();
    let is_changed = rest.iter().any(|word| word == "--with");
    let (own, others) = all.split_at(if matches!(record.kind, Kind::Compare) && !is_changed { all.len() } else { 1 });
    let chosen = matches!(record.kind, Kind::Voi(_)) && !others.is_empty();
    let others = chosen.then(|| format!("--choose-scenario {}", others.join(",")));
    let words: Vec<String> = own.iter().cloned().chain(rest.iter().map(|word| quoted(word))).chain(others).collect();
    words::shown_line(&format!("breakeven {name} {}", words.join(" ")))
}

/// The folder of the results that were made, somewhere below.
fn record_in(out: &Path, file: &str, wanted: &Record) -> Result<PathBuf, CliError> {
    let mut folders = vec![out.to_owned()];
    while let Some(folder) = folders.pop() {
        let is_it = |record: &Record| record.kind.name() == wanted.kind.name() && record.command == wanted.command;
        // Several of a kind, as those of drivers, differ in what they are of.
        let same_of = |record: &Record| match (&record.kind, &wanted.kind) {
            (Kind::Drivers(a), Kind::Drivers(b)) => a.of == b.of,
            _ => true,
        };
        if folder.join(file).is_file()
            && let Ok(found) = results_in(&folder)
            && is_it(&found.record)
            && same_of(&found.record)
        {
            return Ok(folder);
        }
        let inside = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
        folders.extend(inside.filter(|path| path.is_dir()));
    }
    Err(CliError::Failed("the command has made other results than the folder's".to_owned()))
}

/// Copies of scenarios that are no longer what the record says.
fn edited_copies(folder: &Path, record: &Record) -> Vec<String> {
    let is_copy = |name: &str| Path::new(name).extension().is_some_and(|kind| kind == "toml") || name == ACTUALS_FILE;
    let edited = |(name, hash): &(&String, &String)| {
        is_copy(name) && sha256_of(&folder.join(name)).is_ok_and(|found| found != **hash)
    };
    record.sha256.iter().filter(edited).map(|(name, _)| name.clone()).collect()
}

/// In what a file differs from the one that was made again; none where it does not.
fn difference(name: &str, folder: &Path, record: &Record, made: &Made) -> Result<Option<String>, CliError> {
    let (here, there) = (folder.join(name), made.folder.join(name));
    let failed = |path: &Path| {
        let shown = path.display().to_string();
        move |error| CliError::Failed(format!("cannot read `{shown}`: {error}"))
    };
    match (here.is_file(), there.is_file()) {
        (false, _) => return Ok(Some("no longer there".to_owned())),
        // Charts that were drawn again beside the results.
        (true, false) => return Ok(Some("not made by the command".to_owned())),
        (true, true) => {}
    }
    let (ours, theirs) = (sha256_of(&here).map_err(failed(&here))?, sha256_of(&there).map_err(failed(&there))?);
    if ours == theirs {
        return Ok(None);
    }
    let why = match record.sha256.get(name) {
        Some(recorded) if *recorded != ours => "edited since",
        _ => "another is made here",
    };
    let is_text =
        ["csv", "json", "svg", "toml"].iter().any(|kind| Path::new(name).extension().is_some_and(|end| end == *kind));
    let line = if is_text { first_difference(&here, &there).map_err(failed(&here))? } else { None };
    Ok(Some(line.map_or_else(|| why.to_owned(), |line| format!("{why}; {line}"))))
}

/// The first line that differs, and what is made in its place.
fn first_difference(here: &Path, there: &Path) -> std::io::Result<Option<String>> {
    /// More of a line is not shown.
    const SHOWN: usize = 120;
    /// More of a line is not read.
    const LONGEST: u64 = 1 << 20;
    let (mut ours, mut theirs) = (BufReader::new(File::open(here)?), BufReader::new(File::open(there)?));
    let next = |file: &mut BufReader<File>| -> std::io::Result<Vec<u8>> {
        let mut line = Vec::new();
        file.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
        Ok(line)
    };
    let shown = |line: &[u8]| -> String {
        let text = words::shown_line(String::from_utf8_lossy(line).trim_end());
        if text.chars().count() > SHOWN { text.chars().take(SHOWN).chain(['…']).collect() } else { text }
    };
    for number in 1_u64.. {
        let (a, b) = (next(&mut ours)?, next(&mut theirs)?);
        if a != b {
            let end = |line: &[u8]| if line.is_empty() { "the end of the file".to_owned() } else { shown(line) };
            return Ok(Some(format!("line {number} is\n      {}\n    made is\n      {}", end(&a), end(&b))));
        }
        if a.is_empty() {
            break;
        }
    }
    Ok(None)
}

/// The record itself: what it says of the files follows from them.
fn difference_of_records(recorded: &Record, made: &Record, edited: bool) -> Option<String> {
    let bare = |record: &Record| {
        let mut bare = Record { files: Vec::new(), sha256: BTreeMap::new(), ..record.clone() };
        if edited {
            // That the scenario is another has been said.
            bare.scenarios = Vec::new();
        }
        bare
    };
    (bare(recorded) != bare(made)).then(|| "another is made here".to_owned())
}

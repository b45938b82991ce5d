//! `breakeven reproduce`: makes results again, and says whether they are the same, byte by byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::{Args, CommandFactory};

use super::chart::results_in;
use super::{CliError, Runs, again, progress, quoted, results};
use crate::engine::Options;
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

impl Runs for ReproduceArguments {
    /// Makes the results again, and says what is the same.
    fn run(&self) -> Result<(), CliError> {
        let folder = &self.folder;
        let recorded = results_in(folder)?;
        let failed = |error| CliError::Failed(format!("cannot create a temporary folder: {error}"));
        let place = tempfile::Builder::new().prefix("breakeven-").tempdir().map_err(failed)?;
        let made = Made::again(folder, &recorded, place.path())?;
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
                let same = fs::read(folder.join(name)).ok() == fs::read(made.folder.join(name)).ok();
                if same { None } else { difference_of_records(&recorded.record, &made.record, !edited.is_empty()) }
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
            if self.quiet {
                return Ok(());
            }
            let command = made.command;
            return super::print(&format!(
                "{here}: the same bytes again, {}\n  {command}\n",
                words::counted(same, "file")
            ));
        }
        let mut text = format!("{here}: not the same\n");
        for (name, why) in &differences {
            text += &format!("  {}: {why}\n", words::shown_line(name));
        }
        super::print(&text)?;
        Err(CliError::Failed(format!("{} of {here} cannot be reproduced", words::counted(differences.len(), "part"))))
    }
}

/// Results that were made again.
struct Made {
    folder: PathBuf,
    record: Record,
    /// As a shell takes it.
    command: String,
}

impl Made {
    fn again(folder: &Path, recorded: &Results, place: &Path) -> Result<Self, CliError> {
        let cancel = progress::watch_for_interrupts();
        let record = &recorded.record;
        let arguments = command(folder, recorded, place)?;
        let stopped = |error: std::io::Error| CliError::Failed(format!("the command cannot be run again: {error}"));
        let said = place.join("said");
        let (program, first) = super::started_by().map_err(stopped)?;
        let mut child = Command::new(program)
            .args(first)
            .args(&arguments)
            .current_dir(place)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&said).map_err(stopped)?)
            .spawn()
            .map_err(stopped)?;
        let status = loop {
            if let Some(status) = child.try_wait().map_err(stopped)? {
                break status;
            }
            if results::stop_if(&Options { cancel: Some(cancel), ..Options::default() }).is_err() {
                // Whether it has been told too, or not.
                child.kill().ok();
                child.wait().ok();
            }
            std::thread::sleep(LOOKS_EVERY);
        };
        results::stop_if(&Options { cancel: Some(cancel), ..Options::default() })?;
        let shown = shown_command(&record.command, record);
        if !status.success() {
            let why = fs::read_to_string(&said).unwrap_or_default();
            let why = why.lines().find_map(|line| line.strip_prefix("error: ")).unwrap_or("it ended without a word");
            return Err(CliError::Failed(format!("the command cannot be run again: {why}\n  {shown}")));
        }
        let found = record_in(&place.join(OUT), &record.file(), record)?;
        let made = results_in(&found)?;
        Ok(Self { folder: found, record: made.record, command: shown })
    }
}

/// How often it is looked whether the command is done.
const LOOKS_EVERY: std::time::Duration = std::time::Duration::from_millis(20);
/// Folders of the temporary one: results, copies of scenarios, actual numbers.
const OUT: &str = "out";
const COPIES: &str = "in";
const ACTUALS: &str = "actuals";

/// What is run: the recorded command on copies of the scenario's files, all of them inside the temporary folder. A record may come from
/// anyone: it chooses among the options of its own kind of command, and never where something is read or written.
fn command(folder: &Path, recorded: &Results, place: &Path) -> Result<Vec<String>, CliError> {
    let record = &recorded.record;
    let refused = |why: &str| CliError::Usage(format!("{}: {why}", words::shown_line(&folder.display().to_string())));
    let failed = |error: std::io::Error| CliError::Failed(format!("cannot copy the scenario: {error}"));
    let Some((name, rest)) = record.command.split_first() else {
        return Err(refused("its record names no command: it was made by an earlier version, or not by the program"));
    };
    if matches!(record.kind, Kind::Score(_)) {
        return Err(refused("a score is of another folder: reproduce that one, and score it again"));
    }
    let starts = record.scenarios.iter().any(|scenario| scenario.posterior_sha256.is_some());
    if starts && !matches!(record.kind, Kind::Condition(_)) {
        return Err(refused("it starts from the results of `condition` in another folder: reproduce that one first"));
    }
    if name != record.kind.name() {
        return Err(refused("its record names a command that makes other results"));
    }
    let mut out = vec![name.clone(), format!("--out={OUT}"), "--quiet".to_owned()];
    for (option, value) in options(name, rest).ok_or_else(|| refused("its record names no command of this program"))? {
        let value = match value {
            // Under its own name, which the results bear.
            Some(file) if option == "actuals" => {
                let name = Path::new(file).file_name().ok_or_else(|| refused("its actual numbers have no name"))?;
                let text = recorded.sources.iter().find(|source| source.0 == ACTUALS_FILE);
                let text = text.ok_or_else(|| refused("it has no copy of the actual numbers"))?;
                let copy = Path::new(ACTUALS).join(name);
                fs::create_dir_all(place.join(ACTUALS)).map_err(failed)?;
                fs::write(place.join(&copy), &text.1).map_err(failed)?;
                Some(copy.to_string_lossy().into_owned())
            }
            value => value.cloned(),
        };
        out.push(value.map_or_else(|| format!("--{option}"), |value| format!("--{option}={value}")));
    }
    for (name, text) in recorded.sources.iter().filter(|source| source.0 != ACTUALS_FILE) {
        let copy = place.join(COPIES).join(name);
        fs::create_dir_all(copy.parent().unwrap_or(place)).map_err(failed)?;
        fs::write(&copy, text).map_err(failed)?;
    }
    let mut copies: Vec<String> = copies(recorded).into_iter().map(|copy| format!("{COPIES}/{copy}")).collect();
    let is_changed = rest.iter().any(|word| word == "--with");
    if !matches!(record.kind, Kind::Compare(_)) || is_changed {
        let others = copies.split_off(1.min(copies.len()));
        if matches!(record.kind, Kind::Voi(_)) {
            out.extend(others.into_iter().map(|other| format!("--choose-scenario={other}")));
        }
    }
    out.push("--".to_owned());
    out.extend(copies);
    Ok(out)
}

/// The options of a recorded command with their values; none where they are no options of it that a record may have.
fn options<'r>(name: &str, words: &'r [String]) -> Option<Vec<(&'r str, Option<&'r String>)>> {
    let program = super::Arguments::command();
    let known = program.find_subcommand(name)?;
    let mut out = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let option = word.strip_prefix("--")?;
        let argument = known.get_arguments().find(|argument| argument.get_long() == Some(option))?;
        let id = argument.get_id().as_str();
        let is_of_record = matches!(id, "set" | "given" | "seed" | "sampler");
        if !is_of_record && again::LEFT_OUT.contains(&id) {
            return None;
        }
        let value = if argument.get_action().takes_values() { Some(words.next()?) } else { None };
        // Without the sign it would be a folder.
        if id == "given" && !value.is_some_and(|value| value.contains('=')) {
            return None;
        }
        out.push((option, value));
    }
    Some(out)
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
    let (own, others) =
        all.split_at(if matches!(record.kind, Kind::Compare(_)) && !is_changed { all.len() } else { 1 });
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
        _ if name.starts_with("charts/") => "another is drawn here, or it was drawn again with another look",
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

/// The record itself, of which the bytes differ.
fn difference_of_records(recorded: &Record, made: &Record, edited: bool) -> Option<String> {
    let bare = |record: &Record| Record { files: Vec::new(), sha256: BTreeMap::new(), ..record.clone() };
    let (mut ours, mut theirs) = (bare(recorded), bare(made));
    if edited {
        // That the scenario is another has been said.
        (ours.scenarios, theirs.scenarios) = (Vec::new(), Vec::new());
    }
    if ours != theirs {
        return Some("another is made here".to_owned());
    }
    // Its files are told one by one. Charts that were drawn again are in it, and an edited scenario has other results: all else was edited.
    let names = recorded.files.iter().chain(&made.files);
    let mut others = names.filter(|name| {
        let (here, there) = (recorded.files.contains(name), made.files.contains(name));
        here != there || recorded.sha256.get(*name) != made.sha256.get(*name)
    });
    let is_redrawn = |name: &String| name.starts_with("charts/") && recorded.files.contains(name);
    let explained = others.next().is_some_and(is_redrawn) && others.all(is_redrawn);
    (!edited && !explained).then(|| "edited since".to_owned())
}

//! The command that makes results again, as their record says it: without names of files and folders, which are other ones elsewhere.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use crate::results::{Kind, Record};
use crate::words;

/// Where results go, how much is said and how fast: none of it changes a result. The rest is said by the record.
pub(super) const LEFT_OUT: [&str; 12] =
    ["color", "out", "quiet", "json", "threads", "more", "shard", "seed", "sampler", "set", "given", "choose_scenario"];
/// Of what is a file its name is kept.
const FILES: [&str; 1] = ["actuals"];

/// What was asked for, but for what makes no difference to a result or stands in the record anyway.
pub(super) fn asked(program: &Command, arguments: &ArgMatches) -> Vec<String> {
    let Some((name, own)) = arguments.subcommand() else { return Vec::new() };
    let Some(command) = program.find_subcommand(name) else { return Vec::new() };
    let mut out = vec![name.to_owned()];
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        let Some(long) = argument.get_long().filter(|_| !LEFT_OUT.contains(&id)) else { continue };
        if own.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        let flag = format!("--{long}");
        if !argument.get_action().takes_values() {
            out.push(flag);
            continue;
        }
        for value in own.get_raw(id).into_iter().flatten() {
            let value =
                if FILES.contains(&id) { std::path::Path::new(value).file_name().unwrap_or(value) } else { value };
            out.extend([flag.clone(), words::shown_line(&value.to_string_lossy())]);
        }
    }
    out
}

/// The command that makes results with this record, where this was asked. However they were made, in one piece or in parts, it is
/// the same.
pub(super) fn command(record: &Record, asked: &[String]) -> Vec<String> {
    let Some((name, asked)) = asked.split_first() else { return Vec::new() };
    let mut out = vec![if name == "merge" { "run".to_owned() } else { name.clone() }];
    let scenario = record.scenario();
    for (flag, values) in [("--set", &scenario.set), ("--given", &scenario.given)] {
        out.extend(values.iter().flat_map(|value| [flag.to_owned(), value.clone()]));
    }
    let is_run = matches!(record.kind, Kind::Run(_));
    let of_run = is_run && !asked.iter().any(|word| word == "--precision");
    let mut rest = asked.iter().cloned();
    while let Some(word) = rest.next() {
        if of_run && word == "--paths" {
            rest.next();
        } else {
            out.push(word);
        }
    }
    let simulation = &record.simulation;
    if of_run {
        out.extend(["--paths".to_owned(), simulation.paths.to_string()]);
    }
    if !matches!(record.kind, Kind::Score(_)) {
        out.extend([
            "--seed".to_owned(),
            simulation.seed.to_string(),
            "--sampler".to_owned(),
            simulation.sampler.clone(),
        ]);
    }
    out
}

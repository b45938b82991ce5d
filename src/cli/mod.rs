//! The command line: arguments, the only writes to stdout and stderr, exit status.

mod again;
mod array;
mod chart;
mod check;
mod color;
mod compare;
mod completions;
mod condition;
mod discover;
mod drivers;
mod error;
mod explain;
mod explore;
mod fit;
mod given;
mod help;
mod into;
mod man;
mod merge;
mod new;
mod problems;
mod progress;
mod report;
mod reproduce;
mod results;
mod run;
mod scenarios;
mod score;
mod session;
mod shard;
mod show;
mod simulation;
mod solve;
mod sweep;
mod terminal;
mod verify;
mod voi;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use color::Color;
use error::CliError;
use results::OutputArguments;
use session::Session;
pub use session::{Caller, Failure, Found};

use crate::words;

/// How many subscribers, at which price, pay back a subscription's investment.
///
/// breakeven reads a scenario (numbers and distributions with their sources), simulates many possible futures of it, and
/// says how often the target is reached and the investment paid back, with the simulation's own error.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, arg_required_else_help = true, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// When to use colours; NO_COLOR in the environment means never
    #[arg(long, value_name = "WHEN", value_enum, global = true, default_value_t, help_heading = "Terminal")]
    color: Color,
}

const EXAMPLES: &str = "\
Examples:
  breakeven run baseline                 simulate a scenario; results and charts in output/baseline/
  breakeven run my-case.toml --paths 1e6 your own file, a million paths
  breakeven run baseline --set market.refusal_rate=0.5
  breakeven run baseline --precision payback=0.0005
                                         run until the answer is that precise
  breakeven sweep baseline --vary price.monthly=5:20:0.5
                                         which price? the best one, and how sure that is
  breakeven solve baseline --for price.monthly --until npv=0
                                         what would have to be true?
  breakeven compare baseline music-like  why do two cases differ?
  breakeven drivers baseline             which inputs matter, and what would have to be true?
  breakeven discover baseline --of target_reached
                                         under which conditions does it happen?
  breakeven voi baseline --choose price.monthly=5:20:1
                                         what is it worth to know more before the price is set?
  breakeven condition baseline --actuals first-months.csv
                                         the first months are known: what do they change?
  breakeven score output/baseline --actuals first-year.csv
                                         was last year's forecast any good?
  breakeven chart output/baseline --theme dark
                                         draw the charts again, for another page
  breakeven report baseline              one page to forward: answer, charts, sources
  breakeven explore baseline             a page that simulates what its reader changes
  breakeven check my-case.toml           only say what is wrong with a file
  breakeven scenarios                    what can be run by name
  breakeven show baseline                every input with its source
  breakeven explain refusal_rate         what an input means
  breakeven new my-case                  a file of your own to start from
  breakeven reproduce output/baseline    is the slide what the file makes?
  breakeven verify                       check the program on this machine against known answers
  breakeven help statistics              where the errors come from; other pages: `breakeven help --help`

Exit status: 0 done, 1 the run failed, 2 wrong usage or a wrong scenario, 130 interrupted.";

/// What a command does; implemented for its arguments.
trait Runs {
    /// Does it.
    fn run(&self) -> Result<(), CliError>;

    /// Where its results go, if it has some.
    fn output(&mut self) -> Option<&mut OutputArguments> {
        None
    }

    /// What it runs under, where it simulates.
    fn session(&mut self) -> Option<&mut Session> {
        self.output().map(|output| &mut output.session)
    }
}

/// The commands, and the arguments of the one that is asked for.
macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($arguments:ty),)+) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($(#[$doc])* $name($arguments),)+
        }

        impl Command {
            fn asked(&mut self) -> &mut dyn Runs {
                match self {
                    $(Self::$name(arguments) => arguments,)+
                }
            }
        }
    };
}

commands! {
    /// Simulate scenarios; write tables and charts, and say what came out
    Run(run::RunArguments),
    /// Simulate a scenario with one or two of its inputs at each of many values: which price?
    Sweep(sweep::SweepArguments),
    /// Find the value of an input at which a level is reached: what would have to be true?
    Solve(solve::SolveArguments),
    /// Compare scenarios path by path: how far apart are they, and why?
    Compare(compare::CompareArguments),
    /// Say what the answer hangs on: which inputs matter, what would have to be true
    Drivers(drivers::DriversArguments),
    /// Find conditions on the inputs under which an event happens
    Discover(discover::DiscoverArguments),
    /// Say what it would be worth to know more before a decision
    Voi(voi::VoiArguments),
    /// Say what actual numbers change: the first months are known
    Condition(condition::ConditionArguments),
    /// Hold an earlier forecast against what came
    Score(score::ScoreArguments),
    /// Fit inputs to data: diffusion, retention, willingness to pay
    Fit(fit::FitArguments),
    /// Draw the charts of results again: another theme, another size
    Chart(chart::ChartArguments),
    /// Write one HTML page about scenarios: answer, charts, assumptions, method
    Report(report::ReportArguments),
    /// Write one HTML page that simulates what its reader changes
    Explore(explore::ExploreArguments),
    /// Join the parts of a run or a sweep that --shard made
    Merge(merge::MergeArguments),
    /// Check scenario files without running them
    Check(check::CheckArguments),
    /// List the scenarios that can be run by name
    Scenarios(scenarios::ScenariosArguments),
    /// Print every input of a scenario: value, percentiles, source, grade, date, file
    Show(show::ShowArguments),
    /// Say what an input means: unit, range, default, equation
    Explain(explain::ExplainArguments),
    /// Write a scenario file to start from
    New(new::NewArguments),
    /// Print the JSON Schema of scenario files, for editors
    Schema(explain::SchemaArguments),
    /// Make results again, and say whether they are the same bytes
    Reproduce(reproduce::ReproduceArguments),
    /// Check the program on this machine against known answers
    Verify(verify::VerifyArguments),
    /// Print what a shell needs to complete commands, scenarios and inputs
    Completions(completions::CompletionsArguments),
    /// Write manual pages
    Man(man::ManArguments),
    /// Print the help of a command, or a page of the guide: files, statistics, format, …
    Help(help::HelpArguments),
}

/// Runs the program on the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    ExitCode::from(main_of(&std::env::args_os().collect::<Vec<_>>()))
}

/// How this process is started as the program, where it is another one that runs it.
static STARTED_BY: OnceLock<Vec<OsString>> = OnceLock::new();

/// The program as a command that can be run again, and the words that come first.
fn started_by() -> std::io::Result<(OsString, Vec<OsString>)> {
    match STARTED_BY.get().and_then(|words| words.split_first()) {
        Some((program, first)) => Ok((program.clone(), first.to_vec())),
        None => Ok((std::env::current_exe()?.into_os_string(), Vec::new())),
    }
}

/// Runs the program inside another one, which runs it again by the words `by`; otherwise as [`main_of`].
#[must_use]
pub fn main_by(by: Vec<OsString>, words: &[OsString]) -> u8 {
    STARTED_BY.set(by).ok();
    main_of(words)
}

/// Runs the program on these arguments, its own name first, and returns its exit status.
#[must_use]
pub fn main_of(words: &[OsString]) -> u8 {
    match completions::answered(words, Arguments::command) {
        Ok(true) => return 0,
        Ok(false) => {}
        Err(error) => {
            error.print().ok();
            return 2;
        }
    }
    let program = Arguments::command();
    let parsed = program.clone().try_get_matches_from(words).and_then(|matches| {
        let parsed = Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut program.clone()));
        parsed.map(|mut arguments| {
            if let Some(session) = arguments.command.asked().session() {
                session.asked = again::asked(&program, &matches);
            }
            arguments
        })
    });
    let mut arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for, and go to stdout with status 0; everything else is usage.
            let code = error.exit_code();
            shown(error, words).print().ok();
            return u8::try_from(code).unwrap_or(2);
        }
    };
    arguments.color.set();
    match arguments.command.asked().run() {
        Ok(()) => 0,
        Err(error) => {
            error.tell();
            error.status()
        }
    }
}

/// An error of usage without the control characters that an argument may have brought into it.
fn shown(error: clap::Error, words: &[OsString]) -> clap::Error {
    let arguments: Vec<String> = words.iter().map(|argument| argument.to_string_lossy().into_owned()).collect();
    if arguments.iter().all(|argument| matches!(words::shown(argument), std::borrow::Cow::Borrowed(_))) {
        return error;
    }
    let plain = arguments.iter().map(|argument| words::shown_line(argument));
    Arguments::try_parse_from(plain).err().unwrap_or(error)
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '=' | ':');
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Writes to stdout; a reader that went away (`breakeven scenarios | head -1`) is no error.
fn print(text: &str) -> Result<(), CliError> {
    if session::hears(|said| said.out += text) {
        return Ok(());
    }
    match anstream::stdout().lock().write_all(guarded(text).as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(CliError::Stdout(error)),
        _ => Ok(()),
    }
}

/// Warns on stderr.
fn warn(text: &str) {
    tell(&warning(text));
}

fn warning(text: &str) -> String {
    let style = anstyle::AnsiColor::Yellow.on_default().bold();
    format!("{style}warning{style:#}: {}\n", words::shown(text))
}

/// Says on stderr what is no error.
fn note(text: &str) {
    let style = anstyle::AnsiColor::Cyan.on_default().bold();
    tell(&format!("{style}note{style:#}: {}\n", words::shown(text)));
}

/// Writes to stderr, where nothing more can be done if that fails.
fn tell(text: &str) {
    if session::hears(|said| said.err += text) {
        return;
    }
    anstream::stderr().lock().write_all(guarded(text).as_bytes()).ok();
}

/// A text for the terminal. Texts from files and arguments come here without control characters; should one slip through, it can
/// change a colour at most.
fn guarded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out += &words::shown(&rest[..at]);
        let after = &rest[at + 1..];
        let styles = |c: char| c.is_ascii_digit() || c == ';';
        let end = after.strip_prefix('[').map(|codes| 1 + codes.chars().take_while(|c| styles(*c)).count());
        if let Some(end) = end.filter(|end| after[*end..].starts_with('m')) {
            out += &rest[at..=at + 1 + end];
            rest = &after[end + 1..];
        } else {
            out.push('?');
            rest = after;
        }
    }
    out + &words::shown(rest)
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_but_a_style_controls_the_terminal() {
        assert_eq!(super::guarded("\u{1b}[1mbold\u{1b}[0m"), "\u{1b}[1mbold\u{1b}[0m");
        assert_eq!(super::guarded("a\u{1b}]0;title\u{7}b\u{1b}[2Jc\u{9b}5n\r"), "a?]0;title?b?[2Jc¿5n?");
    }
}

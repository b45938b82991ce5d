//! `breakeven completions`: what a shell needs to complete commands, and what it is told then: scenarios and inputs too.

use std::ffi::{OsStr, OsString};

use clap::{Args, Command};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter};
use clap_complete::env::Shells;

use super::{CliError, Runs};
use crate::scenario::keys::Key;
use crate::scenario::{self, Scenario};

/// A shell that asks for completions sets it to the shell's name.
const ASKED_BY: &str = "BREAKEVEN_COMPLETE";
/// Options that begin with the key of an input, and whether a value follows.
const KEYED: [(&str, bool); 8] = [
    ("set", true),
    ("given", true),
    ("vary", true),
    ("choose", true),
    ("changed", true),
    ("input", false),
    ("know", false),
    ("study", false),
];
/// Arguments that are scenarios.
const SCENARIOS: [&str; 5] = ["scenario", "scenarios", "more", "choose_scenario", "files"];

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  source <(breakeven completions bash)                     in ~/.bashrc
  source <(breakeven completions zsh)                      in ~/.zshrc, after compinit
  breakeven completions fish | source                      in ~/.config/fish/config.fish
  eval (breakeven completions elvish | slurp)              in ~/.config/elvish/rc.elv
  breakeven completions powershell | Out-String | Invoke-Expression
                                                           in $PROFILE

Scenarios complete by name, and the keys of inputs after --set, --given, --vary, --for, --choose and --with.")]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL", value_parser = ["bash", "zsh", "fish", "powershell", "elvish"])]
    shell: String,
}

impl Runs for CompletionsArguments {
    /// Prints what a shell needs to ask for completions.
    fn run(&self) -> Result<(), CliError> {
        let shells = Shells::builtins();
        let Some(shell) = shells.completer(&self.shell) else {
            return Err(CliError::Usage(format!("no completions for `{}`", self.shell)));
        };
        let mut script = Vec::new();
        shell
            .write_registration(ASKED_BY, "breakeven", "breakeven", "breakeven", &mut script)
            .map_err(CliError::Stdout)?;
        super::print(&String::from_utf8_lossy(&script))
    }
}

/// Answers a shell that asks for completions; false where none does.
pub(super) fn answered(words: &[OsString], command: impl Fn() -> Command) -> Result<bool, clap::Error> {
    let completing = || with_candidates(command());
    let here = std::env::current_dir().ok();
    CompleteEnv::with_factory(completing)
        .var(ASKED_BY)
        .bin("breakeven")
        .try_complete(words.iter().cloned(), here.as_deref())
}

/// A command whose arguments know what they may be.
fn with_candidates(command: Command) -> Command {
    let command = command.mut_args(|argument| {
        let id = argument.get_id().as_str().to_owned();
        if let Some((_, with_value)) = KEYED.into_iter().find(|(known, _)| *known == id) {
            return argument.add(ArgValueCompleter::new(move |current: &OsStr| keys(current, with_value)));
        }
        if SCENARIOS.contains(&id.as_str()) { argument.add(ArgValueCompleter::new(scenarios)) } else { argument }
    });
    command.mut_subcommands(with_candidates)
}

/// Keys of inputs that begin as the word does. After an equals sign there is nothing to say.
fn keys(current: &OsStr, with_value: bool) -> Vec<CompletionCandidate> {
    let Some(begun) = current.to_str().filter(|word| !word.contains('=')) else { return Vec::new() };
    let known = Key::all().filter(|key| key.name().starts_with(begun));
    let end = if with_value { "=" } else { "" };
    known
        .map(|key| CompletionCandidate::new(format!("{}{end}", key.name())).help(Some(key.spec().meaning.into())))
        .collect()
}

/// Scenarios by name, and files.
fn scenarios(current: &OsStr) -> Vec<CompletionCandidate> {
    let begun = current.to_string_lossy();
    let title = |name: &str| scenario::load(name).ok().map(|scenario: Scenario| scenario.title().to_owned().into());
    let names = scenario::names().into_iter().map(|(name, _)| name).filter(|name| name.starts_with(&*begun));
    let files = PathCompleter::any().filter(|path| path.is_dir() || path.extension().is_some_and(|end| end == "toml"));
    names.map(|name| CompletionCandidate::new(&name).help(title(&name))).chain(files.complete(current)).collect()
}

//! `breakeven check`: says what is wrong with scenario files, and runs nothing.

use clap::Args;

use super::{CliError, Runs, problems};
use crate::plan::Plan;
use crate::sampler::Sampler;
use crate::scenario::{self, LoadError, Problems};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Scenario files, or names as for `run`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Also fail on an input with no source, a source with no date or grade, a source nobody uses
    #[arg(long)]
    strict: bool,
    /// Overrides an input: KEY=VALUE as in the file, a factor (x1.2) or a percentage (40%); may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

impl Runs for CheckArguments {
    /// Checks every file, tells all problems of each, and fails if any has an error.
    fn run(&self) -> Result<(), CliError> {
        let mut wrong = 0;
        for name in &self.files {
            match checked(name, self) {
                Ok(report) => super::print(&report)?,
                Err(error) if self.files.len() == 1 => return Err(error),
                Err(error) => {
                    error.tell();
                    wrong += 1;
                }
            }
        }
        if wrong == 0 {
            return Ok(());
        }
        Err(CliError::Checked(format!("{wrong} of {} scenarios are wrong", self.files.len())))
    }
}

fn checked(name: &str, arguments: &CheckArguments) -> Result<String, CliError> {
    let scenario = scenario::load_with(name, &arguments.set).map_err(|error| match error {
        LoadError::Wrong(problems) => CliError::Wrong(problems),
        other => CliError::Load(other),
    })?;
    if arguments.strict {
        let list = scenario.strict_problems();
        if !list.is_empty() {
            let (files, main) = (scenario.files().to_vec(), scenario.main());
            return Err(CliError::Wrong(Problems { files, main, list }));
        }
    }
    Plan::new(&scenario, Sampler::default(), 0).map_err(|problems: Problems| CliError::Wrong(problems))?;
    problems::tell_list(scenario.files(), scenario.main(), scenario.warnings());
    let warnings = match scenario.warnings().len() {
        0 => String::new(),
        1 => ", 1 warning".to_owned(),
        n => format!(", {n} warnings"),
    };
    let given = scenario.given_inputs().len();
    Ok(format!("{}: ok ({given} inputs{warnings})\n", scenario.path()))
}

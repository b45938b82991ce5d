//! `breakeven scenarios`: what can be run by name.

use clap::Args;

use super::{CliError, Runs};
use crate::scenario::{self, Found, LoadError};

/// Arguments of `scenarios`: none.
#[derive(Debug, Args)]
pub(super) struct ScenariosArguments {}

impl Runs for ScenariosArguments {
    /// Lists names, where they come from and what they are about.
    fn run(&self) -> Result<(), CliError> {
        let names = scenario::names();
        let width = names.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let mut out = String::new();
        for (name, found) in &names {
            let about = match scenario::load(name) {
                Ok(scenario) => scenario.title().to_owned(),
                Err(LoadError::Wrong(problems)) => format!("({problems}: see `breakeven check {name}`)"),
                Err(error) => format!("({error})"),
            };
            let place = match found {
                Found::File(path) => path.display().to_string(),
                Found::BuiltIn(_) => "built in".to_owned(),
                Found::StandardInput => "standard input".to_owned(),
            };
            out += &format!("{name:width$}  {about}  [{place}]\n");
        }
        super::print(&out)
    }
}

//! `breakeven verify`: the program against known answers, on the user's own machine.

use clap::Args;
use comfy_table::{Table as Grid, presets};

use super::CliError;
use crate::verify::{Check, checks};

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven verify
  breakeven verify --quiet     nothing, as long as all is well
  breakeven verify --json      with the source of each answer and its address")]
pub(super) struct VerifyArguments {
    /// Print every check as JSON, with the source of its answer
    #[arg(long, conflicts_with = "quiet")]
    json: bool,
    /// Print only what is off
    #[arg(long, short)]
    quiet: bool,
}

/// Runs every check, prints them as a table, and fails if any is off.
pub(super) fn verify(arguments: &VerifyArguments) -> Result<(), CliError> {
    let checks = checks();
    let off = checks.iter().filter(|check| !check.passed).count();
    let shown: Vec<&Check> = checks.iter().filter(|check| !arguments.quiet || !check.passed).collect();
    if arguments.json {
        let failed = |error: serde_json::Error| CliError::Failed(error.to_string());
        super::print(&(serde_json::to_string_pretty(&shown).map_err(failed)? + "\n"))?;
    } else if !shown.is_empty() {
        super::print(&grid(&shown))?;
    }
    if off > 0 {
        return Err(CliError::Verification(format!("{off} of {} checks are off on this machine", checks.len())));
    }
    if arguments.quiet || arguments.json {
        Ok(())
    } else {
        super::print(&format!("\nall {} checks passed\n", checks.len()))
    }
}

fn grid(checks: &[&Check]) -> String {
    let mut grid = Grid::new();
    grid.load_style(presets::NOTHING);
    grid.set_header(["", "what", "expected", "found", "allowed"]);
    let mut group = "";
    for check in checks {
        if check.group != group {
            group = check.group;
            grid.add_row(["", group, "", "", ""]);
        }
        let mark = if check.passed { "ok" } else { "OFF" };
        grid.add_row([mark, &format!("  {}", check.name), &check.expected, &check.found, &check.allowed]);
    }
    let lines: Vec<String> = grid.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

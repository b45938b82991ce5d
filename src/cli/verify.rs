//! `breakeven verify`: the program against known answers, on the user's own machine.

use clap::Args;
use comfy_table::{Table as Grid, presets};

use super::CliError;
use crate::verify::{Check, checks};

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// Print only what is off
    #[arg(long, short)]
    quiet: bool,
}

/// Runs every check, prints them as a table, and fails if any is off.
pub(super) fn verify(arguments: &VerifyArguments) -> Result<(), CliError> {
    let checks = checks();
    let off = checks.iter().filter(|check| !check.passed).count();
    let shown: Vec<&Check> = checks.iter().filter(|check| !arguments.quiet || !check.passed).collect();
    if !shown.is_empty() {
        super::print(&grid(&shown))?;
    }
    if off > 0 {
        return Err(CliError::Verification(format!("{off} of {} checks are off on this machine", checks.len())));
    }
    if arguments.quiet { Ok(()) } else { super::print(&format!("\nall {} checks passed\n", checks.len())) }
}

fn grid(checks: &[&Check]) -> String {
    let mut grid = Grid::new();
    grid.load_style(presets::NOTHING);
    grid.set_header(["", "what", "expected", "found", "allowed"]);
    for check in checks {
        let mark = if check.passed { "ok" } else { "OFF" };
        grid.add_row([mark, &check.name, &check.expected, &check.found, &check.allowed]);
    }
    let lines: Vec<String> = grid.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

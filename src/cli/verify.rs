//! `breakeven verify`: the program against known answers, on the user's own machine.

use clap::Args;
use comfy_table::{Table as Grid, presets};

use super::{CliError, Runs};
use crate::findings::{self, Block};
use crate::verify::{Check, checks};
use crate::words;

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

impl Runs for VerifyArguments {
    /// Runs every check, prints them as a table, and fails if any is off.
    fn run(&self) -> Result<(), CliError> {
        let checks = checks();
        let off = checks.iter().filter(|check| !check.passed).count();
        let shown: Vec<&Check> = checks.iter().filter(|check| !self.quiet || !check.passed).collect();
        if self.json {
            let failed = |error: serde_json::Error| CliError::Failed(error.to_string());
            super::print(&(serde_json::to_string_pretty(&shown).map_err(failed)? + "\n"))?;
        } else if !shown.is_empty() {
            super::print(&grid(&shown))?;
        }
        if off > 0 {
            return Err(are_off(off, checks.len()));
        }
        if self.quiet || self.json { Ok(()) } else { super::print(&format!("\nall {} checks passed\n", checks.len())) }
    }
}

fn are_off(off: usize, of: usize) -> CliError {
    CliError::Verification(format!("{off} of {of} checks are off on this machine"))
}

/// Every check for a page: what is to be said, then a grid for each source. An error where any is off.
pub(super) fn checked() -> Result<Vec<Block>, CliError> {
    let checks = checks();
    let (of, off) = (checks.len(), checks.iter().filter(|check| !check.passed).count());
    if off > 0 {
        return Err(are_off(off, of));
    }
    let said = Block {
        heading: format!("Checked on this machine: {of} of {of}"),
        sentences: vec![format!(
            "On the machine that made this page the program gave the known answer in {of} of {of} checks."
        )],
        ..Block::default()
    };
    let of_source = |checks: &[Check]| {
        let Check { group, source, address, .. } = &checks[0];
        let address = address.map(|address| format!(" ({address})")).unwrap_or_default();
        let row = |check: &Check| {
            vec![check.name.clone(), check.expected.clone(), check.found.clone(), check.allowed.clone()]
        };
        let grid = findings::Grid {
            caption: format!("{}: {source}{address}", words::upper_first(group)),
            header: ["", "expected", "found", "allowed"].map(str::to_owned).to_vec(),
            rows: checks.iter().map(row).collect(),
        };
        Block { grid: Some(grid), ..Block::default() }
    };
    let same = |a: &Check, b: &Check| (a.group, a.source) == (b.group, b.source);
    Ok(std::iter::once(said).chain(checks.chunk_by(same).map(of_source)).collect())
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

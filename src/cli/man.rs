//! `breakeven man`: manual pages.

use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};

use super::{CliError, Runs};
use crate::output;

/// Arguments of `man`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven man ~/.local/share/man/man1    then `man breakeven`, `man breakeven-sweep`")]
pub(super) struct ManArguments {
    /// Folder for the pages
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Runs for ManArguments {
    /// Writes a page for the program and one for each of its commands.
    fn run(&self) -> Result<(), CliError> {
        let mut program = super::Arguments::command();
        program.build();
        let mut count = write(&program, "breakeven", &self.folder)?;
        for command in program.get_subcommands() {
            count += write(command, &format!("breakeven-{}", command.get_name()), &self.folder)?;
        }
        super::print(&format!("{count} manual pages are in {}\n", self.folder.display()))
    }
}

fn write(command: &Command, name: &str, folder: &Path) -> Result<usize, CliError> {
    let page = clap_mangen::Man::new(command.clone()).title(name.to_uppercase());
    output::write_file(&folder.join(format!("{name}.1")), |writer| page.render(writer))?;
    Ok(1)
}

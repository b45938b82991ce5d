//! `breakeven new`: writes a scenario file to start from, which runs at once.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::CliError;
use crate::output;
use crate::scenario::keys::KEYS;
use crate::scenario::{self, Scenario};

/// Arguments of `new`.
#[derive(Debug, Args)]
pub(super) struct NewArguments {
    /// Name of the scenario: NAME.toml is written in scenarios/ if there is such a folder, else here
    name: String,
    /// The scenario to start from
    #[arg(long, value_name = "SCENARIO", default_value = "baseline")]
    from: String,
}

/// Writes the file; never over another one.
pub(super) fn new(arguments: &NewArguments) -> Result<(), CliError> {
    let stem = arguments.name.trim_end_matches(".toml");
    if stem.is_empty() || stem.contains(std::path::is_separator) || stem.starts_with('.') {
        return Err(CliError::Usage(format!("`{stem}` is not a name for a scenario: letters, digits and dashes")));
    }
    let parent = scenario::load(&arguments.from)?;
    let folder = PathBuf::from("scenarios");
    let file =
        if folder.is_dir() { folder.join(format!("{stem}.toml")) } else { PathBuf::from(format!("{stem}.toml")) };
    // A path is read from the folder of the new file.
    let is_path = std::path::Path::new(&arguments.from).is_file();
    let from = if is_path {
        std::fs::canonicalize(&arguments.from).map_or(arguments.from.clone(), |path| path.display().to_string())
    } else {
        arguments.from.clone()
    };
    let values = commented(&parent);
    let text = format!(
        "# A scenario for breakeven. Run it:  breakeven run {stem}\n\
         #\n\
         # It starts from another scenario, and what is written here wins. Take the # away before an input (and before its\n\
         # [table]) to change it; the values below are those of \"{}\". An input is a number, or a distribution such as\n\
         # {{ pert = {{ min = 0.4, mode = 0.6, max = 0.9 }}, source = \"mine\", note = \"why\" }}.\n\
         # `breakeven explain KEY` says what an input means, `breakeven show {stem}` lists all of them.\n\
         \n\
         extends = {from:?}\n\
         title = {stem:?}\n\
         question = \"What is this scenario meant to answer?\"\n\
         {values}\n\
         # [sources.mine]\n\
         # title = \"Where my numbers come from\"\n\
         # date = \"2026\"\n\
         # grade = \"X\"   # A official, B reputable press, C secondary, X assumption\n",
        parent.name
    );
    match output::write_new(&file, |writer| writer.write_all(text.as_bytes())) {
        Ok(()) => super::print(&format!("{0}: written; `breakeven run {0}` runs it\n", file.display())),
        Err(error) if error.is_there() => {
            Err(CliError::Usage(format!("`{}` is there already: take another name", file.display())))
        }
        Err(error) => Err(error.into()),
    }
}

/// Every key that a scenario gives as a commented line under its table.
fn commented(of: &Scenario) -> String {
    let mut out = String::new();
    let mut table = "";
    for spec in KEYS.iter().filter(|spec| of.value(spec.key).given) {
        let (here, key) = spec.name.split_once('.').unwrap_or((spec.name, ""));
        if here != table {
            out += &format!("\n# [{here}]\n");
            table = here;
        }
        let value = of.value(spec.key).as_toml();
        out += &format!("# {key} = {value}   # {} ({}; {})\n", spec.meaning, spec.unit, spec.range);
    }
    out
}

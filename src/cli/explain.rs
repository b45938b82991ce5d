//! `breakeven explain` and `breakeven schema`: what an input means, for people and for editors.

use clap::Args;

use super::CliError;
use crate::export::write_csv;
use crate::scenario::explain::acts;
use crate::scenario::keys::{KEYS, KeySpec, Takes};
use crate::scenario::schema;
use crate::table::column;

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// An input such as market.refusal_rate, or a table such as market; without it, all are listed
    key: Option<String>,
    /// Print what each column of the tables is, as CSV
    #[arg(long, conflicts_with = "key")]
    columns: bool,
}

/// Says what an input means, its unit, range, default, equation.
pub(super) fn explain(arguments: &ExplainArguments) -> Result<(), CliError> {
    if arguments.columns {
        let mut text = Vec::new();
        write_csv(&column::dictionary(), &mut text).map_err(|error| CliError::Stdout(std::io::Error::other(error)))?;
        return super::print(&String::from_utf8_lossy(&text));
    }
    let Some(name) = &arguments.key else {
        let width = KEYS.iter().map(|spec| spec.name.len()).max().unwrap_or(0);
        let lines: Vec<_> = KEYS.iter().map(|spec| format!("{:width$}  {}\n", spec.name, spec.meaning)).collect();
        return super::print(&lines.concat());
    };
    // `segments.NAME.market.refusal_rate` is explained as the input that it stands in for.
    let plain = name.strip_prefix("segments.").and_then(|rest| rest.split_once('.')).map_or(name.as_str(), |x| x.1);
    let found: Vec<_> = KEYS
        .iter()
        .filter(|spec| spec.name == plain || spec.name.split('.').any(|part| part == plain))
        .map(described)
        .collect();
    if found.is_empty() {
        let near = crate::scenario::nearest_key(plain);
        let hint = near.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
        let message = format!("there is no input `{name}`{hint} (`breakeven explain` lists them)");
        return Err(CliError::Usage(message));
    }
    super::print(&found.join("\n"))
}

fn described(spec: &KeySpec) -> String {
    let bold = anstyle::Style::new().bold();
    let takes = match spec.takes {
        Takes::Input => "a number or a distribution",
        Takes::Number => "a number",
        Takes::Integer => "a whole number",
    };
    let default = spec.default.map_or("none: it must be written".to_owned(), |x| x.to_string());
    format!(
        "{bold}{}{bold:#}  ({} in the equations)\n  meaning   {}\n  value     {takes}, {}\n  unit      {}\n  \
         default   {default}\n  acts in   {}\n",
        spec.name,
        spec.symbol,
        spec.meaning,
        spec.range,
        spec.unit,
        acts(spec.key),
    )
}

/// Prints the JSON Schema of scenario files.
pub(super) fn print_schema() -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(&schema::schema()).unwrap_or_default();
    super::print(&format!("{text}\n"))
}

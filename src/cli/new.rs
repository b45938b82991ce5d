//! `breakeven new`: writes a scenario file to start from, which runs at once.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{CliError, Runs, quoted};
use crate::output;
use crate::scenario::keys::{KEYS, Key, KeySpec, Takes};
use crate::scenario::{self, Scenario, quoted_text};
use crate::words;

/// Arguments of `new`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven new my-case                  starts from `baseline`: its values, ready to be changed
  breakeven new my-case --from as-launched
  breakeven new my-case --blank          starts from nothing: placeholders for a product of your own")]
pub(super) struct NewArguments {
    /// Name of the scenario: NAME.toml is written in scenarios/ if there is such a folder, else here
    name: String,
    /// The scenario to start from
    #[arg(long, value_name = "SCENARIO", default_value = "baseline")]
    from: String,
    /// Start from nothing: a whole file of placeholders, for any product
    #[arg(long, conflicts_with = "from")]
    blank: bool,
}

impl Runs for NewArguments {
    /// Writes the file; never over another one.
    fn run(&self) -> Result<(), CliError> {
        let stem = self.name.trim_end_matches(".toml");
        let is_name = words::shown_line(stem) == stem && output::file_name(stem) == stem;
        if !is_name || stem.contains(std::path::is_separator) {
            let message =
                format!("`{stem}` is not a name for a scenario: letters, digits, dashes, up to 100 characters");
            return Err(CliError::Usage(message));
        }
        let folder = PathBuf::from("scenarios");
        let file =
            if folder.is_dir() { folder.join(format!("{stem}.toml")) } else { PathBuf::from(format!("{stem}.toml")) };
        let text = if self.blank { blank(stem) } else { child(stem, &self.from)? };
        match output::write_new(&file, |writer| writer.write_all(text.as_bytes())) {
            Ok(()) => {
                let told = file.display().to_string();
                super::print(&format!("{told}: written; `breakeven run {}` runs it\n", quoted(&told)))
            }
            Err(error) if error.is_there() => {
                Err(CliError::Usage(format!("`{}` is there already: take another name", file.display())))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// A file that starts from another scenario: its values as comments, and what else a case may need.
fn child(stem: &str, from: &str) -> Result<String, CliError> {
    let parent = scenario::load(from)?;
    let is_path = Path::new(from).is_file();
    if !is_path && from == stem {
        let message = format!("`{stem}.toml` would extend itself: take another name, such as my-{stem}");
        return Err(CliError::Usage(message));
    }
    // A path is read from the folder of the new file.
    let extends = if is_path {
        std::fs::canonicalize(from).map_or_else(|_| from.to_owned(), |path| path.display().to_string())
    } else {
        from.to_owned()
    };
    let run = quoted(stem);
    Ok(format!(
        "# A scenario for breakeven. Run it:  breakeven run {run}\n\
         #\n\
         # It starts from another scenario, and what is written here wins. Take the # away before an input (and before its\n\
         # [table]) to change it; the values below are those of \"{}\". An input is a number, or a distribution such as\n\
         # {{ pert = {{ min = 0.4, mode = 0.6, max = 0.9 }}, source = \"mine\", note = \"why\" }}.\n\
         # `breakeven explain NAME` says what an input or a part of this file means, `breakeven show {run}` lists all inputs.\n\
         \n\
         extends = {}\n\
         title = {}\n\
         question = \"What is this scenario meant to answer?\"\n\
         {}{EXTRAS}{SOURCE}",
        parent.name(),
        quoted_text(&extends),
        quoted_text(stem),
        commented(&parent),
    ))
}

/// A whole file of placeholders: what is required is there, what is not is a comment.
fn blank(stem: &str) -> String {
    let run = quoted(stem);
    let mut out = format!(
        "# A scenario for breakeven. Run it:  breakeven run {run}\n\
         #\n\
         # Every number below is a placeholder: put yours in its place, and say where it comes from. An input is a number, or a\n\
         # distribution such as {{ pert = {{ min = 0.4, mode = 0.6, max = 0.9 }}, source = \"mine\", note = \"why\" }}.\n\
         # `breakeven explain NAME` says what an input or a part of this file means.\n\
         \n\
         title = {}\n\
         question = \"How many subscribers, at which price, pay back the investment?\"\n\
         # description = \"\"\"What is public, what is assumed, and how to read the result.\"\"\"\n",
        quoted_text(stem)
    );
    let mut table = "";
    for spec in KEYS {
        let (here, key) = spec.name.split_once('.').unwrap_or((spec.name, ""));
        let optional = matches!(here, "shocks" | "revenue");
        if here != table {
            out += &format!("\n{}[{here}]\n", if optional { "# " } else { "" });
            table = here;
        }
        let placeholder = placeholder(spec.key);
        let source = if spec.key == Key::Months { "" } else { ", source = \"mine\"" };
        let value = match placeholder {
            Some(value) if source.is_empty() => value.to_owned(),
            Some(value) if value.starts_with('{') => {
                format!("{}{source} }}", value.strip_suffix(" }").unwrap_or(value))
            }
            Some(value) => format!("{{ value = {value}{source} }}"),
            None => format!("{{ value = {}{source} }}", spec.default.unwrap_or(0.0)),
        };
        let hidden = if placeholder.is_none() || optional { "# " } else { "" };
        out += &format!("{hidden}{key} = {value}   # {}\n", said(spec));
    }
    out + EXTRAS
        + "\n[sources.mine]\ntitle = \"Placeholder: where my numbers come from\"\ndate = \"2026\"\n\
           grade = \"X\"   # A official, B reputable press, C secondary, X assumption\n"
}

/// Values of a product that no one sells: round, and such that the file runs at once.
fn placeholder(key: Key) -> Option<&'static str> {
    Some(match key {
        Key::Months => "60",
        Key::Target | Key::MonthlyFixed => "50_000",
        Key::ActiveUsers => "{ pert = { min = 800_000, mode = 1_000_000, max = 1_300_000 } }",
        Key::RefusalRate => "{ pert = { min = 0.4, mode = 0.6, max = 0.8 } }",
        Key::FollowThrough => "{ uniform = { min = 0.5, max = 0.9 } }",
        Key::MedianPrice => "{ log_normal = { p10 = 6, p90 = 18 } }",
        Key::Steepness | Key::CostPerSubscriber => "2",
        Key::AnnualInnovation | Key::AnnualDiscountRate => "0.1",
        Key::AnnualImitation => "0.4",
        Key::MonthlyChurn => "{ pert = { min = 0.02, mode = 0.04, max = 0.08 } }",
        Key::PriceMonthly => "10",
        Key::Investment => "4e6",
        Key::Acquisition => "20",
        _ => return None,
    })
}

fn said(spec: &KeySpec) -> String {
    let takes = if spec.takes == Takes::Input { "" } else { ", no distribution" };
    format!("{} ({}; {}{takes})", spec.meaning, spec.unit, spec.range)
}

/// What a case may need beside inputs, as comments.
const EXTRAS: &str = "
# A price change: a factor on price.monthly (times), or a price (monthly). Under [price]:
# changes = [{ month = 13, times = 1.2 }]

# Parts of the market with inputs of their own; shares sum to 1.
# [segments.premium]
# share = 0.3
# [segments.premium.price]
# monthly = 14.99
# [segments.others]
# share = 0.7

# Something that may happen once on a path; duration_months = 0 is for good.
# [[events]]
# name = \"A rival\"
# annual_probability = 0.3
# duration_months = 12
# churn_multiplier = 1.5
# uptake_multiplier = 0.8

# Two uncertain inputs that tend to be high or low together, -1 to 1.
# [[correlations]]
# inputs = [\"market.refusal_rate\", \"willingness.median_price\"]
# rank = -0.4
";

/// A source, as a comment.
const SOURCE: &str = "
# Where numbers come from; an input names it with source = \"mine\".
# [sources.mine]
# title = \"Where my numbers come from\"
# date = \"2026\"
# grade = \"X\"   # A official, B reputable press, C secondary, X assumption
";

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
        out += &format!("# {key} = {}   # {}\n", of.value(spec.key).written.as_toml(), said(spec));
    }
    out
}

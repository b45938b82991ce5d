//! `breakeven explain` and `breakeven schema`: what an input, a part of a file or a figure means, for people and for editors.

use clap::Args;

use super::{CliError, Runs};
use crate::aggregate::CaseSummary;
use crate::export::write_csv;
use crate::scenario::keys::{KEYS, KeySpec, Takes};
use crate::scenario::schema;
use crate::scenario::topics::{DISTRIBUTION_TOPICS, PARTS, Topic};
use crate::table::spec::Column;
use crate::table::{meaning, spec};
use crate::words;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven explain refusal_rate          an input
  breakeven explain market                every input of a table
  breakeven explain segments              a part of a scenario file, with an example
  breakeven explain pert                  a distribution
  breakeven explain npv                   an outcome, a question, a series or a column of the tables
  breakeven explain                       everything, by kind")]
pub(super) struct ExplainArguments {
    /// An input, a table of inputs, a part of a file, a distribution, or a figure of the tables
    name: Option<String>,
    /// Print what each column of the tables is, as CSV
    #[arg(long, conflicts_with = "name")]
    columns: bool,
}

impl Runs for ExplainArguments {
    /// Says what something means; without a name, lists everything by kind.
    fn run(&self) -> Result<(), CliError> {
        if self.columns {
            let mut text = Vec::new();
            write_csv(&spec::dictionary(), &mut text)
                .map_err(|error| CliError::Stdout(std::io::Error::other(error)))?;
            return super::print(&String::from_utf8_lossy(&text));
        }
        let Some(name) = &self.name else { return super::print(&overview()) };
        // `segments.NAME.market.refusal_rate` is explained as the input that it stands in for.
        let plain = name.strip_prefix("segments.").and_then(|rest| rest.split_once('.')).map_or(name.as_str(), |x| x.1);
        let plain = if plain.starts_with("price.changes") { "price.changes" } else { plain };
        let found = described(plain);
        if !found.is_empty() {
            return super::print(&found.join("\n"));
        }
        let hint = near_miss(plain).map_or(String::new(), |near| format!(": did you mean `{near}`?"));
        Err(CliError::Usage(format!("nothing is called `{name}`{hint} (`breakeven explain` lists what there is)")))
    }
}

/// Everything of that name.
fn described(name: &str) -> Vec<String> {
    let is_input = |spec: &&KeySpec| spec.name == name || spec.name.split('.').any(|part| part == name);
    let is_topic = |topic: &&Topic| topic.name == name || topic.also.contains(&name);
    let topics = PARTS.iter().map(|topic| (topic, "part of a scenario file"));
    let topics = topics.chain(DISTRIBUTION_TOPICS.iter().map(|topic| (topic, "distribution")));
    let mut out: Vec<String> =
        topics.filter(|(topic, _)| is_topic(topic)).map(|(topic, kind)| of_topic(topic, kind)).collect();
    out.extend(KEYS.iter().filter(is_input).map(of_input));
    let unit = |name: &str| CaseSummary::outcomes().find(|outcome| outcome.0 == name).map_or("", |outcome| outcome.1);
    for (known, said) in meaning::OUTCOMES.iter().filter(|known| known.0 == name) {
        let example = if *known == "npv" {
            "\n  example   breakeven solve baseline --for price.monthly --until npv=0"
        } else {
            ""
        };
        out.push(figure(
            known,
            "outcome of a path",
            said,
            &format!("{}{example}", unit(known)),
            "summary.csv, quantiles.csv",
        ));
    }
    for (known, said) in meaning::SEGMENT_OUTCOMES.iter().filter(|known| known.0 == name) {
        out.push(figure(known, "outcome of a segment", said, "$", "summary.csv"));
    }
    for (known, said) in meaning::QUESTIONS.iter().filter(|known| known.0 == name) {
        let example = format!("share of paths\n  example   breakeven run baseline --precision {known}=0.005");
        out.push(figure(known, "question about a path", said, &example, "probabilities.csv"));
    }
    for (known, said) in meaning::SERIES.iter().filter(|known| known.0 == name) {
        out.push(figure(known, "series by month", said, "see the column `unit`", "monthly.csv"));
    }
    let mut columns: Vec<(&Column, Vec<String>)> = Vec::new();
    for (table, column) in spec::columns().filter(|column| column.1.name == name) {
        match columns.iter_mut().find(|known| known.0 == column) {
            Some((_, tables)) => tables.push(format!("{table}.csv")),
            None => columns.push((column, vec![format!("{table}.csv")])),
        }
    }
    for (column, tables) in columns {
        out.push(figure(column.name, "column", column.meaning, column.unit, &tables.join(", ")));
    }
    out
}

fn near_miss(name: &str) -> Option<String> {
    let topics = PARTS.iter().chain(DISTRIBUTION_TOPICS);
    let mut known: Vec<&str> = topics.flat_map(|topic| topic.also.iter().copied().chain([topic.name])).collect();
    known.extend(KEYS.iter().map(|spec| spec.name));
    known.extend(KEYS.iter().filter_map(|spec| Some(spec.name.split_once('.')?.1)));
    known.extend(
        meaning::OUTCOMES
            .iter()
            .chain(meaning::SEGMENT_OUTCOMES)
            .chain(meaning::QUESTIONS)
            .chain(meaning::SERIES)
            .map(|known| known.0),
    );
    words::nearest(name, known).map(str::to_owned)
}

fn heading(name: &str, kind: &str) -> String {
    let bold = anstyle::Style::new().bold();
    format!("{bold}{name}{bold:#}  ({kind})\n")
}

fn of_input(spec: &KeySpec) -> String {
    let takes = match spec.takes {
        Takes::Input => "a number or a distribution",
        Takes::Number => "a number",
        Takes::Integer => "a whole number",
    };
    let default = spec.default.map_or("none: it must be written".to_owned(), |x| x.to_string());
    let kind = format!("{} in the equations", spec.symbol);
    format!(
        "{}  meaning   {}\n  value     {takes}, {}\n  unit      {}\n  default   {default}\n  acts in   {}\n",
        heading(spec.name, &kind),
        spec.meaning,
        spec.range,
        spec.unit,
        spec.equation,
    )
}

fn of_topic(topic: &Topic, kind: &str) -> String {
    let indented =
        |text: &str| text.lines().map(|line| format!("    {line}\n").replace("    \n", "\n")).collect::<String>();
    let text = super::terminal::wrapped(topic.text, 2);
    format!(
        "{}  {}.\n{text}\n{}",
        heading(topic.name, kind),
        crate::words::upper_first(topic.summary),
        indented(topic.example)
    )
}

fn figure(name: &str, kind: &str, meaning: &str, unit: &str, tables: &str) -> String {
    format!("{}  meaning   {meaning}\n  unit      {unit}\n  in        {tables}\n", heading(name, kind))
}

/// Everything by kind, a line each.
fn overview() -> String {
    let bold = anstyle::Style::new().bold();
    let mut groups: Vec<(&str, Vec<(String, String)>)> = Vec::new();
    let pair = |name: &str, said: &str| (name.to_owned(), said.to_owned());
    groups.push(("Parts of a scenario file", PARTS.iter().map(|topic| pair(topic.name, topic.summary)).collect()));
    groups.push(("Inputs", KEYS.iter().map(|spec| pair(spec.name, spec.meaning)).collect()));
    let distributions = DISTRIBUTION_TOPICS.iter().map(|topic| pair(topic.name, topic.summary));
    groups.push(("Distributions", distributions.collect()));
    for (title, list) in [
        ("Outcomes of a path", meaning::OUTCOMES),
        ("Outcomes of a segment", meaning::SEGMENT_OUTCOMES),
        ("Questions about a path", meaning::QUESTIONS),
        ("Series by month", meaning::SERIES),
    ] {
        groups.push((title, list.iter().map(|(name, said)| pair(name, said)).collect()));
    }
    let names = groups.iter().flat_map(|group| &group.1).map(|(name, _)| name.chars().count());
    let width = names.max().unwrap_or(0);
    let mut out = String::new();
    for (title, list) in groups {
        out += &format!("{bold}{title}{bold:#}\n");
        for (name, said) in list {
            out += &format!("  {name:width$}  {said}\n");
        }
        out.push('\n');
    }
    out + "`breakeven explain NAME` says more; `breakeven explain --columns` lists every column of the tables.\n"
}

/// Arguments of `schema`: none.
#[derive(Debug, Args)]
pub(super) struct SchemaArguments {}

impl Runs for SchemaArguments {
    /// Prints the JSON Schema of scenario files.
    fn run(&self) -> Result<(), CliError> {
        let text = serde_json::to_string_pretty(&schema::schema()).unwrap_or_default();
        super::print(&format!("{text}\n"))
    }
}

//! `breakeven show`: the ledger of a scenario: every input, where it comes from, how far to trust it.

use clap::Args;
use comfy_table::{CellAlignment, Table as Grid, presets};

use super::CliError;
use crate::plan::Plan;
use crate::sampler::Sampler;
use crate::scenario::keys::Key;
use crate::scenario::{self, Grade, Scenario};
use crate::words;

/// Arguments of `show`.
#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    /// A scenario: a name (see `breakeven scenarios`) or the path of a .toml file
    scenario: String,
    /// Overrides an input: KEY=VALUE as in the file, a factor (x1.2) or a percentage (40%); may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

/// Prints the ledger.
pub(super) fn show(arguments: &ShowArguments) -> Result<(), CliError> {
    let scenario = scenario::load_with(&arguments.scenario, &arguments.set)?;
    let plan = Plan::new(&scenario, Sampler::default(), 0)?;
    let bold = anstyle::Style::new().bold();
    let mut out = format!("{bold}{}{bold:#}\n", scenario.title());
    for text in [scenario.question(), scenario.description()] {
        if !text.trim().is_empty() {
            out += &format!("{}\n", text.trim());
        }
    }
    out += &format!("\n{}\n", ledger(&scenario, &plan));
    out += &sources(&scenario);
    let given = scenario.given_inputs();
    let assumed = given.iter().filter(|value| scenario.grade_of(value) == Some(Grade::X)).count();
    let share = words::percent(assumed as f64 / given.len().max(1) as f64);
    out += &format!("\n{assumed} of {} inputs ({share}) are assumptions of grade X.\n", given.len());
    super::print(&out)
}

fn ledger(scenario: &Scenario, plan: &Plan) -> String {
    let mut grid = Grid::new();
    grid.load_style(presets::NOTHING);
    grid.set_header(["input", "unit", "value", "5%", "median", "95%", "source", "grade", "date", "from"]);
    for (name, key, value) in scenario.ledger() {
        let implied = plan.implied_investment().filter(|_| key == Key::Investment);
        let quantile = |p| number(implied.unwrap_or_else(|| value.dist.quantile(p)));
        let source = value.source.as_ref().and_then(|name| scenario.sources().get(name));
        let grade = scenario.grade_of(value).map_or("", Grade::letter);
        let date = source.and_then(|source| source.date.clone()).unwrap_or_default();
        let (said, from) = if value.given {
            (value.source.clone().unwrap_or_default(), scenario.file_stem(value.file))
        } else {
            ("default".to_owned(), String::new())
        };
        let range = if value.dist.is_constant() && implied.is_none() {
            [String::new(), quantile(0.5), String::new()]
        } else {
            [quantile(0.05), quantile(0.5), quantile(0.95)]
        };
        let [low, middle, high] = range;
        let unit = key.spec().unit.to_owned();
        grid.add_row([name, unit, value.written.to_string(), low, middle, high, said, grade.to_owned(), date, from]);
    }
    for column in grid.column_iter_mut().skip(3).take(3) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let lines: Vec<String> = grid.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

/// Four significant digits, plainly.
fn number(x: f64) -> String {
    if x != 0.0 && !(1e-3..1e6).contains(&x.abs()) {
        return words::people_short(x);
    }
    let text = format!("{x:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn sources(scenario: &Scenario) -> String {
    let mut out = String::new();
    for (name, source) in scenario.sources() {
        let publisher = source.publisher.as_ref().map_or(String::new(), |p| format!(", {p}"));
        let date = source.date.as_ref().map_or(String::new(), |d| format!(", {d}"));
        let grade = source.grade.map_or("-", Grade::letter);
        let url = source.url.as_ref().map_or(String::new(), |u| format!(" <{u}>"));
        out += &format!("  [{grade}] {name}: {}{publisher}{date}{url}\n", source.title);
    }
    out
}

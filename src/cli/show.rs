//! `breakeven show`: the ledger of a scenario: every input, where it comes from, how far to trust it.

use clap::Args;
use comfy_table::{CellAlignment, Table as Grid, presets};

use super::{CliError, Runs, progress};
use crate::analysis::{Axis, Choices, Questions, Voi};
use crate::engine::Options;
use crate::plan::Plan;
use crate::results::{Kind, Results, Valued, Worthwhile};
use crate::sampler::{DEFAULT_PATHS, Sampler, Sampling};
use crate::scenario::keys::Key;
use crate::scenario::{self, Grade, Scenario};
use crate::words;

/// Arguments of `show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven show baseline
  breakeven show baseline --set market.refusal_rate=0.5
  breakeven show baseline --worth price.monthly=5:20:1   before the price is set")]
pub(super) struct ShowArguments {
    /// A scenario: a name (see `breakeven scenarios`) or the path of a .toml file
    scenario: String,
    /// Overrides an input: KEY=VALUE as in the file, a factor (x1.2) or a percentage (40%); may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Add what each input is worth knowing before a choice between these values is made: KEY=FROM:TO:STEP, KEY=FROM:TO/COUNT or
    /// KEY=A,B,C [default: monthly prices from half to twice the scenario's median]
    #[arg(long, value_name = "KEY=VALUES", num_args = 0..=1, default_missing_value = "")]
    worth: Option<String>,
}

impl Runs for ShowArguments {
    /// Prints the ledger.
    fn run(&self) -> Result<(), CliError> {
        let scenario = scenario::load_with(&self.scenario, &self.set)?;
        let plan = Plan::new(&scenario, Sampler::default(), 0)?;
        let worths = self.worth.as_ref().map(|choice| worths(&scenario, choice)).transpose()?;
        let valued = worths.as_ref().and_then(|results| match &results.record.kind {
            Kind::Voi(record) => Some(Valued::new(results, record)),
            _ => None,
        });
        let bold = anstyle::Style::new().bold();
        let mut out = format!("{bold}{}{bold:#}\n", scenario.title());
        for text in [scenario.question(), scenario.description()] {
            if !text.trim().is_empty() {
                out += &format!("{}\n", text.trim());
            }
        }
        out += &format!("\n{}\n", ledger(&scenario, &plan, valued.as_ref()));
        out += &sources(&scenario);
        let given = scenario.given_inputs();
        let assumed = given.iter().filter(|value| scenario.grade_of(value) == Some(Grade::X)).count();
        let share = words::percent(assumed as f64 / given.len().max(1) as f64);
        out += &format!("\n{assumed} of {} inputs ({share}) are assumptions of grade X.\n", given.len());
        if let Some(valued) = &valued {
            out += &worth_knowing(valued);
        }
        super::print(&out)
    }
}

/// What each input is worth knowing before a choice between values.
fn worths(scenario: &Scenario, choice: &str) -> Result<Results, CliError> {
    let axis: Axis = match choice {
        "" => {
            let price = scenario.value(Key::PriceMonthly).dist.quantile(0.5);
            format!("{}={}:{}/7", Key::PriceMonthly.name(), price * 0.5, price * 2.0)
        }
        choice => choice.to_owned(),
    }
    .parse()
    .map_err(CliError::Usage)?;
    let cancel = progress::watch_for_interrupts();
    let sampling = Sampling::of_paths(DEFAULT_PATHS);
    let voi = Voi::new(scenario, Choices::Values(vec![axis]), None, Questions::default(), sampling)?;
    let worth = progress::shown(scenario.name(), false, |progress| {
        voi.run(&Options { cancel: Some(cancel), progress: Some(progress), ..Options::default() })
    })?;
    Ok(Results::of_voi(&voi, &worth))
}

/// Before which choice, and where research should begin: inputs that are worth knowing and have no better source than an
/// assumption.
fn worth_knowing(valued: &Valued<'_>) -> String {
    let choice = valued.record.choose.iter().map(|vary| {
        let [low, high] = [vary.ends().0, vary.ends().1].map(|x| words::amount(x, &vary.unit));
        format!("{} from {low} to {high}", words::a(&vary.name()))
    });
    let said = |known: &Worthwhile<'_>| {
        format!("{} ({})", scenario::called(known.know), words::dollars_short(known.value.value))
    };
    let assumed: Vec<String> = valued.worthwhile().iter().filter(|known| known.is_assumed()).map(said).collect();
    let which = if assumed.is_empty() {
        "none is worth knowing".to_owned()
    } else {
        format!("worth knowing are {}", words::list(&assumed))
    };
    format!(
        "Before choosing {}, of the inputs that are only assumed {which}. $0: knowing it would not change the choice.\n",
        words::list(&choice.collect::<Vec<_>>())
    )
}

fn ledger(scenario: &Scenario, plan: &Plan, valued: Option<&Valued<'_>>) -> String {
    let mut grid = Grid::new();
    grid.load_style(presets::NOTHING);
    let mut header = vec!["input", "unit", "value", "5%", "median", "95%", "source", "grade", "date", "from"];
    header.extend(valued.map(|_| "worth knowing"));
    let known = valued.map(Valued::known).unwrap_or_default();
    grid.set_header(header);
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
        let worth = valued.map(|valued| match known.iter().find(|known| known.know == name) {
            Some(known) if valued.counts(&known.value) => words::dollars_short(known.value.value),
            Some(_) => "$0".to_owned(),
            None => String::new(),
        });
        let cells = [name, unit, value.written.to_string(), low, middle, high, said, grade.to_owned(), date, from];
        grid.add_row(cells.into_iter().chain(worth));
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

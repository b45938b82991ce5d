//! What the page is told: findings, charts and tables of results, or what is wrong.

use breakeven::chart::{self, Chart, Style};
use breakeven::export;
use breakeven::findings::{self, Block};
use breakeven::results::{Kind, Results};
use breakeven::scenario::keys::Key;
use breakeven::scenario::{InputValue, LoadError, Problem, Scenario, Severity};
use breakeven::table::SHARE_COLUMNS;
use breakeven::words;
use serde::Serialize;

use crate::describe::safe_name;
use crate::request::Show;

/// What was found.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    /// The scenario's title, with its overrides.
    title: String,
    /// Sentences and small tables, as the terminal has them.
    blocks: Vec<Block>,
    /// The numbers that are read first; none where it is no run.
    key: Vec<KeyNumber>,
    /// How the numbers were made.
    made: String,
    /// What an override has done besides.
    warnings: Vec<String>,
    /// The inputs that were changed, as they are now.
    changed: Vec<Changed>,
    charts: Vec<Drawn>,
    /// Names and texts.
    tables: Vec<(String, String)>,
}

/// An input that was changed: numbers as people write them.
#[derive(Debug, Serialize)]
struct Changed {
    name: String,
    median: String,
    /// Its 5th and 95th percentile; none of a certain one.
    between: Option<[String; 2]>,
}

/// A number that is read first.
#[derive(Debug, Serialize)]
struct KeyNumber {
    name: &'static str,
    /// `0.41%`.
    value: String,
    /// `0.37% to 0.44%`: how far the simulation may be off, where it says so.
    interval: Option<String>,
}

/// Questions, and what their answers are called.
const QUESTIONS: [(&str, &str); 2] = [("target_reached", "Target reached"), ("payback", "Paid back")];
/// An outcome, what its median is called, and how that is written.
type Median = (&'static str, &'static str, fn(f64) -> String);
/// Those whose medians are read first.
const MEDIANS: [Median; 2] = [
    ("npv", "NPV, median", words::dollars_short),
    ("peak_subscribers", "Peak subscribers, median", words::people_short),
];

fn key(results: &Results) -> Vec<KeyNumber> {
    let paths = results.record.simulation.paths;
    let question = |(event, name): (&str, &'static str)| {
        let found = results.row("probabilities", "event", event)?.frequency_in(SHARE_COLUMNS, paths)?;
        let interval = found.interval.map(|(low, high)| format!("{} to {}", words::percent(low), words::percent(high)));
        let value = if found.count == 0 { "none".to_owned() } else { words::percent(found.share) };
        Some(KeyNumber { name, value, interval })
    };
    let median = |(outcome, name, shown): Median| {
        Some(KeyNumber { name, value: shown(results.outcome(outcome, "p50")?), interval: None })
    };
    QUESTIONS.into_iter().filter_map(question).chain(MEDIANS.into_iter().filter_map(median)).collect()
}

/// A chart, and the table behind it.
#[derive(Debug, Serialize)]
struct Drawn {
    name: String,
    headline: String,
    subtitle: String,
    /// Elements of SVG; a whole file where no size was asked for.
    svg: String,
    size: (f64, f64),
    columns: Vec<String>,
    spots: Vec<Spot>,
}

#[derive(Debug, Serialize)]
struct Spot {
    place: [f64; 4],
    cells: Vec<String>,
}

impl Found {
    pub(crate) fn new(results: &Results, scenario: &Scenario, show: &Show) -> Result<Self, String> {
        let style = show.size.map_or_else(Style::default, |(width, height)| Style::inline(width, height));
        let wanted = chart::charts(results, &style)
            .into_iter()
            .filter(|sketch| show.charts.iter().any(|name| name == sketch.name()));
        let charts = wanted.map(|sketch| Ok(Drawn::new(sketch.draw()?, &style, show.size.is_some())));
        let charts = charts.collect::<Result<Vec<_>, chart::ChartError>>().map_err(|error| error.to_string())?;
        let tables = results.tables.iter().filter(|_| show.tables).map(|table| {
            let mut text = Vec::new();
            export::write_csv(table, &mut text).map_err(|error| error.to_string())?;
            Ok((table.name.clone(), String::from_utf8_lossy(&text).into_owned()))
        });
        Ok(Self {
            title: scenario.title().to_owned(),
            blocks: findings::of(results),
            key: if matches!(results.record.kind, Kind::Run(_)) { key(results) } else { Vec::new() },
            made: findings::made(&results.record),
            changed: changed(scenario),
            warnings: scenario.warnings().iter().filter(is_of_set).map(|warning| warning.message.clone()).collect(),
            charts,
            tables: tables.collect::<Result<Vec<_>, String>>()?,
        })
    }
}

fn changed(scenario: &Scenario) -> Vec<Changed> {
    let set = scenario.ledger().into_iter().filter(|(_, _, value)| scenario.is_set(value));
    let changed = |(name, key, value): (String, Key, &InputValue)| {
        let said = |x: f64| words::amount_about(x, key.spec().unit);
        let at = |p: f64| said(value.dist.quantile(p));
        Changed {
            name: safe_name(&name),
            median: value.dist.constant_value().map_or_else(|| at(0.5), said),
            between: (!value.dist.is_constant()).then(|| [0.05, 0.95].map(at)),
        }
    };
    set.map(changed).collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form of a filter")]
fn is_of_set(warning: &&Problem) -> bool {
    warning.topic == breakeven::scenario::Topic::Set
}

impl Drawn {
    fn new(chart: Chart, style: &Style, inline: bool) -> Self {
        let svg = if inline { chart.elements.clone() } else { chart.svg(style) };
        let spots = chart.spots.into_iter().map(|spot| Spot { place: spot.place, cells: spot.cells }).collect();
        let Chart { name, headline, subtitle, size, columns, .. } = chart;
        Self { name, headline, subtitle, svg, size, columns, spots }
    }
}

/// Everything that is wrong with a scenario, in sentences.
pub(crate) fn said(error: &LoadError) -> String {
    let LoadError::Wrong(problems) = error else { return error.to_string() };
    let errors = problems.list.iter().filter(|problem| problem.severity == Severity::Error);
    let sentence = |problem: &Problem| {
        if problem.label.is_empty() {
            problem.message.clone()
        } else {
            format!("{} ({})", problem.message, problem.label)
        }
    };
    errors.map(sentence).collect::<Vec<_>>().join("; ")
}

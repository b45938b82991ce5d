//! What is said of the drivers of a number.

use super::{Block, Grid};
use crate::aggregate::Estimate;
use crate::results::{DriversRecord, Results};
use crate::scenario::called;
use crate::table::Row;
use crate::words;

/// Inputs that decide are named until they have so much of the variance together, but no more than four.
const MOST_OF_IT: (f64, usize) = (0.7, 4);
/// Inputs in the grid.
const ROWS: usize = 10;
/// A share whose interval reaches further says nothing.
const SAYS_NOTHING: f64 = 0.25;
/// How many inputs are looked at for their grades.
const STRONGEST: usize = 5;
/// How many inputs are named that would do it, or would not.
const NAMED: usize = 3;

/// Results with what only drivers have.
struct Drivers<'r> {
    results: &'r Results,
    record: &'r DriversRecord,
    /// By what is uncertain, the largest first.
    variance: Vec<(&'r str, Estimate)>,
    /// `npv` as it is said: `mean NPV`, `the probability of payback`.
    what: String,
}

/// What decides, what would have to be true, what the futures have in common that succeed; then input by input.
pub(super) fn blocks(results: &Results, record: &DriversRecord) -> Vec<Block> {
    let mut variance = Vec::new();
    for row in results.rows("variance") {
        variance.extend(row.text("input").zip(row.estimate("shapley")));
    }
    let what = if record.is_probability {
        format!("the probability of {}", words::event(&record.of))
    } else {
        format!("mean {}", words::outcome(&record.of))
    };
    let drivers = Drivers { results, record, variance, what };
    let mut sentences = vec![drivers.decide()];
    sentences.extend(drivers.strongest_swing());
    sentences.extend(drivers.needed());
    sentences.extend(drivers.common());
    sentences.extend(drivers.grades());
    let heading = format!("{}: what {} hangs on", results.record.scenario().title, drivers.what);
    vec![Block { heading, sentences, grid: Some(drivers.grid()), remarks: vec![drivers.remark()] }]
}

/// An input as it is said, with its article.
fn the(name: &str) -> String {
    match name.strip_prefix("events.") {
        Some(event) => format!("the event “{event}”"),
        None if name == "shocks" => "the monthly noise".to_owned(),
        None => format!("the {}", called(name)),
    }
}

/// The same at the head of a row.
pub(crate) fn named(name: &str) -> String {
    the(name).trim_start_matches("the ").to_owned()
}

impl Drivers<'_> {
    /// Whether the shares of the variance say something.
    fn is_ranked(&self) -> bool {
        let wide = |share: &Estimate| share.interval.is_none_or(|(low, high)| 0.5 * (high - low) > SAYS_NOTHING);
        !self.variance.is_empty() && !self.variance.iter().any(|(_, share)| wide(share))
    }

    fn decide(&self) -> String {
        let of = words::outcome(&self.record.of);
        let of = if self.record.is_probability { words::event(&self.record.of) } else { of };
        if self.record.sd <= 0.0 {
            let all = if self.record.is_probability { "is certain one way or the other" } else { "is the same" };
            return format!("{} {all} in every simulated future: nothing drives it.", words::upper_first(&of));
        }
        if !self.is_ranked() {
            let paths = words::count(self.results.record.simulation.paths);
            return format!(
                "Which inputs are behind the variance of {of} cannot be said from {paths} paths: a share may be off by more than {}. More --paths narrow that; the swings below hold all the same.",
                words::percent(SAYS_NOTHING)
            );
        }
        let (mut names, mut together) = (Vec::new(), 0.0);
        for (name, share) in &self.variance {
            if names.len() == MOST_OF_IT.1 || together >= MOST_OF_IT.0 {
                break;
            }
            names.push(the(name));
            together += share.value;
        }
        let list = words::upper_first(&words::list(&names));
        let share = format!("{:.0}%", together * 100.0);
        match names.as_slice() {
            [_] => format!("{list} decides: {share} of the variance of {of}."),
            _ => format!("{list} decide: together {share} of the variance of {of}."),
        }
    }

    fn change(&self, x: &Estimate) -> String {
        change(x, &self.record.unit)
    }

    /// How far the input with the largest swing goes, and whether it does so alone.
    fn strongest_swing(&self) -> Option<String> {
        let row = self.results.rows("swing").find(|row| row.number("swing").is_some())?;
        let (name, unit) = (row.text("input")?, row.text("unit")?);
        let (swing, alone) = (row.estimate("swing")?, row.estimate("alone_swing")?);
        if name.starts_with("events.") || swing.value == 0.0 {
            return None;
        }
        let [low, high] = [row.number("low_value")?, row.number("high_value")?].map(|x| words::amount_about(x, unit));
        let apart = swing.value - alone.value;
        let error = libm::hypot(swing.se.unwrap_or(0.0), alone.se.unwrap_or(0.0));
        let along = if apart.abs() > 3.0 * error && apart.abs() > 0.1 * swing.value.abs() {
            format!("; set alone it adds {}: the rest comes along with it", self.change(&alone))
        } else {
            String::new()
        };
        Some(format!(
            "From the lowest tenth of {} (about {low}) to the highest (about {high}) {} moves by {}{along}.",
            the(name),
            self.what,
            self.change(&swing)
        ))
    }

    fn level(&self) -> String {
        if self.record.is_probability {
            words::percent_tick(self.record.level)
        } else {
            words::amount(self.record.level, &self.record.unit)
        }
    }

    /// Which inputs alone would do it, and which would not.
    fn needed(&self) -> Vec<String> {
        let mut would: Vec<(f64, Row<'_>)> = Vec::new();
        let mut would_not = Vec::new();
        let strong: Vec<&str> = self.variance.iter().map(|(name, _)| *name).collect();
        for row in self.results.rows("needed") {
            match row.text("says") {
                Some("or more" | "or less") => would.extend(row.number("share_beyond").map(|share| (share, row))),
                Some("nowhere") => would_not.extend(row.text("input")),
                _ => {}
            }
        }
        would.sort_by(|a, b| b.0.total_cmp(&a.0));
        let level = self.level();
        let mut out = Vec::new();
        let said = |(share, row): &(f64, Row<'_>)| {
            let (name, unit) = (row.text("input")?, row.text("unit")?);
            let amount = |column: &str| row.number(column).map(|x| words::amount_about(x, unit));
            let (needed, today) = (amount("needed")?, amount("today_p50")?);
            let says = row.text("says")?;
            let odds = match *share {
                share if share <= 0.0 => "outside what the scenario holds possible".to_owned(),
                share => format!("{} of what the scenario holds possible", words::percent(share)),
            };
            Some(format!("{} {needed} {says} in place of {today} ({odds})", the(name)))
        };
        let list: Vec<String> = would.iter().take(NAMED).filter_map(said).collect();
        if list.is_empty() {
            out.push(format!("No input alone brings {} to {level}.", self.what));
        } else {
            out.push(format!("To bring {} to {level} alone it would take {}.", self.what, list.join("; or ")));
            would_not.sort_by_key(|name| strong.iter().position(|strong| strong == name).unwrap_or(usize::MAX));
            let names: Vec<String> = would_not.iter().take(NAMED).map(|name| called(name)).collect();
            let others = if would_not.len() > NAMED { ", nor of most others," } else { "" };
            if !names.is_empty() {
                let list = words::list(&names).replace(" and ", " or ");
                out.push(format!("No value of {list}{others} would do it alone."));
            }
        }
        out
    }

    /// What tells the futures apart in which an event happens.
    fn common(&self) -> Option<String> {
        let [with, without] = self.record.happens?;
        let event = words::event(&self.record.of);
        if with == 0 || without == 0 {
            let whole = words::count(with + without);
            let which = if with == 0 { "none" } else { "every one" };
            return Some(format!("In {which} of {whole} simulated futures there is {event}."));
        }
        let said = |row: Row<'_>| {
            let unit = row.text("unit")?;
            let amount = |column: &str| row.number(column).map(|x| words::amount_about(x, unit));
            Some(format!(
                "{} of {} (elsewhere {})",
                called(row.text("input")?),
                amount("p50_with")?,
                amount("p50_without")?
            ))
        };
        let inputs = self
            .results
            .rows("common")
            .filter(|row| row.text("input").is_some_and(|name| !name.starts_with("events.")));
        let list: Vec<String> = inputs.take(2).filter_map(said).collect();
        let rarer = with.min(without);
        let few = if rarer < 1000 {
            format!(" Of the rarer kind there are only {} futures.", words::count(rarer))
        } else {
            String::new()
        };
        (!list.is_empty()).then(|| {
            format!(
                "The {} futures with {event} have in common above all a median {}.{few}",
                words::count(with),
                list.join(", and a median ")
            )
        })
    }

    /// How many of the strongest inputs are assumptions.
    fn grades(&self) -> Option<String> {
        if !self.is_ranked() || self.record.sd <= 0.0 {
            return None;
        }
        let strongest: Vec<&str> = self
            .variance
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| *name != "shocks" && !name.starts_with("events."))
            .take(STRONGEST)
            .collect();
        let assumed = |name: &&&str| {
            let row = self.results.row("inputs", "key", name);
            row.is_some_and(|row| matches!(row.text("grade"), None | Some("X")))
        };
        let assumed: Vec<String> = strongest.iter().filter(assumed).map(|name| the(name)).collect();
        let whole = match strongest.len() {
            0 | 1 => return None,
            n => words::count(n as u64),
        };
        Some(match assumed.len() {
            0 => format!("All of the {whole} strongest inputs have a published source."),
            n => format!(
                "Of the {whole} strongest inputs {n} {} on nobody’s published figure: {}. Research begins there.",
                if n == 1 { "rests" } else { "rest" },
                words::list(&assumed)
            ),
        })
    }

    fn grid(&self) -> Grid {
        let value = |table: &str, name: &str, column: &str| {
            self.results.rows(table).find(|row| row.text("input") == Some(name)).and_then(|row| row.estimate(column))
        };
        let order: Vec<&str> = if self.is_ranked() {
            self.variance.iter().map(|(name, _)| *name).collect()
        } else {
            self.results.rows("swing").filter_map(|row| row.text("input")).collect()
        };
        let told = |x: Option<Estimate>| x.map_or_else(String::new, |x| self.change(&x));
        let row = |name: &&str| {
            let mut row = vec![named(name)];
            if self.is_ranked() {
                let share = value("variance", name, "shapley");
                row.push(share.map_or_else(String::new, |share| part(&share)));
            }
            row.extend([told(value("swing", name, "swing")), told(value("swing", name, "alone_swing"))]);
            row
        };
        let mut header = vec!["".to_owned()];
        header.extend(self.is_ranked().then(|| "part of the variance".to_owned()));
        header.extend(["lowest to highest tenth", "the same, alone"].map(str::to_owned));
        let caption = format!("What moves {}", self.what);
        Grid { caption, header, rows: order.iter().take(ROWS).map(row).collect() }
    }

    fn remark(&self) -> String {
        let rows = self.variance.len();
        let more = if rows > ROWS {
            format!(" {} more are in variance.csv and swing.csv.", rows - ROWS)
        } else {
            String::new()
        };
        format!(
            "Parts are Shapley effects: correlated inputs share what they explain together. The second column lets come along what usually does, the third moves the input alone from its 5% to its 95% value.{more}"
        )
    }
}

/// A change with its error in the unit of what changes.
pub(crate) fn change(x: &Estimate, unit: &str) -> String {
    let half = super::half_width(x).filter(|half| *half > super::ROUNDING * x.value.abs());
    if unit == "share" || unit.starts_with('$') {
        return words::change_with_error(x.value, half, unit);
    }
    let sign = if x.value < 0.0 { '\u{2212}' } else { '+' };
    half.map_or_else(
        || words::change_short(x.value, unit),
        |half| format!("{sign}{}", words::amount_with_error(x.value.abs(), half, unit)),
    )
}

/// `45% ± 3%`.
fn part(share: &Estimate) -> String {
    let half = super::half_width(share).unwrap_or(0.0);
    if half < 0.0005 {
        return words::percent(share.value.max(0.0));
    }
    let places = usize::from(half < 0.0095);
    format!("{:.places$}% ± {:.places$}%", (share.value * 100.0).max(0.0), half * 100.0)
}

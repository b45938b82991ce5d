//! The tables of drivers, read back: which of what is uncertain is behind the variance.

use super::{DriversRecord, Results};
use crate::aggregate::Estimate;
use crate::table::Row;
use crate::words;

/// Inputs that decide are named until they have so much of the variance together, but no more than four.
const MOST_OF_IT: (f64, usize) = (0.7, 4);
/// A share whose interval reaches further says nothing.
pub(crate) const SAYS_NOTHING: f64 = 0.25;

/// What has less of a distribution is no more than the trace of a tail.
const POSSIBLE: f64 = 1e-6;

/// What is behind the variance of a number.
pub(crate) struct Driving<'r> {
    results: &'r Results,
    pub(crate) record: &'r DriversRecord,
    /// Shapley effects, the largest first.
    pub(crate) variance: Vec<(&'r str, Estimate)>,
}

impl<'r> Driving<'r> {
    pub(crate) fn new(results: &'r Results, record: &'r DriversRecord) -> Self {
        let mut variance = Vec::new();
        for row in results.rows("variance") {
            variance.extend(row.text("input").zip(row.estimate("shapley")));
        }
        Self { results, record, variance }
    }

    /// Whether the shares say something: where one may be off by a quarter they do not.
    pub(crate) fn is_ranked(&self) -> bool {
        let wide = |share: &Estimate| share.interval.is_none_or(|(low, high)| 0.5 * (high - low) > SAYS_NOTHING);
        self.record.sd > 0.0 && !self.variance.is_empty() && !self.variance.iter().any(|(_, share)| wide(share))
    }

    /// What is uncertain, the strongest first: by parts of the variance, or where these say nothing by swings.
    pub(crate) fn order(&self) -> Vec<&'r str> {
        if self.is_ranked() {
            self.variance.iter().map(|(name, _)| *name).collect()
        } else {
            self.results.rows("swing").filter_map(|row| row.text("input")).collect()
        }
    }

    /// What has most of the variance: `The monthly churn and the refusal rate decide`; how many that are, and how much of it they
    /// have together.
    pub(crate) fn decide(&self) -> (String, usize, f64) {
        let (names, together) = self.deciding();
        let names: Vec<String> = names.into_iter().map(the).collect();
        let verb = if names.len() == 1 { "decides" } else { "decide" };
        (format!("{} {verb}", words::upper_first(&words::list(&names))), names.len(), together)
    }

    fn deciding(&self) -> (Vec<&'r str>, f64) {
        let (mut names, mut together) = (Vec::new(), 0.0);
        for (name, share) in &self.variance {
            if names.len() == MOST_OF_IT.1 || together >= MOST_OF_IT.0 {
                break;
            }
            names.push(*name);
            together += share.value;
        }
        (names, together)
    }

    /// Whether an input is no more than an assumption, or has no source.
    pub(crate) fn is_assumed(&self, name: &str) -> bool {
        let row = self.results.row("inputs", "key", name);
        row.is_some_and(|row| matches!(row.text("grade"), None | Some("X")))
    }

    /// What is asked about, as it is said: `mean NPV`, `the probability of payback`.
    pub(crate) fn what(&self) -> String {
        if self.record.is_probability {
            format!("the probability of {}", words::event(&self.record.of))
        } else {
            format!("mean {}", words::outcome(&self.record.of))
        }
    }

    /// What varies: `NPV`, `payback`.
    pub(crate) fn varies(&self) -> String {
        if self.record.is_probability { words::event(&self.record.of) } else { words::outcome(&self.record.of) }
    }

    /// The level that was to be reached.
    pub(crate) fn level(&self) -> String {
        let DriversRecord { level, unit, is_probability, .. } = self.record;
        if *is_probability { words::percent_tick(*level) } else { words::amount(*level, unit) }
    }

    /// Whether the level is reached as the scenario stands.
    pub(crate) fn is_reached(&self) -> bool {
        self.record.mean >= self.record.level
    }

    /// The inputs that could each reach the level alone or, where it is reached, lose it. First what is likeliest to; of what the
    /// scenario does not hold possible, what is nearest to today's value.
    pub(crate) fn levers(&self) -> Vec<Lever<'r>> {
        // A target or a horizon is what is asked, not what may come true.
        let is_asked = |row: &Row<'_>| {
            row.text("input").is_some_and(|name| name.starts_with("target.") || name.starts_with("horizon."))
        };
        let way = |row: Row<'r>| {
            let (needed, today) = (row.number("needed")?, row.number("today_p50")?);
            let share = row.number("share_beyond")?;
            let odds = if self.is_reached() { 1.0 - share } else { share };
            Some(Lever {
                row,
                share,
                odds: if odds < POSSIBLE { 0.0 } else { odds },
                far: libm::log(needed / today).abs(),
            })
        };
        let mut ways: Vec<Lever<'r>> =
            self.results.rows("needed").filter(|row| !is_asked(row)).filter_map(way).collect();
        ways.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.far.total_cmp(&b.far)));
        ways
    }

    /// The inputs that cannot reach the level alone, the strongest first.
    pub(crate) fn powerless(&self) -> Vec<Row<'r>> {
        let order = self.order();
        let rank = |row: &Row<'_>| order.iter().position(|name| Some(*name) == row.text("input")).unwrap_or(usize::MAX);
        let mut rows: Vec<Row<'r>> =
            self.results.rows("needed").filter(|row| row.text("says") == Some("nowhere")).collect();
        rows.sort_by_key(rank);
        rows
    }

    /// Whether an input differs between the futures with an event and the others by more than chance makes it in one case of twenty
    /// (Kolmogorov and Smirnov).
    pub(crate) fn tells_apart(&self, row: &Row<'_>) -> bool {
        let [n, m] = self.record.described.unwrap_or([0, 0]).map(|count| 1.0 / count.max(1) as f64);
        row.number("distance").is_some_and(|distance| distance > 1.36 * libm::sqrt(n + m))
    }

    /// A change of it with its error.
    pub(crate) fn change(&self, x: &Estimate) -> String {
        let half = x.interval.map(|(low, high)| 0.5 * (high - low)).filter(|half| *half > 1e-9 * x.value.abs());
        words::change_in_unit(x.value, half, &self.record.unit)
    }
}

/// An input that could reach a level alone, or lose it.
pub(crate) struct Lever<'r> {
    pub(crate) row: Row<'r>,
    /// How much of today's distribution lies where the level is reached.
    pub(crate) share: f64,
    /// … or where it would change whether it is; 0 where the scenario does not hold that possible.
    pub(crate) odds: f64,
    /// The logarithm of its ratio to today's value; infinite or not a number where there is none.
    pub(crate) far: f64,
}

impl Lever<'_> {
    /// Where the level is reached: `719M or more`, `between $6 and $20`.
    pub(crate) fn place(&self) -> String {
        let unit = self.row.text("unit").unwrap_or_default();
        let amount = |column: &str| self.row.number(column).map(|x| words::amount_about(x, unit));
        let (needed, says) = (amount("needed").unwrap_or_default(), self.row.text("says").unwrap_or_default());
        match amount("other_end") {
            Some(other) if says == "or more" => format!("{needed} to {other}"),
            Some(other) => format!("{other} to {needed}"),
            None => format!("{needed} {says}"),
        }
    }

    /// Today's value.
    pub(crate) fn today(&self) -> String {
        let unit = self.row.text("unit").unwrap_or_default();
        self.row.number("today_p50").map_or_else(String::new, |x| words::amount_about(x, unit))
    }
}

/// An input in a sentence, with its article.
pub(crate) fn the(name: &str) -> String {
    format!("the {}", crate::scenario::called(name))
}

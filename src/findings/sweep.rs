//! What a sweep says.

use super::{Block, Grid, Says, dollars_with_error, half_width};
use crate::aggregate::Estimate;
use crate::results::{BestBy, Results, SideBySideRecord, SweepRecord, VaryRecord};
use crate::table::Row;
use crate::words::{self, Frequency};

/// The most rows of the grid; of more points some are shown.
const MOST_ROWS: usize = 26;

/// A sweep with the rows of its tables.
struct Swept<'r> {
    results: &'r Results,
    record: &'r SweepRecord,
    /// The outcomes of each point.
    points: Vec<Row<'r>>,
    /// For each point how far its mean NPV is behind the best.
    npv: Measured<'r>,
    /// The same of payback.
    payback: Measured<'r>,
}

/// Each point by one measure.
struct Measured<'r> {
    rows: Vec<Row<'r>>,
    /// Which of them is best.
    best: usize,
}

impl Measured<'_> {
    fn difference(&self, i: usize) -> Estimate {
        self.rows[i].estimate("difference").unwrap_or(Estimate::exact(0.0))
    }

    /// Whether all points are alike.
    fn is_flat(&self) -> bool {
        (0..self.rows.len()).all(|i| self.difference(i).value == 0.0)
    }
}

impl<'r> Swept<'r> {
    /// None where the tables are not those of a sweep.
    fn new(results: &'r Results, record: &'r SweepRecord) -> Option<Self> {
        let points: Vec<Row<'_>> = results.rows("sweep").collect();
        let measured = |measure: &str| {
            let of_measure = |row: &Row<'_>| row.text("measure") == Some(measure);
            let rows: Vec<Row<'_>> = results.rows("best").filter(of_measure).collect();
            let best = rows.iter().position(|row| row.number("is_best") == Some(1.0))?;
            (rows.len() == points.len()).then_some(Measured { rows, best })
        };
        let (npv, payback) = (measured("npv")?, measured("payback")?);
        Some(Self { results, record, points, npv, payback })
    }

    fn paths(&self) -> u64 {
        self.results.record.simulation.paths
    }

    /// The value of an input at a point.
    fn value(&self, i: usize, vary: &VaryRecord) -> f64 {
        self.points[i].number(&vary.input).unwrap_or(f64::NAN)
    }

    /// The mean NPV at a point.
    fn mean(&self, i: usize) -> Estimate {
        self.points[i].mean("npv_mean", self.paths()).unwrap_or(Estimate::exact(f64::NAN))
    }
}

impl Says for SweepRecord {
    /// The best point, or how the outcome moves with what nobody chooses; then point by point.
    fn blocks(&self, results: &Results) -> Vec<Block> {
        let what: Vec<String> = self.vary.iter().map(described).collect();
        let heading = format!("{}: {}", results.record.scenario().title, what.join(", "));
        let Some(swept) = Swept::new(results, self) else { return vec![Block { heading, ..Block::default() }] };
        let grid = (self.vary.len() == 1).then(|| grid(&swept));
        vec![Block { heading, sentences: sentences(&swept), grid, remarks: Vec::new() }]
    }
}

impl Says for SideBySideRecord {
    /// Nothing: each sweep says its own.
    fn blocks(&self, _: &Results) -> Vec<Block> {
        Vec::new()
    }
}

/// `monthly price from $5 to $10 (21 values)`.
fn described(vary: &VaryRecord) -> String {
    let name = vary.name();
    match vary.values[..] {
        [] => name,
        [only] => format!("{name} {}", words::amount(only, &vary.unit)),
        [first, .., last] => {
            let (first, last) = (words::amount(first, &vary.unit), words::amount(last, &vary.unit));
            format!("{name} from {first} to {last} ({} values)", vary.values.len())
        }
    }
}

/// `a monthly price of $7.75 and a refusal rate of 60%`.
fn at(swept: &Swept<'_>, i: usize) -> String {
    let said = |vary: &VaryRecord| {
        format!("{} of {}", words::a(&vary.name()), words::amount(swept.value(i, vary), &vary.unit))
    };
    swept.record.vary.iter().map(said).collect::<Vec<_>>().join(" and ")
}

fn sentences(swept: &Swept<'_>) -> Vec<String> {
    let Swept { npv, payback, .. } = swept;
    let mut out = Vec::new();
    if swept.points.len() == 1 {
        out.push(format!("Mean NPV at {}: {}.", at(swept, 0), dollars_with_error(&swept.mean(0))));
    } else if npv.is_flat() {
        out.push(format!("Mean NPV is the same at every value: {}.", dollars_with_error(&swept.mean(0))));
    } else {
        out.extend(best_npv(swept));
    }
    let horizon = words::within(swept.results.record.scenario().horizon_months);
    if let Some(p) = swept.points[payback.best].frequency("payback", swept.paths()) {
        let regret = payback.rows[payback.best].number("regret").unwrap_or(0.0);
        out.push(if p.share + regret <= 0.0 {
            format!("The investment is paid back {horizon} in no simulated future at any of these values.")
        } else if payback.is_flat() {
            format!("The investment is paid back {horizon} {}, at every value alike.", p.said())
        } else {
            let end = if edge(swept.record, payback.best).is_some() { ", the end of the range" } else { "" };
            format!("Payback {horizon} is likeliest at {}{end}: {}.", at(swept, payback.best), p.said())
        });
    }
    out
}

/// The best point, where there is something to choose; otherwise how NPV moves with what nobody chooses.
fn best_npv(swept: &Swept<'_>) -> Vec<String> {
    let Swept { record, npv, points, .. } = swept;
    let best = swept.mean(npv.best);
    let chosen: Vec<bool> = record.vary.iter().map(|vary| vary.chosen).collect();
    if let ([vary], [false]) = (record.vary.as_slice(), chosen.as_slice()) {
        let end = |i: usize| (dollars_with_error(&swept.mean(i)), words::amount(swept.value(i, vary), &vary.unit));
        let ((first, from), (last, to)) = (end(0), end(points.len() - 1));
        return vec![format!("Mean NPV goes from {first} at {} of {from} to {last} at {to}.", words::a(&vary.name()))];
    }
    if let Some(best) = BestBy::new(swept.results, record) {
        return vec![said_by(&best)];
    }
    if let Some(beyond) = record.still_higher_at {
        let vary = &record.vary[0];
        let (most, beyond) = (words::amount(vary.ends().1, &vary.unit), words::amount(beyond, &vary.unit));
        return vec![
            format!(
                "Mean NPV {} {most}, the end of the range ({}), and is still higher at {beyond}.",
                if rises(swept, vary) { "rises up to" } else { "is highest at" },
                dollars_with_error(&best)
            ),
            format!(
                "So the model finds no best {} here: at such prices its demand curve is an extrapolation.",
                vary.name()
            ),
        ];
    }
    let mut out = vec![format!("Mean NPV is highest at {}: {}.", at(swept, npv.best), dollars_with_error(&best))];
    out.extend(edge(record, npv.best));
    if swept.paths() > 1 && chosen.iter().all(|chosen| *chosen) {
        let row = &npv.rows[npv.best];
        out.push(format!(
            "It is the best of these values in {} of simulated futures. Choosing the best of them in each future would add {} on average.",
            words::percent(row.number("share_best").unwrap_or(0.0)),
            dollars_with_error(&row.estimate("regret").unwrap_or(Estimate::exact(0.0)))
        ));
    }
    out
}

/// Whether mean NPV rises from each value to the next higher one.
fn rises(swept: &Swept<'_>, vary: &VaryRecord) -> bool {
    let mut all: Vec<(f64, f64)> =
        (0..swept.points.len()).map(|i| (swept.value(i, vary), swept.mean(i).value)).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.windows(2).all(|pair| pair[0].1 < pair[1].1)
}

/// The best value of what is chosen for each value of what is not.
fn said_by(by: &BestBy<'_>) -> String {
    let BestBy { choice, given, best } = by;
    let chosen = |value: f64| {
        format!(
            "{}{}",
            words::amount(value, &choice.unit),
            if by.is_end(value) { ", the end of the range," } else { "" }
        )
    };
    let name = choice.name();
    let all: Vec<String> = best.iter().map(|best| chosen(best.1)).collect();
    if all.iter().all(|value| *value == all[0]) {
        return format!("The best {name} of these by mean NPV is {} at every {}.", all[0], given.name());
    }
    let said = |(x, value): &(f64, f64)| format!("{} at {}", chosen(*value), words::amount(*x, &given.unit));
    let list: Vec<String> = best.iter().map(said).collect();
    format!("The best {name} of these by mean NPV, by {}: {}.", given.name(), words::list(&list))
}

/// What to do where a point has the first or last value of an input that could go further.
fn edge(record: &SweepRecord, mut point: usize) -> Option<String> {
    record.vary.iter().rev().find_map(|vary| {
        let at = point % vary.values.len();
        point /= vary.values.len();
        let (value, (low, high)) = (vary.values[at], vary.ends());
        let goes_on = low < high && vary.values.len() > 2 && (value == low || value == high) && vary.goes_beyond(value);
        let name = vary.name();
        goes_on.then(|| {
            format!("That is the end of the range: a wider --vary of the {name} would show whether it goes on.")
        })
    })
}

fn grid(swept: &Swept<'_>) -> Grid {
    let (npv, vary, scenario) = (&swept.npv, &swept.record.vary[0], swept.results.record.scenario());
    let reached = if vary.input == "target.subscribers" {
        "target reached".to_owned()
    } else {
        format!("{} reached", words::people_short(scenario.target_subscribers))
    };
    let header = [&vary.name(), "mean NPV", "below the highest by", "highest in", "paid back", &reached];
    // Of what nobody chooses there is no best.
    let shown = |row: Vec<String>| {
        let keep = |i: usize| vary.chosen || !(2..=3).contains(&i);
        row.into_iter().enumerate().filter(|(i, _)| keep(*i)).map(|(_, cell)| cell).collect::<Vec<_>>()
    };
    let every = swept.points.len().div_ceil(MOST_ROWS);
    let mut rows = Vec::new();
    for (i, point) in swept.points.iter().enumerate() {
        if i % every != 0 && i != npv.best && i + 1 != swept.points.len() {
            continue;
        }
        let share = |event: &str| point.frequency(event, swept.paths()).map_or_else(String::new, |p| with_error(&p));
        let difference = npv.difference(i);
        let behind = match half_width(&difference) {
            _ if i == npv.best => "highest".to_owned(),
            Some(half) if half > 0.0 => words::dollars_short_with_error(-difference.value, half),
            _ => words::dollars_short(-difference.value),
        };
        rows.push(shown(vec![
            words::amount(swept.value(i, vary), &vary.unit),
            words::dollars_short(swept.mean(i).value),
            behind,
            words::percent(npv.rows[i].number("share_best").unwrap_or(0.0)),
            share("payback"),
            share("target_reached"),
        ]));
    }
    let caption = format!("By {}", vary.name());
    Grid { caption, header: shown(header.map(str::to_owned).to_vec()), rows }
}

/// `0.36% ± 0.02%`, `none`, `all`.
fn with_error(p: &Frequency) -> String {
    match p.share {
        share if share <= 0.0 => "none".to_owned(),
        share if share >= 1.0 => "all".to_owned(),
        share if p.paths < 2 => words::percent(share),
        share => words::percent_short_with_error(share, p.interval),
    }
}

//! What rules say.

use super::{Block, Grid, Says};
use crate::results::{DiscoverRecord, FEWEST, Results};
use crate::scenario::called;
use crate::table::Row;
use crate::words;

impl Says for DiscoverRecord {
    /// The rules one by one, the strongest first.
    fn blocks(&self, results: &Results) -> Vec<Block> {
        let clause = words::happens(&self.of, self.not);
        let heading = format!("{}: when {clause}", results.record.scenario().title);
        let share = self.with() as f64 / self.paths().max(1) as f64;
        let overall = format!(
            "{} in {} of {} simulated futures ({}).",
            words::upper_first(&clause),
            words::count(self.with()),
            words::count(self.paths()),
            words::percent(share)
        );
        let rows: Vec<Row<'_>> = results.rows("rules").collect();
        let mut sentences = vec![overall];
        for rule in rows.chunk_by(|a, b| a.number("rule") == b.number("rule")) {
            sentences.extend(told(rule, &clause, sentences.len() == 1));
        }
        if rows.is_empty() {
            sentences.push(if self.searched {
                "No conditions on the inputs tell those futures from the others by more than chance would.".to_owned()
            } else {
                let rarer = words::counted(self.happens[0].min(self.happens[1]) as usize, "future");
                // Points of a Latin hypercube are as many as were asked for at the start.
                let more = if results.record.simulation.sampler == "latin-hypercube" { "--paths" } else { "--max-paths" };
                format!(
                    "With {rarer} of the rarer kind there are too few to look for conditions, which takes {FEWEST}; see {more}."
                )
            });
        }
        let grid = (!rows.is_empty()).then(|| grid(&rows));
        let remarks = (!rows.is_empty()).then(|| {
            "Found on one half of the futures and stated on the other, so the numbers are not flattered by the search. By chance: how often luck would make a condition look as good.".to_owned()
        });
        vec![Block { heading, sentences, grid, remarks: remarks.into_iter().collect() }]
    }
}

/// `a monthly churn of at most 5.1%`.
fn condition(row: &Row<'_>) -> Option<String> {
    let (name, unit) = (called(row.text("input")?), row.text("unit")?);
    let amount = |x: f64| words::amount_about(x, unit);
    Some(match (row.number("low"), row.number("high")) {
        (Some(low), Some(high)) => format!("{} between {} and {}", words::a(&name), amount(low), amount(high)),
        (Some(low), None) => format!("{} of at least {}", words::a(&name), amount(low)),
        (None, Some(high)) => format!("{} of at most {}", words::a(&name), amount(high)),
        (None, None) => return None,
    })
}

fn told(rule: &[Row<'_>], clause: &str, first: bool) -> Option<String> {
    let of = rule.first()?;
    let conditions: Vec<String> = rule.iter().filter_map(condition).collect();
    let density = of.estimate("density")?;
    let density = words::percent_with_error(density.value, density.interval);
    let start = if first { "With" } else { "Of the other futures, with" };
    Some(format!(
        "{start} {} {clause} in {density} of cases; these are {} of all futures, and {} of those in which {clause}.",
        words::list(&conditions),
        words::percent(of.number("mass")?),
        words::percent(of.number("coverage")?),
    ))
}

fn grid(rows: &[Row<'_>]) -> Grid {
    let row = |row: &Row<'_>| {
        let unit = row.text("unit").unwrap_or_default();
        let bound =
            |column: &str| row.number(column).map_or_else(|| "any".to_owned(), |x| words::amount_about(x, unit));
        let chance = row.number("by_chance").unwrap_or(1.0);
        let chance = if chance < 0.0001 { "below 0.01%".to_owned() } else { words::percent(chance) };
        vec![
            words::count(row.number("rule").unwrap_or(0.0) as u64),
            called(row.text("input").unwrap_or_default()),
            bound("low"),
            bound("high"),
            chance,
        ]
    };
    let header = ["rule", "input", "at least", "at most", "by chance"].map(str::to_owned).to_vec();
    Grid { caption: "The conditions".to_owned(), header, rows: rows.iter().map(row).collect() }
}

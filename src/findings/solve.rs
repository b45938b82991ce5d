//! What a solution says.

use super::{Block, Grid, Says, half_width, share_of};
use crate::aggregate::Estimate;
use crate::results::{BreakEvens, Crossing, Results, SolveRecord, Solved};
use crate::words;

impl Says for SolveRecord {
    /// Where the level is reached, then where each path breaks even.
    fn blocks(&self, results: &Results) -> Vec<Block> {
        let (low, high) = bracket(self);
        let heading =
            format!("{}: {} between {low} and {high}", results.record.scenario().title, self.solve_for.name());
        let mut said = Solved::new(results, self).map_or_else(Vec::new, |solved| reached(self, &solved));
        let each_path = BreakEvens::new(results, self);
        said.extend(each_path.iter().flat_map(|each_path| sentences(self, each_path)));
        let grid = each_path.map(|each_path| grid(self, &each_path));
        vec![Block { heading, sentences: said, grid, remarks: Vec::new() }]
    }
}

fn bracket(record: &SolveRecord) -> (String, String) {
    let (low, high) = record.solve_for.ends();
    (words::amount(low, &record.solve_for.unit), words::amount(high, &record.solve_for.unit))
}

/// `the probability of payback`, `mean NPV`.
fn measure(record: &SolveRecord, name: &str) -> String {
    if record.is_probability {
        format!("the probability of {}", words::event(name))
    } else {
        format!("mean {}", words::outcome(name))
    }
}

fn level(record: &SolveRecord, level: f64) -> String {
    if record.is_probability { words::percent_tick(level) } else { words::amount(level, &record.unit) }
}

fn with_error(record: &SolveRecord, y: &Estimate) -> String {
    let half = half_width(y);
    if record.is_probability {
        return words::percent_with_error(y.value, y.interval);
    }
    match half.filter(|half| *half > 0.0) {
        Some(half) => words::amount_with_error(y.value, half, &record.unit),
        None => words::amount(y.value, &record.unit),
    }
}

/// `$23.40 (95% interval $23.2 to $23.6)`.
fn place(record: &SolveRecord, crossing: Crossing) -> String {
    let [low, high] = crossing.interval;
    let width = low.zip(high).map_or(0.0, |(low, high)| high - low);
    let amount = |x: f64| words::amount_within(x, &record.solve_for.unit, width);
    let value = amount(crossing.value);
    match (low, high) {
        (None, None) => format!("{value} (within the simulation’s error, any value of the bracket)"),
        (Some(low), Some(high)) => format!("{value} (95% interval {} to {})", amount(low), amount(high)),
        (Some(low), None) => format!("{value} (95% interval from {})", amount(low)),
        (None, Some(high)) => format!("{value} (95% interval up to {})", amount(high)),
    }
}

fn reached(record: &SolveRecord, solution: &Solved<'_>) -> Vec<String> {
    let (what, level) = (measure(record, solution.name), level(record, solution.level));
    let name = record.solve_for.name();
    let (low, high) = bracket(record);
    let a_name = words::a(&name);
    let stretches = solution.stretches();
    if stretches.is_empty() {
        let best = solution.best();
        let best_at = words::amount(best.0, &record.solve_for.unit);
        let best = with_error(record, &best.1);
        let advice = if record.can_be_wider {
            "A wider --between, or another input, may do it."
        } else {
            "It takes another input."
        };
        let dropped = if record.drops_correlations {
            format!(" With the {name} set, its correlations are dropped; `run --given` keeps them.")
        } else {
            String::new()
        };
        return vec![
            format!("No {name} between {low} and {high} brings {what} to {level}."),
            format!("The best there is: {best}, at {best_at}. {advice}{dropped}"),
        ];
    }
    let mut out: Vec<String> = Vec::new();
    for stretch in &stretches {
        let where_to = match stretch {
            [None, None] => format!("at every {name} between {low} and {high}"),
            [Some(from), None] => {
                format!("at {a_name} of {} or more (searched up to {high})", place(record, *from))
            }
            [None, Some(to)] => format!("at {a_name} of {} or less (searched from {low})", place(record, *to)),
            [Some(from), Some(to)] => format!("from {a_name} of {} to {}", place(record, *from), place(record, *to)),
        };
        out.push(format!("{} is {level} or more {where_to}.", words::upper_first(&what)));
    }
    if solution.crossings.is_empty() && record.can_be_wider {
        out.push("A wider --between would show where that ends.".to_owned());
    }
    out
}

fn sentences(record: &SolveRecord, each_path: &BreakEvens<'_>) -> Vec<String> {
    let name = record.solve_for.name();
    let a_name = words::a(&name);
    let (low, high) = bracket(record);
    let amount = |x: f64| words::amount(x, &record.solve_for.unit);
    let mut out = Vec::new();
    let median = each_path.quantile(0.5);
    if median.is_finite() {
        out.push(if each_path.is_needed {
            format!("Half of the futures break even (NPV of zero) at {a_name} of {} or below.", amount(median))
        } else {
            format!("Half of the futures still break even (NPV of zero) at {a_name} of {}.", amount(median))
        });
    }
    let none = each_path.share("none");
    out.push(if none.share <= 0.0 {
        format!("Every simulated future breaks even at some {name} between {low} and {high}.")
    } else if none.share >= 1.0 {
        format!("No simulated future breaks even at any {name} between {low} and {high}.")
    } else {
        format!("In {} of simulated futures no {name} between {low} and {high} breaks even.", share_of(&none))
    });
    let several = each_path.share("several_crossings");
    if several.share > 0.0 {
        out.push(format!(
            "In {} of simulated futures NPV crosses zero more than once: the {} value that breaks even is given.",
            share_of(&several),
            if each_path.is_needed { "lowest" } else { "highest" }
        ));
    }
    out
}

fn grid(record: &SolveRecord, each_path: &BreakEvens<'_>) -> Grid {
    let name = record.solve_for.name();
    let (low, high) = record.solve_for.ends();
    let needed = each_path.is_needed;
    let header = if needed {
        format!("{name} that this share of futures needs at most")
    } else {
        format!("{name} at which this share of futures still breaks even")
    };
    let quantile = |share: f64| each_path.quantile(if needed { share } else { 1.0 - share });
    let shares = [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
    // Where hardly any path breaks even the small shares tell most, otherwise the usual ones.
    let few = quantile(0.25).is_infinite();
    let row = |share: f64| {
        let value = quantile(share);
        let amount = |x: f64| words::amount(x, &record.solve_for.unit);
        let told = match value {
            value if value.is_infinite() => "none".to_owned(),
            value if needed && value <= low => format!("{} or less", amount(low)),
            value if !needed && value >= high => format!("{} or more", amount(high)),
            value => amount(value),
        };
        vec![words::percent(share), told]
    };
    let shares = shares.into_iter().filter(|share| if few { *share <= 0.25 } else { *share >= 0.05 });
    let caption = "Where each future breaks even".to_owned();
    Grid { caption, header: vec![header, String::new()], rows: shares.map(row).collect() }
}

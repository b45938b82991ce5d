//! What a solution says.

use super::{grid_of, made, share_of, wrapped};
use crate::aggregate::Estimate;
use crate::analysis::{Crossing, EachPath, Side, Solution};
use crate::export::SolveRecord;
use crate::words;

/// The whole text for one solution.
pub(in crate::cli) fn solve(
    record: &SolveRecord,
    solution: Option<&Solution>,
    each_path: Option<&EachPath>,
    drops_correlations: bool,
    place: &str,
) -> String {
    let bold = anstyle::Style::new().bold();
    let (low, high) = bracket(record);
    let name = record.solve_for.name();
    let mut out = format!("{bold}{}: {name} between {low} and {high}{bold:#}\n", record.run.title);
    for line in solution.into_iter().flat_map(|solution| reached(record, solution, drops_correlations)) {
        out += &wrapped(&line, 2);
    }
    if let Some(each_path) = each_path {
        for line in sentences(record, each_path) {
            out += &wrapped(&line, 2);
        }
        out += &format!("\n{}\n\n", grid_of(&rows(record, each_path)));
    }
    out + &made(&record.run, "Tables and charts", place)
}

fn bracket(record: &SolveRecord) -> (String, String) {
    let (low, high) = record.solve_for.ends();
    (words::amount(low, &record.solve_for.unit), words::amount(high, &record.solve_for.unit))
}

/// `the probability of payback`, `mean NPV`.
fn measure(solution: &Solution) -> String {
    let Solution { until, .. } = solution;
    if until.is_probability {
        format!("the probability of {}", words::event(until.name))
    } else {
        format!("mean {}", words::outcome(until.name))
    }
}

fn level(record: &SolveRecord, level: f64) -> String {
    if record.is_probability { words::percent_tick(level) } else { words::amount(level, &record.unit) }
}

fn with_error(record: &SolveRecord, y: &Estimate) -> String {
    let half = super::half_width(y);
    if record.is_probability {
        return words::percent_with_error(y.value, y.interval);
    }
    match half.filter(|half| *half > 0.0) {
        Some(half) => words::amount_with_error(y.value, half, &record.unit),
        None => words::amount(y.value, &record.unit),
    }
}

/// `$23.40 (95% interval $23.2 to $23.6)`.
fn place(record: &SolveRecord, crossing: &Crossing) -> String {
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

fn reached(record: &SolveRecord, solution: &Solution, drops_correlations: bool) -> Vec<String> {
    let Solution { until, crossings, best, .. } = solution;
    let (what, level) = (measure(solution), level(record, until.level));
    let name = record.solve_for.name();
    let (low, high) = bracket(record);
    let a_name = words::a(&name);
    let stretches = solution.reached();
    if stretches.is_empty() {
        let best_at = words::amount(best.0, &record.solve_for.unit);
        let best = with_error(record, &best.1);
        let advice = if solution.bracket.can_be_wider() {
            "A wider --between, or another input, may do it."
        } else {
            "It takes another input."
        };
        let dropped = if drops_correlations {
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
                format!("at {a_name} of {} or more (searched up to {high})", place(record, from))
            }
            [None, Some(to)] => format!("at {a_name} of {} or less (searched from {low})", place(record, to)),
            [Some(from), Some(to)] => format!("from {a_name} of {} to {}", place(record, from), place(record, to)),
        };
        out.push(format!("{} is {level} or more {where_to}.", words::upper_first(&what)));
    }
    if crossings.is_empty() && solution.bracket.can_be_wider() {
        out.push("A wider --between would show where that ends.".to_owned());
    }
    out
}

fn sentences(record: &SolveRecord, each_path: &EachPath) -> Vec<String> {
    let name = record.solve_for.name();
    let a_name = words::a(&name);
    let (low, high) = bracket(record);
    let amount = |x: f64| words::amount(x, &record.solve_for.unit);
    let mut out = Vec::new();
    let median = each_path.quantile(0.5);
    if median.is_finite() {
        out.push(match each_path.side() {
            Side::Lowest => {
                format!("Half of the futures break even (NPV of zero) at {a_name} of {} or below.", amount(median))
            }
            Side::Highest => {
                format!("Half of the futures still break even (NPV of zero) at {a_name} of {}.", amount(median))
            }
        });
    }
    let none = &each_path.none;
    out.push(if none.probability <= 0.0 {
        format!("Every simulated future breaks even at some {name} between {low} and {high}.")
    } else if none.probability >= 1.0 {
        format!("No simulated future breaks even at any {name} between {low} and {high}.")
    } else {
        format!("In {} of simulated futures no {name} between {low} and {high} breaks even.", share_of(none))
    });
    if each_path.several_crossings.probability > 0.0 {
        out.push(format!(
            "In {} of simulated futures NPV crosses zero more than once: the {} value that breaks even is given.",
            share_of(&each_path.several_crossings),
            if each_path.side() == Side::Lowest { "lowest" } else { "highest" }
        ));
    }
    out
}

fn rows(record: &SolveRecord, each_path: &EachPath) -> Vec<Vec<String>> {
    let name = record.solve_for.name();
    let (low, high) = record.solve_for.ends();
    let side = each_path.side();
    let header = match side {
        Side::Lowest => format!("  {name} that this share of futures needs at most"),
        Side::Highest => format!("  {name} at which this share of futures still breaks even"),
    };
    let mut out = vec![vec![header, String::new()]];
    let quantile = |share: f64| each_path.quantile(if side == Side::Lowest { share } else { 1.0 - share });
    let shares = [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
    // Where hardly any path breaks even the small shares tell most, otherwise the usual ones.
    let few = quantile(0.25).is_infinite();
    for share in shares.into_iter().filter(|share| if few { *share <= 0.25 } else { *share >= 0.05 }) {
        let value = quantile(share);
        let told = match side {
            _ if value.is_infinite() => "none".to_owned(),
            Side::Lowest if value <= low => format!("{} or less", words::amount(low, &record.solve_for.unit)),
            Side::Highest if value >= high => format!("{} or more", words::amount(high, &record.solve_for.unit)),
            _ => words::amount(value, &record.solve_for.unit),
        };
        out.push(vec![format!("  {}", words::percent(share)), told]);
    }
    out
}

//! What a sweep says.

use super::{dollars_with_error, frequency, grid_of, half_width, made, wrapped};
use crate::aggregate::Proportion;
use crate::analysis::{Best, Measure, Point, SweepResult};
use crate::export::{SweepRecord, VaryRecord};
use crate::words;

/// The most rows of the table; of more points some are shown.
const MOST_ROWS: usize = 26;

/// The whole text for one sweep.
pub(in crate::cli) fn sweep(record: &SweepRecord, result: &SweepResult, place: &str) -> String {
    let bold = anstyle::Style::new().bold();
    let what: Vec<String> = record.vary.iter().map(described).collect();
    let mut out = format!("{bold}{}: {}{bold:#}\n", record.run.title, what.join(", "));
    for line in sentences(record, result) {
        out += &wrapped(&line, 2);
    }
    if let [_] = record.vary[..] {
        out += &format!("\n{}\n\n", grid_of(&rows(record, result)));
    }
    out + &made(&record.run, "Tables and charts", place)
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
fn at(record: &SweepRecord, point: &Point) -> String {
    let values = record.vary.iter().zip(&point.values);
    let values = values.map(|(vary, x)| format!("{} of {}", words::a(&vary.name()), words::amount(*x, &vary.unit)));
    values.collect::<Vec<_>>().join(" and ")
}

fn sentences(record: &SweepRecord, result: &SweepResult) -> Vec<String> {
    let (npv, payback) = (result.best(Measure::Npv), result.best(Measure::Payback));
    let point = |best: &Best| &result.points[best.point];
    let mut out = Vec::new();
    if result.points.len() == 1 {
        let only = &result.points[0];
        if let Some(mean) = only.summary.mean("npv") {
            out.push(format!("Mean NPV at {}: {}.", at(record, only), dollars_with_error(&mean)));
        }
    } else if npv.rows.iter().all(|row| row.difference.value == 0.0) {
        out.push(format!("Mean NPV is the same at every value: {}.", dollars_with_error(&npv.rows[0].value)));
    } else {
        out.extend(best_npv(record, result));
    }
    let often = |p: &Proportion| frequency(p, record.run.paths).said();
    let horizon = words::within(record.run.horizon_months);
    let likeliest = point(payback);
    if let Some(p) = likeliest.summary.probability("payback") {
        out.push(if payback.foresight.value <= 0.0 {
            format!("The investment is paid back {horizon} in no simulated future at any of these values.")
        } else if payback.rows.iter().all(|row| row.difference.value == 0.0) {
            format!("The investment is paid back {horizon} {}, at every value alike.", often(&p))
        } else {
            let end = if edge(record, payback.point).is_some() { ", the end of the range" } else { "" };
            format!("Payback {horizon} is likeliest at {}{end}: {}.", at(record, likeliest), often(&p))
        });
    }
    out
}

/// The best point, where there is something to choose; otherwise how NPV moves with what nobody chooses.
fn best_npv(record: &SweepRecord, result: &SweepResult) -> Vec<String> {
    let npv = result.best(Measure::Npv);
    let row = &npv.rows[npv.point];
    let chosen: Vec<bool> = record.vary.iter().map(|vary| vary.chosen).collect();
    match (record.vary.as_slice(), chosen.as_slice()) {
        ([vary], [false]) => {
            let ends = [0, result.points.len() - 1].map(|i| {
                let value = words::amount(result.points[i].values[0], &vary.unit);
                (dollars_with_error(&npv.rows[i].value), value)
            });
            let [(first, from), (last, to)] = ends;
            return vec![format!(
                "Mean NPV goes from {first} at {} of {from} to {last} at {to}.",
                words::a(&vary.name())
            )];
        }
        ([first, second], [a, b]) if a != b => {
            let (choice, given) = if *a { (0, 1) } else { (1, 0) };
            let (choice_of, given_of) = if *a { (first, second) } else { (second, first) };
            return vec![best_by(result, (choice, choice_of), (given, given_of))];
        }
        _ => {}
    }
    let best_at = at(record, &result.points[npv.point]);
    if let Some(beyond) = record.still_higher_at {
        let vary = &record.vary[0];
        let (most, beyond) = (words::amount(vary.ends().1, &vary.unit), words::amount(beyond, &vary.unit));
        return vec![
            format!(
                "Mean NPV {} {most}, the end of the range ({}), and is still higher at {beyond}.",
                if rises(result) { "rises up to" } else { "is highest at" },
                dollars_with_error(&row.value)
            ),
            format!(
                "So the model finds no best {} here: at such prices its demand curve is an extrapolation.",
                vary.name()
            ),
        ];
    }
    let mut out = vec![format!("Mean NPV is highest at {best_at}: {}.", dollars_with_error(&row.value))];
    out.extend(edge(record, npv.point));
    if record.run.paths > 1 && chosen.iter().all(|chosen| *chosen) {
        out.push(format!(
            "It is the best of these values in {} of simulated futures. Choosing the best of them in each future would add {} on average.",
            words::percent(row.share_best),
            dollars_with_error(&row.regret)
        ));
    }
    out
}

/// Whether mean NPV rises from each value to the next higher one.
fn rises(result: &SweepResult) -> bool {
    let rows = result.points.iter().zip(&result.best(Measure::Npv).rows);
    let mut all: Vec<(f64, f64)> = rows.map(|(point, row)| (point.values[0], row.value.value)).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.windows(2).all(|pair| pair[0].1 < pair[1].1)
}

/// The best value of what is chosen for each value of what is not.
fn best_by(
    result: &SweepResult,
    (choice, choice_of): (usize, &VaryRecord),
    (given, given_of): (usize, &VaryRecord),
) -> String {
    let npv = result.best(Measure::Npv);
    let mut best: Vec<(f64, usize)> = Vec::new();
    for (i, point) in result.points.iter().enumerate() {
        let x = point.values[given];
        match best.iter_mut().find(|known| known.0 == x) {
            Some(known) if npv.rows[i].value.value > npv.rows[known.1].value.value => known.1 = i,
            Some(_) => {}
            None => best.push((x, i)),
        }
    }
    best.sort_by(|a, b| a.0.total_cmp(&b.0));
    let most = choice_of.ends().1;
    let chosen = |i: usize| {
        let value = result.points[i].values[choice];
        let at_end = choice_of.values.len() > 2 && value == most && choice_of.goes_beyond(value);
        format!("{}{}", words::amount(value, &choice_of.unit), if at_end { ", the end of the range," } else { "" })
    };
    let name = choice_of.name();
    let all: Vec<String> = best.iter().map(|(_, i)| chosen(*i)).collect();
    if all.iter().all(|value| *value == all[0]) {
        return format!("The best {name} of these by mean NPV is {} at every {}.", all[0], given_of.name());
    }
    let said = |(x, i): &(f64, usize)| format!("{} at {}", chosen(*i), words::amount(*x, &given_of.unit));
    let list: Vec<String> = best.iter().map(said).collect();
    format!("The best {name} of these by mean NPV, by {}: {}.", given_of.name(), words::list(&list))
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

fn rows(record: &SweepRecord, result: &SweepResult) -> Vec<Vec<String>> {
    let (npv, vary) = (result.best(Measure::Npv), &record.vary[0]);
    let swept = vary.input == "target.subscribers";
    let target = words::people_short(record.run.target_subscribers);
    let reached = if swept { "target reached".to_owned() } else { format!("{target} reached") };
    let header = [&vary.name(), "mean NPV", "below the highest by", "highest in", "paid back", &reached];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows[0][0] = format!("  {}", rows[0][0]);
    // Of what nobody chooses there is no best.
    let shown = |row: Vec<String>| {
        let keep = |i: usize| vary.chosen || !(2..=3).contains(&i);
        row.into_iter().enumerate().filter(|(i, _)| keep(*i)).map(|(_, cell)| cell).collect::<Vec<_>>()
    };
    let every = result.points.len().div_ceil(MOST_ROWS);
    for (i, (row, point)) in npv.rows.iter().zip(&result.points).enumerate() {
        if i % every != 0 && i != npv.point && i + 1 != result.points.len() {
            continue;
        }
        let share = |event: &str| {
            point.summary.probability(event).map_or_else(String::new, |p| with_error(&p, record.run.paths))
        };
        let behind = match half_width(&row.difference) {
            _ if i == npv.point => "highest".to_owned(),
            Some(half) if half > 0.0 => words::dollars_short_with_error(-row.difference.value, half),
            _ => words::dollars_short(-row.difference.value),
        };
        rows.push(vec![
            format!("  {}", words::amount(point.values[0], &vary.unit)),
            words::dollars_short(row.value.value),
            behind,
            words::percent(row.share_best),
            share("payback"),
            share("target_reached"),
        ]);
    }
    rows.into_iter().map(shown).collect()
}

/// `0.36% ± 0.02%`, `none`, `all`.
fn with_error(p: &Proportion, paths: u64) -> String {
    if p.probability <= 0.0 {
        return "none".to_owned();
    }
    if p.probability >= 1.0 {
        return "all".to_owned();
    }
    if paths < 2 {
        words::percent(p.probability)
    } else {
        words::percent_short_with_error(p.probability, p.se.map(|_| (p.low, p.high)))
    }
}

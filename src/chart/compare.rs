//! Charts of a comparison: fans over each other, and a waterfall of what makes the difference.

use plotters::style::RGBColor;

use super::canvas::{Align, Canvas, Type, draw};
use super::page::{Page, horizontal, month_label, vertical};
use super::scale::{Scale, spread_labels};
use super::theme::{
    ACCENT, CONTEXT, GREY, INK, LABEL, LEFT, NARROW_BAND, PLOT_BOTTOM, PLOT_LEFT, PLOT_RIGHT, REFERENCE, RIGHT,
};
use super::{ChartError, CompareMaterial, find};
use crate::export::RunRecord;
use crate::words;

/// Colours of the scenarios after the first, which is grey: of Okabe and Ito's set.
const COLOURS: [RGBColor; 5] =
    [ACCENT, RGBColor(0xe6, 0x9f, 0x00), RGBColor(0xcc, 0x79, 0xa7), RGBColor(0x56, 0xb4, 0xe9), INK];

/// Which series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Series {
    Paying,
    Cash,
}

/// Month, then the 5th, 50th and 95th percentile.
type Fan = Vec<(f64, [f64; 3])>;

fn fan(material: &CompareMaterial<'_>, scenario: &str, series: &str) -> Result<Fan, ChartError> {
    let table = find(material.tables, "monthly")?;
    let of_scenario = |row: &&[_]| table.cell(row, "scenario").and_then(|cell| cell.text()) == Some(scenario);
    let read = |row: &[_]| {
        let number = |column| table.number(row, column);
        Some((number("month")?, [number("p05")?, number("p50")?, number("p95")?]))
    };
    Ok(table.rows_where("series", series).filter(of_scenario).filter_map(read).collect())
}

/// The fans of all scenarios over each other: with bands where there are two, medians alone where there are more.
pub(super) fn fans(material: &CompareMaterial<'_>, series: Series) -> Result<String, ChartError> {
    let records = &material.record.scenarios;
    let [first, ..] = records.as_slice() else { return Err(ChartError("no scenarios".to_owned())) };
    let (name, what) = match series {
        Series::Paying => ("paying", "Paying subscribers, persons"),
        Series::Cash => ("cumulative_cash", "Cumulative cash since launch, dollars"),
    };
    let fans = records.iter().map(|record| fan(material, &record.scenario, name)).collect::<Result<Vec<_>, _>>()?;
    let end = |fan: &Fan| fan.last().map_or(0.0, |month| month.1[1]);
    let short: fn(f64) -> String = if series == Series::Paying { words::people_short } else { words::dollars_short };
    let long: fn(f64) -> String = if series == Series::Paying { words::people } else { words::dollars };
    let middle = if first.paths == 1 { "the only path" } else { "the median path" };
    let verb = if series == Series::Paying { "ends with" } else { "ends at" };
    let listed: Vec<String> =
        records.iter().zip(&fans).map(|(record, fan)| format!("{} in {}", long(end(fan)), record.scenario)).collect();
    let subject = if series == Series::Paying { " paying subscribers" } else { "" };
    let headline = format!("{} {verb} {}{subject}", words::upper_first(middle), listed.join(", "));
    let two = records.len() == 2 && first.paths > 1;
    let bands = if two { ". Lines are medians, bands hold 90% of the paths" } else { ". Medians" };
    let bands = if first.paths == 1 { "" } else { bands };
    let page = footed(material, headline, format!("{what}{bands}"));
    draw(|canvas| {
        let top = page.draw(canvas)?;
        let months = records.iter().map(|record| record.horizon_months).max().unwrap_or(1);
        let all = fans.iter().flatten().flat_map(|(_, q)| if two { q.to_vec() } else { vec![q[1]] });
        let (low, high) = all.fold((0.0_f64, 0.0_f64), |(low, high), x| (low.min(x), high.max(x)));
        let target = first.target_subscribers;
        let same_target = records.iter().all(|record| record.target_subscribers == target);
        let (reference, label) = match series {
            Series::Paying => (Some(target).filter(|_| same_target), format!("target: {}", words::people(target))),
            Series::Cash => (Some(0.0), "zero: the investment is paid back".to_owned()),
        };
        let high = reference.map_or(high, |reference| high.max(reference)) + (high - low) * 0.04;
        let x = Scale::months(0, months, PLOT_LEFT, PLOT_RIGHT);
        let y = Scale::round(low, high, PLOT_BOTTOM, top, 6.0);
        vertical(canvas, &y, short)?;
        horizontal(canvas, &x, |t| month_label(first, t as usize))?;
        let colour = |i: usize| if i == 0 { GREY } else { COLOURS[(i - 1) % COLOURS.len()] };
        let line =
            |fan: &Fan, k: usize| -> Vec<(f64, f64)> { fan.iter().map(|(t, q)| (x.at(*t), y.at(q[k]))).collect() };
        if two {
            for (i, fan) in fans.iter().enumerate() {
                let (shade, opacity) = if i == 0 { (CONTEXT, 0.45) } else { (colour(i), NARROW_BAND) };
                canvas.band(&line(fan, 2), &line(fan, 0), shade, opacity)?;
            }
        }
        for (i, fan) in fans.iter().enumerate() {
            canvas.line(&line(fan, 1), colour(i), 3.5)?;
        }
        if let Some(reference) = reference {
            let at = y.at(reference);
            canvas.dashed((PLOT_LEFT, at), (PLOT_RIGHT, at), REFERENCE, 2.0)?;
            let above = at - y.at(y.high) > 1.5 * LABEL;
            let baseline = if above { at - 9.0 } else { at + LABEL + 6.0 };
            canvas.text(&label, (PLOT_LEFT + 10.0, baseline), Align::Start, Type::bold(LABEL, REFERENCE))?;
        }
        scenario_labels(canvas, records, &fans, &y, &colour)
    })
}

/// The scenarios' titles where their medians end.
fn scenario_labels(
    canvas: &Canvas<'_>,
    records: &[RunRecord],
    fans: &[Fan],
    y: &Scale,
    colour: &dyn Fn(usize) -> RGBColor,
) -> Result<(), ChartError> {
    let lines: Vec<Vec<String>> =
        records.iter().map(|record| canvas.wrapped(&record.title, Type::bold(LABEL, INK), 215.0, 2)).collect();
    let wishes: Vec<f64> = fans.iter().map(|fan| y.at(fan.last().map_or(0.0, |month| month.1[1]))).collect();
    let places = spread_labels(&wishes, LABEL * 2.9, y.at(y.high), PLOT_BOTTOM - 8.0);
    for (i, (lines, place)) in lines.iter().zip(places).enumerate() {
        let shift = (lines.len() as f64 - 1.0) * LABEL * 0.65;
        for (k, text) in lines.iter().enumerate() {
            let baseline = place + LABEL * 0.35 - shift + k as f64 * LABEL * 1.3;
            canvas.text(text, (PLOT_RIGHT + 18.0, baseline), Align::Start, Type::bold(LABEL, colour(i)))?;
        }
        if (place - wishes[i]).abs() > 3.0 {
            canvas.line(&[(PLOT_RIGHT + 2.0, wishes[i]), (PLOT_RIGHT + 14.0, place)], colour(i), 0.8)?;
        }
    }
    Ok(())
}

/// A page whose footer names all scenarios.
fn footed(material: &CompareMaterial<'_>, headline: String, subtitle: String) -> Page {
    let records = &material.record.scenarios;
    let mut page = Page::new(&records[0], headline, subtitle);
    let names: Vec<String> = records.iter().map(|record| format!("“{}” ({})", record.title, record.scenario)).collect();
    let first = &records[0];
    let paths = if first.paths == 1 { "1 path".to_owned() } else { format!("{} paths", words::count(first.paths)) };
    page.footer = format!(
        "Scenarios {}; the same {paths}, seed {}, {}, {}.",
        names.join(", "),
        first.seed,
        words::sampling(first.sampler),
        first.program
    );
    page
}

/// One change and what it is worth, with its 95% interval.
struct Step {
    change: String,
    part: f64,
    interval: Option<(f64, f64)>,
}

/// Where the rows begin.
const ROWS_LEFT: f64 = 420.0;

/// From the first scenario's mean to another's, change by change.
pub(super) fn waterfall(
    material: &CompareMaterial<'_>,
    other: &RunRecord,
    outcome: &str,
) -> Result<String, ChartError> {
    let first = &material.record.scenarios[0];
    let differences = find(material.tables, "differences")?;
    let is_pair =
        |row: &&Vec<crate::table::Cell>| row[0].text() == Some(&other.scenario) && row[2].text() == Some(outcome);
    let row = differences.rows.iter().find(is_pair);
    let number = |column: &str| row.and_then(|row| differences.number(row, column)).unwrap_or(0.0);
    let (from, to) = (number("first_mean"), number("mean"));
    let table = find(material.tables, "contributions")?;
    let step = |row: &Vec<crate::table::Cell>| {
        let interval = table.number(row, "contribution_ci95_low").zip(table.number(row, "contribution_ci95_high"));
        let change = words::input(table.cell(row, "change")?.text()?);
        Some(Step { change, part: table.number(row, "contribution")?, interval })
    };
    let mut steps: Vec<Step> = table.rows.iter().filter(is_pair).filter_map(step).collect();
    steps.sort_by(|a, b| b.part.abs().total_cmp(&a.part.abs()));
    let is_share = outcome == "payback";
    let short: fn(f64) -> String = if is_share { words::percent } else { words::dollars_short };
    let long: fn(f64) -> String = if is_share { words::percent } else { words::dollars };
    let what = if is_share { "The probability of payback" } else { "The mean NPV" };
    let difference = to - from;
    let headline = match steps.first() {
        _ if difference == 0.0 => format!("{what} is the same in {} as in {}", other.scenario, first.scenario),
        None => format!("{what} differs by {}", long(difference.abs())),
        Some(largest) => {
            let direction = if difference > 0.0 { "higher" } else { "lower" };
            let size = if is_share {
                format!("{} points", long(difference.abs()).replace('%', ""))
            } else {
                long(difference.abs())
            };
            let most = if steps.len() == 1 {
                format!(": all of it from the {}", largest.change)
            } else {
                let sign = if largest.part < 0.0 { "\u{2212}" } else { "+" };
                format!(", mostly from the {} ({sign}{})", largest.change, short(largest.part.abs()))
            };
            format!("{what} is {size} {direction} in {} than in {}{most}", other.scenario, first.scenario)
        }
    };
    let subtitle = "What each difference between the inputs adds on average over all orders in which they could be changed (Shapley); whiskers are the simulation’s own 95% error".to_owned();
    let page = footed(material, headline, subtitle);
    draw(|canvas| {
        let top = page.draw(canvas)? + 10.0;
        let (mut low, mut high, mut at) = (from.min(to), from.max(to), from);
        for step in &steps {
            at += step.part;
            (low, high) = (low.min(at), high.max(at));
        }
        let room = (high - low).max(f64::MIN_POSITIVE) * 0.12;
        let right = RIGHT - 40.0;
        let scale = {
            let (least, most) = if is_share { ((low - room).max(0.0), high + room) } else { (low - room, high + room) };
            let round = Scale::round(least, most, ROWS_LEFT, right, 6.0);
            let inside = round.ticks.iter().copied().filter(|t| *t >= least && *t <= most).collect();
            Scale::exact(least, most, ROWS_LEFT, right, inside)
        };
        let rows = steps.len() + 2;
        let height = ((PLOT_BOTTOM - top) / rows as f64).min(70.0);
        let bottom = top + height * rows as f64;
        for &tick in &scale.ticks {
            canvas.line(&[(scale.at(tick), top), (scale.at(tick), bottom)], super::theme::GRID, 1.0)?;
            canvas.text(&short(tick), (scale.at(tick), bottom + 28.0), Align::Middle, Type::plain(LABEL, GREY))?;
        }
        let row = |i: usize| (top + height * (i as f64 + 0.16), top + height * (i as f64 + 0.84));
        let label = |i: usize, text: &str, look: Type| {
            let (upper, lower) = row(i);
            let lines = canvas.wrapped(text, look, ROWS_LEFT - LEFT - 24.0, 2);
            let start = f64::midpoint(upper, lower) + LABEL * 0.35 - (lines.len() as f64 - 1.0) * LABEL * 0.62;
            for (k, line) in lines.iter().enumerate() {
                canvas.text(line, (ROWS_LEFT - 16.0, start + k as f64 * LABEL * 1.24), Align::End, look)?;
            }
            Ok::<(), ChartError>(())
        };
        for (i, title, value) in [(0, &first.title, from), (rows - 1, &other.title, to)] {
            label(i, title, Type::bold(LABEL, INK))?;
            let (upper, lower) = row(i);
            let x = scale.at(value);
            canvas.line(&[(x, upper - 4.0), (x, lower + 4.0)], INK, 5.0)?;
            let left = x > right - 140.0;
            let (place, align) = if left { (x - 12.0, Align::End) } else { (x + 12.0, Align::Start) };
            let middle = f64::midpoint(upper, lower) + LABEL * 0.35;
            canvas.text(&short(value), (place, middle), align, Type::bold(LABEL, INK))?;
        }
        let mut at = from;
        for (i, step) in steps.iter().enumerate() {
            label(i + 1, &step.change, Type::plain(LABEL, INK))?;
            let (upper, lower) = row(i + 1);
            let (a, b) = (scale.at(at), scale.at(at + step.part));
            let colour = if step.part < 0.0 { GREY } else { ACCENT };
            canvas.line(&[(a, row(i).1), (a, upper)], CONTEXT, 1.5)?;
            canvas.area(&[(a, upper), (b, upper), (b, lower), (a, lower)], colour, 1.0)?;
            let middle = f64::midpoint(upper, lower);
            let (mut least, mut most) = (a.min(b), a.max(b));
            if let Some((low, high)) = step.interval {
                let ends = [scale.at(at + low), scale.at(at + high)];
                if (ends[1] - ends[0]).abs() > 3.0 {
                    canvas.line(&[(ends[0], middle), (ends[1], middle)], INK, 1.5)?;
                    (least, most) = (least.min(ends[0]), most.max(ends[1]));
                }
            }
            let sign = if step.part < 0.0 { "\u{2212}" } else { "+" };
            let text = if step.part == 0.0 { "0".to_owned() } else { format!("{sign}{}", short(step.part.abs())) };
            let look = Type::bold(LABEL, colour);
            let leftward = most + 14.0 + canvas.width(&text, look) > RIGHT;
            let (place, align) = if leftward { (least - 10.0, Align::End) } else { (most + 10.0, Align::Start) };
            canvas.text(&text, (place, middle + LABEL * 0.35), align, look)?;
            at += step.part;
            canvas.line(&[(scale.at(at), lower), (scale.at(at), row(i + 2).0)], CONTEXT, 1.5)?;
        }
        Ok(())
    })
}

//! Charts of a comparison; here the fans of several scenarios over each other.

use super::canvas::{Align, Canvas, Page, Picture, Type, draw};
use super::page::{horizontal, month_label, vertical};
use super::scale::{Scale, spread_labels};
use super::theme::{CATEGORIES, CONTEXT, Colour, GREY, INK, LABEL, NARROW_BAND, REFERENCE};
use super::{ChartError, Material, Shows, Sketch, scenarios, waterfall};
use crate::results::{CompareRecord, ScenarioRecord};
use crate::words;

impl Shows for CompareRecord {
    /// Fans over each other, and for each scenario but the first why it differs.
    fn sketches(material: Material<'_, Self>) -> Vec<Sketch<'_>> {
        let material = material.plain();
        let mut out = vec![Sketch::new("scenarios", move || scenarios::side_by_side(&material))];
        for (name, series) in [("paying-subscribers", Series::Paying), ("cumulative-cash", Series::Cash)] {
            out.push(Sketch::new(name, move || fans(&material, series)));
        }
        for other in material.record.scenarios.iter().skip(1) {
            for outcome in ["npv", "payback"] {
                let name = format!("why-{outcome}-{}", other.name);
                out.push(Sketch::new(name, move || waterfall::waterfall(&material, other, outcome)));
            }
        }
        out
    }
}

/// Which series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Series {
    Paying,
    Cash,
}

/// Month, then the 5th, 50th and 95th percentile.
type Fan = Vec<(f64, [f64; 3])>;

fn fan(material: &Material<'_>, scenario: &str, series: &str) -> Result<Fan, ChartError> {
    let table = material.table("monthly")?;
    let of_scenario = |row: &&[_]| table.cell(row, "scenario").and_then(|cell| cell.text()) == Some(scenario);
    let read = |row: &[_]| {
        let number = |column| table.number(row, column);
        Some((number("month")?, [number("p05")?, number("p50")?, number("p95")?]))
    };
    Ok(table.rows_where("series", series).filter(of_scenario).filter_map(read).collect())
}

/// The fans of all scenarios over each other: with bands where there are two, medians alone where there are more.
fn fans(material: &Material<'_>, series: Series) -> Result<Picture, ChartError> {
    let records = &material.record.scenarios;
    let [first, ..] = records.as_slice() else { return Err(ChartError("no scenarios".to_owned())) };
    let (name, what) = match series {
        Series::Paying => ("paying", "Paying subscribers, persons"),
        Series::Cash => ("cumulative_cash", "Cumulative cash since launch, dollars"),
    };
    let fans = records.iter().map(|record| fan(material, &record.name, name)).collect::<Result<Vec<_>, _>>()?;
    let end = |fan: &Fan| fan.last().map_or(0.0, |month| month.1[1]);
    let short: fn(f64) -> String = if series == Series::Paying { words::people_short } else { words::dollars_short };
    let long: fn(f64) -> String = if series == Series::Paying { words::people } else { words::dollars };
    let middle = if material.paths() == 1 { "the only path" } else { "the median path" };
    let (verb, noun) = if series == Series::Paying { ("ends with", " paying subscribers") } else { ("ends at", "") };
    let each = |(i, (record, fan)): (usize, (&ScenarioRecord, &Fan))| {
        format!("{}{} in “{}”", long(end(fan)), if i == 0 { noun } else { "" }, record.title)
    };
    let listed: Vec<String> = records.iter().zip(&fans).enumerate().map(each).collect();
    let ends: Vec<String> = fans.iter().map(|fan| long(end(fan))).collect();
    let headline = if ends.iter().all(|other| *other == ends[0]) {
        format!("{} {verb} {}{noun} in every scenario", words::upper_first(middle), ends[0])
    } else {
        format!("{} {verb} {}", words::upper_first(middle), words::list(&listed))
    };
    let two = records.len() == 2 && material.paths() > 1;
    let bands = if two { ". Lines are medians, bands hold 90% of the paths" } else { ". Medians" };
    let bands = if material.paths() == 1 { "" } else { bands };
    let page = footed(material, headline, format!("{what}{bands}"));
    draw(material.style, |canvas| {
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
        let x = Scale::months(0, months, canvas.layout.plot_left, canvas.layout.plot_right);
        let y = Scale::round(low, high, canvas.layout.plot_bottom, top, 6.0);
        vertical(canvas, &y, canvas.layout.plot_right, short)?;
        horizontal(canvas, &x, |t| month_label(first, t as usize))?;
        let colour = |i: usize| if i == 0 { GREY } else { Colour::Category((i - 1) as u8 % CATEGORIES) };
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
            canvas.dashed((canvas.layout.plot_left, at), (canvas.layout.plot_right, at), REFERENCE, 2.0)?;
            let above = at - y.at(y.high) > 1.5 * LABEL;
            let baseline = if above { at - 9.0 } else { at + LABEL + 6.0 };
            canvas.text(
                &label,
                (canvas.layout.plot_left + 10.0, baseline),
                Align::Start,
                Type::bold(LABEL, REFERENCE),
            )?;
        }
        let names: Vec<&str> =
            std::iter::once("month").chain(records.iter().map(|record| record.name.as_str())).collect();
        canvas.columns(&names);
        let longest = fans.iter().max_by_key(|fan| fan.len()).map_or(&[][..], Vec::as_slice);
        let row = |(i, (t, _)): (usize, &(f64, [f64; 3]))| {
            let median = |fan: &Fan| fan.get(i).map_or_else(String::new, |month| short(month.1[1]));
            (x.at(*t), std::iter::once(month_label(first, *t as usize)).chain(fans.iter().map(median)).collect())
        };
        canvas.upright_spots(longest.iter().enumerate().map(row).collect());
        scenario_labels(canvas, records, &fans, &y, &colour)
    })
}

/// The scenarios' titles where their medians end.
fn scenario_labels(
    canvas: &Canvas<'_>,
    records: &[ScenarioRecord],
    fans: &[Fan],
    y: &Scale,
    colour: &dyn Fn(usize) -> Colour,
) -> Result<(), ChartError> {
    let lines: Vec<Vec<String>> = records
        .iter()
        .map(|record| canvas.wrapped(&record.title, Type::bold(LABEL, INK), canvas.layout.label_width, 2))
        .collect();
    let wishes: Vec<f64> = fans.iter().map(|fan| y.at(fan.last().map_or(0.0, |month| month.1[1]))).collect();
    let places = spread_labels(&wishes, LABEL * 2.9, y.at(y.high), canvas.layout.plot_bottom - 8.0);
    for (i, (lines, place)) in lines.iter().zip(places).enumerate() {
        let shift = (lines.len() as f64 - 1.0) * LABEL * 0.65;
        for (k, text) in lines.iter().enumerate() {
            let baseline = place + LABEL * 0.35 - shift + k as f64 * LABEL * 1.3;
            canvas.text(
                text,
                (canvas.layout.plot_right + 18.0, baseline),
                Align::Start,
                Type::bold(LABEL, colour(i)),
            )?;
        }
        if (place - wishes[i]).abs() > 3.0 {
            canvas.line(
                &[(canvas.layout.plot_right + 2.0, wishes[i]), (canvas.layout.plot_right + 14.0, place)],
                colour(i),
                0.8,
            )?;
        }
    }
    Ok(())
}

/// A page whose footer names all scenarios.
pub(super) fn footed(material: &Material<'_>, headline: String, subtitle: String) -> Page {
    let records = &material.record.scenarios;
    let mut page = Page::new(material.record, headline, subtitle);
    let names: Vec<String> = records.iter().map(|record| format!("“{}” ({})", record.title, record.name)).collect();
    let simulation = &material.record.simulation;
    let paths = words::paths(material.paths());
    page.footer = format!(
        "Scenarios {}; the same {paths}, seed {}, {}, {}.",
        names.join(", "),
        simulation.seed,
        words::sampling(&simulation.sampler),
        material.record.program
    );
    page
}

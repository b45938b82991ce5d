//! Scenarios side by side: a row for each, with the probability of payback and of the target, and the simulation's own error.

use super::canvas::{Align, Canvas, Picture, Type, draw};
use super::compare::footed;
use super::page::tick_labels;
use super::rows::Rows;
use super::scale::Scale;
use super::theme::{ACCENT, GREY, GRID, INK, LABEL};
use super::{ChartError, Material};
use crate::words::{self, Frequency};

/// A probability with its 95% interval.
type Share = (f64, [f64; 2]);

/// One row for each scenario.
pub(super) fn side_by_side(material: &Material<'_>) -> Result<Picture, ChartError> {
    let records = &material.record.scenarios;
    let table = material.table("probabilities")?;
    let share = |scenario: &str, event: &str| -> Result<Share, ChartError> {
        let of_scenario = |row: &&[_]| table.cell(row, "scenario").and_then(|cell| cell.text()) == Some(scenario);
        let row = table.rows_where("event", event).find(of_scenario);
        let found = row.and_then(|row| {
            let number = |column| table.number(row, column);
            let p = number("probability")?;
            Some((p, [number("ci95_low").unwrap_or(p), number("ci95_high").unwrap_or(p)]))
        });
        found.ok_or_else(|| ChartError(format!("probabilities.csv has no {event} of {scenario}")))
    };
    let of = |event: &str| records.iter().map(|record| share(&record.name, event)).collect::<Result<Vec<_>, _>>();
    let (payback, target) = (of("payback")?, of("target_reached")?);
    let best = (0..records.len()).fold(0, |best, i| if payback[i].0 > payback[best].0 { i } else { best });
    let paths = material.paths();
    let who = words::lower_first(&Frequency::of_share(payback[best].0, paths).subject());
    let headline = if payback[best].0 <= 0.0 {
        "In no scenario does any simulated future pay the investment back".to_owned()
    } else if payback.iter().all(|share| share.0 == payback[best].0) {
        format!("Payback is as likely in every scenario: {who}")
    } else {
        format!("Payback is likeliest in “{}”: {who}", records[best].title)
    };
    let whiskers = if paths > 1 { "; whiskers are the simulation’s own 95% error" } else { "" };
    let page =
        footed(material, headline, format!("Share of simulated futures; payback before the cost of capital{whiskers}"));
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 44.0;
        let layout = canvas.layout;
        let names = layout.left + (layout.width * 0.26).clamp(130.0, 380.0);
        let bottom = layout.plot_bottom + if layout.words { 16.0 } else { 20.0 };
        let rows = Rows::new(canvas, records.len(), (top, bottom), names);
        for (i, record) in records.iter().enumerate() {
            rows.name(canvas, i, &record.title, Type::bold(LABEL, INK))?;
        }
        let targets: Vec<f64> = records.iter().map(|record| record.target_subscribers).collect();
        let same = targets.iter().all(|target| *target == targets[0]);
        let reached = if same { format!("{} reached", words::people(targets[0])) } else { "target reached".to_owned() };
        let width = (layout.right - names) / 2.0;
        let panels = [(&payback, "paid back".to_owned(), names), (&target, reached.clone(), names + width)];
        for (shares, title, left) in panels {
            let right = left + width - 30.0;
            canvas.text(&title, (left, top - 18.0), Align::Start, Type::bold(LABEL, GREY))?;
            panel(canvas, shares, (left, right), top, &rows)?;
        }
        canvas.columns(&["scenario", "paid back", "95% interval", &reached, "95% interval"]);
        for (i, record) in records.iter().enumerate() {
            let range = |ends: [f64; 2]| format!("{} to {}", words::percent(ends[0]), words::percent(ends[1]));
            let cells = vec![
                record.title.clone(),
                words::percent(payback[i].0),
                range(payback[i].1),
                words::percent(target[i].0),
                range(target[i].1),
            ];
            rows.spot(canvas, i, cells);
        }
        Ok(())
    })
}

fn panel(
    canvas: &Canvas<'_>,
    shares: &[Share],
    (left, right): (f64, f64),
    top: f64,
    rows: &Rows,
) -> Result<(), ChartError> {
    const VALUE: f64 = 62.0;
    let highest = shares.iter().map(|share| share.1[1].max(share.0)).fold(0.001, f64::max).min(1.0);
    let x = Scale::round(0.0, highest, left, right - VALUE, 3.0);
    for &tick in &x.ticks {
        canvas.line(&[(x.at(tick), top), (x.at(tick), rows.bottom())], GRID, 1.0)?;
    }
    tick_labels(canvas, &x, rows.bottom() + 24.0, Type::plain(LABEL, GREY), words::percent_tick)?;
    for (i, (share, ends)) in shares.iter().enumerate() {
        let (y, from) = (rows.row(i).middle(), x.at(ends[0]));
        canvas.line(&[(x.at(0.0), y), (x.at(*share), y)], ACCENT, 2.0)?;
        canvas.mark(&[(from, y), (x.at(ends[1]), y)], INK, 2.0)?;
        canvas.dot((x.at(*share), y), 7.0, ACCENT)?;
        let after = x.at(ends[1]).max(x.at(*share)) + 14.0;
        canvas.text(&words::percent(*share), (after, y + LABEL * 0.35), Align::Start, Type::bold(LABEL, INK))?;
    }
    Ok(())
}

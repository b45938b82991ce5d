//! Charts of a scenario after its actual numbers: the forecast before and after beside them, what was learned, and those of a run.

use super::canvas::{Align, Canvas, Page, Picture, Type, draw};
use super::fan::{actuals, dots, dots_said};
use super::page::{horizontal, month_label, vertical};
use super::rows::Rows;
use super::scale::Scale;
use super::theme::{ACCENT, GREY, INK, LABEL, NARROW_BAND, WIDE_BAND};
use super::{ChartError, Material, Shows, Sketch, run};
use crate::results::{ConditionRecord, ScenarioRecord};
use crate::scenario::called;
use crate::table::Row;
use crate::words;

/// Inputs in a chart.
const ROWS: usize = 10;

impl Shows for ConditionRecord {
    /// Every chart.
    fn sketches<'r>(material: Material<'r, Self>) -> Vec<Sketch<'r>> {
        let plain = material.plain();
        let mut series: Vec<&'r str> = material
            .results
            .rows("observed")
            .filter(|row| row.text("segment") == Some("all"))
            .filter_map(|row| row.text("series"))
            .collect();
        series.sort_unstable();
        series.dedup();
        let of_series = series.into_iter().map(move |series| {
            Sketch::new(format!("actual-{}", series.replace('_', "-")), move || forecast(&material, series))
        });
        // Where nothing but the noise is uncertain, nothing can be learned.
        let has = material.results.rows("learned").any(|row| row.number("sd_ratio").is_some());
        let learned = has.then(|| Sketch::new("learned", move || learned(&material)));
        of_series.chain(learned).chain(run::sketches(plain)).collect()
    }
}

/// The axes of some months, from a month before the first one, and of amounts, with their labels.
pub(super) fn axes(
    canvas: &Canvas<'_>,
    scenario: &ScenarioRecord,
    (top, months, (low, high)): (f64, (f64, f64), (f64, f64)),
    short: impl Fn(f64) -> String,
) -> Result<(Scale, Scale), ChartError> {
    let from = (months.0 as usize).saturating_sub(1);
    let to = (months.1 as usize).max(from + 1);
    let x = Scale::months(from, to, canvas.layout.plot_left, canvas.layout.plot_right);
    let y = Scale::round(low, if high > low { high * 1.04 } else { 1.0 }, canvas.layout.plot_bottom, top, 6.0);
    vertical(canvas, &y, canvas.layout.plot_right, short)?;
    horizontal(canvas, &x, |t| month_label(scenario, t as usize))?;
    Ok((x, y))
}

/// A series as a headline says it.
pub(super) fn series_called(series: &str) -> String {
    match series {
        "paying" => "paying subscribers".to_owned(),
        "additions" => "new subscribers".to_owned(),
        other => other.replace('_', " "),
    }
}

/// A series before and after the actual numbers, beside them.
fn forecast(material: &Material<'_, ConditionRecord>, series: &str) -> Result<Picture, ChartError> {
    let plain = material.plain();
    let seen = actuals(&plain, series);
    let rows: Vec<Row<'_>> = material
        .results
        .rows("observed")
        .filter(|row| row.text("series") == Some(series) && row.text("segment") == Some("all"))
        .collect();
    let unit = rows.first().and_then(|row| row.text("unit")).unwrap_or("").to_owned();
    let band = |of: &str| -> Vec<(f64, [f64; 3])> {
        let at = |row: &Row<'_>, p: &str| row.number(&format!("{of}_{p}"));
        let point = |row: &Row<'_>| Some((row.number("month")?, [at(row, "p05")?, at(row, "p50")?, at(row, "p95")?]));
        rows.iter().filter_map(point).collect()
    };
    let (prior, posterior) = (band("prior"), band("posterior"));
    let (Some(first), Some(last)) = (prior.first(), prior.last()) else {
        return Err(ChartError("observed.csv has no forecast".to_owned()));
    };
    let inside = prior.iter().zip(&seen).filter(|((_, q), (_, value, _))| (q[0]..=q[2]).contains(value)).count();
    let name = series_called(series);
    let headline = match (inside, seen.len()) {
        (n, all) if n == all => format!("All {all} actual numbers of {name} lie within the 90% forecast"),
        (0, all) => format!("None of {all} actual numbers of {name} lies within the 90% forecast"),
        (n, all) => format!("{n} of {all} actual numbers of {name} lie within the 90% forecast"),
    };
    let subtitle = format!(
        "{}, 90% of the futures and their median: before in grey, after in colour{}",
        words::upper_first(&match unit.as_str() {
            "" => name.clone(),
            unit => format!("{name}, {unit}"),
        }),
        dots_said(&seen)
    );
    let page = Page::new(material.record, headline, subtitle);
    let scenario = material.record.scenario();
    let short = |x: f64| words::amount_short(x, unit.split('/').next().unwrap_or(""));
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let numbers = || prior.iter().chain(&posterior).flat_map(|(_, q)| *q).chain(seen.iter().map(|seen| seen.1));
        let (low, high) = (numbers().fold(0.0, f64::min), numbers().fold(0.0, f64::max));
        let (x, y) = axes(canvas, scenario, (top, (first.0, last.0), (low, high)), short)?;
        for (band, colour, opacity, label) in
            [(&prior, GREY, WIDE_BAND, "before"), (&posterior, ACCENT, NARROW_BAND, "after")]
        {
            let line = |i: usize| -> Vec<(f64, f64)> { band.iter().map(|(t, q)| (x.at(*t), y.at(q[i]))).collect() };
            canvas.band(&line(2), &line(0), colour, opacity)?;
            canvas.line(&line(1), colour, 3.0)?;
            let at = band.last().map_or(0.0, |(_, q)| y.at(q[1]));
            let look = Type::bold(LABEL, colour);
            // The two medians may end in the same place.
            let other = posterior.last().map_or(0.0, |(_, q)| y.at(q[1]));
            let shift = if label == "before" && (at - other).abs() < LABEL * 1.2 {
                if at <= other { -LABEL } else { LABEL }
            } else {
                0.0
            };
            let place = (canvas.layout.plot_right + 18.0, at + LABEL * 0.35 + shift);
            canvas.text(label, place, Align::Start, look)?;
        }
        dots(canvas, &seen, (&x, &y))?;
        canvas.columns(&["month", "actual", "median before", "median after"]);
        let spots = seen.iter().zip(prior.iter().zip(&posterior)).map(|((month, value, _), (before, after))| {
            let cells = [*value, before.1[1], after.1[1]].map(short);
            let cells = std::iter::once(month_label(scenario, *month as usize)).chain(cells).collect();
            (x.at(*month), cells)
        });
        canvas.upright_spots(spots.collect());
        Ok(())
    })
}

/// What was learned of the inputs, the most first, each on its own scale.
fn learned(material: &Material<'_, ConditionRecord>) -> Result<Picture, ChartError> {
    let mut rows: Vec<(Row<'_>, f64)> =
        material.results.rows("learned").filter_map(|row| Some((row, row.number("sd_ratio")?))).collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    rows.truncate(ROWS);
    let Some((most, ratio)) = rows.first() else {
        return Err(ChartError("learned.csv has no input".to_owned()));
    };
    let name = most.text("input").map_or_else(String::new, called);
    let headline = if *ratio < 0.97 {
        format!("Most was learned of the {name}: {} of its uncertainty is gone", words::percent(1.0 - ratio))
    } else {
        "Next to nothing was learned of the inputs".to_owned()
    };
    let subtitle = "The middle 90% and the median of each input, on a scale of its own: before the actual numbers in grey, after them in colour".to_owned();
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 6.0;
        let layout = canvas.layout;
        let left = (layout.width * 0.26).clamp(140.0, 380.0);
        let right = layout.right - 260.0;
        // As many as have room for two lines of numbers each.
        let bottom = layout.plot_bottom + 40.0;
        let fitting = ((bottom - top) / (LABEL * 2.2)).floor().max(1.0) as usize;
        let rows = &rows[..rows.len().min(fitting)];
        let lines = Rows::new(canvas, rows.len(), (top, bottom), left);
        canvas.columns(&["input", "before", "after", "of the standard deviation left"]);
        for (i, (row, ratio)) in rows.iter().enumerate() {
            let unit = row.text("unit").unwrap_or("");
            let numbers = |of: &str| ["p05", "p50", "p95"].map(|p| row.number(&format!("{of}_{p}")).unwrap_or(0.0));
            let (prior, posterior) = (numbers("prior"), numbers("posterior"));
            let (low, high) = (prior[0].min(posterior[0]), prior[2].max(posterior[2]));
            let x = |value: f64| if high > low { left + (value - low) / (high - low) * (right - left) } else { left };
            let name = words::upper_first(&row.text("input").map_or_else(String::new, called));
            lines.name(canvas, i, &name, Type::plain(LABEL, INK))?;
            let (upper, lower) = lines.row(i).bar();
            let (middle, height) = (lines.row(i).middle(), (lower - upper) * 0.42);
            for (q, colour, opacity, from) in
                [(prior, GREY, 0.45, middle - height - 1.5), (posterior, ACCENT, 0.85, middle + 1.5)]
            {
                let (a, b) = (x(q[0]), x(q[2]).max(x(q[0]) + 1.0));
                canvas.area(&[(a, from), (b, from), (b, from + height), (a, from + height)], colour, opacity)?;
                canvas.mark(&[(x(q[1]), from), (x(q[1]), from + height)], INK, 2.5)?;
            }
            let said =
                |q: [f64; 3]| format!("{} to {}", words::amount_about(q[0], unit), words::amount_about(q[2], unit));
            let (before, after) = (said(prior), said(posterior));
            let quiet = Type::plain(LABEL * 0.85, GREY);
            canvas.text(&before, (layout.right, middle - LABEL * 0.25), Align::End, quiet)?;
            canvas.text(&after, (layout.right, middle + LABEL * 0.85), Align::End, Type::bold(LABEL * 0.85, ACCENT))?;
            lines.spot(canvas, i, vec![name, before, after, format!("{ratio:.2}")]);
        }
        Ok(())
    })
}

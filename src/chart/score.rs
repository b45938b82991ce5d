//! A forecast and what came: bands of 50% and 90%, the median, and dots.

use super::canvas::{Page, Picture, draw};
use super::condition::{axes, series_called};
use super::fan::dots;
use super::page::month_label;
use super::theme::{ACCENT, NARROW_BAND, WIDE_BAND};
use super::{ChartError, Material, Shows, Sketch};
use crate::results::ScoreRecord;
use crate::table::Row;
use crate::words;

impl Shows for ScoreRecord {
    /// A chart for each series.
    fn sketches<'r>(material: Material<'r, Self>) -> Vec<Sketch<'r>> {
        let rows = material.results.rows("score").filter(|row| row.text("segment") == Some("all"));
        let mut series: Vec<&'r str> = rows.filter_map(|row| row.text("series")).collect();
        series.sort_unstable();
        series.dedup();
        let sketch = move |series: &'r str| {
            Sketch::new(format!("score-{}", series.replace('_', "-")), move || forecast(&material, series))
        };
        series.into_iter().map(sketch).collect()
    }
}

fn forecast(material: &Material<'_, ScoreRecord>, series: &str) -> Result<Picture, ChartError> {
    let of_series = |row: &Row<'_>| row.text("series") == Some(series) && row.text("segment") == Some("all");
    let rows: Vec<Row<'_>> = material.results.rows("score").filter(of_series).collect();
    let numbers = |row: &Row<'_>| -> Option<(f64, f64, [f64; 5])> {
        let at = |column: &str| row.number(column);
        Some((at("month")?, at("value")?, [at("p05")?, at("p25")?, at("p50")?, at("p75")?, at("p95")?]))
    };
    let all: Vec<(f64, f64, [f64; 5])> = rows.iter().filter_map(numbers).collect();
    let (Some(first), Some(last)) = (all.first(), all.last()) else {
        return Err(ChartError("score.csv has no forecast".to_owned()));
    };
    let unit = rows[0].text("unit").unwrap_or("").to_owned();
    let inside = all.iter().filter(|(_, value, q)| (q[0]..=q[4]).contains(value)).count();
    let name = series_called(series);
    let headline = format!("{inside} of {} numbers of {name} fell into the forecast’s 90% interval", all.len());
    let subtitle = format!(
        "{}, {unit}. Bands are the forecast’s 50% and 90% intervals, the error of observation included; dots are what came",
        words::upper_first(&name)
    );
    let page = Page::new(material.record, headline, subtitle);
    let scenario = material.record.scenario();
    let short = |x: f64| words::amount_short(x, unit.split('/').next().unwrap_or(""));
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let every = || all.iter().flat_map(|(_, value, q)| [*value, q[0], q[4]]);
        let (low, high) = (every().fold(0.0, f64::min), every().fold(0.0, f64::max));
        let (x, y) = axes(canvas, scenario, (top, (first.0, last.0), (low, high)), short)?;
        let line = |i: usize| -> Vec<(f64, f64)> { all.iter().map(|(t, _, q)| (x.at(*t), y.at(q[i]))).collect() };
        canvas.band(&line(4), &line(0), ACCENT, WIDE_BAND)?;
        canvas.band(&line(3), &line(1), ACCENT, NARROW_BAND)?;
        canvas.line(&line(2), ACCENT, 3.0)?;
        let seen: Vec<(f64, f64, bool)> = all.iter().map(|(t, value, _)| (*t, *value, false)).collect();
        dots(canvas, &seen, (&x, &y))?;
        canvas.columns(&["month", "what came", "5th percentile", "median", "95th percentile"]);
        let spots = all.iter().map(|(t, value, q)| {
            let cells = [*value, q[0], q[2], q[4]].map(short);
            (x.at(*t), std::iter::once(month_label(scenario, *t as usize)).chain(cells).collect())
        });
        canvas.upright_spots(spots.collect());
        Ok(())
    })
}

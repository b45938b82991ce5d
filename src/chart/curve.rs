//! How long subscribers stay and how fast they come: the median of a curve over months, with the band of 90% of the paths.

use super::canvas::{Page, Picture, draw};
use super::page::{horizontal, vertical};
use super::scale::Scale;
use super::share::end_label;
use super::theme::{ACCENT, WIDE_BAND};
use super::{ChartError, Material};
use crate::words;

/// Share of a cohort that is still there.
pub(super) fn retention(material: &Material<'_>) -> Result<Picture, ChartError> {
    curve(material, "retention", "Share of new subscribers who are still there", "stay", &|median, months, path| {
        let year = months.min(12);
        format!(
            "After {}, {} of new subscribers are still there on {path}",
            words::counted(year, "month"),
            words::percent(median(year))
        )
    })
}

/// Share of those who could subscribe and ever did.
pub(super) fn uptake(material: &Material<'_>) -> Result<Picture, ChartError> {
    let what = "Share of those who accept the price and follow through who have subscribed at least once";
    curve(material, "uptake", what, "have come", &|median, months, path| match (0..=months)
        .find(|month| median(*month) >= 0.5)
    {
        Some(half) => {
            format!("Half of the possible subscribers have come by month {half} on {path}")
        }
        None => format!(
            "On {path} {} of the possible subscribers have come {}",
            words::percent(median(months)),
            words::within(months)
        ),
    })
}

/// The finding, from the median by month, the horizon, and which path that is.
type Finding<'a> = &'a dyn Fn(&dyn Fn(usize) -> f64, usize, &str) -> String;

fn curve(
    material: &Material<'_>,
    name: &str,
    what: &str,
    verb: &str,
    finding: Finding<'_>,
) -> Result<Picture, ChartError> {
    let table = material.table("curves")?;
    let read = |row: &[_]| {
        let number = |column| table.number(row, column);
        Some((number("month")? as usize, [number("p05")?, number("p50")?, number("p95")?]))
    };
    let points: Vec<(usize, [f64; 3])> = table.rows_where("curve", name).filter_map(read).collect();
    let Some(&(months, last)) = points.last() else {
        return Err(ChartError(format!("curves.csv has no {name}")));
    };
    let single = points.iter().all(|point| point.1[0] == point.1[2]);
    let path = match (material.paths(), single) {
        (1, _) => "the only path",
        (_, true) => "every path",
        _ => "the median path",
    };
    let headline = finding(&|month| points.get(month).map_or(0.0, |point| point.1[1]), months, path);
    let band = if single { "" } else { ". The line is the median, the band holds 90% of the paths" };
    let whose =
        material.record.scenario().counting_segments().map_or(String::new(), |segments| format!(", {segments} alone"));
    let page = Page::new(material.record, headline, format!("{what}{whose}, by month, without noise and events{band}"));
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let layout = canvas.layout;
        let x = Scale::months(0, months, layout.plot_left, layout.plot_right);
        let highest = points.iter().map(|point| point.1[2]).fold(0.0, f64::max);
        let y = Scale::round(0.0, highest.clamp(0.01, 1.0), layout.plot_bottom, top, 5.0);
        vertical(canvas, &y, canvas.layout.plot_right, words::percent_tick)?;
        horizontal(canvas, &x, |t| if t == 0.0 { "start".to_owned() } else { format!("month {t}") })?;
        let line =
            |k: usize| -> Vec<(f64, f64)> { points.iter().map(|(t, q)| (x.at(*t as f64), y.at(q[k]))).collect() };
        if !single {
            canvas.band(&line(2), &line(0), ACCENT, WIDE_BAND)?;
        }
        canvas.line(&line(1), ACCENT, 3.5)?;
        let label = format!("{} {verb} on {path}", words::percent(last[1]));
        let range = format!("90% of paths: {} to {}", words::percent(last[0]), words::percent(last[2]));
        let labels = if single { vec![label] } else { vec![label, range] };
        end_label(canvas, y.at(last[1]), top, &labels)?;
        canvas.columns(&["month", "5th percentile", "median", "95th percentile"]);
        let row = |(t, q): &(usize, [f64; 3])| {
            let cells = std::iter::once(t.to_string()).chain(q.map(words::percent)).collect();
            (x.at(*t as f64), cells)
        };
        canvas.upright_spots(points.iter().map(row).collect());
        Ok(())
    })
}

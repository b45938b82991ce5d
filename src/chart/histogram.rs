//! The histogram of NPV: losses in grey, gains in the accent colour, zero between them.

use super::canvas::{Align, Page, Picture, Type, draw};
use super::page::{horizontal, vertical};
use super::scale::Scale;
use super::theme::{ACCENT, CONTEXT, INK, LABEL, REFERENCE};
use super::{ChartError, Material};
use crate::words::{self, Frequency};

struct Bin {
    low: f64,
    high: f64,
    share: f64,
}

/// NPV and its probability of loss.
pub(super) fn npv(material: &Material<'_>) -> Result<Picture, ChartError> {
    let (scenario, paths) = (material.record.scenario(), material.paths());
    let table = material.table("histogram")?;
    let read = |row: &[_]| {
        let number = |column| table.number(row, column);
        Some(Bin { low: number("low")?, high: number("high")?, share: number("share")? })
    };
    let bins: Vec<Bin> = table.rows_where("outcome", "npv").filter_map(read).collect();
    let no_loss = material.frequency("npv_nonnegative")?;
    let median = material.median("npv")?.unwrap_or(0.0);
    let headline = if paths == 1 {
        format!("The only path has an NPV of {}", words::dollars(median))
    } else if bins.len() == 1 {
        format!("All paths have the same NPV, {}", words::dollars(median))
    } else {
        let below = Frequency {
            count: paths.saturating_sub(no_loss.count),
            interval: None,
            ..Frequency::of_share(1.0 - no_loss.share, paths)
        };
        let (who, within) = (below.subject(), words::within(scenario.horizon_months));
        format!("{who} have a negative NPV {within}; the median is {}", words::dollars(median))
    };
    let mut subtitle = "Net present value over the horizon (cash after the cost of capital), dollars; share of paths in bins of equal width".to_owned();
    if let [first, .., last] = &bins[..] {
        let (low, high) = (words::dollars_short(first.low), words::dollars_short(last.high));
        subtitle += &format!(". The outermost bins hold all beyond: from {low}, to {high}");
    }
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        // The outermost bins reach as far as the paths do: they are drawn as wide as the others.
        let width = bins.get(1).map_or_else(|| median.abs().max(1.0) / 20.0, |bin| bin.high - bin.low);
        let last = bins.len().saturating_sub(1);
        let span = |i: usize, bin: &Bin| match i {
            _ if bins.len() == 1 => (median - width / 2.0, median + width / 2.0),
            0 => (bin.high - width, bin.high),
            i if i == last => (bin.low, bin.low + width),
            _ => (bin.low, bin.high),
        };
        let from = bins.first().map_or(0.0, |bin| span(0, bin).0).min(0.0);
        let to = bins.last().map_or(0.0, |bin| span(last, bin).1).max(0.0);
        let x = {
            let round = Scale::round(from, to, canvas.layout.plot_left, canvas.layout.plot_right, 8.0);
            let room = (to - from) * 0.02;
            let ticks = round.ticks.iter().copied().filter(|&t| t >= from - room && t <= to + room).collect();
            Scale::exact(from - room, to + room, canvas.layout.plot_left, canvas.layout.plot_right, ticks)
        };
        let highest = bins.iter().map(|bin| bin.share).fold(0.0, f64::max);
        let y = Scale::round(0.0, highest, canvas.layout.plot_bottom, top + 40.0, 5.0);
        vertical(canvas, &y, canvas.layout.plot_right, words::percent_tick)?;
        for (i, bin) in bins.iter().enumerate() {
            let (low, high) = span(i, bin);
            let (left, right) = (x.at(low) + 1.0, x.at(high) - 1.0);
            let colour = if f64::midpoint(low, high) < 0.0 { CONTEXT } else { ACCENT };
            let height = y.at(bin.share);
            let corners = [
                (left, canvas.layout.plot_bottom),
                (left, height),
                (right, height),
                (right, canvas.layout.plot_bottom),
            ];
            canvas.area(&corners, colour, 1.0)?;
        }
        canvas.columns(&["NPV from", "to", "share of paths"]);
        for (i, bin) in bins.iter().enumerate() {
            let (low, high) = span(i, bin);
            let cells = vec![words::dollars_short(bin.low), words::dollars_short(bin.high), words::percent(bin.share)];
            canvas.spot([x.at(low), top, x.at(high), canvas.layout.plot_bottom], cells);
        }
        horizontal(canvas, &x, words::dollars_short)?;
        let line = |at: f64, label: &str, colour, leftward: bool| {
            let place = x.at(at);
            canvas.dashed((place, top), (place, canvas.layout.plot_bottom), colour, 2.0)?;
            let look = Type::bold(LABEL, colour);
            let width = 10.0 + canvas.width(label, look);
            let left = if leftward {
                place - width > canvas.layout.plot_left
            } else {
                place + width > canvas.layout.plot_right + 200.0
            };
            let (from, align) = if left { (place - 10.0, Align::End) } else { (place + 10.0, Align::Start) };
            canvas.text(label, (from, top + LABEL * 0.8), align, look)
        };
        // Two lines that stand near each other are labelled away from each other.
        let near = (x.at(0.0) - x.at(median)).abs() < 180.0;
        line(0.0, "zero", REFERENCE, near && median > 0.0)?;
        if bins.len() > 1 {
            line(median, &format!("median {}", words::dollars_short(median)), INK, near && median <= 0.0)?;
        }
        Ok(())
    })
}

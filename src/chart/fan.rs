//! Fans: the median of a monthly series in bands of 50% and 90% of the paths, and a line to compare it with.

use super::canvas::{Align, Canvas, Page, Picture, Type, draw};
use super::page::{horizontal, month_label, vertical};
use super::scale::{Scale, spread_labels};
use super::theme::{ACCENT, GREY, INK, LABEL, NARROW_BAND, REFERENCE, WIDE_BAND};
use super::{ChartError, Material};
use crate::results::ScenarioRecord;
use crate::table::Row;
use crate::words;

/// Quantiles of one series by month: month, then 5, 25, 50, 75, 95%.
struct Fan {
    months: Vec<(usize, [f64; 5])>,
}

impl Fan {
    fn of(material: &Material<'_>, series: &str) -> Result<Self, ChartError> {
        let table = material.table("monthly")?;
        let read = |row: &[_]| {
            let number = |column| table.number(row, column);
            let quantiles = [number("p05")?, number("p25")?, number("p50")?, number("p75")?, number("p95")?];
            Some((number("month")? as usize, quantiles))
        };
        let months: Vec<_> = table.rows_where("series", series).filter_map(read).collect();
        if months.is_empty() {
            return Err(ChartError(format!("monthly.csv has no series {series}")));
        }
        Ok(Self { months })
    }

    fn last(&self) -> [f64; 5] {
        self.months[self.months.len() - 1].1
    }

    /// Whether all paths are alike in every month.
    fn is_line(&self) -> bool {
        self.months.iter().all(|(_, q)| q[0] == q[4])
    }

    fn extremes(&self) -> (f64, f64) {
        let all = self.months.iter().flat_map(|(_, q)| *q);
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    }

    /// What a reader who points at a month is told.
    fn tell(&self, canvas: &Canvas<'_>, x: &Scale, scenario: &ScenarioRecord, short: fn(f64) -> String) {
        canvas.columns(&["month", "5th percentile", "25th percentile", "median", "75th percentile", "95th percentile"]);
        let row = |(t, q): &(usize, [f64; 5])| {
            let cells = std::iter::once(month_label(scenario, *t)).chain(q.map(short)).collect();
            (x.at(*t as f64), cells)
        };
        canvas.upright_spots(self.months.iter().map(row).collect());
    }

    /// Bands, median and their labels at the right end.
    fn draw(&self, canvas: &Canvas<'_>, x: &Scale, y: &Scale, single: bool) -> Result<(), ChartError> {
        let line =
            |i: usize| -> Vec<(f64, f64)> { self.months.iter().map(|(t, q)| (x.at(*t as f64), y.at(q[i]))).collect() };
        if !single {
            canvas.band(&line(4), &line(0), ACCENT, WIDE_BAND)?;
            canvas.band(&line(3), &line(1), ACCENT, NARROW_BAND)?;
        }
        canvas.line(&line(2), ACCENT, 3.5)?;
        let last = self.last();
        let labels: &[(&str, usize, bool)] = if single {
            &[("the only path", 2, true)]
        } else if self.is_line() {
            &[("all paths", 2, true)]
        } else {
            &[
                ("95th percentile", 4, false),
                ("75th percentile", 3, false),
                ("median", 2, true),
                ("25th percentile", 1, false),
                ("5th percentile", 0, false),
            ]
        };
        let wishes: Vec<f64> = labels.iter().map(|(_, i, _)| y.at(last[*i])).collect();
        let places = spread_labels(&wishes, LABEL * 1.3, y.at(y.high), canvas.layout.plot_bottom - 4.0);
        for (((text, _, main), place), wish) in labels.iter().zip(places).zip(wishes) {
            let look = if *main { Type::bold(LABEL, ACCENT) } else { Type::plain(LABEL, ACCENT) };
            if (place - wish).abs() > 3.0 {
                canvas.line(
                    &[(canvas.layout.plot_right + 2.0, wish), (canvas.layout.plot_right + 14.0, place)],
                    ACCENT,
                    0.8,
                )?;
            }
            canvas.text(text, (canvas.layout.plot_right + 18.0, place + LABEL * 0.35), Align::Start, look)?;
        }
        Ok(())
    }
}

/// A labelled dashed line across the plot. The label stands above it at the left, below where `above` has no room.
fn reference(canvas: &Canvas<'_>, y: f64, label: &str, above: bool) -> Result<(), ChartError> {
    canvas.dashed((canvas.layout.plot_left, y), (canvas.layout.plot_right, y), REFERENCE, 2.0)?;
    let look = Type::bold(LABEL, REFERENCE);
    let room = canvas.layout.plot_right - canvas.layout.plot_left - 20.0;
    let lines = canvas.wrapped(label, look, room, 2);
    let height = LABEL * 1.25;
    let first = if above { y - 9.0 - height * (lines.len() - 1) as f64 } else { y + LABEL + 6.0 };
    for (k, line) in lines.iter().enumerate() {
        canvas.text(line, (canvas.layout.plot_left + 10.0, first + height * k as f64), Align::Start, look)?;
    }
    Ok(())
}

/// Scheduled changes of the price that everyone pays: the month, and what happens in it.
fn price_changes(material: &Material<'_>) -> Vec<(f64, String)> {
    let mut before = material.results.row("inputs", "key", "price.monthly").and_then(|row| row.number("p50"));
    let change = |row: Row<'_>| {
        let month = row.text("key")?.strip_prefix("price.changes (month ")?.strip_suffix(')')?.parse().ok()?;
        let (to, is_price) = (row.number("p50")?, row.text("unit") == Some("$/month"));
        let said = match before {
            _ if !is_price => format!("price × {to}"),
            Some(price) if price < to => format!("price rises to {}", words::amount(to, "$/month")),
            Some(price) if price > to => format!("price falls to {}", words::amount(to, "$/month")),
            _ => format!("price {}", words::amount(to, "$/month")),
        };
        before = is_price.then_some(to);
        Some((month, said))
    };
    material.results.rows("inputs").filter_map(change).collect()
}

/// Marks the months in which the price changes, where fans bend.
fn mark_price_changes(material: &Material<'_>, canvas: &Canvas<'_>, x: &Scale, top: f64) -> Result<(), ChartError> {
    let look = Type::plain(LABEL, GREY);
    let mut free_from = f64::NEG_INFINITY;
    for (month, said) in price_changes(material) {
        let at = x.at(month);
        canvas.dashed((at, top), (at, canvas.layout.plot_bottom), GREY, 1.5)?;
        let width = canvas.width(&said, look);
        // On the side where there is room, unless another label stands there.
        let left = if at + 8.0 + width <= canvas.layout.plot_right { at + 8.0 } else { at - 8.0 - width };
        if left > free_from {
            canvas.text(&said, (left, top + LABEL), Align::Start, look)?;
            free_from = left + width + 8.0;
        }
    }
    Ok(())
}

/// Actual numbers of a series, all segments together, where the results have some: month, value, and whether it was held out.
pub(super) fn actuals(material: &Material<'_>, series: &str) -> Vec<(f64, f64, bool)> {
    let rows = material.results.rows("observed");
    let of_series = rows.filter(|row| row.text("series") == Some(series) && row.text("segment") == Some("all"));
    let point = |row: Row<'_>| Some((row.number("month")?, row.number("value")?, row.text("use") == Some("held out")));
    of_series.filter_map(point).collect()
}

/// Dots for actual numbers; rings for those that were held out.
pub(super) fn dots(
    canvas: &Canvas<'_>,
    actuals: &[(f64, f64, bool)],
    (x, y): (&Scale, &Scale),
) -> Result<(), ChartError> {
    for (month, value, held_out) in actuals {
        let at = (x.at(*month), y.at(*value));
        if *held_out { canvas.ring(at, 5.0, INK)? } else { canvas.dot(at, 5.0, INK)? }
    }
    Ok(())
}

/// What the dots are.
pub(super) fn dots_said(actuals: &[(f64, f64, bool)]) -> &'static str {
    match (actuals.iter().any(|seen| !seen.2), actuals.iter().any(|seen| seen.2)) {
        (true, true) => ". Dots are actual numbers, rings those held out",
        (true, false) => ". Dots are actual numbers",
        (false, true) => ". Rings are actual numbers that were held out",
        (false, false) => "",
    }
}

/// Paying subscribers against the target.
pub(super) fn paying_subscribers(material: &Material<'_>) -> Result<Picture, ChartError> {
    let (scenario, paths) = (material.record.scenario(), material.paths());
    let fan = Fan::of(material, "paying")?;
    let (target, months, single) = (scenario.target_subscribers, scenario.horizon_months, paths == 1);
    let reached = material.frequency("target_reached")?;
    let headline = format!(
        "{} {} {} paying subscribers {}",
        reached.subject(),
        reached.verb("reaches", "reach"),
        words::people(target),
        words::within(months),
    );
    let band = if fan.is_line() { "" } else { ". Bands hold 50% and 90% of the paths, month by month" };
    let seen = actuals(material, "paying");
    let subtitle = format!("Paying subscribers, persons{band}{}", dots_said(&seen));
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let (_, high) = fan.extremes();
        let x = Scale::months(0, months, canvas.layout.plot_left, canvas.layout.plot_right);
        let y = Scale::round(0.0, high.max(target) * 1.04, canvas.layout.plot_bottom, top, 6.0);
        vertical(canvas, &y, canvas.layout.plot_right, words::people_short)?;
        horizontal(canvas, &x, |t| month_label(scenario, t as usize))?;
        mark_price_changes(material, canvas, &x, y.at(y.high))?;
        fan.draw(canvas, &x, &y, single)?;
        dots(canvas, &seen, (&x, &y))?;
        fan.tell(canvas, &x, scenario, words::people_short);
        reference(canvas, y.at(target), &format!("target: {}", words::people(target)), true)
    })
}

/// Cumulative cash against zero.
pub(super) fn cumulative_cash(material: &Material<'_>) -> Result<Picture, ChartError> {
    let (scenario, paths) = (material.record.scenario(), material.paths());
    let fan = Fan::of(material, "cumulative_cash")?;
    let (months, single) = (scenario.horizon_months, paths == 1);
    let payback = material.frequency("payback")?;
    let median = fan.last()[2];
    let end = if median < 0.0 {
        format!("still {} short", words::dollars(-median))
    } else {
        format!("{} ahead", words::dollars(median))
    };
    let headline = format!(
        "{} {} the investment back {}, before the cost of capital; {} is {end}",
        payback.subject(),
        payback.verb("pays", "pay"),
        words::within(months),
        if single {
            "the only path"
        } else if fan.is_line() {
            "each"
        } else {
            "the median"
        },
    );
    let band = if fan.is_line() { "" } else { ". Bands hold 50% and 90% of the paths, month by month" };
    let seen = actuals(material, "cumulative_cash");
    let subtitle = format!("Cumulative cash since launch, not discounted, dollars{band}{}", dots_said(&seen));
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let (low, high) = fan.extremes();
        let (low, high) = (low.min(0.0), high.max(0.0));
        let room = (high - low) * 0.06;
        let x = Scale::months(0, months, canvas.layout.plot_left, canvas.layout.plot_right);
        let y = Scale::round(low, if high > 0.0 { high } else { room }, canvas.layout.plot_bottom, top, 6.0);
        vertical(canvas, &y, canvas.layout.plot_right, words::dollars_short)?;
        horizontal(canvas, &x, |t| month_label(scenario, t as usize))?;
        mark_price_changes(material, canvas, &x, y.at(y.high))?;
        fan.draw(canvas, &x, &y, single)?;
        dots(canvas, &seen, (&x, &y))?;
        fan.tell(canvas, &x, scenario, words::dollars_short);
        let above = y.at(0.0) - top > 2.0 * LABEL;
        reference(canvas, y.at(0.0), "zero: the investment is paid back", above)
    })
}

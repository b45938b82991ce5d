//! Why two scenarios differ: from the one's mean to the other's, change by change.

use super::canvas::{Align, Canvas, Picture, Type, draw};
use super::compare::footed;
use super::page::tick_labels;
use super::rows::Rows;
use super::scale::Scale;
use super::theme::{ACCENT, CONTEXT, GREY, GRID, INK, LABEL};
use super::{ChartError, Material};
use crate::results::ScenarioRecord;
use crate::scenario::called;
use crate::table::Row;
use crate::words;

/// One change and what it is worth, with its 95% interval.
struct Step {
    change: String,
    part: f64,
    interval: Option<(f64, f64)>,
}

/// The means of the first scenario and another, and the way from one to the other.
struct Way {
    from: f64,
    to: f64,
    steps: Vec<Step>,
    unit: &'static str,
    /// Whether the difference may be nothing but the simulation's error.
    within_error: bool,
}

impl Way {
    fn of(material: &Material<'_>, other: &ScenarioRecord, outcome: &str) -> Result<Self, ChartError> {
        material.table("differences")?;
        let of = |table: &'static str| {
            let of_outcome = move |row: &Row<'_>| row.text("outcome") == Some(outcome);
            material.results.rows_of(table, &other.name).filter(of_outcome)
        };
        let row = of("differences").next();
        let mean = |column: &str| row.and_then(|row| row.number(column)).unwrap_or(0.0);
        material.table("contributions")?;
        let step = |row: Row<'_>| {
            let part = row.estimate("contribution")?;
            Some(Step { change: called(row.text("change")?), part: part.value, interval: part.interval })
        };
        let mut steps: Vec<Step> = of("contributions").filter_map(step).collect();
        steps.sort_by(|a, b| b.part.abs().total_cmp(&a.part.abs()));
        let ends = row.and_then(|row| row.estimate("difference")?.interval);
        let within_error = ends.is_some_and(|(low, high)| low <= 0.0 && high >= 0.0 && low < high);
        let unit = if outcome == "npv" { "$" } else { "share" };
        Ok(Self { from: mean("first_mean"), to: mean("mean"), steps, unit, within_error })
    }

    /// A mean in words.
    fn said(&self, x: f64) -> String {
        if self.unit == "$" { words::dollars_short(x) } else { words::percent(x) }
    }

    fn headline(&self, first: &str, other: &str) -> String {
        let what = if self.unit == "$" { "The mean NPV" } else { "The probability of payback" };
        let difference = self.to - self.from;
        let size = match self.unit {
            "$" => words::dollars(difference.abs()),
            unit => words::change_short(difference.abs(), unit).replace('+', ""),
        };
        let Some(largest) = self.steps.first().filter(|_| difference != 0.0) else {
            return format!("{what} is the same in “{other}” as in “{first}”");
        };
        if self.within_error {
            return format!("{what} differs between “{other}” and “{first}” by no more than the simulation’s error");
        }
        let direction = if difference > 0.0 { "higher" } else { "lower" };
        let why = if self.steps.len() == 1 {
            format!(": all of it is {}", largest.change)
        } else {
            format!("; the largest part is {} ({})", largest.change, words::change_short(largest.part, self.unit))
        };
        format!("{what} is {size} {direction} in “{other}” than in “{first}”{why}")
    }

    /// How far the way leads from its start to either side, whiskers included.
    fn reach(&self) -> (f64, f64) {
        let (mut low, mut high, mut at) = (0.0_f64.min(self.to - self.from), 0.0_f64.max(self.to - self.from), 0.0);
        for step in &self.steps {
            let (least, most) = step.interval.unwrap_or((step.part, step.part));
            (low, high) = (low.min(at + least), high.max(at + most));
            at += step.part;
        }
        if high > low { (low, high) } else { (-1.0, 1.0) }
    }
}

/// Where the rows begin, after their names.
fn rows_left(canvas: &Canvas<'_>) -> f64 {
    (canvas.layout.width * 0.27).clamp(150.0, 400.0)
}

/// Where they end, before room for a label.
fn rows_right(canvas: &Canvas<'_>) -> f64 {
    canvas.layout.right - 135.0
}

/// From the first scenario's mean to another's.
pub(super) fn waterfall(material: &Material<'_>, other: &ScenarioRecord, outcome: &str) -> Result<Picture, ChartError> {
    let first = &material.record.scenarios[0];
    let way = Way::of(material, other, outcome)?;
    let headline = way.headline(&first.title, &other.title);
    let subtitle =
        "What each difference between the inputs adds, on average over all orders in which they could be changed \
                    (Shapley); whiskers are the simulation’s own 95% error"
            .to_owned();
    let page = footed(material, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 10.0;
        let count = way.steps.len() + 2;
        let rows = Rows::new(canvas, count, (top, canvas.layout.plot_bottom), rows_left(canvas));
        let (low, high) = way.reach();
        let room = (high - low) * 0.04;
        let round = Scale::round(low - room, high + room, rows_left(canvas), rows_right(canvas), 6.0);
        let inside = round.ticks.iter().copied().filter(|t| *t >= low - room && *t <= high + room).collect();
        let x = Scale::exact(low - room, high + room, rows_left(canvas), rows_right(canvas), inside);
        let bottom = rows.bottom();
        for &tick in &x.ticks {
            canvas.line(&[(x.at(tick), top), (x.at(tick), bottom)], GRID, 1.0)?;
        }
        let plain = Type::plain(LABEL, GREY);
        tick_labels(canvas, &x, bottom + 28.0, plain, |tick| words::change_short(tick, way.unit))?;
        for (i, record, value) in [(0, first, way.from), (count - 1, other, way.to)] {
            let look = Type::bold(LABEL, INK);
            rows.name(canvas, i, &record.title, look)?;
            let (at, (upper, lower)) = (x.at(value - way.from), rows.row(i).bar());
            canvas.line(&[(at, upper), (at, lower)], INK, 5.0)?;
            let text = way.said(value);
            beside(canvas, &text, (at, at), rows.row(i).middle(), look)?;
        }
        let axis = if way.unit == "$" { "change in mean NPV" } else { "change in the probability of payback" };
        let centre = f64::midpoint(rows_left(canvas), rows_right(canvas));
        canvas.text(axis, (centre, bottom + 54.0), Align::Middle, plain)?;
        canvas.columns(&["change", "part of the difference", "95% interval"]);
        let mut at = 0.0;
        for (i, step) in way.steps.iter().enumerate() {
            let (above, here, below) = (rows.row(i), rows.row(i + 1), rows.row(i + 2));
            rows.name(canvas, i + 1, &step.change, Type::plain(LABEL, INK))?;
            let ((upper, lower), (a, b)) = (here.bar(), (x.at(at), x.at(at + step.part)));
            let colour = if step.part < 0.0 { GREY } else { ACCENT };
            canvas.line(&[(a, above.bar().1), (a, upper)], CONTEXT, 1.5)?;
            canvas.area(&[(a, upper), (b, upper), (b, lower), (a, lower)], colour, 1.0)?;
            let mut span = (a.min(b), a.max(b));
            if let Some((low, high)) = step.interval {
                let ends = (x.at(at + low), x.at(at + high));
                if ends.1 - ends.0 > 3.0 {
                    canvas.line(&[(ends.0, here.middle()), (ends.1, here.middle())], INK, 1.5)?;
                    span = (span.0.min(ends.0), span.1.max(ends.1));
                }
            }
            let text = words::change_short(step.part, way.unit);
            let range = |(low, high): (f64, f64)| {
                format!("{} to {}", words::change_short(low, way.unit), words::change_short(high, way.unit))
            };
            rows.spot(
                canvas,
                i + 1,
                vec![step.change.clone(), text.clone(), step.interval.map_or(String::new(), range)],
            );
            beside(canvas, &text, span, here.middle(), Type::bold(LABEL, colour))?;
            at += step.part;
            canvas.line(&[(x.at(at), lower), (x.at(at), below.bar().0)], CONTEXT, 1.5)?;
        }
        Ok(())
    })
}

/// A label right of a span.
fn beside(canvas: &Canvas<'_>, text: &str, span: (f64, f64), middle: f64, look: Type) -> Result<(), ChartError> {
    canvas.text(text, (span.1 + 10.0, middle + LABEL * 0.35), Align::Start, look)
}

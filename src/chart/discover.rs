//! Charts of rules: the first rule's box over its two strongest inputs, and the way to it.

use super::canvas::{Align, Canvas, Page, Picture, Type, draw};
use super::page::{tick_labels, vertical};
use super::scale::Scale;
use super::theme::{ACCENT, CONTEXT, GREY, INK, LABEL, REFERENCE};
use super::{ChartError, Material, Shows, Sketch};
use crate::results::DiscoverRecord;
use crate::scenario::called;
use crate::table::Row;
use crate::words;

/// What the charts of rules are drawn from.
type DiscoverMaterial<'a> = Material<'a, DiscoverRecord>;

impl Shows for DiscoverRecord {
    /// Every chart of rules.
    fn sketches(material: DiscoverMaterial<'_>) -> Vec<Sketch<'_>> {
        let has = |table: &str| material.results.rows(table).next().is_some();
        let mut out = Vec::new();
        if has("rules") && material.details.points_of.len() == 2 {
            out.push(Sketch::new("box", move || rule_box(&material)));
        }
        if has("trajectory") {
            out.push(Sketch::new("trajectory", move || trajectory(&material)));
        }
        out
    }
}

impl DiscoverMaterial<'_> {
    /// `the target is reached`.
    fn clause(&self) -> String {
        words::happens(&self.details.of, self.details.not)
    }

    /// The rows of the first rule.
    fn first_rule(&self) -> Vec<Row<'_>> {
        self.results.rows("rules").filter(|row| row.number("rule") == Some(1.0)).collect()
    }
}

/// Places that a reader can point at one by one: what is nearer to another is left out.
#[derive(Default)]
struct Apart {
    taken: Vec<(f64, f64)>,
}

impl Apart {
    /// Half the side of a place.
    const HALF: f64 = 7.0;

    fn add(&mut self, canvas: &Canvas<'_>, at: (f64, f64), cells: Vec<String>) {
        let near = |other: &(f64, f64)| (other.0 - at.0).abs().max((other.1 - at.1).abs()) <= 2.0 * Self::HALF;
        if !self.taken.iter().any(near) {
            self.taken.push(at);
            canvas.spot([at.0 - Self::HALF, at.1 - Self::HALF, at.0 + Self::HALF, at.1 + Self::HALF], cells);
        }
    }
}

/// A range with room around it, from numbers without their outermost hundredths.
fn range(mut numbers: Vec<f64>) -> (f64, f64) {
    numbers.retain(|x| x.is_finite());
    numbers.sort_unstable_by(f64::total_cmp);
    let at = |p: f64| numbers.get(((numbers.len() as f64 - 1.0) * p).round() as usize).copied().unwrap_or(0.0);
    (at(0.005), at(0.995))
}

fn rule_box(material: &DiscoverMaterial<'_>) -> Result<Picture, ChartError> {
    let rule = material.first_rule();
    let of = rule.first().ok_or_else(|| ChartError("there is no rule".to_owned()))?;
    let [first, second] = &material.details.points_of[..] else {
        return Err(ChartError("the rule has one input".to_owned()));
    };
    let side = |name: &str| rule.iter().find(|row| row.text("input") == Some(name)).copied();
    let unit = |name: &str| side(name).and_then(|row| row.text("unit")).unwrap_or_default();
    let point = |row: Row<'_>| Some((row.number("first")?, row.number("second")?, row.number("happens")? > 0.5));
    let points: Vec<(f64, f64, bool)> = material.table("points")?.each_row().filter_map(point).collect();
    let clause = material.clause();
    let number = |column: &str| of.number(column).unwrap_or(0.0);
    let others = rule.len().saturating_sub(2);
    let more = match others {
        0 => String::new(),
        1 => "; a third condition is not seen here".to_owned(),
        n => format!("; {n} more conditions are not seen here"),
    };
    let headline = format!(
        "Inside the box {clause} in {} of futures; among all in {}",
        words::percent(number("density")),
        words::percent(material.details.with() as f64 / material.details.paths().max(1) as f64)
    );
    let [accent, context] = material.style.hues();
    let subtitle = format!(
        "{}: some futures in which {clause}; {context}: as many others. The box holds {} of all futures and {} of the {accent} kind{more}",
        words::upper_first(accent),
        words::percent(number("mass")),
        words::percent(number("coverage"))
    );
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 6.0;
        let layout = canvas.layout;
        let (low, high) = range(points.iter().map(|point| point.0).collect());
        let x = Scale::round(low, high, layout.plot_left, layout.plot_right, 8.0);
        let (low, high) = range(points.iter().map(|point| point.1).collect());
        let y = Scale::round(low, high, layout.plot_bottom, top, 6.0);
        let names = [first, second].map(|name| called(name));
        vertical(canvas, &y, layout.plot_right, |value| words::amount_short(value, unit(second)))?;
        let plain = Type::plain(LABEL, GREY);
        tick_labels(canvas, &x, layout.plot_bottom + 30.0, plain, |value| words::amount_short(value, unit(first)))?;
        canvas.text(
            &names[0],
            (f64::midpoint(layout.plot_left, layout.plot_right), layout.plot_bottom + 58.0),
            Align::Middle,
            plain,
        )?;
        canvas.text(&names[1], (layout.plot_left, top - 8.0), Align::Start, plain)?;
        canvas.columns(&[&names[0], &names[1], &clause]);
        let inside = |x: f64, scale: &Scale| x >= scale.low && x <= scale.high;
        let mut spots = Apart::default();
        for wanted in [false, true] {
            for (a, b, happens) in &points {
                if *happens != wanted || !inside(*a, &x) || !inside(*b, &y) {
                    continue;
                }
                let at = (x.at(*a), y.at(*b));
                canvas.dot(at, 4.0, if wanted { ACCENT } else { CONTEXT })?;
                let cells = vec![
                    words::amount_about(*a, unit(first)),
                    words::amount_about(*b, unit(second)),
                    if wanted { "yes" } else { "no" }.to_owned(),
                ];
                spots.add(canvas, at, cells);
            }
        }
        let ends = |name: &str, scale: &Scale| {
            let row = side(name);
            let bound = |column: &str, open: f64| row.and_then(|row| row.number(column)).unwrap_or(open);
            (scale.at(bound("low", scale.low)), scale.at(bound("high", scale.high)))
        };
        let ((left, right), (bottom, upper)) = (ends(first, &x), ends(second, &y));
        let frame = [(left, bottom), (right, bottom), (right, upper), (left, upper), (left, bottom)];
        canvas.line(&frame, REFERENCE, 3.0)?;
        let bound = |name: &str| {
            let row = side(name)?;
            let amount = |x: f64| words::amount_about(x, unit(name));
            Some(match (row.number("low"), row.number("high")) {
                (Some(low), Some(high)) => format!("{} to {}", amount(low), amount(high)),
                (Some(low), None) => format!("{} or more", amount(low)),
                (None, Some(high)) => format!("{} or less", amount(high)),
                (None, None) => return None,
            })
        };
        let look = Type::bold(LABEL, REFERENCE);
        let mut at = top + LABEL;
        for (name, said) in [first, second].into_iter().zip(&names) {
            let text = bound(name).map_or_else(String::new, |bound| format!("{said}: {bound}"));
            for line in canvas.wrapped(&text, look, layout.label_width, 3) {
                canvas.text(&line, (layout.plot_right + 18.0, at), Align::Start, look)?;
                at += LABEL * 1.3;
            }
            at += LABEL * 0.5;
        }
        Ok(())
    })
}

/// The base of a label of so wide a range that stands above a line, and at least as high as `base`.
fn above(line: &[(f64, f64)], left: f64, right: f64, base: f64) -> f64 {
    let over = line.iter().filter(|at| (left - 8.0..=right + 8.0).contains(&at.0)).map(|at| at.1);
    over.fold(base + 14.0, f64::min) - 14.0
}

fn trajectory(material: &DiscoverMaterial<'_>) -> Result<Picture, ChartError> {
    let step = |row: Row<'_>| Some((row.number("coverage")?, row.number("density")?, row.number("inputs")?));
    let steps: Vec<(f64, f64, f64)> = material.table("trajectory")?.each_row().filter_map(step).collect();
    let clause = material.clause();
    let rule = material.first_rule();
    let told = rule.first().and_then(|row| Some((row.number("coverage")?, row.number("density")?)));
    let headline = match told {
        Some((coverage, density)) => format!(
            "Under the rule {clause} in {} of futures; it holds {} of those in which that is so",
            words::percent(density),
            words::percent(coverage)
        ),
        None => format!("No conditions tell the futures in which {clause} from the others by more than chance"),
    };
    let subtitle = format!(
        "How often {clause} inside the box, against how many of such futures are inside, as the box shrinks by a twentieth at a time; on the half of the futures on which it was looked for"
    );
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 10.0;
        let layout = canvas.layout;
        let most = steps.iter().map(|step| step.1).chain(told.map(|told| told.1)).fold(0.001, f64::max);
        let x =
            Scale::exact(0.0, 1.0, layout.plot_left, layout.plot_right, (0..=5).map(|k| f64::from(k) * 0.2).collect());
        let y = Scale::round(0.0, most.min(1.0), layout.plot_bottom, top, 5.0);
        vertical(canvas, &y, layout.plot_right, words::percent_tick)?;
        let plain = Type::plain(LABEL, GREY);
        tick_labels(canvas, &x, layout.plot_bottom + 30.0, plain, words::percent_tick)?;
        let centre = f64::midpoint(layout.plot_left, layout.plot_right);
        canvas.text(
            &format!("share inside, of the futures in which {clause}"),
            (centre, layout.plot_bottom + 58.0),
            Align::Middle,
            plain,
        )?;
        canvas.columns(&["coverage", "density", "inputs with a condition"]);
        let line: Vec<(f64, f64)> = steps.iter().map(|step| (x.at(step.0), y.at(step.1))).collect();
        canvas.line(&line, ACCENT, 2.5)?;
        let mut spots = Apart::default();
        for ((coverage, density, inputs), at) in steps.iter().zip(&line) {
            canvas.dot(*at, 4.0, ACCENT)?;
            let cells = vec![words::percent(*coverage), words::percent(*density), format!("{inputs}")];
            spots.add(canvas, *at, cells);
        }
        if let Some((coverage, density)) = told {
            let at = (x.at(coverage), y.at(density));
            canvas.dot(at, 9.0, REFERENCE)?;
            let (text, look) = ("the rule, on the other half", Type::bold(LABEL, REFERENCE));
            let left = at.0 + 16.0;
            let base = above(&line, left, left + canvas.width(text, look), at.1 - 10.0);
            canvas.text(text, (left, base), Align::Start, look)?;
        }
        if let Some(start) = line.first() {
            let (text, look) = ("all futures", Type::plain(LABEL, INK));
            // Below the line, away from the rule's label, where there is room above the axis.
            let below = start.1 + LABEL + 12.0;
            let base = if below < layout.plot_bottom - 6.0 {
                below
            } else {
                above(&line, start.0 - canvas.width(text, look), start.0, start.1 - 12.0)
            };
            canvas.text(text, (start.0, base), Align::End, look)?;
        }
        Ok(())
    })
}

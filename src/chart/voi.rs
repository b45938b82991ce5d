//! Charts of what knowing is worth; here each input beside everything.

use super::canvas::{Align, Page, Picture, Type, draw};
use super::choice::choice;
use super::page::tick_labels;
use super::rows::{ASSUMED, Rows, assumed_says};
use super::scale::Scale;
use super::study::by_size;
use super::theme::{ACCENT, GREY, GRID, INK, LABEL, REFERENCE};
use super::{ChartError, Material, Shows, Sketch};
use crate::aggregate::Estimate;
use crate::results::{StudyRecord, Valued, VoiRecord, Worthwhile, the};
use crate::scenario::called;
use crate::words;

/// What the charts of the value of information are drawn from.
pub(super) type VoiMaterial<'a> = Material<'a, VoiRecord>;

/// Inputs in a chart.
const ROWS: usize = 10;

impl Shows for VoiRecord {
    /// Every chart of the value of information.
    fn sketches(material: VoiMaterial<'_>) -> Vec<Sketch<'_>> {
        let has = |table: &str| material.results.rows(table).next().is_some();
        let valued = Valued::new(material.results, material.details);
        let mut out = Vec::new();
        // A chart of what is worth nothing shows nothing.
        if valued.known().iter().any(|known| valued.counts(&known.value)) {
            out.push(Sketch::new("value", move || value(&material)));
        }
        let counts = |study: &StudyRecord| valued.sizes(&study.study).iter().any(|size| valued.counts(&size.1));
        for (i, study) in material.details.studies.iter().enumerate().filter(|(_, study)| counts(study)) {
            let name = if i == 0 { "study".to_owned() } else { format!("study-{}", i + 1) };
            out.push(Sketch::new(name, move || by_size(&material, study)));
        }
        if has("choice") && !valued.worthwhile().is_empty() {
            out.push(Sketch::new("choice", move || choice(&material)));
        }
        out
    }
}

impl<'a> VoiMaterial<'a> {
    pub(super) fn valued(&self) -> Valued<'a> {
        Valued::new(self.results, self.details)
    }
}

/// An input or several: `Refusal rate and monthly churn`.
fn name_of(known: &Worthwhile<'_>) -> String {
    let names: Vec<String> = known.names().into_iter().map(called).collect();
    words::upper_first(&words::list(&names))
}

/// A worth with its error: `$2.2M ± $0.6M`.
pub(super) fn told(value: &Estimate) -> String {
    match value.interval.map(|(low, high)| 0.5 * (high - low)).filter(|half| *half > 1e-9 * value.value.abs()) {
        Some(half) => words::dollars_short_with_error(value.value, half),
        None => words::dollars_short(value.value),
    }
}

/// A worth in a headline, which has no room for its error: to two digits.
pub(super) fn about(value: &Estimate) -> String {
    words::dollars(format!("{:.1e}", value.value).parse().unwrap_or(value.value))
}

/// Before which moment something would have to be known: `before the monthly price is chosen`.
fn before(valued: &Valued<'_>) -> String {
    match valued.record.choose.len() {
        0 => "before the choice is made".to_owned(),
        1 => format!("before the {} is chosen", valued.chosen()),
        _ => format!("before the {} are chosen", valued.chosen()),
    }
}

/// What each input is worth knowing, beside everything.
fn value(material: &VoiMaterial<'_>) -> Result<Picture, ChartError> {
    let valued = material.valued();
    let everything = valued.everything();
    let mut shown: Vec<Worthwhile<'_>> = valued.known().into_iter().filter(|known| known.value.value > 0.0).collect();
    shown.truncate(ROWS);
    // An input alone, or where none is worth anything the inputs that are so together.
    let most = valued.worthwhile().first().or(shown.first()).copied();
    let most = most.ok_or_else(|| ChartError("nothing is worth knowing".to_owned()))?;
    let names: Vec<String> = most.names().into_iter().map(the).collect();
    let headline = format!("Most worth knowing: {}, at {}", words::list(&names), about(&most.value));
    let subtitle = format!(
        "By how much mean NPV would be higher if it were known {}, with the simulation’s own 95% error",
        before(&valued)
    ) + assumed_says(shown.iter().any(Worthwhile::is_assumed));
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 10.0;
        let layout = canvas.layout;
        let left = (layout.width * 0.26).clamp(140.0, 380.0);
        let right = layout.right - 190.0;
        // The line of everything has its label above the rows.
        let lines = Rows::new(canvas, shown.len(), (top + LABEL * 2.0, layout.plot_bottom + 20.0), left);
        let end = |x: &Estimate| x.interval.map_or(x.value, |(_, high)| high);
        let most = shown.iter().map(|known| end(&known.value)).fold(end(&everything), f64::max);
        let x = Scale::round(0.0, if most > 0.0 { most } else { 1.0 }, left, right, 5.0);
        for &tick in &x.ticks {
            canvas.line(&[(x.at(tick), top + LABEL * 2.0), (x.at(tick), lines.bottom())], GRID, 1.0)?;
        }
        tick_labels(canvas, &x, lines.bottom() + 28.0, Type::plain(LABEL, GREY), words::dollars_short)?;
        canvas.columns(&["known beforehand", "worth", "95% interval"]);
        for (i, known) in shown.iter().enumerate() {
            let name = name_of(known);
            let mark = if known.is_assumed() { ASSUMED } else { "" };
            lines.marked_name(canvas, i, &name, mark, Type::plain(LABEL, INK))?;
            let ((upper, lower), middle) = (lines.row(i).bar(), lines.row(i).middle());
            let end = x.at(known.value.value);
            canvas.area(&[(x.at(0.0), upper), (end, upper), (end, lower), (x.at(0.0), lower)], ACCENT, 0.85)?;
            let (low, high) = known.value.interval.unwrap_or((known.value.value, known.value.value));
            canvas.mark(&[(x.at(low), middle), (x.at(high), middle)], INK, 2.0)?;
            let text = told(&known.value);
            canvas.text(&text, (layout.right, middle + LABEL * 0.35), Align::End, Type::bold(LABEL, INK))?;
            let interval = format!("{} to {}", words::dollars_short(low), words::dollars_short(high));
            lines.spot(canvas, i, vec![name, text, interval]);
        }
        let at = x.at(everything.value);
        canvas.dashed((at, top + LABEL * 1.4), (at, lines.bottom()), REFERENCE, 2.0)?;
        let look = Type::bold(LABEL, REFERENCE);
        let text = format!("everything: {}", told(&everything));
        let half = canvas.width(&text, look) / 2.0;
        let middle = at.clamp(left + half, (layout.right - half).max(left + half));
        canvas.text(&text, (middle, top + LABEL * 0.8), Align::Middle, look)
    })
}

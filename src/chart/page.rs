//! What all charts share: headline, subtitle, axes, grid, footer.

use super::ChartError;
use super::canvas::{Align, Canvas, Page, Type};
use super::scale::Scale;
use super::theme::{FOOTER, GREY, GRID, HEADLINE, INK, LABEL, Layout, SUBTITLE};
use crate::results::{Record, ScenarioRecord};
use crate::words;

impl Page {
    pub(super) fn new(record: &Record, headline: String, subtitle: String) -> Self {
        let (simulation, scenario) = (&record.simulation, record.scenario());
        let mut footer = format!(
            "Scenario “{}” ({}), {}, seed {}, {}, {}.",
            scenario.title,
            scenario.name,
            words::paths(simulation.paths),
            simulation.seed,
            words::sampling(&simulation.sampler),
            record.program
        );
        if !scenario.main_sources.is_empty() {
            footer += &format!(" Refusal, price and users: {}.", scenario.main_sources.join("; "));
        }
        if scenario.inputs_assumed > 0 {
            footer += &format!(" {} of {} inputs are assumptions.", scenario.inputs_assumed, scenario.inputs);
        }
        if scenario.inputs_without_source > 0 {
            footer += &format!(" {} of {} inputs have no source.", scenario.inputs_without_source, scenario.inputs);
        }
        Self { headline, subtitle, footer }
    }

    /// Draws the words; returns where the plot may begin.
    pub(super) fn draw(&self, canvas: &Canvas<'_>) -> Result<f64, ChartError> {
        canvas.set_page(self);
        if !canvas.layout.words {
            return Ok(18.0);
        }
        let look = Type::bold(HEADLINE, INK);
        let mut y = 72.0;
        for line in canvas.wrapped(&self.headline, look, canvas.layout.right - canvas.layout.left, 3) {
            canvas.text(&line, (canvas.layout.left, y), Align::Start, look)?;
            y += HEADLINE * 1.28;
        }
        let look = Type::plain(SUBTITLE, GREY);
        for line in canvas.wrapped(&self.subtitle, look, canvas.layout.right - canvas.layout.left, 2) {
            canvas.text(&line, (canvas.layout.left, y - 2.0), Align::Start, look)?;
            y += SUBTITLE * 1.4;
        }
        let look = Type::plain(FOOTER, GREY);
        let lines = canvas.wrapped(&self.footer, look, canvas.layout.right - canvas.layout.left, 2);
        let mut foot = canvas.layout.height - 24.0 - FOOTER * 1.35 * (lines.len() - 1) as f64;
        for line in lines {
            canvas.text(&line, (canvas.layout.left, foot), Align::Start, look)?;
            foot += FOOTER * 1.35;
        }
        Ok(y + 14.0)
    }
}

/// Grid lines up to `right` and labels of the vertical axis.
pub(super) fn vertical(
    canvas: &Canvas<'_>,
    scale: &Scale,
    right: f64,
    label: impl Fn(f64) -> String,
) -> Result<(), ChartError> {
    for &tick in &scale.ticks {
        let y = scale.at(tick);
        canvas.line(&[(canvas.layout.plot_left, y), (right, y)], GRID, 1.0)?;
        canvas.text(
            &label(tick),
            (canvas.layout.plot_left - 14.0, y + LABEL * 0.35),
            Align::End,
            Type::plain(LABEL, GREY),
        )?;
    }
    Ok(())
}

/// Labels of ticks in a row, with their baseline at `y`; those that would touch their neighbour are left out. Returns the ticks
/// that have theirs.
pub(super) fn tick_labels(
    canvas: &Canvas<'_>,
    scale: &Scale,
    y: f64,
    look: Type,
    label: impl Fn(f64) -> String,
) -> Result<Vec<f64>, ChartError> {
    let (mut free_from, mut labelled) = (f64::NEG_INFINITY, Vec::new());
    for &tick in &scale.ticks {
        let (x, text) = (scale.at(tick), label(tick));
        let half = canvas.width(&text, look) / 2.0;
        if x - half >= free_from {
            free_from = x + half + look.size * 0.9;
            canvas.text(&text, (x, y), Align::Middle, look)?;
            labelled.push(tick);
        }
    }
    Ok(labelled)
}

/// The horizontal axis with its labels.
pub(super) fn horizontal(canvas: &Canvas<'_>, scale: &Scale, label: impl Fn(f64) -> String) -> Result<(), ChartError> {
    let Layout { plot_left, plot_right, plot_bottom, .. } = canvas.layout;
    for tick in tick_labels(canvas, scale, plot_bottom + 33.0, Type::plain(LABEL, GREY), label)? {
        canvas.line(&[(scale.at(tick), plot_bottom), (scale.at(tick), plot_bottom + 7.0)], GREY, 1.0)?;
    }
    canvas.line(&[(plot_left, plot_bottom), (plot_right, plot_bottom)], GREY, 1.0)
}

/// The label of a month: its calendar month where the run has a start, its number otherwise.
pub(super) fn month_label(scenario: &ScenarioRecord, month: usize) -> String {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let start = scenario.start.as_deref().and_then(crate::scenario::YearMonth::parse);
    let Some(start) = start else {
        return if month == 0 { "launch".to_owned() } else { format!("month {month}") };
    };
    let date = start.of_month(month);
    let (year, number) = date.split_once('-').unwrap_or((&date, "1"));
    let name = number.parse::<usize>().ok().and_then(|n| NAMES.get(n.wrapping_sub(1)));
    format!("{} {year}", name.unwrap_or(&"Jan"))
}

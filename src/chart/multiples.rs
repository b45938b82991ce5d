//! Sweeps of several scenarios side by side: a panel each, with one scale for all.

use super::canvas::{Align, Canvas, Page, Picture, Type, draw};
use super::page::tick_labels;
use super::scale::Scale;
use super::sweep::{Band, NPV, Shares, SweepMaterial, axis_of};
use super::theme::{ACCENT, GREY, GRID, INK, LABEL, Layout, NARROW_BAND, REFERENCE, SMALL};
use super::{ChartError, Material, Sketch, Style};
use crate::results::{Kind, Results, VaryRecord};
use crate::words;

/// Room between panels: for tick labels on the left, for a title above and ticks below.
const GAP: (f64, f64) = (84.0, 62.0);

/// The charts of several sweeps of the same input side by side.
#[must_use]
pub fn multiples<'r>(sweeps: &[&'r Results], style: &'r Style) -> Vec<Sketch<'r>> {
    type Drawing = fn(&[SweepMaterial<'_>]) -> Result<Picture, ChartError>;
    let of = |results: &'r Results| match &results.record.kind {
        Kind::Sweep(sweep) => Some(Material::new(results, sweep, style)),
        _ => None,
    };
    let materials: Vec<SweepMaterial<'_>> = sweeps.iter().copied().filter_map(of).collect();
    let drawings: [(&str, Drawing); 2] = [("npv", npv), ("payback", payback)];
    let sketch = |(name, draw): (&str, Drawing)| {
        let materials = materials.clone();
        Sketch::new(name, move || draw(&materials))
    };
    drawings.map(sketch).into()
}

/// Where a panel stands.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// As square a grid of panels as fits the page.
pub(super) fn panels(count: usize, top: f64, layout: Layout) -> Vec<Panel> {
    let columns = (1..=count).find(|columns| columns * columns * 9 >= count * 8).unwrap_or(1);
    let rows = count.div_ceil(columns);
    let (width, height) =
        ((layout.right - layout.left) / columns as f64, (layout.plot_bottom + 40.0 - top) / rows as f64);
    let panel = |i: usize| {
        let (column, row) = ((i % columns) as f64, (i / columns) as f64);
        let (left, upper) = (layout.left + column * width, top + row * height);
        Panel {
            left: left + GAP.0,
            right: left + width - 16.0,
            top: upper + 34.0,
            bottom: upper + height - GAP.1 + 28.0,
        }
    };
    (0..count).map(panel).collect()
}

fn npv(materials: &[SweepMaterial<'_>]) -> Result<Picture, ChartError> {
    let bands = materials.iter().map(|material| Band::of(material, NPV.name)).collect::<Result<Vec<_>, _>>()?;
    let best = |band: &Band| band.points.iter().map(|point| point.1[0]).fold(f64::NEG_INFINITY, f64::max);
    let above = bands.iter().filter(|band| best(band) >= 0.0).count();
    let (low, high) = bands.iter().map(Band::extremes).fold((0.0_f64, 0.0_f64), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    let headline = format!("Mean NPV comes above zero in {}", of_scenarios(above, materials.len()));
    let subtitle = "Net present value, dollars: mean and the band that holds 90% of the paths";
    page(materials, &headline, subtitle, (low, high), words::dollars_short, &|canvas, i, x, y| {
        canvas.dashed((x.at(x.low), y.at(0.0)), (x.at(x.high), y.at(0.0)), REFERENCE, 1.5)?;
        bands[i].draw(canvas, x, y, 2.0)
    })
}

fn payback(materials: &[SweepMaterial<'_>]) -> Result<Picture, ChartError> {
    let shares = materials.iter().map(|material| Shares::of(material, "payback")).collect::<Result<Vec<_>, _>>()?;
    let highest = shares.iter().map(|shares| shares.highest().1).fold(0.0, f64::max);
    let likely = shares.iter().filter(|shares| shares.highest().1 >= 0.5).count();
    let headline = format!("Payback is as likely as not in {}", of_scenarios(likely, materials.len()));
    let subtitle = "Share of paths that pay the investment back, with the simulation’s own 95% error";
    let high = (highest * 1.1).clamp(0.001, 1.0);
    page(materials, &headline, subtitle, (0.0, high), words::percent_tick, &|canvas, i, x, y| {
        let line = |k: usize| -> Vec<(f64, f64)> {
            shares[i].points.iter().map(|(value, q)| (x.at(*value), y.at(q[k]))).collect()
        };
        if materials[i].paths() > 1 {
            canvas.band(&line(2), &line(1), ACCENT, NARROW_BAND)?;
        }
        canvas.line(&line(0), ACCENT, 2.0)
    })
}

fn of_scenarios(some: usize, all: usize) -> String {
    match some {
        0 => format!("none of the {all} scenarios"),
        1 => format!("one of the {all} scenarios"),
        some if some == all => format!("all {all} scenarios"),
        some => format!("{some} of the {all} scenarios"),
    }
}

/// What is drawn into panel i, by its axes.
type Filling<'a> = &'a dyn Fn(&Canvas<'_>, usize, &Scale, &Scale) -> Result<(), ChartError>;

fn page(
    materials: &[SweepMaterial<'_>],
    headline: &str,
    subtitle: &str,
    (low, high): (f64, f64),
    short: fn(f64) -> String,
    fill: Filling<'_>,
) -> Result<Picture, ChartError> {
    let Some(first) = materials.first() else { return Err(ChartError("no scenarios".to_owned())) };
    let vary = first.only_axis()?;
    let by = format!("{headline}, {}", range(vary));
    let mut page = Page::new(first.record, by, format!("{subtitle}, by {}", vary.name()));
    let (simulation, program) = (&first.record.simulation, &first.record.program);
    let paths = words::paths(simulation.paths);
    page.footer =
        format!("{paths} each, seed {}, {}, {program}.", simulation.seed, words::sampling(&simulation.sampler));
    draw(first.style, |canvas| {
        let top = page.draw(canvas)?;
        for (i, (panel, material)) in panels(materials.len(), top, canvas.layout).into_iter().zip(materials).enumerate()
        {
            let y = Scale::round(low, high, panel.bottom, panel.top, 3.0);
            let x = axis_of(vary, panel.left, panel.right, 4.0);
            frame(canvas, panel, &x, &y, vary, short)?;
            let look = Type::bold(LABEL, INK);
            let title = canvas.wrapped(&material.record.scenario().title, look, panel.right - panel.left, 1).concat();
            canvas.text(&title, (panel.left, panel.top - 12.0), Align::Start, look)?;
            fill(canvas, i, &x, &y)?;
        }
        Ok(())
    })
}

/// `at monthly prices from $5 to $10`.
fn range(vary: &VaryRecord) -> String {
    let (low, high) = vary.ends();
    let name = words::a(&vary.name());
    format!("at {name} between {} and {}", words::amount(low, &vary.unit), words::amount(high, &vary.unit))
}

fn frame(
    canvas: &Canvas<'_>,
    panel: Panel,
    x: &Scale,
    y: &Scale,
    vary: &VaryRecord,
    short: fn(f64) -> String,
) -> Result<(), ChartError> {
    let look = Type::plain(SMALL, GREY);
    for &tick in &y.ticks {
        let at = y.at(tick);
        canvas.line(&[(panel.left, at), (panel.right, at)], GRID, 1.0)?;
        canvas.text(&short(tick), (panel.left - 8.0, at + SMALL * 0.35), Align::End, look)?;
    }
    tick_labels(canvas, x, panel.bottom + 20.0, look, |tick| words::amount_short(tick, &vary.unit))?;
    canvas.line(&[(panel.left, panel.bottom), (panel.right, panel.bottom)], GREY, 1.0)
}

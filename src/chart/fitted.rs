//! Charts of what was fitted to data: what was observed beside it.

use super::canvas::{Align, Page, Picture, Type, draw};
use super::page::{horizontal, vertical};
use super::scale::Scale;
use super::theme::{ACCENT, GREY, INK, LABEL};
use super::{ChartError, Sketch, Style};
use crate::fit::{Fit, Model, SampleFit};
use crate::words;

/// Places at which a fitted distribution is drawn.
const STEPS: u32 = 200;

/// What the axes of a model are, and what its numbers are called.
const fn axes(model: Model) -> (&'static str, &'static str) {
    match model {
        Model::Bass => ("period", "sales a period"),
        Model::Retention => ("months since they subscribed", "share of the cohort that is still there"),
        Model::Willingness => ("price", "share of those asked who would pay"),
    }
}

/// The chart of a fitted model.
#[must_use]
pub fn fitted<'f>(fit: &'f Fit, data: &'f str, style: &'f Style) -> Sketch<'f> {
    Sketch::new("fit", move || of_model(fit, data, style))
}

/// The chart of a fitted distribution; none where the values stand for themselves.
#[must_use]
pub fn sampled<'f>(fit: &'f SampleFit, data: &'f str, style: &'f Style) -> Option<Sketch<'f>> {
    fit.chosen.as_ref().map(|_| Sketch::new("fit", move || of_sample(fit, data, style)))
}

fn footer(of: &str) -> String {
    format!("{of}, {}.", crate::sealed::program())
}

fn of_model(fit: &Fit, data: &str, style: &Style) -> Result<Picture, ChartError> {
    let (across, up) = axes(fit.model);
    let mut rows: Vec<(f64, f64, f64)> = fit
        .rows
        .iter()
        .enumerate()
        .map(|(i, (row, seen, found))| (row.trim_start_matches('$').parse().unwrap_or(i as f64 + 1.0), *seen, *found))
        .collect();
    // A file may have its prices in any order.
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Of nothing observed nothing is a share.
    let seen = rows.iter().filter(|row| row.1 > 0.0);
    let mut off: Vec<f64> = seen.map(|(_, seen, found)| (found / seen - 1.0).abs()).collect();
    off.sort_by(f64::total_cmp);
    let half = off.get(off.len() / 2).copied().unwrap_or(0.0);
    let headline = format!(
        "{} fitted to {data}: within {} of what was observed in half of the rows",
        fit.model.title(),
        words::percent(half)
    );
    let subtitle = format!("{}: observed as dots, fitted as a line", words::upper_first(up));
    let estimates = fit.parameters.iter().filter(|fitted| fitted.input.is_some());
    let estimates: Vec<String> = estimates
        .map(|fitted| {
            let number = |x: f64, n| crate::fit::digits(x, n);
            format!("{} {} ± {}", fitted.name, number(fitted.value, 3), number(fitted.sd, 2))
        })
        .collect();
    let page = Page { headline, subtitle, footer: footer(&format!("{} (one sd)", estimates.join(", "))) };
    let short = |y: f64| if fit.model == Model::Bass { words::people_short(y) } else { words::percent(y) };
    draw(style, |canvas| {
        let top = page.draw(canvas)? + 10.0;
        let layout = canvas.layout;
        let (first, last) = (rows.first().map_or(0.0, |row| row.0), rows.last().map_or(1.0, |row| row.0));
        let most = rows.iter().fold(0.0_f64, |most, row| most.max(row.1).max(row.2));
        let x = Scale::round(first.min(0.0), last, layout.plot_left, layout.plot_right, 8.0);
        let y = Scale::round(0.0, 1.05 * most, layout.plot_bottom, top, 5.0);
        vertical(canvas, &y, layout.plot_right, short)?;
        horizontal(canvas, &x, |x| crate::fit::digits(x, 4))?;
        axis_name(canvas, across)?;
        let line: Vec<(f64, f64)> = rows.iter().map(|row| (x.at(row.0), y.at(row.2))).collect();
        canvas.line(&line, ACCENT, 3.0)?;
        for row in &rows {
            canvas.dot((x.at(row.0), y.at(row.1)), 6.0, INK)?;
        }
        if let Some(end) = line.last() {
            let look = Type::bold(LABEL, ACCENT);
            canvas.text("fitted", (layout.plot_right + 18.0, end.1 + LABEL * 0.35), Align::Start, look)?;
        }
        canvas.columns(&[across, "observed", "fitted"]);
        let spot =
            |row: &(f64, f64, f64)| (x.at(row.0), vec![crate::fit::digits(row.0, 4), short(row.1), short(row.2)]);
        canvas.upright_spots(rows.iter().map(spot).collect());
        Ok(())
    })
}

fn of_sample(fit: &SampleFit, data: &str, style: &Style) -> Result<Picture, ChartError> {
    let Some(chosen) = &fit.chosen else {
        return Err(ChartError("the values stand for themselves".to_owned()));
    };
    let shape = chosen.shape.name();
    let headline = match fit.ranked.len() {
        1 => format!("“{shape}” beside the {} of {}", words::counted(fit.n, "value"), fit.input),
        some => format!(
            "Of {some} distributions “{shape}” fits the {} of {} best",
            words::counted(fit.n, "value"),
            fit.input
        ),
    };
    let subtitle = "Share of values that are no larger: observed in grey, fitted in colour".to_owned();
    let page = Page { headline, subtitle, footer: footer(&format!("{data}: {}", fit.written)) };
    let number = |x: f64| crate::fit::digits(x, 3);
    draw(style, |canvas| {
        let top = page.draw(canvas)? + 10.0;
        let layout = canvas.layout;
        let (low, high) = (fit.sorted[0], fit.sorted[fit.sorted.len() - 1]);
        let margin = 0.05 * (high - low);
        let x = Scale::round(low - margin, high + margin, layout.plot_left, layout.plot_right, 8.0);
        let y = Scale::round(0.0, 1.0, layout.plot_bottom, top, 5.0);
        vertical(canvas, &y, layout.plot_right, words::percent)?;
        horizontal(canvas, &x, number)?;
        axis_name(canvas, &fit.input)?;
        let n = fit.sorted.len() as f64;
        let mut steps = vec![(x.at(x.low), y.at(0.0))];
        for (i, value) in fit.sorted.iter().enumerate() {
            steps.extend([i as f64 / n, (i as f64 + 1.0) / n].map(|share| (x.at(*value), y.at(share))));
        }
        steps.push((x.at(x.high), y.at(1.0)));
        canvas.line(&steps, GREY, 2.0)?;
        let points = (1..STEPS).map(|k| f64::from(k) / f64::from(STEPS)).map(|p| (chosen.dist.quantile(p), p));
        let curve: Vec<(f64, f64)> = points.filter(|(value, _)| *value >= x.low && *value <= x.high).collect();
        canvas.line(&curve.iter().map(|(value, p)| (x.at(*value), y.at(*p))).collect::<Vec<_>>(), ACCENT, 3.0)?;
        canvas.columns(&["share", "observed", "fitted"]);
        let spot =
            |(p, seen, found): &(f64, f64, f64)| (x.at(*seen), vec![words::percent(*p), number(*seen), number(*found)]);
        canvas.upright_spots(fit.beside.iter().map(spot).collect());
        Ok(())
    })
}

/// What the horizontal axis is, below its labels.
fn axis_name(canvas: &super::canvas::Canvas<'_>, name: &str) -> Result<(), ChartError> {
    let layout = canvas.layout;
    let at = (f64::midpoint(layout.plot_left, layout.plot_right), layout.plot_bottom + 60.0);
    canvas.text(name, at, Align::Middle, Type::plain(LABEL, GREY))
}

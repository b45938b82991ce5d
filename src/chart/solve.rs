//! Charts of a solution: the curve that is to reach a level, and the break-even of each path.

use super::canvas::{Align, Page, Picture, Type, draw};
use super::page::vertical;
use super::scale::Scale;
use super::share::end_label;
use super::sweep::{axis_of, horizontal_axis, scenarios_own};
use super::theme::{ACCENT, LABEL, NARROW_BAND, REFERENCE};
use super::{ChartError, Material, Shows, Sketch};
use crate::aggregate::Estimate;
use crate::results::{BreakEvens, Crossing, SolveRecord, Solved};
use crate::words;

/// What the charts of a solution are drawn from.
type SolveMaterial<'a> = Material<'a, SolveRecord>;

impl Shows for SolveRecord {
    fn sketches(material: SolveMaterial<'_>) -> Vec<Sketch<'_>> {
        type Drawing = fn(&SolveMaterial<'_>) -> Result<Picture, ChartError>;
        let drawings: [(&str, Drawing, bool); 2] = [
            ("curve", curve, material.details.until.is_some()),
            ("break-even", break_even, material.details.each_path),
        ];
        let wanted = drawings.into_iter().filter(|drawing| drawing.2);
        wanted.map(|(name, draw, _)| Sketch::new(name, move || draw(&material))).collect()
    }
}

/// The mean or probability against the input, with the level and where it is crossed.
fn curve(material: &SolveMaterial<'_>) -> Result<Picture, ChartError> {
    let record = material.details;
    let solved =
        Solved::new(material.results, record).ok_or_else(|| ChartError("nothing was to be reached".to_owned()))?;
    let (vary, name, level) = (&record.solve_for, solved.name, solved.level);
    let numbers = |&(x, y): &(f64, Estimate)| {
        let (low, high) = y.interval.unwrap_or((y.value, y.value));
        (x.is_finite() && y.value.is_finite()).then_some((x, [y.value, low, high]))
    };
    let points: Vec<(f64, [f64; 3])> = solved.curve.iter().filter_map(numbers).collect();
    let amount = |x: f64| words::amount(x, &vary.unit);
    let (input, (low, high)) = (vary.name(), vary.ends());
    let a_input = words::a(&input);
    let short: &dyn Fn(f64) -> String =
        if record.is_probability { &words::percent_tick } else { &|x| words::amount_short(x, &record.unit) };
    let what = if record.is_probability {
        format!("the probability of {}", words::event(name))
    } else {
        format!("mean {}", words::outcome(name))
    };
    let best = solved.best();
    let level_said = short(level);
    let headline = match solved.crossings[..] {
        [] if best.1.value < level => format!(
            "No {input} from {} to {} brings {what} to {level_said}: the best is {} at {}",
            amount(low),
            amount(high),
            if record.is_probability { words::percent(best.1.value) } else { short(best.1.value) },
            amount(best.0)
        ),
        [] => format!("At every {input} from {} to {} {what} is {level_said} or more", amount(low), amount(high)),
        [Crossing { value: x, rising: true, .. }] => {
            format!("It takes {a_input} of {} to bring {what} to {level_said}", amount(x))
        }
        [Crossing { value: x, rising: false, .. }] => {
            format!("Up to {a_input} of {} {what} is {level_said} or more", amount(x))
        }
        [Crossing { value: from, rising: true, .. }, Crossing { value: to, rising: false, .. }] => {
            format!(
                "{} from {} to {} brings {what} to {level_said}",
                words::upper_first(&a_input),
                amount(from),
                amount(to)
            )
        }
        _ => format!("As the {input} rises, {what} crosses {level_said} {} times", solved.crossings.len()),
    };
    let unit = match record.unit.as_str() {
        _ if record.is_probability => "share of paths",
        "$" => "dollars",
        unit => unit,
    };
    let title = format!("{}, {unit}; the band is the simulation’s own 95% error", words::upper_first(&what));
    let page = Page::new(material.record, headline, title);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let (least, most) = points.iter().fold((level, level), |(a, b), p| (a.min(p.1[0]), b.max(p.1[0])));
        let room = (most - least) * 0.06;
        let (least, most) =
            if record.is_probability { (0.0, (most + room).min(1.0)) } else { (least - room, most + room) };
        let x = axis_of(vary, canvas.layout.plot_left, canvas.layout.plot_right, 10.0);
        let y = Scale::round(least, most, canvas.layout.plot_bottom, top, 6.0);
        scenarios_own(canvas, &x, vary, y.at(y.high))?;
        vertical(canvas, &y, canvas.layout.plot_right, short)?;
        horizontal_axis(canvas, &x, vary)?;
        let line = |i: usize| -> Vec<(f64, f64)> { points.iter().map(|p| (x.at(p.0), y.at(p.1[i]))).collect() };
        canvas.columns(&[&input, &what, "95% interval"]);
        let said = |x: f64| if record.is_probability { words::percent(x) } else { short(x) };
        let row = |(value, [mean, low, high]): &(f64, [f64; 3])| {
            (x.at(*value), vec![amount(*value), said(*mean), format!("{} to {}", said(*low), said(*high))])
        };
        canvas.upright_spots(points.iter().map(row).collect());
        canvas.band(&line(2), &line(1), ACCENT, NARROW_BAND)?;
        canvas.line(&line(0), ACCENT, 3.5)?;
        let at = y.at(level);
        canvas.dashed((canvas.layout.plot_left, at), (canvas.layout.plot_right, at), REFERENCE, 2.0)?;
        let look = Type::bold(LABEL, REFERENCE);
        canvas.text(&level_said, (canvas.layout.plot_right + 18.0, at + LABEL * 0.35), Align::Start, look)?;
        let mut free_from = f64::NEG_INFINITY;
        for Crossing { value, rising, .. } in &solved.crossings {
            let place = x.at(*value);
            canvas.dot((place, at), 7.0, REFERENCE)?;
            let text = amount(*value);
            let width = canvas.width(&text, look);
            // On the side that the curve leaves free above the level.
            let wish = if *rising { place - 12.0 - width } else { place + 12.0 };
            let left = wish.clamp(canvas.layout.plot_left + 4.0, canvas.layout.plot_right - width - 4.0);
            if left > free_from {
                canvas.text(&text, (left, at - 12.0), Align::Start, look)?;
                free_from = left + width + 12.0;
            }
        }
        Ok(())
    })
}

/// How many paths break even at a value, by value.
fn break_even(material: &SolveMaterial<'_>) -> Result<Picture, ChartError> {
    let record = material.details;
    let vary = &record.solve_for;
    let each_path = BreakEvens::new(material.results, record)
        .ok_or_else(|| ChartError("no path's break-even was looked for".to_owned()))?;
    let (needed, quantiles) = (each_path.is_needed, &each_path.quantiles);
    let [none, at_low, at_high] = ["none", "at_low", "at_high"].map(|what| each_path.share(what).share);
    let amount = |x: f64| words::amount(x, &vary.unit);
    let (input, (low, high)) = (vary.name(), vary.ends());
    let a_input = words::a(&input);
    let median = each_path.quantile(0.5);
    let nowhere = format!("{} at no {input} from {} to {}", words::percent(none), amount(low), amount(high));
    let headline = if none >= 1.0 {
        format!("No path breaks even at any {input} from {} to {}", amount(low), amount(high))
    } else if median.is_finite() {
        let half = if needed { "Half of the paths need" } else { "Half of the paths bear" };
        let end = if needed { "or less" } else { "or more" };
        let tail = if none > 0.0 { format!("; {nowhere}") } else { String::new() };
        format!("{half} {a_input} of {} {end} to break even{tail}", amount(median))
    } else {
        format!("{} of paths break even at no {input} from {} to {}", words::percent(none), amount(low), amount(high))
    };
    let subtitle = if needed {
        format!(
            "Share of paths with an NPV of zero at {a_input} of at most so much, the lowest where there are several"
        )
    } else {
        format!("Share of paths with an NPV of zero or more at {a_input} of at least so much")
    };
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let x = axis_of(vary, canvas.layout.plot_left, canvas.layout.plot_right, 10.0);
        let most = (1.0 - none).clamp(0.001, 1.0);
        let y = Scale::round(0.0, (most * 1.05).min(1.0), canvas.layout.plot_bottom, top + 20.0, 5.0);
        scenarios_own(canvas, &x, vary, y.at(y.high))?;
        vertical(canvas, &y, canvas.layout.plot_right, words::percent_tick)?;
        horizontal_axis(canvas, &x, vary)?;
        let inside = quantiles.iter().filter(|q| q.1 > low && q.1 < high);
        let share_at = |p: f64| if needed { p } else { 1.0 - p };
        canvas.columns(&[&input, "share of futures that break even"]);
        let row = |&(p, value): &(f64, f64)| (x.at(value), vec![amount(value), words::percent(share_at(p))]);
        canvas.upright_spots(inside.clone().map(row).collect());
        // Of an input that is borne up to a value, those with less are the ones that no longer break even.
        let (start, last) = if needed { (at_low, 1.0 - none) } else { (1.0 - none, at_high) };
        let mut line = vec![(x.at(low), y.at(start))];
        line.extend(inside.map(|&(p, value)| (x.at(value), y.at(share_at(p)))));
        line.push((x.at(high), y.at(last)));
        canvas.line(&line, ACCENT, 3.5)?;
        let mut labels = Vec::new();
        if needed {
            labels.push(format!("{} break even", words::percent(1.0 - none)));
            if none > 0.0 {
                labels.push(format!("{} nowhere up to {}", words::percent(none), amount(high)));
            }
        } else {
            labels.push(format!("{} still at {}", words::percent(last), amount(high)));
        }
        end_label(canvas, y.at(last), top, &labels)
    })
}

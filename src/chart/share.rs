//! Curves of shares of paths: paid back by month, required peak at most x, repaid at least x.

use super::canvas::{Align, Canvas, Page, Picture, Type, draw};
use super::page::{horizontal, month_label, vertical};
use super::scale::Scale;
use super::theme::{ACCENT, GREY, LABEL, NARROW_BAND, REFERENCE};
use super::{ChartError, Material};
use crate::words;

/// Labels at the right end of a curve around `y`, the first the main one, kept inside the plot.
pub(super) fn end_label(canvas: &Canvas<'_>, y: f64, top: f64, texts: &[String]) -> Result<(), ChartError> {
    const HEIGHT: f64 = LABEL * 1.35;
    let look = |i: usize| if i == 0 { Type::bold(LABEL, ACCENT) } else { Type::plain(LABEL, GREY) };
    let lines: Vec<(String, Type)> = texts
        .iter()
        .enumerate()
        .flat_map(|(i, text)| {
            canvas.wrapped(text, look(i), canvas.layout.label_width, 3).into_iter().map(move |line| (line, look(i)))
        })
        .collect();
    let total = HEIGHT * lines.len() as f64;
    let mut baseline = (y - total / 2.0).min(canvas.layout.plot_bottom - total).max(top) + LABEL * 0.95;
    for (line, look) in lines {
        canvas.text(&line, (canvas.layout.plot_right + 18.0, baseline), Align::Start, look)?;
        baseline += HEIGHT;
    }
    Ok(())
}

/// A labelled dashed line from the plot's top to its bottom.
fn mark(canvas: &Canvas<'_>, x: f64, top: f64, label: &str) -> Result<(), ChartError> {
    let look = Type::bold(LABEL, REFERENCE);
    canvas.dashed((x, top), (x, canvas.layout.plot_bottom), REFERENCE, 2.0)?;
    let (before, after) = (x - canvas.layout.plot_left - 10.0, canvas.layout.right - x - 10.0);
    let fits = x + 10.0 + canvas.width(label, look) < canvas.layout.plot_right;
    let rightward = fits || after > before;
    let (from, align, room) = if rightward { (x + 10.0, Align::Start, after) } else { (x - 10.0, Align::End, before) };
    for (k, line) in canvas.wrapped(label, look, room, 3).iter().enumerate() {
        canvas.text(line, (from, top + LABEL * (0.8 + 1.3 * k as f64)), align, look)?;
    }
    Ok(())
}

/// Share of paths that have paid back, by month, with the simulation's own error.
pub(super) fn payback(material: &Material<'_>) -> Result<Picture, ChartError> {
    let (scenario, paths) = (material.record.scenario(), material.paths());
    let table = material.table("timing")?;
    let read = |row: &[_]| {
        let number = |column| table.number(row, column);
        Some((number("month")?, [number("share")?, number("ci95_low")?, number("ci95_high")?]))
    };
    let months: Vec<(f64, [f64; 3])> = table.rows_where("outcome", "payback_month").filter_map(read).collect();
    let Some(&(_, [share, _, high])) = months.last() else {
        return Err(ChartError("timing.csv has no payback_month".to_owned()));
    };
    let horizon = scenario.horizon_months;
    let paid = material.frequency("payback")?;
    let headline = format!(
        "{} {} the investment back {}, before the cost of capital",
        paid.subject(),
        paid.verb("pays", "pay"),
        words::within(horizon),
    );
    let subtitle = if paths == 1 {
        "Whether cumulative cash is at or above zero again, by month".to_owned()
    } else {
        "Share of simulated futures whose cumulative cash, not discounted, has been at or above zero again by then. \
         The band is the simulation’s own 95% error"
            .to_owned()
    };
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let x = Scale::months(0, horizon, canvas.layout.plot_left, canvas.layout.plot_right);
        // Where nothing is paid back, an axis that ends at the error of nothing would say nothing.
        let ceiling = if paths == 1 {
            1.0
        } else if share == 0.0 {
            high.max(0.01)
        } else {
            high
        };
        let y = Scale::round(0.0, ceiling.min(1.0), canvas.layout.plot_bottom, top, 5.0);
        vertical(canvas, &y, canvas.layout.plot_right, words::percent_tick)?;
        horizontal(canvas, &x, |t| month_label(scenario, t as usize))?;
        let line = |i: usize| -> Vec<(f64, f64)> {
            let start = (x.at(0.0), y.at(0.0));
            std::iter::once(start).chain(months.iter().map(|(t, values)| (x.at(*t), y.at(values[i])))).collect()
        };
        if paths > 1 {
            canvas.band(&line(2), &line(1), ACCENT, NARROW_BAND)?;
        }
        canvas.line(&line(0), ACCENT, 3.5)?;
        canvas.columns(&["month", "share paid back", "95% interval"]);
        let row = |(t, [share, low, high]): &(f64, [f64; 3])| {
            let range = format!("{} to {}", words::percent(*low), words::percent(*high));
            (x.at(*t), vec![month_label(scenario, *t as usize), words::percent(*share), range])
        };
        canvas.upright_spots(months.iter().map(row).collect());
        let rest = format!("{} not {}", words::percent(1.0 - share), words::within(horizon));
        let paid = format!("{} paid back", words::percent(share));
        end_label(canvas, y.at(share), top, &[paid, rest])
    })
}

/// Share of paths at or below `x` on a quantile curve.
fn share_at_most(curve: &[(f64, f64)], x: f64) -> f64 {
    let above = curve.partition_point(|point| point.1 <= x);
    match (above.checked_sub(1).map(|i| curve[i]), curve.get(above)) {
        (None, _) => 0.0,
        (Some(_), None) => 1.0,
        (Some(low), Some(high)) if high.1.is_finite() && high.1 > low.1 => {
            low.0 + (high.0 - low.0) * (x - low.1) / (high.1 - low.1)
        }
        (Some(low), Some(_)) => low.0,
    }
}

/// A row for every tick of the axis, and for nine places between two of them.
fn tell_shares(canvas: &Canvas<'_>, x: &Scale, said: &dyn Fn(f64) -> String, share: &dyn Fn(f64) -> f64) {
    const BETWEEN: usize = 10;
    let steps = (x.ticks.len().max(2) - 1) * BETWEEN;
    let value = |i: usize| x.low + (x.high - x.low) * i as f64 / steps as f64;
    let row = |i: usize| (x.at(value(i)), vec![said(value(i)), words::percent(share(value(i)))]);
    canvas.upright_spots((0..=steps).map(row).collect());
}

/// The peak that a path would need, with its own ramp and churn, against the target.
pub(super) fn required_peak(material: &Material<'_>) -> Result<Picture, ChartError> {
    let (scenario, paths) = (material.record.scenario(), material.paths());
    let curve = material.curve("required_peak_subscribers")?;
    let target = scenario.target_subscribers;
    let enough = material.frequency("required_peak_at_most_target")?;
    let median = material.median("required_peak_subscribers")?;
    let peak = material.median("peak_subscribers")?;
    let hopeless = 1.0 - material.summary("required_peak_subscribers", "reached_share")?.unwrap_or(1.0);
    let headline = match median {
        Some(median) if paths == 1 => format!(
            "For an NPV of zero, this path would need {} subscribers at its peak, {} the target",
            words::people(median),
            words::times(median / target)
        ),
        Some(median) => format!(
            "For an NPV of zero, the median path would need {} subscribers at its peak, {} the target; {} {} with {}",
            words::people(median),
            words::times(median / target),
            words::lower_first(&enough.subject()),
            enough.verb("makes do", "make do"),
            words::people(target)
        ),
        None if paths == 1 => "No number of such subscribers would give this path an NPV of zero".to_owned(),
        None if hopeless >= 1.0 => "On no path would any number of such subscribers give an NPV of zero".to_owned(),
        None => "On most paths no number of such subscribers would give an NPV of zero".to_owned(),
    };
    let subtitle =
        "Share of simulated futures that would reach an NPV of zero with at most so many paying subscribers at the peak, \
                    each with its own ramp, churn and costs"
            .to_owned();
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let finite: Vec<_> = curve.iter().copied().filter(|point| point.1.is_finite()).collect();
        // As far as three in four of the finite ones, but not past ten targets unless most lie there: the tail is endless.
        let at = |quarters: usize| finite.get(finite.len() * quarters / 4).map_or(target, |point| point.1);
        let end = at(3).min((2.0 * at(2)).max(10.0 * target)).max(1.5 * target);
        let x = Scale::round(0.0, end, canvas.layout.plot_left, canvas.layout.plot_right, 8.0);
        let y = Scale::exact(0.0, 1.0, canvas.layout.plot_bottom, top + 36.0, vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        vertical(canvas, &y, canvas.layout.plot_right, words::percent_tick)?;
        horizontal(canvas, &x, words::people_short)?;
        let mut points: Vec<_> =
            finite.iter().filter(|point| point.1 <= x.high).map(|&(p, value)| (x.at(value), y.at(p))).collect();
        let first = points.first().map_or(x.at(x.high), |point| point.0);
        points.splice(0..0, [(x.at(0.0), y.at(0.0)), (first, y.at(0.0))]);
        let reached = share_at_most(&curve, x.high).min(1.0 - hopeless);
        points.push((x.at(x.high), y.at(reached)));
        canvas.line(&points, ACCENT, 3.5)?;
        canvas.columns(&["subscribers at the peak", "share of paths that need no more"]);
        tell_shares(canvas, &x, &words::people_short, &|value| share_at_most(&curve, value));
        let mut labels = vec![format!("{} with at most {}", words::percent(reached), words::people_short(x.high))];
        let more = 1.0 - reached - hopeless;
        if more > 0.000_5 {
            labels.push(format!("{} with more", words::percent(more)));
        }
        if hopeless > 0.0 {
            labels.push(format!("{} with no number of subscribers", words::percent(hopeless)));
        }
        end_label(canvas, y.at(reached), top, &labels)?;
        // Where the median path peaks with what it has: far from what it would need, more often than not.
        if let Some(peak) = peak.filter(|peak| *peak > 0.0 && paths > 1) {
            let place = x.at(peak);
            canvas.dashed((place, top + 36.0), (place, canvas.layout.plot_bottom), GREY, 1.5)?;
            let (look, label) = (Type::plain(LABEL, GREY), format!("median peak: {}", words::people_short(peak)));
            let fits = place + 10.0 + canvas.width(&label, look) < canvas.layout.plot_right;
            let (at, align) = if fits { (place + 10.0, Align::Start) } else { (place - 10.0, Align::End) };
            canvas.text(&label, (at, canvas.layout.plot_bottom - 14.0), align, look)?;
        }
        mark(canvas, x.at(target), top, &format!("target: {}", words::people(target)))
    })
}

/// What the paths could have repaid, whatever was invested.
pub(super) fn affordable_investment(material: &Material<'_>) -> Result<Picture, ChartError> {
    let (scenario, paths) = (material.record.scenario(), material.paths());
    let curve = material.curve("affordable_investment")?;
    let at_least = |x: f64| 1.0 - share_at_most(&curve, x);
    let quantile = |p: f64| curve.iter().find(|point| point.0 >= p - 1e-9).map_or(0.0, |point| point.1);
    let some = material.frequency("affordable_investment_positive")?;
    let anything = some.share;
    let headline = if paths == 1 {
        let sum = quantile(0.5);
        if sum > 0.0 {
            format!("The only path could have repaid {}", words::dollars(sum))
        } else {
            "The only path could not have repaid any investment, with its cost of capital".to_owned()
        }
    } else if anything <= 0.0 {
        "No path could have repaid any investment".to_owned()
    } else {
        let one_in_ten = quantile(0.9);
        let tail = if one_in_ten > 0.0 && one_in_ten > quantile(0.5) {
            format!("; one in ten could have repaid {} or more", words::dollars(one_in_ten))
        } else {
            String::new()
        };
        format!("{} could have repaid some investment with its cost of capital{tail}", some.subject())
    };
    let subtitle =
        "Share of simulated futures whose discounted operating cash would repay an investment of at least so much"
            .to_owned();
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let invested = material.median("investment")?.filter(|sum| *sum > 0.0);
        let widest = quantile(0.995).max(invested.unwrap_or(0.0) * 1.1).max(1.0);
        let x = Scale::round(0.0, widest, canvas.layout.plot_left, canvas.layout.plot_right, 7.0);
        let y = Scale::round(0.0, anything.clamp(0.01, 1.0), canvas.layout.plot_bottom, top + 36.0, 5.0);
        vertical(canvas, &y, canvas.layout.plot_right, words::percent_tick)?;
        horizontal(canvas, &x, words::dollars_short)?;
        let mut points = vec![(x.at(0.0), y.at(anything))];
        let inside = |value: f64| value > 0.0 && value <= x.high;
        points.extend(curve.iter().filter(|p| inside(p.1)).map(|&(p, value)| (x.at(value), y.at(1.0 - p))));
        points.push((x.at(x.high), y.at(at_least(x.high))));
        canvas.line(&points, ACCENT, 3.5)?;
        canvas.columns(&["investment", "share of paths that could repay it"]);
        tell_shares(canvas, &x, &words::dollars_short, &|value| if value > 0.0 { at_least(value) } else { anything });
        start_label(canvas, &points, anything)?;
        if let Some(invested) = invested {
            let varies = material.summary("investment", "min")? != material.summary("investment", "max")?;
            let kind = match scenario.investment_implied_by {
                Some(_) => "implied investment",
                None if varies => "median investment",
                None => "investment",
            };
            let repaid = words::lower_first(&material.frequency("npv_nonnegative")?.subject());
            let label = format!("{kind} {}: NPV ≥ 0 in {repaid}", words::dollars_short(invested));
            mark(canvas, x.at(invested), top, &label)?;
        }
        Ok(())
    })
}

/// Says near the curve's start how many could repay anything: beside a curve that falls, below one that starts out flat,
/// above the axis where there are none.
fn start_label(canvas: &Canvas<'_>, points: &[(f64, f64)], anything: f64) -> Result<(), ChartError> {
    let (bold, plain) = (Type::bold(LABEL, ACCENT), Type::plain(LABEL, GREY));
    let Some(&(left, top)) = points.first() else { return Ok(()) };
    let start = left + 16.0;
    if anything <= 0.0 {
        return canvas.text("no path could repay anything", (start, top - 12.0), Align::Start, bold);
    }
    // Where the curve has fallen below both lines of the label.
    let beside = points.iter().find(|point| point.1 > top + 3.0 * LABEL).map_or(f64::INFINITY, |point| point.0);
    let at = if beside < canvas.layout.plot_right - 320.0 {
        (beside + 16.0, top + LABEL)
    } else {
        (start, top + LABEL * 1.7)
    };
    if anything >= 1.0 {
        return canvas.text("all paths could repay something", at, Align::Start, bold);
    }
    canvas.text(&format!("{} could repay something,", words::percent(anything)), at, Align::Start, bold)?;
    let below = (at.0, at.1 + LABEL * 1.35);
    canvas.text(&format!("{} nothing", words::percent(1.0 - anything)), below, Align::Start, plain)
}

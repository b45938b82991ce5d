//! Charts of a sweep; here those over one input: an outcome and its band, or probabilities, against the input's value.

use super::canvas::{Align, Canvas, Page, Picture, Type, draw};
use super::page::vertical;
use super::scale::{Scale, spread_labels};
use super::theme::{ACCENT, CONTEXT, GREY, INK, LABEL, NARROW_BAND, REFERENCE, WIDE_BAND};
use super::{ChartError, Material, Shows, Sketch, heat};
use crate::results::{SideBySideRecord, SweepRecord, VaryRecord};
use crate::words::{self, Frequency};

/// With more points than these the line alone is drawn.
const MOST_DOTS: usize = 30;

/// What the charts of a sweep are drawn from.
pub(super) type SweepMaterial<'a> = Material<'a, SweepRecord>;

/// One kind of chart of a sweep.
type SweepDrawing = fn(&SweepMaterial<'_>) -> Result<Picture, ChartError>;

impl Shows for SweepRecord {
    /// Curves over one input, maps over two.
    fn sketches(material: SweepMaterial<'_>) -> Vec<Sketch<'_>> {
        let curves: &[(&str, SweepDrawing)] =
            &[("npv", npv), ("probability", probability), ("peak-subscribers", peak_subscribers)];
        let maps: &[(&str, SweepDrawing)] = &[("npv", heat::npv), ("payback", heat::payback)];
        let drawings = if material.details.vary.len() == 1 { curves } else { maps };
        drawings.iter().map(|&(name, draw)| Sketch::new(name, move || draw(&material))).collect()
    }
}

impl Shows for SideBySideRecord {
    /// None: they are drawn from the results of each sweep.
    fn sketches(_: Material<'_, Self>) -> Vec<Sketch<'_>> {
        Vec::new()
    }
}

/// The values of the inputs at a point, and some numbers there.
type PointNumbers = (Vec<f64>, Vec<f64>);

impl<'a> SweepMaterial<'a> {
    /// The input that is varied, where it is one.
    pub(super) fn only_axis(&self) -> Result<&'a VaryRecord, ChartError> {
        match &self.details.vary[..] {
            [only] => Ok(only),
            _ => Err(ChartError("more than one input is varied".to_owned())),
        }
    }

    /// For each point the values of the inputs, and some columns; a point that lacks a number is left out.
    pub(super) fn numbers(&self, columns: &[&str]) -> Result<Vec<PointNumbers>, ChartError> {
        let table = self.table("sweep")?;
        let all = |row: &[_], names: &[&str]| -> Option<Vec<f64>> {
            names.iter().map(|name| table.number(row, name).filter(|x| x.is_finite())).collect()
        };
        let inputs: Vec<&str> = self.details.vary.iter().map(|vary| vary.input.as_str()).collect();
        Ok(table.rows.iter().filter_map(|row| Some((all(row, &inputs)?, all(row, columns)?))).collect())
    }
}

/// An outcome at each value: value, mean, and the 5th and 95th percentile.
pub(super) struct Band {
    pub(super) points: Vec<(f64, [f64; 3])>,
}

impl Band {
    pub(super) fn of(material: &SweepMaterial<'_>, outcome: &str) -> Result<Self, ChartError> {
        let names = ["mean", "p05", "p95"].map(|what| format!("{outcome}_{what}"));
        let columns = [&names[0], &names[1], &names[2]];
        let points = material.numbers(&columns.map(String::as_str))?;
        let mut points: Vec<_> = points.into_iter().map(|(x, y)| (x[0], [y[0], y[1], y[2]])).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(Self { points })
    }

    /// The lowest and highest number of the band.
    pub(super) fn extremes(&self) -> (f64, f64) {
        let all = self.points.iter().flat_map(|point| point.1);
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)))
    }

    /// Where the mean is highest.
    fn best(&self) -> (f64, f64) {
        let best = self.points.iter().fold(None, |best: Option<(f64, f64)>, (x, [mean, ..])| match best {
            Some(best) if best.1 >= *mean => Some(best),
            _ => Some((*x, *mean)),
        });
        best.unwrap_or((0.0, 0.0))
    }

    pub(super) fn draw(&self, canvas: &Canvas<'_>, x: &Scale, y: &Scale, width: f64) -> Result<(), ChartError> {
        let line = |i: usize| -> Vec<(f64, f64)> { self.points.iter().map(|(v, q)| (x.at(*v), y.at(q[i]))).collect() };
        if let [(value, [_, low, high])] = self.points[..] {
            let (middle, half) = (x.at(value), 26.0);
            let side = |s: f64| vec![(middle + s * half, y.at(high)), (middle + s * half, y.at(low))];
            canvas.band(&side(-1.0), &side(1.0), ACCENT, WIDE_BAND)?;
        } else {
            canvas.band(&line(2), &line(1), ACCENT, WIDE_BAND)?;
            canvas.line(&line(0), ACCENT, width)?;
        }
        if self.points.len() <= MOST_DOTS {
            for point in line(0) {
                canvas.dot(point, width * 1.5, ACCENT)?;
            }
        }
        Ok(())
    }
}

/// The axis of the varied input.
pub(super) fn axis_of(vary: &VaryRecord, from: f64, to: f64, count: f64) -> Scale {
    let (low, high) = vary.ends();
    let (low, high) =
        if high > low { (low, high) } else { (low - low.abs().mul_add(0.1, 0.5), low + low.abs().mul_add(0.1, 0.5)) };
    let round = Scale::round(low, high, from, to, count);
    let room = (high - low) * 0.025;
    let mut ticks: Vec<f64> = round.ticks.iter().copied().filter(|t| *t >= low - room && *t <= high + room).collect();
    if let [only] = vary.values[..] {
        ticks = vec![only];
    }
    Scale::exact(low - room, high + room, from, to, ticks)
}

/// Ticks of the varied input, with its name below.
pub(super) fn horizontal_axis(canvas: &Canvas<'_>, x: &Scale, vary: &VaryRecord) -> Result<(), ChartError> {
    super::page::horizontal(canvas, x, |value| words::amount_short(value, &vary.unit))?;
    let middle = f64::midpoint(canvas.layout.plot_left, canvas.layout.plot_right);
    canvas.text(&vary.name(), (middle, canvas.layout.plot_bottom + 60.0), Align::Middle, Type::plain(LABEL, GREY))
}

/// What the scenario itself says of the input: a shaded range with its label, or a line.
pub(super) fn scenarios_own(canvas: &Canvas<'_>, x: &Scale, vary: &VaryRecord, top: f64) -> Result<(), ChartError> {
    let Some([low, high]) = vary.scenario_range.filter(|_| vary.values.len() > 1) else { return Ok(()) };
    let (from, to) = (low.max(x.low), high.min(x.high));
    let label = if low < high {
        format!("the scenario: {} to {}", words::amount(low, &vary.unit), words::amount(high, &vary.unit))
    } else {
        format!("the scenario: {}", words::amount(low, &vary.unit))
    };
    if to < from {
        return Ok(());
    }
    let (left, right) = (x.at(from), x.at(to));
    if low < high {
        let corners =
            [(left, top), (right, top), (right, canvas.layout.plot_bottom), (left, canvas.layout.plot_bottom)];
        canvas.area(&corners, CONTEXT, 0.22)?;
    } else {
        canvas.dashed((left, top), (left, canvas.layout.plot_bottom), GREY, 1.5)?;
    }
    let look = Type::plain(LABEL, GREY);
    let (at, align) = if left + 10.0 + canvas.width(&label, look) < canvas.layout.plot_right {
        (left + 10.0, Align::Start)
    } else {
        (canvas.layout.plot_right - 10.0, Align::End)
    };
    canvas.text(&label, (at, top + LABEL), align, look)
}

/// `any monthly price from $5 to $10`, or `a monthly price of $7.50` where there is one alone.
fn any_value(vary: &VaryRecord) -> String {
    let name = vary.name();
    let (low, high) = vary.ends();
    if low < high {
        let (low, high) = (words::amount(low, &vary.unit), words::amount(high, &vary.unit));
        format!("any {name} from {low} to {high}")
    } else {
        format!("{} of {}", words::a(&name), words::amount(low, &vary.unit))
    }
}

/// How an outcome is drawn against the input.
pub(super) struct Outcome {
    pub(super) name: &'static str,
    pub(super) said: &'static str,
    pub(super) unit: &'static str,
    pub(super) short: fn(f64) -> String,
    pub(super) long: fn(f64) -> String,
}

/// Net present value.
pub(super) const NPV: Outcome = Outcome {
    name: "npv",
    said: "NPV",
    unit: "Net present value over the horizon, dollars",
    short: words::dollars_short,
    long: words::dollars,
};

/// Paying subscribers at their peak.
const PEAK: Outcome = Outcome {
    name: "peak_subscribers",
    said: "peak",
    unit: "Paying subscribers at their peak, persons",
    short: words::people_short,
    long: words::people,
};

pub(super) fn npv(material: &SweepMaterial<'_>) -> Result<Picture, ChartError> {
    outcome(material, &NPV, 0.0, "zero")
}

pub(super) fn peak_subscribers(material: &SweepMaterial<'_>) -> Result<Picture, ChartError> {
    let target = material.record.scenario().target_subscribers;
    outcome(material, &PEAK, target, &format!("target: {}", words::people(target)))
}

fn outcome(
    material: &SweepMaterial<'_>,
    what: &Outcome,
    reference: f64,
    reference_label: &str,
) -> Result<Picture, ChartError> {
    let vary = material.only_axis()?;
    let band = Band::of(material, what.name)?;
    let (best, mean) = band.best();
    let (single, alone) = (material.paths() == 1, band.points.len() == 1);
    let name = vary.name();
    let a_name = words::a(&name);
    let best_said = words::amount(best, &vary.unit);
    let value = (what.long)(mean);
    let mean_said =
        if single { format!("The {} of the only path", what.said) } else { format!("The mean {}", what.said) };
    let beyond = material.details.still_higher_at.filter(|_| what.name == "npv");
    let headline = if let Some(beyond) = beyond {
        let (most, beyond) = (words::amount(vary.ends().1, &vary.unit), words::amount(beyond, &vary.unit));
        format!(
            "The model finds no best {name} up to {most}: {} is still higher at {beyond}",
            words::lower_first(&mean_said)
        )
    } else if alone {
        format!("{mean_said} at {a_name} of {best_said} is {value}")
    } else if !vary.chosen {
        let end = |i: usize| {
            band.points.get(i).map_or((String::new(), String::new()), |point| {
                (words::amount(point.0, &vary.unit), (what.long)(point.1[0]))
            })
        };
        let ((from, first), (to, last)) = (end(0), end(band.points.len() - 1));
        format!("{mean_said} goes from {first} at {a_name} of {from} to {last} at {to}")
    } else if mean < reference && what.name == "npv" {
        let (low, high) = vary.ends();
        let (low, high) = (words::amount(low, &vary.unit), words::amount(high, &vary.unit));
        let range = format!("from {low} to {high}");
        format!(
            "{mean_said} is below zero at every {name} {range}; it is highest at {best_said}, {}",
            (what.long)(mean)
        )
    } else {
        format!("{mean_said} is highest at {a_name} of {best_said}: {value}")
    };
    let bands = if single { "" } else { ". The line is the mean, the band holds 90% of the paths" };
    let page = Page::new(material.record, headline, format!("{}{bands}", what.unit));
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let (low, high) = band.extremes();
        let (low, high) = (low.min(reference).min(0.0), high.max(reference));
        let x = axis_of(vary, canvas.layout.plot_left, canvas.layout.plot_right, 10.0);
        let room = (high - low) * 0.05;
        let y = Scale::round(low, high + room, canvas.layout.plot_bottom, top, 6.0);
        scenarios_own(canvas, &x, vary, y.at(y.high))?;
        vertical(canvas, &y, canvas.layout.plot_right, what.short)?;
        horizontal_axis(canvas, &x, vary)?;
        band.draw(canvas, &x, &y, 3.5)?;
        let at = y.at(reference);
        canvas.dashed((canvas.layout.plot_left, at), (canvas.layout.plot_right, at), REFERENCE, 2.0)?;
        canvas.text(
            reference_label,
            (canvas.layout.plot_right + 18.0, at + LABEL * 0.35),
            Align::Start,
            Type::bold(LABEL, REFERENCE),
        )?;
        canvas.columns(&[&name, "mean", "5th percentile", "95th percentile"]);
        let row = |(value, q): &(f64, [f64; 3])| {
            let cells = std::iter::once(words::amount(*value, &vary.unit)).chain(q.map(what.short)).collect();
            (x.at(*value), cells)
        };
        canvas.upright_spots(band.points.iter().map(row).collect());
        if let Some((_, [mean, low, high])) = band.points.last() {
            let texts: &[(&str, f64, bool)] = if single {
                &[("the only path", *mean, true)]
            } else {
                &[("95th percentile", *high, false), ("mean", *mean, true), ("5th percentile", *low, false)]
            };
            end_labels(canvas, &y, texts, Some(at))?;
        }
        if !alone {
            let (left, height) = (x.at(best), y.at(mean));
            canvas.ring((left, height), 9.0, INK)?;
            let look = Type::bold(LABEL, INK);
            let label = if beyond.is_some() { "end of the range".to_owned() } else { format!("highest: {best_said}") };
            let half = canvas.width(&label, look) / 2.0;
            let middle = left.clamp(canvas.layout.plot_left + half + 6.0, canvas.layout.plot_right - half - 6.0);
            canvas.text(&label, (middle, height - 20.0), Align::Middle, look)?;
        }
        Ok(())
    })
}

/// Labels right of the plot, moved apart; none where something else stands, at `taken`.
fn end_labels(
    canvas: &Canvas<'_>,
    y: &Scale,
    texts: &[(&str, f64, bool)],
    taken: Option<f64>,
) -> Result<(), ChartError> {
    let mut wishes: Vec<f64> = texts.iter().map(|text| y.at(text.1)).collect();
    wishes.extend(taken);
    let places = spread_labels(&wishes, LABEL * 1.3, y.at(y.high), canvas.layout.plot_bottom - 4.0);
    for (((text, _, main), place), wish) in texts.iter().zip(places).zip(wishes) {
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

/// Shares at each value: value, share, and its 95% interval.
pub(super) struct Shares {
    pub(super) points: Vec<(f64, [f64; 3])>,
}

impl Shares {
    pub(super) fn of(material: &SweepMaterial<'_>, event: &str) -> Result<Self, ChartError> {
        let (low, high) = (format!("{event}_ci95_low"), format!("{event}_ci95_high"));
        let points = material.numbers(&[event, &low, &high])?;
        let mut points: Vec<_> = points.into_iter().map(|(x, y)| (x[0], [y[0], y[1], y[2]])).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(Self { points })
    }

    pub(super) fn highest(&self) -> (f64, f64) {
        let more =
            |best: (f64, f64), (x, [share, ..]): &(f64, [f64; 3])| if *share > best.1 { (*x, *share) } else { best };
        self.points.iter().fold((f64::NAN, 0.0), more)
    }
}

/// Payback and the target's probability.
pub(super) fn probability(material: &SweepMaterial<'_>) -> Result<Picture, ChartError> {
    let vary = material.only_axis()?;
    let (payback, target) = (Shares::of(material, "payback")?, Shares::of(material, "target_reached")?);
    let (scenario, paths) = (material.record.scenario(), material.paths());
    let (best, share) = payback.highest();
    let a_name = words::a(&vary.name());
    let within = words::within(scenario.horizon_months);
    let who = Frequency::of_share(share, paths);
    let headline = if share <= 0.0 {
        format!("No simulated future pays the investment back {within} at {}", any_value(vary))
    } else if payback.points.len() == 1 {
        let best = words::amount(best, &vary.unit);
        format!(
            "{} {} the investment back {within} at {a_name} of {best}, before the cost of capital",
            who.subject(),
            who.verb("pays", "pay")
        )
    } else {
        let best = words::amount(best, &vary.unit);
        format!(
            "Payback is likeliest at {a_name} of {best}: {} {} the investment back {within}, before the cost of capital",
            words::lower_first(&who.subject()),
            who.verb("pays", "pay")
        )
    };
    let mut subtitle = "Share of simulated futures, by value".to_owned();
    if paths > 1 {
        subtitle += "; bands are the simulation’s own 95% error";
    }
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let all = payback.points.iter().chain(&target.points);
        let highest = all.map(|point| point.1[0]).fold(0.0, f64::max);
        let x = axis_of(vary, canvas.layout.plot_left, canvas.layout.plot_right, 10.0);
        let y = Scale::round(0.0, (highest * 1.15).clamp(0.001, 1.0), canvas.layout.plot_bottom, top + 28.0, 5.0);
        scenarios_own(canvas, &x, vary, y.at(y.high))?;
        vertical(canvas, &y, canvas.layout.plot_right, words::percent_tick)?;
        horizontal_axis(canvas, &x, vary)?;
        let target_label = format!("{} reached", words::people(scenario.target_subscribers));
        canvas.columns(&[&vary.name(), "paid back", "95% interval", &target_label, "95% interval"]);
        let range = |q: &[f64; 3]| format!("{} to {}", words::percent(q[1]), words::percent(q[2]));
        let rows = payback.points.iter().zip(&target.points).map(|((value, p), (_, t))| {
            let said = [words::percent(p[0]), range(p), words::percent(t[0]), range(t)];
            (x.at(*value), std::iter::once(words::amount(*value, &vary.unit)).chain(said).collect())
        });
        canvas.upright_spots(rows.collect());
        let mut labels = Vec::new();
        for (shares, label, colour) in [(&target, target_label, GREY), (&payback, "paid back".to_owned(), ACCENT)] {
            let line = |i: usize| -> Vec<(f64, f64)> {
                shares.points.iter().map(|(value, q)| (x.at(*value), y.at(q[i]))).collect()
            };
            if shares.points.len() > 1 {
                if paths > 1 {
                    canvas.band(&line(2), &line(1), colour, NARROW_BAND)?;
                }
                canvas.line(&line(0), colour, 3.5)?;
            } else if let [(value, [_, low, high])] = shares.points[..] {
                canvas.line(&[(x.at(value), y.at(low)), (x.at(value), y.at(high))], colour, 2.0)?;
            }
            if shares.points.len() <= MOST_DOTS {
                for point in line(0) {
                    canvas.dot(point, 5.0, colour)?;
                }
            }
            labels.extend(line(0).last().map(|end| (label, end.1, colour)));
        }
        let wishes: Vec<f64> = labels.iter().map(|label| label.1).collect();
        let places = spread_labels(&wishes, LABEL * 1.3, top, canvas.layout.plot_bottom - 4.0);
        for ((text, _, colour), place) in labels.iter().zip(places) {
            canvas.text(
                text,
                (canvas.layout.plot_right + 18.0, place + LABEL * 0.35),
                Align::Start,
                Type::bold(LABEL, *colour),
            )?;
        }
        Ok(())
    })
}

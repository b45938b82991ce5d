//! Charts of what knowing is worth: each input beside everything, studies by their size, and which option is best where.

use super::canvas::{Align, Canvas, Page, Picture, Type, draw};
use super::page::{horizontal, tick_labels, vertical};
use super::rows::Rows;
use super::scale::{Scale, spread_labels};
use super::theme::{ACCENT, GREY, GRID, INK, LABEL, NARROW_BAND, REFERENCE};
use super::{ChartError, Material, Sketch};
use crate::aggregate::Estimate;
use crate::results::{BestAlong, StudyRecord, Valued, VoiRecord, Worthwhile, the};
use crate::scenario::called;
use crate::table::Row;
use crate::words;

/// What the charts of the value of information are drawn from.
type VoiMaterial<'a> = Material<'a, VoiRecord>;

/// Inputs in a chart.
const ROWS: usize = 10;
/// … where none of them is worth anything.
const WORTHLESS: usize = 4;
/// Options in a chart.
const OPTIONS: usize = 12;

/// Every chart of the value of information.
pub(super) fn sketches(material: VoiMaterial<'_>) -> Vec<Sketch<'_>> {
    let has = |table: &str| material.results.rows(table).next().is_some();
    let valued = Valued::new(material.results, material.details);
    let mut out = Vec::new();
    if !valued.known().is_empty() {
        out.push(Sketch::new("value", move || value(&material)));
    }
    for (i, study) in material.details.studies.iter().enumerate() {
        let name = if i == 0 { "study".to_owned() } else { format!("study-{}", i + 1) };
        out.push(Sketch::new(name, move || by_size(&material, study)));
    }
    if has("choice") && !valued.worthwhile().is_empty() {
        out.push(Sketch::new("choice", move || choice(&material)));
    }
    out
}

impl<'a> VoiMaterial<'a> {
    fn valued(&self) -> Valued<'a> {
        Valued::new(self.results, self.details)
    }
}

/// An input or several: `Refusal rate and monthly churn`.
fn name_of(known: &Worthwhile<'_>) -> String {
    let names: Vec<String> = known.names().into_iter().map(called).collect();
    words::upper_first(&words::list(&names))
}

/// A worth with its error: `$2.2M ± $0.6M`.
fn told(value: &Estimate) -> String {
    match value.interval.map(|(low, high)| 0.5 * (high - low)).filter(|half| *half > 1e-9 * value.value.abs()) {
        Some(half) => words::dollars_short_with_error(value.value, half),
        None => words::dollars_short(value.value),
    }
}

/// A worth in a headline, which has no room for its error: to two digits.
fn about(value: &Estimate) -> String {
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
    let all = valued.known();
    let mut shown: Vec<Worthwhile<'_>> = all.iter().filter(|known| known.value.value > 0.0).copied().collect();
    if shown.is_empty() {
        shown = all.iter().take(WORTHLESS).copied().collect();
    }
    shown.truncate(ROWS);
    let headline = match valued.worthwhile().first() {
        _ if valued.hardly_differ() => "The choice hardly matters, so nothing is worth knowing".to_owned(),
        _ if !valued.counts(&everything) => "Knowing more beforehand would be worth next to nothing".to_owned(),
        None => format!("Knowing everything would be worth {}, but no input alone", about(&everything)),
        Some(first) => format!("Most worth knowing: {}, at {}", the(first.know), about(&first.value)),
    };
    let subtitle = format!(
        "By how much mean NPV would be higher if it were known {}, with the simulation’s own 95% error",
        before(&valued)
    );
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
            let assumed = if known.is_assumed() { " (assumed)" } else { "" };
            lines.name(canvas, i, &format!("{name}{assumed}"), Type::plain(LABEL, INK))?;
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

/// What a study is worth by its size, and what is left of that after its cost.
fn by_size(material: &VoiMaterial<'_>, study: &StudyRecord) -> Result<Picture, ChartError> {
    let valued = material.valued();
    let sizes = valued.sizes(&study.study);
    let known = valued.known().into_iter().find(|known| known.know == study.input).map(|known| known.value);
    let perfect = known.map_or(0.0, |value| value.value);
    let has_cost = sizes.iter().any(|size| size.2.is_some());
    let asked = valued.study_at(&study.study, study.n).unwrap_or(Estimate::exact(0.0));
    let (what, what_for) = (words::upper_first(&study.said(study.n)), the(&study.input));
    let headline = match study.best_n {
        _ if !valued.counts(&asked) => format!("{what} would be worth nothing"),
        Some(best) => format!("The best size of a study of {what_for} is about {}", words::count(best)),
        None if has_cost => format!("At its cost a study of {what_for} pays at no size"),
        None => format!("{what} would be worth {}", about(&asked)),
    };
    let unit = if study.sd.is_some() { "measurements" } else { "people asked" };
    let net_says = if has_cost { "; the thin line is worth less cost" } else { "" };
    let subtitle = format!(
        "By how much mean NPV would be higher with the study’s result, by the number of {unit}{net_says}; the band is the simulation’s own 95% error"
    );
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 10.0;
        let layout = canvas.layout;
        let of = |n: f64| libm::log10(n);
        let most_n = sizes.iter().map(|size| size.0).fold(10.0, f64::max);
        let ticks = (0..=9).map(f64::from).filter(|power| *power <= of(most_n)).collect();
        let x = Scale::exact(0.0, of(most_n), layout.plot_left, layout.plot_right, ticks);
        let high = |x: &Estimate| x.interval.map_or(x.value, |(_, high)| high);
        let most = sizes.iter().map(|size| high(&size.1)).fold(perfect, f64::max);
        let most = if most > 0.0 { most } else { 1.0 };
        // A cost that grows without end would squeeze everything else.
        let floor = -0.35 * most;
        let least = sizes.iter().filter_map(|size| size.2).fold(0.0, f64::min).max(floor);
        let y = Scale::round(least, most, layout.plot_bottom, top, 5.0);
        vertical(canvas, &y, layout.plot_right, words::dollars_short)?;
        horizontal(canvas, &x, |power| words::people_short(libm::pow(10.0, power)))?;
        canvas.text(
            unit,
            (f64::midpoint(layout.plot_left, layout.plot_right), layout.plot_bottom + 60.0),
            Align::Middle,
            Type::plain(LABEL, GREY),
        )?;
        canvas.line(&[(layout.plot_left, y.at(0.0)), (layout.plot_right, y.at(0.0))], GREY, 1.0)?;
        let line = |k: usize| -> Vec<(f64, f64)> {
            let place = |(n, value, _): &(f64, Estimate, Option<f64>)| {
                let (low, high) = value.interval.unwrap_or((value.value, value.value));
                (x.at(of(*n)), y.at([value.value, low, high][k]))
            };
            sizes.iter().map(place).collect()
        };
        canvas.band(&line(2), &line(1), ACCENT, NARROW_BAND)?;
        canvas.line(&line(0), ACCENT, 3.0)?;
        let end = layout.plot_right;
        canvas.dashed((layout.plot_left, y.at(perfect)), (end, y.at(perfect)), REFERENCE, 2.0)?;
        let mut labels = vec![(y.at(perfect), format!("known exactly: {}", words::dollars_short(perfect)), REFERENCE)];
        // Where the two lines meet one label says both.
        if let Some(last) = sizes.last().filter(|last| (y.at(last.1.value) - y.at(perfect)).abs() > LABEL * 1.4) {
            labels.push((y.at(last.1.value), format!("worth: {}", words::dollars_short(last.1.value)), ACCENT));
        }
        let net: Vec<(f64, f64)> = sizes.iter().filter_map(|(n, _, net)| Some((x.at(of(*n)), (*net)?))).collect();
        // It ends where it leaves the axis.
        let inside: Vec<(f64, f64)> =
            net.iter().take_while(|(_, net)| *net >= y.low).map(|(at, net)| (*at, y.at(*net))).collect();
        canvas.line(&inside, INK, 2.0)?;
        if let (Some(last), true) = (inside.last(), inside.len() == net.len()) {
            labels.push((last.1, "less its cost".to_owned(), INK));
        } else if let Some(last) = inside.last() {
            let fits = last.0 + 130.0 < layout.plot_right;
            let (at, align) = if fits { (last.0 + 10.0, Align::Start) } else { (last.0 - 10.0, Align::End) };
            canvas.text("less its cost", (at, last.1), align, Type::bold(LABEL, INK))?;
        }
        let places: Vec<f64> = labels.iter().map(|label| label.0 + LABEL * 0.35).collect();
        let places = spread_labels(&places, LABEL * 1.35, top, layout.plot_bottom);
        for ((_, text, colour), at) in labels.iter().zip(places) {
            let look = Type::bold(LABEL, *colour);
            for (k, line) in canvas.wrapped(text, look, layout.label_width, 2).iter().enumerate() {
                canvas.text(line, (end + 18.0, at + k as f64 * LABEL * 1.3), Align::Start, look)?;
            }
        }
        canvas.dot((x.at(of(study.n as f64)), y.at(asked.value)), 7.0, ACCENT)?;
        canvas.columns(&[unit, "worth", "less its cost"]);
        let row = |(n, value, net): &(f64, Estimate, Option<f64>)| {
            let net = net.map_or_else(String::new, words::dollars_short);
            (x.at(of(*n)), vec![words::count(*n as u64), told(value), net])
        };
        canvas.upright_spots(sizes.iter().map(row).collect());
        Ok(())
    })
}

/// A part of the futures, in the order of the input that is most worth knowing.
struct Part<'r> {
    from: f64,
    to: f64,
    row: Row<'r>,
}

/// Which option is best along the input that is most worth knowing.
fn choice(material: &VoiMaterial<'_>) -> Result<Picture, ChartError> {
    let valued = material.valued();
    let mut parts: Vec<Part<'_>> = Vec::new();
    for row in material.table("choice")?.each_row() {
        let from = parts.last().map_or(0.0, |part| part.to);
        parts.push(Part { from, to: from + row.number("share").unwrap_or(0.0), row });
    }
    let BestAlong { know, unit, stretches } =
        valued.best_along().ok_or_else(|| ChartError("choice.csv has no stretch".to_owned()))?;
    // The options that are best anywhere, in their own order.
    let is_best = |row: &Row<'_>| stretches.iter().any(|stretch| Some(stretch.1) == row.text("option"));
    let mut options: Vec<Row<'_>> = valued.options().into_iter().filter(is_best).collect();
    options.truncate(OPTIONS);
    let value = valued.worthwhile().into_iter().find(|known| known.know == know).map(|known| known.value);
    let labels: Vec<String> = options.iter().map(|row| valued.label(row)).collect();
    let headline = match (labels.as_slice(), value) {
        ([only], _) => format!("{only} is best all along {}", the(know)),
        (_, Some(value)) => format!(
            "{} is worth {} because it decides between {}",
            words::upper_first(&the(know)),
            about(&value),
            if labels.len() > 4 { format!("{} options", labels.len()) } else { words::list(&labels) }
        ),
        _ => format!("Which {} is best depends on {}", valued.chosen(), the(know)),
    };
    let subtitle = format!(
        "The best {} where {} is known: futures in its order, from the lowest to the highest",
        valued.chosen(),
        the(know)
    );
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 10.0;
        let layout = canvas.layout;
        let left = (layout.width * 0.2).clamp(120.0, 300.0);
        let right = layout.right - 12.0;
        let lines = Rows::new(canvas, options.len(), (top, layout.plot_bottom - 10.0), left);
        let x = Scale::exact(0.0, 1.0, left, right, vec![0.0, 0.25, 0.5, 0.75, 1.0]);
        for &tick in &x.ticks {
            canvas.line(&[(x.at(tick), top), (x.at(tick), lines.bottom())], GRID, 1.0)?;
        }
        axis(canvas, &x, lines.bottom(), &parts, know, unit)?;
        canvas.columns(&[valued.chosen().as_str(), &called(know), "gain there"]);
        for (i, (option, label)) in options.iter().zip(&labels).enumerate() {
            lines.name(canvas, i, label, Type::plain(LABEL, INK))?;
            let (upper, lower) = lines.row(i).bar();
            let whose = |part: &Part<'_>| part.row.text("option") == option.text("option");
            for stretch in parts.chunk_by(|a, b| a.row.text("option") == b.row.text("option")).filter(|s| whose(&s[0]))
            {
                let (from, to) = (x.at(stretch[0].from), x.at(stretch[stretch.len() - 1].to));
                canvas.area(&[(from, upper), (to, upper), (to, lower), (from, lower)], ACCENT, 0.85)?;
                // Where it begins to be the best, unless that is at the beginning.
                let begins = value_at(stretch[0].row.number("low").unwrap_or(0.0), unit);
                let look = Type::plain(LABEL, GREY);
                let (before, room) = (from - 8.0, from - left - 12.0);
                if stretch[0].from > 0.0 && canvas.width(&begins, look) < room {
                    canvas.text(&begins, (before, lines.row(i).middle() + LABEL * 0.35), Align::End, look)?;
                }
            }
            for part in parts.iter().filter(|part| whose(part)) {
                let (from, to) = (x.at(part.from), x.at(part.to));
                let amount = |column: &str| value_at(part.row.number(column).unwrap_or(0.0), unit);
                let gain = part.row.estimate("gain").map_or_else(String::new, |gain| told(&gain));
                canvas.spot(
                    [from, lines.row(i).top, to, lines.row(i).top + lines.row(i).height],
                    vec![label.clone(), format!("{} to {}", amount("low"), amount("high")), gain],
                );
            }
        }
        Ok(())
    })
}

/// A value of an input or the month of an event.
fn value_at(x: f64, unit: &str) -> String {
    match unit {
        "month" if x.is_infinite() => "never".to_owned(),
        "month" => format!("month {x:.0}"),
        unit => words::amount_about(x, unit),
    }
}

/// The input's values below the rows, where a part of the futures begins.
fn axis(
    canvas: &Canvas<'_>,
    x: &Scale,
    bottom: f64,
    parts: &[Part<'_>],
    know: &str,
    unit: &str,
) -> Result<(), ChartError> {
    let at = |share: f64| {
        let part = parts.iter().find(|part| part.to > share + 1e-9);
        let number = match part {
            Some(part) => part.row.number("low"),
            None => parts.last().and_then(|part| part.row.number("high")),
        };
        value_at(number.unwrap_or(0.0), unit)
    };
    let plain = Type::plain(LABEL, GREY);
    for &tick in &x.ticks {
        let align = if tick <= 0.0 {
            Align::Start
        } else if tick >= 1.0 {
            Align::End
        } else {
            Align::Middle
        };
        canvas.text(&at(tick), (x.at(tick), bottom + 28.0), align, plain)?;
    }
    let middle = x.at(0.5);
    canvas.text(
        &format!("{} (a quarter of the futures between two marks)", called(know)),
        (middle, bottom + 56.0),
        Align::Middle,
        plain,
    )
}

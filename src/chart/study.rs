//! The chart of a study: what it is worth by its size, and what is left of that after its cost.

use super::ChartError;
use super::canvas::{Align, Page, Picture, Type, draw};
use super::page::{horizontal, vertical};
use super::scale::{Scale, spread_labels};
use super::theme::{ACCENT, GREY, INK, LABEL, NARROW_BAND, REFERENCE};
use super::voi::{VoiMaterial, about, told};
use crate::aggregate::Estimate;
use crate::results::{StudyRecord, the};
use crate::words;

/// What a study is worth by its size, and what is left of that after its cost.
pub(super) fn by_size(material: &VoiMaterial<'_>, study: &StudyRecord) -> Result<Picture, ChartError> {
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
    let net_says = if has_cost { "; thin line: after its cost" } else { "" };
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
            labels.push((last.1, "after its cost".to_owned(), INK));
        } else if let Some(last) = inside.last() {
            let fits = last.0 + 130.0 < layout.plot_right;
            let (at, align) = if fits { (last.0 + 10.0, Align::Start) } else { (last.0 - 10.0, Align::End) };
            canvas.text("after its cost", (at, last.1), align, Type::bold(LABEL, INK))?;
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
        let best = sizes.iter().find(|size| study.best_n.is_some_and(|best| size.0 == best as f64));
        if let Some((n, Some(net))) = best.map(|size| (size.0, size.2)) {
            let at = (x.at(of(n)), y.at(net));
            canvas.ring(at, 8.0, INK)?;
            let text = format!("best: {}", words::count(n as u64));
            canvas.text(&text, (at.0, at.1 + LABEL * 2.0), Align::Middle, Type::bold(LABEL, INK))?;
        }
        canvas.columns(&[unit, "worth", "after its cost"]);
        let row = |(n, value, net): &(f64, Estimate, Option<f64>)| {
            let net = net.map_or_else(String::new, words::dollars_short);
            (x.at(of(*n)), vec![words::count(*n as u64), told(value), net])
        };
        canvas.upright_spots(sizes.iter().map(row).collect());
        Ok(())
    })
}

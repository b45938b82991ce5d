//! The chart of a choice: which option is best where along the input that is most worth knowing.

use super::ChartError;
use super::canvas::{Align, Canvas, Page, Picture, Type, draw};
use super::rows::Rows;
use super::scale::Scale;
use super::theme::{ACCENT, GREY, GRID, INK, LABEL};
use super::voi::{VoiMaterial, about, told};
use crate::results::{BestAlong, the};
use crate::scenario::called;
use crate::table::Row;
use crate::words;

/// Options in the chart.
const OPTIONS: usize = 12;

/// A part of the futures, in the order of the input that is most worth knowing.
struct Part<'r> {
    from: f64,
    to: f64,
    row: Row<'r>,
}

/// Which option is best along the input that is most worth knowing.
pub(super) fn choice(material: &VoiMaterial<'_>) -> Result<Picture, ChartError> {
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
            "Knowing {} is worth {} because it decides {}",
            the(know),
            about(&value),
            if labels.len() > 4 {
                format!("among {} options", labels.len())
            } else {
                format!("between {}", words::list(&labels))
            }
        ),
        _ => format!("Which {} is best depends on {}", valued.chosen(), the(know)),
    };
    let subtitle = format!(
        "The best {} at each level of {}, which rises from left to right over all simulated futures",
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
        // A mark stands where a part begins, since only there the input's value is known.
        let near = |share: f64| {
            let away = |part: &&Part<'_>| (part.from - share).abs();
            parts.iter().min_by(|a, b| away(a).total_cmp(&away(b))).map_or(share, |part| part.from)
        };
        let mut marks = vec![0.0, near(0.25), near(0.5), near(0.75), 1.0];
        marks.dedup();
        let x = Scale::exact(0.0, 1.0, left, right, marks);
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
        let number = match parts.iter().find(|part| part.from == share) {
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
        &format!("{} (about a quarter of the futures between two marks)", called(know)),
        (middle, bottom + 56.0),
        Align::Middle,
        plain,
    )
}

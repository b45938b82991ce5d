//! What a subscriber brings and costs a month: from the price to the margin.

use super::canvas::{Align, Page, Picture, Type, draw};
use super::page::vertical;
use super::scale::Scale;
use super::theme::{ACCENT, CONTEXT, GREY, INK, LABEL, REFERENCE};
use super::{ChartError, Material};
use crate::words;

/// One bar: what it is, where it stands, and its mean, 5th and 95th percentile.
struct Bar {
    name: &'static str,
    from: f64,
    mean: f64,
    ends: [f64; 2],
}

/// How a component is called on the chart.
fn said(component: &str) -> Option<&'static str> {
    Some(match component {
        "price" => "price",
        "free_months" => "free months",
        "fees" => "fees",
        "ancillary" => "ancillary margin",
        "serving_cost" => "cost to serve",
        "support" => "support",
        "acquisition" => "acquisition",
        "margin" => "margin",
        _ => return None,
    })
}

/// Unit economics as a waterfall. Components that are zero on every path are left out.
pub(super) fn unit_economics(material: &Material<'_>) -> Result<Picture, ChartError> {
    let table = material.table("unit-economics")?;
    let mut bars: Vec<Bar> = Vec::new();
    let mut at = 0.0;
    for row in table.rows_of_all() {
        let number = |column| table.number(row, column);
        let (Some(name), Some(mean)) =
            (table.cell(row, "component").and_then(|cell| cell.text()).and_then(said), number("mean"))
        else {
            continue;
        };
        let ends = [number("p05").unwrap_or(mean), number("p95").unwrap_or(mean)];
        let last = name == "margin";
        if mean == 0.0 && ends == [0.0, 0.0] && !last {
            continue;
        }
        bars.push(Bar { name, from: if last { 0.0 } else { at }, mean, ends });
        at += mean;
    }
    let Some(margin) = bars.last().filter(|bar| bar.name == "margin") else {
        return Err(ChartError("unit-economics.csv has no margin".to_owned()));
    };
    let single = bars.iter().all(|bar| bar.ends[0] == bar.ends[1]);
    let largest =
        bars.iter().filter(|bar| bar.mean < 0.0 && bar.name != "margin").min_by(|a, b| a.mean.total_cmp(&b.mean));
    let takes = largest.map_or_else(String::new, |cost| {
        let verb = if cost.name.ends_with('s') { "take" } else { "takes" };
        format!("; {} {verb} the most, {}", cost.name, cents(-cost.mean))
    });
    let whose =
        material.record.scenario().counting_segments().map_or(String::new(), |segments| format!(" of {segments}"));
    let headline = if margin.mean < 0.0 {
        format!("A subscriber{whose} loses {} a month before investment and fixed cost{takes}", cents(-margin.mean))
    } else {
        format!("A subscriber{whose} brings {} a month before investment and fixed cost{takes}", cents(margin.mean))
    };
    let spread = match (material.paths(), single) {
        (1, _) => "the only path",
        (_, true) => "the same on every path",
        _ => "mean over paths; whiskers hold 90% of the paths",
    };
    let subtitle = format!(
        "Dollars per subscriber and month, discounted over the months of a stay within the horizon; \
         {spread}"
    );
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let layout = canvas.layout;
        // A narrow page has no room to spare on the right, and labels below that touch stand in two rows.
        let right = if layout.words { layout.plot_right } else { layout.right };
        let (size, crowded) = if layout.width < 700.0 { (13.0, true) } else { (LABEL, false) };
        let ends = bars.iter().flat_map(|bar| {
            let end = bar.from + bar.mean;
            [bar.from, end, end + bar.ends[0] - bar.mean, end + bar.ends[1] - bar.mean]
        });
        let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), x| (low.min(x), high.max(x)));
        let y = Scale::round(low, high + (high - low) * 0.06, layout.plot_bottom, top, 6.0);
        vertical(canvas, &y, right, words::dollars_short)?;
        let step = (right - layout.plot_left) / bars.len() as f64;
        canvas.line(&[(layout.plot_left, y.at(0.0)), (right, y.at(0.0))], GREY, 1.0)?;
        canvas.columns(&["component", "mean", "5th percentile", "95th percentile"]);
        for (i, bar) in bars.iter().enumerate() {
            let (middle, half) = (layout.plot_left + step * (i as f64 + 0.5), step * 0.31);
            let (a, b) = (y.at(bar.from), y.at(bar.from + bar.mean));
            let colour = if bar.mean < 0.0 { CONTEXT } else { ACCENT };
            let corners = [(middle - half, a), (middle - half, b), (middle + half, b), (middle + half, a)];
            canvas.area(&corners, colour, 1.0)?;
            if i + 2 < bars.len() {
                canvas.line(&[(middle + half, b), (middle + step - half, b)], GREY, 1.0)?;
            }
            let (mut upper, mut lower) = (a.min(b), a.max(b));
            if bar.ends[0] < bar.ends[1] {
                let whisker = bar.ends.map(|end| y.at(bar.from + end));
                canvas.mark(&[(middle, whisker[0]), (middle, whisker[1])], INK, 1.5)?;
                (upper, lower) = (upper.min(whisker[1]), lower.max(whisker[0]));
            }
            let look = if bar.name == "margin" { Type::bold(size, INK) } else { Type::plain(size, INK) };
            let value = if bar.mean < 0.0 { format!("\u{2212}{}", cents(-bar.mean)) } else { cents(bar.mean) };
            let above = upper - 9.0 > top + LABEL;
            let baseline = if above { upper - 9.0 } else { lower + LABEL + 6.0 };
            canvas.text(&value, (middle, baseline), Align::Middle, look)?;
            let (room, lower_row) =
                if crowded { (2.0 * step - 8.0, (i % 2) as f64 * size * 1.4) } else { (step - 8.0, 0.0) };
            for (k, line) in canvas.wrapped(bar.name, look, room, 2).iter().enumerate() {
                let baseline = layout.plot_bottom + 26.0 + lower_row + k as f64 * size * 1.25;
                canvas.text(line, (middle, baseline), Align::Middle, look)?;
            }
            let cells = std::iter::once(bar.name.to_owned())
                .chain(
                    [bar.mean, bar.ends[0], bar.ends[1]]
                        .map(|x| if x < 0.0 { format!("\u{2212}{}", cents(-x)) } else { cents(x) }),
                )
                .collect();
            canvas.spot([middle - step / 2.0, 0.0, middle + step / 2.0, layout.plot_bottom], cells);
        }
        if low < 0.0 {
            canvas.dashed((layout.plot_left, y.at(0.0)), (right, y.at(0.0)), REFERENCE, 1.5)?;
        }
        Ok(())
    })
}

/// Dollars and cents below a thousand, as prices are written.
fn cents(x: f64) -> String {
    if x < 1000.0 { format!("${x:.2}") } else { words::dollars_short(x) }
}

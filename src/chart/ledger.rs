//! The inputs: a strip for each, strong where it is likely, with its range and the grade of its source.

use super::canvas::{Align, Canvas, Page, Picture, Type, draw};

use super::theme::{Colour, GREY, INK, LABEL, REFERENCE, Tinted};
use super::{ChartError, Material};
use crate::scenario::called;
use crate::words;

/// Size of a row's type where there are few, and the smallest that can be read.
const SIZES: (f64, f64) = (LABEL, 12.5);

/// An uncertain input.
struct Row {
    name: String,
    /// Probability and value, from the least to the most.
    quantiles: Vec<(f64, f64)>,
    unit: String,
    grade: Option<String>,
    /// Whether a scenario that this one extends says it: it may have been found for another product.
    inherited: bool,
}

impl Row {
    /// The grade as it is written, with a mark where it is borrowed.
    fn grade(&self) -> String {
        format!("{}{}", self.grade.as_deref().unwrap_or("–"), if self.inherited { INHERITED } else { "" })
    }
}

/// Stands behind the grade of an inherited input.
const INHERITED: &str = "*";

/// Every uncertain input; those that are plain numbers are counted below.
pub(super) fn inputs(material: &Material<'_>) -> Result<Picture, ChartError> {
    let (table, shapes) = (material.table("inputs")?, material.table("input-quantiles")?);
    let text = |row: &[crate::table::Cell], column: &str| {
        table.cell(row, column).and_then(|cell| cell.text()).map(str::to_owned)
    };
    let mut rows: Vec<Row> = Vec::new();
    let mut plain = 0;
    for row in &table.rows {
        let Some(key) = text(row, "key") else { continue };
        let point = |row: &[_]| Some((shapes.number(row, "probability")?, shapes.number(row, "value")?));
        let quantiles: Vec<(f64, f64)> = shapes.rows_where("key", &key).filter_map(point).collect();
        if quantiles.len() < 2 {
            // As the footer counts: what the file gives, but for the horizon and scheduled prices.
            let counts = key != "horizon.months" && !key.contains("price.changes");
            plain += usize::from(counts && text(row, "source").is_none_or(|source| source != "default"));
            continue;
        }
        let unit = text(row, "unit").unwrap_or_default();
        let inherited = text(row, "file").is_some_and(|file| material.record.scenario().extends.contains(&file));
        rows.push(Row { name: called(&key), quantiles, unit, grade: text(row, "grade"), inherited });
    }
    let count = |grade: Option<&str>| rows.iter().filter(|row| row.grade.as_deref() == grade).count();
    let (assumed, unsourced) = (count(Some("X")), count(None));
    let uncertain = format!("{} {}", words::counted(rows.len(), "input"), if rows.len() == 1 { "is" } else { "are" });
    let said = |n: usize, one: &str, many: &str| match n {
        1 if rows.len() == 1 => format!("it is {one}"),
        1 => format!("1 is {one}"),
        n if n == rows.len() => format!("all are {many}"),
        n => format!("{n} are {many}"),
    };
    let headline = match (assumed, unsourced) {
        (0, 0) => format!("{uncertain} uncertain, each with a published source"),
        (assumed, 0) => format!("{uncertain} uncertain; {}", said(assumed, "an assumption", "assumptions")),
        (0, none) => format!("{uncertain} uncertain; {}", said(none, "without a source", "without a source")),
        (assumed, none) => format!(
            "{uncertain} uncertain; {}, {}",
            said(assumed, "an assumption", "assumptions"),
            said(none, "without a source", "without a source")
        ),
    };
    let rest = if plain > 0 {
        format!(". Not shown: {} given as plain numbers", words::counted(plain, "input"))
    } else {
        String::new()
    };
    let borrowed = match (material.record.scenario().extends.as_slice(), rows.iter().any(|row| row.inherited)) {
        ([.., _], true) => format!("; {INHERITED} inherited from {}", words::list(&material.record.scenario().extends)),
        _ => String::new(),
    };
    let subtitle = format!(
        "Median, then the range from 0.5% to 99.5%, darkest where the value is likeliest. Grades: A official, B reputable \
         press, C secondary, X assumption, – no source{borrowed}{rest}"
    );
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 6.0;
        canvas.columns(&["input", "5th percentile", "median", "95th percentile", "grade"]);
        let layout = canvas.layout;
        // Two columns of strips where one would be too dense.
        let columns = if rows.len() > 14 && layout.width > 900.0 { 2 } else { 1 };
        let per_column = rows.len().div_ceil(columns);
        let bottom = if layout.words { layout.plot_bottom + 50.0 } else { layout.height - 8.0 };
        let height = ((bottom - top) / per_column as f64).min(64.0);
        let width = (layout.right - layout.left) / columns as f64;
        for (i, row) in rows.iter().enumerate() {
            let (column, k) = ((i / per_column) as f64, (i % per_column) as f64);
            let place =
                Place { left: layout.left + column * width, width: width - 28.0, top: top + k * height, height };
            strip(canvas, row, place)?;
        }
        Ok(())
    })
}

/// Where a row stands.
#[derive(Clone, Copy)]
struct Place {
    left: f64,
    width: f64,
    top: f64,
    height: f64,
}

fn strip(canvas: &Canvas<'_>, row: &Row, place: Place) -> Result<(), ChartError> {
    let size = (place.height * 0.5).clamp(SIZES.1, SIZES.0);
    let (plain, quiet) = (Type::plain(size, INK), Type::plain(size, GREY));
    let middle = place.top + place.height / 2.0;
    let baseline = middle + size * 0.35;
    let grade_width = size * 1.9;
    let name_width = place.width * 0.34;
    let end_width = (place.width * 0.13).min(110.0);
    let median_width = end_width + 6.0;
    // A long name is written smaller rather than cut.
    let shrink = (name_width / canvas.width(&row.name, plain)).clamp(SIZES.1 / SIZES.0, 1.0);
    let look = Type::plain((size * shrink).max(SIZES.1.min(size)), INK);
    let name = canvas.wrapped(&row.name, look, name_width, 1).concat();
    canvas.text(&name, (place.left + name_width, baseline), Align::End, look)?;
    let quantile = |p: f64| {
        let above = row.quantiles.partition_point(|point| point.0 < p - 1e-9);
        row.quantiles.get(above).or(row.quantiles.last()).map_or(0.0, |point| point.1)
    };
    let (low, high) = (row.quantiles[0].1, row.quantiles[row.quantiles.len() - 1].1);
    let (from, to) = (
        place.left + name_width + median_width + end_width + 20.0,
        place.left + place.width - end_width - grade_width - 16.0,
    );
    let x = |value: f64| from + (to - from) * if high > low { (value - low) / (high - low) } else { 0.5 };
    let half = (place.height * 0.3).min(13.0);
    let (upper, lower) = (middle - half, middle + half);
    // Between two neighbouring quantiles the density is their share of paths over their distance.
    let slices: Vec<(f64, f64, f64)> = row
        .quantiles
        .windows(2)
        .map(|pair| {
            let distance = (pair[1].1 - pair[0].1).max((high - low) / 400.0);
            (pair[0].1, pair[1].1, (pair[1].0 - pair[0].0) / distance)
        })
        .collect();
    let densest = slices.iter().map(|slice| slice.2).fold(0.0, f64::max);
    let hue = if row.grade.as_deref().is_none_or(|grade| grade == "X") { Tinted::Grey } else { Tinted::Accent };
    // Each reaches to the end and the next covers what is not its own: no seams.
    for (a, _, density) in slices {
        let colour = Colour::Tint(hue, (80.0 + 920.0 * density / densest).round() as u16);
        canvas.area(&[(x(a), upper), (to, upper), (to, lower), (x(a), lower)], colour, 1.0)?;
    }
    let told = words::amount_about(quantile(0.5), &row.unit);
    canvas.text(&told, (place.left + name_width + median_width, baseline), Align::End, Type::bold(size, INK))?;
    let median = x(quantile(0.5));
    canvas.mark(&[(median, upper - 2.0), (median, lower + 2.0)], INK, 2.0)?;
    canvas.text(&words::amount_about(low, &row.unit), (from - 8.0, baseline), Align::End, quiet)?;
    canvas.text(&words::amount_about(high, &row.unit), (to + 8.0, baseline), Align::Start, quiet)?;
    let (grade, known) = (row.grade(), row.grade.as_deref().is_some_and(|grade| grade != "X"));
    let look = if known { Type::bold(size, INK) } else { Type::bold(size, REFERENCE) };
    canvas.text(&grade, (place.left + place.width, baseline), Align::End, look)?;
    let mut cells = vec![row.name.clone()];
    cells.extend([0.05, 0.5, 0.95].map(|p| words::amount_about(quantile(p), &row.unit)));
    cells.push(grade);
    canvas.spot([place.left, place.top, place.left + place.width, place.top + place.height], cells);
    Ok(())
}

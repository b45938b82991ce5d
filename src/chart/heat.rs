//! Maps of a sweep over two inputs: a cell for each point, and the line along which it breaks even.

use super::ChartError;
use super::canvas::{Align, Canvas, Page, Picture, Type, draw};
use super::sweep::SweepMaterial;
use super::theme::{CONTEXT, Colour, GREY, INK, LABEL, PAPER, REFERENCE, Tinted};
use crate::results::{BestBy, VaryRecord};
use crate::words::{self, Frequency};

/// A cell that is wider and higher has its number in it.
const ROOM_FOR_NUMBER: (f64, f64) = (66.0, 24.0);
/// Height of the legend of colours.
const LEGEND: f64 = 130.0;
/// Size of the numbers.
const NUMBER: f64 = 14.0;

/// A number for each pair of values: by row from the lowest value of the second input, by column from the lowest of the first.
struct Map {
    columns: Vec<f64>,
    rows: Vec<f64>,
    cells: Vec<Vec<f64>>,
}

impl Map {
    fn of(material: &SweepMaterial<'_>, column: &str) -> Result<Self, ChartError> {
        let [first, second] = &material.details.vary[..] else {
            return Err(ChartError("a map takes two inputs".to_owned()));
        };
        let sorted = |vary: &VaryRecord| {
            let mut values = vary.values.clone();
            values.sort_by(f64::total_cmp);
            values
        };
        let (columns, rows) = (sorted(first), sorted(second));
        let mut cells = vec![vec![f64::NAN; columns.len()]; rows.len()];
        let place = |values: &[f64], x: f64| values.iter().position(|value| *value == x);
        for (inputs, numbers) in material.numbers(&[column])? {
            if let (Some(column), Some(row)) = (place(&columns, inputs[0]), place(&rows, inputs[1])) {
                cells[row][column] = numbers[0];
            }
        }
        Ok(Self { columns, rows, cells })
    }

    /// Column, row and number of the highest cell.
    fn highest(&self) -> (usize, usize, f64) {
        let mut best = (0, 0, f64::NEG_INFINITY);
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, x) in cells.iter().enumerate() {
                if *x > best.2 {
                    best = (column, row, *x);
                }
            }
        }
        best
    }

    fn lowest(&self) -> f64 {
        self.cells.iter().flatten().copied().fold(f64::INFINITY, f64::min)
    }

    /// The pieces of the line along which the numbers are `level`, in cells: by marching squares between the cells' middles.
    fn contour(&self, level: f64) -> Vec<[(f64, f64); 2]> {
        let mut out = Vec::new();
        for row in 1..self.rows.len() {
            for column in 1..self.columns.len() {
                let corners = [(column - 1, row - 1), (column, row - 1), (column, row), (column - 1, row)];
                let crossing = |k: usize| {
                    let (a, b) = (corners[k], corners[(k + 1) % 4]);
                    let (x, y) = (self.cells[a.1][a.0] - level, self.cells[b.1][b.0] - level);
                    let t = x / (x - y);
                    let between = |a: usize, b: usize| a as f64 + (b as f64 - a as f64) * t + 0.5;
                    ((x < 0.0) != (y < 0.0)).then(|| (between(a.0, b.0), between(a.1, b.1)))
                };
                let found: Vec<_> = (0..4).filter_map(crossing).collect();
                out.extend(found.chunks_exact(2).map(|pair| [pair[0], pair[1]]));
            }
        }
        out
    }
}

/// What a map shows.
struct Subject {
    column: &'static str,
    /// Where it breaks even, and how that line is called.
    level: f64,
    line: &'static str,
    subtitle: &'static str,
    short: fn(f64) -> String,
}

/// The best value of what is chosen for the ends of what is not.
fn best_by(by: &BestBy<'_>) -> Option<String> {
    let BestBy { choice, given, best } = by;
    let ([(low, from), ..], [.., (high, to)]) = (&best[..], &best[..]) else { return None };
    let end = |value: f64| if by.is_end(value) { ", the end of the range," } else { "" };
    let [from, to] = [*from, *to].map(|value| format!("{}{}", words::amount(value, &choice.unit), end(value)));
    let [low, high] = [low, high].map(|x| words::amount(*x, &given.unit));
    let (name, a_given) = (choice.name(), words::a(&given.name()));
    Some(if from == to {
        format!("By mean NPV the best {name} is {from} at {a_given} of {low} and of {high}")
    } else {
        format!("By mean NPV the best {name} is {from} at {a_given} of {low}, {to} at {high}")
    })
}

pub(super) fn npv(material: &SweepMaterial<'_>) -> Result<Picture, ChartError> {
    let map = Map::of(material, "npv_mean")?;
    let (column, row, mean) = map.highest();
    let at = point(material, &map, column, row);
    let headline = if let Some(headline) = BestBy::new(material.results, material.details).as_ref().and_then(best_by) {
        headline
    } else if mean < 0.0 {
        format!("The mean NPV is below zero everywhere; it is highest at {at}, {}", words::dollars(mean))
    } else {
        format!("The mean NPV is highest at {at}: {}", words::dollars(mean))
    };
    let subject = Subject {
        column: "npv_mean",
        level: 0.0,
        line: "line: mean NPV of zero",
        subtitle: "Mean net present value over the horizon, dollars",
        short: words::dollars_short,
    };
    map_chart(material, &map, headline, &subject)
}

pub(super) fn payback(material: &SweepMaterial<'_>) -> Result<Picture, ChartError> {
    let map = Map::of(material, "payback")?;
    let (column, row, share) = map.highest();
    let (scenario, paths) = (material.record.scenario(), material.paths());
    let within = words::within(scenario.horizon_months);
    let headline = if share <= 0.0 {
        format!("No simulated future pays the investment back {within}, at any point")
    } else {
        let payers = Frequency::of_share(share, paths);
        let (who, verb) = (words::lower_first(&payers.subject()), payers.verb("pays", "pay"));
        let at = point(material, &map, column, row);
        format!("Payback is likeliest at {at}: {who} {verb} the investment back {within}, before the cost of capital")
    };
    let subject = Subject {
        column: "payback",
        level: 0.5,
        line: "line: as likely as not",
        subtitle: "Share of simulated futures that pay the investment back, not discounted",
        short: words::percent,
    };
    map_chart(material, &map, headline, &subject)
}

/// `a monthly price of $10 and a refusal rate of 40%`.
fn point(material: &SweepMaterial<'_>, map: &Map, column: usize, row: usize) -> String {
    let said = |vary: &VaryRecord, x: f64| format!("{} of {}", words::a(&vary.name()), words::amount(x, &vary.unit));
    let [first, second] = &material.details.vary[..] else { return String::new() };
    format!("{} and {}", said(first, map.columns[column]), said(second, map.rows[row]))
}

/// How numbers become colours.
struct Shades {
    lowest: f64,
    highest: f64,
    /// Money has two sides; a share has one.
    two_sided: bool,
    /// Whether all are on one side of zero: then they are told apart from the lowest to the highest.
    one_sign: bool,
}

impl Shades {
    fn of(map: &Map, subject: &Subject) -> Self {
        let (highest, lowest) = (map.highest().2, map.lowest());
        let two_sided = subject.column == "npv_mean";
        let one_sign = two_sided && highest > lowest && (highest < 0.0 || lowest > 0.0);
        Self { lowest, highest, two_sided, one_sign }
    }

    fn colour(&self, x: f64) -> Colour {
        let Self { lowest, highest, .. } = *self;
        let most = if self.two_sided { highest.abs().max(lowest.abs()) } else { highest };
        if !x.is_finite() || most <= 0.0 {
            return PAPER;
        }
        let t = (x.abs() / most).min(1.0);
        let per_mille = |share: f64| (share * 1000.0).round() as u16;
        if self.one_sign {
            Colour::Tint(Tinted::Accent, per_mille(0.08 + 0.92 * ((x - lowest) / (highest - lowest)).clamp(0.0, 1.0)))
        } else if x < 0.0 {
            Colour::Tint(Tinted::Grey, per_mille(t * 0.55))
        } else {
            Colour::Tint(Tinted::Accent, per_mille(t))
        }
    }

    /// The ends of the legend.
    fn ends(&self) -> (f64, f64) {
        match (self.one_sign, self.two_sided) {
            (true, _) => (self.lowest, self.highest),
            (false, true) => (self.lowest.min(0.0), self.highest.max(0.0)),
            (false, false) => (0.0, self.highest),
        }
    }
}

fn map_chart(
    material: &SweepMaterial<'_>,
    map: &Map,
    headline: String,
    subject: &Subject,
) -> Result<Picture, ChartError> {
    let shades = Shades::of(map, subject);
    let (colour, two_sided) = (|x: f64| shades.colour(x), shades.two_sided);
    let (highest, lowest) = (shades.highest, shades.lowest);
    let contour = map.contour(subject.level);
    let meaning = match (contour.is_empty(), two_sided) {
        (true, true) => "; no point comes to a mean NPV of zero",
        (true, false) => "",
        (false, true) => "; along the line the mean NPV is zero",
        (false, false) => "; along the line payback is as likely as not",
    };
    let page = Page::new(material.record, headline, format!("{}{meaning}", subject.subtitle));
    let [first, second] = &material.details.vary[..] else {
        return Err(ChartError("a map takes two inputs".to_owned()));
    };
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 16.0;
        let (columns, rows) = (map.columns.len() as f64, map.rows.len() as f64);
        let x = |column: f64| {
            let left = canvas.layout.plot_left + 20.0;
            // Edges on whole units leave no hair of paper between neighbours.
            (left + (canvas.layout.plot_right - left) * column / columns).round()
        };
        let y = |row: f64| (canvas.layout.plot_bottom + (top - canvas.layout.plot_bottom) * row / rows).round();
        canvas.columns(&[&first.name(), &second.name(), subject.subtitle]);
        for (row, cells) in map.cells.iter().enumerate() {
            for (column, value) in cells.iter().enumerate() {
                let (c, r) = (column as f64, row as f64);
                let said = [(map.columns[column], first), (map.rows[row], second)]
                    .map(|(x, vary)| words::amount(x, &vary.unit));
                let number = if value.is_finite() { (subject.short)(*value) } else { "–".to_owned() };
                canvas.spot([x(c), y(r + 1.0), x(c + 1.0), y(r)], said.into_iter().chain([number]).collect());
                let corners = [(x(c), y(r)), (x(c + 1.0), y(r)), (x(c + 1.0), y(r + 1.0)), (x(c), y(r + 1.0))];
                canvas.area(&corners, colour(*value), 1.0)?;
                if x(1.0) - x(0.0) > ROOM_FOR_NUMBER.0 && y(0.0) - y(1.0) > ROOM_FOR_NUMBER.1 {
                    let look = Type::plain(NUMBER, colour(*value).text_on(material.style.theme));
                    let text = if value.is_finite() { (subject.short)(*value) } else { String::new() };
                    canvas.text(&text, (x(c + 0.5), y(r + 0.5) + NUMBER * 0.35), Align::Middle, look)?;
                }
            }
        }
        ticks(canvas, &map.columns, first, &|i| (x(i + 0.5), canvas.layout.plot_bottom + 28.0), Align::Middle)?;
        ticks(canvas, &map.rows, second, &|i| (canvas.layout.plot_left + 6.0, y(i + 0.5) + LABEL * 0.35), Align::End)?;
        let plain = Type::plain(LABEL, GREY);
        let middle = f64::midpoint(x(0.0), x(columns));
        canvas.text(&first.name(), (middle, canvas.layout.plot_bottom + 56.0), Align::Middle, plain)?;
        canvas.text(&second.name(), (64.0, top - 12.0), Align::Start, plain)?;
        for piece in &contour {
            let ends = piece.map(|(c, r)| (x(c), y(r)));
            canvas.line(&ends, PAPER, 6.0)?;
        }
        for piece in &contour {
            canvas.line(&piece.map(|(c, r)| (x(c), y(r))), REFERENCE, 3.0)?;
        }
        if let Some(end) = contour.iter().flatten().copied().max_by(|a, b| a.0.total_cmp(&b.0)) {
            let look = Type::bold(LABEL, REFERENCE);
            // Below the colours' legend, which stands at the top.
            let at = (
                canvas.layout.plot_right + 18.0,
                (y(end.1) + LABEL * 0.35).max(top + LEGEND + 44.0).min(canvas.layout.plot_bottom - 60.0),
            );
            for (i, line) in canvas.wrapped(subject.line, look, canvas.layout.label_width, 2).iter().enumerate() {
                canvas.text(line, (at.0, at.1 + i as f64 * LABEL * 1.3), Align::Start, look)?;
            }
        }
        let outline =
            [(x(0.0), y(0.0)), (x(columns), y(0.0)), (x(columns), y(rows)), (x(0.0), y(rows)), (x(0.0), y(0.0))];
        canvas.line(&outline, CONTEXT, 1.0)?;
        if highest > lowest {
            let (column, row, _) = map.highest();
            let (c, r) = (column as f64, row as f64);
            let inset = 2.0;
            let frame = [
                (x(c) + inset, y(r) - inset),
                (x(c + 1.0) - inset, y(r) - inset),
                (x(c + 1.0) - inset, y(r + 1.0) + inset),
                (x(c) + inset, y(r + 1.0) + inset),
                (x(c) + inset, y(r) - inset),
            ];
            canvas.line(&frame, INK, 2.5)?;
            let look = Type::plain(LABEL, INK);
            canvas.text(
                "framed: the highest",
                (canvas.layout.plot_right + 18.0, canvas.layout.plot_bottom - 4.0),
                Align::Start,
                look,
            )?;
        }
        legend(canvas, shades.ends(), top, &colour, subject.short)
    })
}

/// Labels of values along one side; as many as have room.
fn ticks(
    canvas: &Canvas<'_>,
    values: &[f64],
    vary: &VaryRecord,
    place: &dyn Fn(f64) -> (f64, f64),
    align: Align,
) -> Result<(), ChartError> {
    let look = Type::plain(LABEL, GREY);
    let labels: Vec<String> = values.iter().map(|x| words::amount_short(*x, &vary.unit)).collect();
    let widest = labels.iter().map(|label| canvas.width(label, look)).fold(0.0, f64::max);
    let (a, b) = (place(0.0), place(1.0));
    let (step, need) = if align == Align::Middle { (b.0 - a.0, widest + 14.0) } else { (a.1 - b.1, LABEL * 1.4) };
    let every = (need / step.abs().max(1e-9)).ceil().max(1.0) as usize;
    for (i, label) in labels.iter().enumerate().step_by(every) {
        canvas.text(label, place(i as f64), align, look)?;
    }
    Ok(())
}

/// What the colours mean, right of the map.
fn legend(
    canvas: &Canvas<'_>,
    (low, high): (f64, f64),
    top: f64,
    colour: &dyn Fn(f64) -> Colour,
    short: fn(f64) -> String,
) -> Result<(), ChartError> {
    const STEPS: usize = 40;
    if high <= low {
        return Ok(());
    }
    let (left, height) = (canvas.layout.plot_right + 18.0, LEGEND);
    let y = |x: f64| (top + 10.0 + height * (high - x) / (high - low)).round();
    for i in 0..STEPS {
        let at = |i: usize| low + (high - low) * i as f64 / STEPS as f64;
        let (a, b) = (at(i), at(i + 1));
        let corners = [(left, y(a)), (left + 18.0, y(a)), (left + 18.0, y(b)), (left, y(b))];
        canvas.area(&corners, colour(f64::midpoint(a, b)), 1.0)?;
    }
    let frame = [(left, y(low)), (left + 18.0, y(low)), (left + 18.0, y(high)), (left, y(high)), (left, y(low))];
    canvas.line(&frame, CONTEXT, 1.0)?;
    let mut marks = vec![low, high];
    if low < 0.0 && high > 0.0 && (y(0.0) - y(low)).abs() > 20.0 && (y(0.0) - y(high)).abs() > 20.0 {
        marks.push(0.0);
    }
    for mark in marks {
        canvas.text(&short(mark), (left + 28.0, y(mark) + LABEL * 0.35), Align::Start, Type::plain(LABEL, GREY))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contour_runs_between_the_middles_of_cells() {
        let map = Map { columns: vec![0.0, 1.0], rows: vec![0.0, 1.0], cells: vec![vec![-1.0, 1.0], vec![-3.0, 1.0]] };
        // On the lower side half way from −1 to 1, on the upper three quarters of the way from −3 to 1.
        assert_eq!(map.contour(0.0), [[(1.0, 0.5), (1.25, 1.5)]]);
        assert!(map.contour(5.0).is_empty());
        assert_eq!(map.highest(), (1, 0, 1.0));
    }
}

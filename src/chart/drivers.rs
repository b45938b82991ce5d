//! Charts of what drives a number: how far each input moves it, its part of the variance, the number along each input, what would
//! have to be true, and what the futures have in common in which an event happens.

use super::canvas::{Align, Canvas, Page, Picture, Type, draw};
use super::multiples::panels;
use super::page::tick_labels;
use super::rows::{ASSUMED, Rows, assumed_says};
use super::scale::Scale;
use super::theme::{ACCENT, CONTEXT, GREY, GRID, INK, LABEL, NARROW_BAND, REFERENCE, SMALL};
use super::{ChartError, Material, Shows, Sketch};
use crate::results::{DriversRecord, Driving, Lever, the};
use crate::scenario::called;
use crate::table::Row;
use crate::words;

/// What the charts of drivers are drawn from.
type DriversMaterial<'a> = Material<'a, DriversRecord>;

/// Rows of a chart.
const ROWS: usize = 10;
/// Curves of the strongest.
const CURVES: usize = 6;
/// So much higher than elsewhere rows end where a line below their axis says what is today's.
const TODAY: f64 = 8.0;

impl Shows for DriversRecord {
    /// Every chart of drivers.
    fn sketches(material: DriversMaterial<'_>) -> Vec<Sketch<'_>> {
        type Drawing = fn(&DriversMaterial<'_>) -> Result<Picture, ChartError>;
        let has = |table: &str| material.results.rows(table).next().is_some();
        let ranked = Driving::new(material.results, material.details).is_ranked();
        let drawings: [(&str, Drawing, bool); 5] = [
            ("swing", swing, has("swing")),
            ("variance", variance, ranked),
            ("curves", curves, has("curve")),
            ("needed", needed, has("needed")),
            ("common", common, has("common")),
        ];
        let wanted = drawings.into_iter().filter(|drawing| drawing.2);
        wanted.map(|(name, draw, _)| Sketch::new(name, move || draw(&material))).collect()
    }
}

impl<'a> DriversMaterial<'a> {
    fn driving(&self) -> Driving<'a> {
        Driving::new(self.results, self.details)
    }

    /// The rows of a table, the first few.
    fn first(&self, table: &str, count: usize) -> Result<Vec<Row<'a>>, ChartError> {
        Ok(self.table(table)?.each_row().take(count).collect())
    }
}

/// Where the rows begin, after their names, and where they end.
fn sides(canvas: &Canvas<'_>) -> (f64, f64) {
    ((canvas.layout.width * 0.24).clamp(140.0, 360.0), canvas.layout.right - 96.0)
}

fn name_of(row: &Row<'_>) -> String {
    words::upper_first(&called(row.text("input").unwrap_or_default()))
}

/// A value of an input, for the end of its bar.
fn value(x: f64, unit: &str) -> String {
    match unit {
        "month" if x.is_infinite() => "never".to_owned(),
        "month" => "from month 1".to_owned(),
        unit => words::amount_about(x, unit),
    }
}

/// A number in its unit.
fn short(driving: &Driving<'_>, x: f64) -> String {
    if driving.record.is_probability { words::percent(x) } else { words::amount_short(x, &driving.record.unit) }
}

/// What is said where no input makes a difference: of these paths, not of the world.
fn unmoved(driving: &Driving<'_>) -> String {
    let (what, mean) = (words::upper_first(&driving.what()), short(driving, driving.record.mean));
    format!("{what} is {mean} in this simulation, whatever the input")
}

/// From the lowest to the highest tenth of each input, with what comes along and alone.
fn swing(material: &DriversMaterial<'_>) -> Result<Picture, ChartError> {
    let (rows, driving) = (material.first("swing", ROWS)?, material.driving());
    let what = driving.what();
    let ends = |row: &Row<'_>, prefix: &str| {
        Some((row.number(&format!("{prefix}low_mean"))?, row.number(&format!("{prefix}high_mean"))?))
    };
    let size = |row: &&Row<'_>| row.number("swing").or(row.number("alone_swing")).unwrap_or(0.0);
    let headline = rows.iter().find(|row| size(row) != 0.0).map_or_else(
        || unmoved(&driving),
        |row| {
            let name = row.text("input").unwrap_or_default();
            let change = words::change_in_unit(size(&row).abs(), None, &driving.record.unit);
            let by = change.trim_start_matches('+');
            let from = match row.number("swing") {
                _ if name.starts_with("events.") => "between never and from the start on",
                Some(_) => "from its lowest to its highest tenth",
                None => "alone, from its 5% to its 95% value",
            };
            format!("{} moves {what} most: by {by} {from}", words::upper_first(&the(name)))
        },
    );
    let [accent, context] = material.style.hues();
    let subtitle = format!(
        "{}: {context} with what usually comes along, {accent} where the input alone is moved; values are the input's at either end",
        words::upper_first(&what)
    );
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 10.0;
        let (left, right) = sides(canvas);
        let lines = Rows::new(canvas, rows.len(), (top, canvas.layout.plot_bottom - TODAY), left);
        let mean = driving.record.mean;
        let all = rows.iter().flat_map(|row| [ends(row, ""), ends(row, "alone_")]).flatten();
        let (low, high) = all.fold((mean, mean), |(low, high), (a, b)| (low.min(a).min(b), high.max(a).max(b)));
        // Room for the values at either end.
        let (from, to) = (left + 96.0, right - 10.0);
        let round = Scale::round(low, high, from, to, 6.0);
        let ticks = round.ticks.iter().copied().filter(|tick| *tick >= low && *tick <= high).collect();
        let x = Scale::exact(low, high, from, to, ticks);
        for &tick in &x.ticks {
            canvas.line(&[(x.at(tick), top), (x.at(tick), lines.bottom())], GRID, 1.0)?;
        }
        tick_labels(canvas, &x, lines.bottom() + 28.0, Type::plain(LABEL, GREY), |tick| short(&driving, tick))?;
        canvas.columns(&["input", "low end", "high end", "lowest to highest tenth", "moved alone"]);
        for (i, row) in rows.iter().enumerate() {
            lines.name(canvas, i, &name_of(row), Type::plain(LABEL, INK))?;
            let (upper, lower) = lines.row(i).bar();
            let middle = lines.row(i).middle();
            let inset = (lower - upper) * 0.27;
            let mut span: Option<(f64, f64, bool)> = None;
            for (prefix, colour, inset) in [("", CONTEXT, 0.0), ("alone_", ACCENT, inset)] {
                let Some((a, b)) = ends(row, prefix) else { continue };
                let (a, b) = (x.at(a), x.at(b));
                let corners = [(a, upper + inset), (b, upper + inset), (b, lower - inset), (a, lower - inset)];
                canvas.area(&corners, colour, 1.0)?;
                let (low, high, rises) = span.unwrap_or((a.min(b), a.max(b), b >= a));
                span = Some((low.min(a).min(b), high.max(a).max(b), rises));
            }
            let unit = row.text("unit").unwrap_or_default();
            let (low, high) = (row.number("low_value").unwrap_or(0.0), row.number("high_value").unwrap_or(0.0));
            let said = |column: &str| row.estimate(column).map_or_else(String::new, |x| driving.change(&x));
            lines.spot(
                canvas,
                i,
                vec![name_of(row), value(low, unit), value(high, unit), said("swing"), said("alone_swing")],
            );
            let Some((start, end, rises)) = span else { continue };
            let (at_start, at_end) = if rises { (low, high) } else { (high, low) };
            let look = Type::plain(SMALL, GREY);
            canvas.text(&value(at_start, unit), (start - 8.0, middle + SMALL * 0.35), Align::End, look)?;
            canvas.text(&value(at_end, unit), (end + 8.0, middle + SMALL * 0.35), Align::Start, look)?;
        }
        let at = x.at(mean);
        canvas.dashed((at, top), (at, lines.bottom()), REFERENCE, 1.5)?;
        let text = format!("today: {}", short(&driving, mean));
        canvas.text(&text, (at, lines.bottom() + 54.0), Align::Middle, Type::bold(LABEL, REFERENCE))
    })
}

/// Each input's part of the variance.
fn variance(material: &DriversMaterial<'_>) -> Result<Picture, ChartError> {
    let (rows, driving) = (material.first("variance", ROWS)?, material.driving());
    let (who, _, together) = driving.decide();
    let headline = format!("{who}: {:.0}% of the variance of {}", together * 100.0, driving.varies());
    let is_assumed = |row: &Row<'_>| driving.is_assumed(row.text("input").unwrap_or_default());
    let subtitle =
        "Share of the variance (Shapley effects, which add up to 100%), with the simulation’s own 95% error; \
                    ring: known alone, stroke: all else known"
            .to_owned()
            + assumed_says(rows.iter().any(is_assumed));
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 10.0;
        let (left, right) = sides(canvas);
        let lines = Rows::new(canvas, rows.len(), (top, canvas.layout.plot_bottom + 20.0), left);
        let ends = |row: &Row<'_>| {
            let high = |column: &str| row.number(column).unwrap_or(0.0);
            high("shapley_ci95_high").max(high("first_order")).max(high("total"))
        };
        let most = rows.iter().map(ends).fold(0.01, f64::max);
        let x = Scale::round(0.0, most.min(1.0), left, right, 5.0);
        for &tick in &x.ticks {
            canvas.line(&[(x.at(tick), top), (x.at(tick), lines.bottom())], GRID, 1.0)?;
        }
        tick_labels(canvas, &x, lines.bottom() + 28.0, Type::plain(LABEL, GREY), words::percent_tick)?;
        canvas.columns(&["input", "part of the variance", "95% interval", "known alone", "all else known"]);
        for (i, row) in rows.iter().enumerate() {
            let Some(shapley) = row.estimate("shapley") else { continue };
            let mark = if is_assumed(row) { ASSUMED } else { "" };
            lines.marked_name(canvas, i, &name_of(row), mark, Type::plain(LABEL, INK))?;
            let ((upper, lower), middle) = (lines.row(i).bar(), lines.row(i).middle());
            let end = x.at(shapley.value.max(0.0));
            canvas.area(&[(x.at(0.0), upper), (end, upper), (end, lower), (x.at(0.0), lower)], ACCENT, 0.85)?;
            let (low, high) = shapley.interval.unwrap_or((shapley.value, shapley.value));
            canvas.mark(&[(x.at(low.max(0.0)), middle), (x.at(high), middle)], INK, 2.0)?;
            let number = |column: &str| row.number(column).unwrap_or(0.0);
            let total = x.at(number("total"));
            canvas.mark(&[(total, upper), (total, lower)], INK, 3.0)?;
            canvas.ring((x.at(number("first_order")), middle), 6.0, INK)?;
            let text = words::percent(shapley.value.max(0.0));
            canvas.text(&text, (canvas.layout.right, middle + LABEL * 0.35), Align::End, Type::bold(LABEL, INK))?;
            let interval = format!("{} to {}", words::percent(low.max(0.0)), words::percent(high.max(0.0)));
            let known = ["first_order", "total"].map(|column| words::percent(number(column).max(0.0)));
            let mut cells = vec![name_of(row), text, interval];
            cells.extend(known);
            lines.spot(canvas, i, cells);
        }
        Ok(())
    })
}

/// The number along each of the strongest inputs.
fn curves(material: &DriversMaterial<'_>) -> Result<Picture, ChartError> {
    let driving = material.driving();
    let table = material.table("curve")?;
    let mut order = driving.order();
    let points =
        |name: &str| -> Vec<Row<'_>> { table.each_row().filter(|row| row.text("input") == Some(name)).collect() };
    order.retain(|name| points(name).len() > 1);
    order.truncate(CURVES);
    let what = driving.what();
    let means = |name: &str| {
        let mean = |row: &Row<'_>| Some((row.number("mean")?, row.number("mean_se")?));
        points(name).iter().filter_map(mean).collect::<Vec<(f64, f64)>>()
    };
    let is_flat = order.iter().flat_map(|name| means(name)).all(|(mean, _)| mean == driving.record.mean);
    let turns = order.iter().filter(|name| !is_monotone(&means(name)));
    let headline = match turns.map(|name| the(name)).collect::<Vec<_>>().as_slice() {
        _ if is_flat => unmoved(&driving),
        [] => {
            let along = if let [only] = &order[..] { the(only) } else { "each of its strongest inputs".to_owned() };
            format!("{} goes one way along {along}", words::upper_first(&what))
        }
        names => {
            format!("{} turns along {}: more is not better throughout", words::upper_first(&what), words::list(names))
        }
    };
    let subtitle = format!(
        "{}, in twenty parts of each input's range that are equally likely, with what usually comes along; the band is the simulation’s own 95% error",
        words::upper_first(&what)
    );
    let page = Page::new(material.record, headline, subtitle);
    let ends = |row: &Row<'_>| {
        let (mean, se) = (row.number("mean")?, row.number("mean_se")?);
        Some((mean, mean - 2.0 * se, mean + 2.0 * se))
    };
    draw(material.style, |canvas| {
        let top = page.draw(canvas)?;
        let all = order.iter().flat_map(|name| points(name)).filter_map(|row| ends(&row));
        let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), (_, l, h)| (a.min(l), b.max(h)));
        let (low, high) = match (driving.record.is_probability, low < high) {
            (true, true) => (low.max(0.0), high),
            (true, false) => (0.0, 1.0),
            (false, _) => (low, high),
        };
        canvas.columns(&["input", "its value", &what]);
        for (name, panel) in order.iter().zip(panels(order.len(), top, canvas.layout)) {
            let y = Scale::round(low, high, panel.bottom, panel.top, 3.0);
            let look = Type::plain(SMALL, GREY);
            for &tick in &y.ticks {
                canvas.line(&[(panel.left, y.at(tick)), (panel.right, y.at(tick))], GRID, 1.0)?;
                canvas.text(&short(&driving, tick), (panel.left - 8.0, y.at(tick) + SMALL * 0.35), Align::End, look)?;
            }
            let bold = Type::bold(LABEL, INK);
            let title = canvas.wrapped(&words::upper_first(&called(name)), bold, panel.right - panel.left, 1).concat();
            canvas.text(&title, (panel.left, panel.top - 12.0), Align::Start, bold)?;
            let points = points(name);
            let width = (panel.right - panel.left) / 20.0;
            let at = |row: &Row<'_>| panel.left + (row.number("bin").unwrap_or(1.0) - 0.5) * width;
            let line = |k: usize| -> Vec<(f64, f64)> {
                let place = |row: &Row<'_>| {
                    let (mean, low, high) = ends(row)?;
                    Some((at(row), y.at([mean, low, high][k])))
                };
                points.iter().filter_map(place).collect()
            };
            canvas.band(&line(2), &line(1), ACCENT, NARROW_BAND)?;
            canvas.line(&line(0), ACCENT, 2.5)?;
            canvas.line(&[(panel.left, panel.bottom), (panel.right, panel.bottom)], GREY, 1.0)?;
            let unit = points[0].text("unit").unwrap_or_default();
            let edge = |row: &Row<'_>, column: &str| words::amount_about(row.number(column).unwrap_or(0.0), unit);
            // A part of equal values is that value.
            let end = |row: &Row<'_>, word: &str, column: &str| {
                let word = if row.number("low") == row.number("high") { String::new() } else { format!("{word} ") };
                format!("{word}{}", edge(row, column))
            };
            let (first, last) = (end(&points[0], "below", "high"), end(&points[points.len() - 1], "above", "low"));
            let middle = edge(&points[points.len() / 2], "low");
            canvas.text(&first, (panel.left, panel.bottom + 20.0), Align::Start, look)?;
            canvas.text(&last, (panel.right, panel.bottom + 20.0), Align::End, look)?;
            // The median where there is room beside both ends.
            let ends = canvas.width(&first, look).max(canvas.width(&last, look));
            if 2.0 * ends + canvas.width(&middle, look) + 32.0 < panel.right - panel.left {
                let at = (f64::midpoint(panel.left, panel.right), panel.bottom + 20.0);
                canvas.text(&middle, at, Align::Middle, look)?;
            }
            for row in &points {
                let range = format!("{} to {}", edge(row, "low"), edge(row, "high"));
                let mean = row.number("mean").map_or_else(String::new, |mean| short(&driving, mean));
                let cells = vec![words::upper_first(&called(name)), range, mean];
                canvas.spot([at(row) - width / 2.0, panel.top, at(row) + width / 2.0, panel.bottom], cells);
            }
        }
        Ok(())
    })
}

/// Whether means, each with its standard error, go one way: steps back are less than a twentieth of their range, or than chance makes
/// among so many.
fn is_monotone(means: &[(f64, f64)]) -> bool {
    const BY_CHANCE: f64 = 4.0;
    let (low, high) = means.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), (x, _)| (a.min(*x), b.max(*x)));
    let slack = 0.05 * (high - low);
    let back = |sign: f64| {
        let mut furthest = (f64::NEG_INFINITY, 0.0);
        means.iter().all(|&(mean, se)| {
            if sign * mean > furthest.0 {
                furthest = (sign * mean, se);
            }
            furthest.0 - sign * mean <= slack.max(BY_CHANCE * libm::sqrt(se * se + furthest.1 * furthest.1))
        })
    };
    back(1.0) || back(-1.0)
}

/// From what each input is today to what it would have to be.
fn needed(material: &DriversMaterial<'_>) -> Result<Picture, ChartError> {
    /// The axis ends at a twentieth and at twenty times of today.
    const FURTHEST: f64 = 20.0;
    let driving = material.driving();
    let ways = driving.levers();
    let possible = ways.iter().filter(|way| way.odds > 0.0).count();
    let (what, level) = (driving.what(), driving.level());
    let headline = match (driving.is_reached(), ways.len(), possible) {
        (true, _, 0) => format!(
            "{} is {level} or more, and no input alone takes it below with a value that the scenario holds possible",
            words::upper_first(&what)
        ),
        (true, _, 1) => {
            format!("{} is {level} or more; one input alone could take it below", words::upper_first(&what))
        }
        (true, _, n) => {
            format!("{} is {level} or more; {n} inputs could each take it below alone", words::upper_first(&what))
        }
        (false, 0, _) => format!("No input alone was found to bring {what} to {level}"),
        (false, _, 0) => {
            format!("No input alone brings {what} to {level} with a value that the scenario holds possible")
        }
        (false, _, 1) => format!("One input alone could bring {what} to {level}"),
        (false, _, n) => format!("{n} inputs could each bring {what} to {level} alone"),
    };
    // Those with a way that can be drawn first, the nearest ahead; then those without, the strongest ahead.
    let mut rows: Vec<Lever<'_>> = ways.into_iter().filter(|way| !way.far.is_nan()).collect();
    rows.sort_by(|a, b| a.far.total_cmp(&b.far));
    let without = driving.powerless().into_iter().map(|row| Lever { row, share: 0.0, odds: 0.0, far: f64::NAN });
    rows.extend(without);
    rows.truncate(ROWS);
    let subtitle = "From each input's median today to the value that it alone would have to have; as a multiple of today's, on a logarithmic axis".to_owned();
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 10.0;
        let (left, _) = sides(canvas);
        let right = canvas.layout.right - (canvas.layout.width * 0.28).clamp(120.0, 430.0);
        let lines = Rows::new(canvas, rows.len(), (top, canvas.layout.plot_bottom - TODAY), left);
        let log = |x: f64| libm::log2(x.clamp(1.0 / FURTHEST, FURTHEST));
        let way =
            |row: &Row<'_>| Some(log(row.number("needed")? / row.number("today_p50")?)).filter(|way| !way.is_nan());
        let ways = || rows.iter().filter_map(|way_of| way(&way_of.row));
        let (low, high) = (ways().fold(-1.0, f64::min).floor(), ways().fold(1.0, f64::max).ceil());
        let ticks: Vec<f64> = (low as i32..=high as i32).map(f64::from).collect();
        let x = Scale::exact(low, high, left + 20.0, right, ticks);
        for &tick in &x.ticks {
            canvas.line(&[(x.at(tick), top), (x.at(tick), lines.bottom())], GRID, 1.0)?;
        }
        let label = |tick: f64| {
            if tick < 0.0 { format!("1/{}", libm::exp2(-tick)) } else { format!("{}×", libm::exp2(tick)) }
        };
        tick_labels(canvas, &x, lines.bottom() + 28.0, Type::plain(LABEL, GREY), label)?;
        canvas.columns(&["input", "today", "needed alone", "today's odds of that"]);
        for (i, way_of) in rows.iter().enumerate() {
            let row = &way_of.row;
            lines.name(canvas, i, &name_of(row), Type::plain(LABEL, INK))?;
            let middle = lines.row(i).middle();
            canvas.dot((x.at(0.0), middle), 6.0, GREY)?;
            let text = if let Some(to) = way(row) {
                let at = x.at(to);
                canvas.line(&[(x.at(0.0), middle), (at, middle)], ACCENT, 4.0)?;
                canvas.dot((at, middle), 8.0, ACCENT)?;
                way_of.place()
            } else {
                let best = row.number("best").map_or_else(String::new, |best| short(&driving, best));
                format!("not alone: {best} at best")
            };
            let (today, odds) = (way_of.today(), words::percent(way_of.share));
            let look = Type::plain(SMALL, if row.number("needed").is_some() { INK } else { GREY });
            let note = format!("{text} (today {today})");
            let lines_of = canvas.wrapped(&note, look, canvas.layout.right - right - 24.0, 2);
            let start = middle + SMALL * 0.35 - (lines_of.len() as f64 - 1.0) * SMALL * 0.62;
            for (k, line) in lines_of.iter().enumerate() {
                canvas.text(line, (right + 24.0, start + k as f64 * SMALL * 1.24), Align::Start, look)?;
            }
            lines.spot(canvas, i, vec![name_of(row), today, text, odds]);
        }
        canvas.dashed((x.at(0.0), top), (x.at(0.0), lines.bottom()), REFERENCE, 1.5)?;
        canvas.text("today", (x.at(0.0), lines.bottom() + 54.0), Align::Middle, Type::bold(LABEL, REFERENCE))
    })
}

/// Each input where an event happens and where it does not: quartiles, in pairs.
fn common(material: &DriversMaterial<'_>) -> Result<Picture, ChartError> {
    const PAIRS: usize = 8;
    let driving = material.driving();
    let event = driving.varies();
    let rows: Vec<Row<'_>> = material
        .table("common")?
        .each_row()
        .filter(|row| row.text("input").is_some_and(|name| !name.starts_with("events.")))
        .take(PAIRS)
        .collect();
    let [with, without] = driving.record.described.unwrap_or([0, 0]);
    let headline = rows.first().filter(|row| driving.tells_apart(row)).map_or_else(
        || format!("No input tells the futures with {event} from the others by more than chance"),
        |row| {
            let unit = row.text("unit").unwrap_or_default();
            let median = |column: &str| words::amount_about(row.number(column).unwrap_or(0.0), unit);
            format!(
                "Futures with {event} have {} of {} in the median, the others {}",
                words::a(&called(row.text("input").unwrap_or_default())),
                median("p50_with"),
                median("p50_without")
            )
        },
    );
    let [accent, context] = material.style.hues();
    let subtitle = format!(
        "The middle half of each input and its median: {accent} on the {} paths with {event}, {context} on the {} without",
        words::count(with),
        words::count(without)
    );
    let page = Page::new(material.record, headline, subtitle);
    draw(material.style, |canvas| {
        let top = page.draw(canvas)? + 10.0;
        let (left, right) = sides(canvas);
        let lines = Rows::new(canvas, rows.len(), (top, canvas.layout.plot_bottom + 50.0), left);
        canvas.columns(&["input", &format!("with {event}"), "without", "distance"]);
        for (i, row) in rows.iter().enumerate() {
            lines.name(canvas, i, &name_of(row), Type::plain(LABEL, INK))?;
            let unit = row.text("unit").unwrap_or_default();
            let quartiles =
                |which: &str| ["p25", "p50", "p75"].map(|p| row.number(&format!("{p}_{which}")).unwrap_or(0.0));
            let (a, b) = (quartiles("with"), quartiles("without"));
            let (low, high) = (a[0].min(b[0]), a[2].max(b[2]));
            let room = (high - low) * 0.35;
            let x = Scale::exact(low - room, high + room, left, right, Vec::new());
            let place = lines.row(i);
            let half = place.height * 0.17;
            canvas.line(&[(left, place.top + place.height), (right, place.top + place.height)], GRID, 1.0)?;
            for (quartiles, fill, colour, middle) in [
                (a, (ACCENT, 0.45), ACCENT, place.middle() - half * 1.25),
                (b, (CONTEXT, 0.6), GREY, place.middle() + half * 1.25),
            ] {
                let [from, median, to] = quartiles.map(|q| x.at(q));
                let corners = [(from, middle - half), (to, middle - half), (to, middle + half), (from, middle + half)];
                canvas.area(&corners, fill.0, fill.1)?;
                canvas.line(&[(median, middle - half), (median, middle + half)], colour, 4.0)?;
                let text = words::amount_about(quartiles[1], unit);
                canvas.text(&text, (to + 10.0, middle + SMALL * 0.35), Align::Start, Type::bold(SMALL, colour))?;
            }
            let said = |quartiles: [f64; 3]| {
                let [from, median, to] = quartiles.map(|q| words::amount_about(q, unit));
                format!("{median} ({from} to {to})")
            };
            let distance = row.number("distance").map_or_else(String::new, |x| format!("{x:.2}"));
            lines.spot(canvas, i, vec![name_of(row), said(a), said(b), distance]);
        }
        Ok(())
    })
}

//! The tables of what drives a number.

use super::spec::common::UNIT;
use super::spec::{Column, OF_ROW, TEXT, TableSpec, column};
use super::{Cell, Table, estimate};
use crate::aggregate::Estimate;
use crate::analysis::{Answer, Driver, Found, Needed, Swing};

/// The unit of what is asked about.
const OF: &str = "unit of what is asked about";
const INPUT: Column = column("input", TEXT, "an input, `events.NAME`, or `shocks`: the monthly noise taken together");

/// Every table, in the order in which they are written.
#[must_use]
pub fn drivers_tables(answer: &Answer) -> Vec<Table> {
    let mut tables = vec![swing(answer), curve(answer), variance(answer)];
    tables.extend(answer.happens.map(|_| common(answer)));
    tables.push(needed(answer));
    tables
}

/// The inputs that have a number, the largest first.
fn sorted(answer: &Answer, size: impl Fn(&Driver) -> Option<f64>) -> Vec<&Driver> {
    let mut inputs: Vec<(f64, &Driver)> =
        answer.inputs.iter().filter_map(|driver| Some((size(driver)?, driver))).collect();
    inputs.sort_by(|a, b| b.0.total_cmp(&a.0));
    inputs.into_iter().map(|(_, driver)| driver).collect()
}

/// Its tables, in the order in which they are written.
pub(super) const TABLES: &[TableSpec] = &[SWING, CURVE, VARIANCE, COMMON, NEEDED];

pub(super) const SWING: TableSpec = TableSpec {
    name: "swing",
    row: "an uncertain input, the largest swing first",
    columns: &[
        INPUT,
        UNIT,
        column("low_value", OF_ROW, "its 5% value; of an event infinity: never"),
        column("high_value", OF_ROW, "its 95% value; of an event month 1"),
        column(
            "low_mean",
            OF,
            "mean or probability where the input is in its lowest tenth, with what usually comes along; of an event where it never starts",
        ),
        column("low_mean_se", OF, "its standard error"),
        column("high_mean", OF, "the same in its highest tenth; of an event where it starts in the first year"),
        column("high_mean_se", OF, "its standard error"),
        column("swing", OF, "the difference of the two; empty with fewer than 100 such paths"),
        column("swing_se", OF, "its standard error"),
        column("swing_ci95_low", OF, "lower end of its 95% interval"),
        column("swing_ci95_high", OF, "upper end of its 95% interval"),
        column("alone_low_mean", OF, "mean or probability where the input alone is set to its low value on every path"),
        column("alone_low_mean_se", OF, "its standard error"),
        column("alone_high_mean", OF, "the same at its high value"),
        column("alone_high_mean_se", OF, "its standard error"),
        column("alone_swing", OF, "the difference of the two, on the same paths"),
        column("alone_swing_se", OF, "its standard error"),
        column("alone_swing_ci95_low", OF, "lower end of its 95% interval"),
        column("alone_swing_ci95_high", OF, "upper end of its 95% interval"),
    ],
    of_comparisons: false,
};

fn swing(answer: &Answer) -> Table {
    let mut table = SWING.table();
    let size = |driver: &Driver| {
        driver.values?;
        let swing = driver.swing.or(driver.alone)?;
        Some(swing.swing.value.abs())
    };
    for driver in sorted(answer, size) {
        let [low, high] = driver.values.map_or([None; 2], |values| values.map(Some));
        let mut row: Vec<Cell> = vec![driver.name.as_str().into(), driver.unit.into(), low.into(), high.into()];
        for swing in [driver.swing, driver.alone] {
            row.extend(swing.map_or_else(|| vec![Cell::Missing; 8], |swing| swing_cells(&swing)));
        }
        table.push(row);
    }
    table
}

fn swing_cells(Swing { low, high, swing }: &Swing) -> Vec<Cell> {
    let end = |x: &Estimate| [Cell::from(x.value), x.se.into()];
    [end(low), end(high)].into_iter().flatten().chain(estimate(swing)).collect()
}

pub(super) const CURVE: TableSpec = TableSpec {
    name: "curve",
    row: "a part of an input's range: one in twenty futures, from the lowest values to the highest",
    columns: &[
        INPUT,
        UNIT,
        column("bin", "1", "the part, from 1, the lowest, to 20"),
        column("low", OF_ROW, "lowest value of the input in it"),
        column("high", OF_ROW, "highest value of the input in it"),
        column("mean", OF, "mean or probability there, with what usually comes along"),
        column("mean_se", OF, "its standard error"),
    ],
    of_comparisons: false,
};

fn curve(answer: &Answer) -> Table {
    let mut table = CURVE.table();
    for driver in &answer.inputs {
        for bin in &driver.curve {
            let [mean, se, ..] = estimate(&bin.mean);
            let (low, high) = (Cell::from(bin.low), Cell::from(bin.high));
            table.push([driver.name.as_str().into(), driver.unit.into(), bin.bin.into(), low, high, mean, se]);
        }
    }
    table
}

pub(super) const VARIANCE: TableSpec = TableSpec {
    name: "variance",
    row: "something uncertain, the largest Shapley effect first",
    columns: &[
        INPUT,
        column("shapley", "share", "Shapley effect: its fair share of the variance; all add up to 1"),
        column("shapley_se", "share", "its standard error"),
        column("shapley_ci95_low", "share", "lower end of its 95% interval"),
        column("shapley_ci95_high", "share", "upper end of its 95% interval"),
        column("first_order", "share", "share of the variance that knowing it alone removes"),
        column("first_order_se", "share", "its standard error"),
        column("first_order_ci95_low", "share", "lower end of its 95% interval"),
        column("first_order_ci95_high", "share", "upper end of its 95% interval"),
        column("total", "share", "share of the variance that is left when all else is known"),
        column("total_se", "share", "its standard error"),
        column("total_ci95_low", "share", "lower end of its 95% interval"),
        column("total_ci95_high", "share", "upper end of its 95% interval"),
    ],
    of_comparisons: false,
};

fn variance(answer: &Answer) -> Table {
    let mut table = VARIANCE.table();
    for driver in sorted(answer, |driver| Some(driver.effect?.shapley.value)) {
        let Some(effect) = driver.effect else { continue };
        let mut row = vec![Cell::from(driver.name.as_str())];
        row.extend([effect.shapley, effect.first_order, effect.total].iter().flat_map(estimate));
        table.push(row);
    }
    table
}

pub(super) const COMMON: TableSpec = TableSpec {
    name: "common",
    row: "an uncertain input where the event happens and where it does not, the furthest apart first",
    columns: &[
        INPUT,
        UNIT,
        column("p25_with", OF_ROW, "lower quartile on the paths where the event happens"),
        column("p50_with", OF_ROW, "median there"),
        column("p75_with", OF_ROW, "upper quartile there"),
        column("p25_without", OF_ROW, "lower quartile on the paths where it does not"),
        column("p50_without", OF_ROW, "median there"),
        column("p75_without", OF_ROW, "upper quartile there"),
        column(
            "distance",
            "share",
            "largest difference of the two distribution functions (Kolmogorov and Smirnov); chance alone makes more than 1.36 √(1/n + 1/m) of n and m paths in one case of twenty",
        ),
        column("distance_se", "share", "its standard error"),
    ],
    of_comparisons: false,
};

fn common(answer: &Answer) -> Table {
    let mut table = COMMON.table();
    for driver in sorted(answer, |driver| Some(driver.common?.distance.value)) {
        let Some(common) = driver.common else { continue };
        let mut row = vec![Cell::from(driver.name.as_str()), driver.unit.into()];
        row.extend(common.with.into_iter().chain(common.without).map(Cell::from));
        row.extend([common.distance.value.into(), common.distance.se.into()]);
        table.push(row);
    }
    table
}

pub(super) const NEEDED: TableSpec = TableSpec {
    name: "needed",
    row: "an input, set alone",
    columns: &[
        INPUT,
        UNIT,
        column("today_p50", OF_ROW, "its median, or its value"),
        column("needed", OF_ROW, "the value nearest to it at which the level is reached; empty where none does it"),
        column("needed_ci95_low", OF_ROW, "lower end of its 95% interval"),
        column("needed_ci95_high", OF_ROW, "upper end of its 95% interval"),
        column("other_end", OF_ROW, "where the level is left again beyond that value; empty where it is not"),
        column("share_beyond", "share", "share of its distribution at which the level is reached"),
        column("best", OF, "where none does it: the best mean or probability that it can bring"),
        column("best_at", OF_ROW, "… and at which value"),
        column(
            "says",
            TEXT,
            "`or more`, `or less`; `everywhere` or `nowhere` where the level is reached at every value or at none",
        ),
    ],
    of_comparisons: false,
};

fn needed(answer: &Answer) -> Table {
    let mut table = NEEDED.table();
    for Needed { input, unit, today, found } in &answer.needed {
        let mut row: Vec<Cell> = vec![input.as_str().into(), (*unit).into(), (*today).into()];
        row.extend(match found {
            Found::At { value, interval: [low, high], above, other_end, share_beyond } => {
                let says = if *above { "or more" } else { "or less" };
                let (none, says) = (Cell::Missing, says.into());
                let other = (*other_end).into();
                [
                    (*value).into(),
                    (*low).into(),
                    (*high).into(),
                    other,
                    (*share_beyond).into(),
                    none.clone(),
                    none,
                    says,
                ]
            }
            Found::Everywhere => with_words("everywhere", Some(1.0), None),
            Found::Nowhere { best, at } => with_words("nowhere", Some(0.0), Some((best.value, *at))),
        });
        table.push(row);
    }
    table
}

fn with_words(says: &str, share: Option<f64>, best: Option<(f64, f64)>) -> [Cell; 8] {
    let none = || Cell::Missing;
    let (best, at) = (best.map(|best| best.0), best.map(|best| best.1));
    [none(), none(), none(), none(), share.into(), best.into(), at.into(), says.into()]
}

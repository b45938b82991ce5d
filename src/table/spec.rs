//! What a table is: its columns with their units and meanings, written beside its builder; the data dictionary follows.

use super::{Cell, Table};
use crate::aggregate::CaseSummary;
use crate::scenario::keys::KEYS;

/// A column: in the table's spec, and in the dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name. `INPUT`, `OUTCOME` and `EVENT` stand for the names of inputs, outcomes and events.
    pub name: &'static str,
    /// [`TEXT`], or the unit of its numbers; [`OF_ROW`] where the row's own column `unit` says it.
    pub unit: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

/// The unit of a column of text.
pub const TEXT: &str = "text";
/// The unit of a column whose rows say their own in the column `unit`.
pub const OF_ROW: &str = "unit";

/// A table that the program writes.
#[derive(Clone, Copy, Debug)]
pub struct TableSpec {
    /// The file's stem.
    pub name: &'static str,
    /// What a row is.
    pub row: &'static str,
    /// Its columns, in their order; neighbours that are named after an outcome, say, are repeated together for each outcome.
    pub columns: &'static [Column],
    /// Whether comparisons have it too, for all scenarios, with a first column `scenario`.
    pub of_comparisons: bool,
}

/// The tables of each command, in the order in which it writes them.
const TABLES: &[&[TableSpec]] = &[
    super::run::TABLES,
    super::sweep::TABLES,
    super::solve::TABLES,
    super::compare::TABLES,
    super::drivers::TABLES,
    super::discover::TABLES,
    super::voi::TABLES,
    super::condition::TABLES,
    super::score::TABLES,
];

pub(super) const fn column(name: &'static str, unit: &'static str, meaning: &'static str) -> Column {
    Column { name, unit, meaning }
}

/// Columns that many tables have, each with one meaning.
pub(super) mod common {
    use super::{Column, OF_ROW, TEXT, column};

    pub(in crate::table) const SCENARIO: Column = column("scenario", TEXT, "the scenario");
    pub(in crate::table) const SEGMENT: Column =
        column("segment", TEXT, "a segment of the market; `all` for their sum");
    pub(in crate::table) const OUTCOME: Column = column("outcome", TEXT, "an outcome of a path");
    pub(in crate::table) const UNIT: Column = column("unit", TEXT, "the unit of the row's numbers");
    pub(in crate::table) const KEY: Column = column("key", TEXT, "the input's name in the scenario file");
    pub(in crate::table) const MONTH: Column = column("month", "months", "month since launch; 0 is launch");
    pub(in crate::table) const DATE: Column = column("date", TEXT, "calendar month");
    pub(in crate::table) const P05: Column = column("p05", OF_ROW, "5% of the paths have no more");
    pub(in crate::table) const P25: Column = column("p25", OF_ROW, "25% of the paths have no more");
    pub(in crate::table) const P50: Column = column("p50", OF_ROW, "the median");
    pub(in crate::table) const P75: Column = column("p75", OF_ROW, "75% of the paths have no more");
    pub(in crate::table) const P95: Column = column("p95", OF_ROW, "95% of the paths have no more");
    pub(in crate::table) const VALUE_SE: Column = column("standard_error", OF_ROW, "standard error of the row's value");
    pub(in crate::table) const VALUE_LOW: Column = column("ci95_low", OF_ROW, "lower end of its 95% interval");
    pub(in crate::table) const VALUE_HIGH: Column = column("ci95_high", OF_ROW, "upper end of its 95% interval");
    pub(in crate::table) const SHARE_SE: Column =
        column("standard_error", "share", "standard error of the row's share");
    pub(in crate::table) const SHARE_LOW: Column = column("ci95_low", "share", "lower end of its 95% interval");
    pub(in crate::table) const SHARE_HIGH: Column = column("ci95_high", "share", "upper end of its 95% interval");
    pub(in crate::table) const INPUT: Column =
        column("INPUT", "unit of the input", "the value of the input that is varied or solved for");
}

impl Column {
    /// The pattern that its name has, if any.
    fn pattern(&self) -> Option<&'static str> {
        ["INPUT", "OUTCOME", "EVENT"].into_iter().find(|pattern| self.name.contains(pattern))
    }
}

/// The names that stand for the patterns of a spec.
#[derive(Clone, Debug, Default)]
pub(super) struct Names<'n> {
    pub(super) inputs: Vec<&'n str>,
    pub(super) outcomes: Vec<&'n str>,
    pub(super) events: Vec<&'n str>,
}

impl TableSpec {
    /// An empty table of columns that are all named.
    pub(super) fn table(&self) -> Table {
        self.table_of(&Names::default())
    }

    /// An empty table whose patterns are given names.
    pub(super) fn table_of(&self, names: &Names<'_>) -> Table {
        let mut columns: Vec<String> = Vec::new();
        for group in self.columns.chunk_by(|a, b| a.pattern().is_some() && a.pattern() == b.pattern()) {
            let Some(pattern) = group[0].pattern() else {
                columns.extend(group.iter().map(|column| column.name.to_owned()));
                continue;
            };
            let words = match pattern {
                "INPUT" => &names.inputs,
                "OUTCOME" => &names.outcomes,
                _ => &names.events,
            };
            let of_word =
                |word: &&str| group.iter().map(|column| column.name.replace(pattern, word)).collect::<Vec<_>>();
            columns.extend(words.iter().flat_map(of_word));
        }
        Table::new(self.name, columns)
    }

    /// Its columns as the dictionary has them.
    fn entries(&self) -> impl Iterator<Item = &Column> {
        self.of_comparisons.then_some(&common::SCENARIO).into_iter().chain(self.columns)
    }

    /// The column of that name; of a name that was made from an outcome, an event or an input, the one with its pattern.
    fn column(&self, name: &str) -> Option<&Column> {
        let of = |pattern: &str, word: &str| {
            self.columns
                .iter()
                .find(|column| column.name.contains(pattern) && column.name.replace(pattern, word) == name)
        };
        let is_input = name.contains("price.changes.")
            || KEYS.iter().any(|spec| name == spec.name || name.ends_with(&format!(".{}", spec.name)));
        self.entries()
            .find(|column| column.name == name)
            .or_else(|| CaseSummary::outcomes().find_map(|(word, _)| of("OUTCOME", word)))
            .or_else(|| CaseSummary::questions().find_map(|word| of("EVENT", word)))
            .or_else(|| self.columns.iter().find(|column| column.name == "INPUT" && is_input))
    }
}

/// Every table.
fn specs() -> impl Iterator<Item = &'static TableSpec> {
    TABLES.iter().copied().flatten()
}

/// What the column of a table is.
#[must_use]
pub fn describe(table: &str, column: &str) -> Option<&'static Column> {
    // `solve` and `drivers` both have a curve.
    specs().filter(|spec| spec.name == table).find_map(|spec| spec.column(column))
}

/// Whether a column of a table holds text.
#[must_use]
pub fn is_text(table: &str, column: &str) -> bool {
    describe(table, column).is_some_and(|column| column.unit == TEXT)
}

/// Every column of every table: the table's name and the column.
pub fn columns() -> impl Iterator<Item = (&'static str, &'static Column)> {
    specs().flat_map(|spec| spec.entries().map(|column| (spec.name, column)))
}

/// The dictionary as a table itself.
#[must_use]
pub fn dictionary() -> Table {
    let mut table = Table::new("columns", ["table", "column", "unit", "meaning"]);
    for (name, column) in columns() {
        table.push([name, column.name, column.unit, column.meaning].map(Cell::from));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_names_a_column_once_and_has_the_unit_of_its_rows_where_it_needs_it() {
        for spec in specs() {
            let names: Vec<&str> = spec.entries().map(|column| column.name).collect();
            let distinct: std::collections::BTreeSet<&str> = names.iter().copied().collect();
            assert_eq!(names.len(), distinct.len(), "{names:?}");
            let asks = spec.columns.iter().any(|column| column.unit == OF_ROW);
            assert_eq!(asks, names.contains(&"unit"), "{}", spec.name);
        }
    }

    #[test]
    fn patterns_take_names_group_by_group() {
        const SPEC: TableSpec = TableSpec {
            name: "t",
            row: "a point",
            columns: &[
                common::INPUT,
                column("OUTCOME_mean", "", ""),
                column("OUTCOME_p50", "", ""),
                column("EVENT", "", ""),
                column("last", "", ""),
            ],
            of_comparisons: false,
        };
        let names = Names { inputs: vec!["x", "y"], outcomes: vec!["npv", "ltv"], events: vec!["payback"] };
        let expected = ["x", "y", "npv_mean", "npv_p50", "ltv_mean", "ltv_p50", "payback", "last"];
        assert_eq!(SPEC.table_of(&names).columns, expected);
    }
}

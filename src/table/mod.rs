//! Tables: typed rows with named columns, the only thing that files and charts are made from.

mod compare;
mod condition;
mod discover;
mod drivers;
pub mod meaning;
mod row;
mod run;
mod score;
mod solve;
pub mod spec;
mod sweep;
mod voi;

pub use compare::compare_tables;
pub use condition::condition_tables;
pub use discover::discover_tables;
pub use drivers::drivers_tables;
pub use row::Row;
pub(crate) use run::inputs;
pub use run::tables;
pub use score::score_table;
pub use solve::solve_tables;
pub use sweep::sweep_tables;
pub(crate) use voi::study_name;
pub use voi::voi_tables;

use crate::aggregate::{Estimate, Proportion};

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A name or a remark.
    Text(String),
    /// A number; infinity is one.
    Number(f64),
    /// There is no such number.
    Missing,
}

/// A table with its name and columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The file's stem.
    pub name: String,
    /// The columns' names.
    pub columns: Vec<String>,
    /// As many cells a row as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

impl From<f64> for Cell {
    fn from(x: f64) -> Self {
        // Adding 0 turns −0 into 0.
        Self::Number(x + 0.0)
    }
}

impl From<Option<f64>> for Cell {
    fn from(x: Option<f64>) -> Self {
        x.map_or(Self::Missing, Self::from)
    }
}

impl From<usize> for Cell {
    fn from(x: usize) -> Self {
        Self::Number(x as f64)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Missing } else { Self::Text(text.to_owned()) }
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Missing, Self::from)
    }
}

impl Cell {
    /// The number, where it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        if let Self::Number(x) = self { Some(*x) } else { None }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl Table {
    pub(crate) fn new(name: impl Into<String>, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { name: name.into(), columns: columns.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, row: impl Into<Vec<Cell>>) {
        let row = row.into();
        debug_assert_eq!(row.len(), self.columns.len(), "{}", self.name);
        self.rows.push(row);
    }

    /// The cell of `row` under `column`.
    #[must_use]
    pub fn cell<'t>(&self, row: &'t [Cell], column: &str) -> Option<&'t Cell> {
        row.get(self.columns.iter().position(|c| *c == column)?)
    }

    /// The number of `row` under `column`.
    #[must_use]
    pub fn number(&self, row: &[Cell], column: &str) -> Option<f64> {
        self.cell(row, column)?.number()
    }

    /// Every row.
    pub fn each_row(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { table: self, cells })
    }

    /// The rows of all segments together.
    pub fn rows_of_all(&self) -> impl Iterator<Item = &[Cell]> {
        let segment = self.columns.iter().position(|c| *c == "segment");
        let of_all = move |row: &&Vec<Cell>| segment.is_none_or(|at| row[at].text() == Some("all"));
        self.rows.iter().filter(of_all).map(Vec::as_slice)
    }

    /// A number of a segment: in the row whose cell under `column` is `text`.
    #[must_use]
    pub fn of_segment(&self, segment: &str, (column, text): (&str, &str), number: &str) -> Option<f64> {
        let is = |row: &&Vec<Cell>, column: &str, text: &str| self.cell(row, column).and_then(Cell::text) == Some(text);
        let row = self.rows.iter().find(|row| is(row, "segment", segment) && is(row, column, text))?;
        self.number(row, number)
    }

    /// The rows of all segments together whose cell under `column` is `text`.
    pub fn rows_where<'t>(&'t self, column: &str, text: &'t str) -> impl Iterator<Item = &'t [Cell]> {
        let at = self.columns.iter().position(|c| *c == column);
        let segment = self.columns.iter().position(|c| *c == "segment");
        let of_all = move |row: &Vec<Cell>| segment.is_none_or(|at| row[at].text() == Some("all"));
        let matches = move |row: &Vec<Cell>| at.and_then(|at| row[at].text()) == Some(text) && of_all(row);
        self.rows.iter().filter(move |row| matches(row)).map(Vec::as_slice)
    }
}

/// The columns of a share in a table of shares alone.
pub const SHARE_COLUMNS: [&str; 4] = ["probability", "standard_error", "ci95_low", "ci95_high"];

fn estimate(x: &Estimate) -> [Cell; 4] {
    [x.value.into(), x.se.into(), x.interval.map(|i| i.0).into(), x.interval.map(|i| i.1).into()]
}

fn proportion(p: &Proportion) -> [Cell; 4] {
    [p.probability.into(), p.se.into(), p.low.into(), p.high.into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_below_zero_by_its_sign_alone() {
        assert_eq!(Cell::from(-0.0), Cell::from(0.0));
    }
}

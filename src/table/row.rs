//! A row of a table, read by the names of its columns.

use super::{Cell, Table};
use crate::aggregate::Estimate;
use crate::words::Frequency;

/// A row with its table's columns.
#[derive(Clone, Copy, Debug)]
pub struct Row<'t> {
    /// The table.
    pub table: &'t Table,
    /// A cell for each of its columns.
    pub cells: &'t [Cell],
}

impl<'t> Row<'t> {
    /// The cell under a column.
    #[must_use]
    pub fn cell(&self, column: &str) -> Option<&'t Cell> {
        self.table.cell(self.cells, column)
    }

    /// The number under a column, where there is one.
    #[must_use]
    pub fn number(&self, column: &str) -> Option<f64> {
        self.cell(column)?.number()
    }

    /// The text under a column, where there is one.
    #[must_use]
    pub fn text(&self, column: &str) -> Option<&'t str> {
        self.cell(column)?.text()
    }

    /// The number under `column` with the error in the columns beside it: `…_se`, `…_ci95_low`, `…_ci95_high`.
    #[must_use]
    pub fn estimate(&self, column: &str) -> Option<Estimate> {
        let beside = |part: &str| self.number(&format!("{column}_{part}"));
        let interval = beside("ci95_low").zip(beside("ci95_high"));
        Some(Estimate { value: self.number(column)?, se: beside("se"), interval })
    }

    /// The mean under `column` of so many paths, with the error in `…_se`: tables of means do not repeat the interval.
    #[must_use]
    pub fn mean(&self, column: &str, paths: u64) -> Option<Estimate> {
        Some(Estimate::of_error(self.number(column)?, self.number(&format!("{column}_se")), paths))
    }

    /// How often something happens on so many paths: the share under `column`, with the error in the columns beside it.
    #[must_use]
    pub fn frequency(&self, column: &str, paths: u64) -> Option<Frequency> {
        self.frequency_in(
            [column, &format!("{column}_se"), &format!("{column}_ci95_low"), &format!("{column}_ci95_high")],
            paths,
        )
    }

    /// The same where the columns of the share, its standard error and its interval have names of their own.
    #[must_use]
    pub fn frequency_in(&self, [share, se, low, high]: [&str; 4], paths: u64) -> Option<Frequency> {
        let share = self.number(share)?;
        let interval = self.number(low).zip(self.number(high)).filter(|_| self.number(se).is_some());
        let count = self.number("count").unwrap_or_else(|| (share * paths as f64).round()) as u64;
        Some(Frequency { count, interval, ..Frequency::of_share(share, paths) })
    }
}

//! What a command has found, as a value: its record, its tables, and the files of its scenarios. Everything that is written, drawn
//! or said is made from it, and it can be read back from a folder.

mod compare;
mod condition;
mod discover;
mod drivers;
mod driving;
mod kind;
mod record;
mod run;
mod scenario;
mod score;
mod solve;
mod solved;
mod sweep;
mod swept;
mod valued;
mod voi;

pub(crate) use crate::analysis::{FEWEST, FEWEST_TO_COMPARE, LARGEST_STUDY};
pub use compare::CompareRecord;
pub use condition::{ACTUALS_FILE, ConditionRecord};
pub use discover::DiscoverRecord;
pub use drivers::DriversRecord;
pub(crate) use driving::{Driving, Lever, SAYS_NOTHING, the};
pub use kind::Kind;
pub(crate) use kind::for_kind;
#[cfg(feature = "csv")]
pub(crate) use record::LARGEST_NUMBER;
pub use record::{FORMAT, ReadError, Record, Simulation};
pub use run::{PrecisionRecord, RunRecord};
pub use scenario::{ScenarioRecord, SegmentRecord};
pub use score::ScoreRecord;
pub use solve::SolveRecord;
pub(crate) use solved::{BreakEvens, Crossing, Solved};
pub use sweep::{SideBySideRecord, SweepRecord, VaryRecord};
pub(crate) use swept::BestBy;
pub(crate) use valued::{BestAlong, Valued, Worthwhile};
pub use voi::{StudyRecord, VoiRecord};

use crate::table::{Cell, Row, Table};

/// What a command has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// What was done, to which scenarios, and how.
    pub record: Record,
    /// Every number that was found, in the order in which the tables are written.
    pub tables: Vec<Table>,
    /// Copies of the scenarios' files, which run again as they are: names with folders and `/`, and texts.
    pub sources: Vec<(String, String)>,
}

impl Results {
    /// The table of that name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Its rows; none where there is no such table.
    pub fn rows(&self, name: &str) -> impl Iterator<Item = Row<'_>> {
        self.table(name).into_iter().flat_map(Table::each_row)
    }

    /// Its first row of all segments together whose cell under `column` is `text`.
    #[must_use]
    pub fn row<'r>(&'r self, table: &str, column: &'r str, text: &'r str) -> Option<Row<'r>> {
        let table = self.table(table)?;
        table.rows_where(column, text).next().map(|cells| Row { table, cells })
    }

    /// The rows of one scenario of a comparison.
    pub fn rows_of<'r>(&'r self, table: &'r str, scenario: &'r str) -> impl Iterator<Item = Row<'r>> {
        self.rows(table).filter(move |row| row.text("scenario") == Some(scenario))
    }

    /// A number of an outcome of a run; none where it is missing.
    #[must_use]
    pub fn outcome(&self, outcome: &str, column: &str) -> Option<f64> {
        self.row("summary", "outcome", outcome)?.cell(column).and_then(Cell::number)
    }
}

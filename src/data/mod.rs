//! What was observed: files of actual numbers that a forecast is held against, and of data that an input is fitted to.

mod actuals;
mod columns;
mod rows;

pub use actuals::{Actuals, Observation};
pub use columns::Columns;

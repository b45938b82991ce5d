//! What is said of a forecast that is held against what came.

use super::condition::{judged, none_or};
use super::{Block, Grid, Says};
use crate::results::{Results, ScoreRecord};
use crate::words;

impl Says for ScoreRecord {
    /// Whether the forecast held, and each number beside it.
    fn blocks(&self, results: &Results) -> Vec<Block> {
        let heading = format!("{}: the forecast and what came", results.record.scenario().title);
        let count = |share: f64| (share * self.numbers as f64).round();
        let [half, most] = self.coverage.map(count);
        let one = if self.numbers == 1 { "number" } else { "numbers" };
        let sentences = vec![
            format!(
                "Of {} {one}, {} fell into the forecast’s 50% interval and {} into its 90% interval.",
                self.numbers,
                none_or(half),
                none_or(most)
            ),
            words::upper_first(&format!("{}.", judged(self.as_far))),
        ];
        let rows = results.rows("score").filter_map(|row| {
            let unit = row.text("unit")?;
            let amount = |column: &str| Some(words::amount_about(row.number(column)?, unit));
            Some(vec![
                format!("{} of month {}", row.text("series")?, row.number("month")?),
                amount("value")?,
                amount("p05")?,
                amount("p50")?,
                amount("p95")?,
                words::percent(row.number("pit")?),
            ])
        });
        let grid = Grid {
            caption: "Each number, its forecast, and the share of the forecast below it".to_owned(),
            header: ["", "came", "5%", "median", "95%", "below it"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
        };
        let remarks = vec!["Months are not independent: one future that runs high runs high for long. All numbers together are therefore judged against the forecast’s own futures, not by counting.".to_owned()];
        vec![Block { heading, sentences, grid: Some(grid), remarks }]
    }
}

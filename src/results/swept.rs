//! The tables of a sweep, read back: the best of what is chosen for each value of what is not.

use super::{Results, SweepRecord, VaryRecord};

/// A sweep over an input that is chosen and one that is not.
pub(crate) struct BestBy<'r> {
    pub(crate) choice: &'r VaryRecord,
    pub(crate) given: &'r VaryRecord,
    /// By value of what is given, rising: the choice with the highest mean NPV.
    pub(crate) best: Vec<(f64, f64)>,
}

impl<'r> BestBy<'r> {
    /// Whether a choice is the highest of the range, and could be higher: then the best may lie beyond.
    pub(crate) fn is_end(&self, value: f64) -> bool {
        self.choice.values.len() > 2 && value == self.choice.ends().1 && self.choice.goes_beyond(value)
    }

    /// None where the inputs are not two, or both or neither are chosen.
    pub(crate) fn new(results: &'r Results, record: &'r SweepRecord) -> Option<Self> {
        let [first, second] = &record.vary[..] else { return None };
        let (choice, given) = match (first.chosen, second.chosen) {
            (true, false) => (first, second),
            (false, true) => (second, first),
            _ => return None,
        };
        let mut best: Vec<(f64, f64, f64)> = Vec::new();
        for row in results.rows("sweep") {
            let (x, value, npv) = (row.number(&given.input)?, row.number(&choice.input)?, row.number("npv_mean")?);
            match best.iter_mut().find(|known| known.0 == x) {
                Some(known) if npv > known.2 => (known.1, known.2) = (value, npv),
                Some(_) => {}
                None => best.push((x, value, npv)),
            }
        }
        best.sort_by(|a, b| a.0.total_cmp(&b.0));
        Some(Self { choice, given, best: best.into_iter().map(|(x, value, _)| (x, value)).collect() })
    }
}

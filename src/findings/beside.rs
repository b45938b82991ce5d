//! What is said of the drivers of several scenarios side by side.

use super::drivers::part;
use super::{Block, Grid};
use crate::aggregate::Estimate;
use crate::results::{DriversRecord, Driving, Results, the};
use crate::scenario::called;

/// Rows of the grid.
const ROWS: usize = 10;

/// Which input matters more in which of several scenarios, by parts of the variance of the same number.
pub(super) fn drivers(all: &[(&Results, &DriversRecord)]) -> Option<Block> {
    let (first, _) = all.first().filter(|_| all.len() > 1)?;
    let driving: Vec<Driving<'_>> = all.iter().map(|(results, record)| Driving::new(results, record)).collect();
    let share = |driving: &Driving<'_>, name: &str| {
        let found = driving.variance.iter().find(|part| part.0 == name).map(|part| part.1);
        found.filter(|_| driving.is_ranked())
    };
    let mut names: Vec<&str> = Vec::new();
    for name in driving.iter().flat_map(|driving| driving.variance.iter().map(|part| part.0)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let most = |name: &str| {
        driving.iter().filter_map(|driving| share(driving, name)).map(|part| part.value).fold(0.0, f64::max)
    };
    names.sort_by(|a, b| most(b).total_cmp(&most(a)));
    let row = |name: &&str| {
        let cells = driving.iter().map(|driving| match share(driving, name) {
            Some(share) => part(&share),
            None if driving.is_ranked() => "certain".to_owned(),
            None => "not known".to_owned(),
        });
        std::iter::once(called(name)).chain(cells).collect()
    };
    let rows: Vec<Vec<String>> = names.iter().take(ROWS).map(row).collect();
    let titles: Vec<&str> = all.iter().map(|(results, _)| results.record.scenario().name.as_str()).collect();
    let header = std::iter::once("").chain(titles.iter().copied()).map(str::to_owned).collect();
    // The input whose part differs most between two, beyond the simulation's own error.
    let differs = |name| {
        let [a, b] = driving.as_slice() else { return None };
        let (a, b) = (share(a, name)?, share(b, name)?);
        let error = libm::hypot(a.se?, b.se?);
        Some((name, a, b)).filter(|_| (a.value - b.value).abs() > 3.0 * error)
    };
    let apart = |x: &(&str, Estimate, Estimate)| (x.1.value - x.2.value).abs();
    let largest = names.iter().copied().filter_map(differs).max_by(|a, b| apart(a).total_cmp(&apart(b)));
    let sentence = largest.map(|(name, a, b)| {
        let (more, less) = if a.value > b.value { ((0, a), (1, b)) } else { ((1, b), (0, a)) };
        format!(
            "What differs most: {} has {} of the variance in {}, and {} in {}.",
            the(name),
            part(&more.1),
            titles[more.0],
            part(&less.1),
            titles[less.0]
        )
    });
    Some(Block {
        heading: format!("Side by side: what {} hangs on", Driving::new(first, all[0].1).what()),
        sentences: sentence.into_iter().collect(),
        grid: Some(Grid { caption: "Parts of the variance".to_owned(), header, rows }),
        remarks: vec!["Parts of the variance are Shapley effects.".to_owned()],
    })
}

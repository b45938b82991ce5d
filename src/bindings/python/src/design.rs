//! The model as a function: one row of inputs a path, for designs that were made elsewhere.

use breakeven::Run;
use breakeven::cli::Caller;
use breakeven::engine::Variant;
use breakeven::scenario::keys::Key;
use breakeven::scenario::{self, LoadError, Topic};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::call::away;
use crate::table::{Column, Table};
use crate::{BreakevenError, ScenarioError};

/// Outcomes of each row of a design: names of inputs with the bytes of their doubles. What the design does not name is drawn as in
/// a run of as many paths, or is at its median, without events and monthly shocks. Also what should be known of the overrides.
#[pyfunction]
#[pyo3(signature = (scenario, sets, design, seed, rest_is_drawn, threads))]
pub(crate) fn simulate(
    py: Python<'_>,
    scenario: &str,
    sets: Vec<String>,
    design: Vec<(String, Vec<u8>)>,
    seed: u64,
    rest_is_drawn: bool,
    threads: Option<usize>,
) -> PyResult<(Table, Vec<String>)> {
    let caller = Caller::default();
    let named = |input: &str| design.iter().any(|column| column.0 == input);
    let mut sets = sets;
    if !rest_is_drawn {
        let volatility = Key::AnnualVolatility.name();
        sets.extend((!named(volatility)).then(|| format!("{volatility}=0")));
        sets.push("events=[]".to_owned());
    }
    // What is wrong is told as the command line tells it.
    let loaded = scenario::load_with(scenario, &sets).map_err(|error| match error {
        LoadError::Wrong(_) => caller.said(&checked(scenario, &sets)).err().map_or_else(
            || ScenarioError::new_err("the scenario is wrong"),
            |failure| ScenarioError::new_err(failure.message),
        ),
        error => ScenarioError::new_err(error.to_string()),
    })?;
    let mut variant = Variant::default();
    let rows = design.first().map_or(0, |column| column.1.len() / size_of::<f64>());
    if rows == 0 {
        return Err(PyValueError::new_err("the design has no rows"));
    }
    let medians: Vec<(String, f64)> = loaded
        .ledger()
        .into_iter()
        .filter(|(name, _, value)| !rest_is_drawn && value.dist.constant_value().is_none() && !named(name))
        .map(|(name, _, value)| (name, value.dist.quantile(0.5)))
        .collect();
    for (name, bytes) in design {
        let numbers = bytes.as_chunks().0.iter().map(|bytes| f64::from_ne_bytes(*bytes));
        variant = variant.with_each(&name, numbers.collect());
    }
    for (name, median) in medians {
        variant = variant.with(&name, median);
    }
    let tables = away(py, &caller, || {
        let run = Run::new(&loaded).paths(rows as u64).seed(seed).cancel(&caller.cancel);
        let run = threads.map_or(run, |threads| run.threads(threads));
        run.tables(std::slice::from_ref(&variant))
    })?;
    let table = tables.map_err(|error| match error {
        breakeven::analysis::AnalysisError::Asked(why) => ScenarioError::new_err(why),
        error => BreakevenError::new_err(error.to_string()),
    })?;
    let Some(table) = table.into_iter().next() else { return Err(BreakevenError::new_err("nothing was simulated")) };
    let missing = |name: &str| table.path_columns().iter().any(|column| column.name == name && column.may_be_missing);
    let column = |(name, numbers): &(&'static str, Vec<f64>)| {
        Column::numbers((*name).to_owned(), numbers.clone(), missing(name))
    };
    let warnings = loaded.warnings().iter().filter(|problem| matches!(problem.topic, Topic::Set));
    let warnings = warnings.filter(|_| rest_is_drawn).map(|problem| problem.message.clone()).collect();
    Ok((Table::new("outcomes", table.outcomes.iter().map(column).collect()), warnings))
}

/// The arguments that check a scenario and tell what is wrong with it.
fn checked(scenario: &str, sets: &[String]) -> Vec<String> {
    let sets = sets.iter().flat_map(|set| ["--set".to_owned(), set.clone()]);
    ["run", scenario, "--paths", "1"].map(str::to_owned).into_iter().chain(sets).collect()
}

//! Calls the program: on a thread of its own, without the interpreter's lock, ended by Ctrl-C.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use breakeven::cli::{Caller, Failure};
use breakeven::part::{Part, PartError};
use breakeven::scenario;
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::found::Result as Found;
use crate::{BreakevenError, BreakevenWarning, ScenarioError};

/// How often Ctrl-C is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// As much as a program's first thread usually has.
const STACK: usize = 16 << 20;

/// A failure as an exception: wrong usage or a wrong scenario is a `ScenarioError`.
pub(crate) fn raised(failure: &Failure) -> PyErr {
    match failure.status {
        2 => ScenarioError::new_err(failure.message.clone()),
        130 => PyKeyboardInterrupt::new_err(()),
        _ => BreakevenError::new_err(failure.message.clone()),
    }
}

/// Does `work` away from Python, which may end it, and warns of what the caller should know.
pub(crate) fn away<T: Send>(py: Python<'_>, caller: &Caller, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    let result = std::thread::scope(|scope| {
        let waiting = std::thread::current();
        let worker = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || {
            let result = work();
            waiting.unpark();
            result
        });
        let worker = worker.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        let mut interrupted = None;
        // Whoever waits may be the only thread that hears Ctrl-C.
        while !worker.is_finished() {
            py.detach(|| std::thread::park_timeout(LOOK_EVERY));
            if interrupted.is_none() {
                interrupted = py.check_signals().err();
                caller.cancel.store(interrupted.is_some(), Ordering::Relaxed);
            }
        }
        let result = py.detach(|| worker.join());
        let ended = |_| PyRuntimeError::new_err("breakeven ended unexpectedly: please report it");
        interrupted.map_or_else(|| result.map_err(ended), Err)
    })?;
    let category = py.get_type::<BreakevenWarning>();
    for warning in caller.warnings() {
        let text = std::ffi::CString::new(warning.replace('\0', " ")).unwrap_or_default();
        PyErr::warn(py, &category, &text, 3)?;
    }
    Ok(result)
}

/// What a command finds, result by result.
#[pyfunction]
pub(crate) fn find(py: Python<'_>, arguments: Vec<String>) -> PyResult<Vec<Found>> {
    let caller = Caller::default();
    let found = away(py, &caller, || caller.call(&arguments))?.map_err(|failure| raised(&failure))?;
    Ok(found.into_iter().map(Found::from).collect())
}

/// What a command says.
#[pyfunction]
pub(crate) fn say(py: Python<'_>, arguments: Vec<String>) -> PyResult<String> {
    let caller = Caller::default();
    away(py, &caller, || caller.said(&arguments))?.map_err(|failure| raised(&failure))
}

/// The program itself: returns its exit status.
#[pyfunction]
pub(crate) fn main(py: Python<'_>, arguments: Vec<String>) -> u8 {
    py.detach(|| breakeven::cli::main_of(arguments.into_iter().map(Into::into).collect()))
}

/// One part of a run, as bytes; the arguments have `--shard`.
#[pyfunction]
pub(crate) fn part<'py>(py: Python<'py>, arguments: Vec<String>) -> PyResult<Bound<'py, PyBytes>> {
    let caller = Caller::default();
    away(py, &caller, || caller.call(&arguments))?.map_err(|failure| raised(&failure))?;
    let part = caller.part().ok_or_else(|| PyRuntimeError::new_err("no part: `--shard` is missing"))?;
    bytes_of(py, &part)
}

fn bytes_of<'py>(py: Python<'py>, part: &Part) -> PyResult<Bound<'py, PyBytes>> {
    let mut bytes = Vec::new();
    py.detach(|| part.write(&mut bytes))?;
    Ok(PyBytes::new(py, &bytes))
}

fn read(parts: &[Vec<u8>]) -> impl Iterator<Item = std::result::Result<(PathBuf, Part), PartError>> {
    parts.iter().enumerate().map(|(i, bytes)| {
        let name = PathBuf::from(format!("part {}", i + 1));
        Ok((name.clone(), Part::from_bytes(bytes, &name)?))
    })
}

fn wrong(error: &PartError) -> PyErr {
    ScenarioError::new_err(error.to_string())
}

/// Some parts of a run as a bigger one.
#[pyfunction]
pub(crate) fn join<'py>(py: Python<'py>, parts: Vec<Vec<u8>>) -> PyResult<Bound<'py, PyBytes>> {
    let part = py.detach(|| Part::of(read(&parts))).map_err(|error| wrong(&error))?;
    bytes_of(py, &part)
}

/// All parts of a run as its result.
#[pyfunction]
pub(crate) fn merge(py: Python<'_>, parts: Vec<Vec<u8>>) -> PyResult<Found> {
    let caller = Caller::default();
    let read = read(&parts).map(|part| part.map(|(_, part)| part)).collect::<std::result::Result<Vec<_>, _>>();
    let read = read.map_err(|error| wrong(&error))?;
    let found = away(py, &caller, || caller.merge(read))?.map_err(|failure| raised(&failure))?;
    Ok(found.into())
}

/// The scenarios that can be run by name, with their titles; of one that does not load, why.
#[pyfunction]
pub(crate) fn scenarios() -> Vec<(String, String)> {
    let title =
        |name: &str| scenario::load(name).map_or_else(|error| error.to_string(), |known| known.title().to_owned());
    scenario::names().into_iter().map(|(name, _)| (name.clone(), title(&name))).collect()
}

//! Calls the program: on a thread of its own, without the interpreter's lock, ended by Ctrl-C.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use breakeven::analysis::Axis;
use breakeven::cli::{Caller, Failure};
use breakeven::engine::{Options, Shard};
use breakeven::part::{Part, PartError};
use breakeven::scenario;
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::found::Result as Found;
use crate::{BreakevenError, ScenarioError};

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

/// Does `work` away from Python, which may end it.
pub(crate) fn away<T: Send>(py: Python<'_>, caller: &Caller, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    let (waiting, is_done) = (std::thread::current(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            let result = work();
            is_done.store(true, Ordering::Release);
            waiting.unpark();
            result
        });
        let worker = worker.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        let mut interrupted = None;
        // Whoever waits may be the only thread that hears Ctrl-C; whoever panics ends without a word.
        while !is_done.load(Ordering::Acquire) && !worker.is_finished() {
            py.detach(|| std::thread::park_timeout(LOOK_EVERY));
            if interrupted.is_none() {
                interrupted = py.check_signals().err();
                caller.cancel.store(interrupted.is_some(), Ordering::Relaxed);
            }
        }
        let result = py.detach(|| worker.join());
        let ended = |_| PyRuntimeError::new_err("breakeven ended unexpectedly: please report it");
        interrupted.map_or_else(|| result.map_err(ended), Err)
    })
}

/// What a command finds, result by result, and what should be known of what was asked.
#[pyfunction]
pub(crate) fn find(py: Python<'_>, arguments: Vec<String>) -> PyResult<(Vec<Found>, Vec<String>)> {
    let caller = Caller::default();
    let found = away(py, &caller, || caller.call(&arguments))?.map_err(|failure| raised(&failure))?;
    Ok((found.into_iter().map(Found::from).collect(), caller.warnings()))
}

/// What a command says.
#[pyfunction]
pub(crate) fn say(py: Python<'_>, arguments: Vec<String>) -> PyResult<String> {
    let caller = Caller::default();
    away(py, &caller, || caller.said(&arguments))?.map_err(|failure| raised(&failure))
}

/// The program itself, which is run again by the words `by`: returns its exit status.
#[pyfunction]
pub(crate) fn main(py: Python<'_>, by: Vec<OsString>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| breakeven::cli::main_by(by, &arguments))
}

/// One part of a run or a sweep, as bytes; the arguments have `--shard`.
#[pyfunction]
pub(crate) fn part(py: Python<'_>, arguments: Vec<String>) -> PyResult<Bound<'_, PyBytes>> {
    let caller = Caller::default();
    away(py, &caller, || caller.call(&arguments))?.map_err(|failure| raised(&failure))?;
    let part = caller.part().ok_or_else(|| PyRuntimeError::new_err("no part: `--shard` is missing"))?;
    bytes_of(py, &part)
}

/// How many points a sweep over some inputs has, each as for `--vary`.
#[pyfunction]
pub(crate) fn points(vary: Vec<String>) -> PyResult<usize> {
    let axes: std::result::Result<Vec<Axis>, String> = vary.iter().map(|axis| axis.parse()).collect();
    Ok(axes.map_err(ScenarioError::new_err)?.iter().fold(1, |points, axis| axis.values.len().saturating_mul(points)))
}

/// Another part of the same run or sweep, made on one thread: part `number` of `of`.
#[pyfunction]
pub(crate) fn another_part(py: Python<'_>, like: &[u8], number: u64, of: u64) -> PyResult<Py<PyBytes>> {
    let like = Part::from_bytes(like, Path::new("the part")).map_err(|error| wrong(&error))?;
    let caller = Caller::default();
    let part = away(py, &caller, || {
        let options = Options { threads: Some(1), cancel: Some(&caller.cancel), ..Options::default() };
        like.another(Shard { number, of }, &options)
    })?;
    let part = part.map_err(|error| BreakevenError::new_err(error.to_string()))?;
    Ok(bytes_of(py, &part)?.unbind())
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

/// Some parts as a bigger one.
#[pyfunction]
pub(crate) fn join(py: Python<'_>, parts: Vec<Vec<u8>>) -> PyResult<Bound<'_, PyBytes>> {
    let caller = Caller::default();
    let options = Options { threads: Some(1), cancel: Some(&caller.cancel), ..Options::default() };
    let part = away(py, &caller, || Part::of(read(&parts), &options))?.map_err(|error| wrong(&error))?;
    bytes_of(py, &part)
}

/// All parts of a run or a sweep as its result, and what should be known of it.
#[pyfunction]
pub(crate) fn merge(py: Python<'_>, parts: Vec<Vec<u8>>) -> PyResult<(Found, Vec<String>)> {
    let caller = Caller::default();
    let read = read(&parts).map(|part| part.map(|(_, part)| part)).collect::<std::result::Result<Vec<_>, _>>();
    let read = read.map_err(|error| wrong(&error))?;
    let found = away(py, &caller, || caller.merge(read))?.map_err(|failure| raised(&failure))?;
    Ok((found.into(), caller.warnings()))
}

/// The scenarios that can be run by name, with their titles; of one that does not load, why.
#[pyfunction]
pub(crate) fn scenarios() -> Vec<(String, String)> {
    let title =
        |name: &str| scenario::load(name).map_or_else(|error| error.to_string(), |known| known.title().to_owned());
    scenario::names().into_iter().map(|(name, _)| (name.clone(), title(&name))).collect()
}

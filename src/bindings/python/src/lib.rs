//! breakeven for Python: calls the program as a function, and hands on what it found as tables, charts and sentences.
//!
//! The package around it, in `../breakeven`, turns keyword arguments into those of the command line, so that both check the same, say
//! the same and compute the same.

mod call;
mod chart;
mod design;
mod found;
mod table;

use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyUserWarning};
use pyo3::prelude::*;

create_exception!(breakeven, BreakevenError, PyException, "The run failed; earlier results stand as they were.");
create_exception!(
    breakeven,
    ScenarioError,
    BreakevenError,
    "A scenario, or what was asked of it, is wrong: what, where, and what is accepted."
);
create_exception!(breakeven, BreakevenWarning, PyUserWarning, "Something that should be known of what was asked.");

/// The compiled part of the package `breakeven`.
#[pymodule]
fn _breakeven(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("BreakevenError", py.get_type::<BreakevenError>())?;
    module.add("ScenarioError", py.get_type::<ScenarioError>())?;
    module.add("BreakevenWarning", py.get_type::<BreakevenWarning>())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<found::Result>()?;
    module.add_class::<table::Table>()?;
    module.add_class::<chart::Chart>()?;
    module.add_function(wrap_pyfunction!(call::find, module)?)?;
    module.add_function(wrap_pyfunction!(call::say, module)?)?;
    module.add_function(wrap_pyfunction!(call::main, module)?)?;
    module.add_function(wrap_pyfunction!(call::part, module)?)?;
    module.add_function(wrap_pyfunction!(call::points, module)?)?;
    module.add_function(wrap_pyfunction!(call::another_part, module)?)?;
    module.add_function(wrap_pyfunction!(call::join, module)?)?;
    module.add_function(wrap_pyfunction!(call::merge, module)?)?;
    module.add_function(wrap_pyfunction!(call::scenarios, module)?)?;
    module.add_function(wrap_pyfunction!(design::simulate, module)?)?;
    Ok(())
}

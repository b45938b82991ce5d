"""How many subscribers, at which price, pay back a subscription's investment: a Monte Carlo simulator.

>>> import breakeven as be
>>> result = be.run("baseline", paths=4096)
>>> result.scenario
'baseline'

Every function does what the command of the same name does, with the same numbers: `breakeven help` and the project's guide
describe them. Money is in US dollars, people in persons, rates are fractions, months count from the launch.

Scenarios are names (`scenarios()` lists them), paths of .toml files, or dictionaries of the same shape. Results hold tables, which
pandas, polars, DuckDB and pyarrow take as they are, sentences, charts, and `write` the folder that the command line would write.
"""

from __future__ import annotations

from ._breakeven import BreakevenError, BreakevenWarning, ScenarioError, __version__
from ._commands import (
    check,
    compare,
    condition,
    discover,
    drivers,
    explain,
    explore,
    fit,
    report,
    run,
    scenarios,
    score,
    show,
    simulate,
    solve,
    sweep,
    voi,
)
from ._results import Chart, Result, Table, Text

__all__ = [
    "BreakevenError",
    "BreakevenWarning",
    "Chart",
    "Result",
    "ScenarioError",
    "Table",
    "Text",
    "__version__",
    "check",
    "compare",
    "condition",
    "discover",
    "drivers",
    "explain",
    "explore",
    "fit",
    "report",
    "run",
    "scenarios",
    "score",
    "show",
    "simulate",
    "solve",
    "sweep",
    "voi",
]

"""The commands as functions. Each takes what its command takes, by the same names."""

from __future__ import annotations

import re
import sys
import tempfile
import warnings
from array import array
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence, Union

from . import _breakeven
from ._arguments import Overrides, Scenario, axes, data, files, flags, overrides, several
from ._results import Result, Table, Text

Names = Union[str, Sequence[str], None]
#: Where the package's own code is.
_HERE = str(Path(__file__).parent)


def _found(command: str, scenarios: Sequence[Scenario], arguments: list[str]) -> list[Result]:
    with files(*scenarios) as names:
        found, said = _breakeven.find([command, *names, *arguments])
    _warn(said)
    return [Result(one) for one in found]


def _warn(messages: Sequence[str]) -> None:
    """Warns at the line that called the package, in its words."""
    level, frame = 1, sys._getframe()
    while frame is not None and frame.f_code.co_filename.startswith(_HERE):
        level, frame = level + 1, frame.f_back
    for message in messages:
        message = re.sub(r"`--(\w+)`", r"`\1=`", message)
        warnings.warn(message, _breakeven.BreakevenWarning, stacklevel=level)


def _is_one(scenario: Union[Scenario, Sequence[Scenario]]) -> bool:
    return isinstance(scenario, (str, bytes, Path, Mapping)) or not hasattr(scenario, "__iter__")


def _each(command: str, scenario: Union[Scenario, Sequence[Scenario]], arguments: list[str]) -> Union[Result, list[Result]]:
    one = _is_one(scenario)
    found = _found(command, [scenario] if one else list(scenario), arguments)
    return found[0] if one else found


def _simulation(
    set: Overrides, given: Overrides, paths: Optional[float], seed: Optional[int], sampler: Optional[str], threads: Optional[int]
) -> list[str]:
    return flags(set=overrides(set), given=overrides(given), paths=paths, seed=seed, sampler=sampler, threads=threads)


def run(
    scenario: Union[Scenario, Sequence[Scenario]],
    *,
    set: Overrides = None,
    given: Overrides = None,
    paths: Optional[float] = None,
    seed: Optional[int] = None,
    sampler: Optional[str] = None,
    threads: Optional[int] = None,
    precision: Union[Mapping[str, Any], Names] = None,
    max_paths: Optional[float] = None,
    keep_paths: bool = False,
) -> Union[Result, list[Result]]:
    """Simulates a scenario, or each of several.

    scenario: a name, a path of a .toml file, a dictionary, or a list of these (then a list of results comes back).
    set: overrides, such as `{"market.refusal_rate": 0.5, "price.monthly": {"uniform": {"min": 5, "max": 8}}}`; texts scale (`"x1.2"`).
    given: inputs supposed to turn out to be a number: those that are correlated with them move along. Or the folder of a `condition`.
    paths: how many futures, 131,072 by default; 1 to 4,000,000,000. seed: 1 by default.
    sampler: `sobol` (default), `latin-hypercube` or `random`. threads: one per processor by default; results do not depend on it.
    precision: simulate until each 95% interval is so narrow: `{"payback": 0.0005, "npv": "1%"}`.
    keep_paths: keep every path, for `Result.paths()`.

    Tables: summary, probabilities, monthly, timing, quantiles, histogram, inputs and others: see the guide's page of files.
    Raises ScenarioError where the scenario or an argument is wrong, BreakevenError where the run failed.
    """
    goals = [f"{name}={width}" for name, width in precision.items()] if isinstance(precision, Mapping) else several(precision)
    arguments = _simulation(set, given, paths, seed, sampler, threads)
    arguments += flags(precision=goals, max_paths=max_paths, keep_paths=keep_paths)
    return _each("run", scenario, arguments)


def sweep(
    scenario: Union[Scenario, Sequence[Scenario]],
    vary: Union[Mapping[str, Any], str, Sequence[str]],
    *,
    set: Overrides = None,
    given: Overrides = None,
    paths: Optional[float] = None,
    seed: Optional[int] = None,
    sampler: Optional[str] = None,
    threads: Optional[int] = None,
) -> Union[Result, list[Result]]:
    """Simulates a scenario with one or two of its inputs at each of many values, on the same futures.

    vary: `{"price.monthly": [5, 7.5, 10]}`, `{"price.monthly": "5:20:0.5"}`, or a text as for `--vary`.

    Tables: sweep (a row a point and outcome), differences, best and others.
    """
    arguments = _simulation(set, given, paths, seed, sampler, threads) + flags(vary=axes(vary))
    return _each("sweep", scenario, arguments)


def solve(
    scenario: Scenario,
    for_: str,
    until: Optional[str] = None,
    *,
    between: Optional[str] = None,
    each_path: bool = False,
    set: Overrides = None,
    given: Overrides = None,
    paths: Optional[float] = None,
    seed: Optional[int] = None,
    sampler: Optional[str] = None,
    threads: Optional[int] = None,
) -> Result:
    """Finds the value of an input at which a level is reached: what would have to be true?

    for_: the input, such as `price.monthly`. until: the level, such as `npv=0`, `payback=0.5`, `target_reached=10%`.
    each_path: also the break-even value of every path.
    """
    arguments = _simulation(set, given, paths, seed, sampler, threads)
    arguments += flags(for_=for_, until=until, between=between, each_path=each_path)
    return _found("solve", [scenario], arguments)[0]


def compare(
    *scenarios: Scenario,
    with_: Overrides = None,
    set: Overrides = None,
    given: Overrides = None,
    paths: Optional[float] = None,
    seed: Optional[int] = None,
    sampler: Optional[str] = None,
    threads: Optional[int] = None,
) -> Result:
    """Compares scenarios path by path: how far apart are they, and why?

    with_: compare with the first scenario as these overrides make it.
    """
    arguments = _simulation(set, given, paths, seed, sampler, threads) + flags(with_=overrides(with_))
    return _found("compare", scenarios, arguments)[0]


def drivers(
    scenario: Union[Scenario, Sequence[Scenario]],
    *,
    of: Names = None,
    max_paths: Optional[float] = None,
    set: Overrides = None,
    given: Overrides = None,
    paths: Optional[float] = None,
    seed: Optional[int] = None,
    sampler: Optional[str] = None,
    threads: Optional[int] = None,
) -> list[Result]:
    """Says what the answer hangs on: which inputs matter, what would have to be true.

    of: outcomes or questions, `npv` and `payback` by default. A result comes back for each of them, scenario after scenario.
    """
    arguments = _simulation(set, given, paths, seed, sampler, threads) + flags(of=several(of), max_paths=max_paths)
    return _found("drivers", [scenario] if _is_one(scenario) else list(scenario), arguments)


def discover(
    scenario: Scenario,
    of: str,
    *,
    not_: bool = False,
    max_paths: Optional[float] = None,
    set: Overrides = None,
    given: Overrides = None,
    paths: Optional[float] = None,
    seed: Optional[int] = None,
    sampler: Optional[str] = None,
    threads: Optional[int] = None,
) -> Result:
    """Finds conditions on the inputs under which an event happens, such as `target_reached`; with `not_`, under which it does not."""
    arguments = _simulation(set, given, paths, seed, sampler, threads) + flags(of=of, not_=not_, max_paths=max_paths)
    return _found("discover", [scenario], arguments)[0]


def voi(
    scenario: Scenario,
    *,
    choose: Union[Mapping[str, Any], str, Sequence[str], None] = None,
    choose_scenario: Names = None,
    or_nothing: bool = False,
    or_stop: bool = False,
    know: Names = None,
    study: Names = None,
    study_cost: Optional[str] = None,
    set: Overrides = None,
    given: Overrides = None,
    paths: Optional[float] = None,
    seed: Optional[int] = None,
    sampler: Optional[str] = None,
    threads: Optional[int] = None,
) -> Result:
    """Says what it would be worth to know more before a decision.

    choose: an input that one may set, and its values, as `vary` of `sweep`. study: such as `market.refusal_rate:n=1000`.
    """
    arguments = _simulation(set, given, paths, seed, sampler, threads)
    arguments += flags(
        choose=axes(choose) if choose is not None else None,
        choose_scenario=several(choose_scenario),
        or_nothing=or_nothing,
        or_stop=or_stop,
        know=several(know),
        study=several(study),
        study_cost=study_cost,
    )
    return _found("voi", [scenario], arguments)[0]


def condition(
    scenario: Union[Scenario, Sequence[Scenario]],
    actuals: Any,
    *,
    name: str = "actuals",
    error: Optional[float] = None,
    holdout: Optional[int] = None,
    max_paths: Optional[float] = None,
    set: Overrides = None,
    given: Overrides = None,
    paths: Optional[float] = None,
    seed: Optional[int] = None,
    sampler: Optional[str] = None,
    threads: Optional[int] = None,
) -> Union[Result, list[Result]]:
    """Says what actual numbers change: futures that fit them count for more.

    actuals: a path of a CSV file, columns by name, rows, or a data frame with month, series, value and, where they matter, sd and
    segment; data that are no file are called `name`. error: relative, 0.1 by default. holdout: months kept back, and scored.
    """
    arguments = _simulation(set, given, paths, seed, sampler, threads) + flags(error=error, holdout=holdout, max_paths=max_paths)
    with data(actuals, name) as file:
        return _each("condition", scenario, [*arguments, "--actuals", file])


def score(forecast: Union[str, Path, Result], actuals: Any, *, name: str = "actuals", error: Optional[float] = None) -> Result:
    """Holds an earlier forecast, a run or a `condition` or the folder of one, against what came."""
    with tempfile.TemporaryDirectory(prefix="breakeven-") as place, data(actuals, name) as file:
        folder = forecast.write(place, charts=False) if isinstance(forecast, Result) else forecast
        return _found("score", [folder], ["--actuals", file, *flags(error=error)])[0]


def fit(
    model: str,
    table: Any,
    *,
    input: Optional[str] = None,
    kind: Optional[str] = None,
    period: Optional[str] = None,
    rate: bool = False,
    cohort: Optional[float] = None,
    source: Optional[str] = None,
    into: Union[str, Path, None] = None,
    chart: Union[str, Path, None] = None,
) -> Text:
    """Fits inputs to data, and returns lines of a scenario file: each input as a distribution with the estimate's own uncertainty.

    model: `bass` (columns period, sales), `retention` (month, survivors), `willingness` (price, asked, willing) or `samples` (value).
    table: a path of a CSV file, columns by name, rows, or a data frame. into: put the lines into this scenario file.
    """
    arguments = flags(input=input, kind=kind, period=period, rate=rate, cohort=cohort, source=source, into=into, chart=chart)
    with data(table, "data") as file:
        return Text(_breakeven.say(["fit", model, file, *arguments]))


def check(scenario: Scenario, *, set: Overrides = None, strict: bool = False) -> Text:
    """Checks a scenario without running it, and returns what `breakeven check` says.

    Raises ScenarioError where it is wrong: every mistake with its line, what was found and what is accepted.
    """
    with files(scenario) as names:
        return Text(_breakeven.say(["check", *names, *flags(set=overrides(set), strict=strict)]))


def show(scenario: Scenario, *, set: Overrides = None) -> Text:
    """Every input of a scenario as text: value, percentiles, source, grade, date, file."""
    with files(scenario) as names:
        return Text(_breakeven.say(["show", *names, *flags(set=overrides(set))]))


def explain(input: Optional[str] = None) -> Text:
    """What an input means: unit, range, default, equation; without a name, what there is."""
    return Text(_breakeven.say(["explain", *several(input)]))


def scenarios() -> dict[str, str]:
    """The scenarios that can be run by name, with their titles."""
    return dict(_breakeven.scenarios())


def report(*parts: Union[Scenario, Result], to: Union[str, Path], drivers: bool = False, choose: Names = None,
           verify: bool = False, **simulation: Any) -> Path:
    """Writes one HTML page about scenarios and results: answer, charts, assumptions, method.

    parts: scenarios, which are simulated; results, or folders of results, which are shown as they are.
    verify: check the program against known answers on this machine, and show that on the page.
    """
    arguments = flags(to=to, drivers=drivers, choose=several(choose), verify=verify) + _some(**simulation)
    with tempfile.TemporaryDirectory(prefix="breakeven-") as folder:
        written = [part.write(Path(folder) / str(i), charts=False) if isinstance(part, Result) else part for i, part in enumerate(parts)]
        with files(*written) as names:
            _breakeven.say(["report", *names, *arguments])
    return Path(to)


def explore(scenario: Union[Scenario, Sequence[Scenario]], *, to: Union[str, Path], **simulation: Any) -> Path:
    """Writes one HTML page that simulates what its reader changes; with several scenarios its reader chooses among them."""
    with files(*([scenario] if _is_one(scenario) else scenario)) as names:
        _breakeven.say(["explore", *names, *flags(to=to), *_some(**simulation)])
    return Path(to)


def _some(set: Overrides = None, given: Overrides = None, paths: Optional[float] = None, seed: Optional[int] = None,
          sampler: Optional[str] = None, threads: Optional[int] = None) -> list[str]:
    return _simulation(set, given, paths, seed, sampler, threads)


def simulate(
    scenario: Scenario,
    design: Any,
    *,
    inputs: Optional[Sequence[str]] = None,
    set: Overrides = None,
    seed: int = 1,
    rest: str = "median",
    threads: Optional[int] = None,
) -> Table:
    """Simulates one path for each row of a design that was made elsewhere: the model as a function.

    design: inputs by name with a value for each row (a dictionary of columns or a data frame), or rows of numbers (a 2-D array, as
    SALib and scipy make them) with the names of their columns in `inputs`. Values must lie in the inputs' ranges.
    rest: what the design does not name is at its `median`, without events and monthly shocks, so that equal rows have equal
    outcomes; or it is `drawn`, events and shocks too, on row after row as in a run of as many paths.

    Returns a table with a row for each row of the design and a column for each outcome; a month that never comes is missing.
    """
    if rest not in ("drawn", "median"):
        raise ValueError(f"rest {rest!r}: expected 'drawn' or 'median'")
    columns = _columns(design, inputs)
    names = [name for name, _ in columns]
    sets = overrides(set)
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name!r} is in the design twice")
        if any(one.split("=", 1)[0].strip() == name for one in sets):
            raise ValueError(f"{name!r} is set, and in the design")
    lengths = {len(numbers) for _, numbers in columns}
    if len(lengths) > 1:
        raise ValueError(f"the columns of the design have {' and '.join(str(n // 8) for n in sorted(lengths))} rows")
    with files(scenario) as (name,):
        outcomes, said = _breakeven.simulate(name, sets, columns, seed, rest == "drawn", threads)
    _warn(said)
    return Table(outcomes)


def _columns(design: Any, inputs: Optional[Sequence[str]]) -> list[tuple[str, bytes]]:
    is_named = hasattr(design, "columns") or isinstance(design, Mapping)
    if isinstance(inputs, str):
        inputs = [inputs]
    if is_named:
        names = list(design.columns) if hasattr(design, "columns") else list(design)
        return [(str(name), _doubles(design[name], name)) for name in (names if inputs is None else inputs)]
    if inputs is None:
        raise ValueError("the design's columns have no names: give them as inputs=[…]")
    if hasattr(design, "astype"):
        numbers = design.astype("float64")
        if numbers.ndim != 2 or numbers.shape[1] != len(inputs):
            raise ValueError(f"a design of shape {numbers.shape} for {len(inputs)} inputs: expected rows by inputs")
        return [(str(name), numbers[:, i].tobytes()) for i, name in enumerate(inputs)]
    rows = [list(row) for row in design]
    if any(len(row) != len(inputs) for row in rows):
        raise ValueError(f"a row of the design does not have {len(inputs)} numbers, one for each input")
    return [(str(name), _doubles([row[i] for row in rows], name)) for i, name in enumerate(inputs)]


def _doubles(column: Any, name: Any) -> bytes:
    if hasattr(column, "to_numpy"):
        column = column.to_numpy()
    if hasattr(column, "astype"):
        return column.astype("float64").tobytes()
    try:
        return array("d", column).tobytes()
    except TypeError:
        raise TypeError(f"{name}: expected a number for each row, not {column!r:.60}") from None

"""Arguments of Python as those of the command line, so that both are checked by the same code."""

from __future__ import annotations

import contextlib
import csv
import json
import math
import tempfile
from pathlib import Path
from typing import Any, Iterable, Iterator, Mapping, Sequence, Union

#: A scenario: its name, a path, or a dictionary of the shape of a file, whose `name` it is called by.
Scenario = Union[str, Path, Mapping[str, Any]]
#: Overrides: inputs and what they are to be, a number or a distribution as in a file, or texts as for `--set`.
Overrides = Union[Mapping[str, Any], Sequence[str], None]


def flags(**named: Any) -> list[str]:
    """`paths=1000` as `--paths 1000`; True as a flag alone; None and False as nothing; a list as the flag again and again."""
    out: list[str] = []
    for name, value in named.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            out.append(flag)
        elif isinstance(value, (list, tuple)):
            for one in value:
                out += [flag, text(one)]
        else:
            out += [flag, text(value)]
    return out


def text(value: Any) -> str:
    """A value as an argument: a whole number of any library without its point."""
    if isinstance(value, (str, Path)):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    number = float(value)
    if math.isfinite(number) and number == int(number) and abs(number) < 2**63:
        return str(int(value)) if isinstance(value, int) else str(int(number))
    return repr(number)


def overrides(given: Overrides) -> list[str]:
    """Overrides as texts: `{"price.monthly": 9.99}` as `price.monthly=9.99`."""
    if given is None:
        return []
    if isinstance(given, str):
        return [given]
    if isinstance(given, Mapping):
        return [f"{key}={value if isinstance(value, str) else toml(value)}" for key, value in given.items()]
    return [str(one) for one in given]


def axes(vary: Union[Mapping[str, Any], str, Sequence[str]]) -> list[str]:
    """Inputs and their values: `{"price.monthly": [5, 7.5]}` or `{"price.monthly": "5:20:0.5"}`."""
    if isinstance(vary, str):
        return [vary]
    if not isinstance(vary, Mapping):
        return [str(axis) for axis in vary]
    spelled = lambda values: values if isinstance(values, str) else ",".join(text(x) for x in values)
    return [f"{key}={spelled(values)}" for key, values in vary.items()]


def several(value: Union[str, Sequence[str], None]) -> list[str]:
    """One or some names as a list."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(one) for one in value]


def toml(value: Any) -> str:
    """A value of a scenario file."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return text(value)
    if isinstance(value, Iterable):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    return text(value)


def _key(key: str) -> str:
    plain = key and all(c.isascii() and (c.isalnum() or c in "_-") for c in key)
    return key if plain else json.dumps(key, ensure_ascii=False)


@contextlib.contextmanager
def files(*scenarios: Scenario) -> Iterator[list[str]]:
    """Scenarios as the command line takes them: a dictionary becomes a file for as long as it is needed."""
    with contextlib.ExitStack() as stack:
        out = []
        for scenario in scenarios:
            if isinstance(scenario, Mapping):
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="breakeven-")))
                values = dict(scenario)
                name = str(values.pop("name", "scenario"))
                if not name or "/" in name or "\\" in name or name.startswith("."):
                    raise ValueError(f"{name!r} is no name for a scenario")
                file = folder / f"{name}.toml"
                file.write_text("".join(f"{_key(key)} = {toml(value)}\n" for key, value in values.items()), encoding="utf-8")
                out.append(str(file))
            else:
                out.append(str(scenario))
        yield out


@contextlib.contextmanager
def data(table: Any, name: str) -> Iterator[str]:
    """A file of data: a path as it is; columns, rows or a data frame as a file for as long as it is needed."""
    if isinstance(table, (str, Path)):
        yield str(table)
        return
    with tempfile.TemporaryDirectory(prefix="breakeven-") as folder:
        file = Path(folder) / f"{name}.csv"
        rows, columns = _rows(table)
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(columns)
            writer.writerows([["" if cell is None or cell != cell else cell for cell in row] for row in rows])
        yield str(file)


def _rows(table: Any) -> tuple[list[list[Any]], list[str]]:
    # A data frame of pandas or polars, or columns by name.
    if hasattr(table, "columns") and not isinstance(table, Mapping):
        table = {str(column): list(table[column]) for column in table.columns}
    if isinstance(table, Mapping):
        columns = [str(column) for column in table]
        return [list(row) for row in zip(*table.values(), strict=True)], columns
    rows = [dict(row) for row in table]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return [[row.get(column) for column in columns] for row in rows], columns

"""Arguments of Python as those of the command line, so that both are checked by the same code."""

from __future__ import annotations

import contextlib
import csv
import datetime
import json
import operator
import tempfile
from pathlib import Path
from typing import Any, Iterable, Iterator, Mapping, Sequence, Union

#: A scenario: its name, a path, or a dictionary of the shape of a file, whose `name` it is called by.
Scenario = Union[str, Path, Mapping[str, Any]]
#: Overrides: inputs and what they are to be, a number or a distribution as in a file, or texts as for `--set`.
Overrides = Union[Mapping[str, Any], Sequence[Union[str, Path]], str, Path, None]


def flags(**named: Any) -> list[str]:
    """`paths=1000` as `--paths=1000`; True as a flag alone; None and False as nothing; a list as the flag again and again."""
    out: list[str] = []
    for name, value in named.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is None or _is_boolean(value):
            out += [flag] if value is not None and bool(value) else []
        elif isinstance(value, (list, tuple)):
            out += [f"{flag}={text(one, name)}" for one in value]
        else:
            out.append(f"{flag}={text(value, name)}")
    return out


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")


def text(value: Any, what: str = "a value") -> str:
    """A value as an argument: a whole number of any library in all its digits, another to the bit."""
    if isinstance(value, (str, Path)):
        return str(value)
    if _is_boolean(value):
        return "true" if value else "false"
    with contextlib.suppress(TypeError):
        return str(operator.index(value))
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{what}: expected a number or a text, not {value!r}") from None
    return str(int(number)) if number.is_integer() and abs(number) < 2**63 else repr(number)


def overrides(given: Overrides) -> list[str]:
    """Overrides as texts: `{"price.monthly": 9.99}` as `price.monthly=9.99`."""
    if given is None:
        return []
    if isinstance(given, (str, Path)):
        return [str(given)]
    # A Series of pandas is a mapping too, but for its name.
    if isinstance(given, Mapping) or hasattr(given, "items"):
        return [f"{key}={value if isinstance(value, str) else toml(value, key)}" for key, value in given.items()]
    return [f"{one[0]}={toml(one[1], one[0])}" if isinstance(one, tuple) else str(one) for one in given]


def axes(vary: Union[Mapping[str, Any], str, Sequence[str]]) -> list[str]:
    """Inputs and their values: `{"price.monthly": [5, 7.5]}` or `{"price.monthly": "5:20:0.5"}`."""
    if isinstance(vary, str):
        return [vary]
    if not isinstance(vary, Mapping):
        return [str(axis) for axis in vary]

    def spelled(values: Any, key: str) -> str:
        if isinstance(values, str):
            return values
        return ",".join(text(x, key) for x in (values if hasattr(values, "__iter__") else [values]))

    return [f"{key}={spelled(values, key)}" for key, values in vary.items()]


def several(value: Union[str, Sequence[str], None]) -> list[str]:
    """One or some names as a list."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(one) for one in value]


def toml(value: Any, what: str = "a value") -> str:
    """A value of a scenario file; `what` it is of is named where it is none."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(key))} = {toml(one, f'{what}.{key}')}" for key, one in value.items()) + " }"
    if isinstance(value, (str, Path)):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (datetime.date, datetime.datetime)):
        return json.dumps(value.isoformat()[:10])
    if hasattr(value, "__iter__") and getattr(value, "ndim", 1) != 0:
        return "[" + ", ".join(toml(one, what) for one in value) + "]"
    return text(value, what)


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
                name = _plain_name(values.pop("name", "scenario"))
                if isinstance(values.get("extends"), (str, Path)):
                    values["extends"] = _parent(str(values["extends"]))
                file = folder / f"{name}.toml"
                lines = [f"{_key(str(key))} = {toml(value, str(key))}\n" for key, value in values.items()]
                file.write_text("".join(lines), encoding="utf-8")
                out.append(str(file))
            elif isinstance(scenario, (str, Path)):
                if str(scenario).startswith("-"):
                    raise ValueError(f"{str(scenario)!r} is no scenario: expected a name, a path or a dictionary")
                out.append(str(scenario))
            else:
                raise TypeError(f"{scenario!r} is no scenario: expected a name, a path or a dictionary")
        yield out


def _plain_name(name: Any) -> str:
    name = str(name)
    if not name or name.startswith((".", "-")) or any(c in "/\\:" or not c.isprintable() for c in name):
        raise ValueError(f"{name!r} is no name: expected letters, digits, spaces, `-` and `_`, as of a file")
    return name


def _parent(extends: str) -> str:
    """A file beside the notebook is one beside the file that stands for the dictionary: by its whole path."""
    is_path = extends.endswith(".toml") or "/" in extends or "\\" in extends
    return str(Path(extends).resolve()) if is_path else extends


@contextlib.contextmanager
def data(table: Any, name: str) -> Iterator[str]:
    """A file of data: a path as it is; columns, rows or a data frame as a file for as long as it is needed."""
    if isinstance(table, (str, Path)):
        yield str(table)
        return
    with tempfile.TemporaryDirectory(prefix="breakeven-") as folder:
        file = Path(folder) / f"{_plain_name(name)}.csv"
        rows, columns = _rows(table)
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(columns)
            writer.writerows([[_cell(cell) for cell in row] for row in rows])
        yield str(file)


def _cell(cell: Any) -> Any:
    """What is missing is empty, a whole number has no point, and of a date the month counts."""
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return f"{cell.year:04}-{cell.month:02}"
    if isinstance(cell, (str, bool)):
        return cell
    number = float(cell)
    if number != number:
        return ""
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _rows(table: Any) -> tuple[list[list[Any]], list[str]]:
    # A data frame of pandas or polars, or columns by name.
    if hasattr(table, "columns") and not isinstance(table, Mapping):
        table = {str(column): list(table[column]) for column in table.columns}
    if isinstance(table, Mapping):
        lists = {str(name): column for name, column in table.items() if not isinstance(column, str) and hasattr(column, "__iter__")}
        lengths = {len(list(column)) for column in lists.values()}
        if len(lengths) > 1:
            raise ValueError(f"columns of {' and '.join(map(str, sorted(lengths)))} rows: expected as many in each")
        count = lengths.pop() if lengths else 1
        columns = {str(name): list(lists[str(name)]) if str(name) in lists else [column] * count for name, column in table.items()}
        return [list(row) for row in zip(*columns.values())], list(columns)
    rows = [dict(row) for row in table]
    names = list(dict.fromkeys(column for row in rows for column in row))
    return [[row.get(column) for column in names] for row in rows], names

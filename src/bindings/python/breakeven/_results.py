"""What a command has found, as a notebook shows it and other libraries take it."""

from __future__ import annotations

import json
from array import array
from html import escape
from pathlib import Path
from typing import Any, Iterator, Optional, Sequence, Union

from . import _breakeven
from ._arguments import flags, several

#: So many rows of a table are shown.
SHOWN = 20


class Table:
    """A table: named columns of numbers (doubles, in the unit that the guide's dictionary says) or texts.

    Hand it to another library as it is: `pandas.DataFrame(table)` (or, with pyarrow, `pandas.DataFrame.from_arrow(table)`),
    `polars.DataFrame(table)`, `pyarrow.table(table)`, which DuckDB reads. What is missing is null; a month that never comes is missing.
    """

    __slots__ = ("_table",)

    def __init__(self, table: _breakeven.Table) -> None:
        self._table = table

    @property
    def name(self) -> str:
        """Its name, which is its file's."""
        return self._table.name

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return self._table.columns

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, column: str) -> Union[array[float], list[Any]]:
        """A column: an `array` of doubles, which NumPy takes without a copy and in which what is missing is NaN; a list of texts."""
        doubles = self._table.doubles(column)
        if doubles is None:
            return self._table.cells(column)
        out = array("d")
        out.frombytes(doubles)
        return out

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Its rows, as dictionaries."""
        columns = self.columns
        return (dict(zip(columns, row)) for row in zip(*(self._table.cells(column) for column in columns)))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The Arrow PyCapsule interface."""
        return self._table.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return repr(self._table)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        rows = []
        for i, row in enumerate(self):
            if i == SHOWN:
                rows.append(f'<tr><td colspan="{len(self.columns)}">… {len(self):,} rows</td></tr>')
                break
            rows.append("<tr>" + "".join(f"<td>{escape(_shown(cell))}</td>" for cell in row.values()) + "</tr>")
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    return f"{cell:,.6g}" if isinstance(cell, float) else str(cell)


class Text(str):
    """What a command says; a notebook shows its lines as they are."""

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self)}</pre>"

    def __repr__(self) -> str:
        return str(self)


class Result:
    """What a command has found.

    Tables are attributes by the names of their files: `result.summary`, `result.monthly`, `result.break_even` for
    `break-even.csv`; `result.tables` has them all. In a notebook a result shows what it says.
    """

    def __init__(self, found: _breakeven.Result) -> None:
        self._found = found

    @property
    def record(self) -> dict[str, Any]:
        """What was done, to which scenarios, and how: `run.json` and its like, which names its files once it is written."""
        return json.loads(self._found.record_json())

    @property
    def scenario(self) -> str:
        """The name of the scenario, or of the first of several."""
        return self.record["scenarios"][0]["name"]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What the results say: blocks of a heading, sentences, a small grid and remarks."""
        return json.loads(self._found.findings_json())

    @property
    def tables(self) -> dict[str, Table]:
        """Every table by its name."""
        return {name: self.table(name) for name in self._found.table_names()}

    def table(self, name: str) -> Table:
        """A table by its name.

        Raises KeyError where there is none of that name, and says which there are.
        """
        return Table(self._found.table(name))

    def __getattr__(self, name: str) -> Table:
        # Copies and pickles look for special names before there is anything to look in.
        if name.startswith("_"):
            raise AttributeError(name)
        names = self._found.table_names()
        for known in (name, name.replace("_", "-")):
            if known in names:
                return self.table(known)
        raise AttributeError(f"a result has no `{name}`; its tables are {', '.join(self._found.table_names())}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name.replace("-", "_") for name in self._found.table_names())]

    def paths(self) -> Table:
        """Every path of a run with `keep_paths=True`: its number, what was drawn for each uncertain input, each outcome.

        Raises ValueError where the paths were not kept.
        """
        kept = self._found.kept_paths()
        if kept is None:
            raise ValueError("the paths were not kept: run again with keep_paths=True")
        return Table(kept)

    @property
    def charts(self) -> list[str]:
        """The names of its charts."""
        return self._found.chart_names()

    def chart(self, name: str, theme: str = "light", width: int = 1280) -> Chart:
        """A chart by its name: `light`, `dark` or `print`, `width` pixels wide. A notebook shows it.

        Raises KeyError where there is none of that name, and says which there are.
        """
        return Chart(self._found.chart(name, theme, width))

    def write(
        self,
        out: Union[str, Path] = "output",
        *,
        charts: bool = True,
        format: Union[str, Sequence[str], None] = None,
        theme: Optional[str] = None,
        width: Optional[int] = None,
        scale: Optional[float] = None,
    ) -> Path:
        """Writes the folder that the command line would write, inside `out`, and returns its place.

        `format` is one or some of csv (default), json, parquet, xlsx; `theme` is light (default), dark or print; `width` in pixels,
        `scale` enlarges the PNG. Earlier results are replaced as a whole or not at all.
        """
        formats = ",".join(several(format)) or None
        arguments = flags(out=out, no_charts=not charts, format=formats, theme=theme, width=width, scale=scale)
        return Path(self._found.write(arguments))

    def __str__(self) -> str:
        return self._found.words().rstrip()

    def __repr__(self) -> str:
        record = self.record
        paths = record["simulation"]["paths"]
        return f"<Result of {record['kind']}: {self.scenario}, {paths:,} paths>" if "kind" in record else f"<Result: {self.scenario}>"

    def _repr_html_(self) -> str:
        out = []
        for block in self.findings:
            if block["heading"]:
                out.append(f"<h4>{escape(block['heading'])}</h4>")
            out.extend(f"<p>{escape(sentence)}</p>" for sentence in block["sentences"])
            if block["grid"]:
                out.append(_grid(block["grid"]))
            out.extend(f"<p><small>{escape(remark)}</small></p>" for remark in block["remarks"])
        return "".join(out)


def _grid(grid: dict[str, Any]) -> str:
    row = lambda cells, kind: "<tr>" + "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in cells) + "</tr>"
    head = f"<thead>{row(grid['header'], 'th')}</thead>" if grid["header"] else ""
    caption = f"<caption>{escape(grid['caption'])}</caption>" if grid["caption"] else ""
    return f"<table>{caption}{head}<tbody>{''.join(row(cells, 'td') for cells in grid['rows'])}</tbody></table>"


class Chart:
    """A chart. A notebook shows it; `svg` and `png` are its files."""

    def __init__(self, chart: _breakeven.Chart) -> None:
        self._chart = chart

    @property
    def name(self) -> str:
        """Its name, which is its file's."""
        return self._chart.name

    @property
    def headline(self) -> str:
        """The finding, in a sentence."""
        return self._chart.headline

    @property
    def subtitle(self) -> str:
        """What is drawn, and in which unit."""
        return self._chart.subtitle

    @property
    def svg(self) -> str:
        """The drawing as SVG: the bytes of the command line's file."""
        return self._chart.svg

    @property
    def png(self) -> bytes:
        """The drawing as PNG: the bytes of the command line's file."""
        return self._chart.png

    def save_svg(self, path: Union[str, Path]) -> None:
        """Writes the SVG."""
        _save(Path(path), self.svg.encode())

    def save_png(self, path: Union[str, Path]) -> None:
        """Writes the PNG."""
        _save(Path(path), self.png)

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return repr(self._chart)


def _save(path: Path, content: bytes) -> None:
    """Writes a file that appears by rename: whoever reads it sees the old one or the new one."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)

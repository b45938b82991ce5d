"""Reads the tables of a run with other people's readers, and recomputes its figures from its paths.

    breakeven run baseline --format csv,json,parquet,xlsx --keep-paths
    python tables.py output/baseline

Skipped with a notice where the readers are not installed (pip install -r requirements.txt).
"""

import datetime
import json
import math
import pathlib
import sys

try:
    import duckdb
    import openpyxl
    import pandas
    import polars
except ImportError as error:
    print(f"SKIPPED: the tables were not read by other readers: {error}")
    sys.exit(0)

folder = pathlib.Path(sys.argv[1])
record = json.loads((folder / "run.json").read_text())
paths = record["simulation"]["paths"]
tables = [name.removesuffix(".csv") for name in record["files"] if name.endswith(".csv")]
assert "summary" in tables and len(tables) >= 10, tables


def same(a, b, tolerance=1e-12):
    return a == b or abs(a - b) <= tolerance * max(abs(a), abs(b))


# Every table is the same in all formats, to the last digit.
documents = json.loads((folder / "tables.json").read_text())
book = openpyxl.load_workbook(folder / "tables.xlsx")
assert book.sheetnames == ["cover", "charts", *tables], book.sheetnames
assert len(book["charts"]._charts) == 2, "subscribers and cash are drawn"
assert any(record["scenarios"][0]["scenario_sha256"] == cell.value for row in book["cover"] for cell in row), "the cover says what was run"
cells = charts = 0
for name in tables:
    csv = pandas.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])
    parquet = polars.read_parquet(folder / f"{name}.parquet")
    sheet = book[name]
    charts += len(sheet._charts)
    rows = list(sheet.iter_rows(values_only=True))
    assert list(csv.columns) == parquet.columns == list(rows[0]), name
    assert len(csv) == len(parquet) == len(rows) - 1 == len(documents[name]), name
    assert sheet.freeze_panes == "A2", f"{name}: the header is not frozen"
    for column in csv.columns:
        at = parquet.columns.index(column)
        for i, (a, b) in enumerate(zip(csv[column], parquet[column])):
            c, d = rows[i + 1][at], documents[name][i][column]
            cells += 1
            if b is None:
                assert pandas.isna(a) and c is None and d is None, (name, column, i, a, b, c, d)
            elif isinstance(b, str) and isinstance(c, datetime.datetime):
                # Calendar months are dates in Excel.
                assert str(a) == b == d == c.strftime("%Y-%m"), (name, column, i, a, b, c, d)
            elif isinstance(b, str):
                assert str(a).lstrip("'") == b.lstrip("'") and c == b and d == b, (name, column, i, a, b, c, d)
            elif math.isinf(b):
                assert a == b and c == d == ("inf" if b > 0 else "-inf"), (name, column, i, a, b, c, d)
            else:
                assert a == b == d and same(float(c), b, 1e-15), (name, column, i, a, b, c, d)
                assert isinstance(c, (int, float)), f"{name}: {column} holds text for numbers"
assert charts >= 3, "the workbook has no charts of its own"
formats = {cell.number_format for row in book["summary"].iter_rows(min_row=2) for cell in row}
assert any("$" in text for text in formats) and "0.00%" in formats, formats
errors = {cell.number_format for row in book["probabilities"].iter_rows(min_row=2, min_col=2, max_col=5) for cell in row}
assert errors == {"0.00%"}, errors

# The summary from the paths, by three libraries.
file = str(folder / "paths.parquet")
by_pandas, by_polars = pandas.read_parquet(file), polars.read_parquet(file)
assert len(by_pandas) == len(by_polars) == paths
assert by_polars["path"].to_list() == list(range(paths))
summary = pandas.read_csv(folder / "summary.csv").query("segment == 'all'").set_index("outcome")
for outcome in summary.index:
    stated = summary.loc[outcome]
    values = by_pandas[outcome]
    reached = values.notna() & ~values.isin([math.inf])
    assert same(reached.mean(), stated["reached_share"], 1e-9), (outcome, reached.mean(), stated["reached_share"])
    if not pandas.isna(stated["mean"]):
        in_sql = duckdb.sql(f"select avg({outcome}) from '{file}'").fetchall()[0][0]
        for mean in (values.mean(), by_polars[outcome].mean(), in_sql):
            assert same(mean, stated["mean"], 1e-9), (outcome, mean, stated["mean"])
# Up to 2^20 paths quantiles are those of the paths themselves: between two neighbours at the most.
npv = sorted(by_polars["npv"])
middle, stated = len(npv) // 2, summary.loc["npv"]["p50"]
assert npv[max(middle - 2, 0)] <= stated <= npv[min(middle + 1, len(npv) - 1)], (npv[middle], stated)
median = duckdb.sql(f"select median(npv) from '{file}'").fetchall()[0][0]
assert abs(median - stated) <= npv[min(middle + 2, len(npv) - 1)] - npv[max(middle - 2, 0)], (median, stated)
# What was drawn is there as well.
inputs = pandas.read_csv(folder / "inputs.csv").set_index("key")
drawn = [name for name in by_pandas.columns if name in inputs.index]
assert len(drawn) > 5, drawn
for name in drawn:
    mean, deviation = by_pandas[name].mean(), by_pandas[name].std()
    assert abs(mean - inputs.loc[name]["mean"]) < 0.1 * deviation, (name, mean, inputs.loc[name]["mean"])

print(f"{cells} cells of {len(tables)} tables are the same as CSV, JSON, Parquet and in the workbook ({charts} charts); "
      f"the summary follows from {paths} paths by pandas, polars and DuckDB: mean NPV {by_pandas['npv'].mean():,.0f}, "
      f"median {median:,.0f} for {stated:,.0f}")

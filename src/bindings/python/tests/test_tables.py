"""Tables as other libraries take them, and a design that others made."""

from __future__ import annotations

import csv
from pathlib import Path

import breakeven as be
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import PATHS


@pytest.fixture(scope="module")
def result() -> be.Result:
    return be.run("baseline", paths=PATHS, keep_paths=True)


def test_every_table_reads_the_same_in_pandas_polars_pyarrow_and_duckdb(result: be.Result, tmp_path: Path) -> None:
    place = result.write(tmp_path, charts=False)
    for name, table in result.tables.items():
        with (place / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        arrow = pa.table(table)
        frames = [pl.DataFrame(table), pl.from_arrow(arrow), pl.from_pandas(pd.DataFrame.from_arrow(table))]
        frames.append(duckdb.sql("select * from arrow").pl())
        assert arrow.column_names == header and len(table) == len(rows)
        for i, column in enumerate(header):
            written = [None if row[i] == "" else row[i] for row in rows]
            for frame in frames:
                cells = frame[column].to_list()
                if frame[column].dtype == pl.String:
                    assert cells == written, (name, column)
                else:
                    numbers = [None if cell is None else float(cell.replace("infinity", "inf")) for cell in written]
                    cells = [None if cell is None or cell != cell else cell for cell in cells]
                    assert cells == numbers, (name, column)


def test_a_column_is_an_array_that_numpy_takes_without_a_copy(result: be.Result) -> None:
    column = result.monthly["mean"] if "mean" in result.monthly.columns else result.summary["mean"]
    view = np.asarray(column)
    assert view.dtype == np.float64 and np.shares_memory(view, np.frombuffer(column))
    assert result.probabilities["event"][0] == "target_reached"
    with pytest.raises(KeyError, match="no column `means`"):
        result.summary["means"]


def test_missing_is_nan_in_a_column_and_none_in_a_row(result: be.Result) -> None:
    paths = result.paths()
    months = np.asarray(paths["payback_month"])
    rows = list(paths)
    assert len(paths) == PATHS and np.isnan(months).sum() == sum(row["payback_month"] is None for row in rows) > 0


def test_what_one_asks_for_wrongly_is_said_with_what_there_is(result: be.Result) -> None:
    with pytest.raises(AttributeError, match="its tables are summary"):
        result.sumary
    with pytest.raises(KeyError, match="there is no chart `cash`"):
        result.chart("cash")
    with pytest.raises(ValueError, match="theme `pink`"):
        result.chart("npv", theme="pink")
    with pytest.raises(ValueError, match="keep_paths=True"):
        be.run("baseline", paths=16).paths()


def test_a_notebook_shows_sentences_tables_and_charts(result: be.Result) -> None:
    page = result._repr_html_()
    assert "<p>" in page and "simulated futures" in page and "<script" not in page
    assert result.chart("npv")._repr_svg_().startswith("<svg")
    assert "<th>outcome</th>" in result.summary._repr_html_()
    hostile = be.run({"extends": "baseline", "title": "<script>alert(1)</script>"}, paths=16)
    assert "<script" not in hostile._repr_html_()


def test_a_design_of_the_drawn_inputs_gives_the_outcomes_of_the_run(result: be.Result) -> None:
    paths = result.paths()
    inputs = [row["key"] for row in result.inputs if row["key"] in paths.columns]
    assert len(inputs) > 10
    design = {name: paths[name] for name in inputs}
    for given in (design, pd.DataFrame({name: np.asarray(column) for name, column in design.items()})):
        outcomes = be.simulate("baseline", given, rest="drawn")
        for name in outcomes.columns:
            np.testing.assert_array_equal(np.asarray(outcomes[name]), np.asarray(paths[name]), err_msg=name)


CASE = {
    "name": "one-month",
    "horizon": {"months": 1},
    "target": {"subscribers": 1},
    "market": {"active_users": 1000, "refusal_rate": 0},
    "willingness": {"median_price": 1e9, "steepness": 50},
    "uptake": {"annual_innovation": 12, "annual_imitation": 0},
    "retention": {"monthly_churn": 0},
    "price": {"monthly": {"normal": {"mean": 100, "sd": 1, "min": 90, "max": 110}}},
    "costs": {"monthly_fixed": {"normal": {"mean": 20_000, "sd": 2_000, "min": 0, "max": 40_000}}},
}


def test_salib_finds_the_exact_shares_of_variance() -> None:
    """NPV = 1000 · price − fixed cost: a fifth of the variance is the price's, four fifths are the fixed cost's."""
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample

    names = ["price.monthly", "costs.monthly_fixed"]
    problem = {"num_vars": 2, "names": names, "bounds": [[100, 1], [20_000, 2_000]], "dists": ["norm", "norm"]}
    design = sample.sample(problem, 4096, seed=1)
    npv = np.asarray(be.simulate(CASE, design, inputs=problem["names"])["npv"])
    shares = analyze.analyze(problem, npv, seed=1)
    np.testing.assert_allclose(shares["S1"], [0.2, 0.8], atol=0.02)
    np.testing.assert_allclose(shares["ST"], [0.2, 0.8], atol=0.02)
    exact = 1000 * design[:, 0] - design[:, 1]
    np.testing.assert_allclose(npv, exact, rtol=1e-9)


def test_what_a_design_leaves_out_is_at_its_median_so_that_equal_rows_have_equal_outcomes() -> None:
    npv = np.asarray(be.simulate(CASE, {"price.monthly": [99.0, 101.0]})["npv"])
    np.testing.assert_allclose(npv, [79_000, 81_000], rtol=1e-9)
    # With events and monthly noise in the scenario.
    npv = np.asarray(be.simulate("baseline", {"market.refusal_rate": [0.5] * 40})["npv"])
    assert len(set(npv)) == 1
    assert len(set(be.simulate("baseline", {"market.refusal_rate": [0.5] * 40}, rest="drawn")["npv"])) == 40


def test_frames_and_arrays_are_the_same_design() -> None:
    names = ["price.monthly", "market.refusal_rate"]
    rows = np.array([[5.0, 0.7], [10.0, 0.3]])
    frame = pd.DataFrame(rows, columns=names)
    expected = be.simulate("baseline", rows, inputs=names)["npv"].tobytes()
    for design, inputs in ((frame, None), (frame[names[::-1]], names), (pl.DataFrame(frame), names), (rows.tolist(), names)):
        assert be.simulate("baseline", design, inputs=inputs)["npv"].tobytes() == expected


def test_a_wrong_design_is_refused() -> None:
    for design, message in (
        ({"price.monthly": [5.0, -1.0]}, "accepted"),
        ({"price.weekly": [5.0]}, "no input of this scenario"),
        ({"price.monthly": []}, "no rows"),
        ({"horizon.months": [12.0]}, "the same on every path"),
        ({"price.free_months": [1.0]}, "the same on every path"),
        ([[1.0]], "have no names"),
    ):
        with pytest.raises((be.ScenarioError, ValueError), match=message):
            be.simulate("baseline", design)
    with pytest.raises(ValueError, match="in the design twice"):
        be.simulate("baseline", [[5.0, 6.0]], inputs=["price.monthly", "price.monthly"])
    with pytest.raises(ValueError, match="is set, and in the design"):
        be.simulate("baseline", {"price.monthly": [5.0]}, set={"price.monthly": 6})
    with pytest.raises(ValueError, match="1 and 2 rows"):
        be.simulate("baseline", {"price.monthly": [5.0, 6.0], "market.refusal_rate": [0.5]})

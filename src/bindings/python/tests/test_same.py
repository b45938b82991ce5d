"""The package finds what the command line finds, to the byte."""

from __future__ import annotations

from pathlib import Path

import breakeven as be
import pytest
from conftest import PATHS, command, contents

CASES = {
    "run": (lambda: [be.run("baseline", paths=PATHS)], ["run", "baseline"]),
    "overrides": (
        lambda: [
            be.run(
                "baseline",
                paths=PATHS,
                seed=7,
                sampler="random",
                set={"market.refusal_rate": 0.5, "price.monthly": {"uniform": {"min": 5, "max": 8}}, "retention.monthly_churn": "x1.2"},
            )
        ],
        "run baseline --seed 7 --sampler random --set market.refusal_rate=0.5".split()
        + ["--set", "price.monthly={ uniform = { min = 5, max = 8 } }", "--set", "retention.monthly_churn=x1.2"],
    ),
    "given": (
        lambda: [be.run("baseline", paths=PATHS, given={"market.refusal_rate": "50%"})],
        ["run", "baseline", "--given", "market.refusal_rate=50%"],
    ),
    "kept": (lambda: [be.run("music-like", paths=PATHS, keep_paths=True)], ["run", "music-like", "--keep-paths"]),
    "several": (lambda: be.run(["baseline", "sceptics"], paths=PATHS), ["run", "baseline", "sceptics"]),
    "sweep": (
        lambda: [be.sweep("baseline", {"price.monthly": [5, 7.5, 10]}, paths=PATHS)],
        ["sweep", "baseline", "--vary", "price.monthly=5,7.5,10"],
    ),
    "solve": (
        lambda: [be.solve("baseline", "retention.monthly_churn", "npv=0", each_path=True, paths=PATHS)],
        ["solve", "baseline", "--for", "retention.monthly_churn", "--until", "npv=0", "--each-path"],
    ),
    "compare": (lambda: [be.compare("baseline", "music-like", paths=PATHS)], ["compare", "baseline", "music-like"]),
    "changed": (
        lambda: [be.compare("baseline", with_={"price.monthly": 9.99}, paths=PATHS)],
        ["compare", "baseline", "--with", "price.monthly=9.99"],
    ),
    "drivers": (
        lambda: be.drivers("baseline", paths=PATHS, max_paths=20_000),
        ["drivers", "baseline", "--max-paths", "20000"],
    ),
    "discover": (
        lambda: [be.discover("music-like", "target_reached", paths=8192)],
        ["discover", "music-like", "--of", "target_reached"],
    ),
    "voi": (
        lambda: [be.voi("baseline", choose={"price.monthly": "5:20:5"}, or_nothing=True, paths=PATHS)],
        ["voi", "baseline", "--choose", "price.monthly=5:20:5", "--or-nothing"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_folder_has_the_bytes_of_the_command_line(case: str, tmp_path: Path) -> None:
    call, words = CASES[case]
    paths = 8192 if case == "discover" else PATHS
    done = command(*words, "--paths", paths, "--out", "cli", "-q")
    assert done.returncode == 0, done.stderr
    for result in call():
        result.write("python")
    ours, theirs = contents(tmp_path / "python"), contents(tmp_path / "cli")
    assert [name for name in theirs if ours.get(name) != theirs[name]] == []
    assert ours.keys() == theirs.keys()


def test_conditioned_and_scored_folders_have_the_bytes_of_the_command_line(tmp_path: Path, months: Path) -> None:
    first = ["condition", "baseline", "--actuals", months, "--paths", PATHS, "--out", "cli", "-q", "--no-charts"]
    for words in (
        first,
        ["run", "baseline", "--given", "cli/baseline/condition-first-months", "--paths", PATHS, "--out", "cli", "-q", "--no-charts"],
    ):
        assert command(*words).returncode == 0
    be.condition("baseline", months, paths=PATHS).write("python", charts=False)
    given = be.run("baseline", given=tmp_path / "python/baseline/condition-first-months", paths=PATHS)
    given.write("python", charts=False)
    assert contents(tmp_path / "python") == contents(tmp_path / "cli")
    # Numbers in memory are those of a file.
    rows = {"month": [1, 2], "series": ["additions"] * 2, "value": [30_000, 40_000], "sd": [20_000, 20_000]}
    own = be.condition("baseline", rows, name="first-months", paths=PATHS)
    own.write("own", charts=False)
    tables = [name for name in contents(tmp_path / "own") if name.endswith(".csv") and "actuals" not in name]
    assert all(contents(tmp_path / "own")[name] == contents(tmp_path / "cli")[name] for name in tables) and len(tables) > 10
    later = {"month": [8.0], "series": "additions", "value": [5e4]}
    by_folder = be.score("cli/baseline/condition-first-months", later)
    by_result = be.score(be.condition("baseline", months, paths=PATHS), later)
    assert by_folder.record["kind"] == "score" and list(by_folder.score) == list(by_result.score)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_charts_and_formats_are_those_of_the_command_line(theme: str, tmp_path: Path) -> None:
    words = ["run", "baseline", "--paths", PATHS, "--out", "cli", "-q", "--theme", theme, "--width", "960", "--format", "csv,json,parquet,xlsx"]
    assert command(*words).returncode == 0
    result = be.run("baseline", paths=PATHS)
    place = result.write("python", theme=theme, width=960, format=["csv", "json", "parquet", "xlsx"])
    assert contents(place) == contents(tmp_path / "cli" / "baseline")
    chart = result.chart("npv", theme, 960)
    charts = tmp_path / "cli" / "baseline" / "charts"
    assert chart.svg.encode() == (charts / "npv.svg").read_bytes()
    chart.save_png("npv.png")
    assert Path("npv.png").read_bytes() == chart.png == (charts / "npv.png").read_bytes()


def test_what_a_result_says_is_what_the_terminal_says() -> None:
    said = command("run", "baseline", "--paths", PATHS, "--no-charts").stdout
    text = str(be.run("baseline", paths=PATHS))
    assert said.startswith(text.rstrip() + "\n") and len(text) > 500


def test_parts_join_in_a_tree_to_the_bytes_of_the_single_run(tmp_path: Path) -> None:
    from breakeven import _breakeven

    arguments = ["run", "baseline", "--paths", "50000"]
    parts = [_breakeven.part([*arguments, "--shard", f"{k}/5"]) for k in range(1, 6)]
    left = _breakeven.join([parts[3], parts[0]])
    right = _breakeven.join([parts[4], parts[1]])
    be.Result(_breakeven.merge([parts[2], _breakeven.join([left, right])])[0]).write("tree", charts=False)
    be.run("baseline", paths=50_000).write("single", charts=False)
    assert contents(tmp_path / "tree") == contents(tmp_path / "single")
    with pytest.raises(be.ScenarioError, match="of 5 parts these are missing: 2, 3, 5"):
        _breakeven.merge([left])
    with pytest.raises(be.ScenarioError, match="part 1 is given twice"):
        _breakeven.join([left, parts[0]])


def test_a_scenario_from_a_dictionary_is_that_of_the_file(tmp_path: Path) -> None:
    case = {
        "name": "my-case",
        "extends": "baseline",
        "title": "Our “own” case",
        "price": {"monthly": {"triangular": {"min": 5, "mode": 8, "max": 10}}, "changes": [{"month": 25, "monthly": 12.0}]},
    }
    file = tmp_path / "my-case.toml"
    file.write_text(
        'extends = "baseline"\ntitle = "Our “own” case"\n'
        "price = { monthly = { triangular = { min = 5, mode = 8, max = 10 } }, changes = [{ month = 25, monthly = 12 }] }\n"
    )
    be.run(case, paths=PATHS).write("dictionary", charts=False)
    be.run(file, paths=PATHS).write("file", charts=False)
    assert contents(tmp_path / "dictionary") == contents(tmp_path / "file")


def test_a_dictionary_extends_a_file_beside_the_notebook(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('extends = "baseline"\nprice.monthly = 9.99\n')
    result = be.run({"extends": "./mine.toml", "title": "Ours"}, paths=64)
    assert [row["mean"] for row in result.inputs if row["key"] == "price.monthly"] == [9.99]


def test_what_the_package_has_written_can_be_made_again(tmp_path: Path) -> None:
    place = be.run({"name": "own", "extends": "baseline", "horizon": {"months": 24}}, paths=64).write("out", charts=False)
    done = command("reproduce", place)
    assert done.returncode == 0 and "the same bytes again" in done.stdout, done.stderr

"""Errors, warnings, interrupts and threads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import breakeven as be
import pytest
from conftest import PATHS, command


def test_errors_are_exceptions_with_the_messages_of_the_command_line() -> None:
    with pytest.raises(be.ScenarioError) as error:
        be.run("baseline", set={"market.refusal_rat": 0.5})
    assert str(error.value) == command("run", "baseline", "--set", "market.refusal_rat=0.5").stderr.strip()
    assert "did you mean `refusal_rate`?" in str(error.value)
    for call, message in (
        (lambda: be.run("baselin"), "did you mean `baseline`"),
        (lambda: be.run("baseline", paths=0), "from 1 to"),
        (lambda: be.run("baseline", sampler="sobl"), "possible values"),
        (lambda: be.sweep("baseline", {"price.monthly": []}), "price.monthly"),
        (lambda: be.drivers("baseline", of="luck"), "luck"),
        (lambda: be.check({"price": {"monthly": -1}}), "price"),
    ):
        with pytest.raises(be.ScenarioError, match=message):
            call()
    for call, message in (
        (lambda: be.run(None), "no scenario"),
        (lambda: be.run("-"), "no scenario"),
        (lambda: be.run("--help"), "no scenario"),
        (lambda: be.run("baseline", set={"market.refusal_rate": None}), "market.refusal_rate: expected a number"),
        (lambda: be.run({"name": "../x", "extends": "baseline"}), "is no name"),
        (lambda: be.condition("baseline", {"month": [1]}, name="../x"), "is no name"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            call()
    for call in (lambda: be.run("baseline", paths=-5), lambda: be.run("baseline", seed=-1), lambda: be.run("baseline", threads=0)):
        with pytest.raises(be.ScenarioError, match="invalid value"):
            call()
    with pytest.raises(be.BreakevenError):
        blocked = Path("blocked")
        blocked.write_text("")
        be.run("baseline", paths=16).write(blocked)


def test_nothing_is_printed_and_no_file_is_written(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    be.run("baseline", paths=PATHS)
    be.sweep("baseline", {"price.monthly": [5, 10]}, paths=PATHS)
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_a_dropped_correlation_is_a_warning() -> None:
    for call in (
        lambda: be.run("baseline", set={"market.refusal_rate": 0.5}, paths=16),
        lambda: be.solve("baseline", "market.refusal_rate", "target_reached=50%", paths=64),
    ):
        with pytest.warns(be.BreakevenWarning, match="correlat") as seen:
            call()
        # At the caller's line, in the caller's words.
        assert seen[0].filename == __file__ and "--" not in str(seen[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        be.run("baseline", paths=16)


def test_what_is_only_said_comes_back_as_text() -> None:
    assert "refusal" in be.explain("refusal_rate") and "market.refusal_rate" in be.explain()
    assert "`price.monthly` has no source" in be.check({"extends": "baseline", "price": {"monthly": 7}})
    assert "market.refusal_rate" in be.show("baseline")
    assert be.scenarios()["baseline"] == be.run("baseline", paths=16).record["scenarios"][0]["title"]
    assert "uptake" in be.fit("bass", {"period": [1, 2, 3, 4, 5, 6], "sales": [10, 25, 50, 60, 45, 20]})


def test_pages_are_written(tmp_path: Path) -> None:
    assert be.report("baseline", to="report.html", paths=PATHS).read_text().startswith("<!DOCTYPE html>")
    swept = be.sweep("baseline", {"price.monthly": [5, 10]}, paths=64)
    assert "Which price" in be.report(swept, to="swept.html").read_text() or Path("swept.html").stat().st_size > 10_000
    assert be.explore("baseline", to="explore.html", paths=PATHS).stat().st_size > 1_000_000


def test_whole_numbers_of_any_library_keep_their_digits() -> None:
    import numpy as np

    seed = 2**53 + 1
    result = be.run("baseline", seed=np.int64(seed), paths=np.float64(64), keep_paths=np.True_)
    assert result.record["simulation"]["seed"] == seed and len(result.paths()) == 64
    assert be.run("baseline", seed=2**64 - 1, paths=16).record["simulation"]["seed"] == 2**64 - 1


def test_a_result_can_be_copied() -> None:
    import copy

    result = be.run("baseline", paths=16)
    assert copy.copy(result).summary["mean"].tobytes() == result.summary["mean"].tobytes()


def test_ctrl_c_ends_a_run_soon() -> None:
    code = "import breakeven as be; print('ready', flush=True); be.run('baseline', paths=4e9)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert said.rstrip().endswith("KeyboardInterrupt") and process.returncode != 0


def test_the_interpreter_goes_on_while_a_run_goes_on() -> None:
    ticks = 0
    done = threading.Event()

    def simulate() -> None:
        be.run("baseline", paths=500_000, threads=1)
        done.set()

    thread = threading.Thread(target=simulate)
    thread.start()
    while not done.wait(0.01):
        ticks += 1
    thread.join()
    assert ticks > 5


def test_runs_side_by_side_do_not_mix() -> None:
    found: dict[int, be.Result] = {}
    threads = [threading.Thread(target=lambda seed=seed: found.update({seed: be.run("baseline", paths=PATHS, seed=seed)})) for seed in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    for seed, result in found.items():
        assert result.record["simulation"]["seed"] == seed
        again = be.run("baseline", paths=PATHS, seed=seed)
        assert result.summary["mean"].tobytes() == again.summary["mean"].tobytes()


def test_the_command_comes_with_the_package() -> None:
    assert command("--version").stdout.startswith("breakeven ")
    assert command("run", "nothing-of-the-kind").returncode == 2
    record = json.loads(command("run", "baseline", "--paths", "16", "--no-charts", "--json").stdout)
    assert record
    assert os.listdir() == ["output"]

"""The example runs from start to end, and shows the numbers of the command line."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import nbformat
from conftest import command
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parent.parent / "examples" / "baseline.ipynb"


def test_the_example_shows_the_numbers_of_the_command_line(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    with warnings.catch_warnings():
        # The client's own use of event loops.
        warnings.simplefilter("ignore")
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert all(output.output_type in ("execute_result", "stream") for output in shown)
    pages = [output.data.get("text/html", "") for output in shown if output.output_type == "execute_result"]
    assert command("run", "baseline", "--no-charts", "-q").returncode == 0
    with (tmp_path / "output" / "baseline" / "probabilities.csv").open(newline="") as file:
        probabilities = list(csv.DictReader(file))
    reached = float(probabilities[0]["probability"])
    assert f"{100 * reached:.3f}%" in pages[0]
    for row in probabilities:
        assert f"<td>{float(row['probability']):,.6g}</td>" in pages[1]
    assert any("image/svg+xml" in output.data for output in shown if output.output_type == "execute_result")

"""What the tests of the package share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

#: Enough paths for every command to have something to say.
PATHS = 2048


def command(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The program as the package installs it."""
    words = [sys.executable, "-m", "breakeven", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, cwd=cwd, check=False)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def months(tmp_path: Path) -> Path:
    """Some actual numbers."""
    file = tmp_path / "first-months.csv"
    file.write_text("month,series,value,sd\n1,additions,30000,20000\n2,additions,40000,20000\n")
    return file

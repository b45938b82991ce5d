"""Runs on a Ray cluster: the bytes of one machine, from many.

`pip install "breakeven[ray]"`. A run is cut into parts; each part is a task of one processor, parts are joined as a tree, and what
the driver gets is one part as large as any other. Retries and lost nodes are Ray's: a part that is made again is the same bytes.

>>> from breakeven import distributed                                    # doctest: +SKIP
>>> result = distributed.run("baseline", paths=4e9, address="auto")     # doctest: +SKIP
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable, Optional, Union

from . import _breakeven
from ._arguments import Overrides, Scenario, flags, overrides
from ._commands import run as _run_here
from ._results import Result

__all__ = ["run"]

#: Parts that one task joins: a tree of 100,000 parts is five levels deep.
TOGETHER = 10
#: Tasks a processor that wait for their turn, so that none is idle and the cluster's memory stays bounded.
WAITING = 4
#: A part should take some seconds, so that starting it costs nothing beside it.
PATHS_A_PART = 1 << 22
#: As many parts as a run can have.
MOST_PARTS = 100_000


def run(
    scenario: Scenario,
    *,
    paths: float,
    parts: Optional[int] = None,
    address: Optional[str] = None,
    set: Overrides = None,
    given: Overrides = None,
    seed: Optional[int] = None,
    sampler: Optional[str] = None,
    progress: Union[bool, Callable[[int, int], None]] = True,
) -> Result:
    """Simulates a scenario on a Ray cluster, with the numbers of `breakeven.run`.

    parts: into how many tasks the run is cut; by default of some four million paths each. address: of the cluster, such as `auto`;
    without it a cluster that is connected already is used, or one on this machine is started. progress: a line on stderr, nothing, or
    a function of the parts that are done and of all.

    Raises ScenarioError before anything is sent where the scenario or an argument is wrong.
    """
    import ray

    if not ray.is_initialized():
        ray.init(address=address, log_to_driver=False)
    # What is wrong is said here, and the copies of the files go to every node.
    first = _run_here(scenario, paths=16, set=set, given=given, seed=seed, sampler=sampler, threads=1)
    sources = first._found.sources()
    arguments = flags(paths=paths, set=overrides(set), given=overrides(given), seed=seed, sampler=sampler, threads=1)
    count = parts or max(1, min(MOST_PARTS, -(-int(paths) // PATHS_A_PART)))
    show = _shower(progress)

    make = ray.remote(num_cpus=1, max_retries=-1)(_part)
    join = ray.remote(num_cpus=1, max_retries=-1)(_join)
    files = ray.put(sources)
    most = max(TOGETHER, int(ray.cluster_resources().get("CPU", 1)) * WAITING)
    # Joined parts by their level of the tree: as soon as there are enough of one level, they become one of the next.
    levels: list[list[Any]] = [[]]
    waiting: dict[Any, int] = {}
    sent = done = 0
    while sent < count or waiting:
        while sent < count and len(waiting) < most:
            sent += 1
            waiting[make.remote(files, [*arguments, "--shard", f"{sent}/{count}"])] = 0
        ready, _ = ray.wait(list(waiting), num_returns=1)
        for part in ready:
            level = waiting.pop(part)
            done += level == 0
            levels[level].append(part)
            show(done, count)
            if len(levels[level]) == TOGETHER:
                if level + 1 == len(levels):
                    levels.append([])
                waiting[join.remote(*levels[level])] = level + 1
                levels[level] = []
    left = [part for level in levels for part in level]
    while len(left) > 1:
        left = [join.remote(*left[i : i + TOGETHER]) for i in range(0, len(left), TOGETHER)]
    whole = ray.get(left[0])
    return Result(_breakeven.merge([whole]))


def _part(sources: list[tuple[str, str]], arguments: list[str]) -> bytes:
    """One part, made from copies of the scenario's files in a folder of its own: every node calls them by the same names."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="breakeven-") as folder:
        for name, text in sources:
            file = Path(folder) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        os.chdir(folder)
        try:
            return _breakeven.part(["run", sources[0][0], *arguments])
        finally:
            os.chdir(before)


def _join(*parts: bytes) -> bytes:
    """Some parts as a bigger one."""
    return _breakeven.join(list(parts))


def _shower(progress: Union[bool, Callable[[int, int], None]]) -> Callable[[int, int], None]:
    if callable(progress):
        return progress

    def line(done: int, of: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done:,} of {of:,} parts", end="\n" if done == of else "", file=sys.stderr, flush=True)

    return line if progress else lambda done, of: None

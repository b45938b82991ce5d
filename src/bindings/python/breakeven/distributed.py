"""Runs and sweeps on a Ray cluster: the bytes of one machine, from many.

`pip install "breakeven[ray]"`. The work is cut into parts; each part is a task of one processor, parts are joined as a tree, and
the driver gets the one in which all are joined. Retries and lost nodes are Ray's: a part that is made again is the same bytes.

>>> from breakeven import distributed                                    # doctest: +SKIP
>>> result = distributed.run("baseline", paths=4e9, address="auto")      # doctest: +SKIP
"""

from __future__ import annotations

import sys
from typing import Any, Callable, Mapping, Optional, Sequence, Union

from . import _breakeven
from ._arguments import Overrides, Scenario, axes, files, flags, overrides
from ._commands import _warn
from ._results import Result

__all__ = ["run", "sweep"]

#: A line on stderr, nothing, or a function of the parts that are done and of all.
Progress = Union[bool, Callable[[int, int], None]]

#: Parts that one task joins: a tree of 100,000 parts is five levels deep.
TOGETHER = 10
#: Tasks a processor that wait for their turn, so that none is idle and the cluster's memory stays bounded.
WAITING = 4
#: A part should take some seconds, so that starting it costs nothing beside it.
PATHS_A_PART = 1 << 22
POINTS_A_PART = 32
#: As many parts as there can be.
MOST_PARTS = 100_000
#: How often a part that a node has taken with it is made again.
RETRIES = 20


def run(
    scenario: Scenario,
    *,
    paths: float,
    parts: Optional[int] = None,
    address: Optional[str] = None,
    set: Overrides = None,
    given: Overrides = None,
    seed: int = 1,
    sampler: str = "sobol",
    progress: Progress = True,
) -> Result:
    """Simulates a scenario on a Ray cluster, with the numbers of `breakeven.run`.

    paths: 1 to 4,000,000,000. given: as for `breakeven.run`; with the folder of a `condition` the posterior is made again on each
    processor, once. parts: into how many tasks the run is cut, at most 100,000; by default of some four million paths each.
    address: of the cluster, such as `auto`; without it one on this machine is started. A connection that is there already is used
    as it is. progress: a line on stderr, nothing, or a function of the parts that are done and of all.

    Raises ScenarioError before anything is sent where the scenario or an argument is wrong.
    """
    count = _count(parts, -(-int(paths) // PATHS_A_PART))
    asked = flags(paths=paths, set=overrides(set), given=overrides(given), seed=seed, sampler=sampler)
    return _joined(_first("run", scenario, asked), count, address, progress)


def sweep(
    scenario: Scenario,
    vary: Union[Mapping[str, Any], str, Sequence[str]],
    *,
    paths: Optional[float] = None,
    parts: Optional[int] = None,
    address: Optional[str] = None,
    set: Overrides = None,
    given: Overrides = None,
    seed: int = 1,
    sampler: str = "sobol",
    progress: Progress = True,
) -> Result:
    """Simulates a scenario at each of many values of one or two inputs on a Ray cluster, with the numbers of `breakeven.sweep`.

    vary: as for `breakeven.sweep`, at most 100,000 points. paths: at each point. parts: into how many tasks the points are cut, by default of
    some 32 points each. The rest is as for `run`.
    """
    ranges = axes(vary)
    count = _count(parts, -(-_breakeven.points(ranges) // POINTS_A_PART))
    asked = flags(vary=ranges, paths=paths, set=overrides(set), given=overrides(given), seed=seed, sampler=sampler)
    return _joined(_first("sweep", scenario, asked), count, address, progress)


def _count(parts: Optional[int], usual: int) -> int:
    """Into how many parts the work is cut."""
    count = max(1, min(MOST_PARTS, usual)) if parts is None else int(parts)
    if not 1 <= count <= MOST_PARTS:
        raise ValueError(f"parts {parts!r}: expected 1 to {MOST_PARTS:,}")
    return count


def _first(command: str, scenario: Scenario, asked: list[str]) -> bytes:
    """The smallest part that there is, once the command line has checked all that was asked: it says what the others are of."""
    with files(scenario) as (name,):
        return _breakeven.part([command, name, *asked, f"--shard=1/{MOST_PARTS}"])


def _joined(first: bytes, count: int, address: Optional[str], progress: Progress) -> Result:
    """Makes all parts on the cluster, and joins them."""
    import ray

    if not ray.is_initialized():
        ray.init(address=address, log_to_driver=False)
    make = ray.remote(num_cpus=1, max_retries=RETRIES, num_returns=2)(_part)
    join = ray.remote(num_cpus=1, max_retries=RETRIES, num_returns=2)(_join)
    like = ray.put(first)
    most = max(TOGETHER, int(ray.cluster_resources().get("CPU", 1)) * WAITING)
    # Parts by their level of the tree: as soon as there are enough of one level, they become one of the next.
    levels: list[list[Any]] = [[]]
    # A small value that a task gives beside its part: it says that the part is there, or why it is not.
    waiting: dict[Any, tuple[Any, int]] = {}
    show = _shower(progress)
    sent = done = 0
    try:
        while sent < count or waiting:
            while sent < count and len(waiting) < most:
                sent += 1
                part, is_there = make.remote(like, sent, count)
                waiting[is_there] = part, 0
            ready, _ = ray.wait(list(waiting), num_returns=1)
            for is_there in ready:
                part, level = waiting.pop(is_there)
                ray.get(is_there)
                levels[level].append(part)
                if level == 0:
                    done += 1
                    show(done, count)
                if len(levels[level]) == TOGETHER:
                    if level + 1 == len(levels):
                        levels.append([])
                    joined, is_there = join.remote(*levels[level])
                    waiting[is_there] = joined, level + 1
                    levels[level] = []
        left = [part for level in levels for part in level]
        while len(left) > 1:
            left = [join.remote(*left[i : i + TOGETHER])[0] for i in range(0, len(left), TOGETHER)]
        whole = ray.get(left[0])
    except ray.exceptions.RayTaskError as error:
        raise (error.cause if isinstance(error.cause, Exception) else error) from None
    finally:
        for is_there in waiting:
            ray.cancel(is_there, force=True)
    found, said = _breakeven.merge([whole])
    _warn(said)
    return Result(found)


def _part(like: bytes, number: int, of: int) -> tuple[bytes, bool]:
    """One part of what `like` is another part of."""
    return _breakeven.another_part(like, number, of), True


def _join(*parts: bytes) -> tuple[bytes, bool]:
    """Some parts as a bigger one."""
    return _breakeven.join(list(parts)), True


def _shower(progress: Progress) -> Callable[[int, int], None]:
    if callable(progress):
        return progress

    def line(done: int, of: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done:,} of {of:,} parts", end="\n" if done == of else "", file=sys.stderr, flush=True)

    return line if progress else lambda done, of: None

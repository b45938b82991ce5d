"""A run on a cluster of two nodes, one of which is lost half-way, has the bytes of the run on one machine."""

from __future__ import annotations

import os
from pathlib import Path

import breakeven as be
import pytest
from conftest import contents

ray = pytest.importorskip("ray")

#: Enough for outcomes to be counted; `BREAKEVEN_RAY_PATHS=16777216` for the long one.
PATHS = int(os.environ.get("BREAKEVEN_RAY_PATHS", str(2**20 + 2**17)))


def test_a_run_that_loses_a_node_has_the_bytes_of_one_machine(tmp_path: Path, months: Path) -> None:
    from breakeven import distributed
    from ray.cluster_utils import Cluster

    # Before there is a cluster.
    for wrong, message in (({"scenario": "baselin"}, "did you mean `baseline`"), ({"paths": 1e11}, "from 1 to"), ({"set": {"x": 1}}, "x")):
        with pytest.raises(be.ScenarioError, match=message):
            distributed.run(**{"scenario": "baseline", "paths": PATHS, **wrong})
    assert not ray.is_initialized()
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    second = cluster.add_node(num_cpus=1)
    ray.init(address=cluster.address, log_to_driver=False)
    lost = []

    def lose(done: int, of: int) -> None:
        if done >= of // 2 and not lost:
            lost.append(second)
            cluster.remove_node(second)

    try:
        (tmp_path / "base.toml").write_text('extends = "baseline"\nprice.fee_rate = 0.05\n')
        case = {"name": "own", "extends": "./base.toml", "horizon": {"months": 24}}
        joined = distributed.run(case, paths=PATHS, parts=12, set={"price.monthly": 9.99}, seed=3, progress=lose)
        points = {"price.monthly": "5:9:1", "market.refusal_rate": [0.5, 0.6]}
        swept = distributed.sweep(case, points, paths=3000, parts=4, set={"price.fee_rate": 0.1}, progress=False)
        folder = be.condition("baseline", months, paths=8192).write("learned", charts=False)
        learned = distributed.sweep("baseline", {"price.monthly": [5, 9.99, 15]}, given=folder, paths=8192, parts=3, progress=False)
        # What goes wrong on a node is said, and soon.
        with pytest.raises(be.BreakevenError, match="1e15|10"):
            distributed.run("baseline", paths=50_000, parts=3, set={"market.active_users": 1e16}, progress=False)
    finally:
        ray.shutdown()
        cluster.shutdown()
    assert lost
    joined.write("cluster", charts=False)
    be.run(case, paths=PATHS, set={"price.monthly": 9.99}, seed=3).write("single", charts=False)
    swept.write("cluster", charts=False)
    learned.write("cluster", charts=False)
    be.sweep("baseline", {"price.monthly": [5, 9.99, 15]}, given=folder, paths=8192).write("single", charts=False)
    be.sweep(case, points, paths=3000, set={"price.fee_rate": 0.1}).write("single", charts=False)
    assert contents(tmp_path / "cluster") == contents(tmp_path / "single")

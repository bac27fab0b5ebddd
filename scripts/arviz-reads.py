"""Draws written by `amp sample --out x.csv`, read by the real ArviZ as if CmdStan had written them, and summarised by it.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install 'arviz<1'
    npm run build && /tmp/venv/bin/python scripts/arviz-reads.py

Compares every number of ArviZ's summary with that of `--json`; the tests of this project need no Python.
"""

import glob
import json
import os
import subprocess
import tempfile

import arviz

folder = tempfile.mkdtemp()
command = [
    "node", "dist/amp.js", "sample", "models/posteriors/eight_schools_noncentered.amp",
    "--data", "models/posteriors/eight_schools_noncentered.json",
    "--predict", "y", "--report", "theta", "--seed", "4", "--delta", "0.95",
]  # fmt: skip
for out in ("x.csv", "x.json"):
    subprocess.run([*command, "--out", os.path.join(folder, out)], check=True, stdout=subprocess.DEVNULL)

idata = arviz.from_cmdstan(sorted(glob.glob(os.path.join(folder, "x_*.csv"))), posterior_predictive="y_rep")
print(idata)
assert idata.posterior["theta"].shape == (4, 1000, 8)
assert idata.posterior_predictive["y_rep"].shape == (4, 1000, 8)
assert set(idata.sample_stats) >= {"lp", "acceptance_rate", "step_size", "tree_depth", "n_steps", "diverging", "energy"}

with open(os.path.join(folder, "x.json")) as file:
    ours = {row["name"]: row for row in json.load(file)["summary"]}
theirs = arviz.summary(idata, group="posterior", round_to="none")
columns = {"mean": "mean", "sd": "sd", "mcse_mean": "mcse_mean", "mcse_sd": "mcse_sd", "ess_bulk": "ess_bulk", "ess_tail": "ess_tail", "r_hat": "r_hat"}
worst = 0.0
for name, row in theirs.iterrows():
    # ArviZ counts from 0.
    stem, _, index = name.rstrip("]").partition("[")
    mine = ours[f"{stem}[{int(index) + 1}]" if index else name]
    for their, our in columns.items():
        worst = max(worst, abs(row[their] - mine[our]) / abs(row[their]))
print(f"{len(theirs)} quantities, {len(columns)} numbers each: largest relative difference {worst:.2g}")
# Both compute in double precision, in different orders.
assert worst < 1e-6

"""Makes test/inference/fixtures/arviz.json: series from several chains with the diagnostics that ArviZ gives for them.

    python -m venv venv && venv/bin/pip install 'arviz==0.23.4' && venv/bin/python scripts/arviz-fixture.py
"""

import json
import pathlib

import arviz as az
import numpy as np

rng = np.random.default_rng(20240607)


def autoregressive(chains, draws, phi):
    x = np.zeros((chains, draws))
    x[:, 0] = rng.normal(size=chains) / np.sqrt(1 - phi * phi)
    for t in range(1, draws):
        x[:, t] = phi * x[:, t - 1] + rng.normal(size=chains)
    return x


cases = {
    "independent": rng.normal(size=(4, 60)),
    "slow": autoregressive(4, 150, 0.9),
    # Negative autocorrelation: more effective draws than draws.
    "alternating": autoregressive(4, 100, -0.7),
    # One long chain of slow mixing needs lags beyond those that are summed one by one.
    "very slow": autoregressive(2, 401, 0.995),
    # (At 101 draws the 95 % quantile is a draw, and ArviZ rounds to just below it.)
    "one chain": autoregressive(1, 103, 0.5),
    "apart": autoregressive(4, 51, 0.3) + np.array([[0.0], [0.0], [0.0], [2.0]]),
    "different scales": rng.normal(size=(4, 61)) * np.array([[1.0], [1.0], [1.0], [4.0]]),
    "heavy tails": rng.standard_cauchy(size=(4, 80)),
    "ties": rng.poisson(2.0, size=(3, 70)).astype(float),
    "short": rng.normal(size=(2, 5)),
    "trend": np.linspace(0, 1, 40)[None, :] + 0.1 * rng.normal(size=(2, 40)),
    "skewed": np.exp(autoregressive(4, 90, 0.6)),
}


def diagnostics(x):
    dataset = az.convert_to_dataset({"x": x})
    one = lambda f, **k: float(f(dataset, **k)["x"])
    return {
        "r_hat": one(az.rhat, method="rank") if x.shape[0] > 1 else None,
        "ess_bulk": one(az.ess, method="bulk"),
        "ess_tail": one(az.ess, method="tail"),
        "ess_mean": one(az.ess, method="mean"),
        "ess_sd": one(az.ess, method="sd"),
        "mcse_mean": one(az.mcse, method="mean"),
        "mcse_sd": one(az.mcse, method="sd"),
        "mcse_q5": one(az.mcse, method="quantile", prob=0.05),
        "mcse_q50": one(az.mcse, method="quantile", prob=0.5),
        "bfmi": [float(b) for b in az.bfmi(az.from_dict(sample_stats={"energy": x}))],
    }


# Seven digits are plenty of a series, and make a small file; the diagnostics are those of the rounded series.
rounded = {name: np.array([[float(f"{v:.6g}") for v in row] for row in x]) for name, x in cases.items()}
fixture = {
    "source": f"ArviZ {az.__version__}, scripts/arviz-fixture.py",
    "cases": [{"name": name, "chains": x.tolist(), "expected": diagnostics(x)} for name, x in rounded.items()],
}
out = pathlib.Path(__file__).parent.parent / "test" / "inference" / "fixtures" / "arviz.json"
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")

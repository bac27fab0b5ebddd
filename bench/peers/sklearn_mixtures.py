"""Dirichlet process mixtures of normals with diagonal covariances by scikit-learn: its own data sets, and two that are made here.

Writes a JSON line for each: the data, the labels, seconds. Used by bench/mixtures.ts.
"""
import json
import time
import warnings

import numpy as np
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import BayesianGaussianMixture

warnings.simplefilter("ignore", ConvergenceWarning)


def standardised(x):
    return (x - x.mean(0)) / x.std(0)


def made(rows, clusters, width, drift, seed):
    """Normals around random centres, which move by `drift` from the first row to the last."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(clusters, width))
    ways = random.normal(size=(clusters, width))
    own = random.integers(clusters, size=rows)
    time_ = np.arange(rows)[:, None] / rows
    return centres[own] + drift * time_ * ways[own] + 0.5 * random.normal(size=(rows, width))


digits = PCA(12, random_state=0).fit_transform(load_digits().data)
sets = {
    "iris": standardised(load_iris().data),
    "wine": standardised(load_wine().data),
    "digits, 12 components": digits / digits.std(),
    "made, 20 clusters x 50": made(10000, 20, 50, 0, 1),
    "made, 8 clusters x 5 that drift": made(10000, 8, 5, 0.3, 2),
}

for name, y in sets.items():
    start = time.process_time()
    model = BayesianGaussianMixture(
        n_components=30,
        covariance_type="diag",
        weight_concentration_prior_type="dirichlet_process",
        weight_concentration_prior=1.0,
        mean_prior=np.zeros(y.shape[1]),
        degrees_of_freedom_prior=y.shape[1],
        covariance_prior=np.ones(y.shape[1]),
        max_iter=2000,
        tol=1e-6,
        random_state=1,
    ).fit(y)
    seconds = time.process_time() - start
    print(json.dumps({"name": name, "y": y.tolist(), "labels": (model.predict(y) + 1).tolist(), "seconds": seconds}), flush=True)

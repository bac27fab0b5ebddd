"""Posteriors of models/posteriors by NumPyro's SVI: Adam(0.01), 5000 steps, 10 draws a step, in double precision on one core.

    python bench/peers/numpyro_svi.py NAME...

Prints a JSON object a line: name, guide, ELBO by 1000 draws, mean and sd of each number, seconds of processor time with compiling.
"""

import functools
import json
import sys
import time

import numpyro_models as models
from numpyro_models import jax, np, numpyro
from numpyro.infer import SVI, Trace_ELBO
from numpyro.infer.autoguide import AutoMultivariateNormal, AutoNormal

guides = {"mean-field": AutoNormal, "full-rank": AutoMultivariateNormal}


def numbers(draws):
    """By the names of elements, from 1."""
    found = {}
    for name, values in draws.items():
        values = np.asarray(values)
        for place in np.ndindex(values.shape[1:]):
            key = name + ("[" + ",".join(str(i + 1) for i in place) + "]" if place else "")
            found[key] = [float(values[(slice(None), *place)].mean()), float(values[(slice(None), *place)].std(ddof=1))]
    return found


def run(name, kind):
    started = time.process_time()
    model = functools.partial(getattr(models, name), **models.arrays(name))
    guide = guides[kind](model)
    svi = SVI(model, guide, numpyro.optim.Adam(0.01), Trace_ELBO(num_particles=10))
    result = svi.run(jax.random.PRNGKey(1), 5000, progress_bar=False)
    draws = guide.sample_posterior(jax.random.PRNGKey(2), result.params, sample_shape=(1000,))
    elbo = -float(Trace_ELBO(num_particles=1000).loss(jax.random.PRNGKey(3), result.params, model, guide))
    seconds = time.process_time() - started
    print(json.dumps({"name": name, "method": kind, "elbo": elbo, "numbers": numbers(draws), "seconds": seconds}), flush=True)


for name in sys.argv[1:]:
    for kind in guides:
        run(name, kind)

"""The nine posteriors of models/posteriors in NumPyro: 4 chains of 1000 + 1000 on one core, in double precision.

    python bench/peers/numpyro_models.py > numpyro.tsv

Prints tab-separated: posterior, seconds of compiling, of warmup and of sampling (all chains), smallest bulk ESS,
gradients while sampling and in warmup.
"""

import functools
import json
import os
import sys
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
try:
    import jax
    import numpyro
except ImportError:
    print("numpyro is not installed: skipped", file=sys.stderr)
    sys.exit(0)
import jax.numpy as jnp
import numpy as np
import numpyro.distributions as dist
from jax import lax
from jax.scipy.linalg import cholesky
from jax.scipy.special import logsumexp
from numpyro.infer import NUTS

numpyro.enable_x64()
sample, flat = numpyro.sample, dist.ImproperUniform


def eight_schools_noncentered(J, y, sigma):
    mu = sample("mu", dist.Normal(0, 5))
    tau = sample("tau", dist.HalfCauchy(5))
    z = sample("z", dist.Normal(0, 1).expand([J]))
    sample("y", dist.Normal(mu + tau * z, sigma), obs=y)


def kidscore_momiq(kid_score, mom_iq, **_):
    beta = sample("beta", flat(dist.constraints.real, (), (2,)))
    sigma = sample("sigma", dist.HalfCauchy(2.5))
    sample("y", dist.Normal(beta[0] + beta[1] * mom_iq, sigma), obs=kid_score)


def logearn_height(earn, height, **_):
    beta = sample("beta", flat(dist.constraints.real, (), (2,)))
    sigma = sample("sigma", flat(dist.constraints.positive, (), ()))
    sample("y", dist.Normal(beta[0] + beta[1] * height, sigma), obs=jnp.log(earn))


def wells_dist100(switched, dist_, **_):
    alpha = sample("alpha", flat(dist.constraints.real, (), ()))
    beta = sample("beta", flat(dist.constraints.real, (), ()))
    sample("y", dist.Bernoulli(logits=alpha + beta * dist_ / 100), obs=switched)


def low_dim_gauss_mix(y, **_):
    mu = sample("mu", flat(dist.constraints.ordered_vector, (), (2,)))
    numpyro.factor("prior of mu", dist.Normal(0, 2).log_prob(mu).sum())
    sigma = sample("sigma", dist.HalfNormal(2).expand([2]))
    theta = sample("theta", dist.Beta(5, 5))
    logs = jnp.stack([jnp.log(theta), jnp.log1p(-theta)]) + dist.Normal(mu, sigma).log_prob(y[:, None])
    numpyro.factor("y", logsumexp(logs, axis=1).sum())


def arK(K, T, y):
    alpha = sample("alpha", dist.Normal(0, 10))
    beta = sample("beta", dist.Normal(0, 10).expand([K]))
    sigma = sample("sigma", dist.HalfCauchy(2.5))
    lags = jnp.stack([y[K - k - 1 : T - k - 1] for k in range(K)], axis=1)
    sample("y", dist.Normal(alpha + lags @ beta, sigma), obs=y[K:])


def garch11(T, y, sigma1):
    mu = sample("mu", flat(dist.constraints.real, (), ()))
    alpha0 = sample("alpha0", flat(dist.constraints.positive, (), ()))
    alpha1 = sample("alpha1", dist.Uniform(0, 1))
    share = sample("share", dist.Uniform(0, 1))
    beta1 = numpyro.deterministic("beta1", share * (1 - alpha1))
    numpyro.factor("volume", jnp.log1p(-alpha1))

    def step(v, before):
        v = alpha0 + alpha1 * (before - mu) ** 2 + beta1 * v
        return v, v

    _, later = lax.scan(step, sigma1**2, y[:-1])
    v = jnp.concatenate([jnp.array([sigma1**2]), later])
    sample("y", dist.Normal(mu, jnp.sqrt(v)), obs=y)


def hmm_drive_0(N, K, u, v, alpha):
    theta = sample("theta", dist.Dirichlet(alpha))
    phi = sample("phi", flat(dist.constraints.positive_ordered_vector, (), (2,)))
    lam = sample("lambda", flat(dist.constraints.positive_ordered_vector, (), (2,)))
    for x in (phi, lam):
        numpyro.factor(f"prior of {'phi' if x is phi else 'lambda'}", dist.Normal(jnp.array([0.0, 3.0]), 1).log_prob(x).sum())
    seen = dist.Exponential(phi).log_prob(u[:, None]) + dist.Exponential(lam).log_prob(v[:, None])

    def step(forward, now):
        return logsumexp(forward[:, None] + jnp.log(theta), axis=0) + now, None

    last, _ = lax.scan(step, seen[0], seen[1:])
    numpyro.factor("drives", logsumexp(last))


def gp_regr(x, y, **_):
    rho = sample("rho", dist.Gamma(25, 4))
    alpha = sample("alpha", dist.HalfNormal(2))
    sigma = sample("sigma", dist.HalfNormal(1))
    kernel = alpha**2 * jnp.exp(-((x[:, None] - x) ** 2) / (2 * rho**2)) + sigma * jnp.eye(x.size)
    sample("y", dist.MultivariateNormal(0, scale_tril=cholesky(kernel, lower=True)), obs=y)


posteriors = [
    eight_schools_noncentered,
    kidscore_momiq,
    logearn_height,
    wells_dist100,
    low_dim_gauss_mix,
    arK,
    garch11,
    hmm_drive_0,
    gp_regr,
]


def arrays(name):
    with open(f"models/posteriors/{name}.json") as file:
        data = json.load(file)
    renamed = {"dist_" if k == "dist" else k: v for k, v in data.items()}
    return {k: np.array(v, dtype=float) if isinstance(v, list) else v for k, v in renamed.items()}


def run(model):
    import arviz

    kernel = NUTS(functools.partial(model, **arrays(model.__name__)))

    def thousand(state):
        def step(before, _):
            after = kernel.sample(before, (), {})
            return after, (after.z, after.num_steps)

        return lax.scan(step, state, None, length=1000)

    started = time.perf_counter()
    keys = jax.random.split(jax.random.PRNGKey(1), 4)
    states = [kernel.init(key, 1000, model_args=(), model_kwargs={}) for key in keys]
    # The same steps adapt before the thousandth and draw after it.
    advance = jax.jit(thousand).lower(states[0]).compile()
    constrain = kernel.postprocess_fn((), {})
    times, steps, draws = [time.perf_counter() - started], [], []
    for _ in ("warmup", "sampling"):
        started = time.perf_counter()
        found = [jax.block_until_ready(advance(state)) for state in states]
        times.append(time.perf_counter() - started)
        states = [state for state, _ in found]
        steps.append(sum(int(n.sum()) for _, (_, n) in found))
        draws = [jax.vmap(constrain)(z) for _, (z, _) in found]
    named = {k: np.stack([np.asarray(chain[k]) for chain in draws]) for k in draws[0]}
    if model is hmm_drive_0:
        named["theta"] = named["theta"][..., 0]
    ess = min(float(v.min()) for v in arviz.ess(arviz.from_dict(posterior=named)).data_vars.values())
    print(model.__name__, *(f"{t:.3f}" for t in times), f"{ess:.0f}", steps[1], steps[0], sep="\t", flush=True)


if __name__ == "__main__":
    print("posterior\tcompile_s\twarmup_s\tsampling_s\tess_bulk\tgradients\twarmup_gradients")
    for model in posteriors:
        if len(sys.argv) == 1 or model.__name__ in sys.argv[1:]:
            run(model)

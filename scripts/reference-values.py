"""Writes the tables of reference values that the tests compare with (the tests themselves need no Python).

test/base/special/reference.json    special functions, 40 digits of mpmath
test/families/reference.json    log densities, distribution functions and moments, from scipy.stats
test/families/reference-matrices.json    log densities of families over matrices, from scipy.stats; of LKJ by mpmath

Needs mpmath and scipy. Run from the root of the repository: python3 scripts/reference-values.py
"""

import json
import math

import mpmath as mp
import numpy as np
from scipy import stats

mp.mp.dps = 60


def number(value):
    """A JSON number, or the text of what JSON cannot hold."""
    value = float(value)
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


def rows(function, points):
    return [[*map(number, p), number(function(*map(mp.mpf, p)))] for p in points]


def log_bessel_i(order, x):
    if order == 0 and x < 1e-20:
        return x * x / 4
    with mp.workdps(60):
        return mp.log(mp.besseli(order, x, maxterms=10**7))


def bessel_ratio(x, order):
    """The continued fraction DLMF 10.33.1 from so far out that what it begins with does not count."""
    steps = int(mp.sqrt(order**2 + 160 * x) - order) + 50
    ratio = x / (order + steps - 0.5 + mp.sqrt((order + steps + 0.5) ** 2 + x**2))
    for k in reversed(range(steps)):
        ratio = x / (2 * (order + k) + x * ratio)
    return ratio


def log_erfc(x):
    if x > 1e4:
        return -x * x - mp.log(x * mp.sqrt(mp.pi)) + mp.log1p(-1 / (2 * x * x))
    if abs(x) < 0.1:
        return mp.log1p(-mp.erf(x))
    with mp.workdps(60):
        return mp.log(mp.erfc(x))


def special():
    ones = [(float(x),) for x in (1e-300, 1e-20, 1e-8, 1e-3, 0.1, 0.3, 0.5, 0.9, 1, 1.0001, 1.4616, 1.5, 1.9999, 2, 2.5, 3.3, 7, 9.99, 10,
                                  10.01, 11.5, 12, 30, 99.5, 1e3, 1e6, 1e12, 1e100)]
    negative = [(float(x),) for x in (-1e-8, -0.1, -0.5, -0.9, -1.5, -2.2, -3.7, -10.3, -33.75, -100.5)]
    wide = [(float(x),) for x in (-30, -6, -3, -1.3, -1, -0.7, -0.4999, -0.1, -1e-9, 0, 1e-300, 1e-10, 0.01, 0.3, 0.4999, 0.5, 0.51, 0.9, 1, 1.01,
                                  1.5, 2, 2.7, 3, 4, 5.5, 8, 12, 20, 26)]
    far = wide + [(float(x),) for x in (-1e300, 27, 40, 1e3, 1e6, 1e100)]
    orders = [0, 0.5, 1, 1.5, 3, 10, 31.5, 70, 120, 500.5, 1e4, 1e6]
    bessel = [(o, x) for o in orders for x in (1e-300, 1e-5, 0.3, 1, 2.5, 10, 40, 79, 81, 200, 1e3, 1e5)]
    bessel += [(-0.5, 1e-3), (-0.5, 2), (-0.5, 100)]
    shapes = [0.1, 0.5, 1, 2.5, 10, 50, 300, 1e4]
    gamma_p = [(a, a * f) for a in shapes for f in (1e-3, 0.2, 0.7, 0.99, 1, 1.01, 1.3, 2, 5)]
    beta_i = [(a, b, x) for a in (0.2, 1, 3.5, 40, 1000) for b in (0.3, 1, 2.5, 60) for x in (1e-6, 0.05, 0.3, 0.5, 0.8, 0.99)]
    ps = [(p,) for p in (1e-300, 1e-100, 1e-20, 1e-8, 1e-3, 0.01, 0.02425, 0.1, 0.3, 0.4999, 0.5, 0.5001, 0.7, 0.9, 0.975, 0.999, 1 - 1e-9)]
    return {
        "lgamma": rows(lambda x: mp.log(abs(mp.gamma(x))) if x < 1e5 else mp.loggamma(x), ones + negative),
        "digamma": rows(mp.digamma, ones + negative),
        "trigamma": rows(lambda x: mp.polygamma(1, x), [p for p in ones if p[0] > 1e-100] + negative),
        "erf": rows(mp.erf, wide),
        "erfc": rows(mp.erfc, wide),
        "logErfc": rows(log_erfc, far),
        "logBesselI": rows(log_bessel_i, bessel),
        "besselRatio": rows(bessel_ratio, [(x, o) for o in (0.5, 1, 1.5, 10, 392, 1e4) for x in (1e-300, 1e-5, 0.3, 1, 10, 99, 101, 2e3, 1e5, 1e7)]),
        "gammaP": rows(lambda a, x: mp.gammainc(a, 0, x, regularized=True), gamma_p),
        "gammaQ": rows(lambda a, x: mp.gammainc(a, x, mp.inf, regularized=True), gamma_p),
        "betaI": rows(lambda a, b, x: mp.betainc(a, b, 0, x, regularized=True), beta_i),
        "normalQuantile": rows(normal_quantile, ps),
    }


def normal_quantile(p):
    """Newton on log Phi, which is smooth and concave."""
    if p == mp.mpf("0.5"):
        return mp.mpf(0)
    with mp.workdps(60):
        q = min(p, 1 - p)
        x = -mp.sqrt(-2 * mp.log(q)) if q < 0.1 else mp.mpf(-0.5)
        for _ in range(60):
            log_phi = mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)
            density = mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)
            x -= (log_phi - mp.log(q)) / (density / mp.exp(log_phi))
        return x if p < 0.5 else -x


REAL = [-1e100, -40, -3.2, -1, -0.1, 0, 0.4, 1, 2.7, 12, 1e5]
POSITIVE = [-1, 0, 1e-300, 1e-8, 0.03, 0.5, 1, 1.7, 6, 50, 1e4]
UNIT = [-0.1, 0, 1e-9, 0.02, 0.3, 0.5, 0.81, 0.9999, 1, 1.1]
COUNTS = [-1, 0, 0.5, 1, 2, 3, 7, 20, 150]

# name: (distribution in Stan's parametrisation, points, arguments)
SCALAR = {
    "normal": (lambda mu, sigma: stats.norm(mu, sigma), REAL, [(0, 1), (-2.5, 0.3), (3, 40)]),
    "student_t": (lambda nu, mu, sigma: stats.t(nu, mu, sigma), REAL, [(1, 0, 1), (2.5, -1, 0.4), (30, 2, 5), (300, 0, 1)]),
    "cauchy": (lambda mu, sigma: stats.cauchy(mu, sigma), REAL, [(0, 1), (-2, 0.3), (5, 30)]),
    "laplace": (lambda mu, sigma: stats.laplace(mu, sigma), REAL, [(0, 1), (-2, 0.3), (5, 30)]),
    "logistic": (lambda mu, sigma: stats.logistic(mu, sigma), REAL, [(0, 1), (-2, 0.3), (5, 30)]),
    "gumbel": (lambda mu, beta: stats.gumbel_r(mu, beta), REAL, [(0, 1), (-2, 0.3), (5, 30)]),
    "half_normal": (lambda sigma: stats.halfnorm(0, sigma), POSITIVE, [(1,), (0.2,), (30,)]),
    "half_cauchy": (lambda sigma: stats.halfcauchy(0, sigma), POSITIVE, [(1,), (0.2,), (30,)]),
    "lognormal": (lambda mu, sigma: stats.lognorm(sigma, 0, math.exp(mu)), POSITIVE, [(0, 1), (-1.5, 0.4), (2, 3)]),
    "exponential": (lambda beta: stats.expon(0, 1 / beta), POSITIVE, [(1,), (0.2,), (30,)]),
    "gamma": (lambda a, b: stats.gamma(a, 0, 1 / b), POSITIVE, [(1, 1), (0.3, 2), (7.5, 0.4), (200, 30)]),
    "inverse_gamma": (lambda a, b: stats.invgamma(a, 0, b), POSITIVE, [(1, 1), (0.3, 2), (7.5, 0.4), (20, 30)]),
    "chi_square": (lambda nu: stats.chi2(nu), POSITIVE, [(1,), (2,), (7.5,), (60,)]),
    "weibull": (lambda a, s: stats.weibull_min(a, 0, s), POSITIVE, [(1, 1), (0.4, 2), (3.5, 0.7)]),
    "pareto": (lambda y, a: stats.pareto(a, 0, y), POSITIVE, [(1, 1), (0.03, 2.5), (5, 0.4)]),
    "beta": (lambda a, b: stats.beta(a, b), UNIT, [(1, 1), (2, 3.5), (0.4, 0.3), (60, 20)]),
    "uniform": (lambda a, b: stats.uniform(a, b - a), UNIT, [(0, 1), (0.02, 0.81), (-3, 5)]),
    "von_mises": (lambda mu, kappa: stats.vonmises(kappa, mu), [-3, -1.2, 0, 0.7, 3.1], [(0, 1), (0.5, 1e-3), (-0.2, 40), (0, 500)]),
    "bernoulli": (lambda p: stats.bernoulli(p), COUNTS, [(0.3,), (0,), (1,), (0.999,)]),
    "bernoulli_logit": (lambda a: stats.bernoulli(1 / (1 + math.exp(-a))), COUNTS, [(0,), (-1.4,), (3,)]),
    "binomial": (lambda n, p: stats.binom(n, p), COUNTS, [(0, 0.3), (3, 0.2), (7, 0), (7, 1), (150, 0.7)]),
    "binomial_logit": (lambda n, a: stats.binom(n, 1 / (1 + math.exp(-a))), COUNTS, [(3, 0), (7, -1.4), (150, 2)]),
    "poisson": (lambda r: stats.poisson(r), COUNTS, [(0.2,), (3.7,), (160,)]),
    "poisson_log": (lambda a: stats.poisson(math.exp(a)), COUNTS, [(-1.6,), (0,), (5,)]),
    "negative_binomial": (lambda a, b: stats.nbinom(a, b / (1 + b)), COUNTS, [(1, 1), (0.4, 0.2), (30, 0.5)]),
    "geometric": (lambda p: stats.geom(p, -1), COUNTS, [(0.5,), (0.02,), (0.999,)]),
}

# Families without a scalar distribution function: [x, arguments, log density].
SIMPLEXES = [[0.2, 0.3, 0.5], [0.01, 0.9, 0.09]]
UNITS = [[1.0, 0.0, 0.0], [0.6, -0.8, 0.0], [2 / 3, -1 / 3, 2 / 3]]
VECTOR = {
    "dirichlet": [[x, [a], float(stats.dirichlet(a).logpdf(x))] for x in SIMPLEXES for a in ([1, 1, 1], [0.5, 2, 7], [40, 3, 0.1])],
    "multinomial": [[x, [n, t], number(stats.multinomial(n, t).logpmf(x))]
                    for x, n in (([2, 0, 3], 5), ([0, 0, 0], 0), ([10, 20, 40], 70), ([2, 0, 3], 6)) for t in SIMPLEXES],
    "von_mises_fisher": [[x, [mu, k], float(stats.vonmises_fisher(mu, k).logpdf(x))] for x in UNITS for mu in UNITS for k in (0.1, 3, 500)],
}


def positive_definite(n, seed):
    """A covariance with numbers that are not special."""
    a = np.random.default_rng(seed).normal(size=(n, n))
    return (a @ a.T + 0.3 * np.eye(n)).round(6)


def correlation(n, seed):
    s = positive_definite(n, seed)
    return s / np.sqrt(np.outer(np.diag(s), np.diag(s)))


def lkj_constant(eta, n):
    """Log of the integral of det(R)^(eta - 1) over correlation matrices, as a product of betas: the vine of Lewandowski, Kurowicka and Joe (2009), equation 16."""
    total = mp.mpf(0)
    for k in range(1, n):
        b = eta + mp.mpf(n - k - 1) / 2
        total += (n - k) * ((2 * eta - 2 + n - k) * mp.log(2) + mp.log(mp.beta(b, b)))
    return total


def lkj(lower, eta):
    """Of the elements below the diagonal of the factor: the density of R times the Jacobian of L -> L L'."""
    n = len(lower)
    r = mp.matrix((lower @ lower.T).tolist())
    jacobian = sum((n - 1 - i) * mp.log(float(lower[i, i])) for i in range(n))
    return number((eta - 1) * mp.log(mp.det(r)) + jacobian - lkj_constant(mp.mpf(eta), n))


def numbers(x):
    return np.asarray(x, dtype=float).tolist()


def matrices():
    """Families over matrices: [x, arguments, log density], all nested by rows."""
    table = {name: [] for name in ("multi_normal", "multi_student_t", "lkj_cholesky", "wishart", "inverse_wishart", "matrix_normal")}
    for n in (1, 2, 3, 5):
        rng = np.random.default_rng(n)
        mu, x, s, w = rng.normal(size=n).round(6), 2 * rng.normal(size=n).round(6), positive_definite(n, n), positive_definite(n, 10 + n)
        table["multi_normal"].append([numbers(x), [numbers(mu), numbers(s)], number(stats.multivariate_normal(mu, s).logpdf(x))])
        for nu in (0.7, 3, 40):
            table["multi_student_t"].append([numbers(x), [nu, numbers(mu), numbers(s)], number(stats.multivariate_t(mu, s, nu).logpdf(x))])
        for nu in (n - 0.5, n + 2.5, 3 * n):
            if nu >= n:
                table["wishart"].append([numbers(w), [nu, numbers(s)], number(stats.wishart(nu, s).logpdf(w))])
                table["inverse_wishart"].append([numbers(w), [nu, numbers(s)], number(stats.invwishart(nu, s).logpdf(w))])
        lower = np.linalg.cholesky(correlation(n, 20 + n)) if n > 1 else np.eye(1)
        for eta in (0.4, 1, 2.5, 30):
            table["lkj_cholesky"].append([numbers(lower), [eta], lkj(lower, eta)])
        p = n % 3 + 1
        m, y, v = rng.normal(size=(n, p)).round(6), rng.normal(size=(n, p)).round(6), positive_definite(p, 30 + n)
        table["matrix_normal"].append([numbers(y), [numbers(m), numbers(s), numbers(v)], number(stats.matrix_normal(m, s, v).logpdf(y))])
    return table


def quietly(f, *args):
    with np.errstate(all="ignore"):
        return number(f(*args))


def von_mises_variance(kappa):
    ends = [-mp.pi, -1, -0.2, 0, 0.2, 1, mp.pi]
    weight = lambda x: mp.exp(kappa * (mp.cos(x) - 1))
    return number(mp.quad(lambda x: x * x * weight(x), ends) / mp.quad(weight, ends))


def von_mises_cdf(x, mu, kappa):
    """Of the turn around mu; scipy's goes on beyond it, and is a normal approximation for large kappa."""
    at = min(max(mp.mpf(x) - mp.mpf(mu), -mp.pi), mp.pi)
    spread = 1 / mp.sqrt(1 + kappa)
    inner = sorted(s * f * spread for s in (-1, 1) for f in (0, 0.5, 1, 2, 4, 8))
    mass = lambda end: mp.quad(lambda t: mp.exp(kappa * (mp.cos(t) - 1)), [-mp.pi, *(c for c in inner if -mp.pi < c < end), end])
    return mass(at) / mass(mp.pi) if at > -mp.pi else mp.mpf(0)


def von_mises_quantile(p, mu, kappa):
    low, high = mu - mp.pi, mu + mp.pi
    with mp.workdps(20):
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if von_mises_cdf(middle, mu, kappa) < p else (low, middle)
    return low


def densities():
    table = {}
    for name, (make, points, arguments) in SCALAR.items():
        discrete = hasattr(make(*arguments[0]), "pmf")
        cases = []
        for args in arguments:
            d = make(*args)
            log_density = d.logpmf if hasattr(d.dist, "_pmf") or hasattr(d.dist, "_logpmf") else d.logpdf
            rows = []
            for x in points:
                density = quietly(log_density, x) if not (discrete and x != math.floor(x)) else "-Infinity"
                cdf = number(von_mises_cdf(x, *args)) if name == "von_mises" else quietly(d.cdf, x)
                rows.append([x, density, cdf, quietly(d.logcdf, x), quietly(d.logsf, x)])
            # scipy calls the mean of a Student t without one infinite; its von Mises variance is a quadrature good to 1e-6.
            mean = "NaN" if name == "student_t" and args[0] <= 1 else quietly(d.mean)
            variance = von_mises_variance(args[1]) if name == "von_mises" else quietly(d.var)
            cases.append({"args": list(args), "mean": mean, "variance": variance, "rows": rows,
                          "quantiles": [[p, number(von_mises_quantile(p, *args)) if name == "von_mises" else quietly(d.ppf, p)]
                                        for p in (0.01, 0.3, 0.5, 0.95, 0.999)]})
        table[name] = cases
    return table


def write(path, table):
    with open(path, "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in table.items()) + "\n}\n")


if __name__ == "__main__":
    write("test/base/special/reference.json", special())
    write("test/families/reference.json", {**densities(), "vector": VECTOR})
    write("test/families/reference-matrices.json", matrices())

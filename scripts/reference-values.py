"""Writes the tables of reference values that the tests compare with (the tests themselves need no Python).

test/base/special/reference.json    special functions, 40 digits of mpmath
test/compile/families/reference.json    log densities, distribution functions and moments, from scipy.stats

Needs mpmath and scipy. Run from the root of the repository: python3 scripts/reference-values.py
"""

import json
import math

import mpmath as mp

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


def write(path, table):
    with open(path, "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in table.items()) + "\n}\n")


if __name__ == "__main__":
    write("test/base/special/reference.json", special())

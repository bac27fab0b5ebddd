"""Writes test/base/special/reference-tails.json: logs of incomplete gamma and beta functions and of the mass of von Mises
between two angles, with their derivatives by the shapes, from mpmath with 60 to 400 digits (the tests need no Python).

Derivatives are central differences with steps of 1e-20 in that many digits, so all digits written are right.

Needs mpmath. Run from the root of the repository: python3 scripts/reference-tails.py
"""

import json

import mpmath as mp

mp.mp.dps = 60


def slope(f, at):
    h = mp.mpf(10) ** -20 * at
    return (f(at + h) - f(at - h)) / (2 * h)


def number(v):
    return float(mp.nstr(v, 20))


def log_gamma_tails(a, x):
    """log P and log Q, each from the tail that is small, in digits enough for both."""
    with mp.workdps(400):
        p = mp.hyp1f1(1, a + 1, x) * mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))
        return mp.log(p), mp.log1p(-p)


def gammas():
    rows = []
    for a in (1e-8, 1e-3, 0.05, 0.3, 0.7, 1, 2.5, 9, 10, 40, 300, 1999, 3000):
        for f in (1e-12, 1e-3, 0.2, 0.7, 0.97, 1, 1.03, 1.4, 3, 20):
            x = a * f
            if x > 600 + a:
                continue
            shape, at = mp.mpf(a), mp.mpf(x)
            with mp.workdps(400):
                values = [*log_gamma_tails(shape, at), *(slope(lambda s: log_gamma_tails(s, at)[k], shape) for k in (0, 1))]
            rows.append([a, x, *map(number, values)])
    return rows


def log_beta_i(a, b, l):
    """By the series (DLMF 8.17.8) of the tail that is small."""
    x, y = 1 / (1 + mp.exp(-l)), 1 / (1 + mp.exp(l))
    constant = a * mp.log(x) + b * mp.log(y) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)
    if x < (a + 1) / (a + b + 2):
        return mp.log(mp.hyp2f1(a + b, 1, a + 1, x)) + constant - mp.log(a)
    return mp.log1p(-mp.hyp2f1(a + b, 1, b + 1, y) * mp.exp(constant - mp.log(b)))


def betas():
    rows = []
    for a in (1e-3, 0.05, 0.5, 1, 2.5, 9, 10, 40, 300, 5000):
        for b in (1e-3, 0.5, 1, 3.5, 12, 150, 4000):
            for d in (-60, -8, -2, -0.3, 0, 0.2, 1.5, 6, 40):
                # So many standard deviations from the mode, where there is one.
                l = float(mp.log(a) - mp.log(b) + d * mp.sqrt((a + b) / mp.mpf(a * b))) if a > 1 and b > 1 else float(d)
                p, q, at = mp.mpf(a), mp.mpf(b), mp.mpf(l)
                values = log_beta_i(p, q, at), slope(lambda s: log_beta_i(s, q, at), p), slope(lambda s: log_beta_i(p, s, at), q)
                # Beyond the digits of a complement there is nothing to compare.
                if abs(values[0]) > mp.mpf(10) ** -25:
                    rows.append([a, b, l, *map(number, values)])
    return rows


def log_betas():
    return [[a, b, number(mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(mp.mpf(a) + b)), number(mp.digamma(mp.mpf(a) + b) - mp.digamma(a))]
            for a in (1e-300, 1e-5, 0.3, 1, 4, 9.9, 10.1, 300, 1e6, 1e12, 1e20) for b in (1e-10, 0.02, 0.5, 1, 7, 10, 1000, 1e9, 1e15)]


def von_mises():
    rows = []
    for kappa in (1e-3, 0.7, 5, 80, 3000):
        with mp.workdps(40):
            def log_integral(k, ends):
                # Scaled by the largest value: the accuracy that mp.quad works to is absolute.
                top = max(mp.cos(t) for t in ends)
                return mp.log(mp.quad(lambda t: mp.exp(k * (mp.cos(t) - top)), ends)) + k * top
            spread = min(1, kappa ** -0.5)
            whole = [0, *(mp.mpf(v) * spread for v in (0.5, 1, 2, 4, 8)), mp.pi] if spread < 0.3 else [0, 1, 2, mp.pi]
            for ends in ([-0.3, 0.9], [-mp.pi, 0.2 * spread], [0.4, 1.1], [2.5, 4.1], [-1, 5], [0.5, 9], [-20, 20], [6, 6.5], [1e-9, 2e-9]):
                ends = [mp.mpf(float(e)) for e in ends]
                inner = [c + s * mp.mpf(v) * spread for c in [2 * mp.pi * k for k in range(-4, 5)] for s in (-1, 1) for v in (0, 1, 2, 4, 8)]
                cuts = sorted({ends[0], ends[1], *(c for c in inner + [k * mp.pi for k in range(-7, 8)] if ends[0] < c < ends[1])})
                log_mass = lambda k: log_integral(k, cuts) - log_integral(k, whole) - mp.log(2)
                k = mp.mpf(kappa)
                h = k * mp.mpf(10) ** -12
                rows.append([float(ends[0]), float(ends[1]), kappa, number(log_mass(k)), number((log_mass(k + h) - log_mass(k - h)) / (2 * h))])
    return rows


if __name__ == "__main__":
    table = {"gamma": gammas(), "beta": betas(), "logBeta": log_betas(), "vonMises": von_mises()}
    with open("test/base/special/reference-tails.json", "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in table.items()) + "\n}\n")

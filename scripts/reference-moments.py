"""Writes test/families/reference-moments.json: means and variances of the elements of families over axes.

Rows: [arguments, shape of a draw, means, variances], each flat; matrices row by row. From scipy.stats, and by
mpmath for those that scipy has no moments of (von Mises and Fisher, LKJ), held to quadrature.

Needs mpmath and scipy. Run from the root of the repository: python3 scripts/reference-moments.py
"""

import json
import math

import mpmath as mp
import numpy as np
from scipy import stats

mp.mp.dps = 40


def number(value):
    value = float(value)
    return value if math.isfinite(value) else "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def numbers(x):
    return [number(v) for v in np.asarray(x, dtype=float).ravel()]


def row(args, shape, mean, variance):
    return [[numbers(a) for a in args], list(shape), numbers(mean), numbers(variance)]


def covariance(n, seed):
    a = np.random.default_rng(seed).normal(size=(n, n))
    return (a @ a.T + 0.3 * np.eye(n)).round(6)


def normals():
    table = {"multi_normal": [], "multi_normal_cholesky": [], "multi_student_t": [], "matrix_normal": []}
    for n in (1, 2, 4):
        mu, s = np.random.default_rng(n).normal(size=n).round(6), covariance(n, n)
        lower = np.linalg.cholesky(s)
        table["multi_normal"].append(row([mu, s], [n], stats.multivariate_normal(mu, s).mean, np.diag(s)))
        whole = stats.multivariate_normal(mu, lower @ lower.T)
        table["multi_normal_cholesky"].append(row([mu, lower], [n], whole.mean, np.diag(whole.cov)))
        for nu in (0.8, 1, 1.7, 2, 2.5, 30):
            each = [stats.t(nu, m, math.sqrt(v)) for m, v in zip(mu, np.diag(s))]
            # scipy calls the mean of a Student t without one infinite.
            mean = [t.mean() if nu > 1 else math.nan for t in each]
            table["multi_student_t"].append(row([nu, mu, s], [n], mean, [t.var() if nu > 1 else math.nan for t in each]))
        p = n % 3 + 1
        m, v = np.random.default_rng(9).normal(size=(n, p)).round(6), covariance(p, 30 + n)
        # vec(X) by rows is normal with the Kronecker product as covariance.
        table["matrix_normal"].append(row([m, s, v], [n, p], m, np.diag(np.kron(s, v))))
    return table


def shares():
    table = {"dirichlet": [], "multinomial": []}
    for a in ([1, 1, 1], [0.5, 2, 7], [40, 3, 0.1, 1e-3], [1e6, 2]):
        d = stats.dirichlet(a)
        table["dirichlet"].append(row([a], [len(a)], d.mean(), d.var()))
    for n, t in ((0, [0.2, 0.8]), (7, [0.2, 0.3, 0.5]), (1000, [0.999, 0.0005, 0.0005])):
        d = stats.multinomial(n, t)
        table["multinomial"].append(row([n, t], [len(t)], n * np.array(t), np.diag(d.cov())))
    return table


def wisharts():
    table = {"wishart": [], "inverse_wishart": []}
    for n in (1, 2, 3):
        s = covariance(n, 40 + n)
        for nu in (n, n + 0.5, n + 1.5, n + 3.1, 4 * n + 3):
            w = stats.wishart(nu, s)
            table["wishart"].append(row([nu, s], [n, n], w.mean(), w.var()))
            if nu > n + 3:
                d = stats.invwishart(nu, s)
                table["inverse_wishart"].append(row([nu, s], [n, n], d.mean(), d.var()))
    return table


def along(d, kappa):
    """Mean of t, its variance, and that of a coordinate across, by Bessel functions in 80 digits; t has the density
    exp(kappa t) (1 - t^2)^((d - 3) / 2), whose quadrature they are held to where it is easy."""
    if d == 1:
        return mp.tanh(kappa), mp.sech(kappa) ** 2, mp.mpf(0)
    with mp.workdps(80):
        k, v = mp.mpf(kappa), mp.mpf(d) / 2
        mean = mp.besseli(v, k, maxterms=10**7) / mp.besseli(v - 1, k, maxterms=10**7)
        answer = mean, 1 - mean**2 - (d - 1) * mean / k, mean / k
    if 0.1 < kappa < 10 and d < 10:
        weight = lambda a: mp.exp(kappa * mp.cos(a)) * mp.sin(a) ** (d - 2)
        moment = lambda f: mp.quad(lambda a: f(mp.cos(a)) * weight(a), [0, 0.5, 1, 2, mp.pi]) / mp.quad(weight, [0, 0.5, 1, 2, mp.pi])
        first = moment(lambda t: t)
        for got, wanted in zip(answer, (first, moment(lambda t: (t - first) ** 2), moment(lambda t: (1 - t * t) / (d - 1)))):
            assert abs(got - wanted) < 1e-15
    return answer


def directions():
    rows = []
    for d in (1, 2, 3, 5, 40):
        raw = np.random.default_rng(d).normal(size=d)
        mu = [mp.mpf(m) for m in raw / np.linalg.norm(raw)]
        for kappa in (1e-8, 0.3, 4, 70, 1e4, 1e8):
            mean, spread, across = along(d, kappa)
            rows.append(row([mu, kappa], [d], [mean * m for m in mu], [spread * m**2 + across * (1 - m**2) for m in mu]))
    return {"von_mises_fisher": rows}


def correlations():
    """Canonical partial correlations p = 2 B - 1, B ~ beta(s, s), are independent: L_ij = p_ij prod sqrt(1 - p_ik^2)."""
    rows = []
    for n in (1, 2, 3, 5):
        for eta in (0.4, 1, 2.5, 30, 1e6):
            mean, variance = np.zeros((n, n)), np.zeros((n, n))
            for i in range(n):
                # E sqrt(1 - p^2) and E (1 - p^2) by the beta integral, which quadrature checks where it is easy.
                root, rest = mp.mpf(1), mp.mpf(1)
                for j in range(i):
                    s = mp.mpf(eta) + mp.mpf(n - 2 - j) / 2
                    kept = 4 * mp.beta(s + 1, s + 1) / mp.beta(s, s)
                    variance[i, j] = rest * (1 - kept)
                    rest *= kept
                    root *= 2 * mp.beta(s + 0.5, s + 0.5) / mp.beta(s, s)
                    if 1 <= eta < 100:
                        q = mp.quad(lambda p: mp.sqrt(1 - p * p) * (1 - p * p) ** (s - 1), [-1, -0.3, 0, 0.3, 1])
                        q /= mp.quad(lambda p: (1 - p * p) ** (s - 1), [-1, -0.3, 0, 0.3, 1])
                        assert abs(q - 2 * mp.beta(s + 0.5, s + 0.5) / mp.beta(s, s)) < 1e-12
                mean[i, i], variance[i, i] = root, rest - root**2
            rows.append(row([eta], [n, n], mean, variance))
    return {"lkj_cholesky": rows}


if __name__ == "__main__":
    tables = {**normals(), **shares(), **wisharts(), **directions(), **correlations()}
    with open("test/families/reference-moments.json", "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in tables.items()) + "\n}\n")

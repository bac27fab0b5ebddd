"""Writes test/families/reference-digits.json: log densities of every family of single numbers to 50 digits of
mpmath, at arguments over many orders of magnitude: near and far from the mode, near the ends of supports, at large
counts, shapes and concentrations.

Rows: [x, arguments..., log density]. The arguments are the float64 numbers written, taken as exact.

Needs mpmath. Run from the root of the repository: python3 scripts/reference-densities.py
"""

import json
import math
import random

import mpmath as mp

mp.mp.dps = 50
ROWS = 60


def log_softplus_pair(alpha):
    """log P(1) and log P(0) at log odds alpha."""
    with mp.workdps(400):
        return -mp.log1p(mp.exp(-alpha)), -mp.log1p(mp.exp(alpha))


def normal(x, mu, s):
    return -(((x - mu) / s) ** 2) / 2 - mp.log(s) - mp.log(2 * mp.pi) / 2


def student(x, nu, mu, s):
    return (mp.loggamma((nu + 1) / 2) - mp.loggamma(nu / 2) - mp.log(nu * mp.pi) / 2 - mp.log(s)
            - (nu + 1) / 2 * mp.log1p(((x - mu) / s) ** 2 / nu))


def cauchy(x, mu, s):
    return -mp.log(mp.pi * s) - mp.log1p(((x - mu) / s) ** 2)


def logistic(x, mu, s):
    z = abs(x - mu) / s
    return -z - mp.log(s) - 2 * mp.log1p(mp.exp(-z))


def gamma(x, a, b):
    return a * mp.log(b) - mp.loggamma(a) + (a - 1) * mp.log(x) - b * x


def inverse_gamma(x, a, b):
    return a * mp.log(b) - mp.loggamma(a) - (a + 1) * mp.log(x) - b / x


def log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def beta(x, a, b):
    return (a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x) - log_beta(a, b)


def choose(n, k):
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def binomial(x, n, theta):
    return choose(n, x) + x * mp.log(theta) + (n - x) * mp.log1p(-theta)


def binomial_logit(x, n, alpha):
    yes, no = log_softplus_pair(alpha)
    return choose(n, x) + x * yes + (n - x) * no


def poisson(x, rate):
    return x * mp.log(rate) - rate - mp.loggamma(x + 1)


def negative_binomial(x, a, b):
    return mp.loggamma(x + a) - mp.loggamma(a) - mp.loggamma(x + 1) + a * mp.log(b / (1 + b)) - x * mp.log1p(b)


def log_bessel_i0(kappa):
    if kappa < 500:
        return mp.log(mp.besseli(0, kappa))
    total, term, k = mp.mpf(1), mp.mpf(1), 0
    while abs(term) > mp.mpf(10) ** -50:
        k += 1
        term *= mp.mpf(2 * k - 1) ** 2 / (8 * kappa * k)
        total += term
    return kappa - mp.log(2 * mp.pi * kappa) / 2 + mp.log(total)


def von_mises(x, mu, kappa):
    return kappa * mp.cos(x - mu) - log_bessel_i0(kappa) - mp.log(2 * mp.pi)


DENSITIES = {
    "normal": normal,
    "student_t": student,
    "cauchy": cauchy,
    "laplace": lambda x, mu, s: -abs(x - mu) / s - mp.log(2 * s),
    "logistic": logistic,
    "gumbel": lambda x, mu, b: -(x - mu) / b - mp.exp(-(x - mu) / b) - mp.log(b),
    "half_normal": lambda x, s: normal(x, 0, s) + mp.log(2),
    "half_cauchy": lambda x, s: cauchy(x, 0, s) + mp.log(2),
    "lognormal": lambda x, mu, s: normal(mp.log(x), mu, s) - mp.log(x),
    "exponential": lambda x, b: mp.log(b) - b * x,
    "gamma": gamma,
    "chi_square": lambda x, nu: gamma(x, nu / 2, mp.mpf(0.5)),
    "inverse_gamma": inverse_gamma,
    "weibull": lambda x, a, s: mp.log(a / s) + (a - 1) * mp.log(x / s) - mp.exp(a * mp.log(x / s)),
    "pareto": lambda x, y, a: mp.log(a) + a * mp.log(y) - (a + 1) * mp.log(x),
    "beta": beta,
    "uniform": lambda x, a, b: -mp.log(b - a),
    "von_mises": von_mises,
    "bernoulli": lambda x, t: mp.log(t) if x == 1 else mp.log1p(-t),
    "bernoulli_logit": lambda x, a: log_softplus_pair(a)[0 if x == 1 else 1],
    "binomial": binomial,
    "binomial_logit": binomial_logit,
    "poisson": poisson,
    "poisson_log": lambda x, a: x * a - mp.exp(a) - mp.loggamma(x + 1),
    "negative_binomial": negative_binomial,
    "geometric": lambda x, t: mp.log(t) + x * mp.log1p(-t),
}

draw = random.Random(20250203)
wide = lambda low, high: 10 ** draw.uniform(low, high)
sign = lambda: draw.choice((-1, 1))


def location():
    """x, mu, sigma: from the same number to 1e8 scales away."""
    mu, s = draw.choice((0.0, sign() * wide(-30, 30))), wide(-60, 60)
    if mu != 0:
        s = abs(mu) * wide(-6, 6)
    return mu + draw.choice((0, sign() * wide(-8, 8))) * s, mu, s


def near(mode, spread):
    """Within some spreads of the mode, or anywhere."""
    return mode + draw.gauss(0, 2) * spread if draw.random() < 0.7 else mode * wide(-3, 3)


def shaped():
    a, b = wide(-8, 8), wide(-30, 30)
    scale = draw.uniform(0.1, 3) if a < 1 else max(1e-3, near(1, 1 / math.sqrt(a)))
    return (a * scale / b if a > 1e-3 else wide(-40, 3) / b), a, b


def unit(a, b):
    middle = a / (a + b)
    x = near(middle, math.sqrt(a * b / (a + b + 1)) / (a + b))
    return x if 1e-12 < x < 1 - 1e-12 else draw.choice((wide(-300, -1), 1 - wide(-15, -1)))


def betas():
    a, b = wide(-8, 8), wide(-8, 8)
    return unit(a, b), a, b


def probability():
    return draw.choice((wide(-300, -1), draw.random(), 1 - wide(-15, -1)))


def trials(theta):
    n = float(round(wide(0, 9)))
    return float(min(n, max(0, round(near(n * theta, math.sqrt(n * theta * (1 - theta)) + 1))))), n


def binomials():
    theta = draw.choice((wide(-12, -1), draw.random(), 1 - wide(-12, -1)))
    return *trials(theta), theta


def binomial_logits():
    alpha = draw.choice((draw.gauss(0, 3), sign() * wide(-10, 2.8)))
    return *trials(1 / (1 + math.exp(-alpha))), alpha


def counts(rate):
    return float(max(0, round(near(rate, math.sqrt(rate)))))


def poissons():
    rate = draw.choice((wide(-300, 0), wide(-1, 8)))
    return counts(rate), rate


def poisson_logs():
    alpha = draw.uniform(-100, 18)
    return counts(math.exp(alpha)), alpha


def negative_binomials():
    a, b = wide(-6, 8), wide(-5, 5)
    return counts(draw.gammavariate(min(a, 1e6), 1 / b) * max(1, a / 1e6)), a, b


def angle():
    kappa, mu = wide(-12, 8), draw.uniform(-3, 3)
    return mu + draw.choice((draw.uniform(-3, 3), draw.gauss(0, 2) * min(1, kappa**-0.5))), mu, kappa


def positive_at(scale, low=-8, high=4):
    return scale * wide(low, high)


def scaled(low=-8, high=4):
    s = wide(-100, 100)
    return positive_at(s, low, high), s


def lognormals():
    mu, s = draw.uniform(-20, 20), wide(-2, 2)
    return math.exp(mu + min(300, s * abs(draw.gauss(0, 3))) * sign()), mu, s


def weibulls():
    a, s = wide(-3, 3), wide(-30, 30)
    return s * 10 ** (draw.uniform(-20, 1) / a if a > 0.1 else draw.uniform(-20, 20)), a, s


def paretos():
    y, a = wide(-100, 100), wide(-6, 6)
    return y * draw.choice((1 + wide(-10, 0), wide(0, 100))), y, a


def uniforms():
    a, length = sign() * wide(-30, 30), wide(-30, 30)
    b = a + length
    return ((a + b) / 2, a, b) if b > a else (0.5, 0.0, 1.0)


POINTS = {
    **{name: location for name in ("normal", "cauchy", "laplace", "logistic")},
    "student_t": lambda: (lambda x, mu, s: (x, wide(-6, 12), mu, s))(*location()),
    "gumbel": lambda: (lambda mu, s: (mu + draw.choice((sign() * wide(-8, 0.8), wide(0, 8))) * s, mu, s))(*location()[1:]),
    "half_normal": scaled,
    "half_cauchy": lambda: scaled(-8, 100),
    "lognormal": lognormals,
    "exponential": lambda: (lambda x, s: (x, 1 / s))(*scaled()),
    "gamma": shaped,
    "chi_square": lambda: (lambda x, a, b: (2 * x * b, 2 * a))(*shaped()),
    "inverse_gamma": lambda: (lambda x, a, b: (b / (x * b), a, b))(*shaped()),
    "weibull": weibulls,
    "pareto": paretos,
    "beta": betas,
    "uniform": uniforms,
    "von_mises": angle,
    "bernoulli": lambda: (float(draw.randint(0, 1)), probability()),
    "bernoulli_logit": lambda: (float(draw.randint(0, 1)), sign() * wide(-10, 4)),
    "binomial": binomials,
    "binomial_logit": binomial_logits,
    "poisson": poissons,
    "poisson_log": poisson_logs,
    "negative_binomial": negative_binomials,
    "geometric": lambda: (lambda t: (float(round(draw.expovariate(1) / t)) if t > 1e-15 else float(draw.randint(0, 10**9)), t))(probability()),
}


def rows(name):
    answer = []
    while len(answer) < ROWS:
        point = [float(p) for p in POINTS[name]()]
        value = DENSITIES[name](*map(mp.mpf, point))
        # What is below 1e-300 in a density of counts, and what overflows, says nothing about digits.
        if mp.isfinite(value) and abs(value) < 1e300:
            answer.append([*point, float(value)])
    return answer


if __name__ == "__main__":
    with open("test/families/reference-digits.json", "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(rows(name))}" for name in DENSITIES) + "\n}\n")

"""Writes test/base/special/reference-powers.json: powers x^y from mpmath with 300 bits, as [x, y, the nearest double, what
that double lacks, in units of its last place]. Subnormal results count too, down to the smallest.

Needs mpmath. Run from the root of the repository: python3 scripts/reference-powers.py
"""

import json
import math
import random

import mpmath as mp

mp.mp.prec = 300
random.seed(1)


def row(x, y):
    value = mp.power(mp.mpf(x), mp.mpf(y))
    if not mp.mpf(2) ** -1074 < value < mp.mpf(2) ** 1024:
        return None
    nearest = float(value)
    return [x, y, nearest, float(mp.nstr((value - mp.mpf(nearest)) / mp.mpf(math.ulp(nearest)), 6))]


def sign():
    return random.choice((-1, 1))


def exponent(x, least, most):
    """An exponent that puts the result between exp(least) and exp(most)."""
    return random.uniform(least, most) / math.log(x)


def points():
    for _ in range(150):
        yield random.uniform(0, 10), random.uniform(-30, 30)
        x = math.exp(random.uniform(-700, 700))
        yield x, exponent(x, -708, 709)
        x = 1 + sign() * 10 ** random.uniform(-15, -1)
        yield x, exponent(x, -708, 709)
        yield float(random.randint(2, 1000)), float(random.randint(-30, 30))
    for _ in range(40):
        x = random.uniform(0.1, 10)
        yield x, exponent(x, -744, -709)
        yield random.uniform(1, 2) * 2.0 ** random.randint(-1074, -1023), random.uniform(-0.9, 1)
        # Beside the powers of two over which the tables are laid.
        yield 2 ** (random.randint(-1024, 1024) / 512) * (1 + sign() * 2.0**-50), random.uniform(-400, 400)


def hard():
    """Of bases in the tables' first step, those whose powers lie near the middle between two doubles: a small error shows."""
    found = 0
    while found < 150:
        x = 1 + random.uniform(-6.7e-4, 6.7e-4)
        y = exponent(x, -708, 709)
        if x != 1 and 0.46 < abs(row(x, y)[3]) < 0.488:
            found += 1
            yield x, y


rows = [r for r in (row(x, y) for x, y in [*points(), *hard()] if x > 0 and x != 1) if r is not None]
with open("test/base/special/reference-powers.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]\n")

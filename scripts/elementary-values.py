"""Writes test/targets/wasm/elementary.json: exponentials, logarithms and functions of angles over their whole range, 60 digits of mpmath rounded to float64.

Needs mpmath. Run from the root of the repository: python3 scripts/elementary-values.py
"""

import json
import random

import mpmath as mp

mp.mp.dps = 60
random.seed(1)


def spread(low, high, count):
    """Numbers between two powers of two, as many of one size as of another, with both signs."""
    return [s * random.uniform(1, 2) * 2.0 ** random.randint(low, high) for _ in range(count) for s in (1, -1)]


def positive(points):
    return [abs(x) for x in points]


small = spread(-60, -1, 20)
exponents = [x for x in spread(-8, 9, 40) if -708 < x < 709] + small
functions = {
    "exp": (mp.exp, exponents + [-744.0, -720.5, 709.7]),
    "expm1": (mp.expm1, exponents),
    "log": (mp.log, positive(spread(-1022, 1022, 40) + spread(-3, 2, 20)) + [1 + 2.0**-k for k in range(1, 53, 4)] + [5e-324, 1e-310]),
    "log1p": (mp.log1p, positive(spread(-60, 1000, 30)) + [x for x in small + spread(-3, 0, 20) if x > -1]),
    "tanh": (mp.tanh, spread(-40, 5, 40)),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), exponents),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), exponents),
}
angles = spread(-60, 1000, 40) + spread(-3, 6, 30) + spread(17, 23, 20) + [k * mp.pi / 4 for k in (1, 2, 3, 4, 355, 1e5, 710 / 2**0.5)]
angles = [float(x) for x in angles]
within = spread(-60, -1, 20) + [s * (1 - 2.0**-k) for k in range(1, 50, 3) for s in (1, -1)] + [1.0, -1.0]
functions |= {
    "sin": (mp.sin, angles),
    "cos": (mp.cos, angles),
    "tan": (mp.tan, angles),
    "asin": (mp.asin, within),
    "acos": (mp.acos, within),
    "atan": (mp.atan, spread(-60, 1000, 40) + spread(-3, 3, 30)),
    "sinh": (mp.sinh, [x for x in exponents if abs(x) < 709] + [710.3, -710.3]),
    "cosh": (mp.cosh, [x for x in exponents if abs(x) < 709] + [710.3, -710.3]),
}
# As many digits as the largest angle has before its point, besides.
mp.mp.dps = 400
table = {name: [[x, float(f(mp.mpf(x)))] for x in points] for name, (f, points) in functions.items()}
with open("test/targets/wasm/elementary.json", "w") as file:
    file.write("{\n" + ",\n".join(f"  {json.dumps(name)}: {json.dumps(rows)}" for name, rows in table.items()) + "\n}\n")

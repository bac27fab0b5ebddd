"""Writes test/ir/reference-entmax.json: sparsemax, entmax and normmax with their potentials, by mpmath to 50 digits.

The probabilities come from a root search for the threshold; the potentials from their definitions as conjugates at those
probabilities, p.x - sum(p^alpha - p) / (alpha (alpha - 1)) and p.x - norm(p, alpha).

Run from the root of the repository: python3 scripts/reference-entmax.py
"""

import json
import random

import mpmath as mp

mp.mp.dps = 50


def threshold(z, q):
    """The t with sum max(z - t, 0)^q = 1, by bisection to 50 digits."""
    low, high = max(z) - 1, max(z)
    for _ in range(180):
        middle = (low + high) / 2
        if mp.fsum((v - middle) ** q for v in z if v > middle) >= 1:
            low = middle
        else:
            high = middle
    return low


def entmax(x, alpha):
    z = [(alpha - 1) * v for v in x]
    t = threshold(z, 1 / (alpha - 1))
    p = [max(v - t, mp.mpf(0)) ** (1 / (alpha - 1)) for v in z]
    entropy = mp.fsum(v**alpha - v for v in p) / (alpha * (alpha - 1))
    return p, mp.fsum(a * b for a, b in zip(p, x)) - entropy


def normmax(x, alpha):
    t = threshold(x, alpha / (alpha - 1))
    r = [max(v - t, mp.mpf(0)) ** (1 / (alpha - 1)) for v in x]
    p = [v / mp.fsum(r) for v in r]
    return p, mp.fsum(a * b for a, b in zip(p, x)) - mp.fsum(v**alpha for v in p) ** (1 / alpha)


random.seed(6)
points = [
    [0.0],
    [1.0, 1.0, 1.0],
    [3.0, 3.0, -1.0, 2.5],
    [0.1, 0.2, 0.30000000000000004, 0.4],
    [1e8, 1e8 - 0.5, -1e8],
    [-700.0, -700.25, -703.0],
    *[[random.gauss(0, s) for _ in range(n)] for n, s in [(5, 0.3), (40, 0.2), (40, 2), (200, 0.05)]],
]
rows = []
for x in points:
    exact = [mp.mpf(v) for v in x]
    for name, rule, alphas in [("entmax", entmax, [2, 1.5, 1.05]), ("normmax", normmax, [2, 5, 1.2])]:
        for alpha in alphas:
            p, potential = rule(exact, mp.mpf(alpha))
            rows.append({"of": name, "alpha": alpha, "x": x, "p": [float(v) for v in p], "potential": float(potential)})
with open("test/ir/reference-entmax.json", "w") as file:
    json.dump(rows, file)
    file.write("\n")

"""The energy of `bench/models/transformer.amp` and its gradients by hand in numpy, in matrix products over all sequences at once.

Reads the values as JSON, writes the energy, the length of each gradient, and median milliseconds: of the energy alone, with the
gradient of the candidates, and with those of the weights.
"""

import json
import sys
import time

import numpy as np
from scipy.special import erf

given = {name: np.array(value, dtype=np.float64) for name, value in json.load(sys.stdin).items()}
context, x = given["context"], given["x"]
LAYERS, HEADS, WIDTH, PART = given["Wq"].shape


def rows(name, layer):
    """A weight over heads as one matrix."""
    w = given[name][layer]
    return w.transpose(1, 0, 2).reshape(WIDTH, HEADS * PART) if name != "Wo" else w.reshape(HEADS * PART, WIDTH)


def norm(h):
    d = h - h.mean(-1, keepdims=True)
    r = 1 / np.sqrt((d * d).mean(-1, keepdims=True) + 1e-5)
    return d * r, r


def norm_back(g, n, r):
    return r * (g - g.mean(-1, keepdims=True) - n * (g * n).mean(-1, keepdims=True))


def heads(v):
    return v.reshape(v.shape[0], v.shape[1], HEADS, PART).transpose(0, 2, 1, 3)


def joined(v):
    return v.transpose(0, 2, 1, 3).reshape(v.shape[0], v.shape[2], HEADS * PART)


def block(h, over, layer):
    """One layer of the stream h, over keys and values of the normalised stream `over` (its own where None)."""
    n, r = norm(h)
    other = n if over is None else over
    q, k, v = heads(n @ rows("Wq", layer)), heads(other @ rows("Wk", layer)), heads(other @ rows("Wv", layer))
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(PART)
    p = np.exp(scores - scores.max(-1, keepdims=True))
    p /= p.sum(-1, keepdims=True)
    a = joined(p @ v)
    u = n @ given["W1"][layer]
    cdf = 0.5 * (1 + erf(u / np.sqrt(2)))
    t = u * cdf
    return h + a @ rows("Wo", layer) + t @ given["W2"][layer], (n, r, other, q, k, v, p, a, u, cdf, t)


def flat(m):
    return m.reshape(-1, m.shape[-1])


def block_back(g, saved, layer, own, weights):
    """The adjoint of h, and that of `over` where it is not its own."""
    n, r, other, q, k, v, p, a, u, cdf, t = saved
    gt = g @ given["W2"][layer].T
    gu = gt * (cdf + u * np.exp(-u * u / 2) / np.sqrt(2 * np.pi))
    ga = heads(g @ rows("Wo", layer).T)
    gp = ga @ v.transpose(0, 1, 3, 2)
    gs = p * (gp - (gp * p).sum(-1, keepdims=True)) / np.sqrt(PART)
    gq, gk, gv = joined(gs @ k), joined(gs.transpose(0, 1, 3, 2) @ q), joined(p.transpose(0, 1, 3, 2) @ ga)
    gn = gq @ rows("Wq", layer).T + gu @ given["W1"][layer].T
    go = gk @ rows("Wk", layer).T + gv @ rows("Wv", layer).T
    if weights is not None:
        made = {"Wq": flat(n).T @ flat(gq), "Wk": flat(other).T @ flat(gk), "Wv": flat(other).T @ flat(gv)}
        made.update({"Wo": flat(a).T @ flat(g), "W1": flat(n).T @ flat(gu), "W2": flat(t).T @ flat(g)})
        for name, value in made.items():
            weights.setdefault((name, layer), []).append(value)
    if own:
        return g + norm_back(gn + go, n, r), None
    return g + norm_back(gn, n, r), go


def run(wanted):
    s = [context @ given["We"]]
    of_shown = []
    for layer in range(1, LAYERS - 1):
        h, saved = block(s[-1], None, layer)
        s.append(h)
        of_shown.append(saved)
    normed = [norm(h) for h in s]
    c = (x @ given["We"])[:, None, :]
    of_candidate = []
    for layer in range(1, LAYERS):
        c, saved = block(c, normed[layer - 1][0], layer)
        of_candidate.append(saved)
    n, r = norm(c)
    e = (n @ given["out"])[:, 0]
    energy = e.mean() + 0.01 * (e * e).mean()
    if wanted == "energy":
        return energy, {}
    ge = (1 + 0.02 * e) / len(e)
    weights = {} if wanted == "weights" else None
    g = norm_back(ge[:, None, None] * given["out"], n, r)
    over = []
    for layer in reversed(range(1, LAYERS)):
        g, go = block_back(g, of_candidate[layer - 1], layer, False, weights)
        over.append(go)
    if wanted == "x":
        return energy, {"x": g[:, 0] @ given["We"].T}
    gs = 0
    for layer in reversed(range(1, LAYERS)):
        gs = gs + norm_back(over[LAYERS - 1 - layer], *normed[layer - 1])
        if layer > 1:
            gs, _ = block_back(gs, of_shown[layer - 2], layer - 1, True, weights)
    found = {"We": flat(context).T @ flat(gs) + x.T @ g[:, 0], "out": (ge[:, None] * n[:, 0]).sum(0)}
    for (name, layer), parts in weights.items():
        found.setdefault(name, np.zeros((LAYERS,) + parts[0].shape))[layer] = sum(parts)
    return energy, found


def median(wanted):
    times = []
    for _ in range(60):
        start = time.perf_counter()
        run(wanted)
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)[len(times) // 2]


energy, found = run("weights")
found.update(run("x")[1])
print(json.dumps({
    "energy": energy,
    "lengths": {name: float(np.sqrt((value * value).sum())) for name, value in found.items()},
    "milliseconds": {wanted: median(wanted) for wanted in ("energy", "x", "weights")},
}))

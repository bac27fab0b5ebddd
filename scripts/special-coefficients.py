"""Prints the polynomial coefficients of src/base/special/operations.ts and erf.ts, so that their origin is on record.

Needs mpmath. Run: python3 scripts/special-coefficients.py
"""

from fractions import Fraction

import mpmath as mp

mp.mp.dps = 60


def horner(coefficients, variable):
    text = repr(coefficients[-1])
    for c in reversed(coefficients[:-1]):
        text = f"{c!r} + {variable} * ({text})"
    return text


def erfc_tail(degree=22, c=3):
    """log(erfc(x) exp(x^2) (c + x)) as a polynomial in u, which runs over [-1, 1] as t = c / (c + x) over [0, t1]."""
    t1 = mp.mpf(c) / (c + mp.mpf(1) / 2)

    def g(t):
        if t == 0:
            return mp.log(1 / mp.sqrt(mp.pi))
        x = c / t - c
        tail = mp.erfc(x) * mp.exp(x * x) if x < 100 else sum(
            (-1) ** k * mp.fac2(2 * k - 1) / (2 * x * x) ** k for k in range(25)) / (x * mp.sqrt(mp.pi))
        return mp.log(tail) + mp.log(c + x)

    n = degree + 1
    nodes = [mp.cos(mp.pi * (mp.mpf(k) + mp.mpf(1) / 2) / n) for k in range(n)]
    values = [g(t1 * (u + 1) / 2) for u in nodes]
    cheb = [2 / mp.mpf(n) * sum(v * mp.cos(mp.pi * j * (k + mp.mpf(1) / 2) / n) for k, v in enumerate(values)) for j in range(n)]
    cheb[0] /= 2
    # To powers of u, in 60 digits.
    previous, current = [mp.mpf(1)], [mp.mpf(0), mp.mpf(1)]
    power = [mp.mpf(0)] * n
    for j in range(n):
        basis = previous if j == 0 else current
        if j >= 2:
            nxt = [mp.mpf(0)] + [2 * b for b in current]
            for i, p in enumerate(previous):
                nxt[i] -= p
            previous, current = current, nxt
            basis = current
        for i, b in enumerate(basis):
            power[i] += cheb[j] * b
    # Stated so that a reader sees the approximation is below rounding.
    worst = max(abs(sum(p * u ** i for i, p in enumerate(power)) - g(t1 * (u + 1) / 2)) for u in mp.linspace(-1, 1, 401))
    print("// worst error", mp.nstr(worst, 3), "sum of magnitudes", mp.nstr(sum(abs(p) for p in power), 4))
    return [float(p) for p in power]


def debye(count):
    """u_k(t) of the uniform expansion of the Bessel functions, divided by p^k, as polynomials in p^2 (DLMF 10.41.9)."""
    u = [Fraction(1)]
    result = []
    for _ in range(count):
        size = len(u) + 2
        nxt = [Fraction(0)] * (size + 1)
        for i, c in enumerate(u):
            if i > 0:
                nxt[i + 1] += c * i / 2
                nxt[i + 3] -= c * i / 2
            nxt[i + 1] += c / (8 * (i + 1))
            nxt[i + 3] -= 5 * c / (8 * (i + 3))
        while nxt[-1] == 0:
            nxt.pop()
        u = nxt
        k = len(result) + 1
        result.append([float(u[i]) for i in range(k, len(u), 2)])
    return result


if __name__ == "__main__":
    print("// erfcTail:", horner(erfc_tail(), "u"))
    for k, u in enumerate(debye(7), 1):
        print(f"// u{k}:", horner(u, "q"))

import { describe, expect, test } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { lower } from '../../src/compile/lower.ts'
import { expressionOf } from '../../src/compile/outputs.ts'
import { treat } from '../../src/compile/treat.ts'
import type { Typed } from '../../src/middle/model.ts'
import * as ports from '../../src/middle/ports.ts'
import type { Values } from './models.ts'
import { codesOf, Draw, energyOf, modelOf, program, run, sizesOf, total } from './models.ts'

const LOG_2PI = Math.log(2 * Math.PI)
const normal = (x: number, mu: number, sigma: number): number => -0.5 * ((x - mu) / sigma) ** 2 - Math.log(sigma) - 0.5 * LOG_2PI
/** The value of one scalar expression of a model with the given declarations. */
const scalar = (declarations: string, expression: string, open: Record<string, number>, values: Values): number =>
  total(energyOf(`model t\n${declarations}\nenergy ${expression}\n`), open, values)

describe('statements', () => {
  test('a density is minus the log density summed over every axis of the left side', () => {
    const draw = new Draw(1)
    const [y, se, theta] = [draw.normals('y', 4, 5), draw.positives('se', 4), draw.normals('theta', 4)]
    const [mu, tau] = [0.7, 1.3]
    const logp =
      normal(mu, 0, 5) +
      Math.log(2 / (Math.PI * 5 * (1 + (tau / 5) ** 2))) +
      theta.reduce((s, t) => s + normal(t, mu, tau), 0) +
      y.reduce((s, v, i) => s + normal(v, theta[i] as number, se[i] as number), 0)
    const energy = total(energyOf(program('eight_schools')), { school: 4 }, { y, se, theta, mu: [mu], tau: [tau] })
    // 1e-12: a dozen terms of size 10, each rounded at 1e-16.
    expect(energy).toBeCloseTo(-logp, 12)
  })

  test('axes may have names that every object has', () => {
    const value = scalar(
      'data x[constructor, toString]',
      'mean[constructor](sum[toString](x)) + sum[toString](x[constructor = 1])',
      { constructor: 2, toString: 2 } as never,
      { x: [1, 2, 3, 4] } as never,
    )
    expect(value).toBe(5 + 3)
  })

  test('a parameter of the right side that lacks an axis of the left counts once per element', () => {
    const e = energyOf('model t\ndata y[row]\nstate mu\ny ~ normal(mu, 2)\n')
    const logp = [1, 2, 4].reduce((s, y) => s + normal(y, 0.5, 2), 0)
    expect(total(e, { row: 3 }, { y: [1, 2, 4], mu: [0.5] })).toBeCloseTo(-logp, 12)
  })

  test('an expression on the left has no Jacobian', () => {
    const e = energyOf('model t\ndata y[row] : positive\nstate mu\nlog(y) ~ normal(mu, 1)\n')
    const logp = [1, 2].reduce((s, y) => s + normal(Math.log(y), 0.3, 1), 0)
    expect(total(e, { row: 2 }, { y: [1, 2], mu: [0.3] })).toBeCloseTo(-logp, 12)
  })

  test('a truncated density is renormalised, also far out in the tail, and infinite outside', () => {
    const e = energyOf('model t\nstate x\nparam a\nparam b\nx ~ normal(0, 1) in (a, b)\n')
    const at = (x: number, a: number, b: number): number => total(e, {}, { x: [x], a: [a], b: [b] })
    // P(1 < Z < 2) = 0.135905121983278 (tables).
    expect(at(1.5, 1, 2)).toBeCloseTo(-normal(1.5, 0, 1) + Math.log(0.135905121983278), 12)
    // The upper tail P(Z > 12) = 1.77648211207768e-33, less P(Z > 13) = 6.117164399549879e-39.
    expect(at(12.5, 12, 13)).toBeCloseTo(-normal(12.5, 0, 1) + Math.log(1.77648211207768e-33 - 6.117164399549879e-39), 9)
    expect(at(2.5, 1, 2)).toBe(Infinity)
  })

  test('an open end of a truncation is no bound', () => {
    const e = energyOf('model t\nstate x : positive ~ normal(0, 1) in (0, inf)\n')
    expect(total(e, {}, { x: [0.4] })).toBeCloseTo(-normal(0.4, 0, 1) - Math.log(2), 12)
  })
})

describe('discrete priors', () => {
  test('an element without a density of its own is uniform over an ordinary axis', () => {
    const e = energyOf(program('kernel_density'))
    const xi = [0, 0, 3, 1, -1, 2]
    const logp = Math.log(1 / 3) + normal(0.5, 3, 0.5) + normal(0.2, 1, 0.5)
    expect(total(e, { pattern: 3, pixel: 2 }, { xi, sigma: [0.5], which: [1], x: [0.5, 0.2] })).toBeCloseTo(-logp, 12)
  })

  test('and drawn from the weights of a dirichlet axis, which are a state with that density', () => {
    const e = energyOf('model t\naxis k = 3 ~ dirichlet(2)\nstate z[row] : k\ndata y[row]\ny ~ normal(index(k)[k = z], 1)\n')
    expect(e.variables.find((v) => v.name === 'weight(k)')).toMatchObject({
      role: 'state',
      axes: ['k'],
      type: { kind: 'simplex', axis: 'k' },
    })
    const w = [0.2, 0.5, 0.3]
    // Dirichlet(2, 2, 2) has the density 120 w1 w2 w3.
    const logp = Math.log(120 * 0.2 * 0.5 * 0.3) + Math.log(0.3) + Math.log(0.2) + normal(3, 3, 1) + normal(0, 1, 1)
    expect(total(e, { row: 2 }, { 'weight(k)': w, z: [2, 0], y: [3, 0] })).toBeCloseTo(-logp, 12)
  })

  test('a density of its own replaces the prior', () => {
    const e = energyOf('model t\naxis k = 2\ndata p[k] : simplex[k]\nstate z : k ~ categorical(p)\n')
    expect(total(e, {}, { p: [0.25, 0.75], z: [1] })).toBeCloseTo(-Math.log(0.75), 12)
  })

  test('a chain starts uniform and moves by its table, from rows to columns', () => {
    const e = energyOf('model t\naxis r = 2\naxis next = size(r)\ndata move[r, next]\nstate s[t] : r\ns ~ markov[t](move)\n')
    const move = [0.9, 0.1, 0.4, 0.6]
    const energy = total(e, { t: 4 }, { move, s: [0, 1, 1, 0] })
    expect(energy).toBeCloseTo(-Math.log(0.5 * 0.1 * 0.6 * 0.4), 12)
  })
})

describe('expressions', () => {
  test('elements count from 1 for the user and from 0 inside', () => {
    const declarations = 'axis k = 3\nstate z[row] : k\ndata a[k]'
    const values = { z: [0, 2, 1, 2], a: [10, 20, 40] }
    expect(scalar(declarations, 'sum[row](a[z])', { row: 4 }, values)).toBeCloseTo(10 + 40 + 20 + 40 + 4 * Math.log(3), 12)
    expect(scalar(`${declarations}\ndata c[row] : k`, 'sum[row](z == c)', { row: 4 }, { ...values, c: [0, 2, 2, 2] })).toBeCloseTo(
      3 + 4 * Math.log(3),
      12,
    )
    expect(scalar(declarations, 'sum[k](index(k) * a)', { row: 4 }, values)).toBeCloseTo(10 + 40 + 120 + 4 * Math.log(3), 12)
    expect(scalar('data a[k]', 'a[k = 2]', { k: 3 }, values)).toBe(20)
  })

  test('shifted elements that do not exist are left out of sums, means and densities', () => {
    const y = [1, 4, 9, 16]
    expect(scalar('data y[t]', 'sum[t]((y - y[t = t - 1])^2)', { t: 4 }, { y })).toBe(9 + 25 + 49)
    expect(scalar('data y[t]', 'mean[t](y - y[t = t - 1])', { t: 4 }, { y })).toBeCloseTo(5, 12)
    expect(scalar('data y[t]', 'max[t](0 - y[t = t - 1])', { t: 4 }, { y })).toBe(-1)
    expect(scalar('data y[t]', 'sum[t](y[t = t + 1] * y)', { t: 4 }, { y })).toBe(4 + 36 + 144)
    const ar = energyOf('model t\ndata y[t]\nstate phi\ny ~ normal(phi * y[t = t - 1], 1)\n')
    const logp = normal(4, 0.5, 1) + normal(9, 2, 1) + normal(16, 4.5, 1)
    expect(total(ar, { t: 4 }, { y, phi: [0.5] })).toBeCloseTo(-logp, 12)
  })

  describe('a choice around a shift has a value where the branch that is taken has one', () => {
    const y = [1, 4, 9, 16]
    const of = (expression: string, values: Values = {}, more = ''): number =>
      scalar(`data y[t]${more}`, expression, { t: 4, s: 2 }, { y, ...values })

    test('by the index', () => {
      expect(of('sum[t](where(index(t) == 1, 100, y[t = t - 1]))')).toBe(114)
      expect(of('mean[t](where(index(t) == 1, 100, y[t = t - 1]))')).toBe(114 / 4)
      expect(of('sum[t](where(index(t) > 1, y[t = t - 1], 100))')).toBe(114)
      expect(of('sum[t](where(index(t) == size(t), 100, y[t = t + 1]))')).toBe(129)
      expect(of('sum[t](where(index(t) <= 2, 100, y[t = t - 2]))')).toBe(205)
      expect(of('max[t](where(index(t) == 1, 0, -y[t = t - 1]))')).toBe(0)
    })

    test('elements that the branch taken lacks are left out as ever', () => {
      expect(of('sum[t](where(index(t) == 2, 100, y[t = t - 1]))')).toBe(113)
      expect(of('mean[t](where(index(t) == 2, 100, y[t = t - 1]))')).toBe(113 / 3)
      expect(of('sum[t](where(index(t) == 1, 100, y[t = t - 2]))')).toBe(105)
      expect(of('prod[t](where(index(t) == 4, y[t = t + 1], 2))')).toBe(8)
      expect(of('sum[t](where(index(t) == 1, y[t = t - 1], 1) * y[t = t + 1])')).toBe(25)
    })

    test('by data, along two axes too', () => {
      const first = [1, 0, 1, 0]
      expect(of('sum[t](where(first == 1, 100, y[t = t - 1]))', { first }, '\ndata first[t]')).toBe(210)
      expect(of('sum[t](where(first == 0, 100, y[t = t - 1]))', { first }, '\ndata first[t]')).toBe(204)
      const wide = [0, 1, 1, 1, 0, 0, 0, 0]
      expect(of('sum[t, s](where(w == 1, 100, y[t = t - 1]))', { w: wide }, '\ndata w[t, s]')).toBe(113 + 213)
      expect(of('sum[s](mean[t](where(w == 1, 100, y[t = t - 1])))', { w: wide }, '\ndata w[t, s]')).toBeCloseTo(
        (100 + 4 + 9) / 3 + (100 + 100 + 4 + 9) / 4,
        12,
      )
    })

    test('in a density', () => {
      const e = energyOf('model t\ndata y[t]\nstate mu\ny ~ normal(where(index(t) == 1, mu, 2 * y[t = t - 1]), 1)\n')
      const logp = normal(1, 0.5, 1) + normal(4, 2, 1) + normal(9, 8, 1) + normal(16, 18, 1)
      expect(total(e, { t: 4 }, { y, mu: [0.5] })).toBeCloseTo(-logp, 12)
    })

    test('through lets, defs, renamings and further shifts', () => {
      const lag = 'y[t = t - 1]'
      expect(of('sum[t](l)', {}, `\nlet l = where(index(t) == 1, 100, ${lag})`)).toBe(114)
      expect(of('sum[t](f(y))', {}, '\ndef f(u) = where(index(t) == 1, 100, u[t = t - 1])')).toBe(114)
      expect(of('sum[u](l[t -> u])', {}, `\naxis u = size(t)\nlet l = where(index(t) == 2, 100, ${lag})`)).toBe(113)
      expect(of('sum[t](l[t = t - 1])', {}, `\nlet l = where(index(t) == 2, 100, ${lag})`)).toBe(104)
    })

    test('in a scan', () => {
      expect(of('sum[t](scan[t](first = 1, next = prev + where(index(t) == 2, 10, y[t = t - 2])))')).toBe(1 + 11 + 12 + 16)
      expect(
        codesOf('data y[t]\nstate x\nenergy x + sum[t](scan[t](first = 1, next = prev + where(index(t) == 3, 10, y[t = t - 2])))\n'),
      ).toEqual(['AMP601'])
    })

    test('not by a state: elements would come and go with it, so they are left out, and that is said', () => {
      const text = 'state b : bit\ndata y[t]\nenergy sum[t](where(b, 100, y[t = t - 1]))\n'
      expect(codesOf(text)).toEqual(['AMP609'])
      expect([0, 1].map((b) => total(energyOf(text), { t: 4 }, { y, b: [b] }))).toEqual([14, 300])
      expect(codesOf('state b : bit\ndata y[t]\nenergy sum[t](where(b, y, y[t = t - 1 else 0]))\n')).toEqual([])
    })
  })

  test('a shift with an else has a value everywhere', () => {
    const y = [1, 4, 9, 16]
    const of = (expression: string, values: Values = {}, more = ''): number =>
      scalar(`data y[t]${more}`, expression, { t: 4, k: 3 }, { y, ...values })
    expect(of('sum[t](y[t = t - 1 else 100])')).toBe(114)
    expect(of('mean[t](y[t = t + 2 else 100])')).toBe(225 / 4)
    expect(of('sum[t](y[t = t - 9 else 100])')).toBe(400)
    expect(of('sum[t](y[t = t - 1 else y])')).toBe(15)
    expect(of('sum[t](y[t = t - 1 else y[t = t + 3]])')).toBe(14 + 16)
    expect(of('sum[t](y[t = t - 2 else y[t = t - 1]])')).toBe(1 + 1 + 4)
    expect(of('sum[t](y[t = t - 1][t = t - 1 else 100])')).toBe(5 + 100)
    expect(of('sum[t](a[z[t = t - 1 else 2]])', { z: [0, 2, 2, 1], a: [10, 20, 40] }, '\ndata z[t] : k\ndata a[k]')).toBe(110)
    expect(of('sum[t](scan[t](first = 1, next = prev + y[t = t - 2 else 10]))')).toBe(1 + 11 + 12 + 16)
  })

  test('a scan carries its previous value', () => {
    const y = [0.3, -1.2, 0.8, 2]
    const garch = 'scan[t](first = 2, next = 0.1 + 0.2 * y[t = t - 1]^2 + 0.7 * prev)'
    let v = 2
    let expected = v
    for (const previous of y.slice(0, 3)) {
      v = 0.1 + 0.2 * previous ** 2 + 0.7 * v
      expected += v
    }
    expect(scalar('data y[t]', `sum[t](${garch})`, { t: 4 }, { y })).toBeCloseTo(expected, 12)
  })

  test.each([
    ['the same', (_: number) => [0.25, 1] as const],
    ['another at each', (k: number) => [0.01 * (k + 1), 1] as const],
    ['of data', (k: number) => [0.25, k % 2 === 0 ? 1 : 2] as const],
  ] as const)('a step taken many times over is a recursion of its own, whatever its numbers are: %s', (_, numbers) => {
    const count = 12
    const rate = (z: string, a: number, b: number): string =>
      `sin(${z}) + ${a} * y * cos(${z} * ${b === 1 ? 'p' : 'q'}) - ${a} * tanh(${z} + exp(-${z}^2)) * log(1 + ${z}^2) / (3 + ${z}^2 * sin(${a} + ${z}))`
    const defs: string[] = []
    let next = 'prev'
    for (let k = 0; k < count; k += 1) {
      const [a, b] = numbers(k)
      next = `step${k}(${next})`
      defs.push(`def step${k}(z) = ${rate('z', a, b)}`)
    }
    const text = `data y[t]\ndata p\ndata q\n${defs.join('\n')}`
    const y = [0.3, -1.2, 0.8, 2]
    let z = 0.4
    let expected = z
    for (const value of y.slice(1)) {
      for (let k = 0; k < count; k += 1) {
        const [a, b] = numbers(k)
        const w = b === 1 ? 0.7 : 1.9
        z =
          Math.sin(z) +
          a * value * Math.cos(z * w) -
          (a * Math.tanh(z + Math.exp(-(z ** 2))) * Math.log(1 + z ** 2)) / (3 + z ** 2 * Math.sin(a + z))
      }
      expected += z
    }
    const energy = energyOf(`model t\n${text}\nenergy sum[t](scan[t](first = 0.4, next = ${next}))\n`)
    expect(energy.axes.filter((a) => a.size.kind === 'fixed').map((a) => a.size)).toEqual([{ kind: 'fixed', size: count + 1 }])
    // Written out it would take a node for each operation of each step.
    expect(energy.graph.nodes.length + Math.max(...energy.graph.nodes.map((n) => ('body' in n ? n.body.nodes.length : 0)))).toBeLessThan(
      200,
    )
    expect(total(energy, { t: 4 }, { y, p: [0.7], q: [1.9] })).toBeCloseTo(expected, 11)
  })

  test('functions along an axis keep it', () => {
    const x = [0.5, -1, 2]
    const weights = x.map(Math.exp)
    const z = weights.reduce((a, b) => a + b)
    const dot = (f: (i: number) => number): number => x.reduce((s, _v, i) => s + (i + 1) * f(i), 0)
    expect(scalar('data x[i]', 'sum[i](index(i) * softmax[i](x))', { i: 3 }, { x })).toBeCloseTo(
      dot((i) => (weights[i] as number) / z),
      12,
    )
    const length = Math.hypot(...x)
    expect(scalar('data x[i]', 'sum[i](index(i) * normalize[i](x))', { i: 3 }, { x })).toBeCloseTo(
      dot((i) => (x[i] as number) / length),
      12,
    )
    const mean = 0.5
    const sd = Math.sqrt((0 + 2.25 + 2.25) / 3 + 1e-5)
    expect(scalar('data x[i]', 'sum[i](index(i) * layernorm[i](x))', { i: 3 }, { x })).toBeCloseTo(
      dot((i) => ((x[i] as number) - mean) / sd),
      12,
    )
    expect(scalar('data x[i]', 'sum[i](index(i) * cumsum[i](x))', { i: 3 }, { x })).toBeCloseTo(1 * 0.5 + 2 * -0.5 + 3 * 1.5, 12)
  })

  test('defs are expanded where they are used, also inside one another', () => {
    const declarations = 'data x[i]\ndef twice(u) = 2 * u\ndef sq(u) = twice(u) * twice(u) - u'
    expect(scalar(declarations, 'sum[i](sq(x + 1))', { i: 2 }, { x: [1, 2] })).toBe(16 - 2 + (36 - 3))
  })

  test('a sum of ten thousand terms is no deeper than one', () => {
    const model = modelOf('model t\nstate x\nenergy deep = x^2\n')
    const [term] = model.terms
    if (term?.kind !== 'energy') throw new Error('no energy')
    const { axes, span } = term.value
    let value: Typed = term.value
    for (let k = 0; k < 10_000; k += 1) {
      value = { kind: 'apply', fn: 'add', args: [value, { kind: 'number', value: k, axes, span }], axes, span }
    }
    const energy = lower({ ...model, terms: [{ ...term, value }] }).value
    expect(energy === undefined ? undefined : total(energy, {}, { x: [1] })).toBe(1 + (9999 * 10_000) / 2)
  })

  test('a lone expression can be had as a graph', () => {
    const energy = energyOf('model t\nparam b[i] = 2 * index(i)\nstate x\nx ~ normal(sum[i](b), 1)\n')
    const graph = expressionOf(energy, ports.preset('b'))
    expect([...(run(graph, { i: 2 }, {}).value as Float64Array)]).toEqual([2, 4])
  })
})

describe('neurons with Lagrangians', () => {
  const text = `model t
memory xi[hidden, visible]
param beta = 3
state v[visible] with lagrangian sum[visible](log_cosh(2 * v)) / 2, tau 0.5
state h[hidden] with lagrangian logsumexp[hidden](beta * h) / beta
energy synapse = -sum[hidden, visible](act(h) * xi * act(v)) + sum[visible](act(v)^3)
`
  const open = { hidden: 2, visible: 3 }
  const draw = new Draw(4)
  const values = { xi: draw.normals('xi', 6), beta: [3], v: draw.normals('v', 3), h: draw.normals('h', 2) }

  test('adds a Legendre transform per layer', () => {
    const e = energyOf(text)
    expect(e.terms.map((t) => t.name)).toEqual(['synapse', 'legendre v', 'legendre h'])
    const out = run(e.graph, sizesOf(e.axes, open), values)
    const g = values.v.map((v) => Math.tanh(2 * v))
    const w = values.h.map((h) => Math.exp(3 * h))
    const f = w.map((x) => x / w.reduce((a, b) => a + b))
    expect([...(out['activation:v'] as Float64Array)].map((a, i) => Math.abs(a - (g[i] as number)) < 1e-14)).toEqual([true, true, true])
    const legendreV = values.v.reduce((s, v, i) => s + v * (g[i] as number) - Math.log(Math.cosh(2 * v)) / 2, 0)
    expect(out['term:legendre v']?.[0]).toBeCloseTo(legendreV, 12)
    const legendreH = values.h.reduce((s, h, i) => s + h * (f[i] as number), 0) - Math.log(w.reduce((a, b) => a + b)) / 3
    expect(out['term:legendre h']?.[0]).toBeCloseTo(legendreH, 12)
    expect([...(out['tau:v'] as Float64Array)]).toEqual([0.5, 0.5, 0.5])
    expect([...(out['tau:h'] as Float64Array)]).toEqual([1, 1])
  })

  test('is driven by what the interactions send to the activation, less its own value', () => {
    const e = energyOf(text)
    const out = run(e.graph, sizesOf(e.axes, open), values)
    const [g, f] = [out['activation:v'] as Float64Array, out['activation:h'] as Float64Array]
    for (let i = 0; i < 3; i += 1) {
      const input =
        (f[0] as number) * (values.xi[i] as number) + (f[1] as number) * (values.xi[3 + i] as number) - 3 * (g[i] as number) ** 2
      expect(out['drive:v']?.[i]).toBeCloseTo(input - (values.v[i] as number), 12)
    }
  })

  test('dE/dv is the Hessian of the Lagrangian times minus the drive (central differences)', () => {
    const e = energyOf(text)
    const out = run(e.graph, sizesOf(e.axes, open), values)
    const step = 1e-5
    for (let i = 0; i < 3; i += 1) {
      const moved = (by: number): number => total(e, open, { ...values, v: values.v.map((x, j) => (i === j ? x + by : x)) })
      const slope = (moved(step) - moved(-step)) / (2 * step)
      const hessian = 2 / Math.cosh(2 * (values.v[i] as number)) ** 2
      // 1e-8: central differences at 1e-5 of a function whose third derivative is of order 10.
      expect(slope).toBeCloseTo(-hessian * (out['drive:v']?.[i] as number), 8)
    }
  })
})

test('a flow alone lowers to an energy without terms, which nothing descends', () => {
  const { value, diagnostics } = lower(modelOf(program('habituation')))
  expect(diagnostics).toEqual([])
  expect([value?.terms, value?.motions.map((m) => [m.kind, m.target])]).toEqual([[], [['flow', 'trace']]])
  expect(treat(must(value, 'energy')).diagnostics.map((d) => d.code)).toEqual(['AMP602'])
})

test('every conformance program with an energy lowers without a word', () => {
  for (const name of ['eight_schools', 'gaussian_mixture', 'hidden_markov', 'hopfield', 'in_context_energy', 'kernel_density', 'rbm']) {
    expect(lower(modelOf(program(name))).diagnostics).toEqual([])
  }
  for (const name of [
    'dp_memory',
    'large_associative_memory',
    'logistic_regression',
    'modern_hopfield',
    'predictive_coding',
    'varying_intercepts',
  ]) {
    expect(lower(modelOf(program(name))).diagnostics).toEqual([])
  }
  for (const name of ['random_feature_memory', 'sphere_clustering']) expect(lower(modelOf(program(name))).diagnostics).toEqual([])
})

import { describe, expect, test } from 'vitest'
import { marginalise } from '../../src/compile/marginalise.ts'
import type { Sizes } from '../../src/ir/graph.ts'
import type { Energy } from '../../src/middle/energy.ts'
import * as ports from '../../src/middle/ports.ts'
import { situationOf } from '../../src/middle/situation.ts'
import { Draw, energyOf, freeEnergy, program, run, sizesOf, total, tuples, type Values } from './models.ts'

interface Case {
  readonly what: string
  readonly text: string
  readonly open: Sizes
  /** Values of everything but the discrete states. */
  readonly values: Values
  /** The discrete states to be summed out, with the values they range over. */
  readonly discrete: Readonly<Record<string, readonly number[]>>
}

const draw = new Draw(11)
const simplex = (name: string, k: number): number[] => {
  const w = draw.positives(name, k)
  const sum = w.reduce((a, b) => a + b)
  return w.map((x) => x / sum)
}

const cases: readonly Case[] = [
  {
    what: 'the hidden units of a restricted Boltzmann machine',
    text: program('rbm'),
    open: { visible: 3, hidden: 4 },
    values: { W: draw.normals('W', 12), a: draw.normals('a', 3), b: draw.normals('b', 4), v: [1, 0, 1] },
    discrete: { h: [0, 1] },
  },
  {
    what: 'hidden spins',
    text: 'model t\nparam W[v, h]\ndata s[v] : spin\nstate h[h] : spin\nenergy -sum[v, h](s * W * h) + sum[h](h) / 3\n',
    open: { v: 2, h: 3 },
    values: { W: draw.normals('W2', 6), s: [1, -1] },
    discrete: { h: [-1, 1] },
  },
  {
    what: 'a hidden layer that enters through a nonlinear function at its own site',
    text: 'model t\nparam w[h]\nstate x\nstate h[h] : spin\nenergy sum[h](tanh(w * h + x)^2 + 0.1 * h * w) + x^2\n',
    open: { h: 3 },
    values: { w: draw.normals('w', 3), x: [0.4] },
    discrete: { h: [-1, 1] },
  },
  {
    what: 'a mixture of which single elements enter once more',
    text: 'model t\ndata y[t]\naxis k = 3\nstate mu[k]\nparam w\nstate s[t] : k ~ categorical(softmax[k](mu * w))\ny ~ normal(mu[s], 1)\nenergy -mu[s[t = 1]] + exp(w * mu[s[t = 3]])\n',
    open: { t: 4 },
    values: { y: draw.normals('y once more', 4), mu: draw.normals('mu once more', 3), w: [0.6] },
    discrete: { s: [0, 1, 2] },
  },
  {
    what: 'a chain with a density of its first and of its last element',
    text: 'model t\ndata y[t]\naxis k = 2\naxis to = size(k)\ndata A[k, to] : simplex[to]\ndata p[k] : simplex[k]\ndata q[k] : simplex[k]\nstate mu[k]\nstate s[t] : k\ns ~ markov[t](A)\ns[t = 1] ~ categorical(p)\nenergy -log(q[s[t = size(t)]])\ny ~ normal(mu[s], 1)\n',
    open: { t: 4 },
    values: { y: draw.normals('y ends', 4), mu: draw.normals('mu ends', 2), A: [0.7, 0.3, 0.2, 0.8], p: [0.9, 0.1], q: [0.25, 0.75] },
    discrete: { s: [0, 1] },
  },
  {
    what: 'true labels of items of which each rater gave one, a row a rating',
    text: 'model t\ndata item[row] : thing\ndata said[row] : k\ndata weight[row]\naxis k = 2\naxis truth = size(k)\naxis thing = 3\nstate err[truth, k] : simplex[k]\nstate p[truth] : simplex[truth]\nstate z[thing] : truth ~ categorical(p)\nsaid ~ categorical(err[z[item]])\nenergy sum[row](weight * err[z[item]][k = 1])\n',
    open: { row: 5 },
    values: { item: [2, 0, 2, 2, 0], said: [0, 1, 1, 1, 0], weight: draw.normals('weight', 5), err: [0.8, 0.2, 0.35, 0.65], p: [0.3, 0.7] },
    discrete: { z: [0, 1] },
  },
  {
    what: 'a chain whose moves have a factor that differs at the first element, shifted with it',
    text: 'model t\naxis k = 2\nparam a[k, k2]\naxis k2 = size(k)\ndata f[t]\nstate s[t] : k\nlet g = where(index(t) == 1, 3, f)\nenergy sum[t](a[s[t = t - 1]][k2 = s] * g[t = t - 1])\n',
    open: { t: 4 },
    values: { a: draw.normals('a of moves', 4), f: draw.normals('f of moves', 4) },
    discrete: { s: [0, 1] },
  },
  {
    what: 'chains of subjects, seen at some times in a long table',
    text: 'model t\ndata who[row] : subject\ndata when[row] : t\ndata y[row]\naxis subject = 2\naxis t = 3\naxis k = 2\naxis to = size(k)\ndata A[k, to] : simplex[to]\nstate mu[k]\nstate s[subject, t] : k\ns ~ markov[t](A)\ny ~ normal(mu[s[subject = who, t = when]], 1)\n',
    open: { row: 5 },
    values: { who: [1, 0, 1, 1, 0], when: [2, 0, 2, 1, 2], y: draw.normals('y of rows', 5), A: [0.7, 0.3, 0.2, 0.8], mu: [-1, 1.5] },
    discrete: { s: [0, 1] },
  },
  {
    what: 'components of rows, whose weights are those of the class of their group',
    text: 'model t\ndata of[row] : group\ndata y[row]\naxis group = 2\naxis class = 2\naxis comp = 3\ndata p[class, comp] : simplex[comp]\nstate mu[comp]\nstate c[group] : class\nstate z[row] : comp\nz ~ categorical(p[c[group = of]])\ny ~ normal(mu[z], 1)\n',
    open: { row: 4 },
    values: { of: [1, 0, 1, 1], y: draw.normals('y of comps', 4), p: [0.7, 0.2, 0.1, 0.1, 0.3, 0.6], mu: [-1, 0.5, 2] },
    discrete: { c: [0, 1], z: [0, 1, 2] },
  },
  {
    what: 'bits of a table, picked along one of its axes',
    text: 'model t\ndata at[row] : i\naxis i = 2\naxis j = 2\ndata c[row, j]\nparam w\nstate b[i, j] : bit\nenergy sum[row, j](c * b[i = at]) + w * sum[i, j](b) - sum[j](index(j) * b[i = 2])\n',
    open: { row: 3 },
    values: { at: [1, 1, 0], c: draw.normals('c of bits', 6), w: [0.4] },
    discrete: { b: [0, 1] },
  },
  {
    what: 'which pattern a kernel density drew from',
    text: program('kernel_density'),
    open: { pattern: 4, pixel: 2 },
    values: { xi: draw.normals('xi', 8), x: draw.normals('x', 2), sigma: [0.8] },
    discrete: { which: [0, 1, 2, 3] },
  },
  {
    what: 'the components of a mixture with unknown weights',
    text: program('gaussian_mixture'),
    open: { row: 3, dim: 2 },
    values: {
      y: draw.normals('y', 6),
      mu: draw.normals('mu', 6),
      sigma: draw.positives('sigma', 3),
      'weight(cluster)': simplex('weights', 3),
    },
    discrete: { z: [0, 1, 2] },
  },
  {
    what: 'the regimes of a hidden Markov chain',
    text: program('hidden_markov'),
    open: { t: 5 },
    values: { y: draw.normals('yt', 5, 2), move: [0.8, 0.2, 0.35, 0.65], mu: [-1, 1.5], sigma: [0.9] },
    discrete: { s: [0, 1] },
  },
  {
    what: 'several chains at once, their couplings written as an energy',
    text: `model t
data f[site, lane]
state s[site, lane] : spin
energy -sum[site, lane](f * s) - 0.7 * sum[site, lane](s * s[site = site - 1])
`,
    open: { site: 4, lane: 2 },
    values: { f: draw.normals('f', 8) },
    discrete: { s: [-1, 1] },
  },
  {
    what: 'two coupled labels per row, one after the other',
    text: `model t
axis a = 2
axis b = 3
data g[a, b]
data y[row]
state u[row] : a
state w[row] : b
energy sum[row](g[u][w] * y)
`,
    open: { row: 2 },
    values: { g: draw.normals('g', 6), y: draw.normals('yr', 2) },
    discrete: { u: [0, 1], w: [0, 1, 2] },
  },
  {
    what: 'two labels over the same axis, so that one needs a level axis of its own',
    text: `model t
axis k = 3
axis l = size(k)
data g[k, l]
state u[row] : k
state w[row] : k
energy sum[row](g[k = u][l = w])
`,
    open: { row: 2 },
    values: { g: draw.normals('g2', 9) },
    discrete: { u: [0, 1, 2], w: [0, 1, 2] },
  },
]

/** All joint values of the discrete states of a case. */
function assignments({ discrete }: Case, energy: Energy, sizes: Sizes): readonly Values[] {
  return Object.entries(discrete).reduce(
    (all: readonly Values[], [name, levels]) => {
      const axes = energy.variables.find((v) => v.name === name)?.axes ?? []
      const length = axes.reduce((n, a) => n * (sizes[a] as number), 1)
      return all.flatMap((v) => tuples(levels, length).map((t) => ({ ...v, [name]: t })))
    },
    [{}],
  )
}

describe.each(cases)('$what', (c) => {
  const energy = energyOf(c.text)
  const sizes = sizesOf(energy.axes, c.open)
  const all = assignments(c, energy, sizes)
  const summed = marginalise(energy, 'auto').value as Energy

  test.each([1, 0.4, 3])('is summed out exactly at temperature %d', (T) => {
    const energies = all.map((v) => total(energy, c.open, { ...c.values, ...v }))
    // 1e-11: sums of some tens of numbers of size 10, rounded at 1e-16 each, against a sum over up to 256 states.
    expect(total(summed, c.open, { ...c.values, [ports.temperature]: [T] })).toBeCloseTo(freeEnergy(energies, T), 11)
  })

  test('leaves responsibilities that are the enumerated posterior', () => {
    const T = 0.7
    const weights = all.map((v) => Math.exp(-total(energy, c.open, { ...c.values, ...v }) / T))
    const z = weights.reduce((a, b) => a + b)
    const out = run(summed.graph, sizesOf(summed.axes, c.open), { ...c.values, [ports.temperature]: [T] })
    for (const [name, levels] of Object.entries(c.discrete)) {
      const got = out[`responsibility:${name}`] as Float64Array
      const sites = got.length / levels.length
      const wanted = new Float64Array(got.length)
      all.forEach((v, i) => {
        for (let s = 0; s < sites; s += 1) {
          const k = s * levels.length + levels.indexOf((v[name] as readonly number[])[s] as number)
          wanted[k] = (wanted[k] as number) + (weights[i] as number) / z
        }
      })
      for (const [i, p] of got.entries()) expect(p, `${name} ${i}`).toBeCloseTo(wanted[i] as number, 11)
    }
  })

  test('is gone from the variables and told among the marginalised', () => {
    expect(summed.variables.map((v) => v.name)).not.toContain(Object.keys(c.discrete)[0])
    expect(summed.marginalised.map((m) => m.name).sort()).toEqual(Object.keys(c.discrete).sort())
    expect(summed.terms.map((t) => t.name)).toContain(`marginal ${Object.keys(c.discrete)[0]}`)
  })
})

describe('what does not factorise', () => {
  const ising =
    'model t\naxis other = size(site)\nparam J[site, other]\nstate s[site] : spin\nenergy -sum[site, other](J * s * s[site -> other]) / 2\n'

  test.each([
    ['hopfield', program('hopfield'), 's'],
    ['ising', ising, 's'],
    ['a ring', 'model t\nstate s[i] : spin\nenergy -sum[i](s * s[i = i - 2])\n', 's'],
    ['two picked elements in one part', 'model t\nstate s[i] : spin\nenergy s[i = 1] * s[i = 2]\n', 's'],
    ['ends of edges', 'model t\ndata a[e] : i\ndata b[e] : i\naxis i = 3\nstate s[i] : spin\nenergy sum[e](s[i = a] * s[i = b])\n', 's'],
    ['a picked element beside all', 'model t\nstate s[i] : spin\nenergy sum[i](s * s[i = 1])\n', 's'],
    ['a picked element of sums', 'model t\ndata a[e] : i\naxis i = 3\nstate s[i] : spin\nenergy sum[e](s[i = a])^2\n', 's'],
    ['a product over sites', 'model t\nstate s[i] : spin\nenergy -prod[i](s)\n', 's'],
  ])('%s stays among the variables', (_what, text, name) => {
    const energy = energyOf(text)
    expect(marginalise(energy, 'auto').value).toBe(energy)
    expect(energy.variables.map((v) => v.name)).toContain(name)
  })

  test('and is an error where it was asked for by name', () => {
    const { value, diagnostics } = marginalise(energyOf(ising), ['s'])
    expect(value).toBeUndefined()
    expect(diagnostics).toMatchObject([{ code: 'AMP604' }])
    expect(diagnostics[0]?.message).toContain('"s"')
    expect(diagnostics[0]?.hint).toMatch(/observe it/)
  })

  test('the visible units of a restricted Boltzmann machine, once the hidden ones are gone; unless the hidden ones are observed', () => {
    const energy = energyOf(program('rbm'))
    expect(marginalise(energy, 'auto').value?.marginalised.map((m) => m.name)).toEqual(['h'])
    expect(marginalise(energy, 'auto', situationOf(energy, { observed: ['h'] })).value?.marginalised.map((m) => m.name)).toEqual(['v'])
    expect(marginalise(energy, 'auto', situationOf(energy, { observed: ['v', 'h'] })).value).toBe(energy)
    expect(marginalise(energy, ['v']).value?.marginalised.map((m) => m.name)).toEqual(['v'])
  })

  test('thirty coupled switches end with a graph of bounded size', () => {
    const names = Array.from({ length: 30 }, (_, i) => `s${i}`)
    const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b, j) => `${Math.sin(31 * i + j)} * ${a} * ${b}`))
    const text = `model t\n${names.map((n) => `state ${n} : bit`).join('\n')}\n${pairs.map((p, i) => `energy e${i} = ${p}`).join('\n')}\n`
    const energy = energyOf(text)
    const { value } = marginalise(energy, 'auto')
    expect(value?.graph.nodes.length).toBeLessThan(100_000)
    expect(value?.variables.length).toBeGreaterThan(0)
  })
})

test('levels that are impossible leave finite energies and responsibilities', () => {
  const e = energyOf(
    'model t\nparam p[i] : probability\nparam w[i]\nstate h[i] : bit ~ bernoulli(p)\nstate x\nenergy sum[i](w * h * x) + x^2\n',
  )
  const summed = marginalise(e, 'auto').value as Energy
  const values = { p: [0, 1, 0.5], w: [1, 2, 3], x: [0.3], [ports.temperature]: [1] }
  const wanted = 0.09 + 0 + 0.6 - Math.log(0.5 + 0.5 * Math.exp(-0.9))
  expect(total(summed, { i: 3 }, values)).toBeCloseTo(wanted, 12)
  const out = run(summed.graph, sizesOf(summed.axes, { i: 3 }), values)
  expect([...(out['responsibility:h'] as Float64Array)].slice(0, 4)).toEqual([1, 0, 0, 1])
})

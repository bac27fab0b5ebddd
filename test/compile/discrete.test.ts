import { describe, expect, test } from 'vitest'
import { discreteMoves, flippedAxes } from '../../src/compile/discrete.ts'
import { marginalise } from '../../src/compile/marginalise.ts'
import type { Graph, Sizes } from '../../src/ir/graph.ts'
import type { Energy } from '../../src/middle/energy.ts'
import * as ports from '../../src/middle/ports.ts'
import type { DiscreteState } from '../../src/middle/program.ts'
import { situationOf } from '../../src/middle/situation.ts'
import { Draw, energyOf, program, run, sizesOf, total, type Values } from './models.ts'

interface Case {
  readonly what: string
  readonly text: string
  readonly name: string
  readonly open: Sizes
  readonly values: Values
  readonly start: readonly number[]
}

const draw = new Draw(21)
const xi = draw.spins('xi', 15)
const overlaps = { open: { pattern: 3, neuron: 5 }, name: 's', start: [1, -1, -1, 1, 1] }
const dense = (F: string): string => `model t\nmemory xi[pattern, neuron] : spin\nparam beta = 1\nstate s[neuron] : spin\nenergy ${F}\n`

const cases: readonly Case[] = [
  { what: 'the Hopfield network', text: program('hopfield'), values: { xi }, ...overlaps },
  {
    what: 'a dense memory of odd power',
    text: dense('-sum[pattern](max(sum[neuron](xi * s), 0)^3) / 10'),
    values: { xi, beta: [1] },
    ...overlaps,
  },
  { what: 'the exponential memory', text: dense('-sum[pattern](exp(sum[neuron](xi * s)))'), values: { xi, beta: [1] }, ...overlaps },
  {
    what: 'a logsumexp of overlaps with a norm that does not count',
    text: dense('-logsumexp[pattern](beta * sum[neuron](xi * s)) / beta + sum[neuron](s^2) / 2'),
    values: { xi, beta: [0.6] },
    ...overlaps,
  },
  {
    what: 'the visible units of a restricted Boltzmann machine',
    text: program('rbm'),
    name: 'v',
    open: { visible: 4, hidden: 3 },
    values: { W: draw.normals('W', 12), a: draw.normals('a', 4), b: draw.normals('b', 3), [ports.temperature]: [0.7] },
    start: [1, 0, 0, 1],
  },
  {
    what: 'an Ising model with asymmetric couplings, a diagonal and fields',
    text: `model t
axis other = size(site)
param J[site, other]
param h[site]
state s[site] : spin
energy -sum[site, other](J * s * s[site -> other]) / 2 - sum[site](h * s)
`,
    name: 's',
    open: { site: 5 },
    values: { J: draw.normals('J', 25), h: draw.normals('h', 5) },
    start: [1, 1, -1, 1, -1],
  },
  {
    what: 'a function of local fields',
    text: `model t
axis other = size(site)
param J[site, other]
state s[site] : spin
energy sum[site](tanh(sum[other](J * s[site -> other])) * s) + sum[site](sum[other](J * s[site -> other])^2)
`,
    name: 's',
    open: { site: 4 },
    values: { J: draw.normals('J4', 16) },
    start: [1, 1, -1, 1],
  },
  {
    what: 'a Potts model over pairs of sites',
    text: `model t
axis colour = 3
axis other = size(site)
param J[site, other]
param f[site, colour]
state z[site] : colour
energy -sum[site, other](J * (z == z[site -> other])) + sum[site](f[z])
`,
    name: 'z',
    open: { site: 4 },
    values: { J: draw.normals('Jp', 16), f: draw.normals('f', 12) },
    start: [0, 2, 1, 2],
  },
  {
    what: 'element states in overlaps with a table',
    text: `model t
axis colour = 3
memory table[pattern, site, colour]
state z[site] : colour
energy -logsumexp[pattern](sum[site](table[z]))
`,
    name: 'z',
    open: { site: 3, pattern: 2 },
    values: { table: draw.normals('table', 18) },
    start: [2, 0, 1],
  },
  {
    what: 'a grid of spins with neighbours along both axes',
    text: `model t
param h[row, column]
state s[row, column] : spin
energy -sum[row, column](s * s[row = row - 1]) - 0.5 * sum[row, column](s * s[column = column - 1]) - sum[row, column](h * s)
`,
    name: 's',
    open: { row: 3, column: 3 },
    values: { h: draw.normals('h9', 9) },
    start: [1, -1, 1, 1, 1, -1, -1, 1, 1],
  },
  {
    what: 'sums over one of two site axes inside a function',
    text: `model t
memory xi[pattern, column]
state s[row, column] : bit
energy -sum[row, pattern](sum[column](xi * s)^3) + sum[column](sum[row](s)^2)
`,
    name: 's',
    open: { row: 2, column: 3, pattern: 2 },
    values: { xi: draw.normals('xi2', 6) },
    start: [1, 0, 1, 0, 0, 1],
  },
  {
    what: 'extremes, products and running sums over the sites',
    text: `model t
param w[site]
state s[site] : spin
energy max[site](w * s) - prod[site](2 + w * s) + sum[site](w * cumsum[site](s)^2) + logsumexp[site](w * s)
`,
    name: 's',
    open: { site: 4 },
    values: { w: draw.normals('w4', 4) },
    start: [1, -1, -1, 1],
  },
  {
    what: 'a switch without axes beside a continuous state',
    text: 'model t\ndata y[row]\nstate x\nstate on : bit\nenergy sum[row](y * x * on)^2 / 2 + exp(on * x) + x^2\n',
    name: 'on',
    open: { row: 2 },
    values: { y: [0.3, 1.1], 'value:x': [0.8], x: [0.8] },
    start: [1],
  },
  {
    what: 'an index that points into the sites',
    text: 'model t\ndata at[row] : site\ndata y[row]\nstate s[site] : spin\nenergy sum[row](y * s[at])^2 + sum[row]((y + s[at])^2)\n',
    name: 's',
    open: { row: 4, site: 3 },
    values: { at: [0, 2, 2, 1], y: draw.normals('y4', 4) },
    start: [1, -1, 1],
  },
]

/** Everything needed to flip sites of one case, with the energy from the definition beside it. */
class Bench {
  readonly energy: Energy
  readonly moves: DiscreteState
  readonly sizes: Sizes
  readonly #case: Case

  constructor(c: Case) {
    this.#case = c
    this.energy = marginalise(energyOf(c.text), 'auto', situationOf(energyOf(c.text), { keep: [c.name] })).value as Energy
    this.moves = discreteMoves(this.energy, c.name)
    this.sizes = sizesOf([...this.energy.axes, ...flippedAxes([this.moves])], c.open)
  }

  levels(): readonly number[] {
    const { levels } = this.moves
    return levels.kind === 'values' ? levels.values : Array.from({ length: this.sizes[levels.axis] as number }, (_, i) => i)
  }

  run(graph: Graph, extra: Values): Record<string, Float64Array> {
    return run(graph, this.sizes, { [ports.temperature]: [1], ...this.#case.values, ...extra })
  }

  total(value: readonly number[]): number {
    return total(this.energy, this.#case.open, { ...this.#case.values, [this.#case.name]: value })
  }

  prepare(value: readonly number[]): Values {
    return this.run(this.moves.prepare, { [`value:${this.#case.name}`]: value })
  }

  /** Inputs of one move: which site, from what, to what. */
  move(site: number, before: number, after: number): Values {
    const axes = this.moves.axes.toReversed()
    const inputs: Record<string, readonly number[]> = { [ports.before]: [before], [ports.after]: [after] }
    let rest = site
    for (const axis of axes) {
      const size = this.sizes[axis] as number
      inputs[`site:${axis}`] = [rest % size]
      rest = Math.floor(rest / size)
    }
    return inputs
  }
}

describe.each(cases)('$what', (c) => {
  const bench = new Bench(c)
  // Differences of energies up to 1e5 (the exponential memory), rounded at 1e-16 each.
  const near = (got: number, wanted: number): void => {
    expect(Math.abs(got - wanted), `${got}, wanted ${wanted}`).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(bench.total(c.start))))
  }

  test('every single move changes E by what it says', () => {
    const caches = bench.prepare(c.start)
    const here = bench.total(c.start)
    c.start.forEach((before, site) => {
      for (const after of bench.levels()) {
        const change = bench.run(bench.moves.propose, { ...caches, ...bench.move(site, before, after) }).change?.[0] as number
        near(change, bench.total(c.start.with(site, after)) - here)
      }
    })
  })

  test('after a walk the caches are those of the state it ended in', () => {
    const stream = draw.stream(`walk ${c.what}`)
    let value = [...c.start]
    let caches = bench.prepare(value)
    for (let step = 0; step < 12; step += 1) {
      const site = stream.integer(value.length)
      const after = bench.levels()[stream.integer(bench.levels().length)] as number
      caches = bench.run(bench.moves.commit, { ...caches, ...bench.move(site, value[site] as number, after) })
      value = value.with(site, after)
    }
    const fresh = bench.prepare(value)
    expect(Object.keys(caches)).toEqual(Object.keys(fresh))
    for (const [name, data] of Object.entries(fresh)) {
      Array.from(data).forEach((x, i) => {
        expect(caches[name]?.[i]).toBeCloseTo(x, 10)
      })
    }
  })

  test('all single flips at once are the flips one by one', () => {
    const { all, name } = bench.moves
    if (all === undefined) return expect(bench.moves.levels.kind).toBe('axis')
    const change = bench.run(all, { [`value:${name}`]: c.start }).change as Float64Array
    const [low = 0, high = 0] = bench.levels()
    const here = bench.total(c.start)
    c.start.forEach((before, site) => {
      near(change[site] as number, bench.total(c.start.with(site, low + high - before)) - here)
    })
  })
})

describe('cost', () => {
  /** Axes of the largest intermediate result. */
  const widest = (graph: Graph): number => Math.max(...graph.nodes.filter((n) => n.op !== 'input').map((n) => n.axes.length))

  test.each(cases.slice(0, 4))('a move of $what costs one pass over the patterns', (c) => {
    const { propose, commit } = new Bench(c).moves
    for (const graph of [propose, commit]) {
      expect(widest(graph)).toBe(1)
      expect(graph.nodes.some((n) => n.op !== 'input' && n.axes.includes('neuron'))).toBe(false)
    }
  })

  test('a move of a restricted Boltzmann machine costs one pass over the hidden units', () => {
    const { propose } = new Bench(cases[4] as Case).moves
    expect(propose.nodes.some((n) => n.op !== 'input' && n.axes.includes('visible'))).toBe(false)
  })

  test('the local fields of an Ising model are kept', () => {
    const { prepare, propose } = new Bench(cases[5] as Case).moves
    expect(prepare.outputs.map((o) => o.axes.join()).sort()).toEqual(['other', 'site'])
    expect(propose.nodes.some((n) => n.op === 'sum')).toBe(false)
  })
})

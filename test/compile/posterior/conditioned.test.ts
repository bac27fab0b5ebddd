import { describe, expect, test } from 'vitest'
import { conditioned } from '../../../src/compile/posterior/condition.ts'
import { conditionedMemories, isStored, type Natural, naturalOf } from '../../../src/compile/posterior/natural.ts'
import { treat } from '../../../src/compile/treat.ts'
import { evaluate } from '../../../src/ir/evaluate.ts'
import type { Energy } from '../../../src/middle/energy.ts'
import * as ports from '../../../src/middle/ports.ts'
import { situationOf } from '../../../src/middle/situation.ts'
import { energyOf, sizesOf } from '../models.ts'

type Values = Readonly<Record<string, Float64Array>>
type Listed = Readonly<Record<string, readonly number[]>>

interface Case {
  readonly name: string
  readonly text: string
  readonly sizes?: Readonly<Record<string, number>>
  /** Two values of the memories, and two patterns. */
  readonly memories: readonly [Listed, Listed]
  readonly patterns: readonly [Listed, Listed]
  readonly fixed?: Listed
}

const cases: readonly Case[] = [
  {
    name: 'normal mean',
    text: 'memory mu[k] ~ normal(0.5, 2)\nstate x[k] ~ normal(mu, 0.7)',
    sizes: { k: 2 },
    memories: [{ mu: [0.3, -1.2] }, { mu: [1.1, 0.4] }],
    patterns: [{ x: [0.9, -2] }, { x: [0.1, 1.3] }],
  },
  {
    name: 'weights of one matrix for all outputs',
    text: 'memory W[h, p] ~ normal(0.2, 1.5)\nstate a[h] ~ normal(0, 1)\nstate x[p] ~ normal(sum[h](tanh(a) * W), 0.3)',
    sizes: { h: 2, p: 3 },
    memories: [{ W: [0.3, -1.2, 0.7, 0.1, 0.5, -0.4] }, { W: [1.3, 0.2, -0.7, 0.4, -0.5, 0.6] }],
    patterns: [
      { a: [0.4, -1.1], x: [0.2, 0.3, -0.5] },
      { a: [1.4, 0.3], x: [-0.2, 0.8, 0.1] },
    ],
  },
  {
    name: 'a prior whose elements meet and a likelihood whose do not',
    text: 'data S[k, l] : covariance[k, l]\nmemory mu[k] ~ multi_normal[k](0, S)\naxis l = size(k)\nstate x[k] ~ normal(mu, 0.7)',
    sizes: { k: 2, l: 2 },
    fixed: { S: [1, 0.6, 0.6, 2] },
    memories: [{ mu: [0.3, -1.2] }, { mu: [1.1, 0.4] }],
    patterns: [{ x: [0.9, -2] }, { x: [0.1, 1.3] }],
  },
  {
    name: 'gamma',
    text: 'memory r[k] : positive ~ gamma(2, 3)\nstate x[k] : positive ~ exponential(r)',
    sizes: { k: 2 },
    memories: [{ r: [0.3, 1.2] }, { r: [1.1, 0.4] }],
    patterns: [{ x: [0.9, 2] }, { x: [0.1, 1.3] }],
  },
  {
    name: 'gamma of a precision',
    text: 'memory r : positive ~ gamma(2, 3)\nstate x[k] ~ normal(0.4, 1 / sqrt(r))',
    sizes: { k: 2 },
    memories: [{ r: [0.3] }, { r: [1.1] }],
    patterns: [{ x: [0.9, 2] }, { x: [0.1, -1.3] }],
  },
  {
    name: 'inverse gamma',
    text: 'memory v : positive ~ inverse_gamma(2, 3)\nstate x[k] ~ normal(0.4, sqrt(v))',
    sizes: { k: 2 },
    memories: [{ v: [0.3] }, { v: [1.1] }],
    patterns: [{ x: [0.9, 2] }, { x: [0.1, -1.3] }],
  },
  {
    name: 'beta',
    text: 'memory p[k] : probability ~ beta(2, 3)\nstate x[k] : bit ~ bernoulli(p)',
    sizes: { k: 2 },
    memories: [{ p: [0.3, 0.6] }, { p: [0.1, 0.8] }],
    patterns: [{ x: [1, 0] }, { x: [1, 1] }],
  },
  {
    name: 'dirichlet',
    text: 'axis k = 3\nmemory p[k] : simplex[k] ~ dirichlet(1.5)\nstate z : k ~ categorical(p)',
    memories: [{ p: [0.3, 0.6, 0.1] }, { p: [0.1, 0.2, 0.7] }],
    patterns: [{ z: [1] }, { z: [2] }],
  },
  {
    name: 'von Mises-Fisher',
    text: 'axis k = 3\nmemory m[k] : unit[k]\nm ~ von_mises_fisher[k](direction, 2)\ndata direction[k] : unit[k]\nstate x[k] : unit[k]\nx ~ von_mises_fisher[k](m, 4)',
    fixed: { direction: [0.6, 0.8, 0] },
    memories: [{ m: [0.6, 0, 0.8] }, { m: [0, 1, 0] }],
    patterns: [{ x: [0.8, 0.6, 0] }, { x: [0, 0, 1] }],
  },
  {
    name: 'means of clusters that are picked',
    text: 'axis cluster = 3\nmemory mu[cluster, k] ~ normal(0, 2)\nstate z : cluster\nstate x[k] ~ normal(mu[cluster = z], 0.7)',
    sizes: { k: 2 },
    memories: [{ mu: [0.3, -1.2, 0.2, 0.1, 1, 2] }, { mu: [1.1, 0.4, -1, 2, 0.3, -0.3] }],
    patterns: [
      { z: [1], x: [0.9, -2] },
      { z: [2], x: [0.1, 1.3] },
    ],
  },
]

describe.each(cases)('$name', ({ text, sizes = {}, ...listed }) => {
  const [memories, patterns] = [listed.memories.map(numbers), listed.patterns.map(numbers)]
  const fixed = numbers(listed.fixed ?? {})
  const energy = energyOf(text)
  const natural = naturalsOf(energy)
  const now = natural.reduce(conditioned, energy)
  const all = sizesOf(now.axes, sizes)
  const total = (of: Energy, values: Values): number => {
    const found = evaluate(of.graph, all, { [ports.temperature]: Float64Array.of(1), ...fixed, ...values })
    return of.terms.reduce((sum, t) => sum + Number(found[ports.term(t.name)]?.[0]), 0)
  }
  const prior = Object.fromEntries(natural.flatMap((n) => n.parameters.map((p) => [p.variable.name, evaluated(p.prior, all, fixed)])))
  const after = (before: Values, pattern: Values): Values =>
    Object.fromEntries(
      natural.flatMap((n) =>
        n.parameters.map((p) => {
          const added = evaluated(p.added, all, { ...fixed, ...pattern })
          return [p.variable.name, Float64Array.from(before[p.variable.name] ?? [], (v, i) => v + (added[i] as number))]
        }),
      ),
    )

  test('without a pattern it is the prior', () => {
    for (const m of memories)
      for (const x of patterns) expect(total(now, { ...m, ...x, ...prior })).toBeCloseTo(total(energy, { ...m, ...x }), 11)
  })

  test('with a pattern it is the prior and the pattern, over the evidence', () => {
    const [first = {}, second = {}] = patterns
    const stored = after(prior, first)
    const evidence = memories.map((m) => {
      const alone = total(now, { ...m, ...second, ...stored })
      // E of the memory with both patterns counts what is said of the memory alone once.
      const twice = total(energy, { ...m, ...first }) + total(energy, { ...m, ...second }) - sharedOf(energy, natural, m)
      return alone - twice
    })
    expect(evidence[1]).toBeCloseTo(evidence[0] as number, 10)
    // log p of the first pattern: E of it with the memory integrated out, at the prior.
    expect(evidence[0]).toBeCloseTo(-integrated(now, { ...first, ...prior }), 10)
  })

  function sharedOf(of: Energy, all: readonly Natural[], values: Values): number {
    const found = evaluate(of.graph, sizesOf(now.axes, sizes), { ...fixed, ...patterns[0], ...values })
    return all.flatMap((n) => n.shared).reduce((sum, t) => sum + Number(found[ports.term(t)]?.[0]), 0)
  }

  function integrated(of: Energy, values: Values): number {
    const situation = situationOf(of, { integrate: natural.map((n) => n.memory.name), keep: of.variables.filter((v) => v.role === 'state' && ['bit', 'element'].includes(v.type.kind)).map((v) => v.name) }) // biome-ignore format: one thought
    const { value, diagnostics } = treat(of, situation)
    if (value === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
    return Number(
      value.terms.reduce(
        (sum, t) =>
          sum +
          Number(
            evaluate(value.graph, sizesOf(value.axes, sizes), { [ports.temperature]: Float64Array.of(1), ...fixed, ...values })[
              ports.term(t.name)
            ]?.[0],
          ),
        0,
      ),
    )
  }
})

test('parameters of its own for each element along an axis that the text treats alike', () => {
  const energy = energyOf('memory mu[c, k] ~ normal(0, 2)\nstate x[c, k] ~ normal(mu, 1)')
  const axes = (along: readonly string[]) => {
    const [memory] = conditionedMemories(energy)
    const natural = memory && naturalOf(energy, memory, { along })
    return natural !== undefined && isStored(natural) ? natural.parameters.map((p) => p.variable.axes) : []
  }
  expect(axes([])).toEqual([[], ['c', 'k']])
  expect(axes(['c'])).toEqual([['c'], ['c', 'k']])
})

describe('what has no posterior', () => {
  test.each([
    ['memory W[h, k] ~ normal(0, 1)\nstate x[k] ~ normal(sum[h](tanh(W)), 1)', 'goes through'],
    ['memory W : positive ~ normal(0, 1)\nstate x ~ normal(W, 1)', 'cut off'],
    ['state s ~ normal(0, 1)\nmemory W ~ normal(s, 1)\nstate x ~ normal(W, 1)', 'reads a state'],
    ['memory W ~ normal(0, 1)\nmemory V ~ normal(0, 1)\nstate x ~ normal(W + V, 1)', 'meets "V"'],
  ])('%s', (text, reason) => {
    const energy = energyOf(text)
    const [memory] = conditionedMemories(energy)
    const found = memory && naturalOf(energy, memory)
    expect(found !== undefined && 'reason' in found && found.reason).toContain(reason)
  })
})

function naturalsOf(energy: Energy): readonly Natural[] {
  return conditionedMemories(energy).map((memory) => {
    const natural = naturalOf(energy, memory)
    if (!isStored(natural)) throw new Error(natural.reason)
    return natural
  })
}

function evaluated(graph: Natural['parameters'][number]['prior'], sizes: Readonly<Record<string, number>>, values: Values): Float64Array {
  return Float64Array.from(evaluate(graph, sizes, values)[ports.result] ?? [])
}

function numbers(listed: Listed): Values {
  return Object.fromEntries(Object.entries(listed).map(([name, data]) => [name, Float64Array.from(data)]))
}

import { describe, expect, test } from 'vitest'
import { must } from '../../../src/base/internal-error.ts'
import { openConditional } from '../../../src/compile/conditionals/conditional.ts'
import { conditioned } from '../../../src/compile/posterior/condition.ts'
import { isStored, naturalOf } from '../../../src/compile/posterior/natural.ts'
import { gaussianIntegral } from '../../../src/compile/treat/gaussian-integral.ts'
import type { Integral } from '../../../src/compile/treat/integral.ts'
import { updatedIntegral } from '../../../src/compile/treat/updated-integral.ts'
import { updatedForm } from '../../../src/compile/treat/updates.ts'
import { replaced } from '../../../src/ir/walk.ts'
import type { Energy } from '../../../src/middle/energy.ts'
import * as ports from '../../../src/middle/ports.ts'
import { randomValue } from '../conditionals/held.ts'
import { energyOf, run, sizesOf } from '../models.ts'

interface Case {
  readonly name: string
  readonly text: string
  /** The variable, and whether its posterior stands in the place of its prior. */
  readonly of?: string
  readonly stored?: true
  /** How many vectors, and how many of them about a centre. */
  readonly updates: number
  readonly centred: number
}

const sizes = { h: 3, p: 2, k: 3 }

const cases: readonly Case[] = [
  {
    name: 'weights of one matrix for all outputs',
    text: 'memory W[h, p] ~ normal(0.2, 1.5)\nstate a[h] ~ normal(0, 1)\nstate x[p] ~ normal(sum[h](tanh(a) * W), 0.3)',
    ...{ updates: 1, centred: 1 },
  },
  {
    name: 'the posterior of weights',
    text: 'memory W[h, p] ~ normal(0.2, 1.5)\nstate a[h] ~ normal(0, 1)\nstate x[p] ~ normal(sum[h](tanh(a) * W), 0.3)',
    ...{ stored: true, updates: 1, centred: 1 },
  },
  {
    name: 'a prior that is wider along one axis than another, and a mean of its own',
    text: 'data m[h, p]\ndata r[h] : positive\nmemory W[h, p] ~ normal(m, r)\nstate a[h] ~ normal(0, 1)\nstate x[p] ~ normal(sum[h](a * W), 0.3)',
    ...{ updates: 1, centred: 1 },
  },
  {
    name: 'noise of each output, and what is added to it',
    text: 'data s[p] : positive\nstate c[p] ~ normal(0, 1)\nmemory W[h, p] ~ normal(0, 1)\nstate a[h] ~ normal(0, 1)\nstate x[p] ~ normal(sum[h](a * W) + c, s)',
    ...{ updates: 1, centred: 1 },
  },
  {
    name: 'the same in a store',
    text: 'data s[p] : positive\nstate c[p] ~ normal(0, 1)\nmemory W[h, p] ~ normal(0, 1)\nstate a[h] ~ normal(0, 1)\nstate x[p] ~ normal(sum[h](a * W) + c, s)',
    ...{ stored: true, updates: 1, centred: 1 },
  },
  {
    name: 'vectors of each output',
    text: 'memory W[h, p] ~ normal(0, 1)\nstate a[h, p] ~ normal(0, 1)\nstate x[p] ~ normal(2 * sum[h](a * W), 0.4)',
    ...{ updates: 1, centred: 1 },
  },
  {
    name: 'two statements, one after the other',
    text: 'memory W[h, p] ~ normal(0, 1)\nstate a[h] ~ normal(0, 1)\nstate b[h] ~ normal(0, 1)\nstate x[p] ~ normal(sum[h](a * W), 0.3)\nstate y[p] ~ normal(1 - sum[h](b * W), 0.5)',
    ...{ updates: 2, centred: 2 },
  },
  {
    name: 'a statement whose weight may be 0',
    text: 'data seen[p] : bit\nmemory W[h, p] ~ normal(0, 1)\nstate a[h] ~ normal(0, 1)\nstate x[p] ~ normal(0, 3)\nenergy sum[p](seen * (x - sum[h](a * W))^2)',
    ...{ updates: 1, centred: 1 },
  },
  {
    name: 'what is linear and quadratic apart',
    text: 'data seen : bit\nmemory w[h] ~ normal(0, 1)\nstate a[h] ~ normal(0, 1)\nstate x ~ normal(0, 1)\nenergy seen * sum[h](a * w)^2 - x * sum[h](a * w)',
    ...{ of: 'w', updates: 1, centred: 0 },
  },
  {
    name: 'data beside the prior, whose elements meet',
    text: 'data F[h, k]\ndata y[k]\nmemory w[h] ~ normal(0, 1)\ny ~ normal(sum[h](F * w), 0.8)\nstate a[h] ~ normal(0, 1)\nstate x ~ normal(sum[h](exp(a) * w), 0.3)',
    ...{ of: 'w', updates: 1, centred: 1 },
  },
]

const moments = ['energy', 'proper', 'mean', 'variance', 'covariance'] as const

/** The same integral by vectors and by the whole matrix, at some values. */
function bothWays(energy: Energy, name: string, seed: number, t: number) {
  const found = openConditional(energy, must(energy.variables.find((v) => v.name === name), name)) // biome-ignore format: one thought
  if ('reason' in found) throw new Error(found.reason)
  const { opened, state, conditional, draft } = found
  const { m } = opened
  const scene = { m, t: m.k(t), axes: conditional.variable.axes, state }
  const coefficient = (statistic: string) => draft.coefficients.find((c) => c.statistic === statistic)?.node ?? m.k(0)
  const whole = gaussianIntegral({ ...scene, own: [], mixing: conditional.mixing, coefficient })
  const form = must(updatedForm(found), 'updates')
  const parted = updatedIntegral(scene, form)
  const constant = m.plus(...replaced(m.builder, found.terms.map((term) => term.node), new Map([[state, m.k(0)]]))) // biome-ignore format: one thought
  const spreadOf = (i: Integral) => {
    const weights = m.builder.input('weights', ['p', 'h!', 'p!'])
    const named = scene.axes.length === 2 ? weights : m.sum(['p!'], weights)
    return must(i.spread, 'spread')(named, scene.axes.map((a) => `${a}!`)) // biome-ignore format: one thought
  }
  const nodes = [
    ...moments.map((k) => [k, must(parted[k], k), k === 'energy' ? m.add(constant, whole.energy) : must(whole[k], k)] as const),
    ['spread', spreadOf(parted), spreadOf(whole)] as const,
  ]
  const outputs = nodes.flatMap(([k, a, b]) => {
    const axes = [...new Set([...m.builder.axes(a), ...m.builder.axes(b)])]
    return [{ name: `${k}, parted`, node: a, axes }, { name: `${k}, whole`, node: b, axes }] // biome-ignore format: one thought
  })
  const all = { ...sizesOf([...energy.axes, ...found.a.maker.made], sizes), 'h!': 3, 'p!': 2 }
  const graph = m.builder.part(outputs)
  const values = Object.fromEntries(energy.variables.map((v) => [v.name, randomValue(v, all, seed)]))
  const precise = [2, 0.5, -0.3, 0.5, 1.5, 0.2, -0.3, 0.2, 3]
  // Over h, p and the second name of h.
  const perOutput = [0, 3, 6].flatMap((row) => [0, 0.1].flatMap((more) => precise.slice(row, row + 3).map((v) => v + more)))
  const stored = graph.inputs.find((p) => p.name === ports.stored('W', 'precision'))
  const precision = stored && { [stored.name]: stored.axes.includes('p') ? perOutput : precise }
  const at = { ...values, weights: [...Array(12).keys()].map((i) => Math.sin(i + 1)), ...precision }
  return { out: run(graph, all, at), form }
}

describe('a Gaussian by vectors', () => {
  test.each(cases)('is that of the whole matrix: $name', ({ text, of = 'W', stored, updates, centred }) => {
    const plain = energyOf(text)
    const natural = naturalOf(plain, must(plain.variables.find((v) => v.name === of), of)) // biome-ignore format: one thought
    if (stored && !isStored(natural)) throw new Error(natural.reason)
    const energy = stored && isStored(natural) ? conditioned(plain, natural) : plain
    for (const [seed, t] of [
      [1, 1],
      [2, 1.3],
      [3, 0.6],
    ] as const) {
      // biome-ignore format: one thought
      const { out, form } = bothWays(energy, of, seed, t)
      expect(form.updates).toHaveLength(updates)
      expect(form.updates.filter((u) => u.centre !== undefined)).toHaveLength(centred)
      for (const k of [...moments, 'spread']) {
        const [a, b] = [must(out[`${k}, parted`], k), must(out[`${k}, whole`], k)]
        const scale = Math.max(1, ...b.map(Math.abs))
        expect(Math.max(...a.map((v, i) => Math.abs(v - (b[i] as number)))) / scale, k).toBeLessThan(1e-11)
      }
    }
  })

  test.each([
    ['rows that are many', 'data a[k, h]\nmemory w[h] ~ normal(0, 1)\nstate b[k, h] ~ normal(0, 1)\nstate x[k] ~ normal(sum[h](b * w), 1)'],
    [
      'two vectors in one statement',
      'memory w[h] ~ normal(0, 1)\nstate a[h] ~ normal(0, 1)\nstate b[h] ~ normal(0, 1)\nstate x ~ normal(0, 1)\nenergy sum[h](a * w)^2 + (x - sum[h](b * w))^2',
    ],
    [
      'no density that is known',
      'memory w[h] ~ normal(0, 1)\nstate s : positive ~ exponential(1)\nstate a[h] ~ normal(0, s)\nenergy s * sum[h](w^2) + sum[h](a * w)^2',
    ],
    ['a prior of an energy, which need not be one', 'memory w[h]\nstate a[h] ~ normal(0, 1)\nenergy sum[h](w^2) + sum[h](a * w)^2'],
  ])('is not there for %s', (_, text) => {
    // biome-ignore format: one thought
    const energy = energyOf(text)
    const found = openConditional(energy, must(energy.variables.find((v) => v.name === 'w'), 'w')) // biome-ignore format: one thought
    if ('reason' in found) throw new Error(found.reason)
    const made = found.a.maker.made.length
    expect(updatedForm(found)).toBeUndefined()
    expect(found.a.maker.made).toHaveLength(made)
  })
})

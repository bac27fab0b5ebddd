import { expect, test } from 'vitest'
import { must } from '../../../src/base/internal-error.ts'
import { conditionalOf, hasForm } from '../../../src/compile/conditionals/conditional.ts'
import { treat, treatAsAsked } from '../../../src/compile/treat.ts'
import type { Sizes } from '../../../src/ir/graph.ts'
import { madeSizes } from '../../../src/middle/derived-sizes.ts'
import type { Energy, EnergyVariable } from '../../../src/middle/energy.ts'
import { ownAxes } from '../../../src/middle/kinds.ts'
import * as ports from '../../../src/middle/ports.ts'
import { situationOf, statesOf } from '../../../src/middle/situation.ts'
import { kernel } from '../../../src/targets/kernel.ts'
import { type Numbers, randomValues } from '../conditionals/held.ts'
import { models } from '../conditionals/known.ts'
import { energyOf, sizesOf } from '../models.ts'
import { logIntegral, quadratic } from './integral-of.ts'

/** E as a function of the value of one variable, all others where they are. */
function energyBy(energy: Energy, open: Sizes, values: Numbers, name: string): (x: readonly number[]) => number {
  const executable = kernel(energy.graph, madeSizes(energy.axes, open))
  for (const [port, buffer] of executable.inputs) buffer.set(must(values[port], port))
  const own = executable.inputs.get(name)
  const terms = energy.terms.map((t) => must(executable.outputs.get(ports.term(t.name)), t.name))
  return (x) => {
    own?.set(x)
    executable.run()
    return terms.reduce((sum, [e = Number.NaN]) => sum + e, 0)
  }
}

/** Elements that meet along two axes, and along three; beside one along which they do not. */
const grids = [
  {
    name: 'two axes',
    text: 'model grid\ndata A[i, j]\ndata y\nstate x[i, j] ~ normal(0, 1.3)\ny ~ normal(sum[i, j](A * x), 0.5)\nenergy sum[i](sum[j](x)^2) / 3',
    sizes: { i: 2, j: 3 },
  },
  {
    name: 'three axes, a batch, another name for one',
    text: 'model grid\ndata A[k, i, j]\ndata y[b]\nstate m[b]\nstate x[j, b, i, k] ~ normal(m, 1.3)\ny ~ normal(sum[k, i, j](A * x), 0.5)\nenergy sum[b](sum[i, k, j](x) * m)',
    sizes: { i: 2, j: 3, k: 2, b: 2 },
  },
]

const integrable = [...models, ...grids].flatMap(({ name, text, sizes }) => {
  const energy = energyOf(text)
  const mayMove = new Set([...statesOf(energy), 'W'])
  return energy.variables.flatMap((v) => {
    const form = mayMove.has(v.name) ? conditionalOf(energy, v) : undefined
    if (form === undefined || !hasForm(form) || form.form === 'categorical' || form.truncated) return []
    // Matrices of one row; `matrices.test.ts` has larger ones.
    return [{ model: name, variable: v, form, energy, open: v.type.kind === 'covariance' ? { ...sizes, d: 1, e: 1 } : sizes }]
  })
})

test('there are models for every form', () => {
  const forms = new Set(integrable.map((c) => c.form.form))
  expect([...forms].sort()).toEqual([
    'beta',
    'dirichlet',
    'gamma',
    'gaussian',
    'inverse_gamma',
    'inverse_wishart',
    'von_mises_fisher',
    'wishart',
  ])
  expect(new Set(integrable.map((c) => c.form.mixing.length))).toEqual(new Set([0, 1, 2, 3]))
})

/** Each at a temperature of its own: at others than 1, some have no integral. */
const cases = [
  { seed: 1, temperature: 1 },
  { seed: 2, temperature: 1.3 },
  { seed: 3, temperature: 0.7 },
]

test.each(integrable)('integrating out = quadrature: $variable.name of $model', ({ energy, variable, open, form }) => {
  const { name } = variable
  const treated = must(treatAsAsked(energy, situationOf(energy, { integrate: [name] })).value, 'integrated')
  const sizes = sizesOf(energy.axes, open)
  for (const { seed, temperature } of cases) {
    const values: Numbers = { ...randomValues(energy, sizes, seed), [ports.temperature]: [temperature] }
    const at = energyBy(energy, open, values, name)
    const log = (x: readonly number[]): number => -at(x) / temperature
    const before = must(values[name], name)
    const found = energyBy(treated, open, values, name)(before)
    if (temperature !== 1 && found === Number.NEGATIVE_INFINITY) continue
    const expected = -temperature * (form.mixing.length > 0 ? quadratic(log, before) : byElements(log, variable, sizes, before))
    // 1e-8: quadrature and differences of E lose up to eight digits where energies are in the hundreds.
    expect(Math.abs(found - expected)).toBeLessThan(1e-8 * Math.max(1, Math.abs(expected), Math.abs(at(before))))
  }
})

/** Elements (or vectors along the axes of the type) are independent: the log of each one's integral, the others held. */
function byElements(log: (x: readonly number[]) => number, variable: EnergyVariable, sizes: Sizes, before: readonly number[]): number {
  const { type, axes } = variable
  const [own] = ownAxes(type)
  const size = own === undefined ? 1 : must(sizes[own], own)
  const stride = own === undefined ? 1 : axes.slice(axes.indexOf(own) + 1).reduce((n, a) => n * must(sizes[a], a), 1)
  const starts = before.flatMap((_, i) => (Math.floor(i / stride) % size === 0 ? [i] : []))
  const here = log(before)
  return starts.reduce((sum, start) => {
    const places = Array.from({ length: size }, (_, k) => start + k * stride)
    const at = (x: readonly number[]): number => log(before.map((v, i) => x[places.indexOf(i)] ?? v)) - here
    return sum + logIntegral(type.kind, at, places.map((i) => before[i] as number)) // biome-ignore format: one thought
  }, here)
}

test('what has no integral at a temperature has an energy of minus infinity', () => {
  const energy = energyOf('data y\nparam a\nstate r : positive\nenergy r - a * log(r)\nstate x ~ normal(0, 1)\nenergy -a * x^2')
  const treated = must(treat(energy, situationOf(energy, { integrate: ['r', 'x'] })).value, 'integrated')
  const at = (a: number, temperature: number): number => energyBy(treated, {}, { a: [a], [ports.temperature]: [temperature] }, '')([])
  // x has the precision 1 - 2 a; r the shape 1 + a / T.
  expect(at(0.6, 1)).toBe(Number.NEGATIVE_INFINITY)
  expect(at(-0.6, 0.5)).toBe(Number.NEGATIVE_INFINITY)
  expect(Number.isFinite(at(-0.6, 1))).toBe(true)
})

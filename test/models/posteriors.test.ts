import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Loaded, load } from '../../src/api/load.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { bind } from '../../src/bind/bind.ts'
import { readNamed } from '../../src/cli/files/read.ts'
import { marginalise } from '../../src/compile/marginalise.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { madeSizes } from '../../src/middle/derived-sizes.ts'
import * as ports from '../../src/middle/ports.ts'

type Params = Readonly<Record<string, number>>

interface Reference {
  readonly summary: Record<string, { readonly mean: number; readonly sd: number; readonly mcse_mean: number; readonly mcse_sd: number }>
  readonly log_density_points: { readonly points: readonly { readonly params: Params; readonly log_density: number }[] }
}

interface Case {
  readonly model: string
  readonly posterior: string
  /** The name here of a name there, where they differ. */
  readonly names?: Readonly<Record<string, string>>
  readonly report?: readonly string[]
  /** What to add to minus the energy for the density of the reference's own parameters. */
  readonly jacobian?: (params: Params) => number
  /** Values that are not parameters there. */
  readonly derive?: (params: Params) => Params
}

const schools = [1, 2, 3, 4, 5, 6, 7, 8]
const rows = (name: string) => ({
  [`${name}1[1]`]: `${name}[1,1]`,
  [`${name}1[2]`]: `${name}[1,2]`,
  [`${name}2[1]`]: `${name}[2,1]`,
  [`${name}2[2]`]: `${name}[2,2]`,
})
const cases: readonly Case[] = [
  { model: 'arK', posterior: 'arK-arK' },
  {
    model: 'hmm_drive_0',
    posterior: 'bball_drive_event_0-hmm_drive_0',
    names: { ...rows('theta'), 'phi[1]': 'phi1', 'phi[2]': 'phi2', 'lambda[1]': 'lambda1', 'lambda[2]': 'lambda2' },
  },
  { model: 'logearn_height', posterior: 'earnings-logearn_height' },
  {
    model: 'eight_schools_noncentered',
    posterior: 'eight_schools-eight_schools_noncentered',
    report: ['theta'],
    derive: (p) =>
      Object.fromEntries(schools.map((j) => [`z[${j}]`, ((p[`theta[${j}]`] as number) - (p.mu as number)) / (p.tau as number)])),
    // Effects are scores times tau: eight factors of d theta / d z.
    jacobian: (p) => -8 * Math.log(p.tau as number),
  },
  { model: 'garch11', posterior: 'garch-garch11' },
  { model: 'gp_regr', posterior: 'gp_pois_regr-gp_regr' },
  { model: 'kidscore_momiq', posterior: 'kidiq-kidscore_momiq' },
  {
    model: 'low_dim_gauss_mix',
    posterior: 'low_dim_gauss_mix-low_dim_gauss_mix',
    names: { theta: 'weight(component)[1]' },
    derive: (p) => ({ 'weight(component)[2]': 1 - (p.theta as number) }),
  },
  { model: 'wells_dist100', posterior: 'wells_data-wells_dist100_model', names: { 'beta[1]': 'beta' } },
]

const folder = new URL('../data/posteriordb/', import.meta.url)
const open = (model: string): Loaded => {
  const name = `models/posteriors/${model}.amp`
  return must(load({ name, text: readFileSync(name, 'utf8') }).value, name)
}
const dataOf = (model: string) => must(readNamed(`models/posteriors/${model}.json`).value, 'data')
const referenceOf = (posterior: string): Reference => JSON.parse(readFileSync(new URL(`${posterior}.reference.json`, folder), 'utf8'))

describe.each(cases)('$posterior', ({ model, posterior, names = {}, report = [], jacobian = () => 0, derive = () => ({}) }) => {
  const loaded = open(model)
  const given = { fixed: dataOf(model), observed: [], cues: [] }
  const reference = referenceOf(posterior)
  const { points } = reference.log_density_points
  const here = (name: string): string => names[name] ?? name

  it('has the log density of the reference, up to a constant', () => {
    const energy = must(marginalise(loaded.energy, 'auto').value, 'energy')
    const bound = must(bind(loaded.energy, given).value, 'data')
    const sizes = madeSizes(energy.axes, bound.sizes)
    const gaps = points.map(({ params, log_density }) => {
      const named = Object.fromEntries(Object.entries<number>({ ...params, ...derive(params) }).map(([name, value]) => [here(name), value]))
      const states = energy.variables.filter((v) => v.role === 'state').map((v) => [v.name, valuesOf(v.name, named)] as const)
      const outputs = evaluate(energy.graph, sizes, {
        ...bound.values,
        ...Object.fromEntries(states),
        [ports.temperature]: Float64Array.of(1),
      })
      const total = energy.terms.reduce((sum, t) => sum + (outputs[`term:${t.name}`]?.[0] as number), 0)
      return -total + jacobian(params) - log_density
    })
    const scale = Math.max(...points.map((p) => Math.abs(p.log_density)))
    for (const gap of gaps) expect(Math.abs(gap - (gaps[0] as number))).toBeLessThanOrEqual(1e-6 * scale)
  })

  // The collection's own gate, four joint standard errors, at one setting for all models but their warm-up; R-hat as published.
  it('agrees with its reference draws', async () => {
    const result = await sample(loaded, given, { seed: 20240, chains: 4, warmup: 1000, draws: 1000, delta: 0.95, report })
    const found = new Map(must(result.value, 'draws').summary.map((row) => [row.name, row]))
    for (const [name, want] of Object.entries(reference.summary)) {
      const row = must(found.get(here(name)), here(name))
      expect(Math.abs(row.mean - want.mean), `mean of ${name}`).toBeLessThanOrEqual(4 * Math.hypot(want.mcse_mean, row.mcse_mean))
      expect(Math.abs(row.sd - want.sd), `sd of ${name}`).toBeLessThanOrEqual(4 * Math.hypot(want.mcse_sd, row.mcse_sd))
      expect(row.r_hat, `R-hat of ${name}`).toBeLessThan(1.02)
    }
  })
})

/** A state's elements in order from `x`, `x[1]`, `x[2]` or `x[1,1]`, ... */
function valuesOf(name: string, named: Params): Float64Array {
  const own = Object.keys(named).filter((key) => key === name || (key.startsWith(`${name}[`) && key.endsWith(']')))
  const place = (key: string): number =>
    key
      .slice(name.length + 1, -1)
      .split(',')
      .reduce((at, i) => at * 1000 + Number(i), 0)
  return Float64Array.from(
    own.sort((a, b) => place(a) - place(b)),
    (key) => named[key] as number,
  )
}

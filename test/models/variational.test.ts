import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type FitOptions, fit as fitted } from '../../src/api/fit.ts'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { readNamed } from '../../src/cli/files/read.ts'

interface Case {
  readonly model: string
  readonly posterior: string
  readonly options: FitOptions
  /** The largest error of a mean in posterior standard deviations, and the largest relative error of one of these. */
  readonly mean: number
  readonly sd: number
  readonly names?: Readonly<Record<string, string>>
}

// 2000 draws: a mean is off by 0.09 of a standard deviation with probability 6e-5 a row, of some forty rows; a standard deviation by
// 6 % likewise. What is allowed beyond is how far the best normal density is off, in the posteriors with long tails.
const cases: readonly Case[] = [
  { model: 'arK', posterior: 'arK-arK', options: { method: 'full-rank' }, mean: 0.1, sd: 0.07 },
  { model: 'logearn_height', posterior: 'earnings-logearn_height', options: { method: 'full-rank' }, mean: 0.1, sd: 0.07 },
  { model: 'kidscore_momiq', posterior: 'kidiq-kidscore_momiq', options: { method: 'full-rank' }, mean: 0.1, sd: 0.07 },
  { model: 'gp_regr', posterior: 'gp_pois_regr-gp_regr', options: { method: 'mean-field' }, mean: 0.1, sd: 0.07 },
  { model: 'garch11', posterior: 'garch-garch11', options: { method: 'full-rank' }, mean: 0.15, sd: 0.2 },
  {
    model: 'eight_schools_noncentered',
    posterior: 'eight_schools-eight_schools_noncentered',
    options: { method: 'full-rank' },
    mean: 0.25,
    sd: 0.3,
  },
  {
    model: 'wells_dist100',
    posterior: 'wells_data-wells_dist100_model',
    options: { method: 'laplace' },
    mean: 0.12,
    sd: 0.07,
    names: { 'beta[1]': 'beta' },
  },
  {
    model: 'low_dim_gauss_mix',
    posterior: 'low_dim_gauss_mix-low_dim_gauss_mix',
    options: { method: 'laplace' },
    mean: 0.12,
    sd: 0.08,
    names: { theta: 'weight(component)[1]' },
  },
  {
    model: 'hmm_drive_0',
    posterior: 'bball_drive_event_0-hmm_drive_0',
    // Of two modes each start finds one. One path is rough where probabilities are near 1, whose logits have a long tail.
    options: { method: 'pathfinder', seed: 2 },
    mean: 0.4,
    sd: 0.35,
    names: {
      'theta1[1]': 'theta[1,1]',
      'theta2[1]': 'theta[2,1]',
      'phi[1]': 'phi1',
      'phi[2]': 'phi2',
      'lambda[1]': 'lambda1',
      'lambda[2]': 'lambda2',
    },
  },
]

const referenceOf = (posterior: string): Readonly<Record<string, { readonly mean: number; readonly sd: number }>> =>
  JSON.parse(readFileSync(new URL(`../data/posteriordb/${posterior}.reference.json`, import.meta.url), 'utf8')).summary

it.each(cases)('$posterior by $options.method, beside reference draws', ({ model, posterior, options, names = {}, ...bounds }) => {
  const name = `models/posteriors/${model}.amp`
  const loaded = must(load({ name, text: readFileSync(name, 'utf8') }).value, name)
  const fixed = must(readNamed(`models/posteriors/${model}.json`).value, 'data')
  const { value, diagnostics } = fitted(loaded, { fixed, observed: [], cues: [] }, { draws: 2000, ...options })
  const { summary, outcome } = must(value, JSON.stringify(diagnostics))
  expect(outcome.kind).toBe('converged')
  const rows = Object.entries(referenceOf(posterior)).flatMap(([there, reference]) => {
    const row = summary.find((r) => r.name === (names[there] ?? there))
    return row === undefined ? [] : [{ row, reference }]
  })
  expect(rows.length).toBeGreaterThan(1)
  for (const { row, reference } of rows) {
    expect(Math.abs(row.mean - reference.mean) / reference.sd, row.name).toBeLessThan(bounds.mean)
    expect(Math.abs(row.sd / reference.sd - 1), row.name).toBeLessThan(bounds.sd)
  }
})

import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { bind } from '../../src/bind/bind.ts'
import type { Given } from '../../src/bind/given.ts'

const model = 'data y[region]\nstate mu[region] ~ normal(0, 1)\ny ~ normal(mu, 1)'

function bound(text: string, fixed: readonly Given[]) {
  const energy = load({ name: 'm.amp', text }).value?.energy
  if (energy === undefined) throw new Error('the model does not read')
  return bind(energy, { fixed, observed: [], cues: [] })
}

const labels = (name: string, ...texts: string[]): Given => ({
  name,
  from: `column "${name}"`,
  bundle: 'd.csv',
  value: { kind: 'labels', labels: texts },
})
const numbers = (name: string, ...data: number[]): Given => ({
  name,
  from: `column "${name}"`,
  bundle: 'd.csv',
  value: { kind: 'numbers', shape: [data.length], data: Float64Array.from(data) },
})

describe('names of elements', () => {
  it('come from a text column that is called like the axis', () => {
    const { value, diagnostics } = bound(model, [labels('region', 'north', 'south'), numbers('y', 1, 2)])
    expect(diagnostics).toEqual([])
    expect(value?.labels).toEqual({ region: ['north', 'south'] })
    expect(value?.sizes).toEqual({ region: 2 })
  })

  it('number the elements that another column names', () => {
    const text = 'data a[row] : region\nstate mu[region] ~ normal(0, 1)\nenergy sum[row](mu[a])'
    const { value } = bound(text, [labels('region', 'north', 'south'), labels('a', 'south', 'south', 'north')])
    expect([...(value?.values.a ?? [])]).toEqual([1, 1, 0])
  })

  it('are as many as the elements', () => {
    const { diagnostics } = bound(model, [labels('region', 'north', 'south'), numbers('y', 1, 2, 3)])
    expect(diagnostics.map((d) => [d.code, d.message])).toEqual([
      ['AMP503', 'The axis region has 3 elements according to column "y", but 2 according to the labels of region.'],
    ])
  })

  it('are each said once: else the column is something else', () => {
    const { value, diagnostics } = bound(model, [labels('region', 'north', 'north'), numbers('y', 1, 2)])
    expect(diagnostics.map((d) => d.code)).toEqual(['AMP709'])
    expect(diagnostics[0]?.hint).toContain('declare data region_of[row] : region')
    expect(value?.labels).toEqual({})
  })

  it('are not taken from a column that is a variable of the model, however the axis is called', () => {
    const text = 'data region[row]\nstate mu[region] ~ normal(0, 1)\naxis region = 2\nenergy sum[row](region) + sum[region](mu^2)'
    expect(bound(text, [labels('region', 'north', 'south')]).diagnostics.map((d) => d.code)).toEqual(['AMP509'])
  })
})

describe('what nobody asked for', () => {
  it('is compared with what is wanting, and with nothing else', () => {
    const text = 'data storms[t]\nparam rate = 1\nstate mu ~ normal(rate, 1)\nstorms ~ normal(mu, 1)'
    const near = bound(text, [numbers('storm', 1, 2)]).diagnostics.find((d) => d.code === 'AMP709')
    expect(near?.hint).toBe('"storm" may be meant for "storms", which is not given.')
    const given = bound(text, [numbers('storm', 1, 2), numbers('storms', 1, 2)]).diagnostics
    expect(given.map((d) => [d.code, d.hint])).toEqual([['AMP709', undefined]])
  })
})

describe('wrong cells', () => {
  const text =
    'data y[row] : count\ndata g[row] : region\naxis region = ("north", "south")\nstate mu[region] ~ normal(0, 1)\ny ~ poisson(exp(mu[g]))'
  const said = (given: readonly Given[]) => bound(text, given).diagnostics.map((d) => [d.code, d.message])

  it('of all kinds are told in one run, each kind with its count', () => {
    expect(said([labels('y', 'few', '', '-1', '2.5', '3', 'many'), labels('g', 'north', 'sotuh', '', 'south', 'north', 'nroth')])).toEqual([
      ['AMP521', 'column "g" holds "sotuh", which is no element of region. One more is wrong, too.'],
      ['AMP506', '"y" holds "few", which is not a number. One more is wrong, too.'],
      ['AMP508', '"y" has no number at row = 2.'],
      ['AMP505', '"y" holds -1, which is not a whole number from 0 on. One more is wrong, too.'],
      ['AMP508', '"g" has no number at row = 3.'],
    ])
  })

  it('are told where sizes do not agree or a value is missing, too', () => {
    expect(said([numbers('y', 1, Number.NaN, -1), labels('g', 'north', 'south')])).toEqual([
      ['AMP503', 'The axis row has 3 elements according to column "y", but 2 according to column "g".'],
      ['AMP508', '"y" has no number at row = 2.'],
      ['AMP505', '"y" holds -1, which is not a whole number from 0 on.'],
    ])
  })
})

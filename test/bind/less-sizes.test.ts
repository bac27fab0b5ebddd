import { describe, expect, it, test } from 'vitest'
import { bind } from '../../src/bind/bind.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import { printModel } from '../../src/dsl/print-model.ts'
import { situationOf, unknownsOf } from '../../src/middle/situation.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import { given, loadedFrom } from '../api/points.ts'
import { modelOf } from '../compile/models.ts'

function bound(text: string, inputs: Inputs) {
  const { energy } = loadedFrom(text)
  return bind(energy, given(inputs), unknownsOf(situationOf(energy)))
}
const codes = (text: string): readonly string[] => analyse({ name: 'm.amp', text }).diagnostics.map((d) => d.code)

describe('a size that is some elements fewer than one that comes with the data', () => {
  const text =
    'axis cut = size(level) - 1\naxis more = 2 + size(cut)\ndata y[row] : level\ndata w[level]\nstate c[cut] : ordered[cut] ~ normal(0, 3)\nstate z[more] ~ normal(0, 1)\ny ~ ordered_logistic(0, c)\n'

  it('follows it, and what follows from it', () => {
    expect({ ...bound(text, { data: { y: [1, 3, 2], w: [1, 1, 1, 1] } }).value?.sizes }).toEqual({ row: 3, level: 4, cut: 3, more: 5 })
  })

  it('says the other where that is not known', () => {
    const { value } = bound(
      'axis cut = size(level) - 1\ndata x[cut]\nstate p[level] : simplex[level] ~ dirichlet[level](1)\nstate u ~ normal(sum[cut](x), 1)\n',
      { data: { x: [1, 2] } },
    )
    expect({ ...value?.sizes }).toEqual({ cut: 2, level: 3 })
  })

  it('is held against what is given, and has no fewer than no elements', () => {
    const both = 'axis cut = size(level) - 2\ndata x[cut]\ndata w[level]\nstate u ~ normal(sum[cut](x) + sum[level](w), 1)\n'
    expect(bound(both, { data: { x: [1], w: [1, 2, 3] } }).diagnostics).toEqual([])
    expect(bound(both, { data: { x: [1, 2], w: [1, 2, 3] } }).diagnostics.map((d) => d.code)).toEqual(['AMP503'])
    const none = 'axis cut = size(level) - 2\ndata w[level]\nstate c[cut] ~ normal(0, 1)\nstate u ~ normal(sum[level](w), 1)\n'
    const { diagnostics } = bound(none, { data: { w: [1] } })
    expect(diagnostics.map((d) => d.message)).toEqual([
      'The axis cut is to have 2 elements fewer than level, which has 1 according to data.w.',
    ])
  })

  it('is shown, and known where the other is', () => {
    expect(printModel(modelOf(text))).toContain('cut : size of level - 1')
    const fixed =
      'axis cut = size(level) - 1\naxis level = size(other)\naxis other = 3\naxis k = 2\nstate a[cut] ~ normal(0, 1)\nstate b[k]\nenergy sum[k]((b - a[cut -> k])^2)\nstate l[level] ~ normal(0, 1)\nstate o[other] ~ normal(0, 1)\n'
    expect(codes(fixed)).toEqual([])
    expect(codes(fixed.replace('k = 2', 'k = 3'))).toEqual(['AMP314'])
  })

  test.each([
    ['axis cut = 2 * size(level)', 'AMP313'],
    ['axis cut = size(level) - 0.5', 'AMP313'],
    ['axis cut = 3 - size(level)', 'AMP313'],
    ['axis cut = size(level) - size(level)', 'AMP313'],
    ['axis cut = size(cut) - 1', 'AMP325'],
    ['axis cut = size(level) - 1\naxis level = size(cut) + 1', 'AMP325'],
  ])('%s has no size: %s', (line, code) => {
    expect(codes(`${line}\ndata w[level]\nstate c[cut] ~ normal(0, 1)\nstate u ~ normal(sum[level](w), 1)\n`)).toContain(code)
  })
})

import { expect, test } from 'vitest'
import { amp, folderWith } from './amp.ts'

const folder = folderWith({
  'level.amp': 'param b ~ normal(0, 1)\nstate c : bit ~ bernoulli(0.5)\nstate x ~ normal(b + c, 1)\n',
})

const shown = (...flags: string[]) => amp(folder, ['show', 'level.amp', ...flags]).out.split('\n')

test('what is observed and inferred is so in the stages that know what moves', () => {
  expect(shown('--stage', 'sampling')).toContain('param b')
  expect(shown('--stage', 'sampling', '--infer', 'b')).toContain('state b : real, coordinates a number')
  expect(shown('--stage', 'retrieval', '--observed', 'c')).toContain('state c')
})

test('the energy is printed with variables treated as asked, and as written without', () => {
  expect(shown('--stage', 'energy').join()).not.toContain('term:marginal c')
  expect(shown('--stage', 'energy', '--sum-out', 'c').join()).toContain('term:marginal c')
  expect(shown('--stage', 'retrieval', '--keep', 'c')).toContain('state c : bit, moves one site at a time')
})

test('one flag may name several variables', () => {
  const folder = folderWith({ 'two.amp': 'param a ~ normal(0, 1)\nparam b ~ normal(0, 1)\nstate x ~ normal(a, exp(b))\n' })
  const found = (...flags: string[]) => amp(folder, ['show', 'two.amp', '--stage', 'sampling', ...flags]).out
  expect(found('--infer', 'a, b')).toBe(found('--infer', 'a', '--infer', 'b'))
  expect(found('--infer', 'a,b')).toContain('state b : real')
  expect(found('--integrate', 'x,a', '--infer', 'a')).toBe(found('--integrate', 'x', '--integrate', 'a', '--infer', 'a'))
})

test('what cannot be asked of a stage is refused', () => {
  expect(amp(folder, ['show', 'level.amp', '--stage', 'model', '--sum-out', 'c']).err).toContain('nothing is observed, inferred or treated')
  expect(amp(folder, ['show', 'level.amp', '--stage', 'energy', '--sum-out', 'x']).err).toContain('"x" is not a discrete state')
  expect(amp(folder, ['show', 'level.amp', '--stage', 'sampling', '--infer', 'd']).err).toContain('AMP721')
})

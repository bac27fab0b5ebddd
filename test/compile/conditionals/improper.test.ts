import { expect, test } from 'vitest'
import { improperForms } from '../../../src/compile/conditionals/improper.ts'
import { situationOf } from '../../../src/middle/situation.ts'
import { energyOf } from '../models.ts'

/** The messages for a model, with the states of which a part is known. */
function said(text: string, known: readonly string[] = []): readonly string[] {
  const energy = energyOf(`model m\n${text}`)
  return improperForms(energy, situationOf(energy), new Set(known)).map((d) => `${d.code} ${d.message}`)
}
const gaussian = (precision: number): string =>
  `AMP603 The density of "x" cannot be normalised: with everything else held, it is a Gaussian of precision ${precision}.`
const linear = 'AMP603 The density of "x" cannot be normalised: with everything else held, the energy is linear in it.'

test.each([
  ['state x\nenergy -x^2', gaussian(-2)],
  ['state x\nenergy x', linear],
  ['state x\ndata h\nenergy h * x', linear],
  ['state x ~ normal(0, 1)\nenergy -x^2', gaussian(-1)],
  ['state x ~ normal(0, 1)\nenergy -x^2 / 2', linear],
  ['state x\nstate y ~ normal(0, 1)\nenergy x * y - x^2', gaussian(-2)],
])('%s is refused', (text, message) => {
  expect(said(text)).toEqual([message])
})

test.each([
  'state x\nenergy x^2',
  'state x ~ normal(0, 1)\nenergy -x^2 / 4',
  'state x ~ normal(0, 1)\nenergy 3 * x',
  'state x : positive\nenergy x',
  'state x : real(lower = 0, upper = 1)\nenergy -x^2',
  'state x\nenergy x^4 - x^2',
  // What the data decide is looked at far out instead.
  'state x\ndata a\nenergy a * x^2',
  'state x[i]\nenergy sum[i](x)^2',
  // Never moves.
  'param x = 1\nstate y ~ normal(0, 1)\nenergy -x^2',
])('%s is not', (text) => {
  expect(said(text)).toEqual([])
})

test('what is known in part is left to its tails', () => {
  expect(said('state x\nenergy -x^2', ['x'])).toEqual([])
})

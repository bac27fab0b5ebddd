import { expect, test } from 'vitest'
import { catalogue } from '../../src/base/codes.ts'
import { lower } from '../../src/compile/lower.ts'
import { saidByLowering, whenLowered } from '../../src/compile/warnings.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import { conformance } from '../dsl/programs.ts'

const doubtful = 'where(on, mu, y[t = t - 1])'
const declared = 'data y[t]\nstate on : bit\nstate mu ~ normal(0, 5)\n'
const chosen = [
  `${declared}y ~ normal(${doubtful}, 1)`,
  `${declared}let m = ${doubtful}\nenergy sum[t](m^2)`,
  `${declared}def m(u) = ${doubtful.replace('mu', 'u')}\nenergy sum[t](m(mu)^2)`,
  `${declared}energy sum[t](scan[t](first = mu, next = prev / 2) - ${doubtful})`,
  `${declared}y ~ normal(mu, 1) in (${doubtful} - 9, 9)`,
]

test.each(chosen)('what lowering warns of is found without lowering where it cannot be: %s', async (text) => {
  const model = analyse({ name: 'm.amp', text }).value
  expect(model && (await saidByLowering(model, whenLowered(model))).map(({ code }) => code)).toEqual(['AMP609'])
})

test('lowering says nothing of that kind in the models for which it is left out', async () => {
  const texts = [
    ...Object.values(catalogue).flatMap((entry) => ('example' in entry && entry.example !== undefined ? [entry.example] : [])),
    ...conformance.map(({ text }) => text),
    ...chosen,
  ]
  let lowered = 0
  for (const text of texts) {
    const model = analyse({ name: 'm.amp', text }).value
    if (model === undefined) continue
    lowered += 1
    const said = lower(model).diagnostics.filter(({ severity, code }) => severity === 'warning' || code === 'AMP610')
    expect(await saidByLowering(model, whenLowered(model))).toEqual(said)
  }
  expect(lowered).toBeGreaterThan(40)
})

import { describe, expect, test } from 'vitest'
import { treatmentsOf } from '../../src/compile/treatments.ts'
import { type Asked, situationOf } from '../../src/middle/situation.ts'
import { energyOf, program } from './models.ts'

const treatment = (text: string, name: string, asked: Asked = {}) =>
  treatmentsOf(energyOf(text), situationOf(energyOf(text), asked)).find((f) => f.name === name)
const spins = (rest: string): string => `model t\ndata y[i]\nstate x\nstate s[i] : spin\ny ~ normal(s * x, 1)\n${rest}\n`

describe('what becomes of a discrete state is said', () => {
  test.each([
    ['gaussian_mixture', 'z', 'summed out, each element by itself'],
    ['kernel_density', 'which', 'summed out, over its levels'],
    ['hidden_markov', 's', 'summed out, along the chain "t"'],
  ])('where it is summed out: %s', (model, name, words) => {
    expect(treatment(program(model), name)).toMatchObject({ summedOut: true, words, because: [] })
  })

  test.each([
    ['energy -x * sum[i](s * s[i = i - 2])', 'meet those 2 steps before along "i"'],
    ['energy -sum[i](s)^2', 'are put together over "i" before more is made of them'],
    ['energy s[i = 1] * s[i = 2] * x', 'are picked along "i" beside others, so that several of them meet'],
    ['energy sum[i](cumsum[i](s)^2)', 'are carried on along "i"'],
    // Elements that no axis of the recursion tells apart meet in its steps.
    ['axis t = 20\nenergy sum[t](scan[t](first = 1, next = sum[i](prev * (s + 1.5)) / 2))^2', 'are carried on along "t"'],
    ['param J[i, j]\naxis j = size(i)\nenergy sum[i, j](J * s * s[i -> j])', 'meet each other in pairs ("i" as "j")'],
  ])('where it is not, with the statement that couples it: %s', (rest, how) => {
    const text = spins(rest)
    const found = treatment(text, 's')
    expect(found?.words).toBe(`moved one element at a time (Gibbs), since its elements ${how}, so the sum has exponentially many terms`)
    expect(found?.because.map(({ span }) => text.slice(span.start, span.end))).toEqual([rest.split('\n').at(-1)])
  })

  test('by the way that fails in the fewest statements: a chain is not to blame where something else is', () => {
    const text = spins('energy -x * sum[i](s * s[i = i - 1])\nenergy exp(x) * sum[i](s)^2')
    expect(treatment(text, 's')?.because.map(({ span }) => text.slice(span.start, span.end))).toEqual(['energy exp(x) * sum[i](s)^2'])
  })

  test('where it was asked for, and where what was summed out before it is in the way', () => {
    expect(treatment(program('gaussian_mixture'), 'z', { keep: ['z'] })?.words).toBe('moved one element at a time (Gibbs), as asked')
    const rbm = program('rbm')
    expect(treatment(rbm, 'h')?.summedOut).toBe(true)
    expect(treatment(rbm, 'v')?.words).toContain(
      'the probabilities of "h", which is summed out before it, depend on several of its elements',
    )
    expect(treatment(rbm, 'v', { sumOut: ['v'] })?.summedOut).toBe(true)
  })
})

import { energyAt, givenOf, load, retrieve } from 'amp-lang'
import { verify } from 'amp-lang/verify'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const text = 'memory xi[pattern, pixel]\nstate x[pixel]\nenergy -log(sum[pattern](exp(sum[pixel](xi * x)))) + sum[pixel](x^2) / 2\n'
const xi = [[1, 0, 1], [0, 2, 0]] // biome-ignore format: a row a pattern

/** The same energy by hand; `sign` -1 is a mistake that the test must find. */
function byHand(x: readonly number[], sign = 1): number {
  const scores = xi.map((row) => row.reduce((sum, v, i) => sum + v * (x[i] as number), 0))
  return -sign * Math.log(scores.reduce((sum, s) => sum + Math.exp(s), 0)) + x.reduce((sum, v) => sum + (v * v) / 2, 0)
}

const loaded = load({ name: 'own.amp', text }).value
const given = givenOf({ memory: { xi } }).value
const points = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 })

function agree(x: readonly number[], sign = 1): boolean {
  if (loaded === undefined || given === undefined) return false
  const { value } = energyAt(loaded, given, { x })
  const h = 1e-5
  const slopes = x.map((v, i) => (byHand(x.with(i, v + h), sign) - byHand(x.with(i, v - h), sign)) / (2 * h))
  const near = (a: number | undefined, b: number, error: number) => Math.abs((a ?? Number.NaN) - b) <= error * (1 + Math.abs(b))
  return near(value?.energy, byHand(x, sign), 1e-12) && slopes.every((s, i) => near(value?.gradient.x?.data[i], s, 1e-7))
}

test('the model is the energy by hand, and a flipped sign is found', () => {
  fc.assert(fc.property(points, (x) => agree(x)), { seed: 1 }) // biome-ignore format: one thought
  expect(() => fc.assert(fc.property(points, (x) => agree(x, -1)), { seed: 1 })).toThrow() // biome-ignore format: one thought
})

test('retrieval descends the energy by hand, and the laws hold', async () => {
  if (loaded === undefined) throw new Error('the model does not load')
  await fc.assert(
    fc.asyncProperty(points, async (x) => {
      const cue = givenOf({ memory: { xi }, cue: { x } }).value
      const end = cue && (await retrieve(loaded, cue)).value?.retrievals[0]?.states.x?.data
      expect(byHand([...(end ?? [])])).toBeLessThanOrEqual(byHand(x) + 1e-12)
    }),
    { seed: 2, numRuns: 20 },
  )
  const { value } = await verify(loaded, { runs: 5, laws: [1, 2, 3], tfjs: false, emit: false })
  expect(value?.laws.filter((law) => law.status === 'fails')).toEqual([])
})

import { expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf } from '../../src/run/inputs.ts'

/** Where x comes to rest beside the element of c that z picks, by the numbers that a user counts: from 1. */
async function picked(declarations: string, options = {}): Promise<number> {
  const text = `axis k = 4\ndata c[k]\n${declarations}\nstate x ~ normal(c[k = z], 1)\n`
  const loaded = must(load({ name: 'picked.amp', text }).value, text)
  const given = must(givenOf({ data: { c: [10, 20, 30, 40] } }).value, 'data')
  const [retrieval] = must((await retrieve(loaded, given, options)).value, 'result').retrievals
  return must(retrieval?.states.x?.data[0], 'x')
}

it.each([1, 2, 3, 4])('element %i as a default is that element', async (k) => {
  expect(await picked(`param z : k = ${k}`)).toBeCloseTo(10 * k, 10)
  expect(await picked(`param first : k = ${k}\nparam z : k = first`)).toBeCloseTo(10 * k, 10)
})

it.each(['= 2', 'from 2'])('a state that starts at an element (%s) starts at that one', async (start) => {
  // No single flip lowers the energy of a state that x follows.
  expect(await picked(`state z : k ${start}`, { keep: ['z'] })).toBeCloseTo(20, 10)
})

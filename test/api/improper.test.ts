import { expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf } from '../../src/run/inputs.ts'

/** What is said of where a density does not fall off. */
async function said(text: string): Promise<string> {
  const loaded = must(load({ name: 'x.amp', text }).value, text)
  const { diagnostics } = await sample(loaded, must(givenOf({}).value, 'inputs'), { chains: 1, draws: 10, warmup: 10, seed: 3 })
  return diagnostics.find((d) => d.code === 'AMP603')?.message ?? ''
}

it.each([
  ['real(upper = 3)', '-log(3 - x)', '-infinity'],
  ['real(upper = 3)', '3 * log(3 - x)', 'the edge of its support'],
  ['real(lower = 3)', '-log(x - 3)', 'infinity'],
  ['positive', '-log(x)', 'infinity'],
  ['positive', 'x + 3 * log(x)', '0'],
  ['probability', '2 * log(1 - x)', '1'],
])('says of a state that is %s, with the energy %s, that its density does not fall off towards %s', async (type, energy, end) => {
  expect(await said(`state x : ${type}\nenergy ${energy}`)).toContain(`as x goes to ${end}:`)
})

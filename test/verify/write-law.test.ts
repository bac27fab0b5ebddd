import { expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { verify } from '../../src/api/verify.ts'
import { must } from '../../src/base/internal-error.ts'

const memories = `axis level = 3
data S[feature, dim]
memory T[feature] = 0
memory R[level] : nonnegative = 0
memory xi[pattern, dim]
state x[dim]
state v : level
energy sum[dim](x^2) - logsumexp[pattern](sum[dim](xi * x)) - log(R + 1)[level = v] + sum[feature](T * sin(sum[dim](S * x)))
write xi[pattern = new] = x
write R[level = v] = R[level = v] + 1
`

/** How each check of law 8 ended, by the start of its name. */
async function ends(rules: string): Promise<readonly string[]> {
  const loaded = must(load({ name: 'm.amp', text: memories + rules }).value, 'model')
  const { laws } = must((await verify(loaded, { runs: 8, seed: 1, sbc: 1, tfjs: false, emit: false, laws: [8] })).value, 'verification')
  // Those of posteriors come after them.
  return must(laws[0], 'law')
    .checks.slice(0, 3)
    .map((c) => c.status)
}

const write = 'write T = T + sin(sum[dim](S * x))\n'

it('holds where a forget rule takes away what the write adds', async () => {
  expect(await ends(`${write}forget T = T - sin(sum[dim](S * x))\nforget R[level = v] = R[level = v] - 1`)).toEqual([
    'holds',
    'holds',
    'holds',
  ])
})

it.each([
  ['a sign', 'forget T = T + sin(sum[dim](S * x))'],
  ['a factor', 'forget T = T - 0.99 * sin(sum[dim](S * x))'],
  ['the element', 'forget R[level = 1] = R[level = 1] - 1'],
])('fails where %s of a forget rule is wrong', async (_, rule) => {
  expect((await ends(`${write}${rule}`))[1]).toBe('fails')
})

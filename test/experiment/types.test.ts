import { experiment } from 'amp-lang/experiment'
import { expect, test } from 'vitest'

/** Held by `tsc`, which reports an expected error that does not come. */
test('TypeScript holds findings to the names of the claims', () => {
  const about = { title: 'A well', source: 'a schoolbook', seconds: 1, seed: 1 }
  const minimum = { what: 'where it is least', where: 'page 1', bound: { least: 0.9 } }
  const right = experiment({ ...about, claims: { minimum }, run: async () => ({ measured: { minimum: 1 } }) })
  // @ts-expect-error: what is measured has no claim.
  const other = experiment({ ...about, claims: { minimum }, run: async () => ({ measured: { maximum: 1 } }) })
  // @ts-expect-error: a claim is not measured.
  const less = experiment({ ...about, claims: { minimum, maximum: minimum }, run: async () => ({ measured: { minimum: 1 } }) })
  expect([right, other, less]).toHaveLength(3)
})

import { describe, expect, test } from 'vitest'
import { digestOf, readings } from '../../scripts/engines.mjs'

/**
 * The digests were the same on Node 20.20, 22.23 and 24.22 on x64 (`npm run engines`). Nothing has been
 * measured on other processors, though functions are our own and no engine may fuse a product and a sum of a program.
 */
describe.runIf(process.arch === 'x64')('files of seeded runs are the same on every engine', () => {
  test.each(Object.entries(readings()))('%s', (_, { sha256, ...run }) => {
    expect(digestOf(run), 'if draws were meant to change: npm run build && node scripts/engines.mjs --write').toBe(sha256)
  })
})

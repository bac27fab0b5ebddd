import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Sizes } from '../../ir/graph.ts'

/** What to tell of an exception that says that an array did not fit in memory; any other is thrown on. */
export function outOfMemory(error: unknown, sizes: Sizes, draws = 0): readonly Diagnostic[] {
  if (!(error instanceof RangeError) || !/allocation failed|invalid (?:typed )?array length/i.test(error.message)) throw error
  const largest = Object.entries(sizes).sort(([, a], [, b]) => b - a)
  const parts = largest.slice(0, 4).map(([axis, size]) => `${axis} = ${size.toLocaleString('en')}`)
  if (draws > 0) parts.push(`${draws.toLocaleString('en')} draws a chain`)
  return [
    diagnostic('AMP510', `What this run works with does not fit in memory: ${parts.join(', ')}.`, {
      expected: 'smaller sizes, or fewer draws',
    }),
  ]
}

import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { volume } from '../base/tensor.ts'
import type { Sizes } from '../ir/graph.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'

/** What to report for an exception that says that an array did not fit in memory; any other is thrown on. */
export function outOfMemory(error: unknown, sizes: Sizes, draws = 0): readonly Diagnostic[] {
  if (!(error instanceof RangeError) || !/allocation failed|invalid (?:typed )?array length/i.test(error.message)) throw error
  const largest = Object.entries(sizes).sort(([, a], [, b]) => b - a)
  const parts = largest.slice(0, 4).map(([axis, size]) => `${axis} = ${size.toLocaleString('en')}`)
  if (draws > 0) parts.push(`${draws.toLocaleString('en')} draws a chain`)
  return [
    diagnostic('AMP510', `This run does not fit in memory: ${parts.join(', ')}.`, {
      expected: 'smaller sizes, or fewer draws',
    }),
  ]
}

/** More numbers than this in what all chains keep (32 GiB) are refused rather than tried. */
const MOST_KEPT = 0x1_0000_0000

/** What a chain holds besides its draws, as numbers: its state, tuning and random numbers. */
const OWN = 256

/** What to tell where the draws of all chains together cannot be held; `kept`: what is kept of each draw. */
export function tooManyDraws(
  kept: readonly { readonly axes: readonly string[] }[],
  sizes: Sizes,
  { chains = defaults.chains, draws = defaults.draws }: Pick<OptionsOf<'sample'>, 'chains' | 'draws'>,
): readonly Diagnostic[] {
  const width = kept.reduce((sum, { axes }) => sum + volume(axes.map((a) => sizes[a] ?? 1)), 0)
  if (chains * (draws * width + OWN) <= MOST_KEPT) return []
  const parts = [`${counted(chains, 'chain')}`, `${counted(draws, 'draw')} a chain`, `${counted(width, 'number')} a draw`]
  return [
    diagnostic('AMP510', `The draws of all chains do not fit in memory: ${parts.join(', ')}.`, {
      expected: `at most ${MOST_KEPT.toLocaleString('en')} numbers in all draws`,
      hint: 'Ask for fewer draws, or fewer chains.',
    }),
  ]
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}

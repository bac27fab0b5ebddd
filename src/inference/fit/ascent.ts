import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import type { FitPart } from './part.ts'

/** How a fit ended. `sentence`: why it failed. */
export type FitOutcome = { readonly kind: 'converged' | 'sweeps' } | { readonly kind: 'failed'; readonly sentence: string }

export interface Ascent {
  readonly outcome: FitOutcome
  /** The ELBO after each sweep, in nats. */
  readonly trace: readonly number[]
}

export interface AscentOptions {
  /** At most so many sweeps, each of all blocks. */
  readonly sweeps: number
  /** At rest when a sweep raises the ELBO by no more than this times 1 + |ELBO|. */
  readonly gain: number
}

/**
 * Updates one block after the other until the ELBO rises no more; no update lowers it. `elbo` is -E_q[E]/T and the entropy of q, at
 * the means that are there.
 */
export function ascend(parts: readonly FitPart[], elbo: () => number, { sweeps, gain }: AscentOptions): Ascent {
  const trace: number[] = []
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (const part of parts) {
      const failed = part.update(elbo)
      if (failed !== undefined) return { outcome: noDensity(failed), trace }
    }
    const now = elbo()
    if (!Number.isFinite(now)) return { outcome: { kind: 'failed', sentence: 'The ELBO is not finite.' }, trace }
    const before = trace.at(-1)
    trace.push(now)
    if (before !== undefined && now - before <= gain * (1 + Math.abs(now))) return { outcome: { kind: 'converged' }, trace }
  }
  return { outcome: { kind: 'sweeps' }, trace }
}

/**
 * Where ascent starts: at a draw of everything, after so many sweeps of Gibbs draws, each block from its best q given single values of
 * the others. Clusters and factors that start alike would stay alike.
 */
export function scatter(parts: readonly FitPart[], elbo: () => number, stream: Stream, sweeps: number): FitOutcome | undefined {
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (let i = 0; i < parts.length; i += 1) {
      const part = must(parts[i], 'block')
      const failed = part.update(elbo)
      if (failed !== undefined) return noDensity(failed)
      part.draw(stream)
      part.pin()
    }
  }
  return undefined
}

function noDensity(name: string): FitOutcome {
  return { kind: 'failed', sentence: `There is no q of "${name}" given the means of everything else: it is no density there.` }
}

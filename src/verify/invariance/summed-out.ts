import { must } from '../../base/internal-error.ts'
import { squared } from '../../base/special/pow.ts'
import { chiSquareTail } from '../../inference/diagnostics/quantiles.ts'
import { fails, holds, type LawCheck, skipped } from '../law.ts'
import { enumerate, valuesOf } from '../levels.ts'
import { streamFor } from '../trial.ts'
import { jointOf, samplingOf } from './sampling.ts'

const DRAWS = 1000

/** A right sampler falls below once in 1e10 cases, were chi-square exact; parts of few draws make it a little more. */
const LEAST_TAIL = 1e-10

/** Pearson's test of joint draws of all that was summed out, against enumeration of the energy as it was written. */
export const summedOutDraws: LawCheck = {
  name: 'draws of what was summed out = their probabilities by enumeration',
  applies(subject) {
    if ('why' in subject.sampling) return `there is no sampling: ${subject.sampling.why}`
    return subject.summed.marginalised.length === 0 ? 'no discrete state was summed out' : undefined
  },
  run(trial) {
    const parts = must(samplingOf(trial.subject), 'sampling')
    const all = enumerate(trial)
    if (all === undefined) return skipped('every case has too many joint levels to enumerate')
    if (!all.energies.every(Number.isFinite)) return skipped('E is infinite at some levels')
    const { marginalised } = trial.subject.summed
    const key = (values: Readonly<Record<string, Float64Array>>): string =>
      marginalised.map((s) => must(values[s.name], s.name).join()).join(';')
    const places = new Map(all.configurations.map((c, k) => [key(valuesOf(marginalised, c)), k]))
    const states = jointOf(trial, parts)
    const stream = streamFor(trial, 'summed out')
    const counts = new Float64Array(all.weights.length)
    for (let k = 0; k < DRAWS; k += 1) {
      for (const state of states) state.draw(stream)
      const drawn = key(Object.fromEntries(states.map((s) => [s.name, s.values])))
      const at = places.get(drawn)
      if (at === undefined) return fails('a joint draw of what was summed out', 'levels that there are', drawn)
      counts[at] = (counts[at] as number) + 1
    }
    const tail = tailOf(counts, all.weights)
    return tail < LEAST_TAIL
      ? fails(
          `${DRAWS} joint draws of ${marginalised.map((s) => s.name).join(', ')}`,
          `shares ${short(all.weights)}`,
          short(counts.map((c) => c / DRAWS)),
        )
      : holds
  },
}

/** The tail of chi-square; what is expected fewer than 5 times counts together. */
function tailOf(counts: Float64Array, weights: ArrayLike<number>): number {
  let [statistic, parts] = [0, 0]
  const rare = { seen: 0, expected: 0 }
  const add = (seen: number, expected: number): void => {
    statistic += squared(seen - expected) / expected
    parts += 1
  }
  for (const [k, seen] of counts.entries()) {
    const expected = DRAWS * (weights[k] as number)
    if (expected >= 5) add(seen, expected)
    else {
      rare.seen += seen
      rare.expected += expected
    }
  }
  if (rare.expected >= 5) add(rare.seen, rare.expected)
  // Too rare to be expected once in a hundred cases, and seen five times: a chance below 1e-10.
  else if (rare.expected < 0.05 && rare.seen >= 5) return 0
  return parts < 2 ? 1 : chiSquareTail(statistic, parts - 1)
}

function short(shares: ArrayLike<number>): string {
  const first = Array.from(shares)
    .slice(0, 6)
    .map((x) => x.toFixed(3))
  return `[${first.join(', ')}${shares.length > 6 ? ', ...' : ''}]`
}

import { exp } from '../../base/special/exponential.ts'
import { log } from '../../base/special/logarithm.ts'
import { pow } from '../../base/special/pow.ts'

/** So many temperatures from the coldest to the hottest, both exactly, each the same multiple of the one before. */
export function geometricLadder(coldest: number, hottest: number, rungs: number): Float64Array {
  return Float64Array.from({ length: rungs }, (_, k) =>
    k === 0 ? coldest : k === rungs - 1 ? hottest : coldest * pow(hottest / coldest, k / (rungs - 1)),
  )
}

/** Where no swap was refused yet, neighbours are as far apart as this: the ladder stays as it is. */
const LEAST = 0.01

/**
 * The ladder between the same ends on which neighbours refuse to swap equally often, by how often those of `temperatures` did
 * (`refused`, one number for each two neighbours). What is refused adds up along the ladder to the communication barrier; the new
 * temperatures part it evenly, it being linear in log T between the old ones (Syed, Bouchard-Cote, Deligiannidis and Doucet 2021,
 * section 5).
 */
export function evenedLadder(temperatures: Float64Array, refused: ArrayLike<number>): Float64Array {
  const last = temperatures.length - 1
  const steps = Float64Array.from(refused, (r) => Math.max(LEAST, r))
  const whole = steps.reduce((sum, r) => sum + r, 0)
  const next = Float64Array.from(temperatures)
  for (let k = 1, i = 0, below = 0; k < last; k += 1) {
    const goal = (whole * k) / last
    while (i < last - 1 && below + (steps[i] as number) < goal) {
      below += steps[i] as number
      i += 1
    }
    const [from, to] = [log(temperatures[i] as number), log(temperatures[i + 1] as number)]
    next[k] = exp(from + ((to - from) * (goal - below)) / (steps[i] as number))
  }
  return next
}

/** After how many of so many steps of warm-up the ladder is made anew: rounds that double, and half of it on the last ladder. */
export function ladderRounds(warmup: number): readonly number[] {
  const rounds: number[] = []
  for (const part of [16, 8, 4, 2]) {
    const end = Math.floor(warmup / part)
    if (end - (rounds.at(-1) ?? 0) >= SHORTEST) rounds.push(end)
  }
  return rounds
}

/** Fewer steps say too little of how often neighbours swap. */
const SHORTEST = 8

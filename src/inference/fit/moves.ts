import { attempt, attemptOnce, countsOf, type Memory, type Round, type SharedElements, USED } from './elements.ts'
import { joins } from './joins.ts'
import { splits } from './splits.ts'

/** The smallest elements that are looked at in one round to give up. */
const MOST_GIVEN_UP = 4

/**
 * One round of moves, each taken if it raises the ELBO: elements in the order of their sizes, splits, joins, pairs divided otherwise,
 * and elements given up (Hughes and Sudderth 2013). What they start from is the model's own updates, whatever the components are; where
 * they may be, they are looked at on the rows concerned alone before all rows are asked.
 */
export function round(e: SharedElements, memory: Memory): Round {
  const ordered = order(e)
  const split = splits(e, memory)
  // There will be more to join once there is nothing more to split.
  if (split.moved || split.full) return split
  const joined = joins(e, memory)
  const given = givenUp(e, memory)
  return { ...split, moved: ordered || joined || given }
}

/** Sticks are shortest where the largest elements come first. */
function order(e: SharedElements): boolean {
  const counts = countsOf(e)
  const sizes = Array.from(counts.keys()).sort((a, b) => (counts[b] as number) - (counts[a] as number))
  if (sizes.every((k, i) => k === i)) return false
  return attempt(e, () => {
    for (const p of e.pickers) p.reorder(sizes)
  })
}

/** The smallest elements, whose rows go to others. */
function givenUp(e: SharedElements, memory: Memory): boolean {
  const counts = countsOf(e)
  const used = Array.from(counts.keys()).filter((k) => (counts[k] as number) >= USED)
  const most = Math.min(MOST_GIVEN_UP, used.length - 1)
  const small = used.toSorted((a, b) => (counts[a] as number) - (counts[b] as number)).slice(0, most)
  let moved = false
  for (const k of small) {
    const rest = used.filter((other) => other !== k)
    const without = (): void => {
      for (const picker of e.pickers) {
        picker.weigh()
        for (let s = 0; s < picker.sites; s += 1) if (picker.of(s, k) > 1e-9) picker.assign(s, rest)
      }
    }
    moved = attemptOnce(e, memory, `without ${(counts[k] as number).toFixed(2)} of ${used.length}`, without) || moved
  }
  return moved
}

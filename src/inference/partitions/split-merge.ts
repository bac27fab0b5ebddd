import type { Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import { log1p, log as logOf } from '../../base/special/logarithm.ts'
import { lgamma } from '../../base/special/operations.ts'
import { newWeight, type PartitionLaw, seatWeight } from '../../families/processes/partitions.ts'
import type { Collapsed } from './collapsed.ts'
import { freeSlot, seat, unseat } from './seats.ts'

/** Restricted scans before the one that proposes. */
const SCANS = 4

/**
 * Splits a block in two, or makes two blocks one, at once (Jain and Neal 2004): what Gibbs moves thing by thing would do against the
 * slope. The two halves are found by Gibbs sampling between two things that are drawn, and accepted by Metropolis and Hastings. Things
 * that cannot move stay with the first of the two, in a split as in the merge that undoes it.
 */
export interface SplitMerge {
  /** 1 where a proposal was accepted, 0 where none was, -1 where all slots were taken and a new block is wanted. */
  step(law: PartitionLaw, stream: Stream): number
}

/** `temperature` as in `collapsedGibbs`. */
export function splitMerge(c: Collapsed, temperature: number): SplitMerge {
  const { natural, seats, own, prior, etas, logIntegrals } = c
  const { width } = natural
  const { slots, free } = seats
  const things = slots.length
  const may = new Set(free)
  const held = Int32Array.from([...slots.keys()].filter((thing) => !may.has(thing)))
  /** Those that may be on either side, and on which each is. */
  const others = new Int32Array(things)
  const sides = new Uint8Array(things)
  const sizes = new Int32Array(2)
  const halves = [new Float64Array(width), new Float64Array(width)] as const
  const integrals = new Float64Array(2)
  const joined = [new Float64Array(width), new Float64Array(width)] as const
  const joinedIntegrals = new Float64Array(2)

  function add(to: Float64Array, thing: number, sign: 1 | -1): void {
    for (let j = 0; j < width; j += 1) to[j] = (to[j] as number) + sign * (own[thing * width + j] as number)
  }

  function join(side: 0 | 1, thing: number): number {
    joined[side].set(halves[side])
    add(joined[side], thing, 1)
    joinedIntegrals[side] = natural.logIntegral(joined[side], 0)
    return logOf(seatWeight(law, sizes[side] as number)) / temperature + (joinedIntegrals[side] as number) - (integrals[side] as number)
  }

  let law: PartitionLaw = { discount: 0, concentration: 1 }

  /** Each chooses a side given all others. With `wanted`, it is that side. The log of how likely this was. */
  function scan(count: number, stream: Stream, wanted?: (thing: number) => 0 | 1): number {
    let log = 0
    for (let k = 0; k < count; k += 1) {
      const thing = others[k] as number
      const was = sides[thing] as 0 | 1
      add(halves[was], thing, -1)
      sizes[was] = (sizes[was] as number) - 1
      integrals[was] = natural.logIntegral(halves[was], 0)
      // The log odds of side 1.
      const odds = join(1, thing) - join(0, thing)
      const side = wanted?.(thing) ?? (stream.uniform() * (1 + exp(-odds)) < 1 ? 1 : 0)
      log -= log1p(exp(side === 1 ? -odds : odds))
      put(thing, side)
      integrals[side] = joinedIntegrals[side] as number
    }
    return log
  }

  function put(thing: number, side: 0 | 1): void {
    sides[thing] = side
    sizes[side] = (sizes[side] as number) + 1
    add(halves[side], thing, 1)
  }

  /** Two halves around two things, everybody else on a side at random; how many those are. */
  function launch(first: number, second: number, stream: Stream): number {
    const [a, b] = [slots[first], slots[second]]
    sizes.fill(0)
    for (const half of halves) half.set(prior)
    put(first, 0)
    put(second, 1)
    let count = 0
    for (const i of held) if (slots[i] === a) put(i, 0)
    for (const i of free) {
      if (i === first || i === second || (slots[i] !== a && slots[i] !== b)) continue
      others[count++] = i
      put(i, stream.uniform() < 0.5 ? 0 : 1)
    }
    for (const side of [0, 1] as const) integrals[side] = natural.logIntegral(halves[side], 0)
    for (let s = 0; s < SCANS; s += 1) scan(count, stream)
    return count
  }

  /** The log of how much likelier the two halves are than one block, where there are `blocks` with it. */
  function gain(blocks: number, together: number): number {
    const { discount: d } = law
    const [m, n] = [sizes[0] as number, sizes[1] as number]
    const ofLaw = logOf(newWeight(law, blocks)) + lgamma(m - d) + lgamma(n - d) - lgamma(1 - d) - lgamma(m + n - d)
    return ofLaw / temperature + (integrals[0] as number) + (integrals[1] as number) - together - natural.logIntegral(prior, 0)
  }

  /** Puts a half where its block is. */
  function settle(side: 0 | 1, slot: number): void {
    etas.set(halves[side], slot * width)
    logIntegrals[slot] = integrals[side] as number
  }

  function split(first: number, second: number, stream: Stream): number {
    const count = launch(first, second, stream)
    const proposed = scan(count, stream)
    const block = slots[first] as number
    const log = gain(seats.blocks, logIntegrals[block] as number) - proposed
    if (!(logOf(stream.uniform()) < log)) return 0
    const slot = freeSlot(seats)
    if (slot < 0) return -1
    for (const i of free) {
      if (slots[i] !== block || i === first || (i !== second && sides[i] === 0)) continue
      unseat(seats, i)
      seat(seats, i, slot)
    }
    settle(0, block)
    settle(1, slot)
    return 1
  }

  function merge(first: number, second: number, stream: Stream): number {
    const [block, gone] = [slots[first] as number, slots[second] as number]
    if (held.some((thing) => slots[thing] === gone)) return 0
    const count = launch(first, second, stream)
    const proposed = scan(count, stream, (thing) => (slots[thing] === gone ? 1 : 0))
    const whole = joined[0]
    whole.set(halves[0])
    for (let j = 0; j < width; j += 1) whole[j] = (whole[j] as number) + (halves[1][j] as number) - (prior[j] as number)
    const together = natural.logIntegral(whole, 0)
    const log = proposed - gain(seats.blocks - 1, together)
    if (!(logOf(stream.uniform()) < log)) return 0
    for (const i of free) {
      if (slots[i] !== gone) continue
      unseat(seats, i)
      seat(seats, i, block)
    }
    etas.set(whole, block * width)
    logIntegrals[block] = together
    return 1
  }

  return {
    step(now, stream) {
      const count = free.length
      if (count < 2) return 0
      law = now
      const place = stream.integer(count)
      const first = free[place] as number
      const second = free[(place + 1 + stream.integer(count - 1)) % count] as number
      return (slots[first] === slots[second] ? split : merge)(first, second, stream)
    },
  }
}

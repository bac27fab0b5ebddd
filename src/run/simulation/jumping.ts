import { must } from '../../base/internal-error.ts'
import { stridesOver, volumeOver } from '../../ir/layout.ts'
import * as ports from '../../middle/ports.ts'
import type { Run } from '../run.ts'
import type { MotionField, SimulationParts } from './field.ts'

/** A jump that happened: of which statement's condition, and of which of its elements, from 0. */
export interface JumpEvent {
  readonly time: number
  readonly condition: number
  readonly element: number
}

export interface Jumping {
  /** How far above the condition is that is due first, of those that did not hold before; below 0 where none is. */
  excess(): number
  /**
   * Makes all jumps that are due, one element at a time, the one furthest above first, and looks again after each. An element
   * whose condition still holds jumps again if jumps changed how far it is above; else it waits until it has been below.
   */
  jump(t: number): 'done' | 'endless'
  readonly events: readonly JumpEvent[]
  /** All jumps so far; the next ones are those of another trajectory. */
  done(): readonly JumpEvent[]
}

/** So many jumps at one moment are taken to have no end. */
const ENDLESS = 100_000

export function openJumping(run: Run<SimulationParts>, field: MotionField): Jumping | undefined {
  const { jumps, excesses, landings } = run.parts.program
  if (jumps.length === 0) return undefined
  const { sizes } = run
  const compared = field.open(excesses)
  const landed = field.open(landings)
  const conditions = Array.from({ length: Math.max(...jumps.map((j) => j.condition)) + 1 }, (_, i) =>
    must(compared.outputs.get(ports.excess(String(i))), 'condition'),
  )
  // 0 before an element has been looked at: a condition that holds from the start is met at the start.
  const waiting = conditions.map((c) => new Uint8Array(c.length))
  const moves = jumps.map((jump, i) => {
    const slot = must(
      field.slots.find((s) => s.name === jump.target),
      jump.target,
    )
    const value = must(landed.outputs.get(ports.landing(i)), jump.target)
    return { ...slot, ...jump, value, places: placesOf(jump, slot.axes, sizes) }
  })
  const events: JumpEvent[] = []

  function largest(): { readonly condition: number; readonly element: number } | undefined {
    let best = 0
    let found: { readonly condition: number; readonly element: number } | undefined
    conditions.forEach((excess, condition) => {
      for (let element = 0; element < excess.length; element += 1) {
        const above = excess[element] as number
        if (above > best && waiting[condition]?.[element] === 0) {
          best = above
          found = { condition, element }
        }
      }
    })
    return found
  }

  function look(): void {
    compared.run()
    conditions.forEach((excess, c) => {
      const own = waiting[c] as Uint8Array
      for (let i = 0; i < excess.length; i += 1) if (!((excess[i] as number) > 0)) own[i] = 0
    })
  }

  return {
    events,
    done() {
      for (const own of waiting) own.fill(0)
      return events.splice(0)
    },
    excess() {
      look()
      let best = Number.NEGATIVE_INFINITY
      conditions.forEach((excess, c) => {
        for (let i = 0; i < excess.length; i += 1) if (waiting[c]?.[i] === 0) best = Math.max(best, excess[i] as number)
      })
      return best
    },
    jump(t) {
      look()
      for (let count = 0; ; count += 1) {
        const next = largest()
        if (next === undefined) return 'done'
        if (count >= ENDLESS) return 'endless'
        const { condition, element } = next
        const before = must(conditions[condition], 'condition').slice()
        landed.run()
        // All values are there before the first state changes.
        const own = moves.filter((m) => m.condition === condition)
        for (const move of own) move.places.assign(field.y.subarray(move.offset, move.offset + move.length), move.value, element)
        events.push({ time: t, condition, element })
        look()
        const after = must(conditions[condition], 'condition')
        if ((after[element] as number) > 0 && after[element] === before[element]) (waiting[condition] as Uint8Array)[element] = 1
      }
    },
  }
}

interface JumpPlaces {
  assign(target: Float64Array, value: Float64Array, element: number): void
}

/** Which numbers of a target a jump of one element changes, and by which of its value. */
function placesOf(
  { axes, over }: { readonly axes: readonly string[]; readonly over: readonly string[] },
  own: readonly string[],
  sizes: Run<unknown>['sizes'],
): JumpPlaces {
  const [inValue, inTarget, inCondition] = [stridesOver(axes, sizes), stridesOver(own, sizes), stridesOver(over, sizes)]
  const size = (axis: string): number => must(sizes[axis], axis)
  const free = own.filter((axis) => !over.includes(axis))
  const count = volumeOver(free, sizes)
  const inFree = stridesOver(free, sizes)
  return {
    assign(target, value, element) {
      let [to, from] = [0, 0]
      for (const axis of over) {
        const at = Math.floor(element / must(inCondition.get(axis), axis)) % size(axis)
        to += at * (inTarget.get(axis) ?? 0)
        from += at * (inValue.get(axis) ?? 0)
      }
      for (let k = 0; k < count; k += 1) {
        let [t, f] = [to, from]
        for (const axis of free) {
          const at = Math.floor(k / must(inFree.get(axis), axis)) % size(axis)
          t += at * (inTarget.get(axis) ?? 0)
          f += at * (inValue.get(axis) ?? 0)
        }
        target[t] = value[f] as number
      }
    },
  }
}

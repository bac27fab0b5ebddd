import type { Tensor } from '../base/tensor.ts'

/** A place on the way of a retrieval. */
export interface Moment {
  /** How many steps were begun. */
  readonly step: number
  /** Which flip of the step led here, where discrete states flip one after the other; 0 after all else that a step does. */
  readonly flip: number
  readonly time: number
  /** Nats. After a flip: the energy before it, and the exact difference. */
  readonly energy: number
  /** Which retrieval of an annealed sequence it is of. */
  readonly at?: Readonly<Record<string, number>>
  /** Values of all states that move, where they were asked for. */
  readonly states?: Readonly<Record<string, Tensor>>
}

/** Writes down the way of a retrieval: the cue, then each step, or each flip of it. */
export interface PathRecorder {
  readonly moments: readonly Moment[]
  /** Whether the values of states are written down, too: then the graph has to have been run where they are. */
  readonly values: boolean
  /** Where a step, or the part of it that flows are, led. */
  arrive(step: number, time: number, energy: number): void
  /** From here on flips are of this step. */
  begin(step: number, time: number, energy: number): void
  /** A flip that changed the energy by so much. */
  flip(change: number): void
  /**
   * What was written from moment number `from` on, after the step `step` at the energy `energy`, led lower in the end: what of
   * it lies higher is left out, and the steps are counted without it.
   */
  keepLower(from: number, step: number, energy: number): void
  /** What was written from moment number `from` on led nowhere. */
  forget(from: number): void
}

/** `read`: the values of states where the graph was run last. */
export function pathRecorder(read: (() => Moment['states']) | undefined): PathRecorder {
  const moments: Moment[] = []
  let now = { step: 0, flip: 0, time: 0, energy: 0 }
  const write = (): void => {
    moments.push(read === undefined ? now : { ...now, states: read() ?? {} })
  }
  const begin = (step: number, time: number, energy: number): void => {
    now = { step, flip: 0, time, energy }
  }
  return {
    moments,
    values: read !== undefined,
    begin,
    arrive(step, time, energy) {
      begin(step, time, energy)
      write()
    },
    flip(change) {
      now = { ...now, flip: now.flip + 1, energy: now.energy + change }
      write()
    },
    keepLower(from, step, energy) {
      const kept = moments.splice(from).filter((m) => m.energy <= energy)
      const steps = [...new Set(kept.map((m) => m.step))]
      moments.push(...kept.map((m) => ({ ...m, step: step + 1 + steps.indexOf(m.step) })))
    },
    forget(from) {
      moments.length = from
    },
  }
}

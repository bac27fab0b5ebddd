import type { Recorder } from './recorder.ts'

/** How far the energy rose while signals stayed as they were. */
export interface Rise {
  /** Nats; 0 where it never rose by more than rounding and the errors of steps. */
  readonly by: number
  readonly from: number
  readonly to: number
}

/** Looks at the energy along the way: the largest rise from a low place to a later one, between changes of signals. */
export interface Rising {
  /** The next places belong to another energy. */
  anew(): void
  look(t: number): void
  readonly rise: Rise
}

export function openRising({ energy }: Pick<Recorder, 'energy'>, tolerance: number): Rising {
  let [low, when] = [Number.POSITIVE_INFINITY, 0]
  let rise: Rise = { by: 0, from: 0, to: 0 }
  return {
    anew() {
      low = Number.POSITIVE_INFINITY
    },
    look(t) {
      const now = energy()
      if (now === undefined || !Number.isFinite(now)) return
      if (now < low) {
        low = now
        when = t
      } else if (now - low > rise.by && now - low > ROOM * tolerance * (1 + Math.abs(low))) rise = { by: now - low, from: when, to: t }
    },
    get rise() {
      return rise
    },
  }
}

/** Errors of steps add up, and slopes of E multiply them: a rise counts from so many times their tolerance on. */
const ROOM = 100

import { setImmediate } from 'node:timers/promises'
import type { LearnPace } from '../api/learn.ts'
import type { LearnState } from '../run/learn-state.ts'
import { openInterrupts } from './interrupts.ts'
import { progressLine } from './progress-line.ts'
import { show } from './table.ts'

/** Learning under way, which a signal ends after the step it is in. */
export interface LearnSession {
  readonly pace: LearnPace
  /** The exit code of the signal that ended it, if one did. */
  interrupted(): number | undefined
}

/** How long a stretch is, in milliseconds: signals are heard and progress is shown between stretches. */
const STRETCH = 100

/** Between two checkpoints, in milliseconds. */
const MINUTE = 60_000

interface LearnSessionOptions {
  readonly quiet: boolean
  /** Writes a checkpoint, where one was asked for. */
  readonly save: (state: LearnState) => Promise<unknown>
}

export function openLearnSession({ quiet, save }: LearnSessionOptions): LearnSession {
  const interrupts = openInterrupts()
  const pace: LearnPace = async (path, { progress, learned }) => {
    let saved = performance.now()
    const line = quiet ? undefined : progressLine('Learning', process.stderr)
    interrupts.listen(() => line?.clear())
    // A step is not broken off in the middle, where params and what the optimiser remembers would not go together.
    while (advanceFor(path, STRETCH)) {
      const { step, steps, loss } = progress()
      line?.show(step / Math.max(1, steps), `step ${step} of ${steps}, loss ${show(loss)}`)
      await setImmediate()
      if (performance.now() - saved > MINUTE) {
        await save(learned().state)
        saved = performance.now()
      }
      if (interrupts.heard() !== undefined) break
    }
    line?.clear()
  }
  return { pace, interrupted: () => (interrupts.heard() === undefined ? undefined : interrupts.code()) }
}

/** Goes along for so many milliseconds; whether there is more. */
function advanceFor(path: Iterator<void>, milliseconds: number): boolean {
  const end = performance.now() + milliseconds
  while (!path.next().done) if (performance.now() >= end) return true
  return false
}

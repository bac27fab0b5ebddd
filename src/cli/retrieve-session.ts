import { setImmediate } from 'node:timers/promises'
import type { Pace } from '../api/busy.ts'
import { counted } from '../base/counted.ts'
import { interruptible, openInterrupts } from './interrupts.ts'
import { progressLine } from './progress-line.ts'

/** Retrievals under way, of which none is lost that is at its end when a signal comes. */
export interface RetrieveSession {
  readonly pace: Pace
  /** The exit code of the signal that ended it, if one did. */
  interrupted(): number | undefined
}

/** How long a stretch is, in milliseconds: signals are heard and progress is shown between stretches. */
const STRETCH = 100

export function openRetrieveSession({ quiet }: { readonly quiet: boolean }): RetrieveSession {
  const interrupts = openInterrupts()
  const pace: Pace = async (path, progress) => {
    const line = quiet ? undefined : progressLine('Retrieving', process.stderr)
    interrupts.listen(() => line?.clear())
    const broken = (): boolean => {
      interrupts.hear('SIGINT')
      return false
    }
    // One look at a large memory may take longer than a user waits: Ctrl-C breaks it off in the middle.
    const stretch = (): boolean => interruptible('the cues were relaxed')(() => advanceFor(path, STRETCH), broken)
    while (stretch()) {
      const { done, all, share } = progress()
      line?.show(share, `${done} of ${counted(all, 'cue')} at their end`)
      await setImmediate()
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

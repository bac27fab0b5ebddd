import type { RetrievalProgress } from '../run/gathering.ts'

/**
 * Runs work that keeps this thread busy: as it is, or (the command line) so that Ctrl-C breaks it off. What can be had
 * `instead` is then returned; where nothing can, it throws.
 */
export type Busy = <T>(work: () => T, instead?: () => T) => T

export const plainly: Busy = (work) => work()

/** Goes along a path that yields now and then: to its end at a stretch, or (the command line) until a signal comes. */
export type Pace = (path: Iterator<void>, progress: () => RetrievalProgress) => Promise<void>

export const atOnce: Pace = async (path) => {
  while (!path.next().done);
}

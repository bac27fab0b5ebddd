import { median, timed } from './measure.ts'
import { type ModelCase, open } from './models/load.ts'

export interface CompileTime {
  /** Milliseconds from text to a kernel that is ready: the first time in this process, and the median of more. */
  readonly first: number
  readonly again: number
}

const ROUNDS = 7

export function compileTime(model: ModelCase): CompileTime {
  const once = () => timed(() => open(model)) / 1000
  const first = once()
  return { first, again: median(Array.from({ length: ROUNDS }, once)) }
}

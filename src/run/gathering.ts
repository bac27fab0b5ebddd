import type { Prepared } from './prepared.ts'
import type { Retrieved } from './retrieval.ts'

/** The retrievals that are there so far, of which each cue has that of its starts that ended lowest. */
export interface Gathered {
  /** By cue; of those of its starts that are at their end. */
  readonly found: readonly (Retrieved | undefined)[]
  /** By start. */
  readonly ends: readonly (Retrieved | undefined)[]
  /** Start number `k` is at its end. */
  readonly keep: (k: number, end: Retrieved) => void
  /** One more of the retrievals that lead to the end of a start is made. */
  readonly pass: () => void
  readonly progress: () => RetrievalProgress
  /** T of exp(-E/T), at the end. */
  readonly temperature: number
}

export interface RetrievalProgress {
  /** Cues all of whose starts are at their end, and all cues. */
  readonly done: number
  readonly all: number
  /** How much of everything is done, from 0 to 1. */
  readonly share: number
}

export function gathering({ starts, rungs, run }: Prepared): Gathered {
  const { count } = run.bound
  const each = starts.length / count
  const ends = new Array<Retrieved | undefined>(starts.length).fill(undefined)
  const found = new Array<Retrieved | undefined>(count).fill(undefined)
  let passed = 0
  let settled = 0
  return {
    found,
    ends,
    temperature: rungs.at(-1)?.run.temperature ?? run.temperature,
    keep(k, end) {
      if (ends[k] === undefined) settled += 1
      ends[k] = end
      const cue = Math.floor(k / each)
      found[cue] = each === 1 ? { ...end, starts: [inShort(end)] } : lowest(ends.slice(cue * each, (cue + 1) * each))
    },
    pass() {
      passed += 1
    },
    progress: () => {
      const done = found.filter((r) => r?.starts.length === each).length
      const retrievals = rungs.length === 1 ? settled : passed
      return { done, all: count, share: Math.min(1, retrievals / (starts.length * rungs.length)) }
    },
  }
}

const inShort = ({ energy, steps, outcome }: Retrieved): Retrieved['starts'][number] => ({ energy, steps, outcome })

/** That of the lowest energy, the first of several; what has no energy comes last. */
function lowest(ends: readonly (Retrieved | undefined)[]): Retrieved | undefined {
  const there = ends.flatMap((end) => end ?? [])
  const [first, ...more] = there
  if (first === undefined) return undefined
  const best = more.reduce(
    (low, end) => (end.energy < low.energy || (Number.isNaN(low.energy) && !Number.isNaN(end.energy)) ? end : low),
    first,
  )
  return { ...best, starts: there.map(inShort) }
}

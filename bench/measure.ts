import { performance } from 'node:perf_hooks'

/** Batches of A and B in turn, so that what else the machine does meets both alike. */
const BATCHES = 41

/** A batch lasts about this long, in milliseconds. */
const BATCH = 12

export interface Paired {
  /** Medians, in microseconds a call. */
  readonly a: number
  readonly b: number
  /** The median of a / b over neighbouring batches. */
  readonly ratio: number
}

/** Times two functions that do the same work, in turns. */
export function paired(a: () => void, b: () => void): Paired {
  for (let i = 0; i < 3; i++) {
    callsPerBatch(a)
    callsPerBatch(b)
  }
  const calls = callsPerBatch(b)
  return inTurns(
    () => timed(a, calls),
    () => timed(b, calls),
    BATCHES,
  )
}

/** Two measurements in turns; whoever goes first finds colder caches, so they take turns at that too. */
export function inTurns(a: () => number, b: () => number, rounds: number): Paired {
  const found = Array.from({ length: rounds }, (_, k) => {
    if (k % 2 === 0) return { a: a(), b: b() }
    const late = b()
    return { a: a(), b: late }
  })
  return { a: median(found.map((r) => r.a)), b: median(found.map((r) => r.b)), ratio: median(found.map((r) => r.a / r.b)) }
}

/** Microseconds a call. */
export function timed(run: () => void, calls = 1): number {
  const start = performance.now()
  for (let i = 0; i < calls; i++) run()
  return (1000 * (performance.now() - start)) / calls
}

/** Milliseconds of one run, and what it returns. */
export async function timedAsync<T>(run: () => Promise<T>): Promise<readonly [number, T]> {
  const start = performance.now()
  const made = await run()
  return [performance.now() - start, made]
}

function callsPerBatch(run: () => void): number {
  let calls = 1
  while (timed(run, calls) * calls < 1000 * BATCH && calls < 1e8) calls *= 2
  return calls
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] as number
}

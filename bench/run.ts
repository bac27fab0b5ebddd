import { performance } from 'node:perf_hooks'
import { pairs } from './kernels/all.ts'
import type { Pair } from './kernels/pair.ts'
import { retrievals } from './retrieval/all.ts'

/** Batches of A and B in turn, so that what else the machine does meets both alike. */
const BATCHES = 41

/** A batch lasts about this long, in milliseconds. */
const BATCH = 12

/** Sums are ordered differently; nothing here has more than 1e6 terms. */
const TOLERANCE = 1e-10

interface Result {
  readonly name: string
  readonly generated: number
  readonly handwritten: number
  /** The median of generated / handwritten over neighbouring batches. */
  readonly ratio: number
}

/** Microseconds a call. */
function timed(run: () => void, calls: number): number {
  const start = performance.now()
  for (let i = 0; i < calls; i++) run()
  return (1000 * (performance.now() - start)) / calls
}

function callsPerBatch(run: () => void): number {
  let calls = 1
  while (timed(run, calls) * calls < 1000 * BATCH && calls < 1e8) calls *= 2
  return calls
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] as number
}

function measure({ name, generated, handwritten, check }: Pair): Result {
  const wrong = check()
  if (!(wrong <= TOLERANCE)) throw new Error(`${name}: the two differ by ${wrong}`)
  for (let i = 0; i < 3; i++) {
    callsPerBatch(generated)
    callsPerBatch(handwritten)
  }
  const calls = callsPerBatch(handwritten)
  const rounds = Array.from({ length: BATCHES }, (_, k) => {
    const g = () => timed(generated, calls)
    const h = () => timed(handwritten, calls)
    // Whoever goes first finds colder caches, so they take turns at that too.
    if (k % 2 === 0) return { g: g(), h: h() }
    const late = h()
    return { g: g(), h: late }
  })
  return {
    name,
    generated: median(rounds.map((r) => r.g)),
    handwritten: median(rounds.map((r) => r.h)),
    ratio: median(rounds.map((r) => r.g / r.h)),
  }
}

const wanted = process.argv[2] ?? ''
console.log(`${'energy and gradient'.padEnd(44)}${'generated'.padStart(14)}${'hand-written'.padStart(14)}${'ratio'.padStart(8)}`)
for (const make of pairs) {
  const pair = make()
  if (!pair.name.includes(wanted)) continue
  const { name, generated, handwritten, ratio } = measure(pair)
  console.log(
    `${name.padEnd(44)}${`${generated.toFixed(2)} us`.padStart(14)}${`${handwritten.toFixed(2)} us`.padStart(14)}${ratio.toFixed(2).padStart(8)}`,
  )
}

const wideOnes = retrievals.filter((entry) => entry.name.includes(wanted))
if (wideOnes.length > 0)
  console.log(`\n${'many cues at once'.padEnd(44)}${'loops'.padStart(14)}${'tfjs-wasm'.padStart(14)}${'ratio'.padStart(8)}`)
for (const entry of wideOnes) {
  const { name, loops, tensors, ratio } = await entry.measure()
  console.log(
    `${name.padEnd(44)}${`${loops.toFixed(1)} ms`.padStart(14)}${`${tensors.toFixed(1)} ms`.padStart(14)}${ratio.toFixed(2).padStart(8)}`,
  )
}

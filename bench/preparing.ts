import { load } from '../src/api/load.ts'
import { retrievalParts, samplingParts } from '../src/api/pipeline.ts'
import { must } from '../src/base/internal-error.ts'
import { median } from './measure.ts'

/** Processor time from text to both programs, ready to run or to emit: milliseconds. */
export interface Preparing {
  /** The first time in this process, when nothing is compiled yet. */
  readonly first: number
  readonly again: number
  /** Of twice the size, as a multiple: 2 where the time grows with the size. */
  readonly doubled: number
}

const SIZE = 400
const ROUNDS = 5

/** `SIZE` states and as many lets: every let uses the one before it, and every state a let. */
export function preparing(): Preparing {
  const first = prepared(SIZE)
  const [again, twice] = [SIZE, 2 * SIZE].map((n) => median(Array.from({ length: ROUNDS }, () => prepared(n))))
  return { first, again: again as number, doubled: (twice as number) / (again as number) }
}

function prepared(n: number): number {
  const source = { name: 'chain.amp', text: chainOf(n) }
  const before = process.cpuUsage()
  const { energy } = must(load(source).value, 'the chain')
  must(retrievalParts(energy).value, 'its retrieval')
  must(samplingParts(energy).value, 'its sampling')
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function chainOf(n: number): string {
  const steps = Array.from({ length: n }, (_, i) => `state x${i} ~ normal(l${i}, 1)\nlet l${i + 1} = 0.9 * l${i} + ${i}\n`)
  return `param a = 0.5\nlet l0 = 0.9 * a\n${steps.join('')}`
}

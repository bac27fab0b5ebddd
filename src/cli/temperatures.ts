import { InvalidArgumentError } from 'commander'
import { number, range } from './ladder.ts'

/** More than these are a slip of the step. */
const MOST = 1000

/** `0, 0.5, 1`, `0:2:0.1` (both ends included) or `0.1 .. 2 in 20 geometric`. */
export function temperatures(text: string): readonly number[] {
  if (text.includes('..')) return range(text, refuse)
  return text.includes(':') ? stepped(text) : text.split(',').map((part) => number(part, refuse))
}

function stepped(text: string): readonly number[] {
  const [from, to, step, ...more] = text.split(':').map((part) => number(part, refuse)) as [number, number, number]
  if (step === undefined || more.length > 0) return refuse()
  const steps = (to - from) / step
  if (!(steps >= 0 && steps < MOST))
    throw new InvalidArgumentError(`${step} does not lead from ${from} to ${to} in fewer than ${MOST} steps.`)
  // The end belongs to it where the step leads there but for rounding; decimals as they were written.
  return Array.from({ length: Math.floor(steps + 1e-9) + 1 }, (_, k) => Number((from + k * step).toPrecision(12)))
}

function refuse(): never {
  throw new InvalidArgumentError('expected A, B, C; FROM:TO:STEP; or FROM .. TO, then perhaps "in N" and "linear" or "geometric".')
}

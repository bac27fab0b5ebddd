import { InvalidArgumentError } from 'commander'
import { pow } from '../base/special/pow.ts'
import type { Ladders } from '../middle/options.ts'

/** So many values where nobody says. */
const COUNT = 10

/** `s = 3 .. 0.5 in 20 linear`, or `s = 3, 1, 0.5`: one more ladder; a flag that may be repeated. */
export function ladder(text: string, before: Ladders = {}): Ladders {
  const [, name = '', what = ''] = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*=(.*)$/su.exec(text) ?? refuse()
  if (name in before) throw new InvalidArgumentError(`"${name}" has a ladder already.`)
  return { ...before, [name]: /\.\./.test(what) ? range(what) : what.split(',').map((text) => number(text)) }
}

/** `3 .. 0.5 in 20 linear` */
export function range(text: string, refused: () => never = refuse): readonly number[] {
  const [, first = '', last = '', count, word] = /^(.*?)\.\.(.*?)(?:\s+in\s+(\d+))?(?:\s+(linear|geometric))?\s*$/s.exec(text) ?? refused()
  const [from, to] = [number(first, refused), number(last, refused)]
  const steps = count === undefined ? COUNT : Number(count)
  if (steps < 2) throw new InvalidArgumentError('a ladder from one value to another has at least 2.')
  const positive = from > 0 && to > 0
  const ratios = word === undefined ? positive : word.startsWith('g')
  if (ratios && !positive) throw new InvalidArgumentError('geometric spacing is between numbers above 0.')
  const between = ratios ? inRatios : inDifferences
  // Both ends exactly.
  return Array.from({ length: steps }, (_, k) => (k === 0 ? from : k === steps - 1 ? to : between(from, to, k / (steps - 1))))
}

const inRatios = (from: number, to: number, part: number): number => from * pow(to / from, part)
const inDifferences = (from: number, to: number, part: number): number => from + (to - from) * part

export function number(text: string, refused: () => never = refuse): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : refused()
}

function refuse(): never {
  throw new InvalidArgumentError('expected NAME = FROM .. TO, then perhaps "in N" and "linear" or "geometric"; or NAME = A, B, C.')
}

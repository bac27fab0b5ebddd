import type { ValueType } from '../../middle/model.ts'

/** How well one pattern was recalled. */
export interface Fit {
  /** Cosine of recalled and stored; of bits, as if they were spins; of elements the share that is right. */
  readonly overlap: number
  /** Share of entries that are wrong: with the wrong sign, or another bit or element. */
  readonly errors: number
  /** Root mean square of the differences. */
  readonly distance: number
  /** 1 where no stored pattern is nearer than the right one, else 0. */
  readonly nearest: number
}

const measures: readonly (keyof Fit)[] = ['overlap', 'errors', 'distance', 'nearest']
const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
}

export type Success = (fit: Fit) => boolean

export const successInWords: readonly string[] = ['overlap>0.5', 'errors<=0.01', 'distance<0.1', 'nearest', 'exact']

/** `overlap>0.5`, `nearest` or `exact`; nothing where it is none of these. */
export function successOf(text: string): Success | undefined {
  const plain = text.trim()
  if (plain === 'nearest') return ({ nearest }) => nearest === 1
  if (plain === 'exact') return ({ errors, distance }) => errors === 0 && distance < 1e-6
  const [, name = '', comparison = '', value = ''] = /^([a-z]+)\s*(>=|<=|>|<)\s*(\S+)$/.exec(plain) ?? []
  const measure = measures.find((m) => m === name)
  const holds = comparisons[comparison]
  const bound = Number(value)
  return measure === undefined || holds === undefined || !Number.isFinite(bound) ? undefined : (fit) => holds(fit[measure], bound)
}

/** Numbers of one state beside those of the pattern, both as results have them. */
export interface ComparedState {
  readonly type: ValueType
  readonly found: Float64Array
  readonly stored: Float64Array
}

/** Over all states of a pattern at once. `others`: the patterns that are stored besides, with the same states. */
export function fitOf(states: readonly ComparedState[], others: Iterable<readonly Float64Array[]>): Fit {
  let [product, left, right, wrong, square, count] = [0, 0, 0, 0, 0, 0]
  for (const { type, found, stored } of states) {
    for (let i = 0; i < stored.length; i += 1) {
      const [r, s] = [found[i] as number, stored[i] as number]
      const [a, b] = coded(type, r, s)
      product += a * b
      left += a * a
      right += b * b
      if (isWrong(type, r, s)) wrong += 1
      square += type.kind === 'element' ? (r === s ? 0 : 1) : (r - s) * (r - s)
      count += 1
    }
  }
  const norm = Math.sqrt(left * right)
  const overlap = norm > 0 ? product / norm : 0
  return {
    // Of elements alone the product is the share that is right, and the cosine its root.
    overlap: states.every(({ type }) => type.kind === 'element') ? product / count : overlap,
    errors: wrong / count,
    distance: Math.sqrt(square / count),
    nearest: isNearest(states, others, square) ? 1 : 0,
  }
}

/** Numbers whose cosine is the overlap. */
function coded({ kind }: ValueType, found: number, stored: number): readonly [number, number] {
  if (kind === 'bit') return [2 * found - 1, 2 * stored - 1]
  return kind === 'element' ? [found === stored ? 1 : 0, 1] : [found, stored]
}

function isWrong({ kind }: ValueType, found: number, stored: number): boolean {
  if (kind === 'element') return found !== stored
  return kind === 'bit' ? Math.round(found) !== stored : Math.sign(found) !== Math.sign(stored)
}

function isNearest(states: readonly ComparedState[], others: Iterable<readonly Float64Array[]>, own: number): boolean {
  for (const other of others) {
    let square = 0
    for (let k = 0; k < states.length && square < own; k += 1) {
      const { type, found } = states[k] as ComparedState
      const stored = other[k] as Float64Array
      for (let i = 0; i < stored.length; i += 1) {
        const [r, s] = [found[i] as number, stored[i] as number]
        square += type.kind === 'element' ? (r === s ? 0 : 1) : (r - s) * (r - s)
      }
    }
    if (square < own) return false
  }
  return true
}

import type { Sizes } from '../../ir/graph.ts'
import { sizeOf } from '../../ir/layout.ts'
import type { Demand } from '../../middle/check.ts'
import { linesAlong } from '../lines.ts'
import { badPlaces, type Trouble, typeTrouble } from '../troubles.ts'
import { countedFromZero } from '../values.ts'

/** What values are compared with, over the same axes; of many observations, these are of one. */
export interface Compared {
  readonly live?: Float64Array
  readonly lower?: Float64Array
  readonly upper?: Float64Array
  readonly total?: Float64Array
  /** How many numbers one observation has. */
  readonly size?: number
}

type DemandRule<D extends Demand> = (
  demand: D,
  data: Float64Array,
  axes: readonly string[],
  sizes: Sizes,
  compared: Compared,
) => Trouble | undefined

/** The first number that is not as demanded. */
export function demandTrouble(
  demand: Demand,
  axes: readonly string[],
  data: Float64Array,
  sizes: Sizes,
  compared: Compared,
): Trouble | undefined {
  return (rules[demand.kind] as DemandRule<Demand>)(demand, data, axes, sizes, compared)
}

const rules: { readonly [K in Demand['kind']]: DemandRule<Extract<Demand, { readonly kind: K }>> } = {
  type: ({ type, endless }, data, axes, sizes, { live }) => {
    const used = alive(data, live)
    const trouble = typeTrouble({ axes, type }, used, sizes)
    if (trouble !== undefined || endless === true) return trouble
    return worst(
      used,
      (v) => v === Infinity,
      () => ({ said: 'is Infinity', expected: 'a finite number' }),
    )
  },
  number: (_demand, data, _axes, _sizes, { live }) =>
    worst(
      data,
      (v, i) => Number.isNaN(v) && live?.[i] !== 0,
      () => ({ said: 'is not a number', expected: 'a number' }),
    ),
  element: ({ axis, first }, data, _axes, sizes, { live }) => {
    const numbers = alive(first === 1 ? data : data.map((v) => v + 1), live)
    const type = { kind: 'element', axis } as const
    const [at, ...more] = badPlaces(numbers, type, sizes, true)
    if (at === undefined) return undefined
    const size = sizeOf(axis, sizes)
    const hint = countedFromZero(numbers)
    return {
      at,
      said: `is ${numbers[at]}`,
      expected: size === 1 ? `1, the only element of ${axis}` : `a whole number from 1 to ${size}, an element of ${axis}`,
      more: more.length,
      ...(hint === undefined ? {} : { hint }),
    }
  },
  within: ({ open }, data, _axes, _sizes, { live, lower, upper, size = data.length }) => {
    const end = (ends: Float64Array | undefined, i: number): number | undefined => {
      const found = ends?.[i % size]
      return found === undefined || Number.isFinite(found) ? found : undefined
    }
    return worst(
      data,
      (v, i) => live?.[i % size] !== 0 && (beyond(end(lower, i), v, open) || beyond(v, end(upper, i), open)),
      (v, i) => ({ said: `is ${v}`, expected: inWords(end(lower, i), end(upper, i), open) }),
    )
  },
  total: ({ axis }, data, axes, sizes, { total, size = data.length }) => {
    for (const { at, line } of linesAlong(axes, axis, data, sizes)) {
      const [sum, wanted] = [line.reduce((a, b) => a + b, 0), total?.[at % size]]
      if (wanted !== undefined && !Number.isNaN(sum) && sum !== wanted)
        return { at, said: `adds up to ${sum} along ${axis}`, expected: `counts with the sum ${wanted}`, more: 0 }
    }
    return undefined
  },
}

/** Missing where the value is not used. */
function alive(data: Float64Array, live: Float64Array | undefined): Float64Array {
  return live === undefined ? data : data.map((v, i) => (live[i] === 0 ? Number.NaN : v))
}

function beyond(a: number | undefined, b: number | undefined, open: boolean): boolean {
  if (a === undefined || b === undefined) return false
  return a > b || (open && a === b)
}

function worst(
  data: Float64Array,
  bad: (v: number, i: number) => boolean,
  describe: (v: number, i: number) => Pick<Trouble, 'said' | 'expected'>,
): Trouble | undefined {
  const at = data.findIndex(bad)
  if (at < 0) return undefined
  const all = data.reduce((n, v, i) => (bad(v, i) ? n + 1 : n), 0)
  return { at, ...describe(data[at] as number, at), more: all - 1 }
}

function inWords(lower: number | undefined, upper: number | undefined, open: boolean): string {
  const [from, to] = open ? ['above', 'below'] : ['from', 'to']
  if (lower !== undefined && upper !== undefined) return `a number ${from} ${lower}${open ? ' and' : ''} ${to} ${upper}`
  return lower === undefined ? `a number ${open ? 'below' : 'up to'} ${upper}` : `a number ${open ? `above ${lower}` : `from ${lower} on`}`
}

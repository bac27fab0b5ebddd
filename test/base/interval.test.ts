import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  absolute,
  added,
  between,
  divided,
  greatest,
  hull,
  type Interval,
  increasing,
  least,
  log,
  multiplied,
  negated,
  power,
  product,
  sigmoid,
  sizes,
  softplus,
  squared,
  squareRoot,
  summed,
} from '../../src/base/interval.ts'

/** An interval, open or closed at 0, and some numbers in it: none so small that it underflows. */
const inhabited = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.integer({ min: -6, max: 6 }),
        fc.integer({ min: -400, max: 400 }).map((n) => n / 64),
      ),
      { minLength: 0, maxLength: 4 },
    ),
    fc.boolean(),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([values, down, up, tight]) => {
    const [low, high] = [Math.min(...values, tight ? Infinity : 0), Math.max(...values, tight ? -Infinity : 0)]
    const within = between(values.length === 0 && tight ? -1 : low, values.length === 0 && tight ? 1 : high)
    const interval: Interval = {
      low: down ? -Infinity : within.low,
      high: up ? Infinity : within.high,
      zero: within.zero && (values.includes(0) || tight),
    }
    return { values: values.map((v) => v + 0), interval }
  })

function holds({ low, high, zero }: Interval, v: number): boolean {
  // Ends are rounded as the numbers are, by another operation perhaps.
  const slack = Number.isFinite(v) ? 1e-12 * Math.max(1, Math.abs(v)) : 0
  return Number.isNaN(v) || (v >= low - slack && v <= high + slack && (zero || v !== 0))
}

const unary: Readonly<Record<string, readonly [(a: Interval) => Interval, (x: number) => number]>> = {
  negated: [negated, (x) => -x],
  squared: [squared, (x) => x * x],
  absolute: [absolute, Math.abs],
  exp: [increasing(Math.exp, true), Math.exp],
  tanh: [increasing(Math.tanh), Math.tanh],
  log: [log, Math.log],
  squareRoot: [squareRoot, Math.sqrt],
  sigmoid: [sigmoid, (x) => 1 / (1 + Math.exp(-x))],
  softplus: [softplus, (x) => Math.log1p(Math.exp(x))],
}

const binary: Readonly<Record<string, readonly [(a: Interval, b: Interval) => Interval, (x: number, y: number) => number]>> = {
  added: [added, (x, y) => x + y],
  multiplied: [multiplied, (x, y) => x * y],
  divided: [divided, (x, y) => x / y],
  power: [power, (x, y) => x ** y],
  least: [least, Math.min],
  greatest: [greatest, Math.max],
  hull: [hull, (x) => x],
}

describe('intervals hold what is made of the numbers in them', () => {
  it.each(Object.entries(unary))('%s', (_, [rule, f]) => {
    fc.assert(
      fc.property(inhabited, ({ values, interval }) => values.every((v) => holds(rule(interval), f(v)))),
      { seed: 11, numRuns: 1000 },
    )
  })

  it.each(Object.entries(binary))('%s', (_, [rule, f]) => {
    fc.assert(
      fc.property(inhabited, inhabited, (a, b) =>
        a.values.every((x) => b.values.every((y) => holds(rule(a.interval, b.interval), f(x, y)))),
      ),
      { seed: 12, numRuns: 2000 },
    )
  })

  it('sums and products along an axis, which may be empty', () => {
    fc.assert(
      fc.property(inhabited, ({ values, interval }) => {
        const [sum, all] = [values.reduce((s, v) => s + v, 0), values.reduce((p, v) => p * v, 1)]
        return holds(summed(interval), sum) && holds(product(interval), all)
      }),
      { seed: 13, numRuns: 2000 },
    )
    expect(holds(sizes, 0)).toBe(true)
    expect(holds(summed(between(2, 3)), 0)).toBe(true)
    expect(holds(product(between(0, 0.5)), 1)).toBe(true)
  })

  it('is exact where all is constant', () => {
    const k = (v: number): Interval => between(v, v)
    expect(divided(k(1), k(49))).toMatchObject({ low: 1 / 49, high: 1 / 49 })
    expect(power(k(2), k(0.5))).toMatchObject({ low: Math.SQRT2, high: Math.SQRT2 })
    expect(added(k(2), negated(k(2)))).toEqual({ low: 0, high: 0, zero: true })
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collect } from '../../src/dsl/check/collect.ts'
import { infer } from '../../src/dsl/check/expression.ts'
import { constantOf, rangeOf } from '../../src/dsl/check/range.ts'
import { newReport } from '../../src/dsl/check/report.ts'
import { newContext } from '../../src/dsl/check/scope.ts'
import { settleTypes } from '../../src/dsl/check/types.ts'
import { parse } from '../../src/dsl/parse.ts'
import type { Typed } from '../../src/middle/model.ts'
import { expression } from './checking.ts'

const declarations = 'data any\ndata p : positive\ndata q : probability\ndata s : spin\ndata w[row] : probability'

/** A context in which the variables above have their types. */
function context() {
  const report = newReport()
  const c = newContext(report, collect(report, parse({ name: 'r.amp', text: declarations }).program), declarations, infer)
  settleTypes(c)
  return c
}

type Values = Readonly<Record<string, number>>

/** The functions by JavaScript's own arithmetic. */
const meaning: Readonly<Record<string, (a: number, b: number, c: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
  neg: (a) => -a,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  square: (a) => a * a,
  abs: Math.abs,
  floor: Math.floor,
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  relu: (a) => Math.max(0, a),
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  where: (a, b, c) => (a !== 0 ? b : c),
  less: (a, b) => (a < b ? 1 : 0),
}

function evaluate(t: Typed, values: Values): number {
  if (t.kind === 'number') return t.value
  if (t.kind === 'variable') return values[t.name] ?? Number.NaN
  if (t.kind !== 'apply') throw new Error(`unexpected ${t.kind}`)
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = t.args.map((x) => evaluate(x, values))
  return meaning[t.fn]?.(a, b, c) ?? Number.NaN
}

const text: fc.Arbitrary<string> = fc.letrec<{ e: string }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('any', 'p', 'q', 's', '0', '1', '2', '0.5', '-3'),
    fc.tuple(fc.constantFrom('+', '-', '*', '/', '^', '<'), tie('e'), tie('e')).map(([o, a, b]) => `((${a}) ${o} (${b}))`),
    fc
      .tuple(fc.constantFrom('exp', 'log', 'sqrt', 'square', 'abs', 'floor', 'tanh', 'sigmoid', 'relu', '-'), tie('e'))
      .map(([f, a]) => `${f}(${a})`),
    fc.tuple(fc.constantFrom('min', 'max'), tie('e'), tie('e')).map(([f, a, b]) => `${f}(${a}, ${b})`),
    fc.tuple(tie('e'), tie('e'), tie('e')).map(([a, b, c]) => `where(${a}, ${b}, ${c})`),
  ),
})).e

const values: fc.Arbitrary<Values> = fc.record({
  any: fc.double({ min: -50, max: 50, noNaN: true }),
  p: fc.double({ min: 1e-3, max: 50, noNaN: true }),
  q: fc.double({ min: 0, max: 1, noNaN: true }),
  s: fc.constantFrom(-1, 1),
})

/** undefined where the checker refuses the expression: a division by the constant 0, a logarithm below zero. */
function typedOf(e: string): Typed | undefined {
  try {
    return expression(declarations, e)
  } catch {
    return undefined
  }
}

describe('the range of an expression', () => {
  test('holds its value wherever the variables are', () => {
    fc.assert(
      fc.property(text, values, (e, at) => {
        const t = typedOf(e)
        fc.pre(t !== undefined)
        const value = evaluate(t, at)
        fc.pre(Number.isFinite(value))
        const { low, high } = rangeOf(context(), t)
        // Rounding may differ in the last places between the ends of an interval and a value inside.
        const room = 1e-9 * Math.max(1, Math.abs(value))
        expect(low).toBeLessThanOrEqual(value + room)
        expect(high).toBeGreaterThanOrEqual(value - room)
      }),
      { numRuns: 2000, seed: 7 },
    )
  })

  test.each([
    ['2^3 - 1', 7],
    ['exp(0) / 4', 0.25],
    ['max(2, 3) * min(1, 5)', 3],
    ['-(-2)^2', -4],
  ])('of the constant %s is %d', (e, value) => expect(constantOf(context(), expression(declarations, e))).toBe(value))

  test.each([
    ['p * q', 0, Number.POSITIVE_INFINITY],
    ['any^2', 0, Number.POSITIVE_INFINITY],
    ['sigmoid(any)', 0, 1],
    ['1 - q', 0, 1],
    ['2 * s + 1', -1, 3],
    // Data may have no rows.
    ['size(row)', 0, Number.POSITIVE_INFINITY],
    ['sum[row](1 + w)', 0, Number.POSITIVE_INFINITY],
    ['prod[row](w / 2)', 0, 1],
    ['any', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('of %s is from %d to %d', (e, low, high) => expect(rangeOf(context(), expression(declarations, e))).toMatchObject({ low, high }))
})

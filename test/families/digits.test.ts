import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import type { FamilySignature } from '../../src/families/parts/signature.ts'
import { hasNumbers } from '../../src/families/parts/support.ts'
import { type FamilyName, signatures } from '../../src/families/tables/signatures.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { maths } from '../../src/ir/maths.ts'
import { kernel } from '../../src/targets/kernel.ts'
import type { FamilyRule } from './rules.ts'
import { familyRules } from './rules.ts'

/** x, arguments, log density. */
type Row = readonly number[]

const table = JSON.parse(readFileSync(new URL('./reference-digits.json', import.meta.url), 'utf8')) as Record<string, Row[]>

/**
 * Relative to the log density, or absolute where it is below 1: the log of a number near 1 has no more digits than the
 * number. Reached: 1.3e-13, at shapes of 1e8, whose root times the rounding of beta x, 1e-16, is what counts; below 1e-13
 * in all the others but those that follow.
 */
const TOLERANCE = 1e-12

/**
 * In these the log of a binomial coefficient stands beside x times the log odds (or the like): large parts that cancel
 * near the mode, each good to the last digit. They are kept apart because counts are mostly data, whose part is then
 * worked out once, and because those in log odds and log rates are linear in x. What is lost is the rounding of the
 * largest part: up to 8 times 1e-16 of it (the largest found is 3).
 */
const largest: Readonly<Record<string, (row: Row) => number>> = {
  beta: ([x = 0, a = 0, b = 0]) => Math.abs(a * Math.log(x)) + Math.abs(b * Math.log1p(-x)),
  binomial: ([x = 0, n = 0, theta = 0]) => Math.abs(x * Math.log(theta)) + Math.abs((n - x) * Math.log1p(-theta)),
  binomial_logit: ([x = 0, n = 0, alpha = 0]) => x * Math.abs(alpha) + n * Math.max(Math.log(2), alpha),
  poisson_log: ([x = 0, alpha = 0]) => x * Math.max(Math.abs(alpha), Math.log(x + 1)),
  negative_binomial: ([x = 0, a = 0, b = 0]) => a * Math.abs(Math.log(b / (1 + b))) + x * Math.log1p(b),
}

function allowed(name: string, row: Row): number {
  const parts = largest[name]?.(row) ?? 0
  return TOLERANCE * Math.max(1, Math.abs(row.at(-1) as number)) + 8 * 1.2e-16 * parts
}

/** The log densities of many rows at once, by the reference and by the kernel. */
function both(name: string, rows: readonly Row[]): readonly (readonly [who: string, values: Float64Array])[] {
  const builder = new GraphBuilder()
  const parameters = must(rows[0], 'a row').length - 1
  const ids = Array.from({ length: parameters }, (_, i) => builder.input(`x${i}`, ['row']))
  const [x = 0, ...args] = ids
  const rule = familyRules[name as FamilyName] as FamilyRule
  builder.output('value', rule.logDensity(maths(builder), x, args, { over: [] }))
  const graph = builder.finish()
  const inputs = Object.fromEntries(ids.map((_, i) => [`x${i}`, Float64Array.from(rows, (row) => row[i] as number)]))
  const made = kernel(graph, { row: rows.length })
  for (const [input, values] of Object.entries(inputs)) made.inputs.get(input)?.set(values)
  made.run()
  return [
    ['reference', must(evaluate(graph, { row: rows.length }, inputs).value, 'value')],
    ['kernel', must(made.outputs.get('value'), 'value')],
  ]
}

describe.each(Object.entries(table))('%s', (name, rows) => {
  test('has the digits of its log density', () => {
    for (const [who, values] of both(name, rows)) {
      rows.forEach((row, i) => {
        const [got, wanted] = [values[i] as number, row.at(-1) as number]
        expect(Math.abs(got - wanted), `${who} at ${row}: ${got}`).toBeLessThanOrEqual(allowed(name, row))
      })
    }
  })
})

test('every family of single numbers is in the table', () => {
  const scalar = Object.entries(signatures as Readonly<Record<string, FamilySignature>>).filter(([, f]) => hasNumbers(f.support))
  expect(Object.keys(table).sort()).toEqual(scalar.map(([name]) => name).sort())
})

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isWhole } from '../../src/families/parts/support.ts'
import { type FamilyName, signatures } from '../../src/families/tables/signatures.ts'
import { formula, scalarFormula } from './formula.ts'
import type { FamilyRule } from './rules.ts'
import { familyRules } from './rules.ts'

interface Case {
  readonly args: readonly number[]
  readonly mean: number | string
  readonly variance: number | string
  /** x, log density, P(X <= x), its log, log P(X > x). */
  readonly rows: readonly (readonly (number | string)[])[]
  readonly quantiles: readonly (readonly number[])[]
}

type VectorRow = readonly [readonly number[], readonly (number | readonly number[])[], number | string]

const { vector, ...scalar } = JSON.parse(readFileSync(new URL('./reference.json', import.meta.url), 'utf8')) as Record<string, Case[]> & {
  vector: Record<string, VectorRow[]>
}

const rules: Readonly<Record<string, unknown>> = familyRules

/** Relative where a value is large, absolute where it is a log near 0. */
function close(got: number, wanted: number | string, relative: number, absolute: number, what: string): void {
  const target = Number(wanted)
  // scipy takes some logs of densities that have underflowed.
  if (target === Number.NEGATIVE_INFINITY && got < -700) return
  if (!Number.isFinite(target)) expect(got, what).toBe(target)
  else expect(Math.abs(got - target), `${what}: ${got}, wanted ${target}`).toBeLessThanOrEqual(relative * Math.abs(target) + absolute)
}

describe.each(Object.entries(scalar))('%s', (name, cases) => {
  const rule = rules[name] as FamilyRule
  const parameters = cases[0]?.args.length as number
  const density = scalarFormula(parameters + 1, (m, [x = 0, ...args]) => rule.logDensity(m, x, args, { over: [] }))

  test('has the log density of scipy', () => {
    for (const { args, rows } of cases) {
      // 1e-11: log gammas of some hundreds are subtracted, each rounded at 1e-16; scipy does the same.
      for (const [x, wanted] of rows) close(density([Number(x), ...args]).value, wanted as number, 1e-11, 1e-11, `log p(${x} | ${args})`)
    }
  })

  test('has the distribution function, quantiles and moments of scipy', () => {
    for (const { args, rows, quantiles, mean, variance } of cases) {
      // 1e-9: scipy's own incomplete beta and gamma functions differ from ours by about this in far tails.
      if (rule.cdf !== undefined)
        for (const [x, , cdf] of rows) close(rule.cdf(Number(x), args), cdf as number, 1e-9, 1e-14, `cdf(${x} | ${args})`)
      if (rule.quantile !== undefined)
        for (const [p = 0, x = 0] of quantiles) close(rule.quantile(p, args), x, 1e-9, 1e-12, `quantile(${p} | ${args})`)
      if (rule.mean !== undefined) close(rule.mean(args), mean, 1e-9, 1e-12, `mean of ${args}`)
      if (rule.variance !== undefined) close(rule.variance(args), variance, 1e-9, 1e-12, `variance of ${args}`)
    }
  })

  test('has the tails of scipy', () => {
    if (rule.tails === undefined) return
    const lower = scalarFormula(parameters + 1, (m, [x = 0, ...args]) => rule.tails?.(m, x, args).lower as number)
    const upper = scalarFormula(parameters + 1, (m, [x = 0, ...args]) => rule.tails?.(m, x, args).upper as number)
    for (const { args, rows } of cases) {
      for (const [x, , , below, above] of rows) {
        // Families of counts are asked at whole numbers.
        if (isWhole(signatures[name as FamilyName].support) && !Number.isInteger(x)) continue
        close(lower([Number(x), ...args]).value, below as number, 1e-9, 1e-12, `log cdf(${x} | ${args})`)
        close(upper([Number(x), ...args]).value, above as number, 1e-9, 1e-12, `log sf(${x} | ${args})`)
      }
    }
  })
})

describe.each(Object.entries(vector))('%s', (name, rows) => {
  test('has the log density of scipy', () => {
    for (const [x, args, wanted] of rows) {
      const inputs = Object.fromEntries(
        args.map((a, i) => [`a${i}`, typeof a === 'number' ? { axes: [], data: [a] } : { axes: ['k'], data: a }]),
      )
      const names = Object.keys(inputs)
      const got = formula({ x: { axes: ['k'], data: x }, ...inputs }, { k: x.length }, (m, ids) =>
        (rules[name] as FamilyRule).logDensity(
          m,
          ids.x as number,
          names.map((n) => ids[n] as number),
          { over: ['k'] },
        ),
      )
      close(got[0] as number, wanted, 1e-11, 1e-11, `log p(${x} | ${JSON.stringify(args)})`)
    }
  })
})

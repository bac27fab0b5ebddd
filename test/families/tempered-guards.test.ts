import { describe, expect, it } from 'vitest'
import type { Tempering } from '../../src/families/parts/power.ts'
import { powers } from '../../src/families/tables/powers.ts'
import { type FamilyName, signatures } from '../../src/families/tables/signatures.ts'
import { formula, scalarFormula } from './formula.ts'
import { type FamilyRule, familyRules } from './rules.ts'

/**
 * Where a power of a density stops having a finite integral is read off the density: near an end where log p grows by
 * `slope` nats a unit of log distance, p^(1/T) has one if and only if slope / T > -1 (or < -1 where the end is infinity).
 */
type End = { readonly near: (distance: number) => number; readonly far: boolean }

const zero: End = { near: (d) => d, far: false }
const one: End = { near: (d) => 1 - d, far: false }
const infinite: End = { near: (d) => 1 / d, far: true }

interface Case {
  readonly family: FamilyName
  readonly args: readonly number[]
  readonly ends: readonly End[]
}

const cases: readonly Case[] = [
  { family: 'student_t', args: [1.7, 0.4, 1.3], ends: [infinite] },
  { family: 'student_t', args: [4, -1, 0.6], ends: [infinite] },
  { family: 'cauchy', args: [0.4, 1.3], ends: [infinite] },
  { family: 'half_cauchy', args: [1.3], ends: [infinite] },
  { family: 'gamma', args: [0.4, 1.9], ends: [zero] },
  { family: 'chi_square', args: [0.9], ends: [zero] },
  { family: 'inverse_gamma', args: [2.2, 0.7], ends: [infinite] },
  { family: 'pareto', args: [0.5, 1.4], ends: [infinite] },
  { family: 'beta', args: [0.3, 0.8], ends: [zero, one] },
  { family: 'beta', args: [0.9, 0.2], ends: [zero, one] },
]

/** Families without a guard have an integral at every temperature; those over axes are held to their own determinants below. */
const overAxes: readonly FamilyName[] = ['multi_student_t', 'dirichlet', 'wishart', 'inverse_wishart']

function ruleOf(family: FamilyName): FamilyRule {
  return familyRules[family]
}

/** The guard at a temperature; undefined where there is none. */
function guard(family: FamilyName, args: readonly number[], size: number): ((T: number) => number) | undefined {
  const tempering = powers[family] as Tempering
  const has = { value: false }
  const at = (T: number): number =>
    formula({}, { d: size, e: size }, (m) => {
      const given = args.map((a) => m.k(a))
      const { positive } = tempering.at(m, given, m.k(T), {
        over: signatures[family].over === 0 ? [] : ['d', 'e'].slice(0, signatures[family].over),
        element: 'd',
      })
      has.value = positive !== undefined
      return positive ?? m.k(1)
    })[0] as number
  at(1)
  return has.value ? at : undefined
}

describe.each(cases)('the power of $family($args)', ({ family, args, ends }) => {
  const density = scalarFormula(1, (m, [x = 0]) =>
    ruleOf(family).logDensity(
      m,
      x,
      args.map((a) => m.k(a)),
      { over: [] },
    ),
  )
  const slopes = ends.map(({ near, far }) => {
    const [a, b] = [1e-7, 1e-5].map((d) => density([near(d)]).value) as [number, number]
    const slope = (b - a) / Math.log(100)
    return far ? -slope : slope
  })
  // slope / T = -1, the first to be reached; an end at which the density does not grow has none.
  const limits = slopes.filter((s) => s < 0).map((s) => -s)

  it('is guarded just where its integral becomes infinite', () => {
    const { far } = ends[0] as End
    const limit = far ? (limits[0] as number) : Math.max(...limits)
    const at = guard(family, args, 2)
    for (const T of [0.999, 0.9, 0.5].map((f) => f * limit)) expect(far ? at?.(T) : -(at?.(T) ?? 0)).toBeGreaterThan(0)
    for (const T of [1.001, 1.1, 2].map((f) => f * limit)) expect(far ? at?.(T) : -(at?.(T) ?? 0)).toBeLessThan(0)
  })
})

describe('families over axes', () => {
  /** The largest or smallest T at which the power has an integral, from the exponents of their densities, n rows or elements. */
  const limits: readonly (readonly [FamilyName, readonly number[], n: number, limit: number, above: boolean])[] = [
    // (1 + z' z / nu)^(-(nu + n) / (2 T)) has one in n dimensions while (nu + n) / T > n.
    ['multi_student_t', [3, 0, 1], 2, (3 + 2) / 2, false],
    // x^((alpha - 1) / T) at 0 while (alpha - 1) / T > -1.
    ['dirichlet', [0.3], 3, 0.7, true],
    // |W|^((nu - n - 1) / (2 T)): degrees above n - 1, that is (nu - n - 1) / T > -2.
    ['wishart', [1.2, 1], 2, (2 + 1 - 1.2) / 2, true],
    // |W|^(-(nu + n + 1) / (2 T)): degrees above n - 1, that is (nu + n + 1) / T > 2 n.
    ['inverse_wishart', [3, 1], 2, (3 + 3) / 4, false],
  ]

  it.each(limits)('%s(%j) of %d are guarded at T = %d', (family, args, n, limit, above) => {
    const at = guard(family, args, n)
    for (const f of [0.5, 0.99, 1.01, 2]) expect(Math.sign(at?.(f * limit) ?? 0), `${f}`).toBe(above === f > 1 ? 1 : -1)
  })
})

it('every family with a guard is looked at, on either side of it', () => {
  const guarded = (Object.keys(powers) as FamilyName[]).filter((name) => {
    const tempering = powers[name]
    // Finitely many levels always have a sum, and its cutpoints want an axis of their own.
    if (name === 'ordered_logistic') return false
    return !('never' in tempering) && guard(name, [2, 1, 1], 2) !== undefined
  })
  expect(guarded.sort()).toEqual([...new Set([...cases.map((c) => c.family), ...overAxes])].sort())
})

import { describe, expect, test } from 'vitest'
import { bind } from '../../src/bind/bind.ts'
import type { Given } from '../../src/bind/given.ts'
import { whereLegal } from '../../src/families/formulas/legal.ts'
import type { ParameterKind } from '../../src/families/parts/parameter-kinds.ts'
import type { FamilySignature } from '../../src/families/parts/signature.ts'
import { hasNumbers, isWhole } from '../../src/families/parts/support.ts'
import { type FamilyName, signatures } from '../../src/families/tables/signatures.ts'
import { energyOf, total } from '../compile/models.ts'
import { scalarFormula } from './formula.ts'
import { familyRules, withLimits } from './rules.ts'

const scalars = (Object.entries(signatures) as [FamilyName, FamilySignature][]).filter(([, { support }]) => hasNumbers(support))

const reals = [0, 1, -1, 0.5, 2, 7, 1e-300, -1e-300, 1e-162, 5e-324, 1e-8, 1e8, 1e300, -1e300]
const legal: Readonly<Partial<Record<ParameterKind, readonly number[]>>> = {
  real: reals,
  positive: [0.5, 1, 2, 2.3e-308, 1e-300, 1e-162, 1e-8, 1e8, 1e150, 1e300],
  probability: [0, 1, 0.5, 1e-300, 1e-162, 5e-324, 1 - 1e-16],
  count: [0, 1, 7, 1e8, 1e15],
}
/** Besides, where an end belongs to what is legal (test/families/edges.test.ts), that end. */
const illegal: Readonly<Partial<Record<ParameterKind, readonly number[]>>> = {
  positive: [0, -1, -1e-300, 5e-324, -1e300, Infinity, -Infinity, NaN],
  probability: [-1, -1e-300, 1.0000001, 1e300, -Infinity, NaN],
  count: [-1, 0.5, 1e-300, Infinity, NaN],
}

/** log p and its gradient by (x, ...args), guarded against every argument. */
function density(name: FamilyName, { parameters }: FamilySignature) {
  return scalarFormula(parameters.length + 1, (m, [x = 0, ...args]) =>
    whereLegal(m, args, parameters, [], (safe) => withLimits(familyRules[name], parameters).logDensity(m, x, safe, { over: [] })),
  )
}

function combinations(lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return lists.reduce<readonly (readonly number[])[]>((all, list) => all.flatMap((head) => list.map((v) => [...head, v])), [[]])
}

describe.each(scalars)('%s', (name, signature) => {
  const f = density(name, signature)
  const lists = signature.parameters.map(({ kind, ends }) => [
    ...(legal[kind] ?? reals),
    ...(ends.lowIn && kind !== 'count' && kind !== 'probability' ? [ends.low] : []),
    ...(ends.highIn && kind !== 'probability' ? [ends.high] : []),
  ])

  test('is a number or an infinity at any legal arguments, and so are its gradients', () => {
    const wrong: string[] = []
    // Whole numbers do not move.
    const moves = [!isWhole(signature.support), ...signature.parameters.map((p) => p.kind !== 'count')]
    for (const args of combinations(lists)) {
      for (const x of reals) {
        const { value, gradient } = f([x, ...args])
        const nan = gradient.findIndex((g, i) => moves[i] && Number.isNaN(g))
        if (Number.isNaN(value)) wrong.push(`log p(${x} | ${args})`)
        else if (nan >= 0) wrong.push(`d/d${nan} log p(${x} | ${args}) = ${value}`)
      }
    }
    expect(wrong.slice(0, 5)).toEqual([])
  })

  test('is minus infinity, with gradients 0, where one argument is illegal', () => {
    const usual = signature.parameters.map((p) => (p.kind === 'probability' ? 0.3 : p.kind === 'count' ? 3 : 1))
    signature.parameters.forEach((p, i) => {
      for (const bad of illegal[p.kind] ?? []) {
        // What is below the smallest number with all its digits counts as 0.
        if (bad >= p.ends.low && bad < 1e-307 && p.ends.lowIn) continue
        if (bad === p.ends.high && p.ends.highIn) continue
        const args = usual.map((v, j) => (j === i ? bad : v))
        for (const x of [0, 1, 0.5]) {
          const { value, gradient } = f([x, ...args])
          expect(value, `log p(${x} | ${args})`).toBe(-Infinity)
          expect(gradient[i + 1], `gradient at ${args}`).toBe(0)
        }
      }
    })
  })
})

describe('in a model', () => {
  const energy = (text: string, values: Record<string, number[]>, sizes = {}): number =>
    total(energyOf(`model t\n${text}\n`), sizes, values)

  test('a state or formula that leaves the domain of a parameter makes the energy infinite', () => {
    expect(energy('data y\nstate s\ny ~ normal(0, s)', { y: [0], s: [-1] })).toBe(Infinity)
    expect(energy('data y\nstate s\ny ~ exponential(s - 2)', { y: [1], s: [1] })).toBe(Infinity)
    expect(energy('data y : bit\nstate s\ny ~ bernoulli(s)', { y: [1], s: [1.5] })).toBe(Infinity)
    expect(
      energy('data p[row, k]\ndata z[row] : k\nz ~ categorical(p - 0.1)', { p: [0.5, 0.5, 0.05, 0.95], z: [0, 1] }, { row: 2, k: 2 }),
    ).toBe(Infinity)
  })

  test('one element outside is enough, and the others are as they were', () => {
    const text = 'data y[row]\nstate s[row]\ny ~ exponential(s)'
    expect(energy(text, { y: [1, 1], s: [2, -1] }, { row: 2 })).toBe(Infinity)
    expect(energy(text, { y: [1, 1], s: [2, 3] }, { row: 2 })).toBeCloseTo(5 - Math.log(6), 12)
  })

  test('given values are reported by name, place and value, though the type allows them', () => {
    const energy = energyOf('model t\ndata y[row]\ndata se[row]\nstate mu ~ normal(0, 1)\ny ~ normal(mu, se)\n')
    const column = (name: string, ...data: number[]): Given => ({
      name,
      from: 'd.csv',
      value: { kind: 'numbers', shape: [data.length], data: Float64Array.from(data) },
    })
    const { diagnostics } = bind(energy, { fixed: [column('y', 1, 2, 3), column('se', 1, 0, 2)], observed: [], cues: [] })
    expect(diagnostics.map(({ code, message, place }) => [code, message, place])).toEqual([
      ['AMP505', '"se" holds 0, which is not a number above 0.', 'd.csv, row = 2'],
    ])
  })
})

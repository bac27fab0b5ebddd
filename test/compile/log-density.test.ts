import { describe, expect, test } from 'vitest'
import { endsOf, hasElements, hasNumbers } from '../../src/families/parts/support.ts'
import { logDensityName, logDensityNames } from '../../src/families/tables/log-densities.ts'
import { type FamilyName, familyNames, signatures } from '../../src/families/tables/signatures.ts'
import { GraphBuilder, include } from '../../src/ir/builder.ts'
import { gradient } from '../../src/ir/gradient.ts'
import type { Graph } from '../../src/ir/graph.ts'
import type { Energy } from '../../src/middle/energy.ts'
import * as ports from '../../src/middle/ports.ts'
import { arrays, elements, numbers } from '../families/cases.ts'
import { codesOf, energyOf, run, sizesOf, total, type Values } from './models.ts'

const normal = (x: number, mu: number, sigma: number): number =>
  -0.5 * ((x - mu) / sigma) ** 2 - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI)

/** A family at its arguments as a statement and as a value: declarations, what both take, and where. */
interface Case {
  readonly declarations: string
  readonly over: string
  readonly args: readonly string[]
  readonly values: Values
  /** The axes that a value is summed over. */
  readonly rest: readonly string[]
}

const declaredOf = (axes: readonly string[]): string => axes.map((a, i) => `state a${i}${a}\n`).join('')

function numberCase(family: keyof typeof numbers): Case {
  const args = numbers[family][0] as readonly number[]
  const { support, parameters } = signatures[family]
  const type = 'whole' in support ? ' : count' : ''
  // Somewhere inside: reals at a half of the way, whole numbers at 1.
  const ends = (endsOf(support) ?? [-1, 1]).map((end) =>
    typeof end === 'number' ? end : (args[parameters.findIndex((p) => p.name === end)] ?? 0),
  )
  const [low = 0, high = 1] = ends
  const inside = Number.isFinite(low) ? (Number.isFinite(high) ? low + 0.37 * (high - low) : low + 0.8) : 0.3
  const y = 'whole' in support ? [1, 0] : [inside, Number.isFinite(high) ? inside : inside + 1.1]
  const values = { y, ...Object.fromEntries(args.map((a, i) => [`a${i}`, [a]])) }
  return { declarations: `data y[row]${type}\n`, over: '', args: args.map((_, i) => `a${i}`), values, rest: ['row'] }
}

function elementCase(family: keyof typeof elements): Case {
  const { args } = elements[family][0] as (typeof elements)[typeof family][number]
  const declarations = `axis k = 4\naxis cut = 3\ndata y[row] : k\n`
  const axes = args.map(({ axes }) => (axes.length === 0 ? '' : `[${axes.join(', ')}]`))
  const values = { y: [2, 0], ...Object.fromEntries(args.map((a, i) => [`a${i}`, a.data])) }
  return { declarations: declarations + declaredOf(axes), over: '', args: args.map((_, i) => `a${i}`), values, rest: ['row'] }
}

const arrayAxes: Readonly<Record<keyof typeof arrays, readonly string[]>> = {
  multi_normal: ['[d]', '[d, e]'],
  multi_normal_cholesky: ['[d]', '[d, e]'],
  multi_student_t: ['', '[d]', '[d, e]'],
  dirichlet: ['[d]'],
  multinomial: ['', '[d]'],
  von_mises_fisher: ['[d]', ''],
  wishart: ['', '[d, e]'],
  inverse_wishart: ['', '[d, e]'],
  matrix_normal: ['[d, f]', '[d, e]', '[f, g]'],
  lkj_cholesky: [''],
}

function arrayCase(family: keyof typeof arrays): Case {
  const { args, shape } = arrays[family][0] as (typeof arrays)[typeof family][number]
  const [rows = 3, columns] = shape
  const isMatrix = family === 'matrix_normal'
  const own = isMatrix ? '[d, f]' : columns === undefined ? '[d]' : '[d, e]'
  const y = { multinomial: [9, 6, 15], dirichlet: [0.2, 0.3, 0.5], von_mises_fisher: [0.6, 0, 0.8] }[family as string] ?? [0.3, 1.1, -0.4]
  const matrix = isMatrix
    ? [0.3, 1, -0.4, 0.2, 2, 0.7]
    : family === 'lkj_cholesky'
      ? [1, 0, 0, 0, 0.6, 0.8, 0, 0, 0, 0.6, 0.8, 0, 0.5, 0.5, 0.5, 0.5]
      : [2, 0.3, 0.1, 0.3, 1.5, -0.2, 0.1, -0.2, 1]
  const sizes = `axis d = ${rows}\naxis e = size(d)\naxis f = 2\naxis g = size(f)\n`
  const type = family === 'multinomial' ? ' : count' : ''
  const values = { y: columns === undefined ? y : matrix, ...Object.fromEntries(args.map((a, i) => [`a${i}`, a])) }
  return {
    declarations: `${sizes}data y${own}${type}\n${declaredOf(arrayAxes[family])}`,
    over: own,
    args: args.map((_, i) => `a${i}`),
    values,
    rest: [],
  }
}

function caseOf(family: FamilyName): Case {
  if (family === 'markov') {
    const declarations = 'axis k = 2\naxis j = size(k)\ndata y[t] : k\nstate a0[k, j]\n'
    return { declarations, over: '[t]', args: ['a0'], values: { y: [1, 0, 0], a0: [0.8, 0.2, 0.4, 0.6] }, rest: [] }
  }
  if (family in numbers) {
    const found = numberCase(family as keyof typeof numbers)
    return { ...found, declarations: found.declarations + declaredOf(found.args.map(() => '')) }
  }
  return hasElements(signatures[family].support) ? elementCase(family as keyof typeof elements) : arrayCase(family as keyof typeof arrays)
}

/** The one term of an energy, and its gradient by each name. */
function withGradient(energy: Energy, wrt: readonly string[]): Graph {
  const builder = new GraphBuilder()
  const ids = include(builder, energy.graph)
  const value = ids[energy.graph.outputs.find((o) => o.name.startsWith('term:'))?.node as number] as number
  builder.output('value', value)
  const inputs = wrt.map((name) => builder.input(name, energy.variables.find((v) => v.name === name)?.axes ?? []))
  for (const [i, g] of gradient(builder, value, inputs).entries()) builder.output(wrt[i] as string, g, builder.axes(inputs[i] as number))
  return builder.finish()
}

describe('the log density of a family as a value', () => {
  test.each(familyNames)('%s: minus the energy of its statement, to the gradient', (family) => {
    const { declarations, over, args, values, rest } = caseOf(family)
    const call = `${logDensityName(family)}${over}(y${args.map((a) => `, ${a}`).join('')})`
    const value = rest.length === 0 ? call : `sum[${rest.join(', ')}](${call})`
    const energies = [`y ~ ${family}${over}(${args.join(', ')})`, `energy -(${value})`].map((line) =>
      energyOf(`model t\n${declarations}${line}\n`),
    )
    const open = { row: 2, t: 3 }
    const [statement, asValue] = energies.map((e) => {
      const out = run(withGradient(e, args), sizesOf(e.axes, open), { ...values, [ports.temperature]: [1] })
      return { energy: out.value?.[0], slopes: args.map((a) => [...(out[a] ?? [])]) }
    })
    expect(Number.isFinite(statement?.energy)).toBe(true)
    expect(statement?.energy).toBe(asValue?.energy)
    expect(Object.values(asValue?.slopes ?? {})).toEqual(Object.values(statement?.slopes ?? {}))
  })

  test('names are those of Stan: _lpmf of what is counted, else _lpdf', () => {
    expect(logDensityNames).toContain('multi_normal_cholesky_lpdf')
    expect(logDensityNames).toContain('ordered_logistic_lpmf')
    expect(logDensityNames).toContain('multinomial_lpmf')
    expect(logDensityNames.filter((n) => n.endsWith('_lpmf'))).toHaveLength(
      familyNames.filter((f) => hasElements(signatures[f].support) || 'whole' in signatures[f].support).length + 1,
    )
  })

  test('arguments bring in axes of their own: a mixture written out', () => {
    const text = 'model t\ndata y[row]\nparam w[k]\nstate mu[k]\nenergy -sum[row](logsumexp[k](log(w) + normal_lpdf(y, mu, 0.5)))\n'
    const [y, w, mu] = [
      [0.3, -1, 2],
      [0.3, 0.7],
      [-0.8, 1.4],
    ]
    const right = y.reduce((s, v) => s - Math.log(w.reduce((p, q, k) => p + q * Math.exp(normal(v, mu[k] as number, 0.5)), 0)), 0)
    // 1e-12: a dozen roundings of numbers below 10.
    expect(total(energyOf(text), { row: 3, k: 2 }, { y, w, mu })).toBeCloseTo(right, 12)
    const several =
      'model t\naxis d = 2\naxis e = size(d)\ndata y[row, d]\nstate mu[k, d]\nstate S[k, d, e]\nenergy -sum[row, k](multi_normal_lpdf[d](y, mu, S))\n'
    const values = { y: [1, 2, 0, -1], mu: [0, 1, 2, 3], S: [1, 0, 0, 4, 9, 0, 0, 1] }
    const scale = [
      [1, 2],
      [3, 1],
    ]
    const expected = [0, 1].flatMap((r) =>
      [0, 1].flatMap((k) =>
        [0, 1].map((d) => normal(values.y[2 * r + d] as number, values.mu[2 * k + d] as number, scale[k]?.[d] as number)),
      ),
    )
    expect(total(energyOf(several), { row: 2, k: 2 }, values)).toBeCloseTo(-expected.reduce((s, v) => s + v, 0), 12)
  })

  test('weights, masks, and a value that no variable is in', () => {
    const text =
      'model t\ndata y[row]\ndata w[row]\nstate mu\nenergy -sum[row](where(w > 0, w * normal_lpdf(y, mu, 2), 0)) - normal_lpdf(0, mu, 3)\n'
    const right = 0.5 * normal(1, 0.4, 2) + 2 * normal(3, 0.4, 2) + normal(0, 0.4, 3)
    expect(total(energyOf(text), { row: 3 }, { y: [1, 2, 3], w: [0.5, 0, 2], mu: [0.4] })).toBeCloseTo(-right, 12)
  })

  test('given or moving, an argument outside its domain has no probability, and no statement refuses it', () => {
    const text = 'model t\ndata s[row]\ndata y[row]\nstate mu\nenergy -sum[row](where(s > 0, gamma_lpdf(y, s, 1), 0)) + mu^2\n'
    const at = (s: readonly number[]): number => total(energyOf(text), { row: 2 }, { s, y: [1.5, 2], mu: [0] })
    expect(at([1, 0])).toBeCloseTo(1.5, 12)
    const bare = text.replace('where(s > 0, gamma_lpdf(y, s, 1), 0)', 'gamma_lpdf(y, s, 1)')
    expect(total(energyOf(bare), { row: 2 }, { s: [1, -2], y: [1.5, 2], mu: [0] })).toBe(Infinity)
  })

  test('of arguments with an axis of their own, each is asked by itself whether it is in its domain', () => {
    const text = 'model t\ndata y\nstate s[k]\nenergy -logsumexp[k](gamma_lpdf(y, s, 1))\n'
    // gamma(2, 1) at 1.5; the other component has no probability.
    expect(total(energyOf(text), { k: 2 }, { y: [1.5], s: [2, -1] })).toBeCloseTo(1.5 - Math.log(1.5), 12)
  })

  test('a definition of the same name takes its place', () => {
    const text = 'model t\nstate x\ndef normal_lpdf(a) = a^2\nenergy normal_lpdf(x)\n'
    expect(total(energyOf(text), {}, { x: [3] })).toBe(9)
  })

  test('cutpoints are one fewer than the levels, by the value as by the statement', () => {
    const e = energyOf('model t\naxis k\naxis cut\ndata y : k\nstate c[cut] : ordered[cut]\nenergy -ordered_logistic_lpmf(y, 0.3, c)\n')
    expect(e.relations).toContainEqual(expect.objectContaining({ axis: 'cut', than: 'k', by: 1 }))
  })

  test('numbers are numbers of every family of them', () => {
    for (const family of familyNames.filter((f) => hasNumbers(signatures[f].support))) expect(caseOf(family).rest).toEqual(['row'])
    expect(codesOf('model t\nstate x\nenergy -normal_lpdf(x, 0, 1)\n')).toEqual([])
  })
})

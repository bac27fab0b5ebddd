import { conditionals } from '../../../src/compile/conditionals/conditional.ts'
import type { Conditional, NoForm } from '../../../src/compile/conditionals/found.ts'
import type { Sizes } from '../../../src/ir/graph.ts'
import type { Energy, EnergyVariable } from '../../../src/middle/energy.ts'
import type { Wall } from '../../../src/middle/model.ts'
import { type Domain, RAW, rawLength, valuesOf as valuesOfDomain } from '../../../src/verify/generators/values.ts'
import { Draw, run, sizesOf, total, type Values } from '../models.ts'

export type Numbers = Readonly<Record<string, readonly number[]>>

/** A random value of a variable. */
export function randomValue({ name, axes, type }: EnergyVariable, sizes: Sizes, seed: number): readonly number[] {
  const raw = new Draw(seed).integers(name, rawLength(axes, sizes), 2 * RAW + 1).map((r) => r - RAW)
  return [...valuesOfDomain(domainOf(type), axes, sizes, raw)]
}

function domainOf(type: EnergyVariable['type']): Domain {
  if (type.kind !== 'real' || (type.lower === undefined && type.upper === undefined)) return type
  const end = (wall: Wall | undefined, none: number): Float64Array => Float64Array.of(wall?.number ?? none)
  return { kind: 'interval', lower: end(type.lower, -Infinity), upper: end(type.upper, Infinity) }
}

export function randomValues(energy: Energy, sizes: Sizes, seed: number): Numbers {
  return Object.fromEntries(energy.variables.map((v) => [v.name, randomValue(v, sizes, seed)]))
}

/** What the coefficients are where everything is `values`; graphs without an axis of theirs are repeated along it. */
export function coefficientsAt(c: Conditional, energy: Energy, open: Sizes, values: Values): ReadonlyMap<string, Float64Array> {
  const sizes = sizesOf([...energy.axes, ...c.axes], open)
  const out = run(c.graph, sizes, values)
  return new Map(c.coefficients.map(({ statistic, port }) => [statistic, out[port] as Float64Array]))
}

const statistics: Readonly<Record<string, (x: number) => number>> = {
  x: (x) => x,
  'log x': Math.log,
  '1/x': (x) => 1 / x,
  'log(1 - x)': (x) => Math.log(1 - x),
}

/** What the form says of E at a value of its variable, up to a constant. */
export function predicted(c: Conditional, energy: Energy, open: Sizes, values: Values, x: readonly number[]): number {
  const at = coefficientsAt(c, energy, open, values)
  if (c.form === 'gaussian') {
    const p = precisionMatrix(c, energy, open, values)
    const h = at.get('linear') as Float64Array
    return x.reduce((sum, xi, i) => sum + x.reduce((s, xj, j) => s + 0.5 * xi * xj * (p[i]?.[j] as number), 0) - xi * (h[i] as number), 0)
  }
  if (c.form === 'categorical') {
    const table = at.get('level') as Float64Array
    const levels = table.length / x.length
    const { kind } = c.variable.type
    const level = (v: number): number => (kind === 'spin' ? (v + 1) / 2 : v)
    return x.reduce((sum, v, i) => sum + (table[i * levels + level(v)] as number), 0)
  }
  if (c.form === 'wishart' || c.form === 'inverse_wishart') return ofMatrices(at, x)
  return [...at].reduce((sum, [name, w]) => sum + x.reduce((s, v, i) => s + (w[i] as number) * (statistics[name]?.(v) ?? Number.NaN), 0), 0)
}

/** Of matrices of two rows, one after the other. */
function ofMatrices(at: ReadonlyMap<string, Float64Array>, x: readonly number[]): number {
  const [weights, inverses, logs] = ['x', '1/x', 'log x'].map((name) => at.get(name))
  const groups = Array.from({ length: x.length / 4 }, (_, g) => x.slice(4 * g, 4 * g + 4) as [number, number, number, number])
  return groups.reduce((sum, [a, b, c, d], g) => {
    const det = a * d - b * c
    const weigh = (w: Float64Array | undefined, s: readonly number[]): number => s.reduce((t, v, i) => t + (w?.[4 * g + i] ?? 0) * v, 0)
    return sum + (logs?.[g] ?? 0) * Math.log(det) + weigh(weights, [a, b, c, d]) + weigh(inverses, [d / det, -b / det, -c / det, a / det])
  }, 0)
}

/** The whole matrix over all elements of the variable. */
export function precisionMatrix(c: Conditional, energy: Energy, open: Sizes, values: Values): number[][] {
  const sizes = sizesOf([...energy.axes, ...c.axes], open)
  const flat = coefficientsAt(c, energy, open, values).get('precision') as Float64Array
  const port = c.graph.outputs.find((o) => o.name.endsWith(':precision'))
  const axes = port?.axes ?? []
  const own = c.variable.axes
  const n = own.reduce((product, axis) => product * (sizes[axis] as number), 1)
  const positions = (k: number): Record<string, number> => {
    const at: Record<string, number> = {}
    let rest = k
    for (const axis of own.toReversed()) {
      at[axis] = rest % (sizes[axis] as number)
      rest = Math.floor(rest / (sizes[axis] as number))
    }
    return at
  }
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      const [row, column] = [positions(i), positions(j)]
      if (c.apart.some((axis) => row[axis] !== column[axis])) return 0
      const second = new Map(c.mixing.map((m) => [m.other, column[m.axis] as number]))
      return flat[axes.reduce((k, axis) => k * (sizes[axis] as number) + (second.get(axis) ?? (row[axis] as number)), 0)] as number
    }),
  )
}

export function formsOf(energy: Energy): ReadonlyMap<string, Conditional | NoForm> {
  return new Map(conditionals(energy).map((c) => [c.variable.name, c]))
}

/**
 * How far the change of E from one random value of a variable to another is from what its form says, relative to the size of E;
 * of a categorical variable whose sites meet, from one site to another value alone.
 */
export function errorOf(c: Conditional, energy: Energy, open: Sizes, seed: number): number {
  const sizes = sizesOf(energy.axes, open)
  const values = randomValues(energy, sizes, seed)
  const { name } = c.variable
  const before = values[name] as readonly number[]
  const other = randomValue(c.variable, sizes, seed + 1000)
  const oneOnly = c.form === 'categorical' && c.mixing.length > 0
  const after = oneOnly ? before.map((v, i) => (i === seed % before.length ? (other[i] as number) : v)) : other
  const [e0, e1] = [before, after].map((x) => total(energy, open, { ...values, [name]: x })) as [number, number]
  const [f0, f1] = [before, after].map((x) => predicted(c, energy, open, values, x)) as [number, number]
  return Math.abs(e1 - e0 - (f1 - f0)) / Math.max(1, Math.abs(e0), Math.abs(e1), Math.abs(f0), Math.abs(f1))
}

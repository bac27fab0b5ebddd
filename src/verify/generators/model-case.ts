import fc from 'fast-check'
import { pow } from '../../base/special/pow.ts'
import { groupsOf } from '../../bind/groups.ts'
import { expressionOf, namesWritten } from '../../compile/outputs.ts'
import { endAmong, endsOf, isCounted } from '../../families/parts/support.ts'
import { signatures } from '../../families/tables/signatures.ts'
import { evaluate } from '../../ir/evaluate.ts'
import type { Sizes } from '../../ir/graph.ts'
import { volumeOver } from '../../ir/layout.ts'
import type { Energy, EnergyVariable, WrittenDensity } from '../../middle/energy.ts'
import { isCountless, kindOf } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import { statesOf } from '../../middle/situation.ts'
import { grownValues } from './grown.ts'
import { sizesOf } from './sizes.ts'
import { type Domain, narrowed, RAW, rawLength, valuesOf } from './values.ts'

/** One random instance of a model: a size for every axis and numbers for every variable, states included. */
export interface ModelCase {
  readonly sizes: Sizes
  /** On the user's scale, laid out in declared order, elements numbered from 0. */
  readonly values: Readonly<Record<string, Float64Array>>
  /** T of exp(-E/T). */
  readonly temperature: number
  /** For whatever else is random in a law. */
  readonly seed: number
}

/** Random instances of a model, shrinking towards size 1, values 0 (or 1, or the first element), T = 1. */
export function modelCases(energy: Energy): fc.Arbitrary<ModelCase> {
  const domains = domainsOf(energy)
  return sizesOf(energy).chain((sizes) => {
    const raw = Object.fromEntries(
      energy.variables.map((v): [string, fc.Arbitrary<number[]>] => {
        const length = rawLength(v.axes, sizes)
        return [v.name, fc.array(fc.integer({ min: -RAW, max: RAW }), { minLength: length, maxLength: length })]
      }),
    )
    return fc
      .record({ raw: fc.record(raw), heat: fc.integer({ min: -100, max: 100 }), seed: fc.integer({ min: 0, max: 1_000_000 }) })
      .map(({ raw: chosen, heat, seed }) => ({
        sizes,
        values: grown(energy, sizes, valuesFrom(energy, domains, sizes, chosen), domains, chosen),
        temperature: Number(pow(10, heat / 100).toPrecision(3)),
        seed,
      }))
  })
}

/** With what a store may hold of opened axes, from patterns of the same kind. */
function grown(
  energy: Energy,
  sizes: Sizes,
  values: Record<string, Float64Array>,
  domains: readonly VariablePlace[],
  raw: Readonly<Record<string, readonly number[]>>,
): Readonly<Record<string, Float64Array>> {
  const patternOf = (k: number): Record<string, Float64Array> => {
    const turned = Object.entries(raw).map(([name, all]) => [name, all.map((_, i) => all[(i + k) % all.length] ?? 0)] as const)
    const pattern = valuesFrom(energy, domains, sizes, Object.fromEntries(turned))
    const states = statesOf(energy)
    return Object.fromEntries(Object.entries(pattern).filter(([name]) => states.has(name)))
  }
  return energy.opened.reduce(
    (now, axis) => grownValues(energy, axis, sizes, now, patternOf),
    values as Readonly<Record<string, Float64Array>>,
  )
}

/** What is known of where a variable may lie. */
interface VariablePlace {
  readonly variable: EnergyVariable
  readonly domain: Domain
  /** Outputs of what the text says. */
  readonly lower: readonly string[]
  readonly upper: readonly string[]
}

/** Types, narrowed by the families of the statements that hold the variables, with all bounds that are expressions. */
function domainsOf(energy: Energy): readonly VariablePlace[] {
  const written = namesWritten(energy)
  return energy.variables.map((variable) => {
    const held = energy.statements.filter((t): t is WrittenDensity => t.kind === 'density' && t.variable === variable.name)
    const { name, type } = variable
    const own = (end: ports.End): readonly string[] => [ports.bound(name, end)].filter((port) => written.has(port))
    const domain = held.reduce<Domain>((d, t) => narrow(d, t, variable), type)
    return {
      variable,
      domain,
      lower: [...own('lower'), ...held.flatMap(lowerOf)],
      upper: [...own('upper'), ...held.flatMap(upperOf)],
    }
  })
}

function narrow(domain: Domain, term: WrittenDensity, { role }: EnergyVariable): Domain {
  // A state keeps its type: where it may go beyond its family's support, the energy is infinite there.
  if (role === 'state' || domain.kind === 'angle' || domain.kind === 'interval') return domain
  return narrowed(domain, signatures[term.family].support, term.over)
}

function lowerOf(statement: WrittenDensity): readonly string[] {
  return [...(statement.truncated ? [ports.range(statement.name, 'lower')] : []), ...endOf(statement, 0)]
}

function upperOf(statement: WrittenDensity): readonly string[] {
  return [...(statement.truncated ? [ports.range(statement.name, 'upper')] : []), ...endOf(statement, 1)]
}

/** An end of the support that is an argument. */
function endOf({ name, family }: WrittenDensity, side: 0 | 1): readonly string[] {
  const { support, parameters } = signatures[family]
  const given = parameters.map((_, i) => ports.argument(name, i))
  const end = endAmong(endsOf(support)?.[side] ?? 0, parameters, given)
  return typeof end === 'string' ? [end] : []
}

/** Those with bounds come after the variables that the bounds are made of; bounds in a circle are left aside. */
function valuesFrom(
  energy: Energy,
  places: readonly VariablePlace[],
  sizes: Sizes,
  raw: Readonly<Record<string, readonly number[]>>,
): Record<string, Float64Array> {
  const values: Record<string, Float64Array> = Object.create(null)
  let waiting = places
  for (let round = 0; waiting.length > 0; round += 1) {
    const later: VariablePlace[] = []
    for (const place of waiting) {
      const { variable } = place
      const domain = round > places.length ? place.domain : domainAt(energy, place, sizes, values)
      if (domain === undefined) later.push(place)
      else values[variable.name] = consistent(energy, variable, sizes, valuesOf(domain, variable.axes, sizes, raw[variable.name] ?? []))
    }
    waiting = later
  }
  return { ...values, ...namedElements(energy, sizes, raw) }
}

/** Elements that the model names: where it lists them, else apart from each other. */
function namedElements(
  { variables, axes }: Energy,
  sizes: Sizes,
  raw: Readonly<Record<string, readonly number[]>>,
): Readonly<Record<string, Float64Array>> {
  const values: Record<string, Float64Array> = Object.create(null)
  const groups = groupsOf({ axes })
  for (const axis of new Set(axes.map((a) => a.name))) {
    const group = groups.get(axis) ?? [axis]
    const listed = axes.find((a) => group.includes(a.name) && a.labels !== undefined)?.labels
    const named = variables.filter(({ label, type }) => label !== undefined && type.kind === 'element' && group.includes(type.axis))
    const labels = [...new Set(named.map((v) => v.label as string))]
    const [first = 0] = raw[named[0]?.name ?? ''] ?? []
    for (const { name, label = '' } of named) {
      const at = listed === undefined ? (labels.indexOf(label) + Math.abs(first)) % (sizes[axis] ?? 1) : listed.indexOf(label)
      values[name] = Float64Array.of(at)
    }
  }
  return values
}

/** The domain at these values; undefined while a bound cannot be computed. */
function domainAt(
  energy: Energy,
  { domain, variable, lower, upper }: VariablePlace,
  sizes: Sizes,
  values: Readonly<Record<string, Float64Array>>,
): Domain | undefined {
  if (lower.length + upper.length === 0) return domain
  const below = lower.map((e) => boundOver(energy, e, variable, sizes, values))
  const above = upper.map((e) => boundOver(energy, e, variable, sizes, values))
  if ([...below, ...above].includes(undefined)) return undefined
  const length = volumeOver(variable.axes, sizes)
  const extreme = (list: readonly (Float64Array | undefined)[], none: number, pick: (a: number, b: number) => number): Float64Array =>
    Float64Array.from({ length }, (_, i) => list.reduce((best, b) => pick(best, b?.[i] ?? none), none))
  const walls = { lower: extreme(below, -Infinity, Math.max), upper: extreme(above, Infinity, Math.min) }
  const least = domain.kind === 'angle' || domain.kind === 'interval' ? -Infinity : kindOf(domain).range.low
  return { kind: 'interval', lower: walls.lower.map((w) => Math.max(w, least)), upper: walls.upper }
}

function boundOver(
  energy: Energy,
  port: string,
  { axes }: EnergyVariable,
  sizes: Sizes,
  values: Readonly<Record<string, Float64Array>>,
): Float64Array | undefined {
  const graph = expressionOf(energy, port)
  if (graph.inputs.some((p) => values[p.name] === undefined)) return undefined
  if (graph.outputs.some((o) => o.axes.some((a) => !axes.includes(a)))) return undefined
  const wide = { ...graph, outputs: graph.outputs.map((o) => ({ ...o, axes })) }
  return evaluate(wide, sizes, values).value
}

/** Counts are whole numbers whatever interval they were put in. */
function consistent(energy: Energy, variable: EnergyVariable, _sizes: Sizes, values: Float64Array): Float64Array {
  const counted = energy.statements.some(
    (t) => t.kind === 'density' && t.variable === variable.name && isCounted(signatures[t.family].support),
  )
  return isCountless(variable.type) || counted ? values.map(Math.floor) : values
}

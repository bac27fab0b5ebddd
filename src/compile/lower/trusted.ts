import { type FamilyName, families, type ParameterKind } from '../../dsl/families.ts'
import type { DensityTerm, Model, Typed, ValueType } from '../../dsl/model.ts'
import type { NodeId } from '../../ir/graph.ts'
import { isPositive, ranges } from '../../ir/range.ts'
import { typeRange } from '../type-range.ts'
import type { Context } from './context.ts'

type Scalar = 'positive' | 'probability' | 'count'

/** What each element of a parameter must be. */
const elements: { readonly [K in ParameterKind]?: Scalar } = {
  positive: 'positive',
  positive_vector: 'positive',
  probability: 'probability',
  count: 'count',
}

/** The types that keep their values so. */
const keeps: Readonly<Record<Scalar, readonly ValueType['kind'][]>> = {
  positive: ['positive'],
  probability: ['probability', 'bit', 'simplex'],
  count: ['count', 'bit'],
}

/** The kinds of a family's parameters, where neither the type of what is given for them nor its formula keeps them inside. */
export function untrusted(c: Context, term: DensityTerm, args: readonly NodeId[]): readonly (ParameterKind | undefined)[] {
  const { parameters } = families[term.family as FamilyName]
  const range = ranges(c.builder, (name) => typeRange(c.variables.get(name)?.type ?? { kind: 'real' }))
  return term.args.map((value, i) => {
    const kind = parameters[i]?.kind
    const node = args[i]
    if (kind === undefined || node === undefined || isSafe(c, value, kind)) return undefined
    const { lo, hi } = range(node)
    const constant = c.builder.node(node)
    if (elements[kind] === 'positive' && isPositive(range(node))) return undefined
    if ((elements[kind] === 'probability' || kind === 'simplex') && lo >= 0 && hi <= 1) return undefined
    return constant.op === 'const' && kind === 'count' ? undefined : kind
  })
}

/** Values that come from outside are looked at when they come (`wantedOf`). */
function isSafe(c: Context, value: Typed, kind: ParameterKind): boolean {
  const variable = c.variables.get(variableOf(value) ?? '')
  if (variable === undefined) return false
  const wanted = elements[kind]
  if (wanted !== undefined && keeps[wanted].includes(variable.type.kind)) return true
  if (kind === 'simplex') return variable.type.kind === 'simplex'
  return wanted !== undefined && isGiven(variable.role) && isPlain(variable.type)
}

/** The type that a given variable's values must have besides its own, since a family takes them as they are. */
export function wantedOf(model: Model, name: string): Scalar | undefined {
  const variable = model.variables.find((v) => v.name === name)
  if (variable === undefined || !isGiven(variable.role) || !isPlain(variable.type)) return undefined
  for (const term of model.terms) {
    if (term.kind !== 'density' || !(term.family in families)) continue
    const { parameters } = families[term.family as FamilyName]
    const at = term.args.findIndex((a, i) => variableOf(a) === name && elements[parameters[i]?.kind ?? 'real'] !== undefined)
    if (at >= 0) return elements[parameters[at]?.kind ?? 'real']
  }
  return undefined
}

function isGiven(role: string): boolean {
  return role === 'data' || role === 'memory' || role === 'input'
}

function isPlain(type: ValueType): boolean {
  return type.kind === 'real' && type.lower === undefined && type.upper === undefined
}

/** The variable behind a pick, a renaming or a shift. */
function variableOf(t: Typed): string | undefined {
  let inner = t
  while (inner.kind === 'pick' || inner.kind === 'rename' || (inner.kind === 'shift' && inner.fill === undefined)) inner = inner.target
  return inner.kind === 'variable' ? inner.name : undefined
}

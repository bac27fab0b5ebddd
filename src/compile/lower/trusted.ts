import { isPositive } from '../../base/interval.ts'
import type { Limits } from '../../families/parts/limits.ts'
import type { FamilySignature, Parameter } from '../../families/parts/signature.ts'
import { signatures } from '../../families/tables/signatures.ts'
import type { NodeId } from '../../ir/graph.ts'
import { isUnbounded } from '../../middle/kinds.ts'
import type { FamilyUse, Model, Typed, Variable } from '../../middle/model.ts'
import { isAmong } from '../../middle/supports.ts'
import type { LowerContext } from './context.ts'

type ScalarKind = 'positive' | 'nonnegative' | 'probability' | 'count'

/** What each element of a parameter must be. */
function elementOf({ kind, ends }: Parameter): ScalarKind | undefined {
  if (kind === 'positive' || kind === 'positive_vector') return ends.lowIn ? 'nonnegative' : 'positive'
  return kind === 'probability' || kind === 'count' ? kind : undefined
}

/** An argument and what it is given for; `limits`: what stands for the formulas of the family at the ends, if anything. */
interface TrustedArgument {
  readonly value: Typed
  readonly node: NodeId
  readonly parameter: Parameter
  readonly limits: Limits[number]
}

/**
 * The parameters of a family whose arguments may leave their domains, or come to an end where a limit stands for the
 * formulas; undefined for those that the type of what is given, or how it is made, keeps inside. `looksAtGiven`: whether
 * what is given is refused where it is outside, when it comes.
 */
export function untrusted(
  c: LowerContext,
  use: FamilyUse,
  limits: Limits,
  args: readonly NodeId[],
  looksAtGiven: boolean,
): readonly (Parameter | undefined)[] {
  const { parameters }: FamilySignature = signatures[use.family]
  return use.args.map((value, i) => {
    const [parameter, node] = [parameters[i], args[i]]
    if (parameter === undefined || node === undefined) return undefined
    return isKept(c, { value, node, parameter, limits: limits[i] ?? {} }, looksAtGiven) ? undefined : parameter
  })
}

function isKept(c: LowerContext, argument: TrustedArgument, looksAtGiven: boolean): boolean {
  const { known } = c
  const { value, node, parameter, limits } = argument
  const { kind, ends } = parameter
  const variable = c.variables.get(variableOf(value) ?? '')
  const isLookedAt = looksAtGiven && isGivenPlain(variable)
  const reachesInfinity = (ends.lowIn && ends.low === -Infinity) || (ends.highIn && ends.high === Infinity)
  if (reachesInfinity && known.infinite(node)) return false
  const { low, high } = known.range(node)
  if (kind === 'simplex') return variable?.type.kind === 'simplex' || (low >= 0 && high <= 1)
  // What is given is looked at when it comes.
  if (kind === 'ordered') return variable?.type.kind === 'ordered' || (isLookedAt && !c.inferable.has(variable?.name ?? ''))
  const element = elementOf(parameter)
  // Data that may be any number may be infinite.
  if (element === undefined) return !(reachesInfinity && isGivenPlain(variable))
  const wanted = limits.low === undefined ? element : 'positive'
  if (variable !== undefined && isAmong(variable.type.kind, wanted)) return true
  // Values that come from outside are looked at when they come (`wantedOf`), and may then be at an end.
  if (isLookedAt) return limits.low === undefined
  if (wanted === 'count') return c.builder.node(node).op === 'const'
  if (wanted === 'probability') return low >= 0 && high <= 1
  return wanted === 'positive' ? isPositive(known.range(node)) : low >= 0
}

/** From the strictest, of those that numbers above 0 may have to be. */
const order: readonly ScalarKind[] = ['count', 'probability', 'positive', 'nonnegative']

/** The type that a given variable's values must have besides its own, since families take them as they are. */
export function wantedOf(model: Model, variable: Variable): ScalarKind | undefined {
  if (!isGivenPlain(variable)) return undefined
  const wanted = model.terms.flatMap((term): readonly (ScalarKind | undefined)[] => {
    if (term.kind !== 'density') return []
    const { parameters }: FamilySignature = signatures[term.family]
    return term.args.map((a, i) => {
      const parameter = parameters[i]
      return parameter === undefined || variableOf(a) !== variable.name ? undefined : elementOf(parameter)
    })
  })
  return order.find((s) => wanted.includes(s))
}

/** Given from outside, and of a type that allows any number. */
function isGivenPlain(variable: Variable | undefined): boolean {
  return variable !== undefined && isGiven(variable.role) && isUnbounded(variable.type)
}

function isGiven(role: string): boolean {
  return role === 'data' || role === 'memory' || role === 'input'
}

/** The variable behind a pick, a renaming or a shift. */
function variableOf(t: Typed): string | undefined {
  let inner = t
  while (inner.kind === 'pick' || inner.kind === 'rename' || (inner.kind === 'shift' && inner.fill === undefined)) inner = inner.target
  return inner.kind === 'variable' ? inner.name : undefined
}

import { hasErrors } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { FamilyName } from '../../families/tables/signatures.ts'
import { GraphBuilder } from '../../ir/builder.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import type { DensityTerm, Model, Term, Typed, ValueType, Variable } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import { lowerValue } from '../lower.ts'

/** Where one variable is drawn from. */
export interface Source {
  readonly name: string
  readonly axes: readonly string[]
  readonly type: ValueType
  readonly family: FamilyName
  readonly over: readonly string[]
  readonly args: readonly Graph[]
  readonly range?: { readonly lower: Graph; readonly upper: Graph }
  readonly censored?: { readonly lower: Graph; readonly upper: Graph }
  /** The statement; absent for the weights of an axis and for elements drawn from them. */
  readonly term?: Term
}

/** The one density a variable has of its own, or why it has none. */
export function sourceOf(model: Model, name: string): Source | { readonly reason: string } {
  const axis = model.axes.find((a) => a.weights !== undefined && ports.weight(a.name) === name)
  if (axis?.weights?.family === 'dirichlet') {
    const { family, args } = axis.weights
    return { name, axes: [axis.name], type: { kind: 'simplex', axis: axis.name }, family, over: [axis.name], args: graphs(model, args) }
  }
  const variable = must(
    model.variables.find((v) => v.name === name),
    `variable ${name}`,
  )
  const [term, ...more] = model.terms.filter((t): t is DensityTerm => t.kind === 'density' && t.variable === name)
  if (more.length > 0) return { reason: `"${name}" has more than one statement of its own` }
  if (term !== undefined) return fromStatement(model, variable, term)
  return variable.type.kind === 'element'
    ? fromWeights(model, variable, variable.type.axis)
    : { reason: `"${name}" has no density of its own` }
}

/** An expression of a model as a graph. What cannot be lowered has been reported already, by `lower`: an energy exists. */
export function graphOf(model: Model, value: Typed): Graph {
  const { value: graph, diagnostics } = lowerValue(model, value)
  return must(hasErrors(diagnostics) ? undefined : graph, 'an argument that lower has lowered')
}

function graphs(model: Model, values: readonly Typed[]): readonly Graph[] {
  return values.map((v) => graphOf(model, v))
}

function fromStatement(model: Model, { name, axes, type }: Variable, term: DensityTerm): Source {
  const { family, over, range, censored } = term
  const ends = ({ lower, upper }: NonNullable<DensityTerm['range']>) => ({ lower: graphOf(model, lower), upper: graphOf(model, upper) })
  const bounds = { ...(range && { range: ends(range) }), ...(censored && { censored: ends(censored) }) }
  return { name, axes, type, family, over, args: graphs(model, term.args), ...bounds, term }
}

/** An element that no statement draws has the weights of its axis, or all elements alike. */
function fromWeights(model: Model, { name, axes, type }: Variable, axis: string): Source {
  const builder = new GraphBuilder()
  const random = model.axes.some((a) => a.name === axis && a.weights !== undefined)
  const uniform = (): NodeId => builder.apply('div', builder.constant(1), builder.size(axis))
  builder.output(ports.result, random ? builder.input(ports.weight(axis), [axis]) : uniform())
  return { name, axes, type, family: 'categorical', over: [], args: [builder.finish()] }
}

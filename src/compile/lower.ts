import { type Checked, checked, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { hasUnitRows } from '../families/parts/support.ts'
import { signatures } from '../families/tables/signatures.ts'
import { cut } from '../ir/cut.ts'
import type { NodeId } from '../ir/graph.ts'
import { simplify } from '../ir/simplify.ts'
import { unrolled } from '../ir/unrolled.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import type { Model, Typed, ValueType, Variable, Wall } from '../middle/model.ts'
import * as ports from '../middle/ports.ts'
import { checksOf } from './checks/collect.ts'
import { emptyEnvironment, type LowerContext, type Lowered, newContext } from './lower/context.ts'
import { lowerExpression } from './lower/expressions.ts'
import { writeParts } from './lower/parts.ts'
import { randomAxesOf } from './lower/random-axes.ts'
import { type LoweredTerm, lowerTerms } from './lower/terms.ts'
import { wantedOf } from './lower/trusted.ts'
import { drives, lowerNeurons, type Neuron, withActivations } from './neurons.ts'
import { orders } from './orders.ts'
import { relationsOf } from './relations.ts'

/**
 * A checked model as one energy. `written` is all that the text says: a scalar output `term:NAME` for each statement, in
 * nats (a density adds minus its log summed over every axis of the left side), and every expression that a later stage
 * may need by itself; `graph` is the terms alone, simplified. Nothing is lowered again after this. Where something
 * cannot be run yet there is no energy and a diagnostic says what and why.
 */
export function lower(model: Model): Checked<Energy> {
  const c = newContext(model, lowerExpression)
  const env = emptyEnvironment()
  const lowered = (e: Typed): Lowered => c.lower(c, e, env)
  // In order: each let uses only earlier ones.
  for (const l of model.lets) c.lets.set(l.name, lowered(l.value))
  const { written, implied } = lowerTerms(c, lowered)
  const { neurons, terms: legendre } = lowerNeurons(c, [...written, ...implied], lowered)
  const terms = [...written, ...implied, ...legendre]
  if (hasErrors(c.diagnostics)) return unmade(c.diagnostics)
  const own = writeTerms(c, terms, neurons)
  const declared = variablesOf(model, (v) => walled(v.type))
  const variables = variablesOf(model, (v) => settled(model, v))
  const checks = checksOf(c, variables, lowered)
  const relations = relationsOf(model, c.renamed)
  const statements = writeParts(c, implied, lowered)
  const axes = [...axesOf(model), ...madeAxes(c)]
  const whole = unrolled(withActivations(c.builder.finish(), neurons), madeSizes(axes, {}))
  const graph = simplify(
    cut(
      whole,
      whole.outputs.filter((o) => own.has(o.name)),
    ),
  )
  const energy: Energy = {
    written: whole,
    graph,
    declared,
    ...statements,
    terms: terms.map(({ name, span, kind }) => ({ name, span, kind })),
    variables,
    axes,
    marginalised: [],
    relaxed: [],
    joint: [],
    eliminated: [],
    posteriors: [],
    inner: [],
    neurons: neurons.map((n) => n.name),
    random: randomAxesOf({ model, graph, terms, implied: statements.implied }),
    opened: [],
    relations,
    choosing: [...c.choosing],
    checks,
    ...(model.temperature === undefined ? {} : { temperature: { span: model.temperature.span } }),
  }
  return checked(energy, c.diagnostics)
}

function axesOf(model: Model): Energy['axes'] {
  const orderOf = orders(model)
  return model.axes.map(({ name, span, size, labels }) => ({
    ...{ name, span, size },
    ...(labels === undefined ? {} : { labels }),
    ...orderOf(name),
  }))
}

function madeAxes(c: LowerContext): Energy['axes'] {
  return [...c.made].map(([name, size]) => ({ name, size: { kind: 'fixed', size } }))
}

/** The outputs of the energy itself; says which they are. */
function writeTerms(c: LowerContext, terms: readonly LoweredTerm[], neurons: readonly Neuron[]): ReadonlySet<string> {
  const { builder } = c
  const own = new Set<string>()
  const write = (port: string, node: NodeId, axes: readonly string[]): void => {
    builder.output(port, node, axes)
    own.add(port)
  }
  const axesOfState = (name: string): readonly string[] => must(c.variables.get(name), name).axes
  for (const n of neurons) write(ports.activation(n.name), n.activation, axesOfState(n.name))
  for (const t of terms) write(ports.term(t.name), t.node, [])
  drives(c, neurons, terms).forEach((node, i) => {
    const { name, tau } = must(neurons[i], 'neuron')
    write(ports.drive(name), node, axesOfState(name))
    write(ports.tau(name), tau, axesOfState(name))
  })
  for (const t of terms) if (t.counted !== undefined) builder.output(ports.counted(t.name), t.counted)
  for (const t of terms) if (t.partly !== undefined) builder.output(ports.partly(t.name), t.partly(), [])
  return own
}

/** A type whose bounds are known to be there: what they are is among the outputs. */
function walled(type: ValueType<Typed>): ValueType {
  if (type.kind !== 'real') return type
  const wall = (e: Typed): Wall => ({ span: e.span, ...(e.kind === 'number' ? { number: e.value } : {}) })
  return {
    kind: 'real',
    ...(type.lower === undefined ? {} : { lower: wall(type.lower) }),
    ...(type.upper === undefined ? {} : { upper: wall(type.upper) }),
  }
}

/** Every input the energy may have: the model's variables, and the weights of random axes as states on the simplex. */
function variablesOf(model: Model, typeOf: (v: Variable) => ValueType): readonly EnergyVariable[] {
  const declared = model.variables.map((v) => ({
    ...{ name: v.name, role: v.role, axes: v.axes, type: typeOf(v), span: v.span },
    ...(v.label === undefined ? {} : { label: v.label }),
  }))
  const weights = model.axes.flatMap((axis): readonly EnergyVariable[] => {
    if (axis.weights === undefined) return []
    const type = { kind: 'simplex', axis: axis.name } as const
    return [{ name: ports.weight(axis.name), role: 'state', axes: [axis.name], type, span: axis.weights.span }]
  })
  return [...declared, ...weights]
}

/**
 * `L ~ lkj_cholesky` says that L is the factor of a correlation matrix: its rows have length 1. What is given and taken by
 * a family for a scale, a probability or a count must be one.
 */
function settled(model: Model, variable: Variable): ValueType {
  const { name } = variable
  const type = walled(variable.type)
  const isFactor = (): boolean =>
    model.terms.some((t) => t.kind === 'density' && t.variable === name && hasUnitRows(signatures[t.family].support))
  if (type.kind === 'cholesky' && isFactor()) return { ...type, unitRows: true }
  const wanted = wantedOf(model, variable)
  return wanted === undefined ? type : { kind: wanted }
}

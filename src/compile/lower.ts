import { type Checked, checked, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Graph } from '../ir/graph.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import type { Model, Typed, ValueType } from '../middle/model.ts'
import * as ports from '../middle/ports.ts'
import { checksOf } from './checks/collect.ts'
import { type Context, emptyEnvironment, newContext, refuse } from './lower/context.ts'
import { lowerExpression } from './lower/expressions.ts'
import { type LoweredTerm, lowerTerms } from './lower/terms.ts'
import { wantedOf } from './lower/trusted.ts'
import { drives, lowerNeurons, type Neuron, withActivations } from './neurons.ts'
import { orders } from './orders.ts'
import { relationsOf } from './relations.ts'

/**
 * A checked model as one energy: a graph with a scalar output `term:NAME` per statement, in nats. Density statements
 * add minus their log density summed over every axis of the left side. Where something cannot be run yet there is no
 * energy and a diagnostic says what and why. Of the states `inPart` only the elements count that the input `knownName` says
 * are known.
 */
export function lower(model: Model, inPart: ReadonlySet<string> = new Set()): Checked<Energy> {
  const { value, diagnostics } = lowerAsWritten(model, inPart)
  return value === undefined ? unmade(diagnostics) : checked({ ...value, graph: simplify(value.graph) }, diagnostics)
}

/** The same with the graph as the text says it, not simplified: what the simplified one is held to. */
export function lowerAsWritten(model: Model, inPart: ReadonlySet<string> = new Set()): Checked<Energy> {
  const c = newContext(model, inPart)
  refuseWhatHasNoEnergy(c)
  if (hasErrors(c.diagnostics)) return unmade(c.diagnostics)
  lowerLets(c)
  const written = lowerTerms(c)
  const { neurons, terms: legendre } = lowerNeurons(c, written)
  const terms = [...written, ...legendre]
  if (hasErrors(c.diagnostics)) return unmade(c.diagnostics)
  const orderOf = orders(model)
  const variables = [...variablesOf(model), ...knownInputs(c)]
  const energy: Energy = {
    model,
    graph: graphOf(c, terms, neurons),
    terms: terms.map(({ name, span, kind }) => ({ name, span, kind })),
    variables,
    axes: [
      ...model.axes.map(({ name, size, labels }) => ({ name, size, ...(labels === undefined ? {} : { labels }), ...orderOf(name) })),
      ...madeAxes(c),
    ],
    marginalised: [],
    joint: [],
    neurons: neurons.map((n) => n.name),
    relations: relationsOf(model, c.renamed),
    checks: checksOf(c, variables),
  }
  return checked(energy, c.diagnostics)
}

function madeAxes(c: Context): Energy['axes'] {
  return [...c.made].map(([name, size]) => ({ name, size: { kind: 'fixed', size } }))
}

/** A lone expression as a graph with the output `value` over its axes: defaults of params, bounds of types. */
export function lowerValue(model: Model, e: Typed): Checked<Graph> {
  const c = newContext(model, undefined, false)
  lowerLets(c)
  const { node: value, legality } = lowerExpression(c, e, emptyEnvironment())
  const node = legality.penalty === undefined ? value : c.m.where(c.m.equal(legality.penalty, c.m.k(0)), value, c.m.k(Number.NaN))
  if (hasErrors(c.diagnostics)) return unmade(c.diagnostics)
  c.builder.output(ports.result, node, e.axes)
  return checked(simplify(c.builder.finish()), c.diagnostics)
}

/** In order: each let uses only earlier ones. */
function lowerLets(c: Context): void {
  const env = emptyEnvironment()
  for (const l of c.model.lets) c.lets.set(l.name, lowerExpression(c, l.value, env))
}

function graphOf(c: Context, terms: readonly LoweredTerm[], neurons: readonly Neuron[]): Graph {
  const { builder } = c
  const axesOf = (name: string): readonly string[] => must(c.variables.get(name), name).axes
  for (const n of neurons) builder.output(ports.activation(n.name), n.activation, axesOf(n.name))
  const activations = builder.finish()
  for (const t of terms) builder.output(ports.term(t.name), t.node)
  drives(c, neurons, terms).forEach((node, i) => {
    const { name, tau } = must(neurons[i], 'neuron')
    builder.output(ports.drive(name), node, axesOf(name))
    builder.output(ports.tau(name), tau, axesOf(name))
  })
  return neurons.length === 0 ? builder.finish() : withActivations(builder.finish(), activations, neurons)
}

/** Every input the energy may have: the model's variables, and the weights of random axes as states on the simplex. */
function variablesOf(model: Model): readonly EnergyVariable[] {
  const declared = model.variables.map(({ name, role, axes, type, span, label }) => ({
    ...{ name, role, axes, type: settled(model, name, type), span },
    ...(label === undefined ? {} : { label }),
  }))
  const weights = model.axes.flatMap((axis): readonly EnergyVariable[] => {
    if (axis.weights?.family !== 'dirichlet') return []
    const type = { kind: 'simplex', axis: axis.name } as const
    return [{ name: ports.weight(axis.name), role: 'state', axes: [axis.name], type, span: axis.weights.span }]
  })
  return [...declared, ...weights]
}

function knownInputs({ inPart, variables }: Context): readonly EnergyVariable[] {
  return [...inPart].map((name) => {
    const { axes, span } = must(variables.get(name), name)
    return { name: ports.known(name), role: 'data', axes, type: { kind: 'bit' }, span }
  })
}

/**
 * `L ~ lkj_cholesky` says that L is the factor of a correlation matrix: its rows have length 1. What is given and taken by
 * a family for a scale, a probability or a count must be one.
 */
function settled(model: Model, name: string, type: ValueType): ValueType {
  const isFactor = model.terms.some((t) => t.kind === 'density' && t.variable === name && t.family === 'lkj_cholesky')
  if (type.kind === 'cholesky' && isFactor) return { ...type, unitRows: true }
  const wanted = wantedOf(model, name)
  return wanted === undefined ? type : { kind: wanted }
}

function refuseWhatHasNoEnergy(c: Context): void {
  for (const axis of c.model.axes) {
    if (axis.weights !== undefined && axis.weights.family !== 'dirichlet') {
      const hint = `Give the axis a size and \`~ dirichlet(alpha / size)\` for a finite approximation.`
      refuse(c, axis.weights.span, `The axis "${axis.name}" has unboundedly many elements, which no fixed energy holds.`, hint)
    }
  }
  refuseFlows(c)
}

function refuseFlows(c: Context): void {
  const flows = c.model.rules.filter((r) => r.kind === 'flow')
  const [first] = flows
  if (c.model.terms.length === 0 && c.model.variables.every((v) => v.lagrangian === undefined)) {
    const [span, why] =
      first === undefined
        ? [undefined, 'The model has no energy and no density statement']
        : [first.span, 'The model is given by its flow alone']
    const hint = 'Add an `energy` that the flow descends; a flow alone is not run.'
    c.diagnostics.push(
      diagnostic('AMP602', `${why}, so it has neither a landscape to descend nor a density to sample.`, {
        ...(span === undefined ? {} : { span }),
        hint,
      }),
    )
    return
  }
  for (const flow of flows) refuse(c, flow.span, `The flow of "${flow.target}" beside an energy cannot be run yet.`)
}

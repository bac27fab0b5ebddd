import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import type { NodeId } from '../ir/graph.ts'
import { maths } from '../ir/maths.ts'
import { simplify } from '../ir/simplify.ts'
import { reachable } from '../ir/walk.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import { levelsOf } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import type { Situation } from '../middle/situation.ts'
import type { AxisMaker } from './curvature/entries.ts'
import { temperature } from './marginalise/work.ts'
import { levelProbabilities, type RelaxedState, relaxedState } from './relax/distribution.ts'
import { expectations, type Independent, isNotMultilinear, type NotMultilinear } from './relax/expectation.ts'
import { hasTransform, transformOf } from './supports/index.ts'

/**
 * The energy with probabilities q in the place of discrete states: `sum_z q(z) E(z) + T sum q log q`, where q is a product over
 * elements. Its value is -T times the evidence lower bound of q, and never below -T log Z (Jordan et al. 1999). It is exact where E
 * is multilinear in its one-hots, powers of one element reduced (s^2 = 1, b^2 = b); another E is refused, with the statement.
 */
export function relax(energy: Energy, names: readonly string[], { inPart }: Partial<Situation> = {}): Checked<Energy> {
  const troubles: Diagnostic[] = []
  let done = energy
  for (const name of names) {
    const variable = must(
      energy.variables.find((v) => v.name === name),
      name,
    )
    const next = inPart?.has(name) === true ? unmade([observedInPart(variable)]) : relaxed(done, variable)
    if (next.ok) done = next.value
    else troubles.push(...next.diagnostics)
  }
  return troubles.length === 0 ? made(done) : unmade(troubles)
}

/** A name that no input of a model has. */
const levelInput = (name: string): string => `level of ${name}`

function relaxed(energy: Energy, variable: EnergyVariable): Checked<Energy> {
  const state = relaxedState(energy, variable)
  const builder = new GraphBuilder()
  const input = builder.input(levelInput(variable.name), variable.axes)
  const ids = include(builder, energy.graph, ({ name }) => (name === variable.name ? input : undefined))
  const q = builder.input(variable.name, state.variable.axes)
  const maker: AxisMaker = { made: [], taken: new Set([...energy.axes, ...state.axes].map((a) => a.name)) }
  const outputs = energy.graph.outputs.map((o) => must(ids[o.node], o.name))
  const reads = (term: string): boolean => {
    const node = energy.graph.outputs.findIndex((o) => o.name === ports.term(term))
    return reachable(builder, [must(outputs[node], term)]).includes(input)
  }
  const means = expectations(independent(builder, input, q, state, maker), outputs)
  const bad = means.flatMap((mean, k) =>
    isNotMultilinear(mean) ? [{ ...mean, output: must(energy.graph.outputs[k], 'output').name }] : [],
  )
  if (bad.length > 0) return unmade([refused(energy, variable, bad)])
  energy.graph.outputs.forEach((o, k) => {
    builder.output(o.name, means[k] as NodeId, o.axes)
  })
  const entropy = `entropy of ${variable.name}`
  builder.output(ports.term(entropy), minusEntropy(builder, state.variable, q), [])
  builder.output(ports.responsibility(variable.name), levelProbabilities(builder, state, q), [...state.reported.axes, state.reported.level])
  return made({
    ...energy,
    graph: simplify(builder.finish()),
    terms: [
      ...energy.terms.map((t) => (reads(t.name) ? { ...t, altered: true as const } : t)),
      { name: entropy, span: variable.span, kind: 'density' },
    ],
    variables: energy.variables.map((v) => (v.name === variable.name ? state.variable : v)),
    axes: [...energy.axes, ...state.axes, ...maker.made],
    relaxed: [...energy.relaxed, state.reported],
  })
}

function independent(builder: GraphBuilder, input: NodeId, q: NodeId, { variable, reported }: RelaxedState, axes: AxisMaker): Independent {
  const levels = must(levelsOf(reported.type), `levels of ${variable.name}`)
  if (levels.kind === 'values') return { builder, state: input, q, axes, values: levels.values }
  return { builder, state: input, q, axes, level: reported.level, levels: levels.axis }
}

/** `T sum q log q`, of single probabilities with the other level, too. */
function minusEntropy(builder: GraphBuilder, { type, axes }: EnergyVariable, q: NodeId): NodeId {
  const m = maths(builder)
  const transform = transformOf(type)
  const parts = hasTransform(transform) ? (transform.entropy?.parts(m, type, q) ?? []) : []
  return m.mul(temperature(builder), m.sum(axes, m.plus(...parts)))
}

function observedInPart({ name, span }: EnergyVariable): Diagnostic {
  const hint = `Leave out --relax ${name}, or observe all of it.`
  return diagnostic('AMP716', `A part of "${name}" is observed, so it cannot be relaxed.`, { span, hint })
}

function refused(
  energy: Energy,
  { name, span }: EnergyVariable,
  bad: readonly (NotMultilinear & { readonly output: string })[],
): Diagnostic {
  const terms = energy.terms.filter((t) => bad.some((b) => b.output === ports.term(t.name)))
  const [first] = bad
  return diagnostic('AMP612', `"${name}" cannot be relaxed: its elements ${first?.how ?? 'meet'}, so E is not multilinear in its levels.`, {
    span: terms[0]?.span ?? span,
    expected: `functions of single elements of "${name}", and sums and products of those`,
    hint: `Keep "${name}", or sum it out.`,
    related: terms.slice(1, 4).map((t) => ({ span: t.span, message: 'here, too' })),
  })
}

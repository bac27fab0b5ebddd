import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import { gradient } from '../ir/gradient.ts'
import type { Graph, Port } from '../ir/graph.ts'
import { type Maths, maths } from '../ir/maths.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import { isCountless, kindOf, levelsOf } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import type { SamplingProgram } from '../middle/program.ts'
import { type Situation, situationOf } from '../middle/situation.ts'
import { readAncestral } from './ancestral.ts'
import { boundTroubles } from './bound-troubles.ts'
import { discreteMoves, flippedAxes } from './discrete.ts'
import { onlyOutputs } from './outputs.ts'
import { Constrained } from './supports/constrained.ts'
import { hasTransform, transformOf } from './supports/index.ts'
import { ordinaryInputs } from './type-range.ts'

/**
 * The probability reading: minus the log density of the unconstrained coordinates of everything continuous that moves, at the temperature T of the input `temperature`,
 *
 *     energy(y) = E(x(y)) / T - log |dx/dy|
 *
 * in nats, with its gradient. This is the one place that adds the Jacobian. Discrete states have been summed out of the
 * energy before (`sumOut`), are observed, or are inputs `value:NAME` that move one site at a time. `last`: something is
 * drawn after everything else, so that nothing need move.
 */
export function readSampling(energy: Energy, situation: Situation = situationOf(energy), last = false): Checked<SamplingProgram> {
  const roles = divide(energy, situation, last)
  const diagnostics = [...roles.diagnostics, ...improper(energy, roles.continuous)]
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  const builder = new GraphBuilder()
  const m = maths(builder)
  const states = new Constrained(m, energy, roles.continuous, ({ name, axes }) =>
    builder.input(roles.discrete.some((d) => d.name === name) ? ports.value(name) : name, axes),
  )
  writeOutputs(m, energy, states, roles.continuous)
  if (hasErrors(states.diagnostics)) return unmade([...diagnostics, ...states.diagnostics])
  const program: SamplingProgram = {
    kind: 'sampling',
    graph: simplify(builder.finish()),
    axes: [...energy.axes, ...states.madeAxes(), ...flippedAxes(roles.discrete)],
    fixed: roles.fixed,
    terms: energy.terms.map((t) => t.name),
    responsibilities: energy.marginalised,
    joint: energy.joint,
    discrete: roles.discrete.map((v) => discreteMoves(energy, v.name, situation)),
    states: roles.continuous.map(({ name, axes, type }) => ({ name, axes, type, coordinateAxes: states.coordinateAxes(name) })),
    ...readAncestral(energy, situation),
  }
  return checked(program, diagnostics)
}

/** The outputs that a sampler's steps read. */
export function stepsOf({ graph, discrete }: SamplingProgram): Graph {
  const isRead = ({ name }: Port): boolean =>
    name === ports.energy || ports.isGradient(name) || (discrete.length > 0 && ports.valueOwner(name) !== undefined)
  return onlyOutputs(graph, new Map(graph.outputs.filter(isRead).map((o) => [o.name, o.name])))
}

function writeOutputs(m: Maths, energy: Energy, states: Constrained, continuous: readonly EnergyVariable[]): void {
  const { builder } = m
  const ids = include(builder, energy.graph, ({ name, axes }) => states.valueOf(name, axes))
  const outputs = energy.graph.outputs.map((o) => ({ ...o, node: must(ids[o.node], o.name) }))
  const terms = outputs.filter((o) => ports.isTerm(o.name))
  const logJacobian = m.plus(...continuous.map((v) => states.logJacobianOf(v.name)))
  const total = m.sub(m.div(m.plus(...terms.map((t) => t.node)), builder.input(ports.temperature, [])), logJacobian)
  builder.output(ports.energy, total)
  builder.output(ports.logJacobian, logJacobian)
  const reported = (port: string): boolean => ports.isTerm(port) || ports.responsibilityOf(port) !== undefined
  for (const o of outputs) if (reported(o.name)) builder.output(o.name, o.node, o.axes)
  const coordinates = continuous.map((v) => states.coordinateOf(v.name))
  gradient(builder, total, coordinates, { inputs: ordinaryInputs(energy.variables) }).forEach((g, i) => {
    const { name, axes } = must(continuous[i], 'state')
    builder.output(ports.value(name), must(states.valueOf(name, axes), name), axes)
    builder.output(ports.gradient(name), g, states.coordinateAxes(name))
  })
}

interface Division {
  readonly continuous: readonly EnergyVariable[]
  readonly discrete: readonly EnergyVariable[]
  readonly fixed: readonly EnergyVariable[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Which variables move smoothly, which by jumps, and which are given. */
function divide(energy: Energy, situation: Situation, last: boolean): Division {
  const gone = new Set(energy.marginalised.map((v) => v.name))
  const here = energy.variables.filter((v) => !gone.has(v.name))
  const moves = (v: EnergyVariable): boolean => situation.moving.has(v.name)
  const moving = here.filter(moves)
  const continuous = moving.filter((v) => hasTransform(transformOf(v.type)))
  const jumping = moving.filter((v) => levelsOf(v.type) !== undefined)
  const diagnostics = moving.filter((v) => !continuous.includes(v) && !jumping.includes(v)).map(immovable)
  if (moving.length === 0 && gone.size === 0 && !last) {
    diagnostics.push(diagnostic('AMP607', 'Every state is observed, or the model has none: there is nothing to sample.'))
  }
  const fixed = here.filter((v) => !moves(v))
  diagnostics.push(...boundTroubles(energy, { continuous, discrete: new Set([...gone, ...jumping.map((v) => v.name)]), fixed }))
  return { continuous, discrete: jumping, fixed, diagnostics }
}

function immovable({ name, type, span }: EnergyVariable): Diagnostic {
  if (isCountless(type)) {
    const hint = `Observe "${name}", or replace it by an element of an axis.`
    return diagnostic('AMP606', `The state "${name}" is a ${type.kind}, which can take infinitely many values.`, { span, hint })
  }
  const transform = transformOf(type)
  const why = hasTransform(transform) ? '' : `: ${transform.pending}`
  return diagnostic('AMP601', `The state "${name}" cannot be sampled yet${why}.`, { span })
}

/** A state that no term mentions has a flat density, which only a bounded support makes one. */
function improper(energy: Energy, continuous: readonly EnergyVariable[]): readonly Diagnostic[] {
  const mentioned = new Set(energy.graph.inputs.map((p) => p.name))
  return continuous
    .filter((v) => !mentioned.has(v.name) && !kindOf(v.type).isCompact(v.type))
    .map(({ name, span }) =>
      diagnostic('AMP603', `The density of "${name}" cannot be normalised: it is flat over an infinite support.`, {
        span,
        hint: `Give "${name}" a prior, such as \`${name} ~ normal(0, 1)\`, or bounds.`,
      }),
    )
}

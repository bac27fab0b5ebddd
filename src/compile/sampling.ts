import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { gradient } from '../ir/gradient.ts'
import type { Graph, Port } from '../ir/graph.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import { isCountless, kindOf } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import type { SamplingProgram } from '../middle/program.ts'
import { type Situation, situationOf } from '../middle/situation.ts'
import { readAncestral } from './ancestral.ts'
import { discreteMoves, flippedAxes } from './discrete.ts'
import { inferable } from './inferable.ts'
import { onlyOutputs } from './outputs.ts'
import { type MovingParts, movingParts, type OpenedReading, openReading } from './reading.ts'
import { readings } from './readings.ts'
import { hasTransform, transformOf } from './supports/index.ts'
import { ordinaryInputs } from './type-range.ts'

/**
 * The probability reading: minus the log density of the unconstrained coordinates of everything continuous that moves, at
 * the temperature T of the input `temperature`,
 *
 *     energy(y) = E(x(y)) / T - log |dx/dy|
 *
 * in nats, with its gradient. Its row of `readings` alone adds the Jacobian. Discrete states have been summed out of the
 * energy before (`sumOut`), are observed, or are inputs `value:NAME` that move one site at a time. `last`: something is
 * drawn after everything else, so that nothing need move.
 */
export function readSampling(energy: Energy, situation: Situation = situationOf(energy), last = false): Checked<SamplingProgram> {
  const parts = movingParts(energy, situation)
  const { continuous, discrete } = parts
  const diagnostics = [...immovable(energy, parts, last), ...parts.diagnostics, ...improper(energy, continuous)]
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  const opened = openReading(readings.sample, energy, parts)
  const { builder, coordinates } = opened
  writeOutputs(energy, opened, continuous)
  if (hasErrors(coordinates.diagnostics)) return unmade([...diagnostics, ...coordinates.diagnostics])
  const program: SamplingProgram = {
    kind: 'sampling',
    graph: simplify(builder.finish()),
    axes: [...energy.axes, ...coordinates.madeAxes, ...flippedAxes(discrete)],
    fixed: parts.fixed,
    terms: energy.terms.map((t) => t.name),
    responsibilities: energy.marginalised,
    eliminated: energy.eliminated.map(({ told: _, ...e }) => e),
    joint: energy.joint,
    discrete: discrete.map((v) => discreteMoves(energy, v.name, situation)),
    states: continuous.map(({ name, axes, type }) => ({ name, axes, type, coordinateAxes: coordinates.coordinateAxes(name) })),
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

function writeOutputs(
  { variables }: Energy,
  { builder, coordinates, outputs, scalar, logJacobian }: OpenedReading,
  continuous: readonly EnergyVariable[],
): void {
  builder.output(ports.energy, scalar)
  builder.output(ports.logJacobian, must(logJacobian, 'log Jacobian'))
  const reported = (port: string): boolean => ports.isTerm(port) || ports.responsibilityOf(port) !== undefined
  for (const o of outputs) if (reported(o.name)) builder.output(o.name, o.node, o.axes)
  const inputs = continuous.map((v) => coordinates.coordinateOf(v.name))
  gradient(builder, scalar, inputs, { inputs: ordinaryInputs(variables) }).forEach((g, i) => {
    const { name, axes } = must(continuous[i], 'state')
    builder.output(ports.value(name), coordinates.valueOf(name, axes), axes)
    builder.output(ports.gradient(name), g, coordinates.coordinateAxes(name))
  })
}

/** What can neither move smoothly nor jump; and where nothing moves at all. */
function immovable(energy: Energy, { continuous, discrete }: MovingParts, last: boolean): readonly Diagnostic[] {
  const stuck = continuous.filter((v) => !hasTransform(transformOf(v.type)))
  const isNothing = continuous.length + discrete.length + energy.joint.length === 0 && !last
  return [...stuck.map(cannotMove), ...(isNothing ? [nothingMoves(energy)] : [])]
}

function nothingMoves({ statements, variables }: Energy): Diagnostic {
  const [name] = inferable({ terms: statements, variables })
  const hint = name === undefined ? 'Leave at least one state unobserved.' : `"${name}" has a prior: --infer ${name} draws it.`
  return diagnostic('AMP607', 'Every state is observed, or the model has none: there is nothing to sample.', { hint })
}

function cannotMove({ name, type, span }: EnergyVariable): Diagnostic {
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

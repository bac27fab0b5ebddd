import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { GraphBuilder } from '../ir/builder.ts'
import { gradient } from '../ir/gradient.ts'
import type { NodeId } from '../ir/graph.ts'
import { ranges } from '../ir/range.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy, EnergyAxis, EnergyVariable } from '../middle/energy.ts'
import { isCountless, levelsOf } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import type { RetrievalProgram, RetrievalState } from '../middle/program.ts'
import { type Situation, situationOf } from '../middle/situation.ts'
import { blocksOf } from './blocks.ts'
import { curvature } from './curvature.ts'
import { discreteMoves, flippedAxes } from './discrete.ts'
import { eliminatedMoments, momentPorts } from './eliminated-moments.ts'
import type { JointModes } from './joint-modes.ts'
import { movingParts, openReading } from './reading.ts'
import { readings } from './readings.ts'
import type { Coordinates } from './retrieval/coordinates.ts'
import { splitKinks } from './retrieval/kinks.ts'
import { mirrorStep } from './retrieval/mirror.ts'
import { usable } from './retrieval/usable.ts'
import { hasTransform, transformOf } from './supports/index.ts'
import { inputRanges, ordinaryInputs } from './type-range.ts'

/**
 * The memory reading: E over the unobserved states, its gradient by their coordinates, and where it is known a diagonal
 * majoriser. Discrete states that factorise have been summed out (`sumOut`), at the input `temperature` (give 1 unless
 * said); the others come with their single-site moves. `found`: how the joint mode of those that were summed out is found.
 */
export function readRetrieval(energy: Energy, situation: Situation = situationOf(energy), found?: JointModes): Checked<RetrievalProgram> {
  const parts = movingParts(energy, situation)
  const { continuous, discrete } = parts
  if (parts.diagnostics.length > 0) return unmade(parts.diagnostics)
  const { builder, coordinates, outputs, scalar } = openReading(readings.retrieve, energy, parts)
  builder.output(ports.energy, scalar)
  const told = momentPorts(energy)
  for (const o of outputs) if (!told.has(o.name)) builder.output(o.name, o.node, o.axes)
  writeGradients(builder, energy, continuous, coordinates, scalar)
  const bent = writeCurvatures(builder, energy, continuous, coordinates, scalar)
  const mirrored = writeMirrors(builder, energy, continuous, coordinates, scalar, bent.axes)
  const proximal = writeProximal(builder, energy, continuous, coordinates, scalar, [...bent.axes, ...mirrored.axes])
  if (hasErrors(coordinates.diagnostics)) return unmade(coordinates.diagnostics)
  const graph = simplify(builder.finish())
  const range = ranges(builder, inputRanges(energy.variables, coordinates.isOwn))
  const scene = { builder, energy, coordinates, total: scalar, range, bounded: bent.known }
  const axes = [...energy.axes, ...coordinates.madeAxes, ...bent.axes, ...mirrored.axes, ...proximal.axes, ...flippedAxes(discrete)]
  const gliding = continuous.filter((v) => !energy.neurons.includes(v.name) && !mirrored.known.has(v.name))
  const together = blocksOf(scene, gliding, axes)
  const program: RetrievalProgram = {
    kind: 'retrieval',
    fixed: parts.fixed,
    terms: energy.terms.map((t) => t.name),
    responsibilities: [...energy.marginalised, ...energy.relaxed],
    eliminated: eliminatedMoments(energy),
    discrete: discrete.map((v) => discreteMoves(energy, v.name, situation)),
    graph,
    states: continuous.map((v) => describe(energy, v, coordinates, bent.known, mirrored.known.get(v.name), proximal.known.get(v.name))),
    blocks: together.blocks,
    axes: withAxes([...axes, ...together.axes], found?.axes ?? []),
    ...(found && { modes: found.modes }),
    ...(proximal.why !== undefined && { noProximal: proximal.why }),
  }
  return checked(program, coordinates.diagnostics)
}

/** Axes made for the levels of one state are of one size, wherever they were made. */
function withAxes(axes: Energy['axes'], more: Energy['axes']): Energy['axes'] {
  const there = new Set(axes.map((a) => a.name))
  return [...axes, ...more.filter((a) => !there.has(a.name))]
}

function writeGradients(
  builder: GraphBuilder,
  energy: Energy,
  states: readonly EnergyVariable[],
  coordinates: Coordinates,
  total: NodeId,
): void {
  for (const v of states) builder.output(ports.value(v.name), coordinates.valueOf(v.name, v.axes), v.axes)
  // Neurons move along their drive, which is an output of the energy already.
  const descending = states.filter((v) => !energy.neurons.includes(v.name))
  const slopes = gradient(
    builder,
    total,
    descending.map((v) => coordinates.coordinateOf(v.name)),
    { inputs: ordinaryInputs(energy.variables, coordinates.isOwn) },
  )
  descending.forEach((v, i) => {
    builder.output(ports.gradient(v.name), must(slopes[i], 'gradient'), coordinates.coordinateAxes(v.name))
    const move = coordinates.moveOf(v.name)
    if (move.kind !== 'box') return
    builder.output(ports.lower(v.name), move.lower, v.axes)
    builder.output(ports.upper(v.name), move.upper, v.axes)
  })
}

/** Writes `curvature:NAME` for the states that have a majoriser to step by; says which. */
function writeCurvatures(
  builder: GraphBuilder,
  energy: Energy,
  states: readonly EnergyVariable[],
  coordinates: Coordinates,
  total: NodeId,
): { readonly known: ReadonlyMap<string, NodeId>; readonly axes: Energy['axes'] } {
  const moving = states
    .filter((v) => coordinates.isOwn(v.name) && !energy.neurons.includes(v.name))
    .map((v) => ({ name: v.name, node: coordinates.coordinateOf(v.name), axes: v.axes }))
  const range = inputRanges(energy.variables, coordinates.isOwn)
  const { upper, axes } = curvature(builder, total, moving, range, [...energy.axes, ...coordinates.madeAxes])
  const known = new Map<string, NodeId>()
  const rangeOf = ranges(builder, range)
  for (const [name, bound] of upper) {
    const u = usable(builder, bound, coordinates.moveOf(name), rangeOf)
    if (u === undefined) continue
    known.set(name, u)
    builder.output(ports.curvature(name), u, coordinates.coordinateAxes(name))
  }
  return { known, axes }
}

/** Writes `target:NAME`, and `reach:NAME` where it is known, of the probabilities that have a mirror step. */
function writeMirrors(
  builder: GraphBuilder,
  energy: Energy,
  states: readonly EnergyVariable[],
  coordinates: Coordinates,
  total: NodeId,
  madeBefore: Energy['axes'],
): { readonly known: ReadonlyMap<string, NonNullable<RetrievalState['mirror']>>; readonly axes: Energy['axes'] } {
  const known = new Map<string, NonNullable<RetrievalState['mirror']>>()
  const made: EnergyAxis[] = []
  const inputs = inputRanges(energy.variables, coordinates.isOwn)
  for (const variable of states) {
    const taken = [...energy.axes, ...coordinates.madeAxes, ...madeBefore, ...made]
    const value = coordinates.valueOf(variable.name, variable.axes)
    const step = mirrorStep({ builder, energy: total, variable, value, inputs, taken })
    if (step === undefined) continue
    made.push(...step.axes)
    const axes = coordinates.coordinateAxes(variable.name)
    builder.output(ports.target(variable.name), step.target, axes)
    if (step.reach !== undefined) builder.output(ports.reach(variable.name), step.reach, axes)
    known.set(variable.name, { turns: step.turns, bounded: step.reach !== undefined })
  }
  return { known, axes: made }
}

interface ProximalOutputs {
  readonly known: ReadonlyMap<string, NonNullable<RetrievalState['proximal']>>
  readonly axes: Energy['axes']
  readonly why?: string
}

/** Where E is a smooth part and kinks that a proximal step knows: the outputs that it is made of, for all states that take it together. */
function writeProximal(
  builder: GraphBuilder,
  energy: Energy,
  continuous: readonly EnergyVariable[],
  coordinates: Coordinates,
  total: NodeId,
  madeBefore: Energy['axes'],
): ProximalOutputs {
  const states = continuous
    .filter((v) => coordinates.isOwn(v.name) && !energy.neurons.includes(v.name) && coordinates.moveOf(v.name).kind !== 'sphere')
    .map((v) => ({ name: v.name, node: coordinates.coordinateOf(v.name), axes: v.axes, boxed: coordinates.moveOf(v.name).kind === 'box' }))
  const inputs = inputRanges(energy.variables, coordinates.isOwn)
  const taken = [...energy.axes, ...coordinates.madeAxes, ...madeBefore]
  const split = splitKinks({ builder, energy: total, states, inputs, taken })
  if (split === undefined) return { known: new Map(), axes: [] }
  if ('why' in split) return { known: new Map(), axes: [], why: split.why }
  const bent = curvature(builder, split.smooth, states, inputs, [...taken, ...split.axes])
  const slopes = gradient(
    builder,
    split.smooth,
    states.map((s) => s.node),
    { inputs: ordinaryInputs(energy.variables, coordinates.isOwn) },
  )
  const rangeOf = ranges(builder, inputs)
  const known = new Map<string, NonNullable<RetrievalState['proximal']>>()
  states.forEach(({ name, axes }, i) => {
    const part = split.parts.get(name)
    const bound = bent.upper.get(name)
    const u = bound === undefined ? undefined : usable(builder, bound, { kind: 'free' }, rangeOf)
    builder.output(ports.smoothGradient(name), must(slopes[i], 'gradient'), axes)
    if (u !== undefined) builder.output(ports.smoothCurvature(name), u, axes)
    if (part !== undefined) builder.output(ports.kinkWeight(name), part.weight, axes)
    if (part !== undefined) builder.output(ports.kinkCentre(name), part.centre, axes)
    known.set(name, { kinked: part !== undefined, along: part?.along ?? [], curvature: u !== undefined })
  })
  return { known, axes: [...split.axes, ...bent.axes] }
}

function describe(
  energy: Energy,
  v: EnergyVariable,
  coordinates: Coordinates,
  bent: ReadonlyMap<string, NodeId>,
  mirror: RetrievalState['mirror'],
  proximal: RetrievalState['proximal'],
): RetrievalState {
  const { name, axes, type } = v
  const move = coordinates.moveOf(name)
  const kind = energy.neurons.includes(name) ? 'neuron' : move.kind
  return {
    name,
    axes,
    type,
    move: kind === 'sphere' && type.kind === 'unit' ? { kind, axis: type.axis } : { kind: kind === 'sphere' ? 'free' : kind },
    coordinateAxes: coordinates.coordinateAxes(name),
    curvature: bent.has(name),
    ...(mirror === undefined ? {} : { mirror }),
    ...(proximal === undefined ? {} : { proximal }),
  }
}

/** What of a model cannot be retrieved, whatever is summed out. */
export function unmovable(energy: Energy, situation: Situation): readonly Diagnostic[] {
  const moving = energy.variables.filter((v) => situation.moving.has(v.name))
  return moving.length === 0 ? [nothingToMove(energy, situation)] : moving.flatMap(cannotMove)
}

function cannotMove(v: EnergyVariable): readonly Diagnostic[] {
  if (isCountless(v.type)) {
    const hint = `Observe "${v.name}", or replace it by an element of an axis that is long enough.`
    return [diagnostic('AMP606', `The unobserved ${v.type.kind} "${v.name}" can take infinitely many values.`, { span: v.span, hint })]
  }
  if (levelsOf(v.type) !== undefined) return []
  const transform = transformOf(v.type)
  if (hasTransform(transform)) return []
  const hint = `Observe "${v.name}" for now.`
  return [diagnostic('AMP601', `The unobserved ${v.type.kind} "${v.name}" cannot move yet: ${transform.pending}.`, { span: v.span, hint })]
}

function nothingToMove({ variables }: Energy, { observed }: Situation): Diagnostic {
  const states = variables.filter((v) => observed.has(v.name)).map((v) => `"${v.name}"`)
  const why = states.length === 0 ? 'The model has no state.' : `Every state is observed: ${states.join(', ')}.`
  return diagnostic('AMP607', why, { hint: 'Leave at least one state unobserved.' })
}

import type { Diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import type { NodeId, OutputPort } from '../ir/graph.ts'
import { type Maths, maths } from '../ir/maths.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import { levelsOf } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import type { Situation } from '../middle/situation.ts'
import { boundTroubles } from './bound-troubles.ts'
import type { CoordinateSystem, ReadingRow } from './readings.ts'
import { type Coordinates, type OpenCoordinates, openCoordinates, openUnconstrained } from './retrieval/coordinates.ts'

const systems: Readonly<Record<CoordinateSystem, OpenCoordinates>> = { own: openCoordinates, unconstrained: openUnconstrained }

/** Where the variables of an energy stand in a situation. */
export interface MovingParts {
  /** What moves smoothly, and what by jumps. */
  readonly continuous: readonly EnergyVariable[]
  readonly discrete: readonly EnergyVariable[]
  readonly fixed: readonly EnergyVariable[]
  /** Bounds that cannot be held so. */
  readonly diagnostics: readonly Diagnostic[]
}

export function movingParts(energy: Energy, { moving }: Situation): MovingParts {
  const discrete = energy.variables.filter((v) => moving.has(v.name) && levelsOf(v.type) !== undefined)
  const continuous = energy.variables.filter((v) => moving.has(v.name) && !discrete.includes(v))
  const fixed = energy.variables.filter((v) => !moving.has(v.name))
  const jumping = new Set([...discrete, ...energy.marginalised].map((v) => v.name))
  return { continuous, discrete, fixed, diagnostics: boundTroubles(energy, { continuous, discrete: jumping, fixed }) }
}

/** A program under way: the outputs of the energy over the coordinates of what moves, and the scalar of the reading. */
export interface OpenedReading {
  readonly builder: GraphBuilder
  readonly coordinates: Coordinates
  /** Terms, responsibilities, and what belongs to neurons. */
  readonly outputs: readonly OutputPort[]
  readonly scalar: NodeId
  /** Where the reading takes it off. */
  readonly logJacobian: NodeId | undefined
}

export function openReading(row: ReadingRow, energy: Energy, { continuous, discrete }: MovingParts): OpenedReading {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const coordinates = systems[row.coordinates](builder, energy, continuous, new Set(discrete.map((v) => v.name)))
  const ids = include(builder, energy.graph, ({ name, axes }) => coordinates.valueOf(name, axes))
  const outputs = energy.graph.outputs.map((o) => ({ ...o, node: must(ids[o.node], o.name) }))
  const nodes = new Map(outputs.map((o) => [o.name, o.node]))
  const terms = energy.terms.map((t) => must(nodes.get(ports.term(t.name)), t.name))
  const logJacobian = row.jacobian ? m.plus(...continuous.map((v) => coordinates.logJacobianOf(v.name))) : undefined
  const scaled = scales[row.scale](m, m.plus(...terms))
  return { builder, coordinates, outputs, scalar: logJacobian === undefined ? scaled : m.sub(scaled, logJacobian), logJacobian }
}

const scales: Readonly<Record<ReadingRow['scale'], (m: Maths, energy: NodeId) => NodeId>> = {
  one: (_, energy) => energy,
  temperature: (m, energy) => m.div(energy, m.builder.input(ports.temperature, [])),
}

import type { Diagnostic } from '../../base/diagnostic.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import type { Energy, EnergyAxis, EnergyVariable } from '../../middle/energy.ts'
import type { Kind, TypeOf } from '../../middle/kinds.ts'
import type { ValueType } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import { readByBounds, writeBounds } from '../supports/bounds.ts'
import { Constrained } from '../supports/constrained.ts'
import type { BoundNodes } from '../supports/transform.ts'

export type CoordinateMove =
  | { readonly kind: 'free' }
  | { readonly kind: 'box'; readonly lower: NodeId; readonly upper: NodeId }
  | { readonly kind: 'sphere'; readonly axis: string }

/** How everything continuous that moves does so. */
export interface Coordinates {
  /** The value of any variable of the energy, as a node. */
  valueOf(name: string, axes: readonly string[]): NodeId
  coordinateOf(name: string): NodeId
  coordinateAxes(name: string): readonly string[]
  /** Of the change from coordinates to the value, summed over the state: a scalar. */
  logJacobianOf(name: string): NodeId
  moveOf(name: string): CoordinateMove
  /** Whether the coordinates are the value itself. */
  isOwn(name: string): boolean
  readonly madeAxes: readonly EnergyAxis[]
  readonly diagnostics: readonly Diagnostic[]
}

/** `discrete`: what jumps, which the energy reads as `value:NAME`. */
export type OpenCoordinates = (
  builder: GraphBuilder,
  energy: Energy,
  states: readonly EnergyVariable[],
  discrete: ReadonlySet<string>,
) => Coordinates

/** Every number moves over all of the real line. */
export const openUnconstrained: OpenCoordinates = (builder, energy, states, discrete) => {
  const transformed = new Constrained(maths(builder), energy, states, ({ name, axes }) =>
    builder.input(discrete.has(name) ? ports.value(name) : name, axes),
  )
  return {
    valueOf: (name, axes) => transformed.valueOf(name, axes),
    coordinateOf: (name) => transformed.coordinateOf(name),
    coordinateAxes: (name) => transformed.coordinateAxes(name),
    logJacobianOf: (name) => transformed.logJacobianOf(name),
    moveOf: () => ({ kind: 'free' }),
    isOwn: () => false,
    madeAxes: transformed.madeAxes(),
    diagnostics: transformed.diagnostics,
  }
}

/**
 * Reals move as they are, closed boxes as they are with a projection, spheres as they are with a normalisation; open
 * supports move in smooth coordinates (without a Jacobian: it is the energy on the user's scale that falls).
 */
export const openCoordinates: OpenCoordinates = (builder, energy, states, discrete) => {
  const moving = new Set(states.map((v) => v.name))
  const own = new Map(states.filter((v) => movesAsItIs(energy, v, moving)).map((v) => [v.name, v]))
  const given = ({ name, axes }: { readonly name: string; readonly axes: readonly string[] }): NodeId => {
    if (own.has(name)) return builder.input(ports.coordinate(name), axes)
    return builder.input(discrete.has(name) ? ports.value(name) : name, axes)
  }
  const others = states.filter((v) => !own.has(v.name))
  const transformed = new Constrained(maths(builder), energy, others, given)
  const axesOf = (name: string): readonly string[] => own.get(name)?.axes ?? transformed.coordinateAxes(name)
  const moves = new Map([...own.values()].map((v) => [v.name, moveOf(builder, energy, v, given)]))
  return {
    valueOf: (name, axes) => transformed.valueOf(name, axes),
    coordinateOf: (name) => (own.has(name) ? builder.input(ports.coordinate(name), axesOf(name)) : transformed.coordinateOf(name)),
    coordinateAxes: axesOf,
    logJacobianOf: (name) => (own.has(name) ? builder.constant(0) : transformed.logJacobianOf(name)),
    moveOf: (name) => moves.get(name) ?? { kind: 'free' },
    isOwn: (name) => own.has(name),
    madeAxes: transformed.madeAxes(),
    get diagnostics() {
      return transformed.diagnostics
    },
  }
}

/** A box whose walls depend on moving states is no box: its states move in smooth coordinates. */
function movesAsItIs(energy: Energy, variable: EnergyVariable, moving: ReadonlySet<string>): boolean {
  if (energy.neurons.includes(variable.name)) return true
  return projections[variable.type.kind] !== undefined && readByBounds(energy, variable).every((read) => !moving.has(read))
}

/** The ends of a type as nodes; absent where it has none. */
type Walls = (type: ValueType) => BoundNodes
type Projection<K extends Kind> = (type: TypeOf<K>, builder: GraphBuilder, walls: Walls) => CoordinateMove

/** How the states of a kind move as they are; undefined for those that move in smooth coordinates, and for discrete ones. */
const projections: { readonly [K in Kind]: Projection<K> | undefined } = {
  real: (type, builder, walls) => {
    const { lower = builder.constant(-Infinity), upper = builder.constant(Infinity) } = walls(type)
    return isConstant(builder, lower, -Infinity) && isConstant(builder, upper, Infinity) ? { kind: 'free' } : { kind: 'box', lower, upper }
  },
  positive: undefined,
  nonnegative: (_, builder) => ({ kind: 'box', lower: builder.constant(0), upper: builder.constant(Infinity) }),
  probability: undefined,
  spin: undefined,
  bit: undefined,
  count: undefined,
  element: undefined,
  unit: ({ axis }) => ({ kind: 'sphere', axis }),
  simplex: undefined,
  ordered: undefined,
  covariance: undefined,
  cholesky: undefined,
  correlation: undefined,
}

function moveOf(
  builder: GraphBuilder,
  energy: Energy,
  { type, name }: EnergyVariable,
  given: (port: { readonly name: string; readonly axes: readonly string[] }) => NodeId,
): CoordinateMove {
  const projection = projections[type.kind] as Projection<Kind> | undefined
  if (energy.neurons.includes(name) || projection === undefined) return { kind: 'free' }
  return projection(type, builder, (bounded) => writeBounds(builder, energy, { name, type: bounded }, given))
}

function isConstant(builder: GraphBuilder, id: NodeId, value: number): boolean {
  const node = builder.node(id)
  return node.op === 'const' && node.value === value
}

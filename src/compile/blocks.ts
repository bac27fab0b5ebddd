import { must } from '../base/internal-error.ts'
import type { Interval } from '../base/interval.ts'
import { type GraphBuilder, include } from '../ir/builder.ts'
import type { NodeId } from '../ir/graph.ts'
import { maths } from '../ir/maths.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy, EnergyAxis, EnergyVariable } from '../middle/energy.ts'
import * as ports from '../middle/ports.ts'
import type { ModeBlock, QuadraticBlock, RetrievalBlock } from '../middle/program.ts'
import { type BlockState, type HessianNodes, hessianOf } from './blocks/hessian.ts'
import { majorantOf } from './blocks/majorant.ts'
import { type ModeName, modes } from './blocks/modes.ts'
import { conditionalOf, hasForm } from './conditionals/conditional.ts'
import type { LinearAlgebra } from './conditionals/entries.ts'
import type { AxisMaker } from './curvature/entries.ts'
import type { Coordinates } from './retrieval/coordinates.ts'
import { writeBounds } from './supports/bounds.ts'
import { hasTransform, type Transform, transformOf } from './supports/index.ts'

/** E on the builder of a reading, which writes more nodes. */
export interface BlockScene {
  readonly builder: GraphBuilder
  readonly energy: Energy
  readonly coordinates: Coordinates
  readonly total: NodeId
  readonly range: (id: NodeId) => Interval
  /** The diagonal bound of the curvature of states that have one to step by. */
  readonly bounded: ReadonlyMap<string, NodeId>
}

export interface Blocks {
  readonly blocks: readonly RetrievalBlock[]
  /** Axes made on the way. */
  readonly axes: readonly EnergyAxis[]
}

/** Nodes looked at in all; by far the most models stay below, and what is not looked at moves by other steps. */
const mostWork = 50_000

/**
 * The groups of states over which E, or a bound of it, can be minimised in one step. As many states as are quadratic
 * together make one; those whose bound is diagonal anyway need none, unless it is looser than the second derivatives are.
 */
export function blocksOf(scene: BlockScene, states: readonly EnergyVariable[], taken: readonly EnergyAxis[]): Blocks {
  const { builder, energy, coordinates } = scene
  if (energy.graph.nodes.length * states.length > mostWork) return { blocks: [], axes: [] }
  const maker: AxisMaker = { made: [], taken: new Set(taken.map((a) => a.name)) }
  const a: LinearAlgebra = { m: maths(builder), maker }
  const onLines = states.filter((v) => coordinates.isOwn(v.name) && coordinates.moveOf(v.name).kind === 'free')
  const moving = onLines.map((v): BlockState => ({ name: v.name, node: coordinates.coordinateOf(v.name), axes: v.axes }))
  const quadratic = groups(scene, moving).flatMap((group) => quadraticBlock(scene, a, group) ?? [])
  const others = states.filter((v) => !coordinates.isOwn(v.name)).map((v) => modeBlock(scene, v))
  const closed = others.flatMap((mode) => mode ?? [])
  return { blocks: [...quadratic, ...closed.map((c) => c.block)], axes: [...maker.made, ...closed.flatMap((c) => c.axes)] }
}

/** All states together if they have a majorant, else greedily as many as have one, and again of the rest. */
function groups({ builder, total, range }: BlockScene, states: readonly BlockState[]): readonly (readonly BlockState[])[] {
  const isOne = (group: readonly BlockState[]): boolean =>
    majorantOf(
      builder,
      total,
      group.map((s) => s.node),
      range,
    ) !== undefined
  if (states.length > 0 && isOne(states)) return [states]
  const found: (readonly BlockState[])[] = []
  for (let rest = states.filter((s) => isOne([s])); rest.length > 0; ) {
    const group = rest.slice(0, 1)
    for (const s of rest.slice(1)) if (isOne([...group, s])) group.push(s)
    found.push(group)
    rest = rest.filter((s) => !group.includes(s))
  }
  return found
}

function quadraticBlock(scene: BlockScene, a: LinearAlgebra, states: readonly BlockState[]): QuadraticBlock | undefined {
  const { builder, total, range, bounded } = scene
  const majorant = majorantOf(builder, total, states.map((s) => s.node), range) // biome-ignore format: one line
  const parts = majorant && hessianOf(a, majorant, states)
  if (majorant === undefined || parts === undefined) return undefined
  const isDiagonal = parts.every((p) => p.row === p.column && p.positions.every((at) => at.row === at.column))
  if (isDiagonal && states.every((s) => bounded.has(s.name)) && !(majorant.exact && parts.some((p) => isLoose(scene, p)))) return undefined
  const outputs = parts.map(({ row, column, node, positions }) => ({
    ...{ name: ports.hessian(row, column), node, axes: positions.map((at) => at.axis) },
  }))
  const graph = simplify(builder.part(outputs))
  return {
    kind: 'quadratic',
    states: states.map((s) => s.name),
    exact: majorant.exact,
    varies: graph.inputs.some(({ name }) => ports.coordinateOwner(name) !== undefined || ports.valueOwner(name) !== undefined),
    graph,
    parts: parts.map(({ row, column, positions }) => ({ row, column, port: ports.hessian(row, column), positions })),
  }
}

/** Whether the diagonal bound of a state is another than its second derivatives, as far as can be seen. */
function isLoose({ builder, bounded }: BlockScene, { row, node }: HessianNodes): boolean {
  const bound = bounded.get(row)
  if (bound === undefined) return true
  const { outputs } = simplify(builder.part([bound, node].map((n, i) => ({ name: String(i), node: n, axes: builder.axes(n) }))))
  return outputs[0]?.node !== outputs[1]?.node
}

/** Of a state that moves in other coordinates than its own. */
function modeBlock(
  { builder, energy, coordinates }: BlockScene,
  variable: EnergyVariable,
): { readonly block: ModeBlock; readonly axes: readonly EnergyAxis[] } | undefined {
  const { name, type } = variable
  const transform = transformOf(type)
  if (!hasTransform(transform)) return undefined
  const found = conditionalOf(energy, variable)
  if (!hasForm(found) || found.truncated || !(found.form in modes)) return undefined
  const m = maths(builder)
  const ids = include(builder, found.graph, (port) => coordinates.valueOf(port.name, port.axes))
  const nodes = new Map(found.graph.outputs.map((o) => [o.name, must(ids[o.node], o.name)]))
  const weight = (statistic: string): NodeId => nodes.get(ports.coefficient(name, statistic)) ?? m.k(0)
  const mode = modes[found.form as ModeName](m, weight, type)
  const bounds = writeBounds(builder, energy, variable, (port) => coordinates.valueOf(port.name, port.axes))
  const node = (transform as Transform).inverse(m, type, mode, bounds)
  const graph = simplify(builder.part([{ name: ports.aim(name), node, axes: coordinates.coordinateAxes(name) }]))
  return { block: { kind: 'mode', states: [name], graph, port: ports.aim(name) }, axes: found.axes }
}

import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import { gradient } from '../../ir/gradient.ts'
import type { Graph } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { ChainMove, ChainProgram, LangevinMove } from '../../middle/chain-program.ts'
import type { Energy, EnergyAxis, EnergyVariable } from '../../middle/energy.ts'
import { isCountless, levelsOf } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import { type Situation, situationOf } from '../../middle/situation.ts'
import { openConditional } from '../conditionals/conditional.ts'
import { discreteMoves } from '../discrete.ts'
import { inversesOf } from '../inverse.ts'
import { marginalise } from '../marginalise.ts'
import { onlyOutputs } from '../outputs.ts'
import { openUnconstrained } from '../retrieval/coordinates.ts'
import { hasTransform, transformOf } from '../supports/index.ts'
import { treat } from '../treat.ts'
import { type Placing, placed } from './place.ts'

export interface PlacedChains {
  readonly program: ChainProgram
  readonly axes: readonly EnergyAxis[]
}

/**
 * How states are drawn from exp(-E/T), block after block: exactly where the elements of one do not depend on each other given the rest
 * (block Gibbs), one element after the other where they are discrete and do, and by Langevin steps else. `states` come in the order of a sweep.
 */
export function chainsOf(
  placing: Placing,
  states: readonly EnergyVariable[],
  own: ReadonlySet<string>,
  temperature: number | undefined,
): Checked<PlacedChains> {
  const { energy } = placing
  const endless = states.flatMap(unmovable)
  if (endless.length > 0) return unmade(endless)
  const names = new Set(states.map((v) => v.name))
  const isOfEach = (input: string): boolean => own.has(ports.valueOwner(input) ?? ports.coordinateOwner(input) ?? input) || isOfMove(input)
  const place = (graph: Graph): Graph => placed(placing, graph, isOfEach)
  const axes: EnergyAxis[] = []
  const rough: EnergyVariable[] = []
  const moves = states.flatMap((v): readonly ChainMove[] => {
    const alone: Situation = { ...situationOf(energy, temperature === undefined ? {} : { temperature }), moving: new Set([v.name]) }
    const exact = levelsOf(v.type) === undefined ? normalMove(energy, v, alone) : levelsMove(energy, v, alone)
    if (exact !== undefined) {
      axes.push(...exact.axes)
      return [{ ...exact.move, graph: place(exact.move.graph) }]
    }
    if (levelsOf(v.type) === undefined) {
      rough.push(v)
      return []
    }
    const { levels, prepare, propose, commit } = discreteMoves(energy, v.name, { ...alone, moving: names })
    return [{ by: 'sites', name: v.name, axes: v.axes, levels, prepare: place(prepare), propose: place(propose), commit: place(commit) }]
  })
  const langevin = rough.length === 0 ? [] : [langevinMove(energy, rough, names, place)]
  return made({
    axes: [...axes, ...langevin.flatMap((l) => l.axes)],
    program: { states: states.map(({ name, axes: over }) => ({ name, axes: over })), moves: [...moves, ...langevin.map((l) => l.move)] },
  })
}

function isOfMove(input: string): boolean {
  return input === ports.before || input === ports.after || ports.isCache(input)
}

function unmovable(v: EnergyVariable): readonly Diagnostic[] {
  const hint = 'Choose another loss, or observe it as data.'
  if (isCountless(v.type))
    return [diagnostic('AMP632', `The count "${v.name}" can take infinitely many values, so no chain draws it.`, { span: v.span, hint })]
  const transform = transformOf(v.type)
  if (levelsOf(v.type) !== undefined || hasTransform(transform)) return []
  return [diagnostic('AMP632', `No chain draws the ${v.type.kind} "${v.name}" yet: ${transform.pending}.`, { span: v.span, hint })]
}

interface ExactMove {
  readonly move: Extract<ChainMove, { by: 'levels' | 'normal' }>
  readonly axes: readonly EnergyAxis[]
}

function levelsMove(energy: Energy, { name, axes, type }: EnergyVariable, alone: Situation): ExactMove | undefined {
  const { value: summed } = marginalise(energy, [name], alone)
  const found = summed?.marginalised.find((s) => s.name === name)
  const output = summed?.graph.outputs.find((o) => o.name === ports.responsibility(name))
  // Along a chain levels depend on each other.
  if (
    summed === undefined ||
    found === undefined ||
    output === undefined ||
    summed.joint.some((j) => j.by === 'levels' && j.chain !== undefined)
  )
    return undefined
  const graph = withAxes(onlyOutputs(summed.graph, new Map([[output.name, output.name]])), [...axes, found.level])
  return { move: { by: 'levels', name, axes, levels: must(levelsOf(type), name), level: found.level, graph }, axes: summed.axes }
}

function normalMove(energy: Energy, v: EnergyVariable, alone: Situation): ExactMove | undefined {
  const { name, axes } = v
  const open = openConditional(energy, v)
  if ('reason' in open || open.conditional.form !== 'gaussian' || open.conditional.truncated) return undefined
  const { value: summed } = treat(energy, { ...alone, treatments: [{ kind: 'integrate', name }] })
  const found = summed?.eliminated.find((e) => e.name === name)
  if (summed === undefined || found === undefined || found.told.some((t) => t.what === 'covariance')) return undefined
  const told = (['mean', 'variance'] as const).map((what) => [ports.told(what, name), what] as const)
  return { move: { by: 'normal', name, axes, graph: withAxes(onlyOutputs(summed.graph, new Map(told)), axes) }, axes: summed.axes }
}

function withAxes(graph: Graph, axes: readonly string[]): Graph {
  return { ...graph, outputs: graph.outputs.map((o) => ({ ...o, axes })) }
}

function langevinMove(
  energy: Energy,
  states: readonly EnergyVariable[],
  all: ReadonlySet<string>,
  place: (graph: Graph) => Graph,
): { readonly move: LangevinMove; readonly axes: readonly EnergyAxis[] } {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const coordinates = openUnconstrained(builder, energy, states, new Set())
  const ids = include(builder, energy.graph, ({ name, axes }) => coordinates.valueOf(name, axes))
  const terms = ports.termsAmong(energy.graph).map((o) => must(ids[o.node], o.name))
  const scaled = m.div(m.plus(...terms), builder.input(ports.temperature, []))
  const scalar = m.sub(scaled, m.plus(...states.map((v) => coordinates.logJacobianOf(v.name))))
  const leaves = states.map((v) => coordinates.coordinateOf(v.name))
  gradient(builder, scalar, leaves).forEach((g, i) => {
    const { name } = must(states[i], 'state')
    builder.output(ports.gradient(name), g, coordinates.coordinateAxes(name))
  })
  for (const v of states) builder.output(ports.value(v.name), coordinates.valueOf(v.name, v.axes), v.axes)
  const moving = states.map(({ name, axes, type }) => ({ name, axes, type, coordinateAxes: coordinates.coordinateAxes(name) }))
  const inverses = new Map(inversesOf(energy, moving).map((i) => [i.name, i.graph]))
  const described = moving.map(({ name, axes, coordinateAxes }) => {
    const inverse = inverses.get(name)
    return { name, axes, coordinateAxes, ...(inverse && { inverse: place(inverse) }) }
  })
  return {
    move: { by: 'langevin', states: described, graph: place(simplify(builder.finish())) },
    axes: all.size === 0 ? [] : coordinates.madeAxes,
  }
}

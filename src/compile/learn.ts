import { andThen, type Checked, checked, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { mentions } from '../ir/batch.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import { gradient } from '../ir/gradient.ts'
import { maths } from '../ir/maths.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import type { LearnProgram } from '../middle/learn-program.ts'
import type { Default, PriorDraw } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import { type Situation, situationOf, statesOf } from '../middle/situation.ts'
import { defaultsOf } from './defaults.ts'
import { chainsOf } from './learn/chains.ts'
import type { Loss, LossRule, LossScene } from './learn/loss.ts'
import { statementsOf } from './learn/patterns.ts'
import { startDrawsOf } from './prior-draws.ts'
import { unopened } from './random/unopened.ts'
import { openUnconstrained } from './retrieval/coordinates.ts'
import { readByBounds } from './supports/bounds.ts'
import { ordinaryInputs } from './type-range.ts'

/** What is asked of learning. */
export interface LearnAsked {
  readonly loss: LossRule
  readonly params: readonly EnergyVariable[]
  /** Data that are given for each pattern. */
  readonly perPattern: readonly string[]
  /** What is observed, and what is hidden and so moves. */
  readonly situation: Situation
}

/**
 * The loss of many patterns: the model is written for one, and patterns are one more axis in front of all that each of them has of its
 * own. Of N patterns a batch of B gives `shared / N + mean over the batch of each`, an unbiased estimate of the loss a pattern.
 */
export function readLearn(energy: Energy, asked: LearnAsked): Checked<LearnProgram> {
  const closed = unopened(energy)
  if (closed.length > 0) return unmade(closed)
  const params = new Set(asked.params.map((v) => v.name))
  const states = [...statesOf(energy)].filter((name) => !params.has(name))
  const own = new Set([...states, ...asked.perPattern])
  const moved = boundByPatterns(energy, asked.params, own)
  if (moved !== undefined) return unmade([moved])
  const statements = statementsOf(energy, own)
  const scene: LossScene = { energy, situation: asked.situation, own, statements, params }
  const { value: loss, diagnostics } = asked.loss(scene)
  if (loss === undefined) return unmade(diagnostics)
  return andThen(assembled(scene, loss, asked.params), (program) =>
    andThen(drawnBy(scene, loss, asked.params, program.patterns), (drawn) =>
      checked({ ...program, axes: [...program.axes, ...drawn.axes], ...(drawn.negative && { negative: drawn.negative }) }, diagnostics),
    ),
  )
}

/** The chains that draw what a loss is held against. */
function drawnBy(
  { energy, own, situation }: LossScene,
  { chains }: Loss,
  params: readonly EnergyVariable[],
  patterns: string,
): Checked<Pick<LearnProgram, 'negative' | 'axes'>> {
  if (chains === undefined) return made({ axes: [] })
  const shown = chains.shown.map(({ name, axes }) => ({ name, axes }))
  return andThen(chainsOf({ energy, params, patterns }, chains.states, own, situation.temperature), ({ program, axes }) =>
    made({ negative: { chains: program, shown, persists: chains.persists, starts: startsOf(energy, chains.shown) }, axes }),
  )
}

/** What the `from`s of states say, by which chains of them may start. */
function startsOf(energy: Energy, states: readonly EnergyVariable[]): readonly (Default | PriorDraw)[] {
  const situation: Situation = { ...situationOf(energy), moving: new Set(states.map((v) => v.name)) }
  const isLevel = new Set(energy.starts.flatMap((s) => (s.by === 'level' ? [s.variable] : [])))
  const levels = states.flatMap(({ name, axes, type }) =>
    isLevel.has(name) ? [{ name, axes, type, level: true, from: true } as const] : [],
  )
  return [...defaultsOf(energy, situation).starts, ...startDrawsOf(energy, situation), ...levels]
}

function assembled({ energy, own, statements }: LossScene, loss: Loss, params: readonly EnergyVariable[]): Checked<LearnProgram> {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const coordinates = openUnconstrained(builder, energy, params, new Set())
  if (coordinates.diagnostics.length > 0) return unmade(coordinates.diagnostics)
  const patterns = axisOf(loss.graph)
  const drawn = new Set([
    ...(loss.chains?.shown ?? []).map((v) => ports.drawn(v.name)),
    ...(loss.noise ?? []).map((v) => ports.noise(v.name)),
  ])
  const ids = include(builder, loss.graph, ({ name, axes }) =>
    own.has(name) || drawn.has(name) ? builder.input(name, [patterns, ...axes]) : coordinates.valueOf(name, axes),
  )
  const at = (port: string): number =>
    must(
      ids[
        must(
          loss.graph.outputs.find((o) => o.name === port),
          port,
        ).node
      ],
      port,
    )
  const mean = m.div(m.sum([patterns], at(ports.each)), builder.size(patterns))
  const total = m.add(m.mul(builder.input(ports.onePart, []), at(ports.shared)), mean)
  builder.output(ports.energy, total, [])
  const leaves = params.map((v) => coordinates.coordinateOf(v.name))
  gradient(builder, total, leaves, { inputs: ordinaryInputs(energy.variables) }).forEach((g, i) => {
    const { name } = must(params[i], 'param')
    builder.output(ports.gradient(name), g, coordinates.coordinateAxes(name))
  })
  for (const v of params) builder.output(ports.value(v.name), coordinates.valueOf(v.name, v.axes), v.axes)
  const read = new Set(loss.graph.inputs.map((p) => p.name))
  const moving = new Set(params.map((v) => v.name))
  return made({
    kind: 'learn',
    graph: simplify(builder.finish()),
    axes: [...loss.energy.axes, ...coordinates.madeAxes],
    patterns,
    fixed: energy.variables.filter((v) => !moving.has(v.name) && !own.has(v.name)),
    params: params.map(({ name, axes, type }) => ({ name, axes, type, coordinateAxes: coordinates.coordinateAxes(name) })),
    given: energy.variables.filter((v) => own.has(v.name) && read.has(v.name)),
    noise: (loss.noise ?? []).map(({ name, axes }) => ({ name, axes })),
    statements,
    gone: [...loss.energy.marginalised, ...loss.energy.eliminated].map((v) => v.name),
  })
}

/** A name that no axis of the model has. */
function axisOf(graph: Loss['graph']): string {
  let axis = 'pattern of the batch'
  while (mentions(graph, axis)) axis += '_'
  return axis
}

/** A param has one value, and so one pair of bounds, for all patterns. */
function boundByPatterns(energy: Energy, params: readonly EnergyVariable[], own: ReadonlySet<string>) {
  for (const v of params) {
    const read = readByBounds(energy, v).find((name) => own.has(name))
    if (read !== undefined)
      return diagnostic('AMP630', `The bounds of "${v.name}" depend on "${read}", which differs from pattern to pattern.`, { span: v.span })
  }
  return undefined
}

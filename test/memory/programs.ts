import { retrievalFrom } from '../../src/api/pipeline.ts'
import { lower } from '../../src/compile/lower.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { gradient } from '../../src/ir/gradient.ts'
import type { NodeId, Sizes } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'
import { type Machine, openMachine } from '../../src/memory/machine.ts'
import type { ValueType } from '../../src/middle/model.ts'
import type { DiscreteState, RetrievalProgram, RetrievalState } from '../../src/middle/program.ts'
import { situationOf } from '../../src/middle/situation.ts'
import { kernel } from '../../src/targets/kernel.ts'

/** What a hand-made model says about one continuous state. */
export interface Declared {
  readonly axes: readonly string[]
  readonly type?: ValueType
  readonly move?: RetrievalState['move']
  /** The diagonal majoriser, where known. */
  readonly curvature?: (m: Maths, x: NodeId) => NodeId
  /** Neurons: the activation as a formula of the value, the Lagrangian (a scalar) and the time constant. */
  readonly lagrangian?: (m: Maths, v: NodeId) => NodeId
  readonly tau?: number
  readonly lower?: number
  readonly upper?: number
  /** From the coordinate to the value. */
  readonly value?: (m: Maths, coordinate: NodeId) => NodeId
}

export interface Written {
  readonly states: Readonly<Record<string, Declared>>
  readonly fixed: Readonly<Record<string, readonly string[]>>
  readonly energy: (m: Maths, v: Readonly<Record<string, NodeId>>) => Readonly<Record<string, NodeId>>
  /** Outputs `responsibility:NAME`, by their formula; the last axis is the level. */
  readonly responsibilities?: (
    m: Maths,
    v: Readonly<Record<string, NodeId>>,
  ) => Readonly<Record<string, { node: NodeId; axes: readonly string[] }>>
}

const span = { start: 0, end: 0 }
const real: ValueType = { kind: 'real' }

/** A retrieval program written by hand: energies over values, gradients by the graph's own rules. */
export function write(model: Written, discrete: readonly DiscreteState[] = []): RetrievalProgram {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const names = Object.keys(model.states)
  const fixed = Object.entries(model.fixed).map(([name, axes]) => [name, builder.input(name, axes)] as const)
  const coordinates = new Map(names.map((name) => [name, builder.input(`coordinate:${name}`, declared(model, name).axes)]))
  const value = new Map([...coordinates].map(([name, c]) => [name, declared(model, name).value?.(m, c) ?? c]))
  const activation = new Map<string, NodeId>()
  const legendre: NodeId[] = []
  for (const [name, { lagrangian, axes }] of Object.entries(model.states)) {
    if (lagrangian === undefined) continue
    const v = value.get(name) as NodeId
    const L = lagrangian(m, v)
    const act = gradient(builder, L, [v])[0] as NodeId
    activation.set(name, act)
    legendre.push(m.sub(m.sum(axes, m.mul(v, act)), L))
  }
  const seen = Object.fromEntries([...fixed, ...value, ...[...activation].map(([name, a]) => [`act:${name}`, a] as const)])
  const terms = { ...model.energy(m, seen), ...Object.fromEntries(legendre.map((t, i) => [`neurons_${i}`, t])) }
  const total = m.plus(...Object.values(terms))
  builder.output('energy', total, [])
  for (const [name, term] of Object.entries(terms)) builder.output(`term:${name}`, term, [])
  for (const [name, d] of Object.entries(model.states)) {
    const c = coordinates.get(name) as NodeId
    const v = value.get(name) as NodeId
    builder.output(`value:${name}`, v, d.axes)
    const act = activation.get(name)
    if (act !== undefined) {
      // dE/d(activation) where E holds the activation as a variable of its own: v from the Legendre term, the rest by rule.
      const pull = gradient(builder, m.plus(...Object.values(model.energy(m, seen))), [act])[0] as NodeId
      builder.output(`activation:${name}`, act, d.axes)
      builder.output(`drive:${name}`, m.neg(m.add(v, pull)), d.axes)
      builder.output(`tau:${name}`, m.k(d.tau ?? 1), d.axes)
      continue
    }
    builder.output(`gradient:${name}`, gradient(builder, total, [c])[0] as NodeId, d.axes)
    if (d.curvature !== undefined) builder.output(`curvature:${name}`, d.curvature(m, c), d.axes)
    if (d.move?.kind === 'box') {
      builder.output(`lower:${name}`, m.k(d.lower ?? -Infinity), d.axes)
      builder.output(`upper:${name}`, m.k(d.upper ?? Infinity), d.axes)
    }
  }
  const responsibilities = Object.entries(model.responsibilities?.(m, seen) ?? {})
  for (const [name, { node, axes }] of responsibilities) builder.output(`responsibility:${name}`, node, axes)
  return {
    kind: 'retrieval',
    blocks: [],
    eliminated: [],
    graph: builder.finish(),
    axes: [],
    fixed: Object.entries(model.fixed).map(([name, axes]) => ({ name, axes, role: 'memory', type: real, span })),
    terms: Object.keys(terms),
    responsibilities: responsibilities.map(([name, { axes }]) => ({
      name,
      axes: axes.slice(0, -1),
      level: axes.at(-1) as string,
      type: real,
    })),
    discrete,
    states: Object.entries(model.states).map(([name, d]) => ({
      name,
      axes: d.axes,
      type: d.type ?? real,
      move: d.lagrangian !== undefined ? { kind: 'neuron' } : (d.move ?? { kind: 'free' }),
      coordinateAxes: d.axes,
      curvature: d.curvature !== undefined,
    })),
  }
}

function declared(model: Written, name: string): Declared {
  return model.states[name] as Declared
}

/** The retrieval program of a model's text. */
export function compiled(text: string, observed: readonly string[] = [], keep: readonly string[] = []): RetrievalProgram {
  const model = analyse({ name: 'test.amp', text })
  if (model.value === undefined) throw new Error(JSON.stringify(model.diagnostics))
  const energy = lower(model.value)
  if (energy.value === undefined) throw new Error(JSON.stringify(energy.diagnostics))
  const read = retrievalFrom(energy.value, situationOf(energy.value, { observed, keep }))
  if (read.value === undefined) throw new Error(JSON.stringify(read.diagnostics))
  return read.value
}

export function open(program: RetrievalProgram, sizes: Sizes, fixed: Readonly<Record<string, Float64Array>>): Machine {
  return openMachine(program, kernel, sizes, new Map(Object.entries(fixed)))
}

/** Softmax attention over memories, the energy of sheet 06 section 4: lse of beta xi.x against half the squared norm. */
export const modernHopfield: Written = {
  states: { x: { axes: ['pixel'], curvature: (m) => m.k(1) } },
  fixed: { xi: ['pattern', 'pixel'], beta: [] },
  energy: (m, { xi, beta, x }) => ({
    attract: m.neg(
      m.div(m.logsumexp(['pattern'], m.mul(beta as NodeId, m.sum(['pixel'], m.mul(xi as NodeId, x as NodeId)))), beta as NodeId),
    ),
    confine: m.div(m.sum(['pixel'], m.square(x as NodeId)), m.k(2)),
  }),
  responsibilities: (m, { xi, beta, x }) => {
    const score = m.mul(beta as NodeId, m.sum(['pixel'], m.mul(xi as NodeId, x as NodeId)))
    return { which: { node: m.exp(m.sub(score, m.logsumexp(['pattern'], score))), axes: ['pattern'] } }
  },
}

import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { metric } from '../../inference/adaptation/metric.ts'
import type { LogDensity } from '../../inference/density/density.ts'
import { discreteField } from '../../inference/density/discrete-field.ts'
import { flatBuffers, fromProgram } from '../../inference/density/program-density.ts'
import { type JointState, jointStates } from '../../inference/draws/joint.ts'
import { type DiscreteField, gibbs } from '../../inference/samplers/gibbs.ts'
import { nuts } from '../../inference/samplers/nuts.ts'
import { volumeOver } from '../../ir/layout.ts'
import * as ports from '../../middle/ports.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { elementName } from '../scene.ts'
import { inputAt, type Trial } from '../trial.ts'
import { drawnCoordinates } from './sampling.ts'

/** Trees are kept shallow, whose steps leave the density as it is all the same: a chain that moves slowly shall not take minutes. */
const DEPTH = 5
/** Numbers of a model that are looked at besides its energy, spread over all it has. */
const MOST_NUMBERS = 8

/** A chain that can be started where the states of a case are, as often as one likes. T = 1. */
export interface CaseRun {
  readonly density: LogDensity
  /** The coordinates of the case's states. */
  readonly start: Float64Array
  /** What `look` reads. */
  readonly names: readonly string[]
  /** Back to the case's states. */
  rewind(): void
  /** One reversible step: Gibbs moves of as many random sites as there are, a step of NUTS, and Gibbs moves again. */
  step(stepSize: number, stream: Stream): void
  /** The numbers at the present state, what was summed out drawn given it; without a stream as it is in the case. */
  look(stream?: Stream): readonly number[]
}

/** Undefined where the states of the case have no finite coordinates, or no density there. `stream`: for what they leave open. */
export function openRun(trial: Trial, parts: SamplingParts, stream: Stream): CaseRun | undefined {
  const opened = open(trial, parts)
  const { density, fields, joint } = opened
  const start = Float64Array.from(parts.program.states.flatMap((s) => [...drawnCoordinates(trial, parts, s, stream)]))
  const algorithm = nuts(density, metric('unit', density.dimension), { maxDepth: DEPTH })
  const state = algorithm.init(start)
  if (!start.every(Number.isFinite) || !Number.isFinite(state.logDensity)) return undefined
  const { names, read } = reader(trial, parts, opened)
  const sweeps = gibbs(fields, { scan: 'random' })
  const home = fields.map((f) => f.values.slice())

  function refresh(): void {
    state.logDensity = density.evaluate(state.q, state.gradient)
  }

  function sweep(source: Stream): void {
    if (fields.length === 0) return
    refresh()
    sweeps.refresh()
    sweeps.sweep(source)
    refresh()
  }

  return {
    density,
    start,
    names: ['the energy', ...names],
    rewind() {
      for (const [i, f] of fields.entries()) f.values.set(home[i] as Float64Array)
      state.q.set(start)
      refresh()
    },
    step(stepSize, source) {
      sweep(source)
      if (density.dimension > 0) algorithm.step(state, stepSize, source)
      sweep(source)
    },
    look(source) {
      refresh()
      for (const j of joint) {
        if (source === undefined) j.values.set(inputAt(trial, j.name))
        else j.draw(source)
      }
      return [-state.logDensity, ...read()]
    },
  }
}

interface OpenedCase {
  readonly density: LogDensity
  readonly fields: readonly DiscreteField[]
  readonly joint: readonly JointState[]
  /** Buffers that hold the present values, by name. */
  readonly values: ReadonlyMap<string, Float64Array>
}

/** A program and the moves of its discrete states over the same buffers, as the samplers have it. */
function open(trial: Trial, { program }: SamplingParts): OpenedCase {
  const { subject, sizes } = trial
  const { kernel } = subject
  const shared = new Map<string, Float64Array>([...flatBuffers(program, sizes), [ports.temperature, Float64Array.of(1)]])
  for (const v of program.fixed) shared.set(v.name, inputAt(trial, v.name).slice())
  for (const d of program.discrete) shared.set(ports.value(d.name), inputAt(trial, d.name).slice())
  const names = new Set([...program.graph.inputs, ...program.graph.outputs].map((p) => p.name))
  const executable = kernel(program.graph, sizes, { buffers: new Map([...shared].filter(([name]) => names.has(name))) })
  for (const s of program.states) shared.set(ports.value(s.name), must(executable.outputs.get(ports.value(s.name)), s.name))
  const fields = program.discrete.map((d) => discreteField(d, kernel, sizes, shared))
  const known = new Map(shared)
  for (const v of [...program.states, ...program.discrete]) known.set(v.name, must(shared.get(ports.value(v.name)), v.name))
  const joint = jointStates(program.joint, { target: kernel, sizes, fixed: new Map() }, known)
  return { density: fromProgram(program, executable), fields, joint, values: known }
}

/** Some of the numbers of all states, by their places. */
function reader(
  { sizes }: Trial,
  { program }: SamplingParts,
  { values }: OpenedCase,
): { names: readonly string[]; read: () => readonly number[] } {
  const all = [...program.states, ...program.discrete, ...program.joint].flatMap(({ name, axes }) =>
    Array.from({ length: volumeOver(axes, sizes) }, (_, i) => ({
      called: elementName(name, axes, sizes, i),
      from: must(values.get(name), name),
      i,
    })),
  )
  const turn = (i: number): number => Math.floor((i * MOST_NUMBERS) / all.length)
  const chosen = all.filter((_, i) => all.length <= MOST_NUMBERS || turn(i) !== turn(i - 1))
  return { names: chosen.map((c) => c.called), read: () => chosen.map((c) => c.from[c.i] as number) }
}

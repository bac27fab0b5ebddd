import type { SamplingParts } from '../../api/runtime/sample.ts'
import { must } from '../../base/internal-error.ts'
import { fold, type Key, keyFromSeed, Stream } from '../../base/random.ts'
import { generativeProgram } from '../../compile/ancestral.ts'
import { type AncestralProgram, port } from '../../compile/program.ts'
import { nutsSampler } from '../../inference/adaptive-nuts.ts'
import { drawOnce } from '../../inference/ancestral.ts'
import { runChain } from '../../inference/chain.ts'
import { discreteField } from '../../inference/discrete-field.ts'
import { type Gibbs, gibbs } from '../../inference/gibbs.ts'
import { jointStates } from '../../inference/joint.ts'
import { metric } from '../../inference/metric.ts'
import { nuts } from '../../inference/nuts.ts'
import { flatBuffers, fromProgram } from '../../inference/program-density.ts'
import { uniformity } from '../../inference/sbc.ts'
import { volumeOver } from '../../ir/layout.ts'
import { type Check, type Finding, fails, holds, skipped } from '../law.ts'
import { elementName } from '../scene.ts'
import { inputAt, type Numbers, type Situation } from '../situation.ts'
import type { Subject } from '../subject.ts'
import { drawnCoordinates, samplingOf, withValues } from './sampling.ts'

/** Draws beside the true value: ranks go from 0 to this. */
const DRAWS = 15
/** Steps of the sampler from one draw to the next. */
const STEPS = 2
/** Trees are kept shallow, whose steps leave the density as it is all the same: a chain that moves slowly shall not take minutes. */
const DEPTH = 5
/** Numbers of a model whose ranks are looked at besides its energy, spread over all it has. */
const MOST_NUMBERS = 8
/** A right sampler falls below with probability 1e-9 for each number, were chi-square exact. */
const LEAST_TAIL = 1e-9

/**
 * Simulation-based calibration that holds however slowly a chain moves (Gandy & Scott 2020). States and data are drawn
 * from the front, so the states are an exact draw of the posterior given the data. They are put at a random place of a
 * chain, from which the sampler runs both ways; its steps being reversible (NUTS; a sweep of Gibbs moves over random
 * sites, before and after it), the rank of the true value among all is uniform. T = 1, for which there are such draws.
 */
export const ranksOfTruth: Check = {
  name: 'ranks of the true values among draws are uniform (simulation-based calibration)',
  // Once a run: a hundred data sets, each with its chain.
  thin: 1000,
  asItCame: true,
  applies(subject) {
    if ('why' in subject.sampling) return `there is no sampling: ${subject.sampling.why}`
    const front = frontOf(subject)
    return 'reason' in front ? `the model cannot be drawn from the front: ${front.reason.replace(/\.$/, '')}` : undefined
  },
  run(situation) {
    const parts = must(samplingOf(situation.subject), 'sampling')
    const front = frontOf(situation.subject)
    if ('reason' in front) return skipped(front.reason)
    return calibrated(situation, parts, front)
  },
}

function frontOf({ energy: { model, variables }, observed }: Subject): AncestralProgram | { readonly reason: string } {
  const data = model.variables.filter((v) => v.role === 'data' && model.terms.some((t) => t.kind === 'density' && t.variable === v.name))
  const states = variables.filter((v) => v.role === 'state')
  if (states.length === 0) return { reason: 'it has no states' }
  if (observed.size > 0) return { reason: `"${[...observed][0]}" cannot be drawn` }
  return generativeProgram(model, new Set([...states, ...data].map((v) => v.name)))
}

function calibrated(situation: Situation, parts: SamplingParts, front: AncestralProgram): Finding {
  const { simulations } = situation.subject
  const key = fold(keyFromSeed(situation.example.seed), 'ranks')
  const draw = truthsOf(situation, front)
  const stepSize = pilot(situation, parts, draw, key)
  if (stepSize === undefined) return skipped('a chain found no step size for data from the front')
  const ranks: Uint32Array[] = []
  let names: readonly string[] = []
  let count = 0
  for (let s = 0; s < simulations; s += 1) {
    const own = fold(key, s)
    const stream = new Stream(fold(own, 'chain'))
    const run = openRun(withValues(situation, draw(fold(own, 'truth'))), parts, stepSize, stream)
    if (run === undefined) continue
    names = run.names
    for (const [i, r] of ranked(run, stream).entries()) {
      ranks[i] ??= new Uint32Array(simulations)
      ;(ranks[i] as Uint32Array)[count] = r
    }
    count += 1
  }
  if (count < simulations / 2) return skipped('what is drawn from the front lies on the edge of what numbers can say')
  for (const [i, all] of ranks.entries()) {
    const seen = all.subarray(0, count)
    const { p } = uniformity(seen, DRAWS, count < 160 ? 8 : 16)
    if (p < LEAST_TAIL) {
      const mean = seen.reduce((a, b) => a + b, 0) / count
      return fails(
        `ranks of ${names[i]} in ${count} simulations`,
        `uniform from 0 to ${DRAWS} (mean ${DRAWS / 2})`,
        `mean ${mean.toFixed(2)}, p = ${p.toExponential(1)}`,
      )
    }
  }
  return holds
}

/** Draws of everything that has a statement, given the rest of the case. */
function truthsOf(situation: Situation, front: AncestralProgram): (key: Key) => Numbers {
  const executable = situation.subject.kernel(front.graph, situation.sizes)
  for (const [name, buffer] of executable.inputs) buffer.set(inputAt(situation, name, 1))
  return (key) => Object.fromEntries(Object.entries(drawOnce(front, executable, situation.sizes, key)).map(([n, v]) => [n, v.slice()]))
}

/** A step size for this model, from a chain on data that nothing else uses: a step that fits is no part of the law. */
function pilot(situation: Situation, parts: SamplingParts, draw: (key: Key) => Numbers, key: Key): number | undefined {
  if (parts.program.states.length === 0) return 1
  const run = openRun(withValues(situation, draw(fold(key, 'pilot'))), parts, 1, new Stream(fold(key, 'pilot')))
  if (run === undefined) return undefined
  const chain = runChain(nutsSampler(run.density, { initial: { at: run.start }, metric: 'unit' }), key, 0, { warmup: 100, draws: 1 })
  return chain.outcome.kind === 'finished' ? chain.tuning.stepSize : undefined
}

type Run = NonNullable<ReturnType<typeof openRun>>

/** A program at the values of a case, ready to step from its states; undefined where those have no finite coordinates. */
function openRun(situation: Situation, parts: SamplingParts, stepSize: number, stream: Stream) {
  const { program } = parts
  const { subject, sizes } = situation
  const shared = new Map<string, Float64Array>([...flatBuffers(program, sizes), [port.temperature, Float64Array.of(1)]])
  for (const v of program.fixed) shared.set(v.name, inputAt(situation, v.name).slice())
  for (const d of program.discrete) shared.set(`value:${d.name}`, inputAt(situation, d.name).slice())
  const ports = new Set([...program.graph.inputs, ...program.graph.outputs].map((p) => p.name))
  const executable = subject.kernel(program.graph, sizes, { buffers: new Map([...shared].filter(([name]) => ports.has(name))) })
  for (const [name, buffer] of executable.inputs)
    if (!name.startsWith('coordinate:') && !shared.has(name)) buffer.set(inputAt(situation, name, 1))
  for (const s of program.states) shared.set(`value:${s.name}`, must(executable.outputs.get(`value:${s.name}`), s.name))
  const fields = program.discrete.map((d) => discreteField(d, subject.kernel, sizes, shared))
  const density = fromProgram(program, executable)
  const start = Float64Array.from(program.states.flatMap((s) => [...drawnCoordinates(situation, parts, s, stream)]))
  const algorithm = nuts(density, metric('unit', density.dimension), { maxDepth: DEPTH })
  const state = algorithm.init(start)
  if (!start.every(Number.isFinite) || !Number.isFinite(state.logDensity)) return undefined
  const known = new Map(shared)
  for (const v of [...program.states, ...program.discrete]) known.set(v.name, must(shared.get(`value:${v.name}`), v.name))
  const joint = jointStates(program.joint, subject.kernel, sizes, known)
  const truth = new Map(joint.map((j) => [j.name, inputAt(situation, j.name)]))
  const read = [
    ...program.states.map((s) => ({ ...s, values: must(shared.get(`value:${s.name}`), s.name) })),
    ...program.discrete.map((d) => ({ ...d, values: must(shared.get(`value:${d.name}`), d.name) })),
    ...program.joint.map((d, i) => ({ ...d, values: must(joint[i], d.name).values })),
  ]
  const all = read.flatMap((v) => Array.from({ length: volumeOver(v.axes, sizes) }, (_, i) => ({ ...v, i })))
  const chosen = all.filter(
    (_, i) =>
      all.length <= MOST_NUMBERS || Math.floor((i * MOST_NUMBERS) / all.length) !== Math.floor(((i - 1) * MOST_NUMBERS) / all.length),
  )
  const sweeps: Gibbs = gibbs(fields, { scan: 'random' })

  /** Puts everything where the chain is, with what was summed out drawn (or as it was true). */
  function look(stream: Stream | undefined): readonly number[] {
    const level = density.evaluate(state.q, state.gradient)
    if (stream === undefined) for (const j of joint) j.values.set(must(truth.get(j.name), j.name))
    else for (const j of joint) j.draw(stream)
    return [-level, ...chosen.map((c) => c.values[c.i] as number)]
  }

  function step(stream: Stream): void {
    sweep(stream)
    if (density.dimension > 0) algorithm.step(state, stepSize, stream)
    sweep(stream)
  }

  function sweep(stream: Stream): void {
    if (fields.length === 0) return
    state.logDensity = density.evaluate(state.q, state.gradient)
    sweeps.refresh()
    sweeps.sweep(stream)
    state.logDensity = density.evaluate(state.q, state.gradient)
  }

  const home = fields.map((f) => f.values.slice())
  return {
    density,
    start,
    names: ['the energy', ...chosen.map((c) => elementName(c.name, c.axes, sizes, c.i))],
    look,
    step,
    rewind() {
      for (const [i, f] of fields.entries()) f.values.set(home[i] as Float64Array)
      state.q.set(start)
      state.logDensity = density.evaluate(state.q, state.gradient)
    },
  }
}

/** The rank of the true value of each number among the draws before and after it; equal ones are put in random order. */
function ranked(run: Run, stream: Stream): readonly number[] {
  run.rewind()
  const truth = run.look(undefined)
  const below = truth.map(() => 0)
  const equal = truth.map(() => 0)
  const before = stream.integer(DRAWS + 1)
  for (const draws of [before, DRAWS - before]) {
    run.rewind()
    for (let d = 0; d < draws; d += 1) {
      for (let k = 0; k < STEPS; k += 1) run.step(stream)
      for (const [i, x] of run.look(stream).entries()) {
        const counts = x === truth[i] ? equal : below
        if (x <= (truth[i] as number)) counts[i] = (counts[i] as number) + 1
      }
    }
  }
  return below.map((n, i) => n + stream.integer((equal[i] as number) + 1))
}

import { must } from '../../base/internal-error.ts'
import { hypot } from '../../base/special/hypot.ts'
import { log as logOf } from '../../base/special/logarithm.ts'
import { lgamma } from '../../base/special/operations.ts'
import { sizeOf, stridesOver } from '../../ir/layout.ts'
import { isUnbounded, type Kind, type TypeOf } from '../../middle/kinds.ts'
import type { ValueType } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import type { RetrievalState, SamplingState } from '../../middle/program.ts'
import { along, logDeterminant, matches, STEP, slopeOf, unitVector } from '../differences.ts'
import { all, type Finding, fails, holds, type Law, type LawCheck, skipped } from '../law.ts'
import { openScene, type ProgramScene } from '../scene.ts'
import type { Subject } from '../subject.ts'
import { energyBy, streamFor, type Trial } from '../trial.ts'
import { activationSlope } from './gradient.ts'
import { integralByMinimum, integralByQuadrature, integralInAnyOrder } from './integrals.ts'
import { jointMode, marginal } from './levels.ts'

/** Values go through a change of variables and back: a few roundings, magnified by logarithms near the edges. */
const TOLERANCE = 1e-9
/** Determinants of up to this many coordinates are compared. */
const MOST_COORDINATES = 8

export const dualityLaw = {
  number: 1,
  name: 'Duality',
  says: '-E and the log density differ by the log Jacobian; the velocity of retrieval is T times the score',
  checks: [density(), jacobian(), score(), marginal(), jointMode(), integralByQuadrature, integralByMinimum, integralInAnyOrder],
} as const satisfies Law

/** -E/T by definition at the user's values, and minus the sampling program's energy at their coordinates. */
function density(): LawCheck {
  return {
    name: 'log density = -E/T + log Jacobian',
    applies: needsSampling,
    run(trial) {
      const { scene, E, scale } = opened(trial)
      const T = trial.temperature
      const logJacobian = scene.output(ports.logJacobian)[0] as number
      const found = -scene.energy()
      const expected = -E / T + logJacobian
      if (!Number.isFinite(expected)) return skipped('the energy is not finite')
      const allowed = TOLERANCE * (scale / T + Math.abs(logJacobian) + 1)
      if (Math.abs(found - expected) <= allowed) return holds
      return fails('the log density of the sampling program', `${expected} (-E/T by definition, plus the log Jacobian)`, found)
    },
  }
}

function jacobian(): LawCheck {
  return {
    name: 'log Jacobian = log determinant of differences',
    applies: needsSmoothSampling,
    run(trial) {
      const { scene } = opened(trial)
      if (scene.dimension > MOST_COORDINATES) return skipped('every case has too many coordinates for a determinant')
      const found = scene.output(ports.logJacobian)[0] as number
      const expected = measuredLogJacobian(trial, scene)
      // Central differences of smooth maps are good to about 1e-8 of each entry.
      if (Math.abs(found - expected) <= 1e-6 * scene.dimension * Math.max(1, Math.abs(expected))) return holds
      return fails('the log Jacobian', `${expected} (log determinant of central differences)`, found)
    },
  }
}

/**
 * log |d(value)/d(coordinate)| by differences: of all elements but the last for a simplex, of the lower triangle of a
 * matrix (without the diagonal where that follows from the rest). A unit vector has one
 * coordinate more than dimensions, its length r, which has the density of the norm of a standard normal vector.
 */
function measuredLogJacobian(trial: Trial, scene: ProgramScene): number {
  const n = scene.dimension
  const columns = Array.from({ length: n }, (_, j) => valueSlopes(scene, unitVector(n, j)))
  scene.look(scene.start)
  const rows: Float64Array[] = []
  let lengths = 0
  for (const block of scene.blocks) {
    const values = scene.output(ports.value(block.state.name))
    const { type, axes } = block.state
    const strides = stridesOver(axes, trial.sizes)
    values.forEach((_, i) => {
      const row = Float64Array.from(columns, (c) => must(c.get(block.state.name), 'column')[i] as number)
      if (isFree(type, (axis) => Math.floor(i / (strides.get(axis) ?? 1)) % sizeOf(axis, trial.sizes), trial)) rows.push(row)
    })
    if (type.kind === 'unit') lengths += addLengths(trial, scene, block, rows)
  }
  return logDeterminant(rows) + lengths
}

/** Whether an element says something that those before it do not; `at`: its place along an axis. */
function isFree(type: ValueType, at: (axis: string) => number, { sizes }: Trial): boolean {
  return (free[type.kind] as Free<ValueType>)(type, at, (axis) => sizeOf(axis, sizes))
}

type Free<T extends ValueType> = (type: T, at: (axis: string) => number, sizeOf: (axis: string) => number) => boolean

const always = (): boolean => true
/** Of matrices that mirror: the lower triangle; without the diagonal where that follows from the rest. */
const lower: Free<TypeOf<'covariance'>> = ({ rows, columns }, at) => at(rows) >= at(columns)
const strictlyLower: Free<TypeOf<'correlation'>> = ({ rows, columns }, at) => at(rows) > at(columns)

const free: { readonly [K in Kind]: Free<TypeOf<K>> } = {
  real: always,
  positive: always,
  nonnegative: always,
  probability: always,
  spin: always,
  bit: always,
  count: always,
  element: always,
  unit: always,
  simplex: ({ axis }, at, size) => at(axis) < size(axis) - 1,
  ordered: always,
  covariance: lower,
  cholesky: (type, at) => (type.unitRows === true ? at(type.rows) > at(type.columns) : at(type.rows) >= at(type.columns)),
  correlation: strictlyLower,
}

/** Adds u u' to the rows of a unit vector (its length then grows at rate 1); returns the log density of the lengths. */
function addLengths(trial: Trial, scene: ProgramScene, block: ProgramScene['blocks'][number], rows: readonly Float64Array[]): number {
  const { type, axes, name } = block.state
  const axis = type.kind === 'unit' ? type.axis : ''
  const size = sizeOf(axis, trial.sizes)
  const stride = stridesOver(axes, trial.sizes).get(axis) ?? 1
  const values = scene.output(ports.value(name))
  const first = rows.length - values.length
  let log = 0
  for (let start = 0; start < values.length; start += 1) {
    if (Math.floor(start / stride) % size !== 0) continue
    const at = Array.from({ length: size }, (_, k) => start + k * stride)
    const r = hypot(...at.map((i) => scene.start[block.offset + i] as number))
    for (const i of at) {
      const row = rows[first + i] as Float64Array
      for (const j of at) row[block.offset + j] = (row[block.offset + j] as number) + (values[i] as number) * (values[j] as number)
    }
    log += (size - 1) * logOf(r) - (r * r) / 2 - (size / 2 - 1) * Math.LN2 - lgamma(size / 2)
  }
  return log
}

/** How every value changes along `v`, by central differences. */
function valueSlopes(scene: ProgramScene, v: Float64Array): ReadonlyMap<string, Float64Array> {
  const at = (t: number): Map<string, Float64Array> => {
    scene.look(along(scene.start, v, t))
    return new Map(scene.blocks.map(({ state }) => [state.name, scene.output(ports.value(state.name)).slice()]))
  }
  const [up, down, up2, down2] = [at(STEP / 2), at(-STEP / 2), at(STEP), at(-STEP)]
  const of = (m: Map<string, Float64Array>, name: string, i: number): number => must(m.get(name), name)[i] as number
  return new Map(
    [...up].map(([name, data]) => [
      name,
      data.map((_, i) => {
        const narrow = (of(up, name, i) - of(down, name, i)) / STEP
        const wide = (of(up2, name, i) - of(down2, name, i)) / (2 * STEP)
        return (4 * narrow - wide) / 3
      }),
    ]),
  )
}

/** Along random directions of the coordinates: T (score - d log J) = -dE = retrieval's velocity. */
function score(): LawCheck {
  return {
    name: 'velocity of retrieval = T times the score',
    applies: (subject) =>
      needsSmoothSampling(subject) ?? ('why' in subject.retrieval ? `there is no retrieval: ${subject.retrieval.why}` : undefined),
    run(trial) {
      const stream = streamFor(trial, 'score')
      const { scene } = opened(trial)
      const n = scene.dimension
      const directions = Array.from({ length: Math.min(n, 3) }, (_, k) =>
        n <= 3 ? unitVector(n, k) : Float64Array.from({ length: n }, () => stream.normal() / Math.sqrt(n)),
      )
      return all(directions.map((v) => scoreAlong(trial, scene, v)))
    },
  }
}

function scoreAlong(trial: Trial, scene: ProgramScene, v: Float64Array): Finding {
  const T = trial.temperature
  scene.look(scene.start)
  const scale = scene.scale()
  let sampled = 0
  for (const { state, offset, length } of scene.blocks) {
    const g = scene.output(ports.gradient(state.name))
    for (let i = 0; i < length; i += 1) sampled -= (g[i] as number) * (v[offset + i] as number)
  }
  const jacobian = slopeOf((t) => {
    scene.look(along(scene.start, v, t))
    return scene.output(ports.logJacobian)[0] as number
  }, scale)
  const velocity = retrievalVelocity(trial, scene, v)
  if (velocity === undefined || jacobian.unclear || !Number.isFinite(sampled)) return skipped('a state sits at an edge')
  const expected = { value: T * (sampled - jacobian.value), error: T * jacobian.error + 1e-9 * T * scale, unclear: false }
  if (matches(velocity, expected, 1e-6)) return holds
  return fails(
    `the velocity of retrieval along the direction [${[...v].map((x) => Number(x.toPrecision(4)))}]`,
    `${expected.value} (T times the score)`,
    velocity,
  )
}

/** -dE along `v` as retrieval has it, in whatever coordinates each state moves. */
function retrievalVelocity(trial: Trial, sampling: ProgramScene, v: Float64Array): number | undefined {
  const { subject } = trial
  const parts = must('parts' in subject.retrieval ? subject.retrieval.parts : undefined, 'retrieval')
  const scene = openScene(trial, parts, subject.kernel)
  const values = valueSlopes(sampling, v)
  const w = new Float64Array(scene.dimension)
  for (const { state, offset, length } of scene.blocks) {
    const from = must(
      sampling.blocks.find((b) => b.state.name === state.name),
      state.name,
    )
    const isOwn = 'move' in state && (state.move.kind !== 'free' || isPlain(state))
    w.set(isOwn ? must(values.get(state.name), state.name) : v.subarray(from.offset, from.offset + length), offset)
  }
  scene.look(scene.start)
  if (!Number.isFinite(scene.energy())) return undefined
  let fall = 0
  const neurons: [string, Float64Array][] = []
  for (const { state, offset, length } of scene.blocks) {
    if ('move' in state && state.move.kind === 'neuron') {
      neurons.push([state.name, scene.output(ports.drive(state.name)).slice()])
      continue
    }
    const g = scene.output(ports.gradient(state.name))
    for (let i = 0; i < length; i += 1) fall -= (g[i] as number) * (w[offset + i] as number)
  }
  for (const [name, drive] of neurons) for (const [i, a] of activationSlope(scene, name, w).entries()) fall += (drive[i] as number) * a
  return fall
}

function isPlain(state: RetrievalState | SamplingState): boolean {
  return isUnbounded(state.type)
}

function opened(trial: Trial): { readonly scene: ProgramScene; readonly E: number; readonly scale: number } {
  const { subject } = trial
  const parts = must('parts' in subject.sampling ? subject.sampling.parts : undefined, 'sampling')
  const scene = openScene(trial, parts, subject.kernel)
  scene.look(scene.start)
  const { energy, scale } = energyBy(trial, subject.summed)
  return { scene, E: energy, scale }
}

function needsSampling({ sampling }: Subject): string | undefined {
  return 'why' in sampling ? `there is no sampling: ${sampling.why}` : undefined
}

function needsSmoothSampling(subject: Subject): string | undefined {
  const none = needsSampling(subject)
  if (none !== undefined) return none
  return 'parts' in subject.sampling && subject.sampling.parts.program.states.length === 0 ? 'no state moves smoothly' : undefined
}

import { samplingParts } from '../../api/pipeline.ts'
import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { hypot } from '../../base/special/hypot.ts'
import { discreteMoving } from '../../compile/marginalise.ts'
import { discreteField } from '../../inference/density/discrete-field.ts'
import { type JointState, jointStates } from '../../inference/draws/joint.ts'
import type { DiscreteField } from '../../inference/samplers/gibbs.ts'
import { volumeOver } from '../../ir/layout.ts'
import * as ports from '../../middle/ports.ts'
import type { SamplingState } from '../../middle/program.ts'
import { keeping } from '../../middle/situation.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { coordinatesAt } from '../scene.ts'
import type { Subject } from '../subject.ts'
import type { Numbers, Trial } from '../trial.ts'

/** The sampling program of a model, if it has one. */
export function samplingOf({ sampling }: Subject): SamplingParts | undefined {
  return 'parts' in sampling ? sampling.parts : undefined
}

/** The same with every discrete state kept, so that Gibbs moves are there to be looked at; made once a subject. */
export function keptSampling(subject: Subject): SamplingParts | undefined {
  const before = kept.get(subject)
  if (before !== undefined) return before.parts
  const parts = made(subject)
  kept.set(subject, { parts })
  return parts
}

const kept = new WeakMap<Subject, { readonly parts: SamplingParts | undefined }>()

function made(subject: Subject): SamplingParts | undefined {
  const sampling = samplingOf(subject)
  if (sampling === undefined || sampling.program.responsibilities.length === 0) return sampling
  const { energy, situation } = subject
  const keep = discreteMoving(energy, situation).map((v) => v.name)
  return samplingParts(energy, keeping(situation, keep)).value
}

/** The fields of a program's discrete states at the values of a case. */
export function fieldsOf(trial: Trial, { program }: SamplingParts, temperature = trial.temperature): readonly DiscreteField[] {
  const shared = buffersAt(trial, temperature)
  return program.discrete.map((state) => discreteField(state, trial.subject.kernel, trial.sizes, shared))
}

/** Draws of what a program sums out, at the values of a case. */
export function jointOf(trial: Trial, { program }: SamplingParts, temperature = trial.temperature): readonly JointState[] {
  return jointStates(program.joint, { target: trial.subject.kernel, sizes: trial.sizes, fixed: new Map() }, buffersAt(trial, temperature))
}

/** Everything a case has a value for, under the names that the graphs read. */
export function buffersAt({ example }: Trial, temperature: number): Map<string, Float64Array> {
  const buffers = new Map<string, Float64Array>([[ports.temperature, Float64Array.of(temperature)]])
  for (const [name, data] of Object.entries(example.values)) {
    buffers.set(name, data.slice())
    buffers.set(ports.value(name), must(buffers.get(name), name))
  }
  return buffers
}

/** The trial with other values of some variables. */
export function withValues(trial: Trial, values: Numbers): Trial {
  const { example } = trial
  return { ...trial, example: { ...example, values: { ...example.values, ...values } } }
}

/**
 * Coordinates of a state's value drawn exactly: where the value does not fix them, the rest is drawn from its density. A
 * unit vector's coordinates have any length, with the density of the norm of a standard normal vector.
 */
export function drawnCoordinates(trial: Trial, parts: SamplingParts, state: SamplingState, stream: Stream): Float64Array {
  const { sizes } = trial
  const { type, axes } = state
  const coordinates = coordinatesAt(trial, parts, state).slice()
  if (type.kind !== 'unit') return coordinates
  const size = must(sizes[type.axis], type.axis)
  const stride = volumeOver(axes.slice(axes.indexOf(type.axis) + 1), sizes)
  for (let first = 0; first < coordinates.length; first += 1) {
    if (Math.floor(first / stride) % size !== 0) continue
    const length = hypot(...Array.from({ length: size }, () => stream.normal()))
    for (let i = 0; i < size; i += 1)
      coordinates[first + i * stride] = ((coordinates[first + i * stride] as number) * length) / Math.sqrt(size)
  }
  return coordinates
}

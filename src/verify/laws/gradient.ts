import { hasErrors } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { hypot } from '../../base/special/hypot.ts'
import { bind } from '../../bind/bind.ts'
import type { Target } from '../../middle/executable.ts'
import * as ports from '../../middle/ports.ts'
import { givenOf } from '../../run/inputs.ts'
import type { RetrievalParts } from '../../run/retrieval.ts'
import { runRetrieve } from '../../run/retrieve.ts'
import { runSample } from '../../run/sample.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { mayInstantiate } from '../../targets/kernel/instantiate.ts'
import { reference } from '../../targets/reference.ts'
import { along, matches, STEP, slopeOf, unitVector } from '../differences.ts'
import { all, type Finding, fails, holds, type Law, type LawCheck, skipped } from '../law.ts'
import { coordinateName, elementName, openScene, outputsOf, type ProgramScene } from '../scene.ts'
import type { Subject } from '../subject.ts'
import { asInputs, type Numbers, streamFor, type Trial } from '../trial.ts'
import { asWritten, simplifiedChecks } from './simplified.ts'

type ProgramKind = 'retrieval' | 'sampling'

/** More coordinates than this are looked at along random directions instead of one by one. */
const MOST_COORDINATES = 12

/** Central differences agree to 1e-6, relative, beyond what they themselves may be off. */
const DIFFERENCE_TOLERANCE = 1e-6
/** The kernel does the reference's float64 operations in another order. */
const KERNEL_TOLERANCE = 1e-12
/** TensorFlow.js computes in float32: 2^-23 in every operation, through sums and cancellations. */
const FLOAT32_TOLERANCE = 1e-3

export const gradientLaw = {
  number: 2,
  name: 'Gradient',
  says: "energy as it was written = simplified; compiled gradient = central differences = every backend's; emitted code = in-process result",
  checks: [
    ...simplifiedChecks,
    asWritten('energy as it was written = simplified, by TensorFlow.js', FLOAT32_TOLERANCE, tensorflow, 10),
    differences('retrieval'),
    differences('sampling'),
    backend('kernel = reference', ({ kernel }) => noCode() ?? kernel, KERNEL_TOLERANCE),
    { ...backend('WebAssembly = reference', ({ wasm }) => wasm ?? 'no WebAssembly may be compiled here', KERNEL_TOLERANCE), thin: 5 },
    { ...backend('TensorFlow.js = reference', tensorflow, FLOAT32_TOLERANCE), thin: 10 },
    { ...emittedRetrieval(), thin: 2 },
    { ...emittedSampling(), thin: 2 },
  ],
} as const satisfies Law

function tensorflow({ tfjs }: Subject): Target | string {
  return 'target' in tfjs ? tfjs.target : tfjs.why
}

function differences(name: ProgramKind): LawCheck {
  return {
    name: `${name} gradient = central differences`,
    applies: (subject) =>
      missing(subject, name) ?? (partsOf(subject, name).program.states.length === 0 ? 'no state moves smoothly' : undefined),
    run(trial) {
      const scene = openScene(trial, partsOf(trial.subject, name), trial.subject.kernel)
      scene.look(scene.start)
      if (!Number.isFinite(scene.energy())) return skipped('the energy is not finite')
      const directions = directionsOf(trial, scene)
      return all(directions.map(({ called, v }) => differenceAlong(scene, name, called, v)))
    },
  }
}

interface Direction {
  readonly called: string
  readonly v: Float64Array
}

/** Every coordinate by itself, or random directions where there are many. */
function directionsOf(trial: Trial, scene: ProgramScene): readonly Direction[] {
  const n = scene.dimension
  if (n <= MOST_COORDINATES)
    return Array.from({ length: n }, (_, i) => ({ called: coordinateName(scene, trial.sizes, i), v: unitVector(n, i) }))
  const stream = streamFor(trial, 'directions')
  return Array.from({ length: 4 }, () => {
    const v = Float64Array.from({ length: n }, () => stream.normal())
    const norm = hypot(...v)
    return { called: 'a random direction', v: v.map((x) => x / norm) }
  })
}

function differenceAlong(scene: ProgramScene, name: ProgramKind, called: string, v: Float64Array): Finding {
  const energyAt = (t: number): number => {
    scene.look(along(scene.start, v, t))
    return scene.energy()
  }
  scene.look(scene.start)
  const found = compiledSlope(scene, v)
  const slope = slopeOf(energyAt, scene.scale())
  if (slope.unclear) return skipped('the energy has kinks or edges at every case')
  if (matches(found, slope, DIFFERENCE_TOLERANCE)) return holds
  const what = `the derivative of the ${name === 'retrieval' ? 'energy' : 'negative log density'} by ${called}${name === 'sampling' ? ' (unconstrained)' : ''}`
  return fails(what, `${slope.value} (central differences)`, `${found} (compiled gradient)`)
}

/** The compiled gradient along `v`, at the last look. A neuron's drive acts through its activation: dE = -drive . d(act). */
function compiledSlope(scene: ProgramScene, v: Float64Array): number {
  let slope = 0
  const neurons: { readonly name: string; readonly drive: Float64Array }[] = []
  for (const { state, offset, length } of scene.blocks) {
    const { name } = state
    if ('move' in state && state.move.kind === 'neuron' && scene.program.kind === 'retrieval') {
      neurons.push({ name, drive: scene.output(ports.drive(name)).slice() })
      continue
    }
    const g = scene.output(ports.gradient(name))
    for (let i = 0; i < length; i += 1) slope += (g[i] as number) * (v[offset + i] as number)
  }
  for (const { name, drive } of neurons) slope -= dot(drive, activationSlope(scene, name, v))
  scene.look(scene.start)
  return slope
}

/** How activations change along `v`, by central differences. */
export function activationSlope(scene: ProgramScene, name: string, v: Float64Array): Float64Array {
  const at = (t: number): Float64Array => {
    scene.look(along(scene.start, v, t))
    return scene.output(ports.activation(name)).slice()
  }
  const [up, down, up2, down2] = [at(STEP / 2), at(-STEP / 2), at(STEP), at(-STEP)]
  return up.map((_, i) => {
    const narrow = ((up[i] as number) - (down[i] as number)) / STEP
    const wide = ((up2[i] as number) - (down2[i] as number)) / (2 * STEP)
    return (4 * narrow - wide) / 3
  })
}

function backend(name: string, choose: (subject: Subject) => Target | string, tolerance: number): LawCheck {
  const readings = ['retrieval', 'sampling'] as const
  return {
    name,
    applies(subject) {
      const target = choose(subject)
      return typeof target === 'string' ? target : readings.map((r) => missing(subject, r)).every(Boolean) ? 'it has no reading' : undefined
    },
    run(trial) {
      const target = choose(trial.subject) as Target
      const there = readings.filter((r) => missing(trial.subject, r) === undefined)
      return all(there.map((r) => sameOutputs(trial, r, target, name, tolerance)))
    },
  }
}

function sameOutputs(trial: Trial, name: ProgramKind, target: Target, check: string, tolerance: number): Finding {
  const parts = partsOf(trial.subject, name)
  const scenes = [reference, target].map((t) => {
    const scene = openScene(trial, parts, t)
    scene.look(scene.start)
    const outputs = outputsOf(scene)
    const scale = scene.scale()
    scene.dispose()
    return { scene, outputs, scale }
  })
  const [expected, found] = scenes as [(typeof scenes)[0], (typeof scenes)[0]]
  if (tolerance > 1e-6 && !isTame(expected.outputs)) return skipped('numbers are beyond float32')
  return all(
    expected.scene.program.graph.outputs.map((o) => {
      const allowed = tolerance * (expected.scale + largest(expected.outputs[o.name]))
      return same(o.name, o.axes, trial, found.outputs, expected.outputs, allowed, `${name}, ${check}`)
    }),
  )
}

function same(
  output: string,
  axes: readonly string[],
  { sizes }: Trial,
  found: Numbers,
  expected: Numbers,
  allowed: number,
  check: string,
): Finding {
  const [a, b] = [must(found[output], output), must(expected[output], output)]
  const at = b.findIndex((x, i) => !(Object.is(x, a[i]) || x === a[i] || Math.abs(x - (a[i] as number)) <= allowed))
  return at < 0 ? holds : fails(`${elementName(output, axes, sizes, at)} (${check})`, b[at] as number, a[at] as number)
}

/** float32 overflows at 3e38, squares at 2e19; half of its digits are gone long before. */
function isTame(outputs: Numbers): boolean {
  return Object.values(outputs).every((data) => data.every((x) => Math.abs(x) < 1e4))
}

/** Why there are no kernels in process, if there are none. */
function noCode(): string | undefined {
  return mayInstantiate() ? undefined : 'no code may be made from text here'
}

function emittedRetrieval(): LawCheck {
  return {
    name: 'emitted retrieval = in process, bit for bit',
    applies: ({ emitted, retrieval }) =>
      'why' in retrieval ? 'there is no retrieval' : 'why' in emitted.retrieve ? emitted.retrieve.why : noCode(),
    run(trial) {
      const { subject, example, temperature } = trial
      const options = { temperature, seed: example.seed, maxSteps: 20 }
      return comparedRuns(
        trial,
        (bound) => runRetrieve(partsOf(subject, 'retrieval') as RetrievalParts, subject.kernel, bound, options),
        () => (subject.emitted.retrieve as Exclude<Subject['emitted']['retrieve'], { why: string }>)(asInputs(trial), options),
      )
    },
  }
}

function emittedSampling(): LawCheck {
  return {
    name: 'emitted sampling = in process, bit for bit',
    applies: ({ emitted, sampling }) =>
      'why' in sampling ? 'there is no sampling' : 'why' in emitted.sample ? emitted.sample.why : noCode(),
    run(trial) {
      const { subject, example, temperature } = trial
      const options = { temperature, seed: example.seed, chains: 1, warmup: 5, draws: 5, depth: 4 }
      return comparedRuns(
        trial,
        (bound) => runSample(partsOf(subject, 'sampling') as SamplingParts, subject.kernel, bound, options),
        () => (subject.emitted.sample as Exclude<Subject['emitted']['sample'], { why: string }>)(asInputs(trial), options),
      )
    },
  }
}

type RetrieveRun = Parameters<typeof runRetrieve>[2]

/** Both give the same numbers to the last bit, or both refuse. */
function comparedRuns<T>(
  trial: Trial,
  here: (bound: RetrieveRun) => {
    readonly value?: T
    readonly diagnostics: readonly { readonly message: string; readonly severity: string }[]
  },
  there: () => T,
): Finding {
  const given = must(givenOf(asInputs(trial)).value, 'inputs')
  const bound = bind(trial.subject.energy, given)
  if (bound.value === undefined || hasErrors(bound.diagnostics)) return skipped(bound.diagnostics.map((d) => d.message).join(' '))
  const own = here(bound.value)
  if (own.value === undefined) return skipped(own.diagnostics.map((d) => d.message).join(' '))
  const difference = firstDifference(own.value, there(), 'result')
  return difference ?? holds
}

/** Where two results of plain data differ in any bit. */
function firstDifference(a: unknown, b: unknown, path: string): Finding | undefined {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
    return Object.is(a, b) ? undefined : fails(`${path} of the emitted module`, String(a), String(b))
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  for (const key of keys) {
    const [x, y] = [a, b].map((o) => (o as Readonly<Record<string, unknown>>)[key])
    if (typeof x === 'function' && typeof y === 'function') continue
    const difference = firstDifference(x, y, `${path}.${key}`)
    if (difference !== undefined) return difference
  }
  return undefined
}

function missing(subject: Subject, name: ProgramKind): string | undefined {
  const reading = subject[name]
  return 'why' in reading ? `there is no ${name}: ${reading.why}` : undefined
}

function partsOf(subject: Subject, name: ProgramKind): RetrievalParts | SamplingParts {
  const reading = subject[name]
  return must('parts' in reading ? reading.parts : undefined, name)
}

function largest(data: Float64Array | undefined): number {
  let top = 0
  for (const x of data ?? []) if (Number.isFinite(x)) top = Math.max(top, Math.abs(x))
  return top
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)
}

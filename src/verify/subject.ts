import type { Loaded } from '../api/load.ts'
import { fitParts, retrievalParts, samplingParts, simulationParts } from '../api/pipeline.ts'
import { withPosteriors } from '../api/store/conditioned.ts'
import { type Checked, hasErrors } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { discreteMoving } from '../compile/marginalise.ts'
import { relax } from '../compile/relax.ts'
import { hasTransform, transformOf } from '../compile/supports/index.ts'
import { treat, treatAsAsked } from '../compile/treat.ts'
import { cut } from '../ir/cut.ts'
import type { Graph } from '../ir/graph.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Energy } from '../middle/energy.ts'
import type { Target } from '../middle/executable.ts'
import { levelsOf } from '../middle/kinds.ts'
import { keeping, observing, type Situation, situationOf, type Treatment } from '../middle/situation.ts'
import type { FitParts } from '../run/fit.ts'
import type { RetrievalParts } from '../run/retrieval.ts'
import type { SamplingParts } from '../run/sampling.ts'
import type { SimulationParts } from '../run/simulation/field.ts'
import { mayUseWasm, wasmKnowing } from '../targets/wasm.ts'
import { type EmittedReadings, emittedReadings } from './emitted.ts'
import { cachedKernel } from './kernels.ts'

/** A model under test: its energy as it was written and with discrete states summed out, and both readings compiled. */
export interface Subject {
  readonly loaded: Loaded
  /** As written: nothing summed out. */
  readonly energy: Energy
  /** Why most laws have nothing to say: the model is given by its motion alone. */
  readonly energyless: string | undefined
  /** The graph of the same before anything was simplified. */
  readonly written: Graph
  /** What both readings start from. */
  readonly summed: Energy
  /** The same with every discrete state relaxed that can be, all others as they are; undefined where none can. */
  readonly relaxed: Energy | undefined
  /** The same with variables treated, in order; undefined where that cannot be. */
  readonly treated: (asked: readonly Treatment[]) => Energy | undefined
  /** As both readings are told; what can neither move nor be drawn is observed in every case. */
  readonly situation: Situation
  /** The same with posteriors in the place of priors, as a store has it; undefined where no memory is one. */
  readonly posterior: Energy | undefined
  readonly retrieval: PossibleReading<RetrievalParts>
  readonly sampling: PossibleReading<SamplingParts>
  readonly fit: PossibleReading<FitParts>
  readonly simulation: PossibleReading<SimulationParts>
  /** The same with every discrete state kept, and draws from conditional forms. */
  readonly exact: SamplingParts | undefined
  readonly emitted: EmittedReadings
  readonly kernel: Target
  /** Absent where no WebAssembly may be compiled. */
  readonly wasm: Target | undefined
  readonly tfjs: { readonly name: string; readonly target: Target } | { readonly why: string }
  /** How many data sets are drawn for the ranks of simulation-based calibration. */
  readonly simulations: number
}

/** A reading of a model, or why it has none. */
export type PossibleReading<Parts> = { readonly parts: Parts } | { readonly why: string }

export interface SubjectOptions {
  /** Whether TensorFlow.js is loaded and compared; it takes a second. */
  readonly tfjs?: boolean
  /** Whether the model is also emitted as modules and those are run. */
  readonly emit?: boolean
  /** Data sets for simulation-based calibration; 1000. */
  readonly sbc?: number
}

export async function openSubject(loaded: Loaded, options: SubjectOptions = {}): Promise<Subject> {
  const { energy } = loaded
  const situation = observing(situationOf(energy), immovable(energy, situationOf(energy)))
  const energyless = energy.terms.length === 0 ? 'the model has no energy' : undefined
  const summed = energyless === undefined ? must(treat(energy, situation).value, 'energy') : energy
  const retrieval = readingOf(() => retrievalParts(energy, situation))
  // As `sample` does it unless it is asked for something else.
  const sampling = readingOf(() => samplingParts(energy, situation, { exact: 'at once' }))
  const kept = keeping(
    situation,
    discreteMoving(energy, situation).map((v) => v.name),
  )
  const axes = [retrieval, sampling].flatMap((r) => ('parts' in r ? r.parts.program.axes : []))
  return {
    loaded,
    energy,
    energyless,
    written: cut(
      energy.written,
      energy.written.outputs.filter((o) => energy.graph.outputs.some((p) => p.name === o.name)),
    ),
    summed,
    relaxed: relaxedAsFarAsItGoes(energy, situation),
    treated: (treatments) => {
      const moving = new Set([...situation.moving, ...treatments.map((t) => t.name)])
      return treatAsAsked(energy, { ...situation, moving, treatments }).value
    },
    situation,
    posterior: posteriorOf(loaded),
    retrieval,
    sampling,
    fit: readingOf(() => fitParts(energy, situation)),
    simulation: readingOf(() => simulationParts(energy)),
    exact: 'parts' in sampling ? samplingParts(energy, kept, { exact: 'all' }).value : undefined,
    emitted: options.emit === false ? notEmitted : await emittedReadings(loaded, situation.observed),
    kernel: cachedKernel(madeSizes(axes, {})),
    wasm: mayUseWasm() ? wasmKnowing(madeSizes(axes, {})) : undefined,
    tfjs: options.tfjs === false ? { why: 'it was not asked for' } : await tfjsTarget(),
    simulations: options.sbc ?? 1000,
  }
}

function posteriorOf(loaded: Loaded): Energy | undefined {
  const { energy } = withPosteriors(loaded)
  // What elements of an axis that grows are, law 9 says.
  return energy.posteriors.length > 0 && energy.opened.length === 0 ? energy : undefined
}

const notEmitted: EmittedReadings = { retrieve: { why: 'it was not asked for' }, sample: { why: 'it was not asked for' } }

function relaxedAsFarAsItGoes(energy: Energy, situation: Situation): Energy | undefined {
  const relaxed = discreteMoving(energy, situation).reduce((e, { name }) => relax(e, [name]).value ?? e, energy)
  return relaxed.relaxed.length === 0 ? undefined : relaxed
}

function immovable({ variables }: Energy, { moving }: Situation): readonly string[] {
  const states = variables.filter((v) => moving.has(v.name) && levelsOf(v.type) === undefined && !hasTransform(transformOf(v.type)))
  return states.map((v) => v.name)
}

function readingOf<Parts>(compile: () => Checked<Parts>): PossibleReading<Parts> {
  const { value, diagnostics } = compile()
  if (value !== undefined && !hasErrors(diagnostics)) return { parts: value }
  const why = diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)
  return { why: why.join(' ') || 'It could not be compiled.' }
}

async function tfjsTarget(): Promise<Subject['tfjs']> {
  const { openTfjs } = await import('../targets/tfjs.ts')
  const opened = await openTfjs()
  if (opened.backend === undefined) return { why: `TensorFlow.js does not load here: ${opened.passedOver.join(' ')}` }
  return { name: opened.backend, target: opened.target }
}

import { type Checked, checked, hasErrors, unmade } from '../base/diagnostic.ts'
import { bind } from '../bind/bind.ts'
import type { Bound, GivenByRole } from '../bind/bound.ts'
import { flatStarts } from '../compile/learn/flat-starts.ts'
import type { LossRule } from '../compile/learn/loss.ts'
import { lossOf } from '../compile/learn/losses.ts'
import { type Learned, learnedOf } from '../compile/learn/moving.ts'
import { treatmentTroubles } from '../compile/treat/troubles.ts'
import { type Unused, unusedBy } from '../compile/unused.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { LearnProgram } from '../middle/learn-program.ts'
import { defaults, type OptionsOf, ofRun, stated } from '../middle/options.ts'
import { batchSize, beginLearn, type LearnedParams, type Learning } from '../run/learn.ts'
import type { LearnParts, RunLearnOptions } from '../run/learn-parts.ts'
import type { LearnState } from '../run/learn-state.ts'
import { optionTroubles } from '../run/option-troubles.ts'
import { outOfMemory } from '../run/within-memory.ts'
import { type Backend, chooseBackend } from './backend.ts'
import { coupling, hiddenIn, perPattern, rowsAndStarts, takesRows, unlearnable } from './learn/patterns.ts'
import type { Loaded } from './load.ts'
import { learnParts } from './pipeline.ts'

export interface LearnOptions extends OptionsOf<'learn'> {
  /** Where an earlier run was, of the same model, values and options: learning goes on from there. `steps` counts from its beginning. */
  readonly resume?: LearnState
  /** How it is gone along; at a stretch. Where it leaves off, the result is what was learned so far. */
  readonly pace?: LearnPace
}

export type LearnPace = (path: Iterator<void>, learning: Pick<Learning, 'progress' | 'learned'>) => Promise<void>

export interface LearnResult extends LearnedParams, Pick<LearnProgram, 'statements' | 'gone'> {
  /** What went down. */
  readonly by: string
  /** The params that stayed as they were, and why. */
  readonly stayed: Learned['stays']
  readonly bound: Bound
  readonly backend: Pick<Backend, 'name' | 'why'>
  /** Statements of the model that this has no use for. */
  readonly unused: readonly Unused[]
}

/**
 * Learns params from patterns: goes down a loss over the params, in their unconstrained coordinates. The model is written for one
 * pattern. What is observed of states, and data with one axis more than they are declared with, are one pattern a row; everything else
 * is the same for all of them. Losses are in nats a pattern.
 */
export async function learn(loaded: Loaded, given: GivenByRole, options: LearnOptions = {}): Promise<Checked<LearnResult>> {
  const { resume, pace, ...rows } = options
  const wrong = optionTroubles('learn', rows)
  if (hasErrors(wrong)) return unmade(wrong)
  const { energy, model } = loaded
  const loss = lossOf(options.by ?? defaults.by, model.objectives.map((o) => o.name)) // biome-ignore format: one thought
  const asked = options.params ?? []
  const over = model.objectives.find((o) => o.name === options.by)?.over
  const learned = learnedOf(energy, asked.length > 0 ? asked : over)
  if (!loss.ok || !learned.ok) return unmade([...loss.diagnostics, ...learned.diagnostics])
  const { params } = learned.value
  const bound = bind(energy, rowsAndStarts(energy, given, params), takesRows(energy, params))
  if (bound.value === undefined) return unmade(bound.diagnostics)
  const { value: values } = bound
  const diagnostics = [...bound.diagnostics, ...unlearnable(energy, values, params)]
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  try {
    const done = await learnBound(loaded, { values, learned: learned.value, loss: loss.value }, options)
    return { ...done, diagnostics: [...diagnostics, ...done.diagnostics] }
  } catch (error) {
    return unmade([...diagnostics, ...outOfMemory(error, values.sizes)])
  }
}

interface SettledLearning {
  readonly values: Bound
  readonly learned: Learned
  readonly loss: LossRule
}

async function learnBound(
  { energy, model }: Loaded,
  { values, learned, loss }: SettledLearning,
  { resume, pace = atOnce, ...options }: LearnOptions,
): Promise<Checked<LearnResult>> {
  const { params, stays } = learned
  const situation = hiddenIn(energy, params, values, options)
  const diagnostics = [...treatmentTroubles(energy, situation), ...coupling(energy, situation)]
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  const parts = learnParts(energy, { loss, params, perPattern: perPattern(energy, values), situation })
  diagnostics.push(...parts.diagnostics)
  if (parts.value === undefined) return unmade(diagnostics)
  const { learn: program } = parts.value
  const backend = await backendFor(parts.value, values, options)
  const begun = beginLearn(parts.value, backend.target, values, ofRun<RunLearnOptions>('learn', stated(options)), resume)
  diagnostics.push(...backend.diagnostics, ...begun.diagnostics)
  if (begun.value === undefined) return unmade(diagnostics)
  const { start, path } = begun.value
  const told = new Set([...Object.keys(values.observed), ...Object.keys(values.values)])
  if (resume === undefined)
    diagnostics.push(...flatStarts(energy, told, program.params, { sizes: madeSizes(program.axes, values.sizes), coordinates: start }))
  await pace(path, begun.value)
  const by = options.by ?? defaults.by
  const { statements, gone } = program
  const unused = [
    ...unusedBy([{ uses: ['objective'] }], model),
    ...unusedBy([{ uses: ['flow', 'write', 'forget'] }], model).filter((o) => o.name !== by),
  ]
  const { name, why } = backend
  return checked(
    { ...begun.value.learned(), by, stayed: stays, statements, gone, bound: values, backend: { name, why }, unused },
    diagnostics,
  )
}

/** Loops, as WebAssembly where that is faster at these sizes. */
function backendFor({ learn }: LearnParts, values: Bound, options: LearnOptions): Promise<Backend> {
  const sizes = { ...madeSizes(learn.axes, values.sizes), [learn.patterns]: batchSize(values, options) }
  return chooseBackend('auto', { known: sizes, main: { graph: learn.graph, sizes } })
}

const atOnce: LearnPace = async (path) => {
  while (!path.next().done);
}

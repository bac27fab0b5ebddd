import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import type { Tensor } from '../base/tensor.ts'
import type { Bound } from '../bind/bound.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Target } from '../middle/executable.ts'
import { defaults } from '../middle/options.ts'
import { unstartable } from './chain-starts.ts'
import type { DrawnParams } from './complete.ts'
import { type Descent, descents } from './descents.ts'
import type { LearnParts, RunLearnOptions } from './learn-parts.ts'
import { type LearnScene, openLearnScene } from './learn-scene.ts'
import type { LearnOutcome, LearnState, LearnTrace } from './learn-state.ts'
import { beginRun } from './run.ts'

/** What was learned, as far as it is. */
export interface LearnedParams {
  readonly params: Readonly<Record<string, Tensor>>
  readonly outcome: LearnOutcome
  /** Steps that were taken, and all that were asked for. */
  readonly steps: number
  readonly of: number
  readonly patterns: number
  readonly batch: number
  readonly trace: LearnTrace
  readonly drawn: DrawnParams
  readonly temperature: number
  readonly state: LearnState
}

export interface Learning {
  /** Goes one step at a time, to its end. */
  readonly path: Iterator<void>
  /** Where the params start, in their coordinates. */
  readonly start: ReadonlyMap<string, Float64Array>
  progress(): { readonly step: number; readonly steps: number; readonly loss: number }
  learned(): LearnedParams
}

/** `size`: patterns in one step. */
export function beginLearn(
  parts: LearnParts,
  target: Target,
  given: Bound,
  options: RunLearnOptions,
  from?: LearnState,
): Checked<Learning> {
  const { learn } = parts
  const size = batchSize(given, options)
  const wrong = [
    ...besideQuasiNewton(options, size < given.count, from),
    ...besideChains(learn, given, options),
    ...(options.chainsFrom === 'start' ? unstartable(learn) : []),
  ]
  if (hasErrors(wrong)) return unmade(wrong)
  const sizes = { ...madeSizes(learn.axes, given.sizes), [learn.patterns]: size }
  const begun = beginRun(parts, learn.fixed, { target, bound: { ...given, sizes }, draw: drawPrior }, options)
  if (begun.value === undefined) return unmade(begun.diagnostics)
  return checked(learning(openLearnScene(begun.value, size, options), options, from), begun.diagnostics)
}

export function batchSize({ count }: Pick<Bound, 'count'>, { batch }: Pick<RunLearnOptions, 'batch'>): number {
  return Math.min(batch ?? count, count)
}

function besideQuasiNewton({ optimiser }: RunLearnOptions, partial: boolean, from: LearnState | undefined): readonly Diagnostic[] {
  if (optimiser !== 'quasi-newton') return []
  const leaveOut = 'Leave out --optimiser quasi-newton, or'
  if (partial) {
    const why = 'Quasi-Newton steps search along a line, so they need the same patterns at every point of it.'
    return [diagnostic('AMP634', why, { hint: `${leaveOut} --batch.` })]
  }
  if (from === undefined) return []
  const why = 'A run of quasi-Newton steps cannot be resumed: what it learned of the curvature is not kept.'
  return [diagnostic('AMP634', why, { hint: `${leaveOut} begin anew from what was learned: --param FILE.` })]
}

/** Chains bring new draws at every step, and those that persist go with no pattern. */
function besideChains(
  { negative, noise, given: own }: LearnParts['learn'],
  { observed }: Bound,
  { optimiser }: RunLearnOptions,
): readonly Diagnostic[] {
  if (negative === undefined && noise.length === 0) return []
  if (optimiser === 'quasi-newton') {
    const why = 'Quasi-Newton steps search along a line, and draws are new at every step.'
    return [diagnostic('AMP634', why, { hint: 'Leave out --optimiser quasi-newton.' })]
  }
  const data = own.find((v) => v.role === 'data' && (observed[v.name]?.count ?? 1) > 1)
  if (negative?.persists !== true || data === undefined) return []
  const why = `"${data.name}" differs from pattern to pattern, and chains that persist go with no pattern.`
  return [diagnostic('AMP634', why, { span: data.span, hint: 'Use --by cd, whose chains start from the patterns.' })]
}

function learning(scene: LearnScene, options: RunLearnOptions, from: LearnState | undefined): Learning {
  const { run, batches } = scene
  const { count } = run.bound
  const { epochs, steps: asked = defaults.steps, optimiser = defaults.optimiser } = options
  const steps = epochs === undefined ? asked : Math.ceil((epochs * count) / batches.size)
  const trace = { loss: new Float64Array(steps), rate: new Float64Array(steps), slope: new Float64Array(steps) }
  const descent = descents[optimiser](scene, { ...options, steps })
  const first = Math.min(from?.step ?? 0, steps)
  if (from !== undefined) {
    for (const [name, buffer] of scene.coordinates) buffer.set(from.coordinates[name] ?? buffer)
    for (const [name, buffer] of Object.entries(descent.memory)) buffer.set(from.memory[name] ?? buffer)
    for (const what of ['loss', 'rate', 'slope'] as const) trace[what].set(from.trace[what].subarray(0, first))
  }
  let step = first
  let outcome: LearnOutcome | undefined
  function* path(): Generator<void, void, void> {
    while (step < steps) {
      const ended = descent.step(step, trace)
      if (ended !== undefined) {
        outcome = ended
        return
      }
      step += 1
      yield
    }
    outcome = { kind: 'steps done', sentence: 'All steps were taken.' }
  }
  return {
    start: new Map([...scene.coordinates].map(([name, x]) => [name, x.slice()])),
    path: path(),
    progress: () => ({ step, steps, loss: trace.loss[step - 1] ?? Number.NaN }),
    learned() {
      scene.look()
      const shown = { loss: trace.loss.slice(0, step), rate: trace.rate.slice(0, step), slope: trace.slope.slice(0, step) }
      return {
        params: scene.values(),
        outcome: outcome ?? { kind: 'stopped', sentence: 'Learning was stopped before its last step.' },
        ...{ steps: step, of: steps, patterns: count, batch: batches.size, trace: shown },
        ...{ drawn: run.drawn, temperature: run.temperature },
        state: stateOf(scene, descent, step, shown),
      }
    },
  }
}

function stateOf({ coordinates }: LearnScene, { memory }: Descent, step: number, trace: LearnTrace): LearnState {
  const copied = (buffers: Iterable<readonly [string, Float64Array]>): Readonly<Record<string, Float64Array>> =>
    Object.fromEntries([...buffers].map(([name, data]) => [name, data.slice()]))
  return { step, coordinates: copied(coordinates), memory: copied(Object.entries(memory)), trace }
}

import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { fold } from '../base/random.ts'
import type { Bound } from '../bind/bound.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import type { Check } from '../middle/check.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { EnergyAxis, EnergyVariable } from '../middle/energy.ts'
import type { Target } from '../middle/executable.ts'
import { defaults } from '../middle/options.ts'
import type { Default, PriorDraw, ReportedLet } from '../middle/parts.ts'
import type { AncestralProgram } from '../middle/program.ts'
import { ancestralWorkbench } from './ancestral.ts'
import { derivedOf } from './derived.ts'
/** How to draw a model's states and data in order, and what is needed to give the rest values. */
import { optionTroubles } from './option-troubles.ts'
import { beginRun } from './run.ts'
import { gathering, type PreparedSample, summarised } from './sample.ts'
import type { RunSampleOptions } from './sampling.ts'
import { tooManyDraws } from './within-memory.ts'

export interface PriorParts {
  readonly program: AncestralProgram
  readonly axes: readonly EnergyAxis[]
  /** What is read and not drawn. */
  readonly fixed: readonly EnergyVariable[]
  readonly defaults: readonly Default[]
  readonly priors: readonly PriorDraw[]
  readonly reports: readonly ReportedLet[]
  /** What is looked at in the values that are given. */
  readonly checks: readonly Check[]
  /** Whether the model says a temperature. */
  readonly tempered: boolean
  /** What is drawn although it is data: reported as `NAME_rep`. */
  readonly data: readonly string[]
}

/** Draws of everything before any data were seen. Data that are given only say how large the axes are. */
export function preparePrior(parts: PriorParts, target: Target, given: Bound, options: RunSampleOptions): Checked<PreparedSample> {
  const wrong = optionTroubles('sample', options, ['run'])
  if (hasErrors(wrong)) return unmade(wrong)
  const bound = { ...given, sizes: madeSizes(parts.axes, given.sizes) }
  const diagnostics: Diagnostic[] = [
    ...misfits(parts, bound, options),
    ...tooManyDraws([...parts.program.draws, ...parts.reports], bound.sizes, options),
  ]
  const { value: run, diagnostics: found } = beginRun(parts, parts.fixed, { target, bound, draw: drawPrior }, options)
  diagnostics.push(...found)
  if (run === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  const workbench = ancestralWorkbench(run, parts.program, fold(run.key, 'prior'))
  const elements = new Set(parts.program.draws.filter((d) => d.type.kind === 'element').map((d) => d.name))
  const derived = derivedOf(run, { reports: parts.reports }, { there: workbench.variables, elements })
  const data = new Set(parts.data)
  const variables = workbench.variables.map((v) => (data.has(v.name) ? { ...v, name: `${v.name}_rep` } : v))
  const gather: PreparedSample['gather'] = (chains) =>
    gathering({ sampler: 'exact', exact: [] }, { responsibilities: [], eliminated: [] }, [...variables, ...derived.variables], chains, run)
  const value: PreparedSample = {
    sampler: 'exact',
    open: workbench.open,
    openTails: workbench.openTails,
    generate(chain) {
      const { draws } = workbench.generate(chain)
      return { draws: derived.widen(draws, chain.first), sums: [], outcome: chain.outcome, tuning: chain.tuning, state: chain.state }
    },
    finish: (chains) => summarised(gather(chains), options),
    gather,
  }
  return checked(value, diagnostics)
}

function misfits(
  { tempered }: PriorParts,
  bound: Bound,
  { temperature, sampler = defaults.sampler }: RunSampleOptions,
): readonly Diagnostic[] {
  const [observed] = Object.keys(bound.observed)
  const refuse = (why: string): Diagnostic =>
    diagnostic('AMP714', `Draws from the prior are exact draws of everything at temperature 1: ${why}.`)
  return [
    ...(observed === undefined ? [] : [refuse(`leave out --observed ${observed}`)]),
    ...(temperature === undefined && tempered ? [refuse('the model says another, so give --temperature 1')] : []),
    ...(temperature === undefined || temperature === 1 ? [] : [refuse('leave out --temperature')]),
    ...(sampler === 'auto' || sampler === 'exact' ? [] : [refuse(`leave out --sampler ${sampler}`)]),
  ]
}

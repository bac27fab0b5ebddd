import { must } from '../base/internal-error.ts'
import { familyPart } from '../inference/fit/family-part.ts'
import { gaussianPart } from '../inference/fit/gaussian-part.ts'
import { levelPart } from '../inference/fit/level-part.ts'
import type { FitBuffers, FitPart } from '../inference/fit/part.ts'
import type { LevelShares } from '../inference/fit/shares.ts'
import { volumeOver } from '../ir/layout.ts'
import type { FitBlock, FitProgram } from '../middle/fit-program.ts'
import { open } from '../middle/open.ts'
import type { OptionsOf } from '../middle/options.ts'
import * as ports from '../middle/ports.ts'
import type { SamplingState } from '../middle/program.ts'
import type { Presets } from './complete.ts'
import type { Run } from './run.ts'
import type { StartParts } from './start.ts'

/** A program to fit with all that gives it values. */
export interface FitParts extends Omit<Presets, 'startDraws'>, StartParts {
  readonly fit: FitProgram
  readonly program: { readonly states: readonly SamplingState[]; readonly discrete: readonly [] }
}

export type RunFitOptions = OptionsOf<'fit', 'run'>

/** All that ascent works in. */
export interface FitScene {
  readonly run: Run<FitParts>
  readonly parts: readonly FitPart[]
  /** Those of them that take elements of random axes. */
  readonly pickers: readonly LevelShares[]
  readonly buffers: FitBuffers
  elbo(): number
  /** E/T at the values that are there. */
  energy(): number
}

export function openFit(run: Run<FitParts>): FitScene {
  const { fit, program } = run.parts
  const { sizes } = run
  const values = new Map(program.states.map((s) => [s.name, new Float64Array(volumeOver(s.axes, sizes))]))
  const means = new Map(run.fixed)
  for (const block of fit.blocks) for (const { port, axes } of meansOf(block)) means.set(port, new Float64Array(volumeOver(axes, sizes)))
  const buffers = { means, values }
  const shared = new Set(fit.shared.axes.flatMap((s) => s.pickers))
  const pickers: LevelShares[] = []
  const parts = fit.blocks.map((block) => {
    if (block.kind === 'family') return familyPart(block, run, buffers)
    if (block.kind === 'gaussian') return gaussianPart(block, run, buffers)
    const part = levelPart(block, run, buffers)
    if (shared.has(block.name)) pickers.push(part)
    return part
  })
  const expected = open(run, fit.mean, means)
  const exact = open(run, fit.exact, new Map([...run.fixed, ...values]))
  const scale = 1 / run.temperature
  return {
    ...{ run, parts, pickers, buffers },
    elbo() {
      expected.run()
      const energy = must(expected.outputs.get(ports.energy), 'energy')[0] as number
      return parts.reduce((sum, p) => sum + p.entropy(), -energy * scale)
    },
    energy() {
      exact.run()
      return (must(exact.outputs.get(ports.energy), 'energy')[0] as number) * scale
    },
  }
}

/** The means under q of a block, by the input that each is. */
export function meansOf(block: FitBlock): readonly { readonly port: string; readonly axes: readonly string[] }[] {
  if (block.kind === 'family') return block.statistics.map(({ port }) => ({ port, axes: block.axes }))
  if (block.kind === 'levels') return [{ port: block.name, axes: block.over }]
  return [...block.draw.variables.map((v) => ({ port: v.name, axes: v.axes })), ...block.covariances]
}

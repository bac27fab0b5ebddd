import { Stream } from '../base/random.ts'
import type { LogDensity } from '../inference/density/density.ts'
import { count } from '../inference/density/program-density.ts'
import { formDraws } from '../inference/draws/conditional-form.ts'
import type { Block } from '../inference/samplers/block.ts'
import { conditionalSampler } from '../inference/samplers/conditional-sampler.ts'
import { type ConditionalDraw, drawnBy } from '../middle/conditional-draw.ts'
import { drawnValues, type ExactRun, type ValueSetting } from './drawn-values.ts'
import type { Run } from './run.ts'
import type { SamplingParts } from './sampling.ts'

/** What a block of exact draws is opened with, besides the run. */
export interface ExactSetting extends ValueSetting {
  readonly draws: readonly ConditionalDraw[]
  readonly density: LogDensity
  readonly initial: Parameters<typeof conditionalSampler>[0]['initial']
}

/** Draws in turn of variables from their conditional forms, as a block of a schedule. */
export function exactBlock(run: ExactRun, { draws, density, initial, ...setting }: ExactSetting): Block {
  const { known, states, show } = drawnValues(run, draws.flatMap(drawnBy), setting)
  const stays = new Map(states.flatMap((s) => (s.held.includes(1) ? [[s.name, s.held] as const] : [])))
  const forms = draws.map((draw) => formDraws(draw, run, known, stays))
  return conditionalSampler({ draws: forms, states, coordinates: setting.coordinates, density, show, initial })
}

/** Whether there is a density to draw from at all: of draws that depend on nothing that moves. */
export function isDrawable(run: Run<SamplingParts>, draw: ConditionalDraw): boolean {
  const known = new Map(run.fixed)
  for (const { name, axes } of run.parts.program.states) known.set(name, new Float64Array(count(axes, run.sizes)))
  return formDraws(draw, run, known).draw(new Stream(run.key)) === undefined
}

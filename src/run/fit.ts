import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Bound } from '../bind/bound.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Target } from '../middle/executable.ts'
import { type FitProgram, namesIn } from '../middle/fit-program.ts'
import { defaults } from '../middle/options.ts'
import { climb, type FitStart, restore } from './fit-climb.ts'
import { elementsOf } from './fit-elements.ts'
import { told } from './fit-results.ts'
import { type FitParts, openFit, type RunFitOptions } from './fit-scene.ts'
import type { Fitted } from './fitted.ts'
import { beginRun } from './run.ts'

export type { FittedElements } from './fit-elements.ts'
export type { FitParts, RunFitOptions } from './fit-scene.ts'
export type { FitMethod, Fitted, FittedBlock } from './fitted.ts'

export function runFit(parts: FitParts, target: Target, given: Bound, options: RunFitOptions): Checked<Fitted> {
  const { fit } = parts
  const bound = { ...given, sizes: madeSizes(fit.axes, given.sizes) }
  const troubles = observedInPart(bound, fit)
  if (hasErrors(troubles)) return unmade(troubles)
  const { value: run, diagnostics } = beginRun(parts, fit.fixed, { target, bound, draw: drawPrior }, options)
  if (run === undefined) return unmade(diagnostics)
  const scene = openFit(run)
  const { starts = defaults.starts } = options
  let best: FitStart | undefined
  const all: number[] = []
  for (let i = 0; i < starts; i += 1) {
    const start = climb(scene, i, options)
    all.push(start.elbo)
    if (best === undefined || start.elbo > best.elbo || Number.isNaN(best.elbo)) best = start
  }
  const found = must(best, 'start')
  if (starts > 1) restore(scene, found)
  const results = told(scene, options)
  const elements = elementsOf(scene, results.draws)
  const own = { method: 'ascent', elements, elbo: found.elbo, elboError: 0, start: found.number, starts: all } as const
  return checked({ ...found.ascent, ...results, ...own }, diagnostics)
}

function observedInPart({ observed, count }: Bound, { blocks }: FitProgram): readonly Diagnostic[] {
  const moving = new Set(blocks.flatMap(namesIn))
  const parts = Object.keys(observed).filter((name) => moving.has(name))
  const troubles = parts.map((name) =>
    diagnostic('AMP511', `Some elements of "${name}" are observed and some are not.`, {
      expected: `all of "${name}" or nothing, since a block of q is of whole variables`,
    }),
  )
  if (count > 1)
    troubles.push(diagnostic('AMP508', `There are ${count} observations, and a fit is of one.`, { expected: 'one observation' }))
  return troubles
}

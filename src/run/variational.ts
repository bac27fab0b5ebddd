import { type Checked, checked, type Diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { fold, Stream } from '../base/random.ts'
import type { Bound } from '../bind/bound.ts'
import { initialPoint } from '../inference/chains/initial.ts'
import { mean, pooled, variance } from '../inference/diagnostics/moments.ts'
import { columnNames, seriesAt } from '../inference/draws/draws.ts'
import { gathered } from '../inference/draws/generated.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import { byImportance, distanceOf, gapsOf, type NormalDraws, normalColumns, normalDraws } from '../inference/variational/normal-draws.ts'
import type { Sizes } from '../ir/graph.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Target } from '../middle/executable.ts'
import { defaults } from '../middle/options.ts'
import { chainStart } from './chain-start.ts'
import { derivedOf } from './derived.ts'
import { type BlackBoxMethod, blackBox, type FoundNormal } from './fit-methods.ts'
import type { RunFitOptions } from './fit-scene.ts'
import type { Fitted } from './fitted.ts'
import { fittedRow } from './fitted-row.ts'
import { oneObservation } from './one-observation.ts'
import { beginRun, type Run } from './run.ts'
import type { SamplingParts } from './sampling.ts'
import type { StateTail } from './states-tails.ts'
import { unusedCues } from './unused-cues.ts'
import { type MarkovWorkbench, markovWorkbench } from './workbench.ts'

/**
 * A normal density of the unconstrained coordinates of everything continuous, fitted to exp(-E/T) by its gradients alone. What is
 * discrete has been summed out of the program, and is drawn given the rest. `improper`: what is to be said where the density has no
 * finite integral along coordinates.
 */
export function runVariational(
  parts: SamplingParts,
  target: Target,
  given: Bound,
  method: BlackBoxMethod,
  options: RunFitOptions,
  improper: (tails: readonly StateTail[], sizes: Sizes) => readonly Diagnostic[],
): Checked<Fitted> {
  const { program } = parts
  const bound = { ...given, sizes: madeSizes(program.axes, given.sizes) }
  const before: readonly Diagnostic[] = [...oneObservation(bound), ...unusedCues(bound, program)]
  if (hasErrors(before)) return unmade(before)
  const { value: run, diagnostics: found } = beginRun(parts, program.fixed, { target, bound, draw: drawPrior }, options)
  const diagnostics = [...before, ...found]
  if (run === undefined) return unmade(diagnostics)
  chainStart(run, 0, diagnostics)
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  const workbench = markovWorkbench(run, { kind: 'blocks', blocks: [] })
  diagnostics.push(...improper(workbench.openTails(), bound.sizes))
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  const { starts = defaults.starts } = options
  const all = Array.from({ length: starts }, (_, number) => fitFrom(workbench, run, method, number, options))
  const best = all.reduce((a, b) => (b.elbo > a.elbo || Number.isNaN(a.elbo) ? b : a))
  const pool = blackBox[method].pools ? all.map((s) => s.drawn) : [best.drawn]
  const draws = pool.length > 1 ? byImportance(pool, fold(run.key, 'by importance')) : best.drawn
  const result = { ...told(run, workbench, method, best, draws), ...distanceOf(gapsOf(...pool)), starts: all.map((s) => s.elbo) }
  return checked(result, diagnostics)
}

interface NormalStart extends FoundNormal {
  readonly number: number
  readonly elbo: number
  readonly elboError: number
  readonly drawn: NormalDraws
}

function fitFrom(
  workbench: MarkovWorkbench,
  { key: whole }: Run<SamplingParts>,
  method: BlackBoxMethod,
  number: number,
  options: RunFitOptions,
): NormalStart {
  const { density, initial } = workbench.target(number)
  const key = fold(fold(whole, 'fit'), number)
  const from = initialPoint(density, new Stream(fold(key, 'start')), initial)
  const found: FoundNormal =
    from.kind === 'failed' ? { trace: [], outcome: from } : blackBox[method].find({ density, from: from.q, key, options })
  const { draws: count = defaults.draws } = options
  const drawn = normalDraws(found.normal, density, count, fold(key, 'draws of q'))
  const gaps = gapsOf(drawn)
  const elbo = gaps.length === 0 ? Number.NaN : mean(gaps)
  return { ...found, number, drawn, elbo, elboError: Math.sqrt(variance(gaps) / gaps.length) }
}

function told(
  run: Run<SamplingParts>,
  workbench: MarkovWorkbench,
  method: BlackBoxMethod,
  best: NormalStart,
  drawn: NormalDraws,
): Omit<Fitted, 'starts' | 'khat' | 'spread'> {
  const { parts, bound, drawn: params, temperature } = run
  const { program } = parts
  const { dimension, count, points, logs } = drawn
  const { trace, outcome, logEvidence, number, elbo, elboError } = best
  const chain = { chain: 0, dimension, first: 0, count, draws: points, columns: normalColumns, statistics: logs }
  const { sums, draws: plain } = workbench.generate({
    ...chain,
    warmupCount: 0,
    tuning: {},
    outcome: { kind: 'finished' },
    state: undefined,
  })
  const elements = new Set([...program.states, ...program.responsibilities].filter((s) => s.type.kind === 'element').map((s) => s.name))
  const derived = derivedOf(run, parts, { there: workbench.variables, elements })
  const variables = [...workbench.variables, ...derived.variables]
  const { draws, responsibilities } = gathered(program, variables, [{ draws: derived.widen(plain, 0), sums }])
  const known = new Set(
    variables.flatMap(({ name, shape }) =>
      columnNames(name, shape).filter((_, i) => Number.isFinite(bound.observed[name]?.data[i] ?? Number.NaN)),
    ),
  )
  const levels = new Map(program.responsibilities.map((r) => [r.name, r.level]))
  return {
    ...{ method, outcome, trace, elbo, elboError, draws, temperature },
    ...(logEvidence === undefined ? {} : { logEvidence }),
    blocks: [{ names: program.states.map((s) => s.name), density: blackBox[method].density }],
    gone: [...program.responsibilities, ...program.eliminated].map((v) => v.name),
    summary: draws.names.flatMap((name, i) => (known.has(name) ? [] : [fittedRow(name, pooled(seriesAt(draws, i)))])),
    responsibilities: responsibilities.map((r) => ({ ...r, level: must(levels.get(r.name), r.name) })),
    elements: [],
    start: number,
    drawn: params,
  }
}

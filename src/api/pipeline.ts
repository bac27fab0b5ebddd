import { andThen, type Checked, checked, hasErrors, made, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { SourceFile } from '../base/source.ts'
import { checksFor } from '../compile/checks/choose.ts'
import { exactDraws, oneExactDraw } from '../compile/conditionals/exact.ts'
import { defaultsOf } from '../compile/defaults.ts'
import { readEnergy } from '../compile/evaluation.ts'
import { readFit } from '../compile/fit.ts'
import { innerProgram } from '../compile/inner.ts'
import { inversesOf } from '../compile/inverse.ts'
import { jointModes } from '../compile/joint-modes.ts'
import { type LearnAsked, readLearn } from '../compile/learn.ts'
import { lower } from '../compile/lower.ts'
import { nearMemories } from '../compile/memory-rows.ts'
import { midpointsOf } from '../compile/midpoints.ts'
import { onlyOutputs } from '../compile/outputs.ts'
import { type PartitionMeans, partitionProgram } from '../compile/partitions/program.ts'
import { priorDrawsOf, startDrawsOf } from '../compile/prior-draws.ts'
import { openRandomAxes } from '../compile/random/open.ts'
import { reportsOf, reportsOfEnds } from '../compile/reports.ts'
import { readRetrieval, unmovable } from '../compile/retrieval.ts'
import { readSampling, stepsOf } from '../compile/sampling.ts'
import { readSimulation } from '../compile/simulation.ts'
import { temperatureOf } from '../compile/temperature.ts'
import { besideJumps, readInside } from '../compile/treat/inner.ts'
import { treat } from '../compile/treat.ts'
import { analyse } from '../dsl/analyse.ts'
import type { Energy } from '../middle/energy.ts'
import { namesIn, type Sharing } from '../middle/fit-program.ts'
import type { Model } from '../middle/model.ts'
import type { PartitionProgram } from '../middle/partition-program.ts'
import * as ports from '../middle/ports.ts'
import type { AncestralProgram, EnergyProgram, RetrievalProgram, SamplingProgram, SamplingState } from '../middle/program.ts'
import type { RandomAxis } from '../middle/random-axis.ts'
import { type Situation, situationOf, statesOf } from '../middle/situation.ts'
import type { EnergyParts } from '../run/energy.ts'
import type { FitParts } from '../run/fit.ts'
import type { InnerParts } from '../run/inner-parts.ts'
import type { LearnParts } from '../run/learn-parts.ts'
import type { RetrievalParts } from '../run/retrieval.ts'
import type { SamplingParts } from '../run/sampling.ts'
import type { SimulationParts } from '../run/simulation/field.ts'
import { predictiveOf } from './predictive.ts'

/**
 * The whole way from text to what runs, phase by phase; the library, modules, `amp show` and `amp verify` all go it. Each phase
 * gives a value and diagnostics, and errors end it. What comes after is `src/run`: values in, an executable, results.
 *
 *     text -> model -> energy -> variables treated -> program -> parts -> executable
 */

/** Read and checked; every name and axis known. */
export const modelFrom = (source: SourceFile): Checked<Model> => analyse(source)

/** Lowered, once: E as a graph of terms, and beside it every expression that a later phase needs; random axes opened. */
export const energyFrom = (model: Model): Checked<Energy> => andThen(lower(model), (energy) => made(openRandomAxes(energy)))

/** Variables treated as asked, and discrete states summed out where they factorise; then E, its gradient and curvature over what moves. */
export function retrievalFrom(energy: Energy, situation: Situation = situationOf(energy)): Checked<RetrievalProgram> {
  return andThen(retrievable(energy, situation), (e) => readRetrieval(e, situation, jointModes(energy, e, situation)))
}

/** Treated as asked, where all that is left can move. */
function retrievable(energy: Energy, situation: Situation): Checked<Energy> {
  const stuck = unmovable(energy, situation)
  const treated = treat(energy, situation)
  return stuck.length === 0 ? treated : unmade([...stuck, ...treated.diagnostics])
}

/** The same for draws: E/T and its gradient over unconstrained coordinates, with the Jacobian. */
export function samplingFrom(
  energy: Energy,
  situation: Situation = situationOf(energy),
  { last }: WantedDraws = {},
): Checked<SamplingProgram> {
  return andThen(treat(energy, situation), (e) => readSampling(e, situation, last !== undefined))
}

/** A retrieval with all that gives it values: plain data, to run here or in a module. */
export function retrievalParts(
  energy: Energy,
  situation: Situation = situationOf(energy),
  report: readonly string[] = [],
): Checked<RetrievalParts> {
  return andThen(retrievable(energy, situation), (treated) =>
    andThen(readRetrieval(treated, situation, jointModes(energy, treated, situation)), (program) =>
      andThen(reportsOfEnds(energy, report, situation, program.responsibilities), (reports) =>
        andThen(innerIn(energy, treated, situation, program), (inner) =>
          made({ program, ...presets(energy, situation, program), ...inner, reports }),
        ),
      ),
    ),
  )
}

/** The same of draws, with what is reported of each. */
export function samplingParts(
  energy: Energy,
  situation: Situation = situationOf(energy),
  wanted: WantedDraws = {},
): Checked<SamplingParts> {
  const { report = [], predict = [], last, exact = 'none' } = wanted
  const treated = treat(energy, situation)
  const program = andThen(treated, (e) => readSampling(e, situation, last !== undefined))
  const [reports, predictive] = [reportsOf(energy, report, situation), predictiveOf(energy, predict, situation)]
  const inner = treated.ok && program.ok ? innerIn(energy, treated.value, situation, program.value) : made({})
  const diagnostics = [program, reports, predictive, inner].flatMap((c) => c.diagnostics)
  if (!program.ok || !reports.ok || !predictive.ok || !inner.ok) return unmade(diagnostics)
  const more = { ...(last && { last }), ...(predictive.value && { predictive: predictive.value }) }
  const shared = partitionsIn(must(treated.value, 'energy'), situation, wanted)
  if (shared.value === undefined) return unmade([...diagnostics, ...shared.diagnostics])
  const draws = exactIn(must(treated.value, 'energy'), program.value, exact, shared.value)
  const near = nearMemories(program.value.fixed, program.value.states)
  const parts = { program: program.value, steps: stepsOf(program.value), ...presets(energy, situation, program.value), near }
  return checked({ ...parts, ...draws, ...inner.value, reports: reports.value, ...more }, diagnostics)
}

/** E at given values: discrete states summed out where they factorise, all others inputs. Nothing moves, so nothing is in its way. */
export function energyParts(energy: Energy, situation: Situation = situationOf(energy)): Checked<EnergyParts> {
  return andThen(treat(energy, situation), (e) => {
    const program = readEnergy(e, situation)
    return andThen(innerIn(energy, e, situation, program), (inner) =>
      made({
        program,
        ...defaultsOf(energy, situation),
        ...temperatureOf(energy),
        priors: priorDrawsOf(energy, situation),
        checks: checksFor(energy, situation),
        ...inner,
      }),
    )
  })
}

/** How a model moves in time, with what says where it starts. */
export function simulationParts(energy: Energy, report?: readonly string[]): Checked<SimulationParts> {
  const states = statesOf(energy)
  const lets = report?.filter((name) => !states.has(name))
  return andThen(readSimulation(energy, lets), (program) => {
    // Nothing is to be found: states start where they are given, else where their defaults and starts say.
    const still = { ...situationOf(energy), moving: new Set<string>() }
    const { defaults } = defaultsOf(energy, still)
    const checks = checksFor(energy, situationOf(energy))
    const shown = report === undefined ? {} : { shown: report }
    return made({ program, defaults, priors: priorDrawsOf(energy, still), checks, ...temperatureOf(energy), ...shown })
  })
}

/** What is minimised inside by a loop, if anything is, with what says where it starts. */
function innerIn(
  energy: Energy,
  treated: Energy,
  situation: Situation,
  outer: RetrievalProgram | SamplingProgram | EnergyProgram,
): Checked<{ readonly inner?: InnerParts }> {
  if (treated.inner.length === 0) return made({})
  const jumping = outer.kind === 'energy' ? [] : outer.discrete.map((d) => d.name)
  const stuck = besideJumps(treated, jumping)
  if (stuck.length > 0) return unmade(stuck)
  return andThen(innerProgram(treated, situation, outer.graph), ({ program, outside }) => {
    const { starts } = defaultsOf(energy, situation)
    const [inverses, midpoints] = [inversesOf(energy, program.states), midpointsOf(energy, program.states)]
    return made({ inner: { program, outside, starts, startDraws: startDrawsOf(energy, situation), inverses, midpoints } })
  })
}

/** Variational inference by coordinate ascent: the mean of E under a product of conditional forms, and where it starts. */
export function fitParts(
  energy: Energy,
  situation: Situation = situationOf(energy),
  shared: Sharing = { axes: [], grows: false },
): Checked<FitParts> {
  return andThen(readFit(energy, situation, shared), (fit) => {
    const moving = fit.blocks.flatMap(namesIn)
    const states = energy.variables.flatMap(({ name, axes, type }) => (moving.includes(name) ? [{ name, axes, type, coordinateAxes: axes }] : [])) // biome-ignore format: one thought
    return made({ fit, program: { states, discrete: [] }, ...valuesAndStarts(energy, situation, states), inverses: [] })
  })
}

/** Learning: the loss of a batch of patterns, and where what moves starts: by a value, a default or `from`, else by a draw of its prior. */
export function learnParts(energy: Energy, asked: LearnAsked): Checked<LearnParts> {
  return andThen(readLearn(energy, asked), (learn) => {
    const names = asked.params.map((v) => v.name)
    const moving = { ...asked.situation, moving: new Set([...asked.situation.moving, ...names]) }
    const whole = valuesAndStarts(energy, moving, learn.params)
    const said = new Set([...whole.starts, ...whole.startDraws].map((d) => d.name))
    const priors = priorDrawsOf(energy, asked.situation).filter((d) => names.includes(d.name) && !said.has(d.name) && !('reason' in d))
    const program = { states: learn.params, discrete: [] as const }
    return made({ learn, program, ...whole, startDraws: [...whole.startDraws, ...priors], inverses: inversesOf(energy, learn.params) })
  })
}

/** What is wanted of draws besides what moves. `last`: what is drawn given everything else. */
export interface WantedDraws {
  readonly report?: readonly string[] | undefined
  readonly predict?: readonly string[] | undefined
  readonly last?: AncestralProgram | undefined
  /** Draws from conditional forms: all, those alone that are of everything that moves at once, or none. */
  readonly exact?: 'all' | 'at once' | 'none'
  /** Random axes that are opened in the energy, whose elements are to be shared out; and how. */
  readonly random?: readonly RandomAxis[]
  readonly partitions?: PartitionMeans | undefined
}

/** How the elements of random axes are shared out. */
function partitionsIn(
  energy: Energy,
  situation: Situation,
  { random = [], partitions = 'auto' }: WantedDraws,
): Checked<readonly PartitionProgram[]> {
  const all = random.map((axis) => partitionProgram(energy, random, axis, { situation, means: partitions }))
  const diagnostics = all.flatMap((p) => p.diagnostics)
  return hasErrors(diagnostics)
    ? unmade(diagnostics)
    : checked(
        all.flatMap((p) => p.value ?? []),
        diagnostics,
      )
}

function exactIn(
  energy: Energy,
  { graph, states, discrete }: SamplingProgram,
  wanted: NonNullable<WantedDraws['exact']>,
  partitions: readonly PartitionProgram[],
): Pick<SamplingParts, 'exact' | 'values' | 'partitions'> {
  // The form given what is minimised inside is not that of the profile; what is drawn with a partition is drawn there.
  const apart = new Set([...readInside(energy), ...partitions.flatMap((p) => p.moves)])
  const moving = energy.variables.filter((v) => states.some((s) => s.name === v.name) && !apart.has(v.name))
  const one = wanted === 'at once' && discrete.length === 0 && moving.length === states.length ? oneExactDraw(energy, moving) : undefined
  const all = wanted === 'all' || (wanted === 'at once' && partitions.length > 0)
  const exact = all ? exactDraws(energy, moving) : one === undefined ? [] : [one]
  if (exact.length + partitions.length === 0) return { exact }
  const more = partitions.length === 0 ? {} : { partitions }
  return { exact, ...more, values: onlyOutputs(graph, new Map(states.map(({ name }) => [ports.value(name), ports.value(name)]))) }
}

/** What says what is not given, and what looks at what is. */
function presets(energy: Energy, situation: Situation, { states }: RetrievalProgram | SamplingProgram) {
  return { ...valuesAndStarts(energy, situation, states), inverses: inversesOf(energy, states) }
}

/** The same where what moves has no coordinates. */
function valuesAndStarts(energy: Energy, situation: Situation, states: readonly SamplingState[]) {
  return {
    ...defaultsOf(energy, situation),
    ...temperatureOf(energy),
    priors: priorDrawsOf(energy, situation),
    midpoints: midpointsOf(energy, states),
    startDraws: startDrawsOf(energy, situation),
    checks: checksFor(energy, situation),
  }
}

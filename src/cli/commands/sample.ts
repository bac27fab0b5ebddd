import { type Loaded, load } from '../../api/load.ts'
import { sample as run, type SampleResult } from '../../api/sample.ts'
import { counted } from '../../base/counted.ts'
import { type Checked, checked, hasErrors, unmade } from '../../base/diagnostic.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import type { Given } from '../../bind/given.ts'
import { unusedSentence } from '../../compile/unused.ts'
import type { Draws } from '../../inference/draws/draws.ts'
import { level } from '../../inference/draws/equal-lengths.ts'
import { defaults } from '../../middle/options.ts'
import { situationOf, treatmentsIn, unknownsOf } from '../../middle/situation.ts'
import { drawnParams, startedSentence } from '../drawn.ts'
import { eliminatedSentences } from '../eliminated.ts'
import { isStandardOutput, outTrouble, placeTrouble } from '../files/out.ts'
import { filesFor, sampledJson } from '../files/sampled.ts'
import { readInits } from '../init-files.ts'
import { interruptible } from '../interrupts.ts'
import { labelledNames, withLabels } from '../labels.ts'
import { ladderSentence } from '../ladder-sentence.ts'
import { readModel, withStore } from '../model-or-store.ts'
import { posteriors } from '../posteriors.ts'
import { readable } from '../readable.ts'
import type { SampleCommandOptions } from '../sample-options.ts'
import { planOf } from '../sample-plan.ts'
import { openSession } from '../sample-session.ts'
import { fingerprintOf, savedRun } from '../saved-run.ts'
import { isRenumbered, sharedOut } from '../shared-out.ts'
import { table } from '../table.ts'
import { temperatureSentence } from '../temperature.ts'
import { print, printAside, report } from '../terminal.ts'
import { exactLines, keptLines } from '../treatments.ts'
import { readValues } from '../values.ts'

/** Among what `--init` may be: where Pathfinder comes to. */
const PATHFINDER = 'pathfinder'

/** Draws and summarises; exit code 2 when a chain failed or a diagnostic warns, 130 when interrupted. */
export async function sample(file: string, options: SampleCommandOptions): Promise<number> {
  const read = await readModel(file)
  if (read.value === undefined) return report(read.diagnostics, { name: file, text: '' })
  const { source: model } = read.value
  const loaded = interruptible('reading the model')(() => load(model))
  const values = interruptible('reading what is given')(() => {
    const { energy } = loaded.value ?? {}
    const unknown = energy === undefined ? new Set<string>() : unknownsOf(situationOf(energy, options))
    return joined(
      readValues(options),
      readInits(
        options.init.filter((text) => text !== PATHFINDER),
        unknown,
      ),
    )
  })
  const given = withStore(read.value, loaded.value, values)
  const before = [...loaded.diagnostics, ...given.diagnostics, ...outTrouble(options.out)]
  if (loaded.value === undefined || given.value === undefined || hasErrors(before)) return report(before, model)
  const fingerprint = fingerprintOf(model.text, given.value)
  const plan = interruptible('reading the run to go on with')(() => planOf(options, fingerprint))
  before.push(...plan.diagnostics)
  if (plan.value === undefined) return report(before, model)
  const { settings, resume } = plan.value
  const wayTrouble =
    options.out === undefined ? [] : filesFor(options.out, settings.chains).flatMap((f) => (f === options.out ? [] : placeTrouble(f)))
  if (wayTrouble.length > 0) return report([...before, ...wayTrouble], model)
  const session = openSession(options, settings, fingerprint)
  const init = options.init.includes(PATHFINDER) ? PATHFINDER : defaults.init
  const result = await run(loaded.value, given.value, { ...settings, init, resume, runChains: session.runChains, busy: session.busy })
  const code = report([...before, ...result.diagnostics], model)
  if (result.value === undefined) return code
  const saved = savedRun(fingerprint, settings, result.value.chains)
  const unwritten = await session.keep(result.value, { model: loaded.value.model.name, ...settings, resume: saved })
  report(unwritten, model)
  const say = isStandardOutput(options.out) ? printAside : print
  const text = {
    ...options,
    treatments: treatmentsIn(settings),
    seed: settings.seed,
    asked: settings.temperature,
    goOnFrom: session.goOnFrom(),
  }
  say(options.json ? JSON.stringify(sampledJson(result.value), null, 2) : asText(result.value, loaded.value, text))
  const interrupted = session.interrupted()
  if (interrupted !== undefined) return interrupted
  if (unwritten.length > 0) return 1
  const failed = result.value.outcomes.some((o) => o.kind !== 'finished') || result.value.warnings.length > 0
  return failed ? 2 : code
}

/** A chain starts where a cue says; what is given for starts is given as cues. */
function joined({ value, diagnostics }: Checked<GivenByRole>, inits: Checked<readonly Given[]>): Checked<GivenByRole> {
  const both = [...diagnostics, ...inits.diagnostics]
  return value === undefined ? unmade(both) : checked({ ...value, cues: [...value.cues, ...(inits.value ?? [])] }, both)
}

const columns = ['mean', 'sd', 'mcse_mean', 'q5', 'q50', 'q95', 'ess_bulk', 'ess_tail', 'r_hat'] as const

function asText(
  {
    summary,
    warnings,
    sampler,
    exact,
    draws,
    outcomes,
    backend,
    responsibilities,
    eliminated,
    partitions,
    bound,
    drawn,
    unused,
    temperature,
    started,
    tuning,
  }: SampleResult,
  { energy, source }: Loaded,
  {
    all,
    treatments,
    seed,
    goOnFrom,
    asked,
  }: SampleCommandOptions & { readonly goOnFrom: string | undefined; readonly asked: number | undefined },
): string {
  const names = labelledNames(draws.variables, bound.labels)
  const elements = energy.variables.flatMap(({ name, type }) => (type.kind === 'element' ? [{ name, level: type.axis }] : []))
  const summedOut = new Set(responsibilities.map((r) => r.name))
  const own = { ...draws, variables: draws.variables.filter((v) => !isRenumbered(partitions, v)) }
  const { shown, left, most } = readable(own, summary, { elements, summedOut, all: all === true })
  const rows = shown.map((r) => [names.get(r.name) ?? r.name, ...columns.map((c) => (c.startsWith('ess') ? Math.round(r[c]) : r[c]))])
  const kept = draws.chains.reduce((sum, c) => sum + c.count, 0)
  const troubles = outcomes.flatMap((o, i) => ('sentence' in o ? [`Chain ${(draws.chains[i]?.chain ?? i) + 1}: ${o.sentence}`] : []))
  const levels = posteriors(own, responsibilities, elements, bound.labels, most)
  return [
    ...(kept === 0 ? [] : [summary.length === 0 ? 'Interrupted before the draws were summarised.' : table(['', ...columns], rows)]),
    ...(kept === 0 || summary.length === 0 ? [] : left),
    '',
    ...sharedOut(partitions, draws.variables, bound.labels),
    ...levels,
    ...(levels.length > 0 ? [''] : []),
    ...drawnParams(drawn, bound.labels, seed),
    ...startedSentence(started, seed),
    draws.chains.length === 0
      ? 'Interrupted before the first step: nothing was drawn.'
      : `${counted(kept, 'draw')} from ${counted(draws.chains.length, 'chain')} by ${sampler} on ${backend.name}.`,
    ...temperatureSentence(temperature, energy, asked),
    ...ladderSentence(tuning),
    ...exactLines(energy, exact, sampler === 'exact'),
    ...(sampler.includes('gibbs') ? keptLines(energy, bound, { treatments }, source) : []),
    ...eliminatedSentences(
      eliminated.filter((e) => e.how === 'integrate'),
      '; drawn given the rest of each draw.',
    ),
    ...eliminatedSentences(
      eliminated.filter((e) => e.how === 'plug-in'),
      ' (the most likely value by what is known of it alone).',
    ),
    ...eliminatedSentences(
      eliminated.filter((e) => e.how === 'minimise'),
      ': its minimiser is in each draw, so that the density of the rest is a profile, not a marginal.',
    ),
    ...unusedSentence('sample', unused),
    ...troubles,
    ...(summary.length === 0 ? [] : uneven(draws)),
    ...(goOnFrom === undefined ? [] : [`To continue, run the same command with --resume ${goOnFrom}.`]),
    ...warnings.map((w) => `Warning: ${withLabels(w.sentence, names)}`),
  ].join('\n')
}

/** Statistics need chains of one length. */
function uneven(draws: Draws): readonly string[] {
  const even = level(draws)
  const [first] = even.chains
  if (draws.chains.every((c) => c.count === draws.chains[0]?.count)) return []
  return [
    first === undefined
      ? ''
      : `The table shows the first ${counted(first.count, 'draw')} of ${even.chains.length} of the chains, because not all chains got that far.`,
  ]
}

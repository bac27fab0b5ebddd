import { type RetrieveResult, retrieve as run } from '../../api/retrieve.ts'
import { counted } from '../../base/counted.ts'
import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { Tensor } from '../../base/tensor.ts'
import { unusedJson, unusedSentence } from '../../compile/unused.ts'
import { isAtRest } from '../../memory/outcome.ts'
import type { Retrieval } from '../../memory/retrieve.ts'
import type { Energy } from '../../middle/energy.ts'
import { type FlaggedOptions, flagged } from '../../middle/options.ts'
import type { Retrieved } from '../../run/retrieve.ts'
import { drawnJson, drawnParams } from '../drawn.ts'
import { eliminatedJson, eliminatedTables } from '../eliminated.ts'
import { writeNpy } from '../files/npy.ts'
import { endingOf, endless, isStandardOutput } from '../files/out.ts'
import { rescued } from '../files/rescue.ts'
import { writeInTurns } from '../files/write.ts'
import type { FileContents } from '../files/writing.ts'
import { interruptible } from '../interrupts.ts'
import { modelWithValues } from '../model-with-values.ts'
import { nearestOf } from '../nearest.ts'
import { nested } from '../nested.ts'
import { openRetrieveSession } from '../retrieve-session.ts'
import { modesSentence, mostLikely, smallStates } from '../retrieved-values.ts'
import { table } from '../table.ts'
import { temperatureSentence } from '../temperature.ts'
import { print, printAside, report } from '../terminal.ts'
import type { ValueOptions } from '../values.ts'

export interface RetrieveCommandOptions extends ValueOptions, FlaggedOptions<'retrieve'> {
  readonly json?: boolean
  readonly out?: string
}

/** Relaxes cues and reports how each ended; exit code 2 when one did not come to rest. */
export async function retrieve(file: string, options: RetrieveCommandOptions): Promise<number> {
  const opened = await modelWithValues(file, options)
  if (typeof opened === 'number') return opened
  const { source, loaded, values, before } = opened
  const busy = interruptible('the cues were prepared; nothing was written')
  const session = openRetrieveSession({ quiet: options.json === true })
  const result = await run(loaded, values, { ...flagged('retrieve', options), busy, pace: session.pace })
  const code = report([...before, ...result.diagnostics], source)
  if (result.value === undefined) return code
  const interrupted = session.interrupted()
  if (interrupted !== undefined && result.value.retrievals.length === 0) {
    process.stderr.write('Interrupted while the cues were relaxed; nothing was written.\n')
    return interrupted
  }
  const unwritten = report(await write(options.out, result.value), source)
  const say = isStandardOutput(options.out) ? printAside : print
  say(options.json ? JSON.stringify(asJson(result.value), null, 2) : asText(result.value, loaded.energy, options))
  if (interrupted !== undefined) return interrupted
  if (unwritten !== 0) return unwritten
  return result.value.retrievals.every((r) => isAtRest(r.outcome)) ? code : 2
}

function asText(
  { retrievals, cues, bound, backend, unused, temperature }: RetrieveResult,
  energy: Energy,
  options: RetrieveCommandOptions,
): string {
  const { variables } = energy
  const names = retrievals[0] === undefined ? [] : Object.keys(retrievals[0].responsibilities.end)
  const most = 40
  const shown = retrievals.slice(0, most)
  const nearest = nearestOf(variables, shown, bound)
  const rows = shown.map((r, i) => [
    (cues[i] as number) + 1,
    r.outcome.kind,
    r.steps,
    r.trace[0] ?? Number.NaN,
    r.energy,
    ...names.map((n) => mostLikely(r, variables, n, bound.labels)),
    ...nearest.map((n) => n.cells[i] ?? ''),
  ])
  const rest = retrievals.length > most ? [`... and ${retrievals.length - most} more (--json or --out has them all)`] : []
  const converged = retrievals.filter((r) => isAtRest(r.outcome)).length
  return [
    table(['cue', 'outcome', 'steps', 'energy at the cue', 'energy', ...names, ...nearest.map((n) => n.title)], rows),
    ...rest,
    ...smallStates(retrievals, variables, bound.labels),
    ...(retrievals.length === 1 ? eliminatedTables(retrievals[0]?.eliminated ?? {}, bound.labels) : []),
    '',
    ...drawnParams(retrievals[0]?.drawn ?? {}, bound.labels, options.seed),
    ...(retrievals.length < bound.count ? [`Interrupted: ${retrievals.length} of ${counted(bound.count, 'cue')} were at their end.`] : []),
    `${converged} of ${retrievals.length} at rest (${movedBy(retrievals[0]?.flows ?? [])}; backend: ${backend.name}). ${backend.why}`,
    ...temperatureSentence(temperature, energy, options.temperature),
    ...unusedSentence('retrieve', unused),
    ...modesSentence(retrievals),
    ...endings(retrievals),
  ].join('\n')
}

/** Nothing moves where all states are summed out. */
function movedBy(flows: readonly string[]): string {
  return flows.length === 0 ? 'no state to move' : `flow: ${flows.join(' and ')}`
}

/** How those ended that did not simply come to rest: what differs only in its numbers is said once, and of how many. */
function endings(retrievals: readonly Retrieval[]): readonly string[] {
  const alike = new Map<string, string[]>()
  for (const { outcome } of retrievals) {
    if (outcome.kind === 'converged') continue
    const key = outcome.sentence
      .replace(/-?\d[\d.]*(e[+-]?\d+)?/g, '#')
      .replace(/ and # more/, '')
      .replace(/\bsteps\b/g, 'step')
    alike.set(key, [...(alike.get(key) ?? []), outcome.sentence])
  }
  return [...alike.values()].map(([first = '', ...more]) =>
    more.length === 0 ? first : `${first} (The same for ${more.length} more ${more.length === 1 ? 'cue' : 'cues'}.)`,
  )
}

/** Cues that were not at their end when a signal came are null. */
function asJson(result: RetrieveResult): unknown {
  const { retrievals, bound, backend, unused, temperature } = result
  const drawn = drawnJson(retrievals[0]?.drawn ?? {})
  const cues = everyCue(result, (r) => (r === undefined ? null : cueJson(r)))
  return { sizes: bound.sizes, labels: bound.labels, backend, temperature, unused: unusedJson(unused), ...drawn, cues }
}

/** Something of each cue, in order, whether it was retrieved or not. */
function everyCue<T>({ retrievals, cues, bound }: RetrieveResult, of: (retrieval: Retrieved | undefined) => T): readonly T[] {
  const found = new Map(cues.map((cue, i) => [cue, retrievals[i]]))
  return Array.from({ length: bound.count }, (_, cue) => of(found.get(cue)))
}

function cueJson(r: Retrieved): unknown {
  const tensors = (set: Readonly<Record<string, Tensor>>): unknown =>
    Object.fromEntries(Object.entries(set).map(([name, t]) => [name, nested(t)]))
  return {
    outcome: r.outcome,
    steps: r.steps,
    evaluations: r.evaluations,
    time: r.time,
    energy: r.energy,
    terms: r.terms,
    slope: r.slope,
    trace: r.trace,
    flows: r.flows,
    states: tensors(r.states),
    likeliest: tensors(r.likeliest),
    activations: tensors(r.activations),
    eliminated: eliminatedJson(r.eliminated),
    responsibilities: { cue: tensors(r.responsibilities.cue), end: tensors(r.responsibilities.end) },
  }
}

/** What cannot be written goes elsewhere, as JSON, rather than be lost. */
async function write(path: string | undefined, result: RetrieveResult): Promise<readonly Diagnostic[]> {
  if (path === undefined) return []
  const { value, diagnostics } = contentsOf(path, result)
  const troubles = value === undefined ? diagnostics : await writeInTurns(path, value)
  return rescued(troubles, 'The results', 'retrieved.json', () => jsonText(result))
}

function jsonText(result: RetrieveResult): string {
  return `${JSON.stringify(asJson(result), null, 2)}\n`
}

/** All as JSON; or the values as one array, a row a cue, for a model with one state that moved or was summed out. */
function contentsOf(path: string, result: RetrieveResult): Checked<FileContents> {
  const kind = endingOf(path)
  if (kind === undefined) return unmade([endless(path)])
  if (kind === '.json') return made(jsonText(result))
  const found = result.retrievals.map(valuesOf)
  const states = Object.keys(found[0] ?? {})
  const [name] = states
  if (name === undefined || states.length > 1) {
    const message = `${path} holds one array, but ${states.length} states were retrieved: ${states.join(', ')}.`
    return unmade([diagnostic('AMP703', message, { hint: 'Write .json.' })])
  }
  const { shape, data } = must(found[0]?.[name], name)
  const missing = new Float64Array(data.length).fill(Number.NaN)
  const rows = everyCue(result, (r) => (r === undefined ? missing : must(valuesOf(r)[name], name).data))
  const value = kind === '.npy' ? writeNpy([rows.length, ...shape], joined(rows)) : `${rows.map((row) => row.join(',')).join('\n')}\n`
  return made(value)
}

function valuesOf({ states, likeliest }: Retrieval): Retrieval['states'] {
  return Object.keys(states).length > 0 ? states : likeliest
}

function joined(rows: readonly Float64Array[]): Float64Array {
  const size = rows[0]?.length ?? 0
  const out = new Float64Array(rows.length * size)
  for (const [r, row] of rows.entries()) out.set(row, r * size)
  return out
}

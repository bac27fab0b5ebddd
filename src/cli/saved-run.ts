import { createHash } from 'node:crypto'
import type { Checked } from '../base/diagnostic.ts'
import { checked, unmade } from '../base/diagnostic.ts'
import { InternalError } from '../base/internal-error.ts'
import type { GivenByRole } from '../bind/bound.ts'
import type { ChainOutcome } from '../inference/chains/outcome.ts'
import type { LadderReport } from '../inference/samplers/sampler.ts'
import type { SampledChain } from '../run/sampling.ts'
import { withSource } from './files/byte-source.ts'
import { notARun, openRunFile, otherMaker } from './run-file.ts'

/** A number in JSON, to the last bit: what JSON has no word for is a text. */
export type Exact = number | 'NaN' | 'Infinity' | '-Infinity' | '-0'

export function exact(x: number): Exact {
  if (Object.is(x, -0)) return '-0'
  return Number.isFinite(x) ? x : (String(x) as Exact)
}

export function exactly(x: ArrayLike<number>): readonly Exact[] {
  return Array.from(x, exact)
}

/** The part of a run's file that `--resume` reads besides the draws. */
export interface SavedRun {
  readonly version: 1
  /** Of the model's text and the values given. */
  readonly fingerprint: string
  /** The settings that the draws depend on. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly chains: readonly {
    readonly chain: number
    readonly state: unknown
    readonly sums: readonly (readonly Exact[])[]
    readonly outcome: ChainOutcome
  }[]
}

export interface ReadRun {
  readonly fingerprint: string
  readonly settings: Readonly<Record<string, unknown>>
  /** By chain number. */
  readonly chains: readonly SampledChain[]
}

export function savedRun(fingerprint: string, settings: SavedRun['settings'], chains: readonly SampledChain[]): SavedRun {
  const saved = chains.map(({ draws, state, sums, outcome }) => {
    return { chain: draws.chain, state: state === undefined ? undefined : plain(state), sums: sums.map(exactly), outcome }
  })
  return { version: 1, fingerprint, settings, chains: saved }
}

function plain(state: NonNullable<SampledChain['state']>): unknown {
  const sampler = Object.fromEntries(Object.entries(state.sampler).map(([name, values]) => [name, exactly(values)]))
  return { ...state, sampler }
}

/** A digest of what the draws depend on besides the settings. */
export function fingerprintOf(text: string, given: GivenByRole): string {
  const hash = createHash('sha256').update(text)
  if (given.labels !== undefined && given.labels.length > 0) hash.update(JSON.stringify(given.labels))
  for (const role of ['fixed', 'observed', 'cues'] as const) {
    for (const { name, value } of given[role]) {
      hash.update(`\0${role}\0${name}\0`)
      if (value.kind === 'numbers') hash.update(JSON.stringify(value.shape)).update(new Uint8Array(value.data.slice().buffer))
      else hash.update(JSON.stringify(value.labels))
    }
  }
  return hash.digest('hex')
}

/** A run that `amp sample --out FILE.json` wrote. */
export function readRun(path: string): Checked<ReadRun> {
  const file = withSource(path, (source) => openRunFile(source, path))
  if (file.value === undefined) return unmade(file.diagnostics)
  try {
    return checked(parsed(file.value.root), [...file.diagnostics, ...otherMaker(file.value.root, path)])
  } catch (error) {
    if (error instanceof InternalError) throw error
    return unmade([notARun(path, `does not hold the state of a run (${(error as Error).message})`)])
  }
}

function parsed(file: unknown): ReadRun {
  const whole = record(file, 'file')
  const saved = record(whole.resume, 'resume')
  if (saved.version !== 1) throw new TypeError('resume.version is not 1')
  const draws = list(record(whole.draws, 'draws').chains, 'draws.chains')
  const tuning = list(whole.tuning, 'tuning')
  const chains: SampledChain[] = []
  for (const [i, saving] of list(saved.chains, 'resume.chains').entries()) {
    const { chain, state, sums, outcome } = record(saving, 'chain')
    const { count, columns, values, statistics } = record(draws[i], 'draws of the chain')
    chains[number(chain)] = {
      draws: {
        chain: number(chain),
        count: number(count),
        columns: list(columns, 'columns').map(String),
        values: numbers(values),
        statistics: numbers(statistics),
      },
      sums: list(sums, 'sums').map(numbers),
      outcome: record(outcome, 'outcome') as unknown as ChainOutcome,
      tuning: tuningOf(record(tuning[i] ?? {}, 'tuning')),
      state: state === undefined ? undefined : stateOf(record(state, 'state')),
    }
  }
  return { fingerprint: String(saved.fingerprint), settings: record(saved.settings, 'settings'), chains }
}

function stateOf(state: Readonly<Record<string, unknown>>): NonNullable<SampledChain['state']> {
  const stream = record(state.stream, 'stream')
  const sampler = record(state.sampler, 'sampler')
  return {
    step: number(state.step),
    kept: number(state.kept),
    divergent: number(state.divergent),
    stream: { counter: number(stream.counter), ...(stream.spare === undefined ? {} : { spare: number(stream.spare) }) },
    sampler: Object.fromEntries(Object.entries(sampler).map(([name, values]) => [name, [...numbers(values)]])),
  }
}

/** Only for chains that cannot go on; those that can tell it anew. */
function tuningOf({ stepSize, metric, inverseMetric, ladder }: Readonly<Record<string, unknown>>): SampledChain['tuning'] {
  return {
    ...(stepSize === undefined ? {} : { stepSize: number(stepSize) }),
    ...(metric === 'unit' || metric === 'diagonal' || metric === 'low-rank' || metric === 'dense' ? { metric } : {}),
    ...(inverseMetric === undefined ? {} : { inverseMetric: numbers(inverseMetric) }),
    ...(ladder === undefined ? {} : { ladder: ladderOf(record(ladder, 'ladder')) }),
  }
}

function ladderOf({ temperatures, swapRates, roundTrips, barrier }: Readonly<Record<string, unknown>>): LadderReport {
  return {
    temperatures: [...numbers(temperatures)],
    // JSON has no word for what is not a number.
    swapRates: list(swapRates, 'swap rates').map((r) => (r === null ? Number.NaN : number(r))),
    roundTrips: number(roundTrips),
    barrier: barrier === null ? Number.NaN : number(barrier),
  }
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(`${what} is missing`)
  return value as Readonly<Record<string, unknown>>
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${what} is missing`)
  return value
}

function number(value: unknown): number {
  const x = Number(value)
  if ((typeof value !== 'number' && typeof value !== 'string') || (Number.isNaN(x) && value !== 'NaN'))
    throw new TypeError('a number is missing')
  return x
}

function numbers(value: unknown): Float64Array {
  return value instanceof Float64Array ? value : Float64Array.from(list(value, 'numbers'), number)
}

import { type Checked, checked, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Key } from '../base/random.ts'
import type { Bound } from '../bind/bound.ts'
import { type ChainOptions, type ChainResult, openChain } from '../inference/chains/chain.ts'
import type { ChainOutcome } from '../inference/chains/outcome.ts'
import { columnNames, type Draws } from '../inference/draws/draws.ts'
import { replicaExchange } from '../inference/samplers/replica-exchange.ts'
import type { LadderReport } from '../inference/samplers/sampler.ts'
import type { Target } from '../middle/executable.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import type { DrawnParams } from './complete.ts'
import { type Derived, derivedOf } from './derived.ts'
import { once } from './once.ts'
import { elementsOf, planSample } from './sample.ts'
import { nameOf } from './samplers.ts'
import type { SamplingParts } from './sampling.ts'
import type { StateTail } from './states-tails.ts'
import { type HeatedBench, heatedBenches, rungOf } from './tempered.ts'

export interface RunSweepOptions extends Omit<OptionsOf<'sweep', 'run'>, 'temperatures'>, Pick<ChainOptions, 'signal'> {
  /** Above 0, going up. */
  readonly temperatures: readonly number[]
}

/** Draws at each of some temperatures, by one ladder of replica exchange a chain. */
export interface SweptRungs {
  /** In the order of the temperatures: what was drawn there, with the numbers of its sampler. */
  readonly rungs: readonly Draws[]
  /** How neighbours swapped, a chain each. */
  readonly ladders: readonly LadderReport[]
  readonly outcomes: readonly ChainOutcome[]
}

export interface PreparedSweep {
  /** What moves each rung, in words. */
  readonly sampler: string
  readonly drawn: DrawnParams
  /** Coordinates along which the density at the highest temperature has no finite integral. */
  openTails(): readonly StateTail[]
  run(): SweptRungs
}

/** Everything up to the first step. */
export function prepareSweep(parts: SamplingParts, target: Target, given: Bound, options: RunSweepOptions): Checked<PreparedSweep> {
  const { temperatures: asked, draws = defaults.draws } = options
  const temperatures = Float64Array.from(asked)
  const [coldest] = asked
  // All rungs are kept.
  const kept = { ...options, draws: draws * asked.length, temperature: must(coldest, 'temperature'), sampler: 'tempering' as const }
  const { value: planned, diagnostics } = planSample(parts, target, given, kept)
  if (planned === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  const { run, plan } = planned
  const benches = once(() => heatedBenches(run, plan, temperatures).map((b) => ({ ...b, derived: derivedFor(parts, b) })))
  return checked(
    {
      sampler: nameOf(plan),
      drawn: run.drawn,
      openTails: () => must(benches().at(-1), 'rung').bench.openTails(),
      run: () => runAll(run.key, benches(), temperatures, options),
    },
    diagnostics,
  )
}

interface SweepBench extends HeatedBench {
  readonly derived: Derived
}

function derivedFor(parts: SamplingParts, { run, bench }: HeatedBench): Derived {
  return derivedOf(run, parts, { there: bench.variables, elements: elementsOf(parts) })
}

function runAll(key: Key, benches: readonly SweepBench[], temperatures: Float64Array, options: RunSweepOptions): SweptRungs {
  const chains: ChainResult[] = []
  for (let chain = 0; chain < (options.chains ?? defaults.chains); chain += 1) {
    if (chain > 0 && options.signal?.aborted === true) break
    const rungs = benches.map((b) => rungOf(b, chain, options))
    const sampler = replicaExchange(rungs, { temperatures, adapts: false, kept: rungs.map((_, k) => k) })
    const opened = openChain(sampler, key, chain, options)
    while (opened.advance(Number.MAX_SAFE_INTEGER));
    chains.push(opened.take())
  }
  return {
    rungs: benches.map((bench, k) => drawsOf(bench, chains.map((c) => rungOfChain(c, k, benches.length)))), // biome-ignore format: one thought
    ladders: chains.flatMap((c) => c.tuning.ladder ?? []),
    outcomes: chains.map((c) => c.outcome),
  }
}

function drawsOf({ bench, derived }: SweepBench, chains: readonly ChainResult[]): Draws {
  const variables = [...bench.variables, ...derived.variables]
  return {
    variables,
    names: variables.flatMap((v) => columnNames(v.name, v.shape)),
    chains: chains.map((c) => derived.widen(bench.generate(c).draws, c.first)),
  }
}

/** What a chain of all rungs says of one: they lie one after the other in its draws and among its columns. */
function rungOfChain(chain: ChainResult, rung: number, rungs: number): ChainResult {
  const own = (rows: Float64Array, width: number): Float64Array => {
    const out = new Float64Array(chain.count * width)
    for (let d = 0; d < chain.count; d += 1) out.set(rows.subarray((d * rungs + rung) * width, (d * rungs + rung + 1) * width), d * width)
    return out
  }
  const [dimension, width] = [chain.dimension / rungs, chain.columns.length / rungs]
  const columns = chain.columns.slice(rung * width, (rung + 1) * width).map((name) => name.replace(/\[\d+\]$/, ''))
  return { ...chain, dimension, columns, draws: own(chain.draws, dimension), statistics: own(chain.statistics, width) }
}

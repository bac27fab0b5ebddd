import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { openChain } from '../inference/chains/chain.ts'
import { geometricLadder } from '../inference/samplers/ladder.ts'
import { replicaExchange, type TemperedRung } from '../inference/samplers/replica-exchange.ts'
import type { Executable, Target } from '../middle/executable.ts'
import * as ports from '../middle/ports.ts'
import { once } from './once.ts'
import type { Run } from './run.ts'
import type { Plan } from './samplers.ts'
import type { RunSampleOptions, SamplingParts } from './sampling.ts'
import { type MarkovWorkbench, markovWorkbench, type Workbench } from './workbench.ts'

/** The ends of a ladder and how many temperatures it has; those between the ends are found in warm-up. */
interface LadderEnds {
  readonly hottest: number
  readonly rungs: number
}

/** The hottest temperature over that of the draws, and how many there are, where nobody says. */
const HOTTEST = 10
const RUNGS = 8

/** The ladder that was asked for, of draws at a temperature. */
function endsOf({ hottest, rungs = RUNGS }: RunSampleOptions, coldest: number): LadderEnds {
  return { hottest: hottest ?? HOTTEST * coldest, rungs }
}

/** What of the options makes no ladder above a temperature. */
export function ladderTroubles(options: RunSampleOptions, coldest: number): readonly Diagnostic[] {
  const { hottest, rungs } = endsOf(options, coldest)
  if (!(hottest > coldest)) {
    const message = `The hottest temperature is ${hottest}, and the draws are at temperature ${coldest}: there is no ladder from the one to the other.`
    return [diagnostic('AMP640', message, { expected: `a temperature above ${coldest}` })]
  }
  if (rungs >= 2) return []
  return [diagnostic('AMP640', 'A ladder of one temperature has no neighbours to swap.', { expected: 'at least 2 rungs' })]
}

/** Chains of replica exchange, each a ladder of its own from the temperature of the run upwards, of which the coldest rung is drawn. */
export function temperedWorkbench(run: Run<SamplingParts>, plan: Plan, options: RunSampleOptions): Workbench {
  const { hottest, rungs: count } = endsOf(options, run.temperature)
  const temperatures = geometricLadder(run.temperature, hottest, count)
  const coldest = markovWorkbench(run, plan)
  const ladder = once(() => heatedBenches(run, plan, temperatures.subarray(1)))
  return {
    ...coldest,
    open(chain, asked, from) {
      const rungs = [rungOf({ bench: coldest, heat() {} }, chain, asked), ...ladder().map((l) => rungOf(l, chain, asked))]
      return openChain(replicaExchange(rungs, { temperatures, adapts: true, kept: [0] }), run.key, chain, asked, from)
    },
    openTails: () => [...coldest.openTails(), ...hotTails(run, plan, hottest)],
  }
}

/** What is proper where it is drawn may not be where it is hottest. */
function hotTails(run: Run<SamplingParts>, plan: Plan, hottest: number) {
  return markovWorkbench(heated(run, hottest).run, plan)
    .openTails()
    .map((tail) => ({ ...tail, temperature: hottest }))
}

/** A workbench at a temperature that may change. */
export interface HeatedBench {
  readonly run: Run<SamplingParts>
  readonly bench: MarkovWorkbench
  heat(temperature: number): void
}

export function heatedBenches(run: Run<SamplingParts>, plan: Plan, temperatures: Float64Array): readonly HeatedBench[] {
  return Array.from(temperatures, (temperature) => {
    const { run: own, heat } = heated(run, temperature)
    return { run: own, bench: markovWorkbench(own, plan), heat }
  })
}

export function rungOf({ bench, heat }: Pick<HeatedBench, 'bench' | 'heat'>, chain: number, options: RunSampleOptions): TemperedRung {
  const sampler = bench.sampler(chain, options)
  const { density } = bench.target(chain)
  const [q, slope] = [new Float64Array(density.dimension), new Float64Array(density.dimension)]
  // What jumps is read where its moves leave it, behind the coordinates.
  const workedOut = (): number => {
    for (let i = 0; i < q.length; i += 1) q[i] = sampler.position[i] as number
    bench.inner?.restart()
    return density.evaluate(q, slope)
  }
  return { sampler, heat, logDensity: () => sampler.logDensity?.() ?? workedOut() }
}

/** The same run at another temperature, which may be changed: all that it opens is told. */
function heated(run: Run<SamplingParts>, temperature: number): { readonly run: Run<SamplingParts>; heat(temperature: number): void } {
  const now = Float64Array.of(temperature)
  const opened: Executable[] = []
  const target: Target = (graph, sizes, options) => {
    const executable = run.target(graph, sizes, options)
    opened.push(executable)
    return executable
  }
  return {
    run: {
      ...run,
      target,
      fixed: new Map(run.fixed).set(ports.temperature, now),
      get temperature() {
        return now[0] as number
      },
    },
    heat(next) {
      now[0] = next
      for (const executable of opened) {
        const input = executable.inputs.get(ports.temperature)
        if (input === undefined) continue
        input[0] = next
        executable.touch(ports.temperature)
      }
    },
  }
}

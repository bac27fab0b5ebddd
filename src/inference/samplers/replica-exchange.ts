import { InternalError, must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import type { ChainFailure } from '../chains/outcome.ts'
import { evenedLadder, ladderRounds } from './ladder.ts'
import { brokenOff, type Sampler, type SamplerState } from './sampler.ts'

/** One temperature of a ladder: a sampler of exp(-E/T) there. No two rungs have buffers in common. */
export interface TemperedRung {
  readonly sampler: Sampler
  /** -E/T at the point where the sampler is, in nats, with the Jacobian of its coordinates. */
  logDensity(): number
  /** Makes T another one; the sampler looks at its point when it is placed there again. */
  heat(temperature: number): void
}

export interface ReplicaExchangeOptions {
  /** From the coldest, whose draws are wanted, upwards: one a rung. */
  readonly temperatures: Float64Array
  /** Whether warm-up moves the temperatures between the ends, so that all neighbours swap equally often. */
  readonly adapts: boolean
  /** The rungs whose draws are kept, one after the other. */
  readonly kept: readonly number[]
}

/**
 * Replica exchange, or parallel tempering (Swendsen and Wang 1986; Geyer 1991): each rung takes a step of its own sampler, then
 * neighbours swap where they are, with the probability that leaves the product of their densities unchanged,
 *
 *     min(1, p_a(y) p_b(x) / (p_a(x) p_b(y)))     for x on rung a and y on rung b,
 *
 * which holds for densities of any kind, also where states summed out or integrated out make more of T than a factor.
 * Pairs that begin with an even and with an odd rung take turns (Okabe et al. 2001), so that replicas go along the ladder and do not
 * diffuse (Syed et al. 2021). `replica__` counts, from 1, on which rung the replica began that is on a rung.
 */
export function replicaExchange(rungs: readonly TemperedRung[], { temperatures: wanted, adapts, kept }: ReplicaExchangeOptions): Sampler {
  const count = rungs.length
  const samplers = rungs.map((r) => r.sampler)
  const [coldest] = samplers
  if (coldest === undefined || count !== wanted.length) throw new InternalError('a ladder without its rungs')
  const width = coldest.position.length
  const position = new Float64Array(width * kept.length)
  const own = coldest.columns.map((name, place) => ({ name, place })).filter(({ name }) => name !== 'lp__')
  const columns = kept.flatMap((k) =>
    ['lp__', ...own.map((c) => c.name), 'replica__'].map((name) => (kept.length > 1 ? `${name}[${k + 1}]` : name)),
  )
  const statistics = new Float64Array(columns.length)
  const levels = new Float64Array(count)
  const points = samplers.map(() => new Float64Array(width))
  const swaps = swapCounts(count)
  let temperatures: Float64Array = Float64Array.from(wanted)
  let warmup = 0
  let step = 0

  function setOut(): void {
    for (let k = 0; k < count; k += 1) (rungs[k] as TemperedRung).heat(temperatures[k] as number)
  }

  function place(k: number, point: Float64Array): void {
    const sampler = samplers[k] as Sampler
    if (sampler.place === undefined) throw new InternalError('a sampler that cannot be placed')
    sampler.place(point)
  }

  function swap(a: number, stream: Stream): void {
    const b = a + 1
    const [x, y] = [points[a] as Float64Array, points[b] as Float64Array]
    place(a, y)
    place(b, x)
    const [there, here] = [(rungs[a] as TemperedRung).logDensity(), (rungs[b] as TemperedRung).logDensity()]
    const gain = there + here - (levels[a] as number) - (levels[b] as number)
    // What is not a number is impossible there.
    const chance = gain >= 0 ? 1 : Number.isNaN(gain) ? 0 : exp(gain)
    const isTaken = stream.uniform() < chance
    swaps.add(a, chance, isTaken)
    if (isTaken) {
      levels[a] = there
      levels[b] = here
    } else {
      place(a, x)
      place(b, y)
    }
  }

  function exchange(stream: Stream): void {
    for (let k = 0; k < count; k += 1) {
      levels[k] = (rungs[k] as TemperedRung).logDensity()
      ;(points[k] as Float64Array).set((samplers[k] as Sampler).position)
    }
    for (let a = step % 2; a + 1 < count; a += 2) swap(a, stream)
  }

  function adapt(): void {
    temperatures = evenedLadder(temperatures, swaps.refused())
    setOut()
    for (let k = 0; k < count; k += 1) place(k, Float64Array.from((samplers[k] as Sampler).position))
    swaps.clear()
  }

  function publish(): void {
    let at = 0
    kept.forEach((k, i) => {
      const sampler = samplers[k] as Sampler
      position.set(sampler.position, i * width)
      statistics[at++] = levels[k] as number
      for (const { place: column } of own) statistics[at++] = sampler.statistics[column] as number
      statistics[at++] = swaps.replica(k) + 1
    })
  }

  return {
    position,
    columns,
    statistics,
    begin(steps, stream) {
      temperatures = Float64Array.from(wanted)
      warmup = steps
      step = 0
      setOut()
      for (let k = 0; k < count; k += 1) {
        const failure = (samplers[k] as Sampler).begin(steps, stream)
        if (failure !== undefined) return at(k, failure)
      }
      publish()
      return undefined
    },
    step(warming, stream, stop) {
      if (!warming && step === warmup) swaps.clear()
      for (let k = 0; k < count; k += 1) {
        // Broken off at a later rung, those before it have moved already.
        const end = (samplers[k] as Sampler).step(warming, stream, k === 0 ? stop : undefined)
        if (end !== undefined) return end === brokenOff ? end : at(k, end as ChainFailure)
      }
      exchange(stream)
      step += 1
      if (warming && adapts && ladderRounds(warmup).includes(step)) adapt()
      publish()
      return undefined
    },
    state: () => ({
      temperatures: [...temperatures],
      steps: [step, warmup],
      ...swaps.state(),
      ...Object.fromEntries(samplers.flatMap((s, k) => Object.entries(s.state()).map(([name, numbers]) => [`${k} ${name}`, numbers]))),
    }),
    resume(saved) {
      temperatures = Float64Array.from(must(saved.temperatures, 'temperatures'))
      ;[step, warmup] = must(saved.steps, 'steps') as [number, number]
      swaps.resume(saved)
      setOut()
      samplers.forEach((s, k) => {
        s.resume(ownOf(saved, k))
      })
    },
    tuning: () => ({ ...coldest.tuning(), ladder: { temperatures: [...temperatures], ...swaps.report() } }),
  }

  function at(k: number, failure: ChainFailure): ChainFailure {
    return k === 0 ? failure : { ...failure, sentence: `At temperature ${temperatures[k]}: ${failure.sentence}` }
  }
}

/** What of a saved state is a rung's. */
function ownOf(saved: SamplerState, k: number): SamplerState {
  const mark = `${k} `
  return Object.fromEntries(Object.entries(saved).flatMap(([name, v]) => (name.startsWith(mark) ? [[name.slice(mark.length), v]] : [])))
}

/** Neither end was seen yet, or which one was seen last. */
const unseen = 0
const fromColdest = 1
const fromHottest = 2

/** How often neighbours swapped, and where the replicas are that go along the ladder. */
function swapCounts(rungs: number) {
  const pairs = rungs - 1
  const [chances, tries] = [new Float64Array(pairs), new Float64Array(pairs)]
  const replicas = Float64Array.from({ length: rungs }, (_, k) => k)
  const heading = new Float64Array(rungs)
  let roundTrips = 0
  setOff()

  function setOff(): void {
    heading.fill(unseen)
    heading[replicas[0] as number] = fromColdest
  }

  function look(rung: number): void {
    const replica = replicas[rung] as number
    if (rung === 0) {
      if (heading[replica] === fromHottest) roundTrips += 1
      heading[replica] = fromColdest
    } else if (rung === rungs - 1 && heading[replica] === fromColdest) heading[replica] = fromHottest
  }

  return {
    replica: (rung: number) => replicas[rung] as number,
    add(a: number, chance: number, isTaken: boolean): void {
      chances[a] = (chances[a] as number) + chance
      tries[a] = (tries[a] as number) + 1
      if (isTaken) [replicas[a], replicas[a + 1]] = [replicas[a + 1] as number, replicas[a] as number]
      look(a)
      look(a + 1)
    },
    /** One less the mean chance: what is refused, without the noise of the choice. */
    refused: () => Float64Array.from(chances, (sum, i) => ((tries[i] as number) === 0 ? 0 : 1 - sum / (tries[i] as number))),
    clear(): void {
      chances.fill(0)
      tries.fill(0)
      setOff()
      roundTrips = 0
    },
    report() {
      const swapRates = Array.from(chances, (sum, i) => sum / (tries[i] as number))
      return { swapRates, roundTrips, barrier: swapRates.reduce((sum, r) => sum + 1 - r, 0) }
    },
    state: (): SamplerState => ({
      chances: [...chances],
      tries: [...tries],
      replicas: [...replicas],
      heading: [...heading],
      roundTrips: [roundTrips],
    }),
    resume(saved: SamplerState): void {
      chances.set(must(saved.chances, 'chances'))
      tries.set(must(saved.tries, 'tries'))
      replicas.set(must(saved.replicas, 'replicas'))
      heading.set(must(saved.heading, 'heading'))
      roundTrips = must(saved.roundTrips?.[0], 'round trips')
    },
  }
}

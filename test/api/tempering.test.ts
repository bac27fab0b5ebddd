import { describe, expect, it } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { load } from '../../src/api/load.ts'
import { type SampleOptions, type SampleResult, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { series, statistic } from '../../src/inference/draws/draws.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

async function tempered(text: string, inputs: Inputs, options: SampleOptions) {
  const loaded = must(load({ name: 'm.amp', text }).value, 'model')
  return sample(loaded, must(givenOf(inputs).value, 'inputs'), { seed: 3, sampler: 'tempering', ...options })
}

async function drawn(text: string, inputs: Inputs, options: SampleOptions): Promise<SampleResult> {
  const { value, diagnostics } = await tempered(text, inputs, options)
  return must(value, JSON.stringify(diagnostics))
}

/** The mean over chains of what is said of each draw, and its standard error: chains are independent of each other. */
function overChains(result: SampleResult, name: string, f: (value: number) => number) {
  const means = series(result.draws, name).map((chain) => chain.reduce((sum, v) => sum + f(v), 0) / chain.length)
  const mean = means.reduce((a, b) => a + b) / means.length
  const variance = means.reduce((sum, m) => sum + (m - mean) ** 2, 0) / (means.length - 1)
  return { mean, error: Math.sqrt(variance / means.length) }
}

/** Student's t with 39 degrees of freedom is beyond 8 once in a billion. */
const CHAINS = 40
const GATE = 8

/** Spins that all but agree: between the wells lie more than 20 nats, and the one is 3.3 times as likely as the other. */
const wells = 'axis i = 10\nstate s[i] : spin\nlet m = sum[i](s)\nenergy -0.25 * m^2 - 0.06 * m'

/** The probability of each sum of ten spins at temperature T, by enumeration. */
function sums(T: number): ReadonlyMap<number, number> {
  const weights = new Map<number, number>()
  for (let state = 0; state < 1024; state += 1) {
    let m = -10
    for (let i = 0; i < 10; i += 1) m += 2 * ((state >> i) & 1)
    weights.set(m, (weights.get(m) ?? 0) + Math.exp((0.25 * m * m + 0.06 * m) / T))
  }
  const total = [...weights.values()].reduce((a, b) => a + b)
  return new Map([...weights].map(([m, w]) => [m, w / total]))
}

const start = { cue: { s: new Array(10).fill(-1) } }
const few = { chains: CHAINS, warmup: 80, draws: 160, hottest: 25, rungs: 6, report: ['m'] } as const

/** Total variation from the enumeration, and how much of it noise may make. */
function variation(result: SampleResult, T: number) {
  const levels = [...sums(T)].map(([m, p]) => ({ p, ...overChains(result, 'm', (v) => (v === m ? 1 : 0)) }))
  const distance = levels.reduce((sum, l) => sum + Math.abs(l.mean - l.p), 0) / 2
  // What no chain has seen has no error of its own; all levels below this together are 1e-3.
  const noise = levels.reduce((sum, l) => sum + GATE * l.error, 0) / 2 + 1e-3
  return { distance, noise }
}

describe('replica exchange', () => {
  it.each([
    1, 0.8,
  ])('draws spins in two wells as enumeration weighs them, at temperature %d, where Gibbs sampling alone stays', async (T) => {
    const result = await drawn(wells, start, { ...few, temperature: T })
    const { distance, noise } = variation(result, T)
    expect(noise).toBeLessThan(0.25)
    // 11 levels at once: a false alarm in less than 1e-7 of runs.
    expect(distance).toBeLessThan(noise)
    // The first draws are after the walk from the cue.
    expect(overChains(result, 'm', (v) => (v > 0 ? 1 : 0)).mean).toBeGreaterThan(0.6)
    const alone = await drawn(wells, start, { ...few, temperature: T, sampler: 'gibbs', hottest: undefined, rungs: undefined } as never)
    expect(overChains(alone, 'm', (v) => (v > 0 ? 1 : 0)).mean).toBe(0)
    // lp__ is -E/T of each draw.
    const lp = must(statistic(result.draws, 'lp__'), 'lp__')
    const off = series(result.draws, 'm').flatMap((chain, c) =>
      Array.from(chain, (m, d) => Math.abs((lp[c]?.[d] as number) - (0.25 * m * m + 0.06 * m) / T)),
    )
    expect(Math.max(...off)).toBeLessThan(1e-9)
    expect(result.sampler).toBe('tempering of gibbs')
  })

  it('draws a density of two modes as quadrature weighs them, in coordinates with a Jacobian and at a temperature', async () => {
    const T = 0.7
    const text = 'state p : probability\nenergy -log(0.6 * exp(-((p - 0.1) / 0.05)^2 / 2) + 0.4 * exp(-((p - 0.8) / 0.1)^2 / 2))'
    const result = await drawn(text, {}, { chains: CHAINS, warmup: 100, draws: 150, hottest: 10, rungs: 5, temperature: T })
    const mode = (p: number, centre: number, width: number): number => Math.exp(-(((p - centre) / width) ** 2) / 2)
    let [low, all] = [0, 0]
    for (let p = 5e-6; p < 1; p += 1e-5) {
      const weight = (0.6 * mode(p, 0.1, 0.05) + 0.4 * mode(p, 0.8, 0.1)) ** (1 / T)
      all += weight
      if (p < 0.4) low += weight
    }
    const lower = overChains(result, 'p', (p) => (p < 0.4 ? 1 : 0))
    expect(low / all).toBeCloseTo(0.47, 1)
    expect(lower.error).toBeLessThan(0.03)
    expect(Math.abs(lower.mean - low / all)).toBeLessThan(GATE * lower.error)
  })

  it('draws what is left where states are summed out, at whose rungs the energy depends on T', async () => {
    // At temperature 2 the sum over z is of square roots.
    const text = 'axis k = 2\ndata p[k]\ndata mu[k]\ndata sd[k]\nstate z : k ~ categorical(p)\nstate x ~ normal(mu[z], sd[z])'
    const options = { chains: CHAINS, warmup: 100, draws: 100, hottest: 30, rungs: 5, temperature: 2 }
    const result = await drawn(text, { data: { p: [0.7, 0.3], mu: [-5, 5], sd: [0.5, 2] } }, options)
    // The integral of a normal density to the power 1/2 is sqrt(2) (2 pi sd^2)^(1/4).
    const [a, b] = [Math.sqrt(0.7 * 0.5), Math.sqrt(0.3 * 2)]
    const upper = overChains(result, 'x', (x) => (x > 0 ? 1 : 0))
    expect(upper.error).toBeLessThan(0.03)
    expect(Math.abs(upper.mean - b / (a + b))).toBeLessThan(GATE * upper.error + 1e-5)
  })

  it('moves what jumps and what moves smoothly together', async () => {
    const text = 'axis k = 2\ndata p[k]\ndata mu[k]\nstate z : k ~ categorical(p)\nstate x ~ normal(mu[z], 1)'
    const options = { chains: CHAINS, warmup: 100, draws: 100, hottest: 40, rungs: 6, keep: ['z'] }
    const result = await drawn(text, { data: { p: [0.8, 0.2], mu: [-5, 5] } }, options)
    const upper = overChains(result, 'x', (x) => (x > 0 ? 1 : 0))
    expect(upper.error).toBeLessThan(0.03)
    expect(Math.abs(upper.mean - 0.2)).toBeLessThan(GATE * upper.error + 1e-5)
    expect(result.sampler).toBe('tempering of nuts within gibbs')
  })

  it('evens the swaps of neighbours out, and says how they went', async () => {
    const { tuning, warnings } = await drawn(wells, {}, { chains: 2, warmup: 600, draws: 200, hottest: 25, rungs: 6 })
    for (const { ladder } of tuning) {
      const { temperatures, swapRates, roundTrips, barrier } = must(ladder, 'ladder')
      expect([temperatures.length, temperatures[0], temperatures[5]]).toEqual([6, 1, 25])
      expect(Math.max(...swapRates) - Math.min(...swapRates)).toBeLessThan(0.3)
      expect(barrier).toBeCloseTo(
        swapRates.reduce((sum, r) => sum + 1 - r, 0),
        12,
      )
      expect(roundTrips).toBeGreaterThan(2)
    }
    expect(warnings.map((w) => w.kind)).not.toContain('swaps')
  })

  it('warns where neighbours hardly swap', async () => {
    const text = 'axis i = 60\nstate s[i] : spin\nenergy -2 * sum[i](s)'
    const { warnings } = await drawn(text, {}, { chains: 2, warmup: 50, draws: 50, hottest: 1000, rungs: 2, keep: ['s'] })
    expect(warnings.map((w) => w.kind)).toContain('swaps')
  })
})

describe('chains of replica exchange', () => {
  const mixed = 'axis k = 2\ndata p[k]\ndata mu[k]\nstate z : k ~ categorical(p)\nstate x ~ normal(mu[z], 1)'
  const given = { data: { p: [0.6, 0.4], mu: [-3, 3] } }
  const options = { chains: 2, warmup: 60, draws: 40, rungs: 4, keep: ['z'] } as const
  const bytes = ({ draws }: SampleResult) => JSON.stringify(draws.chains.map((c) => [c.chain, [...c.values], [...c.statistics]]))

  it('are the same for the same seed, each whether there are others or not', async () => {
    const both = await drawn(mixed, given, options)
    expect(bytes(await drawn(mixed, given, options))).toBe(bytes(both))
    const one = await drawn(mixed, given, { ...options, chains: 1 })
    expect([...(one.draws.chains[0]?.values ?? [])]).toEqual([...(both.draws.chains[0]?.values ?? [])])
    expect(both.draws.chains[0]?.columns).toEqual(expect.arrayContaining(['lp__', 'moved__', 'stepsize__', 'replica__']))
  })

  it('go on bit for bit, from draws and from the middle of warm-up', async () => {
    const whole = await drawn(mixed, given, options)
    const first = await drawn(mixed, given, { ...options, draws: 15 })
    expect(bytes(await drawn(mixed, given, { ...options, resume: first.chains }))).toBe(bytes(whole))
    let looked = 0
    const signal = {
      get aborted() {
        looked += 1
        return looked > 30
      },
    }
    const broken = await drawn(mixed, given, { ...options, chains: 1, signal })
    expect(broken.outcomes[0]).toMatchObject({ kind: 'interrupted', sentence: expect.stringContaining('in warm-up') })
    const resumed = await drawn(mixed, given, { ...options, chains: 1, resume: broken.chains })
    expect([...(resumed.draws.chains[0]?.values ?? [])]).toEqual([...(whole.draws.chains[0]?.values ?? [])])
    expect(resumed.tuning[0]).toEqual(whole.tuning[0])
  })
})

describe('what replica exchange is refused for', () => {
  const told = async (text: string, options: SampleOptions) => {
    const { diagnostics } = await tempered(text, {}, { chains: 1, draws: 5, warmup: 5, ...options })
    return diagnostics.map((d) => `${d.code} ${d.message}`)
  }

  it('has a hottest temperature above the one of the draws, and two rungs', async () => {
    expect(await told('state x ~ normal(0, 1)', { hottest: 1 })).toEqual([
      'AMP640 The hottest temperature is 1, and the draws are at temperature 1: there is no ladder from the one to the other.',
    ])
    expect(await told('state x ~ normal(0, 1)', { rungs: 1 })).toEqual(['AMP640 A ladder of one temperature has no neighbours to swap.'])
  })

  it('says where the hottest temperature makes a density improper', async () => {
    const heavy = 'state x ~ student_t(3, 0, 1)'
    expect(await told(heavy, { hottest: 5 })).toEqual([
      'AMP603 At temperature 5, the hottest of the ladder, the density does not fall off as x goes to infinity: it cannot be normalised.',
    ])
    expect(await told(heavy, { hottest: 2 })).toEqual([])
  })

  it('has something to move', async () => {
    expect(await told('state z : bit\nenergy z', {})).toEqual(['AMP727 The option sampler has no effect: nothing is left to move.'])
    expect(await told('state z : bit\nenergy z', { keep: ['z'] })).toEqual([])
  })

  it('says which options have no effect', async () => {
    expect(await told('state x ~ normal(0, 1)', { sampler: 'nuts', hottest: 3, rungs: 4 })).toEqual([
      'AMP727 The option hottest has no effect: the sampler is nuts.',
      'AMP727 The option rungs has no effect: the sampler is nuts.',
    ])
  })
})

describe('a module', () => {
  const text = 'state x\nenergy -log(exp(-(x - 4)^2) + exp(-(x + 4)^2))'
  const importing = async (options: Parameters<typeof emit>[2]) => {
    const loaded = must(load({ name: 'm.amp', text }).value, 'model')
    const { module } = must((await emit(loaded, 'sample', options)).value, 'module')
    const made = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as {
      sample: (inputs: object, options: object) => SampleResult
    }
    return { module, sample: made.sample }
  }

  it('that was compiled for it draws by it, as in process', async () => {
    const run = { seed: 3, chains: 2, warmup: 60, draws: 30, rungs: 4 }
    const there = await importing({ sampler: 'tempering' })
    const own = there.sample({}, run)
    const here = await drawn(text, {}, run)
    expect(own.sampler).toBe('tempering of nuts')
    expect(own.draws.chains.map((c) => [...c.values])).toEqual(here.draws.chains.map((c) => [...c.values]))
    expect(own.tuning).toEqual(here.tuning)
    expect(there.sample({}, { ...run, sampler: 'nuts' }).sampler).toBe('nuts')
  })

  it('that was not does not carry it, and says how it would', async () => {
    const { module, sample: draw } = await importing({})
    expect(module).not.toContain('replica__')
    expect(() => draw({}, { sampler: 'tempering' })).toThrow(/compiled without it.*Compile it with --sampler tempering/)
  })
})

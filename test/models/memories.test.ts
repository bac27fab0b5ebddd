import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import {
  blend,
  dot,
  drawsOf,
  from,
  furthest,
  given,
  logSumExp,
  mean,
  model,
  retrieved,
  rows,
  sampled,
  softmax,
  table,
  value,
} from './gallery.ts'

// Statistical checks compare means with exact values at six standard errors: a false alarm in 2e-9 of checks, below 1e-6 for
// the at most two hundred of a test.
const SIX = 6

const normals = (count: number, seed: number): number[] => {
  const stream = new Stream(keyFromSeed(seed))
  return Array.from({ length: count }, () => stream.normal())
}
const digits = table('digits/digits.npy')
const square = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x).reduce((sum, v, i) => sum + (v - (y[i] as number)) ** 2, 0)

describe('kernel_density', () => {
  const loaded = model('kernel_density')
  const P = 784
  const stored = rows(digits).slice(0, 200)
  const memory = value(
    'xi',
    [stored.length, P],
    stored.flatMap((x) => [...x]),
  )

  it('completes digits whose lower half is hidden, and says which they were', async () => {
    const shown = [0, 17, 58, 99, 123, 199]
    const seen = shown.flatMap((i) => [...(stored[i] as Float64Array)].map((v, p) => (p < P / 2 ? v : Number.NaN)))
    const found = await retrieved(loaded, given([memory], { observed: [value('x', [6, P], seen)], cues: [from('x', 0.5)] }))
    found.forEach((r, k) => {
      const x = r.states.x?.data as Float64Array
      const original = stored[shown[k] as number] as Float64Array
      expect(r.outcome.kind).toBe('converged')
      expect([...x.slice(0, P / 2)]).toEqual([...original.slice(0, P / 2)])
      // At rest the hidden half is the mean of the stored ones under the responsibilities of all of x: mean shift.
      const weights = softmax(stored.map((xi) => -square(x, xi) / (2 * 0.25)))
      expect(furthest(x.slice(P / 2), blend(weights, stored).slice(P / 2))).toBeLessThan(1e-6)
      expect(furthest(r.responsibilities.end.which?.data ?? [], weights)).toBeLessThan(1e-9)
      expect(weights[shown[k] as number]).toBeGreaterThan(0.99)
    })
  })

  it('tells which memory produced an observed cue, at any temperature', async () => {
    const x = normals(P, 3).map((z, p) => 0.5 * ((stored[3]?.[p] as number) + (stored[8]?.[p] as number)) + 0.1 * z)
    for (const T of [1, 4, 16]) {
      const { responsibilities, draws } = await sampled(loaded, given([memory], { observed: [value('x', [P], x)] }), {
        temperature: T,
        draws: 2000,
        chains: 1,
      })
      const exact = softmax(stored.map((xi) => -square(x, xi) / (2 * 0.25 * T)))
      expect(furthest(responsibilities[0]?.mean ?? [], exact)).toBeLessThan(1e-12)
      const share = mean(Array.from(draws.chains[0]?.values ?? [], (w) => (w === 4 ? 1 : 0)))
      const p = exact[3] as number
      expect(Math.abs(share - p)).toBeLessThanOrEqual(SIX * Math.sqrt((p * (1 - p)) / 2000) + 1e-12)
    }
  })

  it('draws digits exactly: the moments of the mixture', async () => {
    const n = 1500
    const result = await sampled(loaded, given([memory]), { chains: 1, draws: n })
    expect(result.sampler).toBe('exact')
    for (const p of [100, 210, 350, 378, 406, 600]) {
      const centres = stored.map((xi) => xi[p] as number)
      const centre = mean(centres)
      const variance = mean(centres.map((c) => (c - centre) ** 2)) + 0.25
      const x = drawsOf(result, `x[${p + 1}]`)
      expect(Math.abs(mean(x) - centre)).toBeLessThan(SIX * Math.sqrt(variance / n))
      // The fourth moment of a mixture of normals of equal sd s about its mean: E d^4 + 6 s^2 E d^2 + 3 s^4.
      const fourth = mean(centres.map((c) => (c - centre) ** 4 + 6 * 0.25 * (c - centre) ** 2 + 3 * 0.0625))
      expect(Math.abs(mean(x.map((v) => (v - centre) ** 2)) - variance)).toBeLessThan(SIX * Math.sqrt((fourth - variance ** 2) / n))
    }
    // Pearson's statistic over 200 equally likely memories has mean 199 and sd sqrt(398); six of them, and its skew, below 360.
    const counts = new Float64Array(200)
    for (const w of drawsOf(result, 'which')) counts[w - 1] = (counts[w - 1] as number) + 1
    expect(counts.reduce((sum, c) => sum + (c - n / 200) ** 2 / (n / 200), 0)).toBeLessThan(360)
  })

  it.each([0.5, 3])('draws digits exactly at T = %d: each as often, with noise of variance 0.25 T', async (T) => {
    const n = 1500
    const result = await sampled(loaded, given([memory]), { temperature: T, chains: 1, draws: n })
    expect(result.sampler).toBe('exact')
    const which = drawsOf(result, 'which')
    const counts = new Float64Array(200)
    for (const w of which) counts[w - 1] = (counts[w - 1] as number) + 1
    // As above.
    expect(counts.reduce((sum, c) => sum + (c - n / 200) ** 2 / (n / 200), 0)).toBeLessThan(360)
    for (const p of [100, 378, 600]) {
      const off = Array.from(drawsOf(result, `x[${p + 1}]`), (v, i) => v - (stored[(which[i] as number) - 1]?.[p] as number))
      expect(Math.abs(mean(off))).toBeLessThan(SIX * Math.sqrt((0.25 * T) / n))
      expect(Math.abs(mean(off.map((v) => v * v)) - 0.25 * T)).toBeLessThan(SIX * 0.25 * T * Math.sqrt(2 / n))
    }
  })

  it('concentrates on the retrieved digit as it cools', async () => {
    const start = value(
      'x',
      [P],
      normals(P, 5).map((z, p) => (stored[42]?.[p] as number) + 0.5 * z),
    )
    const [still] = await retrieved(loaded, given([memory], { cues: [start] }))
    const end = still?.states.x?.data as Float64Array
    for (const T of [0.1, 0.01]) {
      const { draws } = await sampled(loaded, given([memory], { cues: [start] }), {
        sampler: 'langevin',
        temperature: T,
        chains: 1,
        warmup: 200,
        draws: 1,
      })
      const values = draws.chains[0]?.values as Float64Array
      const at = draws.names.indexOf('x[1]')
      // A normal of variance 0.25 T in 784 dimensions: the mean square distance a pixel is that within 5 sd of 5 %.
      const spread = square(values.slice(at, at + P), end) / P / (0.25 * T)
      expect(Math.abs(spread - 1)).toBeLessThan(5 * Math.sqrt(2 / P))
    }
  })
})

describe('modern_hopfield', () => {
  const loaded = model('modern_hopfield')
  const prototypes = rows(table('large_associative_memory/prototypes.csv'))
  const memory = from('xi', 'large_associative_memory/prototypes.csv')
  const beta = 30

  it('retrieves a prototype from a digit: one step is attention, the end its fixed point', async () => {
    const cues = rows(table('large_associative_memory/cues.csv'))
    const values = given([memory, from('beta', beta)], { cues: [from('x', 'large_associative_memory/cues.csv')] })
    const attend = (x: ArrayLike<number>): number[] => blend(softmax(prototypes.map((xi) => beta * dot(xi, x))), prototypes)
    const once = await retrieved(loaded, values, { maxSteps: 1 })
    for (const [i, r] of once.entries()) expect(furthest(r.states.x?.data ?? [], attend(cues[i] as Float64Array))).toBeLessThan(1e-12)
    const ends = await retrieved(loaded, values)
    const classes = ends.map((r) => {
      const x = r.states.x?.data as Float64Array
      expect(furthest(x, attend(x))).toBeLessThan(1e-7)
      const scores = prototypes.map((xi) => dot(xi, x))
      expect(r.energy).toBeCloseTo(-logSumExp(scores.map((s) => beta * s)) / beta + dot(x, x) / 2, 10)
      return scores.indexOf(Math.max(...scores))
    })
    // The first 5 of the collection looks more like the mean 3.
    expect(classes).toEqual([0, 1, 2, 3, 4, 3, 6, 7, 8, 9])
  })

  it('at T = 1/beta is a Gaussian mixture with the stored patterns as means', async () => {
    // Three points in the plane, of unequal norm, so that weights exp(beta |xi|^2 / 2) matter.
    const points = [
      [0, 0],
      [1, 0.5],
      [-0.5, 1.2],
    ]
    const b = 2
    const weights = softmax(points.map((p) => (b * dot(p, p)) / 2))
    const result = await sampled(loaded, given([value('xi', [3, 2], points.flat()), from('beta', b)]), { temperature: 1 / b, draws: 5000 })
    for (const [d, name] of ['x[1]', 'x[2]'].entries()) {
      const row = result.summary.find((r) => r.name === name)
      const centre = weights.reduce((s, w, i) => s + w * (points[i]?.[d] as number), 0)
      const second = weights.reduce((s, w, i) => s + w * ((points[i]?.[d] as number) ** 2 + 1 / b), 0)
      expect(Math.abs((row?.mean ?? Number.NaN) - centre)).toBeLessThan(SIX * (row?.mcse_mean ?? 0))
      expect(Math.abs((row?.sd ?? Number.NaN) - Math.sqrt(second - centre ** 2))).toBeLessThan(SIX * (row?.mcse_mean ?? 0))
    }
  })
})

describe('large_associative_memory', () => {
  const loaded = model('large_associative_memory')
  const prototypes = rows(table('large_associative_memory/prototypes.csv'))
  const values = given([from('xi', 'large_associative_memory/prototypes.csv'), from('beta', 30)], {
    cues: [from('v', 'large_associative_memory/cues.csv')],
  })

  it('loses energy all the way, and rests where the modern Hopfield network does', async () => {
    const ends = await retrieved(loaded, values)
    const other = await retrieved(
      model('modern_hopfield'),
      given([from('xi', 'large_associative_memory/prototypes.csv'), from('beta', 30)], {
        cues: [from('x', 'large_associative_memory/cues.csv')],
      }),
    )
    ends.forEach((r, i) => {
      expect(r.outcome.kind).toBe('converged')
      for (const [k, e] of r.trace.slice(1).entries()) expect(e).toBeLessThanOrEqual((r.trace[k] as number) + 1e-9)
      const v = r.states.v?.data as Float64Array
      expect(furthest(v, blend(softmax(prototypes.map((xi) => 30 * dot(xi, v))), prototypes))).toBeLessThan(1e-6)
      expect(furthest(v, other[i]?.states.x?.data ?? [])).toBeLessThan(1e-5)
      expect(
        furthest(
          r.states.h?.data ?? [],
          prototypes.map((xi) => dot(xi, v)),
        ),
      ).toBeLessThan(1e-6)
    })
  })

  it('has no density in all its states: raising every hidden neuron alike changes nothing, and a sampler says that it drifts', async () => {
    const { warnings } = await sampled(loaded, given(values.fixed), { chains: 4, warmup: 100, draws: 100, depth: 6 })
    expect(warnings.some((w) => /h\[\d+\]/.test(w.sentence))).toBe(true)
  })
})

describe('sphere_clustering', () => {
  const loaded = model('sphere_clustering')
  const tokens = rows(table('sphere_clustering/tokens.csv'))
  const kappa = 60
  const fixed = [from('key', 'sphere_clustering/tokens.csv'), from('kappa', kappa)]
  const unit = (x: readonly number[]): number[] => x.map((v) => v / Math.hypot(...x))
  const attend = (x: ArrayLike<number>): number[] => unit(blend(softmax(tokens.map((k) => kappa * dot(k, x))), tokens))

  it('steps by attention and normalisation, to a unit vector that attends to itself', async () => {
    const cue = from('x', 'sphere_clustering/cue.csv')
    const [once] = await retrieved(loaded, given(fixed, { cues: [cue] }), { maxSteps: 1 })
    expect(furthest(once?.states.x?.data ?? [], attend(table('sphere_clustering/cue.csv').data))).toBeLessThan(1e-9)
    const [end] = await retrieved(loaded, given(fixed, { cues: [cue] }))
    const x = end?.states.x?.data as Float64Array
    expect(Math.hypot(...x)).toBeCloseTo(1, 12)
    expect(furthest(x, attend(x))).toBeLessThan(1e-7)
  })

  it('tells which token an observed digit is like', async () => {
    const { responsibilities } = await sampled(loaded, given(fixed, { observed: [from('x', 'sphere_clustering/cue.csv')] }), {
      chains: 1,
      draws: 1,
    })
    const x = table('sphere_clustering/cue.csv').data
    expect(furthest(responsibilities[0]?.mean ?? [], softmax(tokens.map((k) => kappa * dot(k, x))))).toBeLessThan(1e-9)
  })

  it('draws unit vectors whose mean is the keys shrunk by a ratio of Bessel functions', async () => {
    const n = 2000
    const result = await sampled(loaded, given(fixed), { chains: 1, draws: n })
    expect(result.sampler).toBe('exact')
    // E[x] = A(kappa) key with A = I_{d/2}(kappa) / I_{d/2-1}(kappa), by Gauss' continued fraction 1/(d/kappa + 1/((d+2)/kappa + ...)).
    const d = 196
    let ratio = 0
    for (let k = 200; k >= 0; k -= 1) ratio = 1 / ((d + 2 * k) / kappa + ratio)
    const centre = blend(
      tokens.map(() => 1 / tokens.length),
      tokens,
    )
    // A coordinate has at most a variance of its own below E[x_i^2] <= 1; the observed one sets the error.
    for (let p = 0; p < d; p += 7) {
      const x = drawsOf(result, `x[${p + 1}]`)
      const own = mean(x)
      const error = Math.sqrt(mean(x.map((v) => (v - own) ** 2)) / n)
      expect(Math.abs(own - ratio * (centre[p] as number))).toBeLessThan(SIX * error)
    }
    const { names, chains } = result.draws
    const values = chains[0]?.values ?? new Float64Array(0)
    const along = drawsOf(result, 'z').map((z, i) => {
      const first = i * names.length + names.indexOf('x[1]')
      return dot(tokens[z - 1] as Float64Array, values.subarray(first, first + d))
    })
    const sd = Math.sqrt(mean(along.map((a) => (a - mean(along)) ** 2)))
    expect(Math.abs(mean(along) - ratio)).toBeLessThan((SIX * sd) / Math.sqrt(n))
  })
})

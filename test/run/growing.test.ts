import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { readGrowing } from '../../src/compile/random/growing.ts'
import { logPartition } from '../../src/families/processes/partitions.ts'
import { processes } from '../../src/families/processes/table.ts'
import { type AssignBy, type Growing, noElements, openGrowing } from '../../src/run/growing.ts'
import { kernel } from '../../src/targets/kernel.ts'

const text = readFileSync(new URL('../language/dp_memory.amp', import.meta.url), 'utf8')

interface Options {
  readonly text?: string
  readonly assign?: AssignBy
  readonly alpha?: number
  readonly discount?: number
  readonly values?: Readonly<Record<string, readonly number[]>>
  readonly sizes?: Readonly<Record<string, number>>
}

function growing({
  text: own = text,
  assign = 'map',
  alpha = 1,
  discount = 0,
  values = { sigma: [0.5] },
  sizes = { dim: 2 },
}: Options): Growing {
  const { value, diagnostics } = load({ name: 'm.amp', text: own })
  const { energy } = must(value, JSON.stringify(diagnostics))
  const program = readGrowing(energy, must(energy.opened[0], 'opened axis'))
  const law = { ...processes.dp.law([alpha], 0), discount }
  return openGrowing(program, kernel, {
    ...{ sizes, law, assign, elements: noElements(program), stream: new Stream(keyFromSeed(5)) },
    values: new Map(Object.entries(values).map(([name, data]) => [name, Float64Array.from(data)])),
  })
}

function write(memory: Growing, patterns: readonly (readonly number[])[]): readonly number[] {
  return patterns.map((x, i) => {
    must(memory.state('x'), 'x').set(x)
    return memory.step(i + 1)
  })
}

/** The log density of patterns of one mean ~ normal(0, 5), each around it by 0.5: of jointly normal numbers in each dimension. */
function marginal(patterns: readonly (readonly number[])[]): number {
  const [n, noise, prior] = [patterns.length, 0.25, 25]
  return [0, 1].reduce((all, d) => {
    const xs = patterns.map((x) => must(x[d], 'x'))
    const [sum, square] = [xs.reduce((a, b) => a + b, 0), xs.reduce((a, b) => a + b * b, 0)]
    const logDet = (n - 1) * Math.log(noise) + Math.log(noise + n * prior)
    const form = square / noise - (prior * sum * sum) / (noise * (noise + n * prior))
    return all - (n * Math.log(2 * Math.PI) + logDet + form) / 2
  }, 0)
}

const stream = (name: string): Stream => new Stream(fold(keyFromSeed(11), name))

describe('one pattern after the other', () => {
  test.each([
    0, 0.4,
  ])('chosen elements are as likely as their partition and what it says of the patterns, in any order (d = %d)', (discount) => {
    const random = stream('order')
    const patterns = Array.from({ length: 8 }, () => [1.5 * random.normal(), 1.5 * random.normal()])
    const law = { discount, concentration: 1.3 }
    for (const order of [patterns, patterns.toReversed(), patterns.toSorted()]) {
      const memory = growing({ assign: 'sample', alpha: law.concentration, discount })
      let sum = 0
      const chosen = order.map((x, i) => {
        must(memory.state('x'), 'x').set(x)
        const k = memory.step(i + 1)
        sum += memory.logDensity() + Math.log(must(memory.shares()[k], 'share'))
        return k
      })
      const blocks = [...new Set(chosen)].map((k) => order.filter((_, i) => chosen[i] === k))
      expect(blocks.length).toBeGreaterThan(1)
      const joint = logPartition(law, blocks.map((b) => b.length)) + blocks.reduce((all, b) => all + marginal(b), 0) // biome-ignore format: one thought
      // Rounding of a hundred logs.
      expect(Math.abs(sum - joint)).toBeLessThan(1e-10)
    }
  })

  test('elements have the sums of what they took', () => {
    const memory = growing({})
    const patterns = [[0, 0], [9, 9], [0.5, -0.25], [9.5, 8]] // biome-ignore format: one thought
    expect(write(memory, patterns)).toEqual([0, 1, 0, 1])
    const { counts, parameters, names } = memory.elements()
    expect([...counts]).toEqual([2, 2])
    expect([...names]).toEqual([1, 2])
    expect([...must(parameters.get('linear stored of mu'), 'linear')]).toEqual([2, -1, 74, 68])
    expect(must(parameters.get('precision stored of mu'), 'precision')[0]).toBeCloseTo(8.04, 12)
  })

  test('a pattern that comes again opens nothing once its element has five (alpha <= 5)', () => {
    for (const alpha of [0.1, 1, 5]) {
      const memory = growing({ alpha, values: { sigma: [0.5] } })
      const random = stream('again')
      for (let c = 0; c < 4; c += 1) {
        const x = [20 * c + random.normal(), random.normal()]
        // Whatever it takes to have five.
        for (let i = 0; i < 5; i += 1) write(memory, [x])
        const before = memory.count()
        for (let i = 0; i < 20; i += 1) write(memory, [x])
        expect(memory.count()).toBe(before)
      }
    }
  })

  test('a pattern that nothing can have made is refused, and changes nothing', () => {
    const memory = growing({
      text: 'axis cluster ~ dp(1)\nmemory rate[cluster] : positive ~ gamma(2, 1)\nstate z : cluster\nstate x : count ~ poisson(rate[z])',
      values: {},
      sizes: {},
    })
    expect(write(memory, [[3], [-1], [4]])).toEqual([0, -1, 0])
    expect([...memory.elements().counts]).toEqual([2])
  })
})

describe('clusters', () => {
  test('a new element is opened beyond the stated distance', () => {
    // s^2 (|x|^2 / S^2 + 2 log(N / alpha) + D log(S^2 / s^2)), with s^2 and S^2 the variances of what the element and a new one predict.
    const [alpha, sigma, count] = [0.7, 0.5, 3]
    const centre = [2, -1]
    const [precision, wide] = [1 / 25 + count / sigma ** 2, 25 + sigma ** 2]
    const narrow = sigma ** 2 + 1 / precision
    const mean = centre.map((c) => (count * c) / sigma ** 2 / precision)
    const beyond = (x: readonly number[]): boolean => {
      const [size, distance] = [x.reduce((s, v) => s + v * v, 0), x.reduce((s, v, i) => s + (v - must(mean[i], 'mean')) ** 2, 0)]
      return distance > narrow * (size / wide + 2 * Math.log(count / alpha) + 2 * Math.log(wide / narrow))
    }
    for (const angle of [0, 1, 2, 3, 4, 5, 6]) {
      const at = (r: number): number[] => [must(mean[0], 'mean') + r * Math.cos(angle), must(mean[1], 'mean') + r * Math.sin(angle)]
      let [near, far] = [0, 30]
      while (far - near > 1e-9) [near, far] = beyond(at((near + far) / 2)) ? [near, (near + far) / 2] : [(near + far) / 2, far]
      for (const [r, taken] of [[near - 1e-7, 0], [far + 1e-7, 1]] as const) // biome-ignore format: one thought
        expect(write(growing({ alpha }), [centre, centre, centre, at(r)])[3]).toBe(taken)
    }
  })

  test('with small noise, and alpha that goes with it, it is DP-means of that threshold', () => {
    // Kulis and Jordan 2012: alpha = (1 + rho / sigma^2)^(D / 2) exp(-lambda / (2 sigma^2)) makes lambda the cost of a new mean as sigma goes
    // to 0. That of an old one is by how much the sum of squares rises, n / (n + 1) of the squared distance: a predictive density
    // knows that the mean of n patterns is not certain.
    const [lambda, sigma] = [4, 0.08]
    const alpha = (1 + 25 / sigma ** 2) * Math.exp(-lambda / (2 * sigma ** 2))
    const random = stream('means')
    const means: { sum: number[]; n: number }[] = []
    const [patterns, expected]: [number[][], number[]] = [[], []]
    while (patterns.length < 60) {
      const x = [4 * random.normal(), 4 * random.normal()]
      const costs = [lambda, ...means.map(({ sum, n }) => (n / (n + 1)) * x.reduce((s, v, i) => s + (v - must(sum[i], 'sum') / n) ** 2, 0))]
      const [least = 0, second = 9] = costs.toSorted((p, q) => p - q)
      // What is left of the logs of counts at this sigma is 2 sigma^2 log(60) = 0.05.
      if (second - least < 0.1) continue
      const nearest = costs.indexOf(least) === 0 ? means.length : costs.indexOf(least) - 1
      const own = means[nearest] ?? { sum: [0, 0], n: 0 }
      means[nearest] = { sum: own.sum.map((s, i) => s + must(x[i], 'x')), n: own.n + 1 }
      patterns.push(x)
      expected.push(nearest)
    }
    expect(write(growing({ alpha, values: { sigma: [sigma] } }), patterns)).toEqual(expected)
    expect(means.length).toBeGreaterThan(5)
  })

  test('five on a ring are found, with few elements more (mean of 5 streams of 300 patterns)', () => {
    const random = stream('ring')
    let [score, count] = [0, 0]
    for (let i = 0; i < 5; i += 1) {
      const { patterns, labels } = ring(random, 300)
      const memory = growing({ values: { sigma: [0.55] } })
      score += agreement(labels, write(memory, patterns)) / 5
      count += memory.count() / 5
    }
    expect(score).toBeGreaterThan(0.97)
    expect(count).toBeGreaterThanOrEqual(5)
    expect(count).toBeLessThanOrEqual(6.5)
  })
})

/** Five clusters on a ring of radius 5. */
function ring(random: Stream, count: number): { readonly patterns: number[][]; readonly labels: number[] } {
  const labels = Array.from({ length: count }, () => random.integer(5))
  const patterns = labels.map((c) => [5 * Math.cos((2 * Math.PI * c) / 5) + 0.55 * random.normal(), 5 * Math.sin((2 * Math.PI * c) / 5) + 0.55 * random.normal()]) // biome-ignore format: one thought
  return { patterns, labels }
}

/** Normalised mutual information, over the mean of the entropies. */
function agreement(a: readonly number[], b: readonly number[]): number {
  const entropy = (labels: readonly (number | string)[]): number => {
    const counts = new Map<number | string, number>()
    for (const l of labels) counts.set(l, (counts.get(l) ?? 0) + 1)
    return [...counts.values()].reduce((sum, c) => sum - (c / labels.length) * Math.log(c / labels.length), 0)
  }
  const [own, other] = [entropy(a), entropy(b)]
  const together = entropy(a.map((l, i) => `${l} ${b[i]}`))
  return (2 * (own + other - together)) / (own + other)
}

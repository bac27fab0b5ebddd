import { describe, expect, test } from 'vitest'
import { retrievalFrom } from '../../src/api/pipeline.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { reference } from '../../src/targets/reference.ts'
import { energyOf, sizesOf, total } from './models.ts'

const at = (expression: string, values: Readonly<Record<string, number>>): number => {
  const names = Object.keys(values)
  const text = `model t\n${names.map((n) => `data ${n}`).join('\n')}\nenergy ${expression}\n`
  return total(energyOf(text), {}, Object.fromEntries(names.map((n) => [n, [values[n] as number]])))
}
const entropy = (x: number): number => (x === 0 ? 0 : x * Math.log(x))

describe('a quantity times its own logarithm is 0 where it is 0', () => {
  test.each([
    ['x * log(x)', 0],
    ['log(x) * x', 0],
    ['-x * log(x)', 0],
    ['2 * x * log(x) * y', 0],
    ['y * log(x) * x', 0],
    ['x / y * log(x)', 0],
    ['x^2 * log(x)', 0],
    ['sqrt(x) * log(x)', 0],
    ['x * log(3 * x)', 0],
    ['x * log(x / y)', 0],
    ['x * log(x * y)', 0],
    ['x * log(x / x)', 0],
    ['x * (log(x) - log(y))', 0],
    ['x * (1 + log(x))', 0],
    ['(log(x) - log(x) - 2) * x', 0],
    ['x * logit(x)', 0],
    ['(1 - z) * log(1 - z)', 0],
    ['(1 - z) * log1p(-z)', 0],
    ['z * log(z) + (1 - z) * log(1 - z)', 0],
    ['xlogy(x, x)', 0],
    ['xlogy(x, 1 / x)', 0],
  ])('%s', (expression, value) => {
    expect(at(expression, { x: 0, y: 3, z: 1 })).toBeCloseTo(value, 14)
  })

  test.each([
    ['x * log(x)', entropy],
    ['-x * (log(x) - log(0.25))', (x: number) => -entropy(x) + x * Math.log(0.25)],
    ['(1 - x) * log(1 - x)', (x: number) => entropy(1 - x)],
    ['x * log(4 * x) * x', (x: number) => x * entropy(x) + x * x * Math.log(4)],
    ['xlogy(3 * x, x)', (x: number) => 3 * entropy(x)],
    ['xlogy(x, 3 + x)', (x: number) => x * Math.log(3 + x)],
  ] as const)('and elsewhere what it says: %s', (expression, right) => {
    for (const x of [0.2, 0.75]) expect(at(expression, { x })).toBeCloseTo(right(x), 14)
  })

  test('the logarithm of something else stays what it is', () => {
    expect(at('x * log(y)', { x: 0, y: 0 })).toBeNaN()
    expect(at('(1 - x) * log(x)', { x: 0 })).toBe(-Infinity)
    expect(at('x * log(y)', { x: 2, y: 0 })).toBe(-Infinity)
    expect(at('x * log(1 - x)', { x: 1 })).toBe(-Infinity)
    expect(at('xlogy(x, y)', { x: 0, y: 0 })).toBe(0)
    expect(at('xlogy(x, y)', { x: 2, y: 0 })).toBe(-Infinity)
  })

  test('sums of hundreds and products of a hundred are no deeper than before', () => {
    const sum = Array.from({ length: 400 }, () => 'x').join(' + ')
    expect(at(`(${sum}) * log(x)`, { x: 2 })).toBeCloseTo(800 * Math.log(2), 10)
    expect(at(`log(x) * ${Array.from({ length: 100 }, () => 'x').join(' * ')}`, { x: 1 })).toBe(0)
  })
})

describe.each([
  ['kernel', kernel],
  ['reference', reference],
] as const)('energy and gradient at saturation (%s)', (_name, target) => {
  /** Energy and gradient at a coordinate. */
  function look(text: string, sizes: Readonly<Record<string, number>>, coordinate: readonly number[]): readonly number[] {
    const { value } = retrievalFrom(energyOf(text))
    if (value === undefined) throw new Error('no program')
    const made = target(value.graph, sizesOf(value.axes, sizes))
    made.inputs.get('coordinate:x')?.set(coordinate)
    made.run()
    return ['energy', 'gradient:x'].flatMap((port) => [...(made.outputs.get(port) ?? [])])
  }

  test('of a probability: u = 40 is where the minimum of the binary entropy less 40 x lies', () => {
    const text = 'state x : probability\nenergy x * log(x) + (1 - x) * log(1 - x) - 40 * x\n'
    // E(u) = -H(s) - 40 s with s = 1 / (1 + e^-u), and dE/du = (u - 40) s (1 - s).
    for (const u of [-800, -40, 0, 3, 36, 40, 44, 800, Infinity, -Infinity]) {
      const [s, r] = [1 / (1 + Math.exp(-u)), 1 / (1 + Math.exp(u))]
      const [energy, slope] = look(text, {}, [u]) as [number, number]
      expect(energy).toBeCloseTo(entropy(s) + entropy(r) - 40 * s, 12)
      const right = s * r === 0 ? 0 : (u - 40) * s * r
      // Logarithms are good to 2e-16 of 40 beside the difference.
      expect(Math.abs(slope - right)).toBeLessThanOrEqual(1e-14 * s * r * 80)
    }
  })

  test('of a softmax with zeros: logits apart by more than doubles have exponents for', () => {
    const text = 'axis k = 3\nstate x[k]\nlet p = softmax[k](x)\nenergy sum[k](p * log(p)) + sum[k](p * (log(p) - log(index(k))))\n'
    const x = [0, 1, -2000]
    const z = Math.log(1 + Math.E)
    const p = x.map((v) => Math.exp(v - z))
    const kl = p.map((v, k) => 2 * entropy(v) - v * Math.log(k + 1))
    const [energy, ...slopes] = look(text, {}, x)
    expect(energy).toBeCloseTo(
      kl.reduce((a, b) => a + b),
      14,
    )
    const h = 1e-6
    const moved = (by: number, k: number): number =>
      look(
        text,
        {},
        x.map((v, i) => (i === k ? v + by : v)),
      )[0] as number
    // Central differences with h = 1e-6 are good to 1e-10 here.
    slopes.forEach((slope, k) => {
      expect(slope).toBeCloseTo((moved(h, k) - moved(-h, k)) / (2 * h), 8)
    })
    expect(slopes[2]).toBe(0)
  })

  test('at 0 itself the slope is steep and a number', () => {
    const text = 'state x : nonnegative\nenergy x * log(x) - x\n'
    const [energy, slope] = look(text, {}, [0]) as [number, number]
    expect(energy).toBe(0)
    expect(slope).toBeLessThan(-700)
    expect(slope).toBeGreaterThan(-800)
    expect((look(text, {}, [0.5]) as [number, number])[1]).toBeCloseTo(Math.log(0.5), 14)
  })
})

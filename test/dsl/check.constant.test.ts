import { describe, expect, test } from 'vitest'
import { Draw, energyOf, total } from '../compile/models.ts'
import { diagnose, pointed } from './checking.ts'

const declarations = `param W[neuron, other]
axis other = size(neuron)
param h[neuron]
axis k = 3
state s[neuron] : spin
state b[neuron] : bit
state x[neuron]
state p[k] : simplex[k]
state u[k] : unit[k]
state z[neuron] : k
param a[k]
`
const sizes = { neuron: 4, other: 4 }

/** The energy at random values of everything. */
function energyAt(expression: string, seed: number): number {
  const draw = new Draw(seed)
  const [w, v] = [draw.positives('p', 3), draw.normals('u', 3)]
  const [sum, norm] = [w.reduce((q, r) => q + r), Math.hypot(...v)]
  const still = new Draw(1)
  const values = {
    W: still.normals('W', 16),
    h: still.normals('h', 4),
    a: still.normals('a', 3),
    s: draw.spins('s', 4),
    b: draw.spins('b', 4).map((q) => (q + 1) / 2),
    x: draw.normals('x', 4),
    p: w.map((q) => q / sum),
    u: v.map((q) => q / norm),
    z: draw.integers('z', 4, 3),
  }
  return total(energyOf(`${declarations}energy ${expression}\n`), sizes, values)
}

function warned(expression: string): readonly string[] {
  return pointed(`${declarations}energy ${expression}\n`).filter((d) => d.startsWith('AMP230'))
}

describe('a term that no state changes is reported', () => {
  test.each([
    '-sum[neuron, other](s * W * s) / 2',
    '-sum[neuron, other](W * s^2)',
    'sum[neuron](h * s * h / s)',
    'sum[neuron](abs(3 * s))',
    'sum[neuron](s^4)',
    'sum[neuron](b * b - b)',
    'sum[neuron](b^3 * s^2 - b)',
    'sum[neuron](x - x)',
    'sum[neuron]((x + s) * (x - s) - x^2)',
    'sum[neuron](x / x)',
    'sum[neuron](0 * x)',
    'sum[neuron](softmax[neuron](x))',
    'sum[neuron, other](W[neuron -> other, other -> neuron] * s * s)',
    'sum[k](p)',
    'sum[k](u^2)',
    'norm[k](u)',
    'norm[neuron](s)',
    'norm[neuron](normalize[neuron](x))',
    's[neuron = 1] * s[neuron = 1]',
    'mean[neuron](max(x, x)) - mean[neuron](x)',
    'sum[neuron](where(x > 0, h, h))',
  ])('%s', (expression) => {
    expect(warned(expression)).toEqual([`AMP230 ${expression}`])
    const found = [2, 3, 4].map((seed) => energyAt(expression, seed))
    for (const energy of found) expect(energy).toBeCloseTo(found[0] as number, 10)
  })

  test('also in a part of the energy, in a let and by way of a def', () => {
    expect(warned('sum[neuron](h * s) - sum[neuron, other](s * W * s) / 2 + sum[neuron](x^2)')).toEqual([
      'AMP230 sum[neuron, other](s * W * s) / 2',
    ])
    expect(warned('-2 * (sum[neuron](h * s) + sum[k](p))')).toEqual(['AMP230 sum[k](p)'])
    expect(warned('sum[neuron](h * s * s + x * s)')).toEqual(['AMP230 h * s * s'])
    expect(warned('pairs(s)\ndef pairs(v) = sum[neuron, other](v * W * v)')).toEqual(['AMP230 pairs(s)'])
    expect(warned('e\nlet e = sum[neuron, other](s * W * s)')).toEqual(['AMP230 e'])
  })

  test('the hint has the renaming', () => {
    const [found] = diagnose(`${declarations}energy sum[neuron, other](s * W * s)\n`).filter((d) => d.code === 'AMP230')
    expect(found?.hint).toContain('s[neuron -> other]')
  })
})

describe('a term that a state changes is not', () => {
  test.each([
    '-sum[neuron, other](s * W * s[neuron -> other]) / 2',
    'sum[neuron](h * s)',
    'sum[neuron](s^3 * h)',
    'sum[neuron](b * b * h)',
    'sum[neuron](s * b * s * h)',
    'sum[neuron](s * s[neuron = 1] * h)',
    'sum[neuron](s * x * s)',
    'sum[neuron](softmax[neuron](x) * h)',
    'sum[neuron](softmax[neuron](x)^2)',
    'sum[k](p * a)',
    'sum[k](p^2)',
    'sum[k](u)',
    'sum[neuron](a[z])',
    'sum[neuron](p[z])',
    'sum[neuron](x - x[neuron -> other][other = 1])',
    'sum[neuron](where(x > 0, h, -h))',
    'sum[neuron](s * s[neuron = neuron - 1])',
    'norm[neuron](x)',
    'sum[neuron](abs(x))',
  ])('%s', (expression) => {
    expect(warned(expression)).toEqual([])
    const found = [2, 3, 4, 5, 6, 7].map((seed) => energyAt(expression, seed))
    expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(1e-6)
  })

  test('what names no state is no trouble, and neither is a large sum', () => {
    expect(warned('sum[neuron](h - h) + sum[neuron](x)')).toEqual([])
    const many = Array.from({ length: 400 }, (_, i) => `${i + 1} * x^2`).join(' + ')
    expect(warned(`sum[neuron](${many})`)).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { density, flat, type MatrixFamily, type Nested } from './matrices.ts'

type Row = readonly [x: Nested, args: readonly Nested[], logDensity: number]

const table = JSON.parse(readFileSync(new URL('./reference-matrices.json', import.meta.url), 'utf8')) as Record<MatrixFamily, Row[]>
const names = Object.keys(table) as MatrixFamily[]

describe.each(names)('%s', (name) => {
  const f = density(name)

  test('has the log density of scipy', () => {
    for (const [x, args, wanted] of table[name]) {
      const { value } = f(x, args)
      // 1e-10: the matrices have condition numbers up to a thousand, by which rounding of 1e-16 grows, in scipy too.
      expect(Math.abs(value - wanted), `${JSON.stringify(x)} | ${JSON.stringify(args)}: ${value}, wanted ${wanted}`).toBeLessThanOrEqual(
        1e-10 * (1 + Math.abs(wanted)),
      )
    }
  })

  test('has the gradients of differences', () => {
    for (const [x, args] of table[name].filter(([x]) => flat(x).length <= 9)) {
      const { gradient } = f(x, args)
      const whole = [x, ...args]
      whole.forEach((part, k) => {
        flat(part).forEach((v, i) => {
          const h = 1e-5 * Math.max(1, Math.abs(v))
          const at = (step: number): number => {
            const [left, ...right] = whole.map((p, j) => (j === k ? moved(p, i, step) : p)) as [Nested, ...Nested[]]
            return f(left, right).value
          }
          // A factor of a correlation matrix leaves its support when one element moves alone.
          if (name === 'lkj_cholesky' && k === 0) return
          const wanted = (at(h) - at(-h)) / (2 * h)
          // h^2 = 1e-10 times third derivatives, which inverses of the smallest eigenvalue make large.
          expect(Math.abs((gradient[k]?.[i] as number) - wanted), `by element ${i} of ${k} at ${JSON.stringify(whole)}`).toBeLessThan(
            2e-5 * (1 + Math.abs(wanted)),
          )
        })
      })
    }
  })
})

/** The same array with one number moved. */
function moved(x: Nested, at: number, by: number): Nested {
  let k = -1
  const copy = (y: Nested): Nested => {
    if (typeof y !== 'number') return y.map(copy)
    k += 1
    return k === at ? y + by : y
  }
  return copy(x)
}

/** The integral over the line by the trapezoid rule in t, x = sinh t: for tails that fall like powers too. */
function overLine(f: (x: number) => number, h: number, reach: number): number {
  let sum = 0
  for (let t = -reach; t <= reach; t += h) sum += h * Math.cosh(t) * f(Math.sinh(t))
  return sum
}

/** Over the positive half line, x = exp t. */
function overHalf(f: (x: number) => number, h: number, low: number, high: number): number {
  let sum = 0
  for (let t = low; t <= high; t += h) sum += h * Math.exp(t) * f(Math.exp(t))
  return sum
}

describe('total probability is 1', () => {
  const p = (name: MatrixFamily) => {
    const f = density(name)
    return (x: Nested, args: readonly Nested[]): number => Math.exp(f(x, args).value)
  }
  const sigma = [
    [1.3, 0.4],
    [0.4, 0.8],
  ]

  // The trapezoid rule converges faster than any power for these smooth integrands: 1e-6 is what the cut-off tails leave.
  test('of multi_normal in two dimensions', () => {
    const f = p('multi_normal')
    expect(overLine((a) => overLine((b) => f([a, b], [[0.3, -0.2], sigma]), 0.12, 3), 0.12, 3)).toBeCloseTo(1, 6)
  })

  test('of multi_student_t in two dimensions', () => {
    const f = p('multi_student_t')
    expect(overLine((a) => overLine((b) => f([a, b], [6.5, [0.3, -0.2], sigma]), 0.16, 6), 0.16, 6)).toBeCloseTo(1, 6)
  })

  test('of lkj_cholesky over the correlation of two', () => {
    const f = p('lkj_cholesky')
    for (const eta of [0.8, 1, 3.5]) {
      // r = tanh t takes the ends away, where the density may be infinite.
      const at = (t: number): number => {
        const [r, rest] = [Math.tanh(t), 1 / Math.cosh(t)]
        return (
          rest ** 2 *
          f(
            [
              [1, 0],
              [r, rest],
            ],
            [eta],
          )
        )
      }
      let sum = 0
      for (let t = -17; t <= 17; t += 0.05) sum += 0.05 * at(t)
      expect(sum).toBeCloseTo(1, 6)
    }
  })

  test('of lkj_cholesky over the three correlations of three', () => {
    const f = p('lkj_cholesky')
    // The last row's free elements are b and c sqrt(1 - b^2), in the unit disk.
    const n = 24
    let sum = 0
    for (let i = 0; i < n; i += 1) {
      const [a, wa] = chebyshev(i, n)
      for (let j = 0; j < n; j += 1) {
        const [b, wb] = chebyshev(j, n)
        for (let k = 0; k < n; k += 1) {
          const [c, wc] = chebyshev(k, n)
          const rest = Math.sqrt(1 - b * b)
          const x = [
            [1, 0, 0],
            [a, Math.sqrt(1 - a * a), 0],
            [b, c * rest, rest * Math.sqrt(1 - c * c)],
          ]
          sum += wa * wb * wc * rest * f(x, [2])
        }
      }
    }
    // Odd powers of roots at the ends of the intervals leave 1e-3 at 24 nodes.
    expect(sum).toBeCloseTo(1, 3)
  })

  test('of the Wishart densities in one dimension', () => {
    for (const name of ['wishart', 'inverse_wishart'] as const) {
      const f = p(name)
      expect(overHalf((w) => f([[w]], [3.4, [[0.7]]]), 0.05, -30, 20)).toBeCloseTo(1, 6)
    }
  })

  test('of the Wishart densities in two dimensions', () => {
    for (const name of ['wishart', 'inverse_wishart'] as const) {
      const f = p(name)
      // w21 = r sqrt(w11 w22) with r = tanh t.
      const inner = (a: number, b: number): number => {
        let sum = 0
        const scale = Math.sqrt(a * b)
        for (let t = -6; t <= 6; t += 0.25) {
          const c = Math.tanh(t) * scale
          sum +=
            (0.25 *
              scale *
              f(
                [
                  [a, c],
                  [c, b],
                ],
                [7.4, sigma],
              )) /
            Math.cosh(t) ** 2
        }
        return sum
      }
      // 1e-4: steps of 0.25 in three logs of a smooth density.
      expect(overHalf((a) => overHalf((b) => inner(a, b), 0.25, -7, 5), 0.25, -7, 5)).toBeCloseTo(1, 4)
    }
  })

  test('of matrix_normal over one row of two', () => {
    const f = p('matrix_normal')
    expect(overLine((a) => overLine((b) => f([[a, b]], [[[0.3, -0.2]], [[0.6]], sigma]), 0.12, 3), 0.12, 3)).toBeCloseTo(1, 6)
  })
})

/** Gauss and Chebyshev's rule of the second kind for the line from -1 to 1, with its weight divided out. */
function chebyshev(i: number, n: number): readonly [x: number, weight: number] {
  const t = ((i + 1) * Math.PI) / (n + 1)
  return [Math.cos(t), (Math.PI / (n + 1)) * Math.sin(t)]
}

describe('outside of the support', () => {
  const eye = [
    [1, 0],
    [0, 1],
  ]
  const indefinite = [
    [1, 2],
    [2, 1],
  ]
  const singular = [
    [1, 1],
    [1, 1],
  ]
  const cases: readonly (readonly [MatrixFamily, Nested, readonly Nested[]])[] = [
    ...[
      indefinite,
      singular,
      [
        [-1, 0],
        [0, 1],
      ],
      [
        [Number.NaN, 0],
        [0, 1],
      ],
      [
        [Infinity, 0],
        [0, 1],
      ],
      [
        [1, 0],
        [0, 0],
      ],
    ].flatMap((bad): (readonly [MatrixFamily, Nested, readonly Nested[]])[] => [
      ['multi_normal', [0.3, 1], [[0, 0], bad]],
      ['multi_student_t', [0.3, 1], [3, [0, 0], bad]],
      ['wishart', bad, [3, eye]],
      ['wishart', eye, [3, bad]],
      ['inverse_wishart', bad, [3, eye]],
      ['inverse_wishart', eye, [3, bad]],
      ['matrix_normal', eye, [eye, bad, eye]],
      ['matrix_normal', eye, [eye, eye, bad]],
    ]),
    ['wishart', eye, [0.9, eye]],
    ['inverse_wishart', eye, [1, eye]],
    [
      'lkj_cholesky',
      [
        [1, 0],
        [0.6, 0.9],
      ],
      [2],
    ],
    [
      'lkj_cholesky',
      [
        [1, 0],
        [0.6, -0.8],
      ],
      [2],
    ],
    [
      'lkj_cholesky',
      [
        [0.8, 0.6],
        [0.6, 0.8],
      ],
      [2],
    ],
    [
      'lkj_cholesky',
      [
        [1, 0],
        [0.6, 0.8],
      ],
      [-1],
    ],
  ]

  test.each(cases)('%s at %j given %j is minus infinity, and its gradients are 0', (name, x, args) => {
    const { value, gradient } = density(name)(x, args)
    expect(value).toBe(Number.NEGATIVE_INFINITY)
    const finite = flat([x, ...args]).every(Number.isFinite)
    if (finite)
      for (const g of gradient)
        expect(
          [...g].every((v) => v === 0),
          `${g}`,
        ).toBe(true)
  })
})

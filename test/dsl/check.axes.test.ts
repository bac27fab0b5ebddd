import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codes, expression, modelOf, pointed } from './checking.ts'

const declarations = `data s
data a[i]
data b[j]
data m[i, j]
data n[i, j, k]
data c[row] : i
axis other = size(i)
axis j_other = size(j)`

/** An expression together with its axes, worked out while it is made and not by the checker. */
interface Made {
  readonly text: string
  readonly axes: ReadonlySet<string>
}

const leaf: fc.Arbitrary<Made> = fc.constantFrom(
  ...Object.entries({
    s: '',
    a: 'i',
    b: 'j',
    m: 'i j',
    n: 'i j k',
    '3': '',
    'size(i)': '',
    'index(j)': 'j',
    'weight(k)': 'k',
    'a[c]': 'row',
    'm[i = c]': 'row j',
  }).map(([text, axes]) => ({ text, axes: new Set(axes.split(' ').filter((x) => x !== '')) })),
)

const made: fc.Arbitrary<Made> = fc.letrec<{ e: Made }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    elementwise(tie('e')),
    reduced(tie('e')),
    along(tie('e')),
    renamed(tie('e')),
    scanned(tie('e')),
  ),
})).e

function elementwise(e: fc.Arbitrary<Made>): fc.Arbitrary<Made> {
  return fc.tuple(fc.constantFrom('+', '-', '*', '<'), e, e).map(([o, x, y]) => ({
    text: `((${x.text}) ${o} (${y.text}))`,
    axes: new Set([...x.axes, ...y.axes]),
  }))
}

/** Where the expression has no axis to work on it stays as it is. */
function onAxis(e: fc.Arbitrary<Made>, make: (e: Made, axis: string) => Made): fc.Arbitrary<Made> {
  return fc.tuple(e, fc.nat()).map(([x, at]) => {
    const axis = [...x.axes].sort()[at % Math.max(1, x.axes.size)]
    return axis === undefined ? x : make(x, axis)
  })
}

function minus(axes: ReadonlySet<string>, axis: string): Set<string> {
  return new Set([...axes].filter((x) => x !== axis))
}

function reduced(e: fc.Arbitrary<Made>): fc.Arbitrary<Made> {
  return onAxis(e, (x, axis) => ({ text: `logsumexp[${axis}](${x.text})`, axes: minus(x.axes, axis) }))
}

function along(e: fc.Arbitrary<Made>): fc.Arbitrary<Made> {
  return onAxis(e, (x, axis) => ({ text: `softmax[${axis}](${x.text})`, axes: x.axes }))
}

function renamed(e: fc.Arbitrary<Made>): fc.Arbitrary<Made> {
  return onAxis(e, (x, axis) => {
    const to = axis === 'i' ? 'other' : axis === 'j' ? 'j_other' : undefined
    if (to === undefined || x.axes.has(to)) return x
    return { text: `(${x.text})[${axis} -> ${to}]`, axes: new Set([...minus(x.axes, axis), to]) }
  })
}

/** A recursion along `row`: its value has that axis and those of both parts. */
function scanned(e: fc.Arbitrary<Made>): fc.Arbitrary<Made> {
  return fc.tuple(e, e).map(([first, next]) => {
    if (first.axes.has('row')) return first
    return {
      text: `scan[row](first = ${first.text}, next = prev / 2 + (${next.text}))`,
      axes: new Set(['row', ...first.axes, ...next.axes]),
    }
  })
}

describe('the axes of an expression', () => {
  test('are those that its parts give it, sorted by name', () => {
    fc.assert(
      fc.property(made, ({ text, axes }) => {
        expect(expression(declarations, text).axes).toEqual([...axes].sort())
      }),
      { numRuns: 400, seed: 3 },
    )
  })

  test('a sum over an axis that the expression lacks is refused, whatever the expression', () => {
    fc.assert(
      fc.property(made, ({ text, axes }) => {
        fc.pre(!axes.has('k'))
        expect(
          codes(`${declarations}\ndata y[k]\nstate x ~ normal(sum[k](y), 1)\nlet e = sum[k](${text})`).filter((c) => c.startsWith('AMP30')),
        ).toEqual(['AMP304'])
      }),
      { numRuns: 100, seed: 4 },
    )
  })
})

describe('subscripts', () => {
  const base = 'data mu[k, d]\ndata z[row] : k\ndata w[row] : l\naxis l = size(k)\ndata v[l]'

  test('an element of an axis of the same size picks along it', () => {
    expect(expression(base, 'mu[w]')).toMatchObject({ kind: 'pick', axis: 'k', axes: ['d', 'row'] })
    expect(expression(base, 'mu[k = w]')).toMatchObject({ kind: 'pick', axis: 'k', axes: ['d', 'row'] })
    expect(expression(base, 'v[z]')).toMatchObject({ kind: 'pick', axis: 'l', axes: ['row'] })
  })

  test('between two axes of the same size the element must say which', () => {
    expect(pointed('data W[i, j]\naxis i = 2\naxis j = size(i)\naxis m = size(i)\ndata z : m\nstate x ~ normal(W[z], 1)')).toEqual([
      'AMP308 z',
    ])
  })

  test('picked elements remain elements', () => {
    expect(expression('data q[k]\ndata label[row] : k\ndata which : row', 'label[which]')).toMatchObject({ axes: [], element: 'k' })
  })

  test('a transposition swaps both axes at once', () => {
    const e = expression('data W[a, b]', 'W[a -> b, b -> a]')
    expect(e).toMatchObject({
      kind: 'rename',
      to: 'b',
      axes: ['a', 'b'],
      target: { kind: 'rename', from: 'b', to: 'a', target: { from: 'a' } },
    })
  })

  test('t - 1 looks back, t + 2 ahead, and t itself does nothing', () => {
    expect(expression('data y[t]', 'y[t = t - 1]')).toMatchObject({ kind: 'shift', by: 1 })
    expect(expression('data y[t]', 'y[t = t + 2]')).toMatchObject({ kind: 'shift', by: -2 })
    expect(codes('data y[t]\nstate x ~ normal(sum[t](y[t = t]), 1)')).toEqual(['AMP309'])
  })

  test('else says what a shift is outside its axis', () => {
    expect(expression('data y[t]', 'y[t = t - 1 else 2]')).toMatchObject({ kind: 'shift', by: 1, fill: { kind: 'number', value: 2 } })
    expect(expression('data y[t]\ndata a[s]', 'y[t = t - 1 else a]')).toMatchObject({ axes: ['s', 't'] })
    expect(codes('axis k = 3\ndata z[t] : k\ndata a[k]\nstate x\nenergy x + sum[t](a[z[t = t - 1 else 4]])')).toEqual(['AMP322'])
    expect(codes('axis k = 3\ndata z[t] : k\ndata y[t]\nstate x\nenergy x + sum[t](y[t = t - 1 else z])')).toEqual(['AMP402'])
    expect(codes('data y[t]\nstate x\nenergy x + y[t = 2 else 0]')).toEqual(['AMP327'])
  })

  test('a variable of the same name as the axis does not stand in the way', () => {
    expect(expression('data t[t]\ndata y[t]', 'y[t = t - 1]')).toMatchObject({ kind: 'shift', by: 1 })
    expect(expression('data county[row] : county\ndata a[county]', 'a[county]')).toMatchObject({ kind: 'pick', axes: ['row'] })
    expect(expression('data county[row] : county\ndata a[county]', 'a[county = county]')).toMatchObject({ kind: 'pick', axes: ['row'] })
  })
})

describe('sizes of axes', () => {
  const sizes = (text: string) => Object.fromEntries(modelOf(text).axes.map((a) => [a.name, a.size]))

  test('arithmetic of whole numbers, and sizes of other axes, in any order', () => {
    expect(
      sizes('axis c = 2 * size(b) + 1\naxis d = size(c)\naxis e = size(d)\naxis b = 2^3 - 1\nstate x[b, c, d, e] ~ normal(0, 1)'),
    ).toEqual({
      b: { kind: 'fixed', size: 7 },
      c: { kind: 'fixed', size: 15 },
      d: { kind: 'same', as: 'c' },
      e: { kind: 'same', as: 'c' },
    })
  })

  test.each(['0', '2.5', '-3', '1 / 0', 'n', '2 * size(open_)'])('%s is no size', (size) => {
    expect(codes(`param n = 3\ndata o[open_]\naxis k = ${size}\nstate x[k] ~ normal(sum[open_](o) + n, 1)`)).toEqual([
      size === '1 / 0' ? 'AMP416' : 'AMP313',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { type LearnOptions, type LearnResult, learn } from '../../src/api/learn.ts'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

const loaded = (text: string) => must(load({ name: 'm.amp', text }).value, 'model')

async function learned(text: string, inputs: Inputs, options: LearnOptions = {}): Promise<LearnResult> {
  const result = await learn(loaded(text), must(givenOf(inputs).value, 'values'), options)
  return must(result.value, result.diagnostics.map((d) => d.message).join(' '))
}

async function said(text: string, inputs: Inputs, options: LearnOptions = {}): Promise<readonly string[]> {
  const result = await learn(loaded(text), must(givenOf(inputs).value, 'values'), options)
  return result.diagnostics.map((d) => `${d.code} ${d.message}`)
}

const stream = new Stream(keyFromSeed(7))
const X = Array.from({ length: 40 }, () => [stream.normal(), stream.normal()])
const y = X.map(([a = 0, b = 0]) => 1.5 * a - 0.7 * b + 0.3 + 0.5 * stream.normal())

const regression = `
data  X[dim]
data  y
param W[dim] ~ normal(0, 1)
param b ~ normal(0, 2)
param s = 0.5
y ~ normal(sum[dim](W * X) + b, s)`

/** Ridge regression by its normal equations: (A'A / s^2 + diag(1 / prior^2)) w = A'y / s^2, by Gaussian elimination. */
function ridge(): readonly number[] {
  const A = X.map((row) => [...row, 1])
  const precision = [1, 1, 1 / 4]
  const M = precision.map((p, i) => [
    ...precision.map((_, j) => A.reduce((s, a) => s + (a[i] as number) * (a[j] as number) * 4, i === j ? p : 0)),
    A.reduce((s, a, n) => s + (a[i] as number) * (y[n] as number) * 4, 0),
  ])
  for (let i = 0; i < 3; i += 1) {
    const pivot = M[i] as number[]
    for (let k = 0; k < 3; k += 1) {
      if (k === i) continue
      const row = M[k] as number[]
      const f = (row[i] as number) / (pivot[i] as number)
      for (let j = 0; j < 4; j += 1) row[j] = (row[j] as number) - f * (pivot[j] as number)
    }
  }
  return M.map((row, i) => (row[3] as number) / (row[i] as number))
}

describe('linear regression by map', () => {
  const inputs = { data: { X, y } }

  it('is the closed form, patterns being an axis in front', async () => {
    const { params, patterns, stayed } = await learned(regression, inputs, { optimiser: 'quasi-newton' })
    const [first = 0, second = 0, third = 0] = ridge()
    // 1e-7: quasi-Newton steps stop where none would move a param by more than 1e-8.
    expect(params.W?.data[0]).toBeCloseTo(first, 7)
    expect(params.W?.data[1]).toBeCloseTo(second, 7)
    expect(params.b?.data[0]).toBeCloseTo(third, 7)
    expect(patterns).toBe(40)
    expect(stayed.map((s) => s.name)).toEqual(['s'])
  })

  it('is the same by an axis of the text', async () => {
    const whole = regression.replace('X[dim]', 'X[row, dim]').replace('data  y', 'data  y[row]')
    const { params } = await learned(whole, inputs, { optimiser: 'quasi-newton' })
    expect(params.W?.data[0]).toBeCloseTo(ridge()[0] ?? 0, 7)
  })

  it('is near it by small batches as the rate falls', async () => {
    const options = { batch: 8, steps: 4000, rate: 0.02, schedule: 'cosine', seed: 3 } as const
    const { params } = await learned(regression, inputs, options)
    expect(params.W?.data[0]).toBeCloseTo(ridge()[0] ?? 0, 2)
    expect(params.b?.data[0]).toBeCloseTo(ridge()[2] ?? 0, 2)
  })

  it('starts where params are given', async () => {
    const { params } = await learned(regression, { data: { X, y }, param: { W: [3, 4] } }, { steps: 0 })
    expect([...(params.W?.data ?? [])]).toEqual([3, 4])
  })

  it('learns a constant that is asked for, in coordinates that keep it positive', async () => {
    const text = regression.replace('param s = 0.5', 'param s : positive = 2')
    const { params } = await learned(text, inputs, { params: ['W', 'b', 's'], optimiser: 'quasi-newton' })
    const [w = 0, v = 0] = params.W?.data ?? []
    const squares = X.map((row, n) => (y[n] as number) - w * (row[0] as number) - v * (row[1] as number) - (params.b?.data[0] ?? 0))
    const spread = Math.sqrt(squares.reduce((sum, e) => sum + e * e, 0) / 40)
    expect(params.s?.data[0]).toBeCloseTo(spread, 6)
  })
})

describe('a run that is resumed', () => {
  it.each(['adam', 'sgd'] as const)('has the bits of one that was not stopped, by %s', async (optimiser) => {
    const options: LearnOptions = { batch: 7, optimiser, rate: 0.003, schedule: 'linear', rise: 3, clip: 5, steps: 40, seed: 5 }
    const whole = await learned(regression, { data: { X, y } }, options)
    const stop: LearnOptions['pace'] = async (path) => {
      for (let i = 0; i < 17; i += 1) path.next()
    }
    const part = await learned(regression, { data: { X, y } }, { ...options, pace: stop })
    expect([part.steps, part.outcome.kind]).toEqual([17, 'stopped'])
    const rest = await learned(regression, { data: { X, y } }, { ...options, resume: part.state })
    expect(rest.params).toEqual(whole.params)
    expect(rest.trace).toEqual(whole.trace)
  })
})

describe('what cannot be learned', () => {
  const inputs = { data: { X, y } }

  it.each<[string, Inputs, LearnOptions, string]>([
    [regression, inputs, { by: 'mpa' }, 'AMP631 "mpa" is neither a loss nor an objective of the model.'],
    [regression, inputs, { params: ['V'] }, 'AMP630 "V" is not a variable of the model.'],
    [regression, inputs, { params: ['X'] }, 'AMP630 "X" is data, which are given and do not move.'],
    [
      'param s = 1\ndata y\ny ~ normal(s, 1)',
      { data: { y: 1 } },
      {},
      'AMP630 Nothing is to be learned: "s" is a number without a prior or a `from`.',
    ],
    [
      regression,
      inputs,
      { optimiser: 'quasi-newton', batch: 5 },
      'AMP634 Quasi-Newton steps search along a line, so they need the same patterns at every point of it.',
    ],
    [
      regression,
      {
        data: { X, y },
        param: {
          W: [
            [1, 2],
            [3, 4],
          ],
        },
      },
      {},
      'AMP503 X: data.X holds 40 cues, but param.W holds 2.',
    ],
    [regression, { data: { X, y: y.map((v, i) => (i === 2 ? null : v)) } }, {}, 'AMP508 "y" has numbers that are missing.'],
  ])('is said: %#', async (text, given, options, message) => {
    const found = await said(text, given, options)
    expect(found[0]?.replace('AMP503 ', 'AMP503 X: ')).toBe(message)
  })

  it('is told of units that start alike', async () => {
    const text =
      'data x[i]\nstate y\nparam W[hidden, i]\nparam V[hidden]\naxis hidden = 3\ny ~ normal(sum[hidden](V * tanh(sum[i](W * x))), 1)'
    const given = { data: { x: [[1, 2]] }, observed: { y: [1] } }
    expect(await said(text, given, { steps: 1 })).toEqual([
      'AMP635 "W" and "V" start the same for every element of hidden, so these stay alike.',
    ])
    expect(await said(text.replace('param V[hidden]', 'param V[hidden] from normal(0, 1)'), given, { steps: 1 })).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { type SampleOptions, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { mcseMean } from '../../src/inference/diagnostics/mcse.ts'
import { mean, pooled } from '../../src/inference/diagnostics/moments.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { givenOf } from '../../src/run/inputs.ts'

/**
 * exp(-E/T) of the modern Hopfield network at T = 1 / beta is a mixture of Gaussians of variance 1 / beta around the memories, with
 * weights in proportion to exp(beta |xi|^2 / 2).
 */
const text = `
memory xi[pattern, i]
param  beta = 3
state  x[i]
energy -logsumexp[pattern](beta * sum[i](xi * x)) / beta + sum[i](x^2) / 2
`
const [beta, xi] = [3, [[0.5, -0.3], [-0.4, 0.6], [-0.2, -0.5]]] as const // biome-ignore format: a matrix
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)

function shares(logs: readonly number[]): readonly number[] {
  const weights = logs.map(Math.exp)
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((w) => w / total)
}

const weights = shares(xi.map((row) => (beta * dot(row, row)) / 2))
const average = (f: (row: readonly [number, number]) => number): number =>
  xi.reduce((sum, row, k) => sum + (weights[k] as number) * f(row), 0)

describe.each<[string, string, SampleOptions]>([
  ['asked for', text, { temperature: 1 / beta }],
  ['said in the text', `${text}temperature = 1 / beta\n`, {}],
])('the modern Hopfield network at T = 1 / beta, %s', (_, model, options) => {
  it('has the means, covariances and weights of the mixture', async () => {
    const loaded = must(load({ name: 'm.amp', text: model }).value, 'model')
    const inputs = must(givenOf({ memory: { xi } }).value, 'memory')
    const { draws } = must((await sample(loaded, inputs, { ...options, seed: 4, draws: 2000 })).value, 'draws')
    const columns = ['x[1]', 'x[2]'].map((name) => series(draws, name))
    // Six standard errors: missed once in 5e8 times.
    const expectMean = (of: (x: readonly number[]) => number, expected: number): void => {
      const chains = must(columns[0], 'x').map((chain, c) => chain.map((v, d) => of([v, columns[1]?.[c]?.[d] as number])))
      expect(Math.abs(mean(pooled(chains)) - expected) / mcseMean(chains)).toBeLessThan(6)
      expect(mcseMean(chains)).toBeLessThan(0.02)
    }
    for (const i of [0, 1] as const) {
      expectMean(
        (x) => x[i] as number,
        average((row) => row[i]),
      )
      expectMean((x) => (x[i] as number) ** 2, 1 / beta + average((row) => row[i] ** 2))
    }
    expectMean((x) => (x[0] as number) * (x[1] as number), average((row) => row[0] * row[1])) // biome-ignore format: one line
    // What attention gives to each memory is on average its weight.
    xi.forEach((_row, k) => { expectMean((x) => shares(xi.map((row) => beta * dot(row, x)))[k] as number, weights[k] as number) }) // biome-ignore format: one line
  })
})

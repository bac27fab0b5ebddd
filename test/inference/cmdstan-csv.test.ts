import { expect, it } from 'vitest'
import { columnNames, type Draws, series } from '../../src/inference/draws/draws.ts'
import { cmdStanCsv } from '../../src/inference/files/cmdstan-csv.ts'

const variables = [
  { name: 'mu', axes: [], shape: [] },
  { name: 'x', axes: ['a', 'b'], shape: [2, 3] },
]
const draws: Draws = {
  variables,
  names: variables.flatMap((v) => columnNames(v.name, v.shape)),
  chains: [
    {
      chain: 1,
      count: 2,
      values: Float64Array.of(0.5, 11, 12, 13, 21, 22, 23, -0.1, 1 / 3, 2, 3, 4, Number.NaN, Number.NEGATIVE_INFINITY),
      columns: ['lp__', 'stepsize__'],
      statistics: Float64Array.of(-3.5, 0.25, -4, 0.25),
    },
  ],
}

it('writes a chain as CmdStan does, the first index fastest', () => {
  const tuning = { stepSize: 0.25, metric: 'diagonal', inverseMetric: Float64Array.of(1, 2.5) } as const
  expect(cmdStanCsv(draws, { model: 'm', seed: 7, chain: 1, warmup: 100, draws: 2, tuning })).toBe(`\
# model = m
# method = sample (Default)
#   sample
#     num_samples = 2
#     num_warmup = 100
#     save_warmup = 0
#     thin = 1
#     algorithm = hmc (Default)
#       hmc
#         engine = nuts (Default)
#         metric = diag_e
# id = 2
# random
#   seed = 7
lp__,stepsize__,mu,x.1.1,x.2.1,x.1.2,x.2.2,x.1.3,x.2.3
# Adaptation terminated
# Step size = 0.25
# Diagonal elements of inverse mass matrix:
# 1, 2.5
-3.5,0.25,0.5,11,21,12,22,13,23
-4,0.25,-0.1,0.3333333333333333,4,2,nan,3,-inf
`)
})

it('writes a dense metric row by row', () => {
  const tuning = { stepSize: 1, metric: 'dense', inverseMetric: Float64Array.of(1, 0.5, 0.5, 2) } as const
  const text = cmdStanCsv(draws, { model: 'm', seed: 7, chain: 1, warmup: 100, draws: 2, tuning })
  expect(text).toContain('#         metric = dense_e\n')
  expect(text).toContain('# Elements of inverse mass matrix:\n# 1, 0.5\n# 0.5, 2\n')
})

it('names columns as Stan does and finds their series', () => {
  expect(draws.names).toEqual(['mu', 'x[1,1]', 'x[1,2]', 'x[1,3]', 'x[2,1]', 'x[2,2]', 'x[2,3]'])
  expect(series(draws, 'x[1,3]')).toEqual([Float64Array.of(13, 3)])
})

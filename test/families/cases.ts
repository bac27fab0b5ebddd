import type { ArrayFamily, ElementFamily, NumberFamily } from '../../src/families/tables/signatures.ts'

type Numbers = readonly number[]

/** Arguments that are not special: a family without a row does not compile. `laws.test.ts` takes them. */
export const numbers: Readonly<Record<NumberFamily, readonly Numbers[]>> = {
  normal: [[0.7, 1.3]],
  student_t: [[3.5, -0.4, 1.7]],
  cauchy: [[0.7, 1.3]],
  laplace: [[0.7, 1.3]],
  logistic: [[0.7, 1.3]],
  gumbel: [[0.7, 1.3]],
  half_normal: [[1.4]],
  half_cauchy: [[1.4]],
  lognormal: [[0.4, 0.8]],
  exponential: [[2.2]],
  gamma: [
    [2.6, 1.9],
    [0.6, 1.9],
  ],
  inverse_gamma: [[2.6, 1.9]],
  chi_square: [[3.3]],
  weibull: [
    [1.7, 2.3],
    [0.8, 2.3],
  ],
  pareto: [[1.5, 2.5]],
  beta: [
    [2.3, 1.6],
    [0.6, 0.8],
  ],
  uniform: [[-1.2, 3.1]],
  von_mises: [[0.5, 2.5]],
  bernoulli: [[0.3]],
  bernoulli_logit: [[-0.8]],
  binomial: [[9, 0.35]],
  binomial_logit: [[9, -0.6]],
  poisson: [[4.2]],
  poisson_log: [[1.3]],
  negative_binomial: [[2.4, 0.7]],
  geometric: [[0.3]],
}

/** Arguments by which samplers take each of their ways: `samplers.test.ts` compares draws with distribution functions. */
export const drawnNumbers: Readonly<Record<NumberFamily, readonly Numbers[]>> = {
  normal: [[-0.7, 2.3]],
  student_t: [
    [1.4, -0.4, 1.7],
    [12, 3, 0.2],
  ],
  cauchy: [[0.7, 1.3]],
  laplace: [[0.7, 1.3]],
  logistic: [[0.7, 1.3]],
  gumbel: [[0.7, 1.3]],
  half_normal: [[1.4]],
  half_cauchy: [[1.4]],
  lognormal: [[0.4, 0.8]],
  exponential: [[2.2]],
  gamma: [
    [2.6, 1.9],
    [0.15, 0.3],
    [1, 4],
    [400, 3],
  ],
  inverse_gamma: [
    [2.6, 1.9],
    [0.4, 1.9],
  ],
  chi_square: [[1.3]],
  weibull: [
    [1.7, 2.3],
    [0.5, 2.3],
  ],
  pareto: [[1.5, 2.5]],
  beta: [
    [2.3, 0.6],
    // A second shape below 0.1 puts much of the mass nearer to 1 than float64 can say.
    [0.02, 0.6],
    [300, 20],
  ],
  uniform: [[-1.2, 3.1]],
  von_mises: [[0.5, 2.5]],
  bernoulli: [[0.3]],
  bernoulli_logit: [[-0.8]],
  binomial: [
    [9, 0.35],
    [400, 0.004],
    [60, 0.3],
    [60, 0.8],
    [100000, 0.45],
  ],
  binomial_logit: [[25, 2]],
  poisson: [[0.3], [7.9], [12.5], [4000]],
  poisson_log: [[3]],
  negative_binomial: [
    [2.4, 0.7],
    [0.3, 0.05],
  ],
  geometric: [[0.3], [0.001]],
}

/** Arguments of families of elements with their axes, `k` that of four levels and `cut` another of three, and the probabilities of the levels. */
export interface ElementCase {
  readonly args: readonly { readonly axes: readonly string[]; readonly data: Numbers }[]
  readonly probabilities: Numbers
}

const eta = [0.3, -1, 2, 0.1]
const softmax = eta.map((v) => Math.exp(v) / eta.reduce((s, w) => s + Math.exp(w), 0))
const cutpoints = [-1.2, 0.4, 0.9]
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const above = [1, ...cutpoints.map((c) => sigmoid(0.6 - c)), 0]

export const elements: Readonly<Record<ElementFamily, readonly ElementCase[]>> = {
  categorical: [{ args: [{ axes: ['k'], data: softmax }], probabilities: softmax }],
  categorical_logit: [
    { args: [{ axes: ['k'], data: eta }], probabilities: softmax },
    // One number for all.
    { args: [{ axes: [], data: [7] }], probabilities: [0.25, 0.25, 0.25, 0.25] },
  ],
  // The differences of sigmoids.
  ordered_logistic: [
    {
      args: [
        { axes: [], data: [0.6] },
        { axes: ['cut'], data: cutpoints },
      ],
      probabilities: [0, 1, 2, 3].map((k) => (above[k] as number) - (above[k + 1] as number)),
    },
  ],
}

const sigma = [2.1, -0.7, 0.4, -0.7, 1.2, 0.5, 0.4, 0.5, 0.9]
const mu = [0.4, -1, 2]
const unit = [2 / 3, -1 / 3, 2 / 3]
/** Flat arguments, and the shape of a draw. Eighth moments must exist, for the spread of the squares of deviations to be close to its limit. */
export const arrays: Readonly<Record<ArrayFamily, readonly { readonly args: readonly Numbers[]; readonly shape: Numbers }[]>> = {
  multi_normal: [{ args: [mu, sigma], shape: [3] }],
  multi_normal_cholesky: [{ args: [mu, [1.4, 0, 0, -0.5, 1.1, 0, 0.3, 0.6, 0.8]], shape: [3] }],
  multi_student_t: [{ args: [[14], mu, sigma], shape: [3] }],
  dirichlet: [
    { args: [[0.5, 2, 7]], shape: [3] },
    { args: [[1.5]], shape: [4] },
  ],
  multinomial: [{ args: [[30], [0.2, 0.3, 0.5]], shape: [3] }],
  von_mises_fisher: [
    { args: [unit, [3]], shape: [3] },
    { args: [[0.6, -0.8], [0.4]], shape: [2] },
    { args: [[-1], [0.4]], shape: [1] },
  ],
  wishart: [{ args: [[4.3], sigma], shape: [3, 3] }],
  inverse_wishart: [{ args: [[23], sigma], shape: [3, 3] }],
  matrix_normal: [{ args: [[1, -2, 0.5, 0, 3, 1], sigma, [0.7, 0.5, 0.5, 1.9]], shape: [3, 2] }],
  lkj_cholesky: [
    { args: [[0.7]], shape: [4, 4] },
    { args: [[2.5]], shape: [3, 3] },
  ],
}

import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

/** What is said of values given to a model, by both readings alike: code, sentence and hint. */
async function said(text: string, inputs: Inputs): Promise<readonly string[]> {
  const { value, diagnostics } = load({ name: 'm.amp', text })
  const loaded = must(value, JSON.stringify(diagnostics))
  const given = must(givenOf(inputs).value, 'inputs')
  const lines = [await sample(loaded, given, { draws: 1, warmup: 1, chains: 1 }), await retrieve(loaded, given, { maxSteps: 1 })].map(
    (run) => run.diagnostics.filter((d) => d.code !== 'AMP709').map((d) => [d.code, d.message, d.expected ?? '', d.hint ?? ''].join(' | ')),
  )
  expect(lines[1]).toEqual(lines[0])
  return lines[0] as readonly string[]
}

const mean = 'state mu ~ normal(0, 1)'
const axes = 'axis other = size(dim)'

describe('values that are given are looked at where statements take them', () => {
  it.each<readonly [string, string, Inputs, string]>([
    [
      'a scale of 0',
      `data y[row]\ndata s[row]\n${mean}\ny ~ normal(mu, s)`,
      { data: { y: [1, 2], s: [1, 0] } },
      '"s" holds 0, which is not a number above 0',
    ],
    [
      'a scale of 0 through a let',
      `data y[row]\ndata s[row]\n${mean}\nlet w = s * 2\ny ~ normal(mu, w)`,
      { data: { y: [1, 2], s: [1, 0] } },
      '"w" is 0 at row = 2. | a number above 0, for sigma of normal',
    ],
    [
      'an infinite scale',
      `data y[row]\ndata s[row]\n${mean}\ny ~ normal(mu, s)`,
      { data: { y: [1, 2], s: [1, Infinity] } },
      '"s" is Infinity at row = 2. | a finite number, for sigma of normal',
    ],
    [
      'a param as a scale',
      `data y[row]\nparam s = 1\n${mean}\ny ~ normal(mu, s)`,
      { data: { y: [1, 2] }, param: { s: -1 } },
      '"s" is -1. | a number above 0, for sigma of normal',
    ],
    [
      'a default out of range',
      `data y[row]\nparam a = 2\nparam s = 1 - a\n${mean}\ny ~ normal(mu, s)`,
      { data: { y: [1, 2] } },
      '"s" is -1. | a number above 0, for sigma of normal',
    ],
    ['no number at all', `data y[row]\ndata x[row]\n${mean}\ny ~ normal(mu + log(x), 1)`, { data: { y: [1, 2], x: [1, -2] } }, ''],
    [
      'no number of what is given alone',
      `data y[row]\ndata x[row]\nstate s : positive ~ exponential(1)\ny ~ normal(log(x), s)`,
      { data: { y: [1, 2], x: [1, -2] } },
      '"log(x)" is not a number at row = 2. | a number, for mu of normal',
    ],
    [
      'a probability above 1',
      `data y[row] : bit\ndata p[row]\nstate a ~ normal(0, 1)\nenergy a\ny ~ bernoulli(p * 2)`,
      { data: { y: [1, 0], p: [0.6, 0.1] } },
      '"p * 2" is 1.2 at row = 1. | a number between 0 and 1, for theta of bernoulli',
    ],
    [
      'more successes than trials',
      `data y[row]\ndata n[row]\nstate p : probability\ny ~ binomial(n, p)`,
      { data: { y: [1, 7, 9], n: [3, 5, 8] } },
      '"y" is 7 at row = 2. One more is wrong, too. | a number up to 5, for binomial',
    ],
    [
      'a negative count',
      `data y[row]\nstate l : positive\ny ~ poisson(l)`,
      { data: { y: [1, -1] } },
      '"y" is -1 at row = 2. | a whole number from 0 on, for poisson',
    ],
    [
      'half a count',
      `data y[row]\nstate l : positive\ny ~ poisson(l)`,
      { data: { y: [0.5, 1] } },
      '"y" is 0.5 at row = 1. | a whole number from 0 on, for poisson',
    ],
    [
      'a bit of 2',
      `data y[row]\nstate p : probability\ny ~ bernoulli(p)`,
      { data: { y: [0, 2] } },
      '"y" is 2 at row = 2. | 0 or 1, for bernoulli',
    ],
    [
      'a duration of 0',
      `data y[row]\nstate a : positive\ny ~ gamma(a, 1)`,
      { data: { y: [3, 0] } },
      '"y" is 0 at row = 2. | a number above 0, for gamma',
    ],
    [
      'beyond a uniform',
      `data y[row]\nparam top = 4\n${mean}\nenergy mu\ny ~ uniform(0, top)`,
      { data: { y: [3, 5] } },
      '"y" is 5 at row = 2. | a number from 0 to 4, for uniform',
    ],
    [
      'beyond a truncation',
      `data y[row]\n${mean}\ny ~ normal(mu, 1) in (0, 4)`,
      { data: { y: [3, -0.5] } },
      '"y" is -0.5 at row = 2. | a number from 0 to 4, for normal',
    ],
    [
      'a state observed outside the support',
      `state y[row] : probability\nstate a : positive\ny ~ beta(a, 2)`,
      { observed: { y: [0.5, null, 1] } },
      '"y" is 1 at row = 3. | a number above 0 and below 1, for beta',
    ],
    [
      'rows of probabilities',
      `data y[row] : k\ndata p[row, k]\n${mean}\nenergy mu\ny ~ categorical(p)\naxis k = 2`,
      {
        data: {
          y: [1, 2, 1],
          p: [
            [0.5, 0.5],
            [0.9, 0.3],
            [0.2, 0.2],
          ],
        },
      },
      '"p" holds rows that add to 1.2 and 0.4. | numbers that add up to 1 along k, for theta of categorical',
    ],
    [
      'a negative probability',
      `data y[row] : k\ndata p[k]\n${mean}\nenergy mu\ny ~ categorical(p)\naxis k = 2`,
      { data: { y: [1, 2], p: [1.5, -0.5] } },
      '"p" is 1.5 at k = 1. One more is wrong, too. | numbers between 0 and 1 that add up to 1, for theta of categorical',
    ],
    [
      'probabilities made of columns',
      `data y[row] : k\ndata a[row, k]\n${mean}\nenergy mu\ny ~ categorical(a / 2)\naxis k = 2`,
      {
        data: {
          y: [1, 2],
          a: [
            [1, 1],
            [2, 1],
          ],
        },
      },
      '"a / 2" holds rows that add to 1.5. | numbers that add up to 1 along k, for theta of categorical',
    ],
    [
      'a given simplex',
      `param p[k] : simplex[k]\nstate z : k ~ categorical(p)\naxis k = 2`,
      { param: { p: [0.5, 0.6] } },
      '"p" holds numbers with the sum 1.1 from k = 1 on.',
    ],
    [
      'counts of a multinomial',
      `data y[row, k]\nstate p[k] : simplex[k]\naxis k = 2\ny ~ multinomial[k](5, p)`,
      {
        data: {
          y: [
            [2, 3],
            [2, 2],
          ],
        },
      },
      '"y" adds up to 4 along k at row = 2, k = 1. | counts with the sum 5, for multinomial',
    ],
    [
      'probabilities of a multinomial',
      `data y[k]\ndata p[k]\n${mean}\nenergy mu\naxis k = 2\ny ~ multinomial[k](5, p)`,
      { data: { y: [2, 3], p: [0.5, 0.4] } },
      '"p" holds numbers with the sum 0.9. | numbers that add up to 1, for theta of multinomial',
    ],
    [
      'data of a dirichlet',
      `data p[row, k]\nstate a : positive\naxis k = 2\np ~ dirichlet[k](a)`,
      {
        data: {
          p: [
            [0.5, 0.5],
            [0.7, 0.4],
          ],
        },
      },
      '"p" holds rows that add to 1.1. | numbers that add up to 1 along k, for dirichlet',
    ],
    [
      'a 0 in data of a dirichlet',
      `data p[row, k]\nstate a : positive\naxis k = 2\np ~ dirichlet[k](a)`,
      {
        data: {
          p: [
            [0.5, 0.5],
            [0, 1],
          ],
        },
      },
      '"p" is 0 at row = 2, k = 1. | a number above 0, for dirichlet',
    ],
    [
      'one of a stack of covariances',
      `data y[row, dim]\ndata S[group, dim, other]\n${axes}\ndata g[row] : group\n${mean}\ny ~ multi_normal[dim](mu, S[g])`,
      {
        data: {
          y: [
            [1, 2],
            [0, 1],
          ],
          g: [1, 2],
          S: [
            [
              [1, 0.5],
              [0.5, 1],
            ],
            [
              [1, 2],
              [2, 1],
            ],
          ],
        },
      },
      '"S" is symmetric, but not positive definite: its Cholesky factorisation ends at group = 2, dim = 2, other = 2',
    ],
    [
      'a computed covariance',
      `data y[dim]\ndata S[dim, other]\n${axes}\n${mean}\ny ~ multi_normal[dim](mu, S - 1)`,
      {
        data: {
          y: [1, 2],
          S: [
            [3, 1],
            [1, 1],
          ],
        },
      },
      '"S - 1" has 0 on the diagonal, at dim = 2, other = 2',
    ],
    [
      'a factor with something above the diagonal',
      `data y[dim]\ndata L[dim, other]\n${axes}\n${mean}\ny ~ multi_normal_cholesky[dim](mu, L)`,
      {
        data: {
          y: [1, 2],
          L: [
            [3, 1],
            [0, 1],
          ],
        },
      },
      '"L" has 1 above the diagonal, at dim = 1, other = 2',
    ],
    [
      'a direction',
      `data y[row, dim]\nstate k : positive\ndata m[dim]\naxis dim = 2\ny ~ von_mises_fisher[dim](m, k)`,
      {
        data: {
          y: [
            [1, 0],
            [0, 1],
          ],
          m: [1, 1],
        },
      },
      '"m" holds a vector of length 1.4142. | a vector of length 1, for mu of von_mises_fisher',
    ],
    [
      'cutpoints',
      `data y[row] : level\ndata c[cut]\naxis level = 3\naxis cut = 2\n${mean}\ny ~ ordered_logistic(mu, c)`,
      { data: { y: [1, 3], c: [1, -1] } },
      '"c" holds numbers that do not increase (1 before -1). | increasing numbers, for cutpoints of ordered_logistic',
    ],
    [
      'moves that are transposed',
      `state s[t] : k ~ markov[t](move)\naxis k = 2\naxis next = size(k)\naxis t = 3\ndata move[k, next]`,
      {
        data: {
          move: [
            [0.95, 0.5],
            [0.05, 0.5],
          ],
        },
      },
      'They add to 1 the other way, along k: is it transposed?',
    ],
    [
      'a bound of a type',
      `param w : real(lower = 0, upper = top) = 1\nparam top = 3\n${mean}\nenergy w * mu`,
      { param: { w: 4 } },
      '"w" is 4. | a number from 0 to 3, for its type',
    ],
    [
      'a start outside its bounds',
      `state x : real(lower = 0, upper = 1)\nenergy x^2`,
      { cue: { x: 2 } },
      '"x" is 2. | a number from 0 to 1, for its type',
    ],
    ['an infinite param', `param w = 1\n${mean}\nenergy w * mu`, { param: { w: Infinity } }, '"w" is Infinity. | a finite number'],
    ['an infinite start', `${mean}`, { cue: { mu: Infinity } }, '"mu" is Infinity. | a finite number'],
    [
      'elements from 0',
      `data g[row] : group\nstate a[group] ~ normal(0, 1)\nenergy sum[row](a[g])`,
      { data: { g: [0, 1, 2] } },
      'Elements are numbered from 1. Add 1 to codes that begin at 0',
    ],
    [
      'picks from 0',
      `data g[row]\nstate a[group] ~ normal(0, 1)\naxis group = 3\nenergy sum[row](a[group = g])`,
      { data: { g: [0, 1, 2] } },
      '"g" is 0 at row = 1. | a whole number from 1 to 3, an element of group, for a pick along group | Elements are numbered from 1; these start at 0.',
    ],
    [
      'picks past the end',
      `data g[row]\nstate a[group] ~ normal(0, 1)\naxis group = 3\nenergy sum[row](a[group = g + 1])`,
      { data: { g: [2, 3] } },
      '"g + 1" is 4 at row = 2. | a whole number from 1 to 3, an element of group, for a pick along group',
    ],
    [
      'a pick in between',
      `data g\nstate a[group] ~ normal(0, 1)\naxis group = 3\nlet w = a[group = g]\nenergy w`,
      { data: { g: 1.5 } },
      '"g" is 1.5. | a whole number from 1 to 3',
    ],
    [
      'cutpoints that are too few',
      `data y[row] : level\ndata c[cut]\naxis level = 4\n${mean}\ny ~ ordered_logistic(mu, c)`,
      { data: { y: [1, 3], c: [1, 2] } },
      'The axis cut has 2 elements according to data.c, but level has 4 according to the model (axis level = 4): cutpoints of ordered_logistic are one fewer than the levels.',
    ],
    [
      'a covariance that is not square',
      `data y[dim]\ndata S[dim, other]\n${mean}\ny ~ multi_normal[dim](mu, S)`,
      {
        data: {
          y: [1, 2],
          S: [
            [1, 2, 3],
            [0, 1, 2],
          ],
        },
      },
      'The axis other has 3 elements according to data.S, but dim has 2 according to data.y: sigma of multi_normal has as many rows as columns.',
    ],
    [
      'couplings that are not square',
      `memory W[i, j]\nstate s[i] : spin\nenergy -sum[i, j](W * s * s[i -> j])`,
      {
        memory: {
          W: [
            [1, 2, 3],
            [0, 1, 2],
          ],
        },
      },
      'i is called j, so both have one size.',
    ],
    [
      'a level above all cutpoints',
      `axis level\ndata y[row] : level\ndata c[cut]\n${mean}\ny ~ ordered_logistic(mu, c)`,
      { data: { y: [1, 4], c: [1, 2] } },
      '"y" holds 4, which is not a whole number from 1 to 3, an element of level',
    ],
    [
      'a pick at a fixed place',
      `data b[group]\nstate a ~ normal(b[group = 3], 1)`,
      { data: { b: [1, 2] } },
      '"3" is 3. | a whole number from 1 to 2, an element of group',
    ],
  ])('%s', async (_, text, inputs, expected) => {
    const lines = await said(text, inputs)
    if (expected === '') expect(lines).toEqual([])
    else expect(lines.join('\n')).toContain(expected)
  })

  it.each<readonly [string, string, Inputs]>([
    [
      'a pick that is not used where it is outside',
      `data g[row]\ndata y[row]\nstate a[group] ~ normal(0, 1)\naxis group = 3\ny ~ normal(where(g > 0, a[group = g], 0), 1)`,
      { data: { g: [0, 1, 3], y: [1, 2, 3] } },
    ],
    [
      'an earlier element, and none before the first',
      `data y[t]\n${mean}\ny ~ normal(where(index(t) == 1, mu, y[t = index(t) - 1]), 1)`,
      { data: { y: [1, 2, 3] } },
    ],
    ['data on the edge that have a density', `data y[row]\nstate b : positive\ny ~ beta(1, b)`, { data: { y: [0, 0.5] } }],
    [
      'probabilities of 0 and 1',
      `data y[row] : bit\ndata p[row]\n${mean}\nenergy mu\ny ~ bernoulli(p)`,
      { data: { y: [0, 1], p: [0, 1] } },
    ],
    [
      'nothing left of the first, by a shift',
      `data s[t]\ndata y[t]\n${mean}\ny ~ normal(mu, s[t = t - 1] * 2)`,
      { data: { y: [1, 2, 3], s: [1, 1, 2] } },
    ],
    [
      'a covariance written with few digits',
      `data y[dim]\ndata S[dim, other]\n${axes}\n${mean}\ny ~ multi_normal[dim](mu, S)`,
      {
        data: {
          y: [1, 2],
          S: [
            [1, 0.3333333],
            [0.3333334, 1],
          ],
        },
      },
    ],
    [
      'a top level that does not occur',
      `axis level\ndata y[row] : level\ndata c[cut]\n${mean}\ny ~ ordered_logistic(mu, c)`,
      { data: { y: [1, 2, 1], c: [-1, 0, 2] } },
    ],
    [
      'a size that only the other axis is given',
      `data move[k, next]\nstate s[t] : k ~ markov[t](move)\naxis t = 3`,
      {
        data: {
          move: [
            [0.9, 0.1],
            [0.5, 0.5],
          ],
        },
      },
    ],
    [
      'an open end of data as a bound',
      `data y[row]\ndata top[row]\n${mean}\ny ~ normal(mu, 1) in (0, top)`,
      { data: { y: [1, 2], top: [3, 4] } },
    ],
  ])('%s is fine', async (_, text, inputs) => {
    expect(await said(text, inputs)).toEqual([])
  })
})

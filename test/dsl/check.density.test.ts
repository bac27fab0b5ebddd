import { describe, expect, test } from 'vitest'
import { codes, diagnose, modelOf, pointed, termOf } from './checking.ts'

describe('arguments of families', () => {
  test('by position or by name, in any order; the model has them in the order of the family', () => {
    const texts = ['normal(1, 2)', 'normal(mu = 1, sigma = 2)', 'normal(sigma = 2, mu = 1)', 'normal(1, sigma = 2)']
    for (const text of texts) {
      expect(termOf(modelOf(`state x ~ ${text}`), 'x')).toMatchObject({ args: [{ value: 1 }, { value: 2 }] })
    }
  })

  test.each([
    ['normal(0, 0)', 'AMP404 0'],
    ['normal(0, -2 * 3)', 'AMP404 -2 * 3'],
    ['normal(inf, 1)', 'AMP404 inf'],
    ['student_t(0, 0, 1)', 'AMP404 0'],
    ['uniform(3, 2)', 'AMP404 3, 2'],
    ['normal(0, 1, 2)', 'AMP401 2'],
    ['normal()', 'AMP401 normal'],
    ['normall(0, 1)', 'AMP203 normall'],
  ])('state x ~ %s points at %s', (family, place) => {
    expect(pointed(`state x ~ ${family}`).filter((d) => !d.startsWith('AMP406'))).toEqual([place])
  })

  test.each([
    ['bernoulli(1.5)', ['AMP404']],
    ['bernoulli(-0.5)', ['AMP404']],
    ['bernoulli(1)', []],
    ['binomial(2.5, 0.5)', ['AMP404']],
    ['binomial(-1, 0.5)', ['AMP404']],
    ['poisson(exp(-1))', []],
  ])('data y ~ %s', (family, expected) => {
    expect(codes(`data y\nstate x ~ normal(0, 1)\ny ~ ${family}`)).toEqual(expected)
  })

  test('what a variable is declared to be is enough: no constant is needed to see that it cannot be', () => {
    expect(codes('param s : real(upper = -1) = -2\nstate x ~ normal(0, s)')).toEqual(['AMP404'])
    expect(codes('param s : nonnegative = 2\nstate x ~ normal(0, s)')).toEqual([])
    expect(codes('param s = 2\nstate x ~ normal(0, exp(s))')).toEqual([])
    expect(codes('data y\ndata p\nstate x ~ normal(p, 1)\ny ~ bernoulli(p)')).toEqual([])
  })

  test('an argument may vary over the axes of the left side, and over no other', () => {
    const program = (mu: string) =>
      `data y[row, d]\ndata a[row]\ndata b[k]\nstate x ~ normal(0, 1)\nlet c = sum[k](b)\ny ~ normal(${mu} + x + c, 1)`
    expect(codes(program('a'))).toEqual([])
    expect(pointed(program('b'))).toEqual(['AMP302 b + x + c'])
  })

  test('the hint for an axis too many names a variable that picks along it', () => {
    const [d] = diagnose('data y[row]\ndata g[row] : k\nstate mu[k] ~ normal(0, 1)\ny ~ normal(mu, 1)\nenergy sum[row](mu[g])')
    expect(d?.hint).toContain("'mu[g]'")
  })
})

describe('the type of the left side', () => {
  test.each([
    ['tau ~ half_cauchy(5)', 'positive'],
    ['p ~ beta(1, 1)', 'probability'],
    ['x ~ uniform(-1, 3)', 'real(lower = -1, upper = 3)'],
    ['x ~ normal(0, 1) in (2, inf)', 'real(lower = 2)'],
    ['x ~ normal(0, 1) in (0, inf)', 'positive'],
    ['x ~ pareto(2, 1)', 'real(lower = 2)'],
    ['n ~ poisson(3)', 'count'],
    ['b ~ bernoulli(0.5)', 'bit'],
    ['p[k] ~ dirichlet[k](1)', 'simplex[k]'],
    ['x[d] ~ von_mises_fisher[d](x0, 3)', 'unit[d]'],
    ['S[d, e] ~ wishart[d](5, V)', 'covariance[d, e]'],
  ])('state %s needs the type %s, and with it is fine', (declaration, type) => {
    const given = 'data x0[d] : unit[d]\naxis e = size(d)\ndata V[d, e]\nlet unused = sum[d](x0) + sum[d, e](V)'
    const wrong = diagnose(`${given}\nstate ${declaration}`)
    expect(wrong.map((d) => d.code)).toEqual(['AMP406'])
    expect(wrong[0]?.hint).toMatch(new RegExp(` : ${type.replace(/[[\]()]/g, '\\$&')}$`))
    expect(codes(`${given}\nstate ${declaration.replace(' ~', ` : ${type} ~`)}`)).toEqual([])
  })

  test.each([
    'state a : positive ~ normal(0, 1)',
    'state a : probability ~ normal(0, 1)',
    'state a : real(lower = 2) ~ exponential(1)',
    'state a[k] : ordered[k] ~ normal(0, 1)',
    'state a : bit ~ binomial(1, 0.5)',
    'state a : real(lower = 0, upper = 1) ~ uniform(0, 1)',
  ])('%s: a type narrower than the support is fine', (text) => expect(codes(text)).toEqual([]))

  test('data are compared with the support when they come, unless their type says that they cannot fit', () => {
    expect(codes('data y[row]\nstate p : probability ~ beta(1, 1)\ny ~ bernoulli(p)')).toEqual([])
    expect(codes('data y[row] : spin\nstate p : probability ~ beta(1, 1)\ny ~ bernoulli(p)')).toEqual(['AMP406'])
    expect(codes('data y[row] : spin\nstate m ~ normal(0, 1)\ny ~ normal(m, 1)')).toEqual(['AMP407'])
  })

  test('elements and numbers are not exchanged', () => {
    expect(pointed('state z : k\ndata a[k]\nz ~ normal(sum[k](a), 1)')).toEqual(['AMP402 z'])
    expect(pointed('data y[row]\ndata a[k] : simplex[k]\nstate x ~ normal(0, 1)\ny ~ categorical(a)')).toEqual(['AMP403 y'])
  })
})

describe('families along axes', () => {
  const given = 'axis e = size(d)\ndata S[d, e]\ndata mu[d]'

  test('the axis may be left out where the type says it', () => {
    const model = modelOf(
      'state p[row, k] : simplex[k] ~ dirichlet(1)\ndata mu[d] : unit[d]\nstate u[row, d] : unit[d] ~ von_mises_fisher(mu, 3)',
    )
    expect(model.terms).toMatchObject([{ over: ['k'] }, { over: ['d'] }])
  })

  test('families of square matrices have both axes, however they were written', () => {
    const start = 'axis e = size(d)\nstate L[d, e] : cholesky[d, e] ~'
    for (const text of ['lkj_cholesky(2)', 'lkj_cholesky[d](2)', 'lkj_cholesky[d, e](2)']) {
      expect(modelOf(`${start} ${text}`).terms).toMatchObject([{ over: ['d', 'e'] }])
    }
  })

  test('a covariance has the axis and one of its own; the mean may be one number for all', () => {
    expect(codes(`${given}\nstate x[row, d] ~ multi_normal[d](mu, S)`)).toEqual([])
    expect(codes(`${given}\nstate x[d] ~ multi_normal[d](sum[d](mu), S)`)).toEqual([])
    expect(pointed(`${given}\nstate x[d] ~ multi_normal[d](0, mu + sum[e](S))`)).toEqual(['AMP321 mu + sum[e](S)'])
    expect(pointed(`${given}\nstate x[row] ~ normal(0, 1)\nstate w[row] ~ multi_normal[row](x, S + sum[d](mu))`)).toEqual([
      'AMP321 S + sum[d](mu)',
    ])
  })

  test('matrix_normal: one covariance for each axis', () => {
    const matrices = 'axis r2 = size(r)\naxis c2 = size(c)\ndata U[r, r2]\ndata V[c, c2]'
    expect(codes(`${matrices}\nstate X[r, c] ~ matrix_normal[r, c](0, U, V)`)).toEqual([])
    expect(pointed(`${matrices}\nstate X[r, c] ~ matrix_normal[r, c](0, V, U)`)).toEqual(['AMP321 V', 'AMP321 U'])
  })

  test('scales do not vary along the axis of the family', () => {
    expect(pointed(`${given}\ndata k[d] : positive\nstate x[d] ~ multi_student_t[d](k, mu, S)`)).toEqual(['AMP302 k'])
  })

  test('ordered_logistic: cutpoints along an axis of their own', () => {
    expect(
      codes('data y[row] : grade\ndata g[grade]\nstate c[cut] : ordered[cut] ~ normal(0, 1)\ny ~ ordered_logistic(sum[grade](g), c)'),
    ).toEqual([])
    expect(pointed('data y[row] : grade\ndata g[grade]\nstate c ~ normal(0, 1)\ny ~ ordered_logistic(sum[grade](g), c)')).toEqual([
      'AMP321 c',
    ])
  })

  test('markov: a row of probabilities for each state', () => {
    const chain = (type: string) =>
      `axis r = 2\naxis next = size(r)\nparam move[r, next] : ${type}\nstate s[t] : r\ndata y[t]\ndata mu[r]\ns ~ markov[t](move)\ny ~ normal(mu[s], 1)`
    expect(codes(chain('simplex[next]'))).toEqual([])
    expect(codes(chain('simplex[r]'))).toEqual(['AMP405'])
    expect(codes(chain('real'))).toEqual(['AMP405'])
    expect(pointed(chain('simplex[next]').replace('markov[t](move)', 'markov(move)'))).toEqual(['AMP320 markov'])
  })

  test('markov: moves may vary along the chain, and the first state may be given', () => {
    const chain = (move: string, init: string, args: string) =>
      `axis r = 2\naxis next = size(r)\nparam move[${move}] : simplex[next]\nparam init[${init}]\nstate s[t] : r\ndata y[t]\ndata mu[r]\ns ~ markov[t](${args})\ny ~ normal(mu[s], 1)`
    expect(codes(chain('t, r, next', 'r] : simplex[r', 'move, init'))).toEqual([])
    expect(codes(chain('r, next', 'r] : simplex[r', 'first = init, move = move'))).toEqual([])
    expect(codes(chain('r, next', 'r', 'move, init'))).toEqual(['AMP405'])
    expect(pointed(chain('r, next', 't, r] : simplex[r', 'move, init'))).toEqual(['AMP302 init'])
    expect(pointed(chain('r, next', 'next] : simplex[next', 'move, init'))).toEqual(['AMP321 init'])
    expect(pointed(chain('r, next', 'r] : simplex[r', 'move, init, init'))).toEqual(['AMP401 init'])
    expect(pointed(chain('r, next', 'r] : simplex[r', 'first = init'))).toEqual(['AMP401 markov'])
  })
})

describe('terms', () => {
  test('priors and statements come in the order of the text, each under a name of its own', () => {
    const model = modelOf(
      'state x : positive ~ normal(0, 1)\nenergy x^2\nenergy attract = x\nlog(x) ~ normal(0, 1)\nenergy x^4\nlog(x) ~ normal(1, 1)\ndata y[row]\ny ~ normal(x, 1)',
    )
    expect(model.terms.map((t) => t.name)).toEqual(['x', 'energy', 'attract', 'log_x', 'energy_2', 'log_x_2', 'y'])
    expect(model.terms.map((t) => (t.kind === 'density' ? t.variable : t.kind))).toEqual([
      'x',
      'energy',
      'energy',
      undefined,
      'energy',
      undefined,
      'y',
    ])
  })

  test('a transformed state gets no Jacobian and a warning; data, picks and shifts get neither', () => {
    expect(codes('state x : positive\nlog(x) ~ normal(0, 1)')).toEqual(['AMP408'])
    expect(codes('state x : positive\nlet l = log(x)\nl ~ normal(0, 1)')).toEqual(['AMP408'])
    expect(codes('data y : positive\nstate m ~ normal(0, 1)\nlog(y) ~ normal(m, 1)')).toEqual([])
    expect(codes('state m[k]\ndata z[row] : k\nm[z] ~ normal(0, 1)')).toEqual([])
  })

  test('a Jacobian that does not vary is no trouble, and what takes discrete values has none', () => {
    const two = 'state x : positive\nstate m\ndata y\ndata w[t]\nstate v[t]\ndef twice(a) = a + a\n'
    const left = (e: string, more = ''): readonly string[] =>
      codes(`${two}${more}${e} ~ normal(y + sum[t](w), 1)\nm + x + sum[t](v) ~ normal(0, 1)`)
    for (const e of [
      'x - m',
      '2 * x + 3 * m / 4 - y',
      'twice(x) - y * m',
      'w * v',
      'v - v[t = t - 1 else 0]',
      'cumsum[t](v)',
      'mean[t](v)',
    ]) {
      expect([e, left(e)]).toEqual([e, []])
    }
    expect(left('l', 'let l = x - y\n')).toEqual([])
    expect(left('scan[t](first = m, next = 0.5 * prev + v)')).toEqual([])
    for (const e of ['x * m', 'y / x', 'exp(m)', 'x^2', 'abs(m)', 'norm[t](v)', 'v * x', 'scan[t](first = m, next = v * prev)']) {
      expect([e, left(e)]).toEqual([e, ['AMP408']])
    }
    expect(left('l', 'let l = log(x) - y\n')).toEqual(['AMP408'])
    expect(codes('axis k = 9\nstate z : k\nlet n = index(k)[z] - 1\nn ~ poisson(3)')).toEqual([])
    expect(codes('state s : spin\nstate x ~ normal(s, 1)\ndata y\ny * s ~ normal(0, 1)')).toEqual([])
  })

  test('a state with a Lagrangian is met through act only, in lets and defs too', () => {
    const neuron = 'state v[i] with lagrangian sum[i](v^2) / 2'
    expect(pointed(`${neuron}\nenergy sum[i](act(v)^2)`)).toEqual([])
    expect(pointed(`${neuron}\nlet a = sum[i](v)\nenergy a^2`)).toEqual(['AMP220 v'])
    expect(pointed(`${neuron}\ndef f(u) = sum[i](u^2)\nenergy f(v)`)).toEqual(['AMP220 v'])
    expect(pointed(`${neuron}\nv ~ normal(0, 1)`)).toEqual(['AMP220 v'])
  })
})

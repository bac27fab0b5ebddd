import { describe, expect, test } from 'vitest'
import { codes, diagnose, pointed } from './checking.ts'

describe('all mistakes in one run', () => {
  test('each is said once, at its place, and none because of another', () => {
    const text = `model many
data x[row, feature]
state w[feature] ~ normal(0, -1)
state tau ~ half_cauchy(5)
let good = sum[feature](x * w)
let bad = goood + 1
let worse = bad * 2
energy worse + sum[row](worse)
y ~ normal(good, tau)
energy sum[row](good)^2 + x`
    expect(pointed(text)).toEqual(['AMP404 -1', 'AMP406 half_cauchy', 'AMP201 goood', 'AMP201 y', 'AMP301 sum[row](good)^2 + x'])
  })

  test('inside a def the caret is in the def, once, however often it is called', () => {
    const text = 'data a[i]\ndata b[j]\nstate x ~ normal(0, 1)\ndef f(u) = u * oops + sum[i](u)\nenergy f(a) + f(a) + f(x)'
    expect(pointed(text)).toEqual(['AMP201 oops', 'AMP304 i'])
  })

  test('a def that nothing calls is read all the same', () => {
    expect(pointed('state x ~ normal(0, 1)\ndef f(u) = u + oops')).toEqual(['AMP201 oops'])
    expect(pointed('state x ~ normal(0, 1)\ndef f(u) = sum[d](u)\ndata y[d]\nlet z = sum[d](y)')).toEqual([])
  })

  test('an argument that is wrong is said, and the def stays quiet', () => {
    expect(pointed('state x ~ normal(0, 1)\ndef f(u) = sum[nowhere](u)\nlet y = f(oops)')).toEqual(['AMP303 nowhere', 'AMP201 oops'])
  })

  test('what stands in a call or subscript that is wrong is looked at all the same', () => {
    const declared = 'data y[t]\nstate x ~ normal(0, 1)\n'
    expect(pointed(`${declared}energy sum[t](scan(first = oops, next = prev + y))`)).toEqual(['AMP306 scan', 'AMP201 oops'])
    expect(pointed(`${declared}energy sum[t](scan[t](first = oops + x))`)).toEqual(['AMP401 scan', 'AMP201 oops'])
    expect(pointed(`${declared}energy sum[t](y[t = 2 * oops else x])`)).toEqual(['AMP201 oops', 'AMP327 x'])
  })

  test('what is unknown on the right of ~ may be a variable', () => {
    expect(pointed('state x ~ normal(0, 1)\n0 ~ normal(oops, 1)\n0 ~ normal(1, 1)')).toEqual(['AMP201 oops', 'AMP409 0'])
  })

  test('a line that does not read is not blamed on the lines that need it', () => {
    expect(codes('state x[pixel\nenergy sum[pixel](x^2)')).toEqual(['AMP103'])
    expect([...codes('state x[pixel\nenergy sum[pixel](x^2)\nstate y ~ normal(0)')].sort()).toEqual(['AMP103', 'AMP401'])
  })

  test('a line that does not read hides no unknown function, name, type or axis elsewhere', () => {
    const text = `data y[row]
state mu ~ normal(0, 5))
state sigma : positiv ~ half_normal(1)
let a = poisson_rng(mu)
let b = sum[rwo](y) + oops
energy a + b + mu`
    expect(pointed(text)).toEqual(['AMP104 )', 'AMP204 positiv', 'AMP202 poisson_rng', 'AMP303 rwo', 'AMP201 oops'])
  })

  test('what stands in a line that does not read may have been declared there', () => {
    expect(codes('def f(u = u + 1\nstate x\nenergy f(x)^2')).toEqual(['AMP103'])
    expect(codes('axis k 3\nstate x[k] ~ normal(0, 1)\nlet y = sum[k](x)')).toEqual(['AMP111'])
    expect(codes('stat a\nstate x ~ normal(a, 1)')).toEqual(['AMP108'])
    expect(codes("data d = 'text'\nstate x ~ normal(d, 1)")).toEqual(['AMP113'])
  })

  test('circles name their members, in the order of use', () => {
    const [d] = diagnose('state x\nlet a = b + x\nlet b = 2 * c\nlet c = f(1)\ndef f(u) = u + a\nenergy a')
    expect(d?.code).toBe('AMP207')
    expect(d?.message).toContain("'a' uses 'b' uses 'c' uses 'f' uses 'a'")
    expect(d?.related?.map((r) => r.message)).toEqual(["'b' is here", "'c' is here", "'f' is here"])
  })

  test('a parameter hides a let of the same name, so this is no circle', () => {
    expect(codes('state x\nlet u = f(x)\ndef f(u) = u + 1\nenergy u^2')).toEqual([])
  })

  test('inherited names of JavaScript are names like any other', () => {
    expect(codes('state constructor ~ normal(0, 1)\nlet toString = constructor + 1')).toEqual([])
    expect(codes('state x ~ constructor(0)')).toEqual(['AMP203'])
    expect(codes('state x : toString ~ normal(0, 1)')).toEqual(['AMP204'])
    expect(codes('state x\nenergy hasOwnProperty(x)')).toEqual(['AMP202'])
    expect(codes('state x ~ normal(0, 1)\nenergy valueOf^2')).toEqual(['AMP201'])
  })
})

describe('order does not matter', () => {
  test('the same statements backwards give the same terms', () => {
    const lines = [
      'data y[row]',
      'let mean_ = mean[row](y)',
      'let twice = 2 * mean_',
      'def shifted(u) = u - twice',
      'state x ~ normal(0, 1)',
      'energy shifted(x)^2',
    ]
    expect(codes(lines.join('\n'))).toEqual([])
    expect(codes([...lines].reverse().join('\n'))).toEqual([])
  })

  test('except for defaults, which are filled in from the top', () => {
    expect(codes('param a : positive = 1\nparam b = a / 2\nstate x ~ normal(b, a)')).toEqual([])
    expect(codes('param b = a / 2\nparam a : positive = 1\nstate x ~ normal(b, a)')).toEqual(['AMP223'])
  })
})

describe('what nothing uses', () => {
  test('a state reached only through a let that no term uses', () => {
    expect(pointed('state x ~ normal(0, 1)\nstate y\nlet z = y + x')).toEqual(['AMP224 y'])
  })

  test('a state over a random axis has that axis as its prior', () => {
    expect(codes('axis k ~ dp(1)\nstate z : k\nmemory mu[k] ~ normal(0, 1)')).toEqual([])
  })

  test('a let is an output, so it needs no reader', () => {
    expect(codes('param a = 1\nstate x ~ normal(0, 1)\nlet out = a * x')).toEqual([])
  })
})

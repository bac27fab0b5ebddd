import { expect, it } from 'vitest'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { gradient } from '../../src/ir/gradient.ts'
import { maths } from '../../src/ir/maths.ts'
import { printGraph } from '../../src/ir/print.ts'
import { simplify } from '../../src/ir/simplify.ts'

it('shows a modern Hopfield network and its gradient in a few lines', () => {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const [xi, x, beta] = [builder.input('xi', ['pattern', 'pixel']), builder.input('x', ['pixel']), builder.input('beta', [])]
  const attention = m.logsumexp(['pattern'], m.mul(beta, m.sum(['pixel'], m.mul(xi, x))))
  const energy = m.sub(m.div(m.sum(['pixel'], m.square(x)), m.k(2)), m.div(attention, beta))
  builder.output('energy', energy)
  builder.output('gradient:x', gradient(builder, energy, [x])[0] as number)
  expect(printGraph(simplify(builder.finish()))).toMatchInlineSnapshot(`
    "input xi[pattern, pixel]
    input x[pixel]
    input beta
    %0[pattern] = sum[pixel](xi * x)
    %1[pattern] = beta * %0
    %2 = logsumexp[pattern](%1)
    %3 = sum[pixel](square(x))
    %4[pixel] = sum[pattern](exp(%1 - log_total(%2)) * xi)
    energy = 0.5 * %3 - %2 / beta
    gradient:x[pixel] = x - %4"
  `)
})

it('puts parentheses where they are needed, and only there', () => {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const [a, b, c] = [builder.input('a', []), builder.input('b', []), builder.input('c', [])]
  builder.output('difference', m.sub(a, m.sub(b, c)))
  builder.output('quotient', m.div(m.mul(a, b), m.mul(b, c)))
  builder.output('minus', m.neg(m.add(a, b)))
  builder.output('power', m.pow(m.pow(a, b), m.k(-2)))
  builder.output('test', m.where(m.less(m.add(a, b), c), m.mul(a, m.k(-3)), c))
  expect(printGraph(builder.finish())).toMatchInlineSnapshot(`
    "input a
    input b
    input c
    %0 = a + b
    difference = a - (b - c)
    quotient = a * b / (b * c)
    minus = -%0
    power = (a ^ b) ^ (-2)
    test = where(%0 < c, a * -3, c)"
  `)
})

it('shows structured operations with what belongs to them', () => {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const body = new GraphBuilder()
  body.output('next', maths(body).add(maths(body).mul(body.input('e1', []), body.input('prev', [])), body.input('e0', [])))
  const [y, z, mu] = [builder.input('y', ['t']), builder.input('z', ['t']), builder.input('mu', ['k'])]
  builder.output('picked', m.mul(builder.pick(mu, 'k', z), builder.shift(y, 't', 1)))
  builder.output('leaky', builder.scan('t', false, body.finish(), m.k(0), [y, builder.input('c', [])], []))
  builder.output('back', builder.scatter(m.exp(y), 'k', z, ['t']))
  builder.output('turned', builder.cumsum(builder.rename(y, 't', 's'), 's', true))
  expect(printGraph(builder.finish())).toMatchInlineSnapshot(`
    "input y[t]
    input z[t]
    input mu[k]
    input c
    %0[t] = mu[k = z]
    %1[t] = y[t = t - 1]
    %2[t] = scan[t](first = 0, e0 = y, e1 = c) { next = e1 * prev + e0 }
    %3[k] = scatter[k = z; t](exp(y))
    %4[s] = y[t -> s]
    %5[s] = cumsum[s, from the end](%4)
    picked[t] = %0 * %1
    leaky[t] = %2
    back[k] = %3
    turned[s] = %5"
  `)
})

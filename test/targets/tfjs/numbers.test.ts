import { describe, expect, it } from 'vitest'
import { must } from '../../../src/base/internal-error.ts'
import { GraphBuilder } from '../../../src/ir/builder.ts'
import type { Graph, NodeId } from '../../../src/ir/graph.ts'
import { type Maths, maths } from '../../../src/ir/maths.ts'
import { openTfjs, supportsTfjs } from '../../../src/targets/tfjs.ts'
import { backends } from './backends.ts'

/** What comes out of `write` of an input over one axis. */
function graphOf(write: (m: Maths, x: NodeId, b: GraphBuilder) => NodeId): Graph {
  const b = new GraphBuilder()
  b.output('y', write(maths(b), b.input('x', ['i']), b))
  return b.finish()
}

describe.each(backends)('float32 on %s', (backend) => {
  const run = async (x: ArrayLike<number>, write: (m: Maths, x: NodeId, b: GraphBuilder) => NodeId): Promise<number[]> => {
    const opened = await openTfjs(backend)
    if (opened.backend === undefined) throw new Error(opened.passedOver.join(' '))
    const before = opened.tensors()
    const executable = opened.target(graphOf(write), { i: x.length, k: 3 })
    must(executable.inputs.get('x'), 'x').set(x)
    executable.run()
    executable.dispose()
    expect(opened.tensors()).toBe(before)
    return [...must(executable.outputs.get('y'), 'y')]
  }
  const tenths = new Float64Array(1_000_003).fill(0.1)

  it('sums a million terms (one after another they are 1 % off)', async () => {
    // Blocks of at most 512 terms, twice or three times over: each below 512 units of rounding (2^-24) of one sign.
    const [sum] = await run(tenths, (m, x) => m.sum(['i'], x))
    expect(Math.abs(must(sum, 'sum') / 100_000.3 - 1)).toBeLessThan(3e-5)
  })
  it.each([false, true])('takes running sums of a million terms (reverse: %s)', async (reverse) => {
    const found = await run(tenths, (_, x, b) => b.cumsum(x, 'i', reverse))
    const worst = found.reduce((w, y, i) => Math.max(w, Math.abs(y / (0.1 * (reverse ? tenths.length - i : i + 1)) - 1)), 0)
    // As sums; the longest block is 250 terms, of which the first few are rounded to 2^-24 each.
    expect(worst).toBeLessThan(3e-5)
  })
  it('keeps log1p, expm1 and softplus near nothing and far out', async () => {
    const xs = [1e-6, -1e-6, 3e-8, 0.5, -0.5, 30, -30, 80, -80, 0]
    const close = async (op: 'log1p' | 'expm1' | 'softplus', on: readonly number[], truth: (x: number) => number) => {
      const found = await run(on, (m, x) => m[op](x))
      // A dozen operations, each good to 2^-23, none of which loses digits.
      found.forEach((y, i) => {
        const exact = truth(on[i] as number)
        expect(Math.abs(y - exact), `${op}(${on[i]})`).toBeLessThanOrEqual(2e-6 * Math.abs(exact))
      })
    }
    await close(
      'log1p',
      xs.filter((x) => x > -1),
      Math.log1p,
    )
    await close('expm1', xs, Math.expm1)
    await close('softplus', xs, (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))))
    expect(await run([-1, Infinity, 0], (m, x) => m.log1p(x))).toEqual([-Infinity, Infinity, 0])
  })
  it('keeps the log of a sum of nothing', async () => {
    const lse = (m: Maths, x: NodeId): NodeId => m.logsumexp(['i'], x)
    expect(await run([-Infinity, -Infinity], lse)).toEqual([-Infinity])
    expect(await run([-Infinity, 3], lse)).toEqual([3])
    expect(await run([Infinity, 3], lse)).toEqual([Infinity])
    expect((await run([1000, 1000], lse))[0]).toBeCloseTo(1000 + Math.LN2, 3)
  })
  it('rounds halves up, divides whole numbers, keeps finite constants finite', async () => {
    expect(await run([0.5, 1.5, 2.5, -0.5, -1.5], (m, x) => m.round(x))).toEqual([1, 2, 3, 0, -1].map((v) => v + 0))
    expect(await run([1, 3, -7], (m, x) => m.div(x, m.k(2)))).toEqual([0.5, 1.5, -3.5])
    const [top] = await run([1], (m, x) => m.min(m.k(1e300), m.mul(x, m.k(-1e300))))
    expect(Number.isFinite(top)).toBe(true)
  })
  it('works special functions out in float64', async () => {
    const found = await run([10, 0.5], (m, x) => m.lgamma(x))
    // log(9!) and log(pi) / 2, good to the rounding of the result.
    expect(Math.abs(must(found[0], 'y') - Math.log(362880))).toBeLessThan(2e-6)
    expect(Math.abs(must(found[1], 'y') - Math.log(Math.PI) / 2)).toBeLessThan(1e-7)
  })
  it('scatters to where the index says, along the axis it comes from too', async () => {
    const which = (b: GraphBuilder, m: Maths): NodeId => m.sub(m.sub(b.size('i'), m.k(1)), b.index('i'))
    expect(await run([1, 2, 4], (m, x, b) => b.scatter(x, 'i', which(b, m), ['i']))).toEqual([4, 2, 1])
    expect(await run([1, 2, 4, 8], (m, x, b) => b.scatter(x, 'k', m.min(b.index('i'), m.k(2)), ['i']))).toEqual([1, 2, 12])
  })
})

it('looks again at a fixed input when it is touched, and not before', async () => {
  const opened = await openTfjs('tfjs-cpu')
  if (opened.backend === undefined) throw new Error(opened.passedOver.join(' '))
  const b = new GraphBuilder()
  const m = maths(b)
  b.output('y', m.sum(['i'], m.mul(b.input('x', ['i']), b.input('w', ['i']))))
  b.output('twice', m.mul(m.k(2), b.input('w', ['i'])))
  const x = Float64Array.of(1, 2)
  const y = new Float64Array(1)
  const executable = opened.target(
    b.finish(),
    { i: 2 },
    {
      fixed: new Set(['w']),
      buffers: new Map([
        ['x', x],
        ['y', y],
      ]),
    },
  )
  const w = must(executable.inputs.get('w'), 'w')
  const runs = (): number => {
    executable.run()
    return must(y[0], 'y')
  }
  w.set([1, 10])
  expect(runs()).toBe(21)
  w.set([3, 10])
  expect(runs()).toBe(21)
  executable.touch('w')
  expect(runs()).toBe(23)
  expect([...must(executable.outputs.get('twice'), 'twice')]).toEqual([6, 20])
  x.set([0, 1])
  expect(runs()).toBe(10)
  executable.dispose()
})

it('refuses what does not fit, in a sentence', () => {
  const b = new GraphBuilder()
  const m = maths(b)
  b.output('y', m.sum(['i', 'j', 'k'], m.abs(m.sub(b.input('x', ['i', 'k']), b.input('w', ['j', 'k'])))))
  const graph = b.finish()
  expect(supportsTfjs(graph, { i: 10, j: 10, k: 10 })).toBeUndefined()
  expect(supportsTfjs(graph, { i: 1000, j: 1000, k: 1000 })).toMatch(/would have 1,000,000,000 numbers/)
  expect(supportsTfjs(graph, { i: 10, j: 0, k: 10 })).toMatch(/no elements/)
  const special = graphOf((m2, x) => m2.sum(['i'], m2.lgamma(x)))
  expect(supportsTfjs(special, { i: 2 ** 21 })).toMatch(/lgamma/)
})

import { describe, expect, test } from 'vitest'
import { InternalError, must } from '../../../src/base/internal-error.ts'
import { GraphBuilder } from '../../../src/ir/builder.ts'
import { gradient } from '../../../src/ir/gradient.ts'
import type { Graph, NodeId, ReductionOp, Sizes } from '../../../src/ir/graph.ts'
import { type Maths, maths } from '../../../src/ir/maths.ts'
import type { Executable, ExecutableOptions } from '../../../src/middle/executable.ts'
import { generateKernel } from '../../../src/targets/kernel/generate.ts'
import { kernel } from '../../../src/targets/kernel.ts'

type Ports = Readonly<Record<string, readonly string[]>>

function graphOf(ports: Ports, outputs: (m: Maths, input: (name: string) => NodeId) => Readonly<Record<string, NodeId>>): Graph {
  const builder = new GraphBuilder()
  const made = outputs(maths(builder), (name) => builder.input(name, must(ports[name], name)))
  for (const [name, id] of Object.entries(made)) builder.output(name, id)
  return builder.finish()
}

function ready(graph: Graph, sizes: Sizes, inputs: Readonly<Record<string, readonly number[]>>, options?: ExecutableOptions): Executable {
  const made = kernel(graph, sizes, options)
  for (const [name, numbers] of Object.entries(inputs)) must(made.inputs.get(name), name).set(numbers)
  return made
}

function values(
  graph: Graph,
  sizes: Sizes,
  inputs: Readonly<Record<string, readonly number[]>>,
): Readonly<Record<string, readonly number[]>> {
  const made = ready(graph, sizes, inputs)
  made.run()
  return Object.fromEntries([...made.outputs].map(([name, numbers]) => [name, [...numbers]]))
}

const inf = Number.POSITIVE_INFINITY

describe('reductions at the edges', () => {
  const ops: readonly ReductionOp[] = ['sum', 'prod', 'max_over', 'min_over', 'logsumexp']
  const all = graphOf({ x: ['i'] }, (m, input) =>
    Object.fromEntries(ops.map((op) => [op, m.builder.reduce(op, ['i'], m.mul(m.k(1), input('x')))])),
  )

  test('of nothing', () => {
    expect(values(all, { i: 0 }, {})).toEqual({ sum: [0], prod: [1], max_over: [-inf], min_over: [inf], logsumexp: [-inf] })
  })

  // Sizes 2 and 3 are written out, 2 with its own formula; 9 is a loop with four lanes and a rest.
  test.each([1, 2, 3, 4, 9])('logsumexp of %i infinities is that infinity', (n) => {
    expect(values(all, { i: n }, { x: new Array<number>(n).fill(-inf) }).logsumexp).toEqual([-inf])
    expect(values(all, { i: n }, { x: new Array<number>(n).fill(inf) }).logsumexp).toEqual([inf])
    expect(values(all, { i: n }, { x: [inf, ...new Array<number>(n - 1).fill(-inf)] }).logsumexp).toEqual([inf])
  })

  test.each([1, 2, 3, 9])('NaN among %i numbers is not lost', (n) => {
    const x = [Number.NaN, ...Array.from({ length: n - 1 }, (_, i) => i)]
    const found = values(all, { i: n }, { x: n === 9 ? x.toReversed() : x })
    expect(found).toEqual({
      sum: [Number.NaN],
      prod: [Number.NaN],
      max_over: [Number.NaN],
      min_over: [Number.NaN],
      logsumexp: [Number.NaN],
    })
  })

  test.each([2, 3, 9])('logsumexp of %i large numbers does not overflow', (n) => {
    const found = values(all, { i: n }, { x: new Array<number>(n).fill(1000) }).logsumexp?.[0] as number
    expect(Math.abs(found - (1000 + Math.log(n)))).toBeLessThan(1e-12 * 1000)
  })
})

describe('weights', () => {
  function weightsOf(n: number, x: readonly number[]): Readonly<Record<string, readonly number[]>> {
    const graph = graphOf({ x: ['i'] }, (m, input) => {
      const total = m.logsumexp(['i'], input('x'))
      const [slope] = gradient(m.builder, total, [input('x')])
      return { total, slope: must(slope, 'gradient'), weight: m.exp(m.sub(input('x'), total)) }
    })
    return values(graph, { i: n }, { x })
  }

  test.each([2, 3, 8])('of %i terms are all 0 in a gradient where every term is impossible', (n) => {
    expect(weightsOf(n, new Array<number>(n).fill(-inf)).slope).toEqual(new Array<number>(n).fill(0))
  })

  test.each([2, 3, 8])('of %i terms sum to 1 and favour the larger', (n) => {
    const x = Array.from({ length: n }, (_, i) => 700 + i)
    const { slope = [], weight = [] } = weightsOf(n, x)
    expect(Math.abs(slope.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-14)
    slope.forEach((w, i) => {
      // exp(i) / sum exp
      const expected = Math.exp(i) / x.reduce((sum, _, k) => sum + Math.exp(k), 0)
      expect(Math.abs(w - expected)).toBeLessThan(1e-14)
      expect(Math.abs((weight[i] as number) - expected)).toBeLessThan(1e-14)
    })
  })

  test('compute no exponential twice', () => {
    const graph = graphOf({ x: ['i', 'j'] }, (m, input) => {
      const energy = m.sum(['i'], m.logsumexp(['j'], m.mul(m.k(3), input('x'))))
      const [slope] = gradient(m.builder, energy, [input('x')])
      return { energy, slope: must(slope, 'gradient') }
    })
    expect(generateKernel(graph).text.match(/f_exp\(/g)).toHaveLength(1)
    // Written out, one exponential for the two of them.
    expect(generateKernel(graph, { sizes: { i: 100, j: 2 } }).text.match(/f_exp\(/g)).toHaveLength(1)
  })

  test('softplus and sigmoid of one number share their exponential', () => {
    const graph = graphOf({ x: ['i'] }, (m, input) => ({ a: m.softplus(m.neg(input('x'))), b: m.sigmoid(input('x')) }))
    expect(generateKernel(graph).text.match(/f_exp\(/g)).toHaveLength(1)
    const { a = [], b = [] } = values(graph, { i: 5 }, { x: [-800, -1, 0, 2, 800] })
    expect(a[0]).toBe(800)
    expect(a[4]).toBe(0)
    expect(b[0]).toBe(0)
    expect(b[2]).toBe(0.5)
    expect(Math.abs((b[1] as number) - 1 / (1 + Math.E))).toBeLessThan(1e-15)
    expect(Math.abs((a[3] as number) - Math.log1p(Math.exp(-2)))).toBeLessThan(1e-15)
  })
})

describe('numbers in the text', () => {
  test.each([0, -0, 1e-320, 1e300, -2.5, 0.1, inf, -inf, Number.NaN])('%d comes back exactly', (k) => {
    const graph = graphOf({ x: [] }, (m, input) => ({
      k: m.k(k),
      less: m.sub(input('x'), m.k(k)),
      negative: m.neg(m.min(m.k(k), input('x'))),
    }))
    const found = values(graph, {}, { x: [3] })
    expect(found.k?.[0]).toBe(k)
    expect(found.less?.[0]).toBe(3 - k)
    expect(found.negative?.[0]).toBe(-Math.min(k, 3))
  })
})

describe('buffers', () => {
  const graph = graphOf({ x: ['i'], s: [] }, (m, input) => ({ y: m.mul(input('s'), input('x')), same: input('x') }))

  test('that are given are used, as views into one state too', () => {
    const state = Float64Array.of(9, 1, 2, 3, 9, 9)
    const buffers = new Map([
      ['x', state.subarray(1, 4)],
      ['y', new Float64Array(3)],
    ])
    const made = ready(graph, { i: 3 }, { s: [10] }, { buffers })
    made.run()
    expect(made.outputs.get('y')).toBe(buffers.get('y'))
    expect([...must(buffers.get('y'), 'y')]).toEqual([10, 20, 30])
    state[2] = 5
    made.run()
    expect([...must(made.outputs.get('y'), 'y')]).toEqual([10, 50, 30])
    expect([...must(made.outputs.get('same'), 'same')]).toEqual([1, 5, 3])
  })

  test('one node may have several outputs, in several layouts, repeated along an axis that it lacks', () => {
    const builder = new GraphBuilder()
    const sum = builder.apply('add', builder.input('x', ['i']), builder.input('z', ['j']))
    builder.output('straight', sum, ['i', 'j'])
    builder.output('across', sum, ['j', 'i'])
    builder.output('again', sum, ['i', 'j'])
    builder.output('repeated', builder.sum(['j'], sum), ['k', 'i'])
    const found = values(builder.finish(), { i: 2, j: 5, k: 2 }, { x: [10, 20], z: [1, 2, 3, 4, 5] })
    expect(found.straight).toEqual([11, 12, 13, 14, 15, 21, 22, 23, 24, 25])
    expect(found.again).toEqual(found.straight)
    expect(found.across).toEqual([11, 21, 12, 22, 13, 23, 14, 24, 15, 25])
    expect(found.repeated).toEqual([65, 115, 65, 115])
  })

  test('an input that nothing reads has one', () => {
    const bare = graphOf({ x: [] }, (m, input) => ({ y: m.exp(input('x')) }))
    const made = kernel({ ...bare, inputs: [...bare.inputs, { name: 'idle', axes: ['i'] }] }, { i: 4 })
    expect(made.inputs.get('idle')).toHaveLength(4)
  })

  test('a size that is missing is an internal error', () => {
    expect(() => kernel(graph, {})).toThrow(InternalError)
  })
})

describe('fixed inputs', () => {
  const graph = graphOf({ n: ['i'], x: [] }, (m, input) => ({ y: m.add(input('x'), m.sum(['i'], m.lgamma(input('n')))) }))

  test('are looked at again only when touched', () => {
    const made = ready(graph, { i: 2 }, { n: [4, 1], x: [1] }, { fixed: new Set(['n']) })
    const y = (): number => {
      made.run()
      return must(made.outputs.get('y'), 'y')[0] as number
    }
    expect(Math.abs(y() - (1 + Math.log(6)))).toBeLessThan(1e-14)
    must(made.inputs.get('n'), 'n').set([5, 1])
    must(made.inputs.get('x'), 'x').set([2])
    made.touch('x')
    expect(Math.abs(y() - (2 + Math.log(6)))).toBeLessThan(1e-14)
    made.touch('n')
    expect(Math.abs(y() - (2 + Math.log(24)))).toBeLessThan(1e-14)
  })

  test('a pass over them happens once, not in every run', () => {
    const [before, run] = generateKernel(graph, { fixed: new Set(['n']) }).text.split('run() {')
    expect(before).toContain('f_lgamma(')
    expect(run).not.toContain('f_lgamma(')
  })
})

test('long chains and deeply shared nodes take neither stack nor exponential time', () => {
  const graph = graphOf({ x: ['i'], k: ['i'], s: [] }, (m, input) => {
    let [shared, fixed, long] = [input('x'), input('k'), input('s')]
    for (let i = 0; i < 60; i += 1) shared = m.mul(m.k(0.5), m.add(shared, m.mul(shared, shared)))
    for (let i = 0; i < 60; i += 1) fixed = m.mul(m.k(0.5), m.add(fixed, m.mul(fixed, fixed)))
    const total = m.sum(['i'], shared)
    for (let i = 0; i < 5000; i += 1) long = m.add(m.k(i), long)
    return { y: m.add(shared, m.div(total, fixed)), long }
  })
  const made = ready(graph, { i: 2 }, { x: [1, 1], k: [1, 1], s: [0.5] }, { fixed: new Set(['k']) })
  made.run()
  // 1 stays 1 under (x + x^2) / 2, so that y = 1 + 2 / 1.
  expect([...must(made.outputs.get('y'), 'y')]).toEqual([3, 3])
  expect(must(made.outputs.get('long'), 'long')[0]).toBe((4999 * 5000) / 2 + 0.5)
})

test('a run allocates nothing once it is compiled', () => {
  const graph = graphOf({ x: ['i', 'j'], w: ['j'] }, (m, input) => {
    const energy = m.sum(['i'], m.logsumexp(['j'], m.mul(input('x'), input('w'))))
    const [slope] = gradient(m.builder, energy, [input('w')])
    return { energy, slope: must(slope, 'gradient') }
  })
  const made = ready(graph, { i: 5, j: 7 }, { x: Array.from({ length: 35 }, (_, k) => Math.sin(k)), w: [1, 2, 3, 4, 5, 6, 7] })
  for (let k = 0; k < 20_000; k += 1) made.run()
  const growths = Array.from({ length: 21 }, () => {
    const before = process.memoryUsage().heapUsed
    for (let k = 0; k < 5000; k += 1) made.run()
    return process.memoryUsage().heapUsed - before
  })
  // One number object a run would be 16 bytes of it, in every round. Rounds in which the collector ran come first, one in a hundred at that
  // rate; in the last ones the engine, whose compiler waits for a core on a busy machine, still ran what it had not compiled.
  const sixth = growths.toSorted((a, b) => a - b)[5] as number
  expect(sixth / 5000).toBeLessThan(8)
})

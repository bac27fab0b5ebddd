import { describe, expect, test } from 'vitest'
import { load } from '../../../src/api/load.ts'
import { must } from '../../../src/base/internal-error.ts'
import { marginalise } from '../../../src/compile/marginalise.ts'
import { readSampling } from '../../../src/compile/sampling.ts'
import { GraphBuilder } from '../../../src/ir/builder.ts'
import { gradient } from '../../../src/ir/gradient.ts'
import type { Graph, NodeId, Sizes } from '../../../src/ir/graph.ts'
import { maths } from '../../../src/ir/maths.ts'
import { simplify } from '../../../src/ir/simplify.ts'
import { generateKernel } from '../../../src/targets/kernel/generate.ts'
import { helpers } from '../../../src/targets/kernel/helpers.ts'
import { instantiate } from '../../../src/targets/kernel/instantiate.ts'
import { kernel } from '../../../src/targets/kernel.ts'
import { loopPrograms } from '../../../src/targets/loops/compile.ts'
import { scaledGraphs } from '../../../src/targets/loops/graph/scaled-graphs.ts'
import { reference } from '../../../src/targets/reference.ts'

interface Shape {
  readonly levels: number
  readonly steps: number
  /** Chains side by side. */
  readonly lanes?: number
  /** The moves change along the chain. */
  readonly moving?: boolean
}

type Numbers = Readonly<Record<string, Float64Array>>

/** Minus the log-likelihood of forward recursions in logs, at a temperature, and its derivatives by all logs it is made of. */
function chain({ lanes, moving }: Shape): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const side = lanes === undefined ? [] : ['lane']
  const T = builder.input('T', [])
  const first = builder.input('first', [...side, 'l'])
  const emission = builder.input('emission', [...side, 't', 'l'])
  const move = builder.input('move', [...(moving === true ? ['t'] : []), 'k', 'l'])
  const body = new GraphBuilder()
  const prev = body.rename(body.input('prev', [...side, 'l']), 'l', 'k')
  body.output('next', body.reduce('logsumexp', ['k'], body.apply('add', prev, body.input('e0', [...side, 'k', 'l']))))
  const states = builder.scan('t', false, body.finish(), m.div(first, T), [m.div(m.add(emission, move), T)], [...side, 'l'])
  const last = builder.pick(states, 't', m.sub(builder.size('t'), m.k(1)))
  const energy = m.neg(m.mul(T, m.sum(side, m.logsumexp(['l'], last))))
  const wrt = { first, emission, move }
  const slopes = gradient(builder, energy, Object.values(wrt))
  builder.output('energy', energy)
  Object.entries(wrt).forEach(([name, id], i) => {
    builder.output(`gradient:${name}`, must(slopes[i], name), builder.port(name).axes)
    expect(id).toBeGreaterThan(-1)
  })
  return simplify(builder.finish())
}

/** Numbers between -1 and 1 that look random. */
function numbers(length: number, seed: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => 2 * (Math.abs(Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 43758.5453) % 1) - 1)
}

function sizesOf({ levels, steps, lanes }: Shape): Sizes {
  return { l: levels, k: levels, t: steps, ...(lanes === undefined ? {} : { lane: lanes }) }
}

function inputsOf(shape: Shape, T: number, scale = 3): Numbers {
  const { levels, steps, lanes = 1, moving } = shape
  return {
    T: Float64Array.of(T),
    first: numbers(lanes * levels, 1).map((x) => scale * x),
    emission: numbers(lanes * steps * levels, 2).map((x) => scale * x),
    move: numbers((moving === true ? steps : 1) * levels * levels, 3).map((x) => 2 * x),
  }
}

function outputsOf(target: typeof kernel, graph: Graph, sizes: Sizes, inputs: Numbers): Numbers {
  const made = target(graph, sizes)
  for (const [name, buffer] of made.inputs) buffer.set(must(inputs[name], name))
  made.run()
  return Object.fromEntries([...made.outputs].map(([name, buffer]) => [name, buffer.slice()]))
}

/** The largest difference of two results relative to the largest number of each output; equal infinities and NaN do not differ. */
function difference(found: Numbers, wanted: Numbers): number {
  let worst = 0
  for (const [name, numbersWanted] of Object.entries(wanted)) {
    const top = numbersWanted.reduce((a, x) => (Number.isFinite(x) ? Math.max(a, Math.abs(x)) : a), 1)
    numbersWanted.forEach((x, i) => {
      const y = must(found[name]?.[i], name)
      if (!Object.is(x, y)) worst = Math.max(worst, Number.isNaN(x - y) ? Number.POSITIVE_INFINITY : Math.abs(x - y) / top)
    })
  }
  return worst
}

/** Which of the ways a kernel takes: whether the scaled recursion is worth trying, and whether it is right. */
function way(graph: Graph, sizes: Sizes, inputs: Numbers): 'scaled' | 'in logs' | 'in logs, after trying' {
  const { before, quick } = must(scaledGraphs(graph, new Map()), 'scaled graphs')
  const truth = (g: Graph): boolean => must(Object.values(outputsOf(reference, g, sizes, inputs)).at(-1), 'truth')[0] === 1
  if (!truth(before)) return 'in logs'
  return truth(quick) ? 'scaled' : 'in logs, after trying'
}

/** Log-likelihoods by summing over all paths: the energy, and the posterior of each level at each step. */
function enumerated(
  { levels, steps }: Shape,
  { first, emission, move }: Numbers,
  T: number,
): { readonly energy: number; readonly posterior: number[] } {
  const at = (x: Float64Array | undefined, i: number): number => must(x?.[i], 'number')
  const paths = Array.from({ length: levels ** steps }, (_, n) =>
    Array.from({ length: steps }, (_, t) => Math.floor(n / levels ** t) % levels),
  )
  const weights = paths.map((path) =>
    path.reduce(
      (sum, l, t) => sum + (t === 0 ? at(first, l) : at(emission, t * levels + l) + at(move, must(path[t - 1], 'before') * levels + l)) / T,
      0,
    ),
  )
  const top = Math.max(...weights)
  const total = weights.reduce((sum, w) => sum + Math.exp(w - top), 0)
  const posterior = new Array<number>(steps * levels).fill(0)
  paths.forEach((path, n) => {
    path.forEach((l, t) => {
      posterior[t * levels + l] = must(posterior[t * levels + l], 'sum') + Math.exp(must(weights[n], 'weight') - top) / total
    })
  })
  return { energy: -T * (top + Math.log(total)), posterior }
}

/** Sums of a few thousand terms in another order. */
const TOLERANCE = 1e-12

const shapes: readonly Shape[] = [
  { levels: 1, steps: 7 },
  { levels: 2, steps: 1 },
  { levels: 2, steps: 300 },
  { levels: 3, steps: 40 },
  { levels: 10, steps: 60 },
  { levels: 2, steps: 30, moving: true },
  { levels: 4, steps: 30, moving: true },
  { levels: 2, steps: 20, lanes: 3 },
  { levels: 5, steps: 20, lanes: 4, moving: true },
]

describe.each(shapes)('a chain of $levels levels and $steps steps, lanes $lanes, moving $moving', (shape) => {
  const graph = chain(shape)
  const sizes = sizesOf(shape)

  test.each([1, 0.3, 4])('is scaled, and what it is in logs, at temperature %d', (T) => {
    const inputs = inputsOf(shape, T)
    expect(way(graph, sizes, inputs)).toBe('scaled')
    const wanted = outputsOf(reference, graph, sizes, inputs)
    expect(difference(outputsOf(kernel, graph, sizes, inputs), wanted)).toBeLessThan(TOLERANCE)
    // Not only the kernel: the rewritten graph itself.
    const { quick } = must(scaledGraphs(graph, new Map()), 'scaled graphs')
    expect(difference(outputsOf(reference, quick, sizes, inputs), wanted)).toBeLessThan(TOLERANCE)
  })

  test('is the same where levels are all but impossible for a while', () => {
    // Gaps of thousands: numbers of the scaled recursion underflow, and do not matter.
    const inputs = inputsOf(shape, 1, 4000)
    expect(way(graph, sizes, inputs)).toBe('scaled')
    // The logs of the reference grow to a million: their differences are good to 1e-10.
    expect(difference(outputsOf(kernel, graph, sizes, inputs), outputsOf(reference, graph, sizes, inputs))).toBeLessThan(1e-10)
  })
})

describe('a short chain', () => {
  const shape = { levels: 3, steps: 6 }
  const graph = chain(shape)
  const sizes = sizesOf(shape)
  const inf = Number.POSITIVE_INFINITY

  function check(inputs: Numbers, T: number): void {
    const { energy, posterior } = enumerated(shape, inputs, T)
    const found = outputsOf(kernel, graph, sizes, inputs)
    expect(Math.abs(must(found.energy?.[0], 'energy') - energy) / Math.max(1, Math.abs(energy))).toBeLessThan(TOLERANCE)
    // The energy falls by the posterior where an emission rises; the first step has none of its own.
    const slopes = must(found['gradient:emission'], 'gradient')
    posterior.forEach((p, i) => {
      if (i >= shape.levels) expect(Math.abs(must(slopes[i], 'slope') + p)).toBeLessThan(TOLERANCE)
    })
    must(found['gradient:first'], 'gradient').forEach((g, l) => {
      expect(Math.abs(g + must(posterior[l], 'posterior'))).toBeLessThan(TOLERANCE)
    })
  }

  test.each([1, 0.5])('is the sum over its paths at temperature %d', (T) => {
    const inputs = inputsOf(shape, T)
    expect(way(graph, sizes, inputs)).toBe('scaled')
    check(inputs, T)
  })

  test('that goes from left to right only, against emissions that want it elsewhere', () => {
    const inputs = inputsOf(shape, 1)
    must(inputs.move, 'move').set([0, 0, -inf, -inf, 0, 0, -inf, -inf, 0])
    must(inputs.first, 'first').set([0, -inf, -inf])
    // Level 0 alone may be where level 2 has to come from, 900 nats below level 1 for four steps.
    must(inputs.emission, 'emission').set([0, 0, 0, -900, 0, 0, -900, 0, 0, -900, 0, -2000, 0, -9000, -9000, -9000, -9000, 0])
    expect(way(graph, sizes, inputs)).toBe('in logs')
    check(inputs, 1)
  })

  test('whose moves are all but forbidden', () => {
    const inputs = inputsOf(shape, 1)
    must(inputs.move, 'move').set([0, -400, -400, -400, 0, -400, -400, -400, 0])
    must(inputs.emission, 'emission').set([0, 0, 0, -900, 0, 0, -900, 0, 0, -900, 0, -900, 0, -9000, -9000, -9000, -9000, 0])
    expect(way(graph, sizes, inputs)).toBe('in logs')
    check(inputs, 1)
  })

  test('some of whose levels cannot emit what was seen', () => {
    const inputs = inputsOf(shape, 1)
    must(inputs.emission, 'emission').set([-inf, 0.3, -inf], 6)
    must(inputs.first, 'first').set([-inf, 0, -2])
    expect(way(graph, sizes, inputs)).toBe('scaled')
    check(inputs, 1)
  })

  test.each([
    ['nothing can emit what was seen', -inf, inf],
    ['something is not a number', Number.NaN, Number.NaN],
  ])('where %s', (_, emission, energy) => {
    const inputs = inputsOf(shape, 1)
    must(inputs.emission, 'emission').fill(emission, 6, 9)
    expect(way(graph, sizes, inputs)).toBe('in logs, after trying')
    const found = outputsOf(kernel, graph, sizes, inputs)
    expect(found.energy?.[0]).toBe(energy)
    expect(difference(found, outputsOf(reference, graph, sizes, inputs))).toBe(0)
  })
})

test('a run that had to be in logs leaves nothing behind for the next', () => {
  const shape = { levels: 3, steps: 6 }
  const graph = chain(shape)
  const made = kernel(graph, sizesOf(shape), { fixed: new Set(['move']) })
  const put = (inputs: Numbers): void => {
    for (const [name, buffer] of made.inputs) buffer.set(must(inputs[name], name))
    made.touch('move')
    made.run()
  }
  const usual = inputsOf(shape, 1)
  put(usual)
  const before = must(made.outputs.get('gradient:move'), 'gradient').slice()
  put({ ...usual, move: must(usual.move, 'move').map((x, i) => (i === 1 ? Number.NEGATIVE_INFINITY : x)) })
  expect(must(made.outputs.get('gradient:move'), 'gradient')[1]).toBe(0)
  put(usual)
  expect(made.outputs.get('gradient:move')).toEqual(before)
})

test('a kernel that is made where it runs has the bits of the text that holds both ways, whichever it takes', () => {
  const shape = { levels: 3, steps: 6 }
  const [graph, sizes, fixed] = [chain(shape), sizesOf(shape), new Set(['move'])]
  const here = kernel(graph, sizes, { fixed })
  const text = instantiate(generateKernel(graph, { sizes, fixed }))(new Map(Object.entries(sizes)), helpers, new Map())
  const usual = inputsOf(shape, 1)
  const forbidden = { ...usual, move: must(usual.move, 'move').map((x, i) => (i === 1 ? Number.NEGATIVE_INFINITY : x)) }
  const impossible = { ...usual, emission: must(usual.emission, 'emission').map(() => Number.NEGATIVE_INFINITY) }
  const runs: readonly Numbers[] = [usual, forbidden, usual, impossible, forbidden, usual]
  expect(runs.map((inputs) => way(graph, sizes, inputs))).toEqual([
    'scaled',
    'in logs',
    'scaled',
    'in logs, after trying',
    'in logs',
    'scaled',
  ])
  for (const inputs of runs) {
    for (const made of [here, text]) {
      for (const [name, buffer] of made.inputs) buffer.set(must(inputs[name], name))
      made.touch('move')
      made.run()
    }
    expect([...here.outputs]).toEqual([...text.outputs])
  }
})

test('logs that are themselves wanted stay logs', () => {
  const builder = new GraphBuilder()
  const body = new GraphBuilder()
  const prev: NodeId = body.rename(body.input('prev', ['l']), 'l', 'k')
  body.output('next', body.reduce('logsumexp', ['k'], body.apply('add', prev, body.input('e0', ['k', 'l']))))
  builder.output(
    'all',
    builder.scan('t', false, body.finish(), builder.input('first', ['l']), [builder.input('e', ['t', 'k', 'l'])], ['l']),
  )
  expect(scaledGraphs(builder.finish(), new Map())).toBeUndefined()
})

// Memory for K levels and T steps goes with K K + T K: a table over all pairs of levels at every step would be T K K.
test('no array is larger than what is given where moves are the same at every step, nor for joint draws', () => {
  const text =
    'data y[t]\naxis k = 20\naxis to = size(k)\ndata A[k, to] : simplex[to]\nstate mu[k] ~ normal(0, 3)\nstate s[t] : k\ns ~ markov[t](A)\ny ~ normal(mu[s], 1)\n'
  const energy = must(marginalise(must(load({ name: 'm', text }).value, 'model').energy, 'auto').value, 'summed')
  const { graph, joint } = must(readSampling(energy).value, 'program')
  const programs = [graph, ...joint.flatMap((d) => (d.by === 'levels' ? [d.graph] : []))].flatMap((g) => {
    const { plain, quick } = loopPrograms(g)
    return quick === undefined ? [plain()] : [quick.before, quick.program]
  })
  expect(programs).toHaveLength(3)
  for (const { arrays } of programs) expect(arrays.filter((a) => a.layout.length > 2)).toEqual([])
})

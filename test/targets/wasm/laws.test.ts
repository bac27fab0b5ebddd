import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { garch } from '../../../bench/models/garch.ts'
import { graphOf } from '../../../bench/models/load.ts'
import { logistic } from '../../../bench/models/logistic.ts'
import { markov } from '../../../bench/models/markov.ts'
import { hopfield } from '../../../bench/models/memories.ts'
import { mixture } from '../../../bench/models/mixture.ts'
import { must } from '../../../src/base/internal-error.ts'
import type { Sizes } from '../../../src/ir/graph.ts'
import { volumeOver } from '../../../src/ir/layout.ts'
import { simplify } from '../../../src/ir/simplify.ts'
import { madeSizes } from '../../../src/middle/derived-sizes.ts'
import type { Executable, ExecutableOptions, Target } from '../../../src/middle/executable.ts'
import { temperature } from '../../../src/middle/ports.ts'
import { kernelKnowing } from '../../../src/targets/kernel.ts'
import { wasmKnowing } from '../../../src/targets/wasm.ts'
import { type GraphCase, graphs } from '../../generators/graphs.ts'
import { gradientGraph } from '../../laws/agreement.ts'

type Numbers = Readonly<Record<string, Float64Array>>

function outputsOf(made: Executable, inputs: Numbers): Numbers {
  for (const [name, array] of made.inputs) array.set(must(inputs[name], name))
  for (const name of made.inputs.keys()) made.touch(name)
  made.run()
  return Object.fromEntries([...made.outputs].map(([name, numbers]) => [name, numbers.slice()]))
}

/** Bit for bit, but for the bits of what is no number. */
function sameBits({ graph, sizes, inputs }: GraphCase, known: Sizes, options?: ExecutableOptions): void {
  const by = (target: Target): Numbers => outputsOf(target(graph, sizes, options), inputs)
  expect(by(wasmKnowing(known))).toEqual(by(kernelKnowing(known)))
}

const enlargedSizes = { a: 5, b: 11, d: 11, t: 9, u: 1 }
const placesAlong: Readonly<Record<string, 'a' | 'b' | 't'>> = { which_a: 'a', which_b: 'b', which_t: 't' }

/** The same graph at sizes with pairs, groups of four and a rest; its values may leave the domains of functions. */
function enlarged({ graph }: GraphCase, sizes = enlargedSizes): GraphCase {
  const inputs = graph.inputs.map(({ name, axes }, k) => {
    const along = placesAlong[name]
    const numbers = Float64Array.from({ length: volumeOver(axes, sizes) }, (_, i) => {
      const u = Math.abs(Math.sin(12.9898 * (i + 1) + 78.233 * (k + 1)) * 43758.5453) % 1
      return along === undefined ? 4 * u - 2 : Math.floor(u * sizes[along])
    })
    return [name, numbers] as const
  })
  return { graph, sizes, inputs: Object.fromEntries(inputs) }
}

const gradients = (c: GraphCase): GraphCase => ({ ...c, graph: simplify(gradientGraph(c.graph), c.sizes) })
const halfFixed = ({ graph }: GraphCase): ExecutableOptions => ({
  fixed: new Set(graph.inputs.map((p) => p.name).filter((_, k) => k % 2 === 0)),
})

describe('WebAssembly gives the bits of the kernel', () => {
  const holds = (runs: number, seed: number, steps: number, check: (g: GraphCase) => void): void => {
    fc.assert(fc.property(graphs({ steps, without: ['trigamma'] }), check), { numRuns: runs, seed })
  }

  test('for values', () => holds(40, 31, 18, (g) => sameBits(g, {})))
  test('for values at larger sizes', () => holds(60, 32, 16, (g) => sameBits(enlarged(g), {})))
  test('for gradients at larger sizes', () => holds(40, 33, 12, (g) => sameBits(gradients(enlarged(g)), {})))
  test('where sizes are known and half of the inputs are fixed', () =>
    holds(30, 34, 14, (g) => sameBits(gradients(g), g.sizes, halfFixed(g))))
})

test("factors of matrices and what they solve are the kernel's", () => {
  const sizes = { a: 20, b: 20, d: 20, t: 2, u: 1 }
  const seen = { count: 0 }
  fc.assert(
    fc.property(graphs({ steps: 12 }), (g) => {
      if (!g.graph.nodes.some((n) => n.op === 'cholesky')) return
      seen.count += 1
      sameBits(enlarged(gradients(g), sizes), {})
    }),
    { numRuns: 60, seed: 35 },
  )
  expect(seen.count).toBeGreaterThan(2)
})

const read = (path: string): string => readFileSync(new URL(`../../../${path}.amp`, import.meta.url), 'utf8')

test.each([
  ['logistic regression, with a product of matrix and vector', () => logistic(read('test/language/logistic_regression'), 33, 11)],
  ['a mixture', () => mixture(read('models/posteriors/low_dim_gauss_mix'), 101)],
  ['a hidden Markov chain', () => markov(read('test/language/hidden_markov'), 7, 'scaled')],
  ['GARCH', () => garch(read('models/posteriors/garch11'), 9)],
  ['a memory', () => hopfield(read('test/language/modern_hopfield'), 5, 11)],
] as const)('%s: WebAssembly gives the bits of the kernel', (_, make) => {
  const { model } = make()
  const { graph, known, fixed, axes } = graphOf(model)
  const inputs = { ...model.fixed, ...model.coordinates, [temperature]: Float64Array.of(1) }
  sameBits({ graph, sizes: madeSizes(axes, model.sizes), inputs }, known, { fixed })
})

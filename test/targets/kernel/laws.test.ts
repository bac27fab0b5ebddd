import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { must } from '../../../src/base/internal-error.ts'
import { volumeOver } from '../../../src/ir/layout.ts'
import { simplify } from '../../../src/ir/simplify.ts'
import type { Target } from '../../../src/middle/executable.ts'
import { generateKernel } from '../../../src/targets/kernel/generate.ts'
import { helpers } from '../../../src/targets/kernel/helpers.ts'
import { instantiate } from '../../../src/targets/kernel/instantiate.ts'
import { kernel } from '../../../src/targets/kernel.ts'
import { type GraphCase, graphs } from '../../generators/graphs.ts'
import { agreesWithReference, gradientGraph } from '../../laws/agreement.ts'

/** Sums of a few hundred terms in another order, and reciprocals instead of divisions: a few hundred roundings of 1e-16. */
const TOLERANCE = 1e-12

/** The text for any sizes, where `kernel` may rely on small ones. */
const symbolic: Target = (graph, sizes) => {
  const source = generateKernel(graph)
  const made = instantiate(source)(new Map(source.axes.map((a) => [a, must(sizes[a], a)])), helpers, new Map())
  return { inputs: made.inputs, outputs: made.outputs, run: () => made.run(), touch: () => undefined, dispose: () => undefined }
}

/** Every other input is fixed: what depends on these alone is computed when they are touched. */
const halfFixed: Target = (graph, sizes) =>
  kernel(graph, sizes, { fixed: new Set(graph.inputs.map((p) => p.name).filter((_, k) => k % 2 === 0)) })

/** All inputs are fixed. */
const allFixed: Target = (graph, sizes) => kernel(graph, sizes, { fixed: new Set(graph.inputs.map((p) => p.name)) })

const bigSizes = { a: 5, b: 6, d: 6, t: 9, u: 1 }
const placesAlong: Readonly<Record<string, 'a' | 'b' | 't'>> = { which_a: 'a', which_b: 'b', which_t: 't' }

/** The same graph at sizes at which loops are unrolled and have a rest; its values may leave the domains: NaN stays NaN. */
function enlarged({ graph }: GraphCase): GraphCase {
  const inputs = graph.inputs.map(({ name, axes }, k) => {
    const along = placesAlong[name]
    const numbers = Float64Array.from({ length: volumeOver(axes, bigSizes) }, (_, i) => {
      const u = Math.abs(Math.sin(12.9898 * (i + 1) + 78.233 * (k + 1)) * 43758.5453) % 1
      return along === undefined ? 4 * u - 2 : Math.floor(u * bigSizes[along])
    })
    return [name, numbers] as const
  })
  return { graph, sizes: bigSizes, inputs: Object.fromEntries(inputs) }
}

function gradients(example: GraphCase): GraphCase {
  return { ...example, graph: gradientGraph(example.graph) }
}

function simplifiedGradients(example: GraphCase): GraphCase {
  return { ...example, graph: simplify(gradientGraph(example.graph), example.sizes) }
}

const targets: readonly (readonly [string, Target])[] = [
  ['at known sizes', kernel],
  ['at any sizes', symbolic],
  ['with half of its inputs fixed', halfFixed],
  ['with all of its inputs fixed', allFixed],
]

describe.each(targets)('a kernel %s computes what the reference computes', (_, target) => {
  const law = agreesWithReference(target, { tolerance: TOLERANCE })
  const holds = (runs: number, seed: number, make: (g: GraphCase) => GraphCase, options: Parameters<typeof graphs>[0] = {}): void => {
    fc.assert(
      fc.property(graphs(options), (example) => {
        expect(law(make(example))).toBeUndefined()
      }),
      { numRuns: runs, seed },
    )
  }

  test('for values', () => holds(140, 1, (g) => g, { steps: 20 }))
  test('for gradients', () => holds(100, 2, gradients, { without: ['trigamma'] }))
  test('for simplified gradients', () => holds(100, 3, simplifiedGradients, { without: ['trigamma'], steps: 16 }))
  if (target !== kernel) return
  test('for values at larger sizes', () => holds(200, 4, enlarged, { steps: 16 }))
  test('for simplified gradients at larger sizes', () =>
    holds(150, 5, (g) => simplifiedGradients(enlarged(g)), { without: ['trigamma'], steps: 12 }))
})

import fc from 'fast-check'
import { describe, it } from 'vitest'
import { printGraph } from '../../src/ir/print.ts'
import { simplify } from '../../src/ir/simplify.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { generatedOps } from '../generators/graph-steps.ts'
import { zeroForms } from '../generators/graph-zeros.ts'
import { type GraphCase, type GraphOptions, graphs } from '../generators/graphs.ts'
import { agreesWithReference, type GraphLaw, gradientGraph, gradientIsCentralDifference, simplifyKeepsGradients } from './agreement.ts'

const zeros: GraphOptions = { zeros: true, without: ['trigamma'], steps: 8 }

/** Graphs of one form, and what it takes to have something to write it with. */
const only = (form: string): GraphOptions => ({
  zeros: true,
  without: [...generatedOps, ...zeroForms].filter((op) => op !== form && op !== 'sin' && op !== 'mul'),
  steps: 4,
})

function holds(law: GraphLaw, runs: number, options: GraphOptions = zeros): void {
  const property = fc.property(graphs(options), (example) => {
    const wrong = law(example)
    if (wrong !== undefined) throw new Error(`${wrong}\nin\n${printGraph(example.graph)}`)
  })
  fc.assert(property, { seed: 20240229, numRuns: runs })
}

const gradients = (example: GraphCase): GraphCase => ({ ...example, graph: gradientGraph(example.graph) })
const simplifiedGradients = (example: GraphCase): GraphCase => ({
  ...example,
  graph: simplify(gradientGraph(example.graph), example.sizes),
})

describe('where a weight, a mask or a probability is 0, derivatives', () => {
  it.each(zeroForms)('are those that central differences show: %s', (form) => {
    holds(gradientIsCentralDifference(1e-6), 40, only(form))
  })
  it('are those that central differences show among all other operations', () => {
    holds(gradientIsCentralDifference(1e-6), 200)
  })
  it('are the same simplified before, after or not at all', () => {
    // As for graphs without zeros.
    holds(simplifyKeepsGradients(1e-9), 100)
  })
  it('are the same in a kernel', () => {
    // As in test/targets/kernel/laws.test.ts.
    const law = agreesWithReference(kernel, { tolerance: 1e-12 })
    holds((example) => law(gradients(example)) ?? law(simplifiedGradients(example)), 40)
  })
})

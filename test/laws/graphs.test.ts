import fc from 'fast-check'
import { describe, it } from 'vitest'
import { reference } from '../../src/compile/targets/reference.ts'
import { printGraph } from '../../src/ir/print.ts'
import { type GraphOptions, graphs } from '../../src/verify/generators/graphs.ts'
import {
  agreesWithReference,
  batchIsLoop,
  type GraphLaw,
  gradientIsCentralDifference,
  simplifyIsIdempotent,
  simplifyKeepsGradients,
  simplifyKeepsValues,
} from '../../src/verify/laws-graph.ts'

/** trigamma's derivative is not an operation. */
const differentiable: GraphOptions = { without: ['trigamma'] }

function holds(law: GraphLaw, runs: number, options: GraphOptions = {}): void {
  fc.assert(
    fc.property(graphs(options), (example) => {
      const wrong = law(example)
      if (wrong !== undefined) throw new Error(`${wrong}\nin\n${printGraph(example.graph)}`)
    }),
    { seed: 20240229, numRuns: runs },
  )
}

describe('graphs', () => {
  it('keep their values when simplified', () => {
    holds(simplifyKeepsValues(1e-9), 300)
  })
  it('are simplified in one go', () => {
    holds(simplifyIsIdempotent, 300)
  })
  it('have the gradients that central differences show', () => {
    holds(gradientIsCentralDifference(1e-6), 300, differentiable)
  })
  it('have the same gradients simplified before, after or not at all', () => {
    holds(simplifyKeepsGradients(1e-9), 200, differentiable)
  })
  it('give in a batch what they give one by one', () => {
    holds(batchIsLoop(1e-12), 200)
  })
  it('run as a target like their definition', () => {
    holds(agreesWithReference(reference, { tolerance: 0 }), 50)
  })
})

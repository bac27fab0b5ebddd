import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Derivative, type Derivatives, derivatives } from '../../src/ir/derivatives.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import type { ElementwiseOp } from '../../src/ir/graph.ts'
import { printGraph } from '../../src/ir/print.ts'
import { simplifications, simplify } from '../../src/ir/simplify.ts'
import { reference } from '../../src/targets/reference.ts'
import { type GraphOptions, graphs } from '../generators/graphs.ts'
import {
  agree,
  agreesWithReference,
  batchIsLoop,
  type GraphLaw,
  gradientAsEnergy,
  gradientIsCentralDifference,
  simplifyIsIdempotent,
  simplifyKeepsGradients,
  simplifyKeepsValues,
} from './agreement.ts'

/** trigamma's derivative is not an operation, and neither is the second one of digamma nor the third of lgamma. */
const once: GraphOptions = { without: ['trigamma'] }
const twice: GraphOptions = {
  without: [
    ...['trigamma', 'digamma', 'lgamma', 'digamma_gap', 'log_beta'],
    ...['log_gamma_p', 'log_gamma_q', 'log_beta_i', 'log_von_mises_mass'],
  ] as ElementwiseOp[],
}

function property(law: GraphLaw, options: GraphOptions) {
  return fc.property(graphs(options), (example) => {
    const wrong = law(example)
    if (wrong !== undefined) throw new Error(`${wrong}\nin\n${printGraph(example.graph)}`)
  })
}

function holds(law: GraphLaw, runs: number, options: GraphOptions = {}): void {
  fc.assert(property(law, options), { seed: 20240229, numRuns: runs })
}

describe('graphs', () => {
  it('keep their values when simplified', () => {
    // Sums are reordered (1e-16 of their largest term, at most 8) and passed through up to 12 functions whose slopes
    // stay below about 10 on the generated domains but may multiply; 12000 graphs stayed below 1e-11.
    holds(simplifyKeepsValues(1e-10), 400)
  })
  it('are simplified in one go', () => {
    holds(simplifyIsIdempotent, 400)
  })
  it('have the gradients that central differences show', () => {
    // Extrapolated differences of step 1e-4 lose 1e-12 to rounding and 1e-16 times a fifth derivative to truncation.
    holds(gradientIsCentralDifference(1e-6), 400, once)
  })
  it('have the second derivatives that central differences of gradients show', () => {
    holds((example) => gradientIsCentralDifference(1e-5)(gradientAsEnergy(example)), 200, { ...twice, steps: 8 })
  })
  it('have the same gradients simplified before, after or not at all', () => {
    holds(simplifyKeepsGradients(1e-9), 300, once)
  })
  it('give in a batch what they give one by one', () => {
    // The same sums in the same order: only the placement of a factor size(axis) may differ.
    holds(batchIsLoop(1e-13), 300)
  })
  it('run as a target like their definition', () => {
    holds(agreesWithReference(reference, { tolerance: 0 }), 50)
  })
})

/** Derivatives that are zero, or not there, by convention: there is no sign to flip. */
const steps: ReadonlySet<ElementwiseOp> = new Set([
  ...['sign', 'floor', 'ceil', 'round', 'less', 'less_equal', 'equal', 'trigamma'],
  ...['log_gamma_p_by_shape', 'log_gamma_q_by_shape', 'log_beta_i_by_first', 'log_beta_i_by_second', 'log_von_mises_mass_by_kappa'],
] as ElementwiseOp[])
const parameters: ReadonlySet<string> = new Set(['log_bessel_i 0', 'bessel_ratio 1', 'where 0'])

/** Every derivative with its sign flipped, one at a time; for what passes a value through, the other branch. */
const mutants = Object.entries(derivatives).flatMap(([op, row]) =>
  row.map((_, k) => ({ op: op as ElementwiseOp, k })).filter(({ op, k }) => !steps.has(op) && !parameters.has(`${op} ${k}`)),
)

describe('the law of gradients catches a wrong derivative', () => {
  it.each(mutants)('of $op by operand $k', ({ op, k }) => {
    const law = gradientIsCentralDifference(1e-6, { ...derivatives, [op]: flipped(derivatives[op], k) } as Derivatives)
    const found = fc.check(property(law, once), { seed: 20240229, numRuns: 3000, endOnFailure: true })
    expect(found.failed).toBe(true)
  })
})

it('the law of simplified values catches a wrong rule', () => {
  const wrong = { ...simplifications, elementwise: { ...simplifications.elementwise, cosh: simplifications.elementwise.sinh } }
  const law: GraphLaw = ({ graph, sizes, inputs }) =>
    agree(evaluate(simplify(graph, sizes, wrong), sizes, inputs), evaluate(graph, sizes, inputs), 1e-10)
  // Among fewer operations, so that cosh is met soon.
  const found = fc.check(property(law, twice), { seed: 20240229, numRuns: 3000, endOnFailure: true })
  expect(found.failed).toBe(true)
})

function flipped(row: Derivative, k: number): Derivative {
  return row.map((rule, i) => {
    if (i !== k) return rule
    if (typeof rule !== 'function') return { passesWhere: (m, ...args) => m.equal(rule.passesWhere(m, ...args), m.k(0)) }
    return (m, ...args) => {
      const value = rule(m, ...args)
      return value === undefined ? undefined : m.neg(value)
    }
  })
}

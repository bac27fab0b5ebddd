import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { ownAxes } from '../../middle/kinds.ts'
import type { ValueType } from '../../middle/model.ts'
import type { FormName } from '../conditionals/forms.ts'
import { inverseOf, wishartForm } from '../conditionals/wishart-forms.ts'

/** A continuous form whose least energy lies at a place with a formula, from the weights of its statistics in E. */
export type ModeName = Exclude<FormName, 'gaussian' | 'categorical' | 'von_mises_fisher'>

/** `weight(x)`: what E has before a statistic, 0 where it has none. */
type Mode = (m: Maths, weight: (statistic: string) => NodeId, type: ValueType) => NodeId

/** Not a number where E has no least value inside the support. */
const none = Number.NaN

/** The place of least energy of each form: where the derivative of E is zero, and E bends upwards. */
export const modes: { readonly [F in ModeName]: Mode } = {
  // b x - a log x
  gamma: (m, weight) => {
    const [rate, shape] = [weight('x'), m.neg(weight('log x'))]
    return inside(m, [rate, shape], m.div(shape, rate))
  },
  // b / x + a log x
  inverse_gamma: (m, weight) => {
    const [scale, shape] = [weight('1/x'), weight('log x')]
    return inside(m, [scale, shape], m.div(scale, shape))
  },
  // -a log x - b log(1 - x)
  beta: (m, weight) => {
    const [a, b] = [m.neg(weight('log x')), m.neg(weight('log(1 - x)'))]
    return inside(m, [a, b], m.div(a, m.add(a, b)))
  },
  // -sum a_k log x_k
  dirichlet: (m, weight, type) => {
    const a = m.neg(weight('log x'))
    const axis = must(ownAxes(type)[0], 'axis of a simplex')
    return inside(m, [m.builder.reduce('min_over', [axis], a)], m.div(a, m.sum([axis], a)))
  },
  // c log|S| + tr(A S)
  wishart: (m, weight, type) => {
    const log = weight('log x')
    const form = wishartForm(m, 'wishart', { log, weights: weight('x') }, ownAxes(type))
    return inside(m, [m.neg(log), form.factor.valid], m.neg(m.mul(log, inverseOf(m, form))))
  },
  // c log|S| + tr(A S^-1)
  inverse_wishart: (m, weight, type) => {
    const log = weight('log x')
    const form = wishartForm(m, 'inverse_wishart', { log, weights: weight('1/x') }, ownAxes(type))
    return inside(m, [log, form.factor.valid], m.div(form.matrix, log))
  },
}

function inside(m: Maths, positive: readonly NodeId[], mode: NodeId): NodeId {
  const [least = m.k(1), ...others] = positive
  return m.where(m.less(m.k(0), others.reduce((a, b) => m.min(a, b), least)), mode, m.k(none)) // biome-ignore format: one line
}

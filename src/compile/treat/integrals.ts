import { must } from '../../base/internal-error.ts'
import { log } from '../../base/special/logarithm.ts'
import { lgammaOver } from '../../families/formulas/wishart.ts'
import { without } from '../../ir/builder.ts'
import { gradient } from '../../ir/gradient.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { FormName, MatrixForm } from '../conditionals/forms.ts'
import { inverseOf, matrixForms, type WishartForm, wishartForm } from '../conditionals/wishart-forms.ts'
import { gaussianIntegral } from './gaussian-integral.ts'
import { above, energyOf, type Integral, type Integrand } from './integral.ts'

/** The integral over a variable of each form, by its log partition function with every coefficient of E divided by T. */
export const integrals: Readonly<Record<Exclude<FormName, 'categorical'>, (g: Integrand) => Integral>> = {
  gaussian: gaussianIntegral,
  gamma(g) {
    const { m } = g
    const [shape, rate] = [above(m, exponent(g, 'log x')), above(m, scaled(g, 'x'))]
    const [a, b] = [shape.value, rate.value]
    const mean = m.div(a, b)
    const integral = energyOf(g, g.axes, m.mul(shape.proper, rate.proper), m.sub(m.lgamma(a), m.mul(a, m.log(b))))
    return { ...integral, mean, variance: m.div(mean, b) }
  },
  inverse_gamma(g) {
    const { m } = g
    const [shape, scale] = [above(m, m.sub(scaled(g, 'log x'), m.k(1))), above(m, scaled(g, '1/x'))]
    const [a, b] = [shape.value, scale.value]
    // The mean is there for a shape above 1, the variance above 2; they are infinite below.
    const [less, least] = [above(m, m.sub(a, m.k(1))), above(m, m.sub(a, m.k(2)))]
    const infinite = m.k(Number.POSITIVE_INFINITY)
    const mean = m.div(b, less.value)
    return {
      ...energyOf(g, g.axes, m.mul(shape.proper, scale.proper), m.sub(m.lgamma(a), m.mul(a, m.log(b)))),
      mean: m.where(less.proper, mean, infinite),
      variance: m.where(least.proper, m.div(m.square(mean), least.value), infinite),
    }
  },
  beta(g) {
    const { m } = g
    const [first, second] = [above(m, exponent(g, 'log x')), above(m, exponent(g, 'log(1 - x)'))]
    const [a, b] = [first.value, second.value]
    const total = m.add(a, b)
    const mean = m.div(a, total)
    const integral = energyOf(g, g.axes, m.mul(first.proper, second.proper), m.log_beta(a, b))
    return { ...integral, mean, variance: m.div(m.mul(mean, m.div(b, total)), m.add(total, m.k(1))) }
  },
  dirichlet(g) {
    const { m, own } = g
    const { proper, value: alpha } = above(m, along(m, exponent(g, 'log x'), own))
    const total = m.sum(own, alpha)
    const all = m.equal(m.sum(own, proper), sizeOf(m, own))
    const integral = energyOf(g, without(g.axes, own), all, m.sub(m.sum(own, m.lgamma(alpha)), m.lgamma(total)))
    const mean = m.div(alpha, total)
    return { ...integral, mean, variance: m.div(m.mul(mean, m.sub(m.k(1), mean)), m.add(total, m.k(1))) }
  },
  von_mises_fisher(g) {
    const { m, own } = g
    const pull = along(m, m.neg(scaled(g, 'x')), own)
    const half = m.mul(m.k(0.5), sizeOf(m, own))
    const order = m.sub(half, m.k(1))
    const kappa = m.sqrt(m.sum(own, m.square(pull)))
    const { proper: isPulled, value: length } = above(m, kappa)
    const constant = m.mul(half, m.k(log(2 * Math.PI)))
    const pulled = m.sub(m.add(constant, m.log_bessel_i(order, length)), m.mul(order, m.log(length)))
    // Without a pull every direction is as good: the area of the sphere, 2 pi^(d/2) / Gamma(d/2).
    const area = m.sub(m.add(m.k(Math.LN2), m.mul(half, m.k(log(Math.PI)))), m.lgamma(half))
    const logs = m.where(isPulled, pulled, area)
    const integral = energyOf(g, without(g.axes, own), m.k(1), logs)
    // The mean of a statistic is the slope of log Z by its coefficient: here along the pull.
    const [slope = m.k(0)] = gradient(m.builder, m.sum(m.builder.axes(pulled), pulled), [length])
    return { ...integral, mean: m.where(isPulled, m.mul(slope, m.div(pull, length)), m.k(0)) }
  },
  wishart(g) {
    const { m } = g
    const form = matrixForm(g, 'wishart')
    const scale = m.mul(m.k(0.5), inverseOf(m, form))
    return { ...wishartEnergy(g, form), mean: m.mul(form.degrees, scale), variance: m.mul(form.degrees, besides(m, form, scale)) }
  },
  inverse_wishart(g) {
    const { m } = g
    const form = matrixForm(g, 'inverse_wishart')
    const scale = m.mul(m.k(2), form.matrix)
    // The mean is there from d + 1 degrees of freedom on, the variance from d + 3 (Gupta and Nagar 2000, theorem 3.4.3).
    const [less, least] = [above(m, m.sub(form.spare, m.k(2))), above(m, m.sub(form.spare, m.k(4)))]
    const [s, infinite] = [less.value, m.k(Number.POSITIVE_INFINITY)]
    const top = m.add(m.mul(m.k(2), m.square(scale)), m.mul(s, besides(m, form, scale)))
    const variance = m.div(top, m.times(m.add(s, m.k(1)), m.square(s), least.value))
    return {
      ...wishartEnergy(g, form),
      mean: m.where(less.proper, m.div(scale, s), infinite),
      variance: m.where(least.proper, variance, infinite),
    }
  },
}

function matrixForm(g: Integrand, form: MatrixForm): WishartForm {
  return wishartForm(g.m, form, { log: scaled(g, 'log x'), weights: scaled(g, matrixForms[form].statistic) }, g.own)
}

/** log Z = log Gamma_d(nu / 2) - nu / 2 log|A| of both: the numbers of the lower triangle are integrated over. */
function wishartEnergy(g: Integrand, { spare, rows, factor }: WishartForm): Pick<Integral, 'energy' | 'proper'> {
  const { m, own } = g
  const { proper, value } = above(m, spare)
  const half = m.mul(m.k(0.5), m.sub(m.add(value, m.builder.size(rows)), m.k(1)))
  const logs = m.sub(lgammaOver(m, rows, half), m.mul(half, factor.logDeterminant))
  return energyOf(g, without(g.axes, own), m.mul(proper, factor.valid), logs)
}

/** S_ij^2 + S_ii S_jj. */
function besides(m: Maths, { rows, columns }: WishartForm, scale: NodeId): NodeId {
  const row = m.builder.pick(scale, columns, m.builder.index(rows))
  return m.add(m.square(scale), m.mul(row, m.builder.rename(row, rows, columns)))
}

/** A coefficient over T. */
function scaled(g: Integrand, statistic: string): NodeId {
  return g.m.div(g.coefficient(statistic), g.t)
}

/** Of a density x^(a - 1): a, where E has -(a - 1) T before log x. */
function exponent(g: Integrand, statistic: string): NodeId {
  return g.m.sub(g.m.k(1), scaled(g, statistic))
}

function along(m: Maths, x: NodeId, axes: readonly string[]): NodeId {
  return axes.reduce((y, axis) => m.builder.along(y, axis), x)
}

function sizeOf(m: Maths, axes: readonly string[]): NodeId {
  return m.builder.size(must(axes[0], 'axis'))
}

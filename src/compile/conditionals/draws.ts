import { must } from '../../base/internal-error.ts'
import type { IntervalNodes } from '../../families/formulas/masses.ts'
import { distributions } from '../../families/tables/distributions.ts'
import type { FamilyName } from '../../families/tables/signatures.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import type { ConditionalDraw, FamilyDraw } from '../../middle/conditional-draw.ts'
import type { Energy } from '../../middle/energy.ts'
import { boundsOf, ownAxes } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import { programOf } from '../ancestral.ts'
import { expressionOf } from '../outputs.ts'
import { writeBounds } from '../supports/bounds.ts'
import type { FormName, MatrixForm } from './forms.ts'
import type { Conditional } from './found.ts'
import { jointGaussians } from './joint.ts'
import { inverseOf, type WishartForm, wishartForm } from './wishart-forms.ts'

/** Why a form cannot be drawn from, as the end of a sentence. */
export interface Undrawable {
  readonly reason: string
}

/** How a variable is drawn from exp(-E/T) given all that its conditional form depends on. */
export function conditionalDraw(energy: Energy, form: Conditional): ConditionalDraw | Undrawable {
  const drawn = drawnAs[form.form]
  if ('reason' in drawn) return drawn
  if (form.form !== 'gaussian' || form.mixing.length === 0) return familyDraw(energy, form, drawn)
  if (form.truncated) return { reason: 'it is a Gaussian whose elements meet, cut off by bounds' }
  return must(jointGaussians(energy, [form.variable])[0], 'Gaussian')
}

/** A form as a family: which statistics its arguments are made of, by their coefficients in E/T. */
interface DrawnAs {
  readonly family: FamilyName
  readonly statistics: readonly string[]
  /** The arguments of the family; and what is above 0 if and only if there is such a density. */
  args(m: Maths, coefficients: readonly NodeId[], over: readonly string[]): readonly NodeId[]
  positive?(m: Maths, args: readonly NodeId[], coefficients: readonly NodeId[], over: readonly string[]): NodeId
}

const less = (m: Maths, from: number, c = m.k(0)): NodeId => m.sub(m.k(from), c)

const drawnAs: Readonly<Record<FormName, DrawnAs | Undrawable>> = {
  categorical: { reason: 'it is discrete' },
  gaussian: {
    ...{ family: 'normal', statistics: ['precision', 'linear'] },
    args: (m, [precision = m.k(0), linear = m.k(0)]) => [m.div(linear, precision), m.reciprocal(m.sqrt(precision))],
    positive: (m, _, [precision = m.k(0)]) => precision,
  },
  gamma: {
    ...{ family: 'gamma', statistics: ['log x', 'x'] },
    args: (m, [log, x = m.k(0)]) => [less(m, 1, log), x],
    positive: (m, [shape = m.k(0), rate = m.k(0)]) => m.min(shape, rate),
  },
  inverse_gamma: {
    ...{ family: 'inverse_gamma', statistics: ['log x', '1/x'] },
    args: (m, [log = m.k(0), inverse = m.k(0)]) => [m.sub(log, m.k(1)), inverse],
    positive: (m, [shape = m.k(0), scale = m.k(0)]) => m.min(shape, scale),
  },
  beta: {
    ...{ family: 'beta', statistics: ['log x', 'log(1 - x)'] },
    args: (m, [log, rest]) => [less(m, 1, log), less(m, 1, rest)],
    positive: (m, [a = m.k(0), b = m.k(0)]) => m.min(a, b),
  },
  dirichlet: {
    ...{ family: 'dirichlet', statistics: ['log x'] },
    args: (m, [log]) => [less(m, 1, log)],
    positive: (_, [alpha = 0]) => alpha,
  },
  von_mises_fisher: {
    ...{ family: 'von_mises_fisher', statistics: ['x'] },
    args: (m, [x = m.k(0)], over) => {
      const length = m.sqrt(m.sum(over, m.square(x)))
      // Without a pull every direction is as good.
      const some = m.reciprocal(m.sqrt(m.times(...over.map((axis) => m.builder.size(axis)))))
      const isPulled = m.less(m.k(0), length)
      return [m.where(isPulled, m.div(m.neg(x), m.where(isPulled, length, m.k(1))), some), length]
    },
  },
  wishart: {
    ...{ family: 'wishart', statistics: ['log x', 'x'] },
    args: (m, coefficients, over) => {
      const form = matrixForm(m, 'wishart', coefficients, over)
      return [form.degrees, m.mul(m.k(0.5), inverseOf(m, form))]
    },
    positive: (m, _, coefficients, over) => enough(m, matrixForm(m, 'wishart', coefficients, over)),
  },
  inverse_wishart: {
    ...{ family: 'inverse_wishart', statistics: ['log x', '1/x'] },
    args: (m, coefficients, over) => {
      const form = matrixForm(m, 'inverse_wishart', coefficients, over)
      return [form.degrees, m.mul(m.k(2), form.matrix)]
    },
    positive: (m, _, coefficients, over) => enough(m, matrixForm(m, 'inverse_wishart', coefficients, over)),
  },
}

function matrixForm(m: Maths, form: MatrixForm, [log = m.k(0), weights = m.k(0)]: readonly NodeId[], over: readonly string[]): WishartForm {
  return wishartForm(m, form, { log, weights }, over)
}

function enough(m: Maths, { spare, factor }: WishartForm): NodeId {
  return m.min(spare, factor.valid)
}

function familyDraw(energy: Energy, form: Conditional, drawn: DrawnAs): FamilyDraw | Undrawable {
  const { variable, truncated, coefficients, axes } = form
  const { family, statistics, args: argsOf, positive } = drawn
  if (truncated && distributions[family] === undefined) return { reason: `it is a ${family} cut off by bounds` }
  const builder = new GraphBuilder()
  const m = maths(builder)
  const ids = include(builder, form.graph)
  const t = builder.input(ports.temperature, [])
  const found = statistics.map((statistic) => {
    const port = coefficients.find((c) => c.statistic === statistic)?.port
    const output = form.graph.outputs.find((o) => o.name === port)
    return output && m.div(must(ids[output.node], 'coefficient'), t)
  }) as readonly NodeId[]
  const over = ownAxes(variable.type)
  const args = argsOf(m, found, over)
  const range = truncated ? rangeOf(m, energy, form) : undefined
  // Cut off, a density may be there that is no family's; what is asked for then is the family's all the same.
  const source = {
    ...{ name: variable.name, axes: variable.axes, type: variable.type, family, over, args },
    ...(range && { range }),
    ...(positive && { positive: positive(m, args, found, over) }),
  }
  return { kind: 'family', program: programOf({ builder }, [source]), axes }
}

/** Where a variable that is cut off lies: within the bounds of its type, and the ranges of its own statements. */
function rangeOf(m: Maths, energy: Energy, { variable }: Conditional): IntervalNodes {
  const { name, type } = variable
  const walls = writeBounds(m.builder, energy, variable, (port) => m.builder.input(port.name, port.axes))
  const cutting = [...energy.statements, ...energy.implied].filter((s) => s.kind === 'density' && s.truncated && s.variable === name)
  const ends = (end: ports.End): readonly NodeId[] => {
    const own = boundsOf(type)?.[end]
    const ofType = typeof own === 'number' ? m.k(own) : walls[end]
    return [...(ofType === undefined ? [] : [ofType]), ...cutting.map((s) => written(m, energy, ports.range(s.name, end)))]
  }
  return { lower: ends('lower').reduce((a, b) => m.max(a, b)), upper: ends('upper').reduce((a, b) => m.min(a, b)) }
}

function written({ builder }: Maths, energy: Energy, port: string): NodeId {
  const graph = expressionOf(energy, port)
  const ids = include(builder, graph)
  return must(ids[must(graph.outputs[0], port).node], port)
}

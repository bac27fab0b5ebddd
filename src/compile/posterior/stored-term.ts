import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { ownAxes } from '../../middle/kinds.ts'
import { statisticOf } from '../conditionals/coefficients.ts'
import { statisticAxes } from '../conditionals/forms.ts'
import type { Integral } from '../treat/integral.ts'
import { integrals } from '../treat/integrals.ts'
import { isOfGaussian, type Natural, type NaturalParameter } from './natural.ts'

/** Minus the log density of a memory whose natural parameters are these: a scalar, plus infinity where they make no density. */
export function storedTerm(m: Maths, natural: Natural): NodeId {
  const { energy, proper } = storedIntegral(m, natural)
  const { builder } = m
  const is = builder.reduce('min_over', builder.axes(proper), proper)
  return m.where(is, m.sub(m.plus(...natural.parameters.map((p) => share(m, natural, p))), energy), m.k(Number.POSITIVE_INFINITY))
}

/** The integral over the memory of what is stored, at T = 1, and its moments. */
export function storedIntegral(m: Maths, { memory, form, mixing, parameters }: Natural): Integral {
  const coefficient = (called: string): NodeId => {
    const parameter = parameters.find((p) => p.called === called)
    return parameter === undefined ? m.k(0) : parameterValue(m, parameter)
  }
  return integrals[form]({ m, t: m.k(1), axes: memory.axes, own: ownAxes(memory.type), mixing, coefficient })
}

function parameterValue({ builder }: Maths, { variable }: NaturalParameter): NodeId {
  return builder.input(variable.name, variable.axes)
}

/** What a parameter adds to E. */
function share(m: Maths, { memory, mixing }: Natural, parameter: NaturalParameter): NodeId {
  const { statistic } = parameter
  const [x, value] = [m.builder.input(memory.name, memory.axes), parameterValue(m, parameter)]
  if (!isOfGaussian(statistic)) return m.sum(statisticAxes(memory, statistic), m.mul(value, statisticOf(m, statistic, x, memory.type)))
  if (statistic === 'linear') return m.neg(m.sum(memory.axes, m.mul(value, x)))
  const [mixed] = mixing
  const column = mixed === undefined ? x : m.builder.rename(x, mixed.axis, mixed.other)
  const product = mixed === undefined ? m.mul(value, column) : m.sum([mixed.other], m.mul(value, column))
  return m.mul(m.k(0.5), m.sum(memory.axes, m.mul(x, product)))
}

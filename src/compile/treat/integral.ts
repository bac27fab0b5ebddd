import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { Mixing } from '../conditionals/coefficients.ts'

/** A conditional form on a builder: E is the sum of each statistic times its coefficient, up to what is free of the variable. */
export interface Integrand {
  readonly m: Maths
  /** T of exp(-E/T), which divides every coefficient. */
  readonly t: NodeId
  /** Axes of the variable, and those of them that its type names. */
  readonly axes: readonly string[]
  readonly own: readonly string[]
  readonly mixing: readonly Mixing[]
  /** Where elements meet along several axes: one axis for all of these, and its second name. */
  readonly stack?: Mixing
  /** Over the axes of the variable, or some of them; 0 where E does not have the statistic. */
  coefficient(statistic: string): NodeId
}

/** The integral of exp(-E/T) over the variable, and the moments of the variable under it. */
export interface Integral {
  /** -T log of it: a scalar; minus infinity where there is none. */
  readonly energy: NodeId
  /** 1 where there is an integral; over some axes of the variable. */
  readonly proper: NodeId
  /** Over the axes of the variable. */
  readonly mean: NodeId
  readonly variance?: NodeId
  /** Where elements meet: over the axes, and the second name of those along which they do. */
  readonly covariance?: NodeId
  /** A square root of the covariance, of which the variance of linear combinations is made. */
  spread?(weights: NodeId, called: readonly string[]): NodeId
}

/** Sums -T log Z of independent elements; where a parameter has no density, minus infinity. */
export function energyOf(
  { m, t }: Pick<Integrand, 'm' | 't'>,
  over: readonly string[],
  proper: NodeId,
  logs: NodeId,
): Pick<Integral, 'energy' | 'proper'> {
  return { proper, energy: m.sum(over, m.where(proper, m.neg(m.mul(t, logs)), m.k(Number.NEGATIVE_INFINITY))) }
}

/** A parameter where it is above 0, else 1: what is not taken must not be NaN. */
export function above(m: Maths, x: NodeId): { readonly proper: NodeId; readonly value: NodeId } {
  const proper = m.less(m.k(0), x)
  return { proper, value: m.where(proper, x, m.k(1)) }
}

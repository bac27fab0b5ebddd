import { type ArgumentAxes, type TiedAxis, tied } from './argument-axes.ts'

/** What is known of one kind of parameter. */
interface ParameterRule {
  /** Where the elements lie, unless a family says otherwise: `[0, inf)` is from 0, which belongs to it, up. */
  readonly ends: `${'[' | '('}${string}, ${string}${']' | ')'}`
  /** What the shape of an argument says of sizes. */
  readonly tied?: (axes: ArgumentAxes) => TiedAxis | undefined
}

const square = ({ own, over: [rows, columns] }: ArgumentAxes): TiedAxis | undefined => tied(own ?? columns, rows, 0)

/** `vector`: varies along the family's own axis; `matrix`: over two; `ordered`: increases along an axis of its own. */
export const parameterKinds = {
  real: { ends: '(-inf, inf)' },
  positive: { ends: '(0, inf)' },
  probability: { ends: '[0, 1]' },
  count: { ends: '[0, inf)' },
  vector: { ends: '(-inf, inf)' },
  positive_vector: { ends: '(0, inf)' },
  simplex: { ends: '[0, 1]' },
  unit_vector: { ends: '[-1, 1]' },
  ordered: { ends: '(-inf, inf)', tied: ({ own, element }) => tied(own, element, 1) },
  covariance: { ends: '(-inf, inf)', tied: square },
  cholesky: { ends: '(-inf, inf)', tied: square },
  matrix: { ends: '(-inf, inf)' },
  transition: { ends: '[0, 1]', tied: ({ own, element }) => tied(own, element, 0) },
} as const satisfies Record<string, ParameterRule>

export type ParameterKind = keyof typeof parameterKinds

/** The axis whose size follows from another's where an argument of this kind goes along it. */
export function tiedAxis(kind: ParameterKind, axes: ArgumentAxes): TiedAxis | undefined {
  const rule: ParameterRule = parameterKinds[kind]
  return rule.tied?.(axes)
}

/**
 * From where to where the numbers of a parameter go. An end belongs to them where a density has a limit there that is a
 * distribution (`poisson` at rate 0 is certain to be 0), or that is 0 everywhere (`exponential` at rate 0 never comes); not
 * where all of it falls on one number of a line (`normal` at scale 0), which is no density.
 */
export interface NumberEnds {
  readonly low: number
  readonly high: number
  readonly lowIn: boolean
  readonly highIn: boolean
}

/** Ends as they are written. */
export function interval(text: string): NumberEnds {
  const [low = '', high = ''] = text.slice(1, -1).split(', ')
  const number = (end: string): number => Number(end.replace('inf', 'Infinity'))
  return { low: number(low), high: number(high), lowIn: text.startsWith('['), highIn: text.endsWith(']') }
}

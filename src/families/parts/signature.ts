import type { Edge, Support } from './support.ts'

/** `vector`: varies along the family's own axis; `matrix`: over two; `element`: any real over levels. */
export type ParameterKind =
  | 'real'
  | 'positive'
  | 'probability'
  | 'count'
  | 'vector'
  | 'positive_vector'
  | 'simplex'
  | 'unit_vector'
  /** Increasing along an axis of its own. */
  | 'ordered'
  | 'covariance'
  | 'cholesky'
  | 'matrix'
  | 'transition'

/**
 * From where to where the numbers of a parameter go. An end belongs to them where a density has a limit there that is a
 * distribution (`poisson` at rate 0 is certain to be 0), or that is 0 everywhere (`exponential` at rate 0 never comes); not
 * where all of it falls on one number of a line (`normal` at scale 0), which is no density.
 */
export interface Ends {
  readonly low: number
  readonly high: number
  readonly lowIn: boolean
  readonly highIn: boolean
}

/** A parameter as it is written: `'sigma: positive'`; with its ends where they are not the usual ones, `'beta: positive [0, inf)'`. */
export type WrittenParameter = `${string}: ${ParameterKind}` | `${string}: ${ParameterKind} ${'[' | '('}${string}, ${string}${']' | ')'}`

/** The signature of a family, in its file. Names and parametrisation are Stan's where Stan has the family. */
export interface WrittenSignature {
  readonly parameters: readonly WrittenParameter[]
  readonly support: Support
  readonly edges?: readonly Edge[]
  /** How many axes the family takes in brackets: `multi_normal[d]` takes one. */
  readonly over: 0 | 1 | 2
  readonly doc: string
}

export interface Parameter {
  readonly name: string
  readonly kind: ParameterKind
  readonly ends: Ends
}

/** A signature with its parameters read. */
export interface FamilySignature extends Omit<WrittenSignature, 'parameters'> {
  readonly parameters: readonly Parameter[]
}

/** One value for each parameter of a signature. */
export type Each<S extends WrittenSignature, T> = EachOf<S['parameters'], T>
type EachOf<Parameters extends readonly unknown[], T> = { readonly [I in keyof Parameters]: T }

export function readSignature({ parameters, ...rest }: WrittenSignature): FamilySignature {
  return { ...rest, parameters: parameters.map(readParameter) }
}

function readParameter(written: WrittenParameter): Parameter {
  const [, name, kind, ends] = /^(\w+): (\w+)(?: ([[(].*))?$/.exec(written) ?? []
  const known = kind as ParameterKind
  return { name: name as string, kind: known, ends: ends === undefined ? usual[known] : interval(ends) }
}

/** `[0, inf)`: from 0, which belongs to it, up. */
function interval(text: string): Ends {
  const [low = '', high = ''] = text.slice(1, -1).split(', ')
  const number = (end: string): number => Number(end.replace('inf', 'Infinity'))
  return { low: number(low), high: number(high), lowIn: text.startsWith('['), highIn: text.endsWith(']') }
}

/** Where the elements of each kind lie, unless a family says otherwise. */
const usual: Readonly<Record<ParameterKind, Ends>> = {
  real: interval('(-inf, inf)'),
  positive: interval('(0, inf)'),
  probability: interval('[0, 1]'),
  count: interval('[0, inf)'),
  vector: interval('(-inf, inf)'),
  positive_vector: interval('(0, inf)'),
  simplex: interval('[0, 1]'),
  unit_vector: interval('[-1, 1]'),
  ordered: interval('(-inf, inf)'),
  covariance: interval('(-inf, inf)'),
  cholesky: interval('(-inf, inf)'),
  matrix: interval('(-inf, inf)'),
  transition: interval('[0, 1]'),
}

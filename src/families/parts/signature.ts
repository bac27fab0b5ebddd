import { interval, type NumberEnds, type ParameterKind, parameterKinds } from './parameter-kinds.ts'
import type { Edge, Support } from './support.ts'

/** A parameter as it is written: `'sigma: positive'`; with its ends where they are not the usual ones, `'beta: positive [0, inf)'`. */
export type WrittenParameter = `${string}: ${ParameterKind}` | `${string}: ${ParameterKind} ${'[' | '('}${string}, ${string}${']' | ')'}`

/** The signature of a family, in its file. Names and parametrisation are Stan's where Stan has the family. */
export interface WrittenSignature {
  readonly parameters: readonly WrittenParameter[]
  /** How many of them may be left out, from the end. */
  readonly optional?: number
  readonly support: Support
  readonly edges?: readonly Edge[]
  /** How many axes the family takes in brackets: `multi_normal[d]` takes one. */
  readonly over: 0 | 1 | 2
  readonly doc: string
}

export interface Parameter {
  readonly name: string
  readonly kind: ParameterKind
  readonly ends: NumberEnds
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
  return { name: name as string, kind: known, ends: interval(ends ?? parameterKinds[known].ends) }
}

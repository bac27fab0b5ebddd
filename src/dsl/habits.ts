import type { IToken } from 'chevrotain'
import { suggest } from '../base/suggest.ts'
import { typeNames } from '../middle/kinds.ts'
import { Else, Identifier, statementKeywords } from './tokens.ts'

/** Words that start a statement in other languages, and what is written here. */
const loops = 'there are no loops: name the axis, and the operation runs along it, as in sum[row](x)'
const types = 'declare the variable with its role: data, memory, param or state, as in state sigma : positive'
const blocks = 'there are no blocks: each declaration starts with data, memory, param, state or input'
const branches = 'there are no branches: write where(condition, a, b), or multiply by a comparison'
const otherWords: ReadonlyMap<string, string> = new Map([
  ['for', loops],
  ['while', loops],
  ['if', branches],
  ['else', branches],
  ['return', 'a def is one expression: def f(x) = ...'],
  ['function', 'functions are written def f(x) = ...'],
  ['functions', 'functions are written def f(x) = ...'],
  ['var', 'a value is named with let'],
  ['const', 'a value is named with let'],
  ...Object.keys(typeNames).map((name): [string, string] => [name, types]),
  ['int', types],
  ['vector', types],
  ['row_vector', types],
  ['matrix', types],
  ['array', types],
  ['float', types],
  ['double', types],
  ['bool', types],
  ['cov_matrix', types],
  ['corr_matrix', types],
  ['parameters', blocks],
  ['transformed', blocks],
  ['generated', blocks],
  ['import', 'a model is one file'],
  ['from', 'a model is one file'],
  ['library', 'a model is one file'],
  ['require', 'a model is one file'],
  ['using', 'a model is one file'],
  ['plate', loops],
  ['vectorize', loops],
  ['print', 'results are printed by the command line'],
  ['parameter', "did you mean 'param'?"],
  ['hidden', "did you mean 'state'?"],
  ['latent', "did you mean 'state'?"],
  ['unit', "did you mean 'state'?"],
  ['variable', "did you mean 'state'?"],
  ['observed', "did you mean 'data'?"],
  ['minimize', "did you mean 'energy'?"],
  ['loss', "did you mean 'energy' or 'objective'?"],
  ['update', "did you mean 'write' or 'flow'?"],
])

/** `real sigma` and `vector[k] b`, with the type first: the same as it is written here, after its role. */
export function nameFirst(type: IToken, axes: string, name: string): string | undefined {
  if (otherWords.get(type.image) !== types && !isOurs(type.image)) return undefined
  const ours = type.image === 'int' ? 'count' : isOurs(type.image) ? `${type.image}${axes}` : ''
  return `the name comes first, then its axes, and the type after a colon: ${name}${axes}${ours === '' ? '' : ` : ${ours}`}`
}

function isOurs(word: string): boolean {
  return Object.hasOwn(typeNames, word)
}

/** Words inside a statement that belong to other languages: `x^2 if x > 0 else 0`, `sum(x for x in y)`. */
export function habitWithin(words: readonly IToken[]): string | undefined {
  const word = words.find((token) => isName(token) && ['if', 'else', 'for', 'while'].includes(token.image))
  return word && otherWords.get(word.image)
}

/** What the first word of a statement was meant to be, if it is no keyword but looks like one. */
export function habitOf(word: IToken | undefined): string | undefined {
  if (word === undefined || !isName(word)) return undefined
  const known = otherWords.get(word.image.toLowerCase())
  if (known) return known
  const near = suggest(word.image, statementKeywords)
  return near === undefined ? undefined : `did you mean '${near}'?`
}

function isName({ tokenType }: IToken): boolean {
  return tokenType === Identifier || tokenType === Else
}

import type { IToken } from 'chevrotain'
import { suggest } from '../base/suggest.ts'
import { Identifier, statementKeywords } from './tokens.ts'

/** Words that start a statement in other languages, and what is written here. */
const loops = 'there are no loops: name the axis, and the operation runs along it, as in sum[row](x)'
const types = 'declare the variable with its role: data, memory, param or state, as in state sigma : positive'
const blocks = 'there are no blocks: each declaration starts with data, memory, param, state or input'
const otherWords: ReadonlyMap<string, string> = new Map([
  ['for', loops],
  ['while', loops],
  ['if', 'there are no branches: write where(condition, a, b), or multiply by a comparison'],
  ['else', 'there are no branches: write where(condition, a, b), or multiply by a comparison'],
  ['return', 'a def is one expression: def f(x) = ...'],
  ['function', 'functions are written def f(x) = ...'],
  ['functions', 'functions are written def f(x) = ...'],
  ['var', 'a value is named with let'],
  ['const', 'a value is named with let'],
  ['int', types],
  ['real', types],
  ['vector', types],
  ['row_vector', types],
  ['matrix', types],
  ['array', types],
  ['simplex', types],
  ['ordered', types],
  ['cov_matrix', types],
  ['corr_matrix', types],
  ['parameters', blocks],
  ['transformed', blocks],
  ['generated', blocks],
  ['import', 'a model is one file'],
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

/** What the first word of a statement was meant to be, if it is no keyword but looks like one. */
export function habitOf(word: IToken | undefined): string | undefined {
  if (word?.tokenType !== Identifier) return undefined
  const known = otherWords.get(word.image.toLowerCase())
  if (known) return known
  const near = suggest(word.image, statementKeywords)
  return near === undefined ? undefined : `did you mean '${near}'?`
}

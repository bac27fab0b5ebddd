import { counted } from '../base/counted.ts'
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import { typeTrouble } from '../bind/troubles.ts'
import { element } from '../bind/values.ts'
import type { Sizes } from '../ir/graph.ts'
import { volumeOver } from '../ir/layout.ts'
import { isUnbounded, kindOf } from '../middle/kinds.ts'
import type { ValueType } from '../middle/model.ts'

/** Values of states by name: a number for one without axes, else its numbers, the last axis fastest. Elements are numbered from 1. */
export type GivenValues = Readonly<Record<string, number | ArrayLike<number>>>

/** A state that is given values. */
export interface Valued {
  readonly name: string
  readonly axes: readonly string[]
  readonly type: ValueType
}

/** Copies a value to where a program reads it. What is wrong with it is reported; nothing is allocated where nothing is. */
export function writeValue(state: Valued, value: number | ArrayLike<number>, to: Float64Array, sizes: Sizes): Diagnostic | undefined {
  const { name, axes, type } = state
  const length = typeof value === 'number' ? 1 : value.length
  if (length !== to.length) return wrongLength(state, length, sizes)
  if (typeof value === 'number') to[0] = value
  else for (let i = 0; i < length; i += 1) to[i] = value[i] as number
  for (let i = 0; i < length; i += 1) if (!Number.isFinite(to[i])) return notFinite(state, to[i] as number, i, sizes)
  if (isUnbounded(type)) return undefined
  const trouble = typeTrouble(state, to, sizes)
  if (trouble !== undefined) return outside(name, trouble.said, element(axes, sizes, trouble.at, false), trouble.expected)
  if (type.kind === 'element') for (let i = 0; i < length; i += 1) to[i] = (to[i] as number) - 1
  return undefined
}

/** AMP505: `"x" is -1 at row = 3.` */
export function outside(name: string, said: string, at: string, expected: string): Diagnostic {
  return diagnostic('AMP505', `"${name}" ${said}${at === '' ? '' : ` at ${at}`}.`, { place: at === '' ? name : `${name}, ${at}`, expected })
}

/** AMP720: a value for something that takes none. `known`: what does. */
export function strange(name: string, known: readonly string[], summedOut: readonly string[]): Diagnostic {
  const hint = summedOut.includes(name)
    ? `It is summed out. Keep it, and its value counts (keep: ["${name}"]).`
    : (didYouMean(name, known) ?? (known.length === 0 ? 'No state takes a value.' : `The states that take one are ${known.join(', ')}.`))
  return diagnostic('AMP720', `"${name}" is not a state that takes a value.`, { place: name, hint })
}

function wrongLength({ name, axes }: Valued, found: number, sizes: Sizes): Diagnostic {
  const shape = axes.map((a) => `${a} = ${sizes[a]}`).join(', ')
  const wanted = volumeOver(axes, sizes)
  return diagnostic('AMP503', `"${name}" was given ${counted(found, 'number')}.`, {
    place: name,
    expected: axes.length === 0 ? 'one number' : `${wanted} numbers (${shape})`,
  })
}

function notFinite({ name, axes }: Valued, found: number, at: number, sizes: Sizes): Diagnostic {
  const where = element(axes, sizes, at, false)
  return Number.isNaN(found) ? noNumber(name, where) : outside(name, `is ${found}`, where, 'a finite number')
}

/** AMP508: an element of a value is missing. */
export function noNumber(name: string, where: string): Diagnostic {
  return diagnostic('AMP508', `"${name}" has no number at ${where === '' ? 'its only place' : where}.`, {
    place: name,
    expected: 'a number everywhere: nothing moves that could find it',
  })
}

/** AMP501: nothing says what the value of a state is. */
export function noValue({ name, axes, type }: Valued): Diagnostic {
  const shape = axes.length === 0 ? '' : `[${axes.join(', ')}]`
  const hint = `Give it with --cue ${name}=FILE or --cue ${name}=NUMBER (in a program: { ${name}: ... } among the values).`
  const why = kindOf(type).discrete ? ', and is not summed out: it is kept, or its elements depend on each other' : ''
  return diagnostic('AMP501', `The state "${name}${shape}" has no value${why}.`, { expected: 'a value of every state', hint })
}

import type { Role } from '../../middle/model.ts'

/** Small pieces of sentences: names are quoted the same way everywhere. */
export function quote(name: string): string {
  return `'${name}'`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], last = 'and'): string {
  if (words.length <= 1) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}

export function quoted(names: readonly string[], last = 'and'): string {
  return listed(names.map(quote), last)
}

/** `the axis k`, `the axes k and l`, `no axes`. */
export function axesInWords(axes: readonly string[]): string {
  if (axes.length === 0) return 'no axes'
  return `the ${axes.length === 1 ? 'axis' : 'axes'} ${quoted(axes)}`
}

/** A role as the end of a sentence: `'y' is data`, `'x' is a state`. */
export function roleInWords(role: Role): string {
  if (role === 'data' || role === 'memory') return role
  return role === 'input' ? 'an input' : `a ${role}`
}

export function counted(count: number, thing: string): string {
  return `${count === 0 ? 'no' : count} ${thing}${count === 1 ? '' : 's'}`
}

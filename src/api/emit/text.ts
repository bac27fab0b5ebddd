import { numberLiteral, stringLiteral } from '../../targets/kernel/literal.ts'

/** What is wider goes on lines of its own. */
const WIDTH = 110

/** A user's name in a comment: nothing that could end the comment or its line is kept. */
export function inComment(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}_ -]/gu, '')
}

/** The axes of a variable in a comment: `[pattern, pixel]`, or nothing. */
export function axesInComment(axes: readonly string[]): string {
  return axes.length === 0 ? '' : `[${axes.map(inComment).join(', ')}]`
}

/** Data as JavaScript: every text quoted so that nothing in it can end the literal, and `__proto__` a plain key. */
export function asJavaScript(value: unknown, indent = ''): string {
  if (typeof value === 'number') return Number.isFinite(value) ? numberLiteral(value) : String(value)
  if (typeof value === 'string') return stringLiteral(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const isList = Array.isArray(value)
  const inner = `${indent}  `
  const items = isList
    ? value.map((item) => asJavaScript(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${asKey(key)}: ${asJavaScript(item, inner)}`)
  if (items.length === 0) return isList ? '[]' : '{}'
  const line = isList ? `[${items.join(', ')}]` : `{ ${items.join(', ')} }`
  if (!line.includes('\n') && indent.length + line.length <= WIDTH) return line
  const lines = items.map((item) => `${inner}${item},`).join('\n')
  return isList ? `[\n${lines}\n${indent}]` : `{\n${lines}\n${indent}}`
}

/** Inside an object literal `__proto__: x` would set the prototype. */
function asKey(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) && key !== '__proto__' ? key : `[${stringLiteral(key)}]`
}

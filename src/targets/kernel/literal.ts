/**
 * Infinity as a literal. The name `Infinity` is a property of the global object: V8 compiles a function in which a choice
 * may be that property to code that keeps its numbers in boxes, three to four times as slow.
 */
export const infinity = '1e999'

/** The name `NaN` is such a property, too. */
export const notANumber = '(0 / 0)'

/** A number as JavaScript text that reads back as exactly that number. */
export function numberLiteral(value: number): string {
  if (Number.isNaN(value)) return notANumber
  if (!Number.isFinite(value)) return value < 0 ? `-${infinity}` : infinity
  return Object.is(value, -0) ? '-0' : String(value)
}

/**
 * A name as a JavaScript string. The line separators that JSON leaves alone would end a line of code or a comment, and
 * `<` could end a script element, so those are escaped too.
 */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029<]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

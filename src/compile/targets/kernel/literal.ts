/** A number as JavaScript text that reads back as exactly that number. */
export function numberLiteral(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return Object.is(value, -0) ? '-0' : String(value)
}

/**
 * A name as a JavaScript string. The line separators that JSON leaves alone would end a line of code or a comment, and
 * `<` could end a script element, so those are escaped too.
 */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029<]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Whether a number can be used as the position of an element as it is. */
export function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0) && value >= 0
}

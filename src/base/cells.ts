/** How text looks in a terminal: how wide a character is, and what stands for one that cannot be shown. */

const tabWidth = 4

/** One character of a source line as it is shown: `text` takes `width` columns. */
export interface TextCell {
  /** UTF-16 offset within the line. */
  readonly offset: number
  readonly text: string
  readonly width: number
}

/** The characters of a line (or of the part of it that is given), each with what is shown for it. */
export function cellsOf(line: string): TextCell[] {
  const cells: TextCell[] = []
  let offset = 0
  let column = 0
  for (const character of line) {
    const text = shown(character, column)
    const width = widthOf(text)
    cells.push({ offset, text, width })
    offset += character.length
    column += width
  }
  return cells
}

/** `text` without anything a terminal would obey; for messages, which quote the user's text. */
export function harmless(text: string): string {
  return Array.from(text, (character) => (character === '\n' ? character : shown(character, 0))).join('')
}

function shown(character: string, column: number): string {
  const code = character.codePointAt(0) ?? 0
  if (character === '\t') return ' '.repeat(tabWidth - (column % tabWidth))
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '␡'
  return isUnsafe(code) ? '\u{fffd}' : character
}

/** C1 controls, lone surrogates, line separators, byte order marks and marks that change the direction of writing. */
function isUnsafe(code: number): boolean {
  return (
    between(code, 0x80, 0x9f) ||
    between(code, 0xd800, 0xdfff) ||
    between(code, 0x200e, 0x200f) ||
    between(code, 0x2028, 0x202e) ||
    between(code, 0x2066, 0x2069) ||
    code === 0xfeff
  )
}

function widthOf(text: string): number {
  if (text.length > 1 && text.trim() === '') return text.length
  const code = text.codePointAt(0) ?? 0
  if (/[\p{Mn}\p{Me}]/u.test(text) || between(code, 0x200b, 0x200d)) return 0
  return isWide(code) ? 2 : 1
}

/** East Asian wide and fullwidth characters and pictures, by block (Unicode Standard Annex 11). */
const wideBlocks: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]

function isWide(code: number): boolean {
  return wideBlocks.some(([first, last]) => between(code, first, last))
}

function between(code: number, first: number, last: number): boolean {
  return code >= first && code <= last
}

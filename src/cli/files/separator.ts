/** As many lines as are looked at, in as many characters. */
const [mostLines, mostCharacters] = [50, 1 << 16]

/** What separates the cells of a table where it is no comma, in words. Signs in quotes do not count. */
export function otherSeparator(text: string): string | undefined {
  const lines = unquoted(text.slice(0, mostCharacters))
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, mostLines)
  return signs.find(({ fits }) => fits(lines))?.words
}

/** A cell in quotes as one letter, so that commas and ends of lines in it are no signs. */
function unquoted(text: string): string {
  return text.replace(/"(?:[^"]|"")*"/g, 'q')
}

const signs: readonly { readonly words: string; readonly fits: (lines: readonly string[]) => boolean }[] = [
  { words: 'tabs', fits: (lines) => separates('\t', lines) },
  { words: 'semicolons', fits: (lines) => separates(';', lines) },
  { words: 'vertical bars', fits: (lines) => equallyOften('|', lines) && !isSeparatedByCommas(lines) },
  { words: 'spaces', fits: (lines) => separatesNumbers(lines) },
]

/** In the first line, and without commas there; or as often in each line, while commas are not, or are decimal. */
function separates(sign: string, lines: readonly string[]): boolean {
  const [first = ''] = lines
  if (!first.includes(sign)) return false
  return !first.includes(',') || (equallyOften(sign, lines) && !isSeparatedByCommas(lines))
}

function equallyOften(sign: string, lines: readonly string[]): boolean {
  const counts = new Set(lines.map((line) => line.split(sign).length))
  return counts.size === 1 && !counts.has(1)
}

function isSeparatedByCommas(lines: readonly string[]): boolean {
  const commas = lines.join('\n').match(/.?,.?/g) ?? []
  return equallyOften(',', lines) && !commas.every((found) => /\d,\d/.test(found))
}

/** `1 2.5 NA`, under names or not; what holds a text besides may be one column of them. */
function separatesNumbers(lines: readonly string[]): boolean {
  const cells = lines.map((line) => line.trim().split(/ +/))
  const [first = [], ...rest] = cells
  const numeric = (row: readonly string[]): boolean =>
    row.length > 1 && row.every((cell) => /^(?:q|NA|TRUE|FALSE|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)$/.test(cell))
  return (rest.length > 0 ? rest : [first]).every(numeric) && new Set(rest.map((row) => row.length)).size <= 1
}

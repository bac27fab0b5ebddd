/** The options of the readings, in docs/library.md between two comments. */
const marks = ['<!-- options: made by scripts/docs.mjs from src/middle/option-rows/ -->\n', '<!-- end of options -->']

/** The page with its tables of options made anew. */
export function withOptionTables(page, tables) {
  const [before, after] = [page.indexOf(marks[0]), page.indexOf(marks[1])]
  if (before < 0 || after < 0) throw new Error('docs/library.md lacks the comments between which its options stand')
  return `${page.slice(0, before + marks[0].length)}\n${optionTables(tables)}\n${page.slice(after)}`
}

function optionTables({ optionsOf, expectedOf }) {
  const readings = ['retrieve', 'sample', 'learn', 'energy', 'density']
  const rows = [...new Map(readings.flatMap((reading) => [...optionsOf(reading)]))]
  const [retrieve, sample, learn] = ['retrieve', 'sample', 'learn'].map((reading) =>
    rows.filter(([, { of }]) => of.length === 1 && of[0] === reading),
  )
  const several = rows.filter(([, { of }]) => of.length > 1)
  return [
    table('of several readings', several, expectedOf, { of: ([, { of }]) => of.join(', ') }),
    table('to retrieve', retrieve, expectedOf),
    table('to sample', sample, expectedOf),
    table('to learn', learn, expectedOf),
  ].join('\n')
}

/** `more`: columns after the first, each a title and what stands there of a row. */
function table(title, rows, expectedOf, more = {}) {
  const head = [title, ...Object.keys(more), 'value', 'unless said', 'flag', 'does']
  const lines = rows.map(([name, row]) => [
    `\`${name}\``,
    ...Object.values(more).map((cell) => cell([name, row])),
    kindOf(row, expectedOf),
    unless(row),
    flagOf(row),
    doesOf(row),
  ])
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
    .concat('\n')
}

function kindOf(row, expectedOf) {
  return row.kind === 'word' ? 'a word' : expectedOf(row)
}

function unless(row) {
  return 'default' in row ? `\`${row.default}\`` : ''
}

function flagOf({ flag }) {
  return flag === undefined ? '' : `\`${flag.split(' ')[0]}\``
}

function doesOf(row) {
  if (row.kind !== 'word') return row.does.replaceAll('|', '\\|')
  return `${row.does}: ${Object.entries(row.words)
    .map(([word, what]) => `\`${word}\` (${what})`)
    .join(', ')}`
}

/** The options of the two readings, in docs/library.md between two comments. */
const marks = ['<!-- options: made by scripts/docs.mjs from src/middle/option-rows.ts -->\n', '<!-- end of options -->']

/** The page with its tables of options made anew. */
export function withOptionTables(page, tables) {
  const [before, after] = [page.indexOf(marks[0]), page.indexOf(marks[1])]
  if (before < 0 || after < 0) throw new Error('docs/library.md lacks the comments between which its options stand')
  return `${page.slice(0, before + marks[0].length)}\n${optionTables(tables)}\n${page.slice(after)}`
}

function optionTables({ optionsOf, expectedOf }) {
  const parts = [
    ['Of both readings', both],
    ['To retrieve', (of) => of.length === 1 && of[0] === 'retrieve'],
    ['To sample', (of) => of.length === 1 && of[0] === 'sample'],
  ]
  const rows = [...new Map([...optionsOf('retrieve'), ...optionsOf('sample')])]
  return parts
    .map(([title, belongs]) =>
      table(
        title,
        rows.filter(([, row]) => belongs(row.of)),
        expectedOf,
      ),
    )
    .join('\n')
}

const both = (of) => of.length === 2

function table(title, rows, expectedOf) {
  const lines = rows.map(([name, row]) => `| \`${name}\` | ${kindOf(row, expectedOf)} | ${unless(row)} | ${flagOf(row)} | ${doesOf(row)} |`)
  return [`| ${title.toLowerCase()} | value | unless said | flag | does |`, '| --- | --- | --- | --- | --- |', ...lines, ''].join('\n')
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

// The syntax diagrams, drawn from the grammar of the parser itself: one page that needs nothing else.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Chevrotain carries the scripts that draw its diagrams in a browser; here they run once, and leave SVG. */
function loadDiagrams(root) {
  const folder = join(root, 'node_modules', 'chevrotain', 'diagrams')
  const run = (file, imports) => {
    const module = { exports: {} }
    const text = readFileSync(join(folder, file), 'utf8')
    new Function('module', 'exports', 'require', text)(module, module.exports, () => imports)
    return module.exports
  }
  return run('src/diagrams_builder.js', run('vendor/railroad-diagrams.js'))
}

/** Tokens whose label says only what kind they are. */
const lexical = [
  ['a name', 'a letter of any alphabet or _, then letters, digits and _; not a keyword, not and, or, not'],
  ['a number', '3, 0.5, .5 or 1e-12'],
  ['data, memory, param, state or input', 'the role'],
  ['flow, write or forget', 'the kind of rule'],
  ['an operator', '^ * / + - == != < <= > >= and or, with the precedence given in the description of the language'],
  ["'-', '+' or 'not'", 'before an operand, any number of them'],
]

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
h2 { font: bold 16px monospace; margin: 2rem 0 0; }
svg.railroad-diagram { display: block; max-width: 100%; height: auto; }
svg.railroad-diagram path { stroke-width: 2; stroke: #555; fill: none; }
svg.railroad-diagram text { font: bold 14px monospace; text-anchor: middle; fill: #222; }
svg.railroad-diagram rect { stroke-width: 2; stroke: #555; fill: #dff3e4; }
svg.railroad-diagram g.non-terminal rect { fill: #e4e9f7; }
svg.railroad-diagram a { cursor: pointer; }
dt { font-family: monospace; font-weight: bold; }
`

const escaped = (text) => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)

export function grammarPage({ StatementParser }, root) {
  const { convertProductionToDiagram } = loadDiagrams(root)
  const rules = new StatementParser().getSerializedGastProductions()
  const diagrams = rules.map((rule) => {
    // The browser's script hangs its state on attributes that mean nothing here, and follows clicks by itself.
    const svg = String(convertProductionToDiagram(rule, rule.name))
      .replace(/ (?:occurrenceidx|toprulename|dslrulename|tokenname|rulename)="[^"]*"/gi, '')
      .replace(/(<g class="non-terminal">(?:(?!<text)[\s\S])*)(<text[^>]*>(\w+)<\/text>)/g, '$1<a href="#$3">$2</a>')
    return `<h2 id="${rule.name}">${rule.name}</h2>\n${svg}`
  })
  const words = lexical.map(([label, meaning]) => `<dt>${escaped(label)}</dt><dd>${escaped(meaning)}</dd>`)
  return `<!doctype html>
<!-- Made by scripts/docs.mjs from src/dsl/grammar.ts; edit that and run it again. -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The grammar of amp</title>
<style>${style}</style>
</head>
<body>
<h1>The grammar of amp</h1>
<p>A program is a sequence of statements, each on its own line; how lines go on, and what it all means, is in
<a href="language.md">the description of the language</a>. Round boxes are tokens, square ones are other rules.</p>
<dl>
${words.join('\n')}
</dl>
${diagrams.join('\n')}
</body>
</html>
`
}

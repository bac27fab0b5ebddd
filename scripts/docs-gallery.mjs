// docs/gallery.md, from what whole runs of the systems left in models/NAME/results.json (`npm run gallery`).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @param {string} root */
export function galleryPage(root) {
  const systems = readdirSync(join(root, 'models'))
    .filter((name) => existsSync(join(root, 'models', name, 'results.json')))
    .map((name) => JSON.parse(readFileSync(join(root, 'models', name, 'results.json'), 'utf8')))
  const claims = systems.flatMap((s) => s.claims)
  const hold = claims.filter((c) => c.verdict === 'holds').length
  return `# The gallery

Systems of associative memory, each from \`.amp\` files alone, with what their papers say and what came of it here. \`amp reproduce NAME\` runs one of them, and
\`amp reproduce --all\` all; \`npm run gallery\` runs them whole and writes this page.

${hold} of ${claims.length} claims hold in ${systems.length} systems.

| system | after | claims |
| --- | --- | --- |
${systems.map((s) => `| [${s.system}](#${s.system}) | ${cell(s.source)} | ${s.claims.filter((c) => c.verdict === 'holds').length} of ${s.claims.length} |`).join('\n')}

The column *source* has the source's own value where it states one, *bound* the line that was set before the run. Each claim says in its experiment where in the
source it stands, and whether it is the source's own, follows from its equations, or is an independent simulation's.

${systems.map((s) => section(root, s)).join('\n')}`
}

function section(root, { system, title, source, seed, claims }) {
  const figure = existsSync(join(root, 'models', system, `${system}.svg`)) ? `\n![${title}](../models/${system}/${system}.svg)\n` : ''
  const page = existsSync(join(root, 'models', system, 'README.md')) ? `${system}/README.md` : 'README.md'
  return `## ${system}

${title}. ${source}; seed ${seed}. [More](../models/${page}).
${figure}
| claim | source | bound | here |
| --- | --- | --- | --- |
${claims.map((c) => `| ${cell(c.unit === undefined ? c.what : `${c.what}, ${c.unit}`)} | ${c.source === undefined ? cell(c.where) : `${show(c.source)}, ${cell(c.where)}`} | ${bound(c.bound)} | ${here(c)} |`).join('\n')}
`
}

/** Four digits, as amp reproduce shows them. */
function show(value) {
  if (!Number.isFinite(value)) return String(value)
  const text = String(Number(value.toPrecision(4)))
  return text.length > 9 ? value.toExponential(2).replace(/\.?0+e/, 'e') : text
}

function bound({ least, most, standardErrors }) {
  if (standardErrors !== undefined) return `within ${standardErrors} se`
  if (least !== undefined && most !== undefined) return `${show(least)} to ${show(most)}`
  return least === undefined ? `<= ${show(most)}` : `>= ${show(least)}`
}

function here({ here, error, verdict }) {
  const value = error === undefined ? show(here) : `${show(here)} ± ${show(Number(error.toPrecision(2)))}`
  return verdict === 'holds' ? value : `**${value}, ${verdict}**`
}

const cell = (text) => text.replaceAll('|', '\\|')

// Writes the reference pages that are made from the tables of the source (docs/functions.md, docs/families.md,
// docs/diagnostics.md), the tables of options in docs/library.md, and docs/gallery.md from the results of whole runs. `--check` changes nothing and fails when one of them is
// stale; `--diagrams` draws the syntax diagrams (docs/grammar.html) for the package, and nothing else.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { galleryPage } from './docs-gallery.mjs'
import { grammarPage } from './docs-grammar.mjs'
import { withOptionTables } from './docs-options.mjs'
import { diagnosticsPage, familiesPage, functionsPage } from './docs-tables.mjs'

const root = join(import.meta.dirname, '..')

/** The tables as they are in the source, bundled on the spot. */
async function readTables() {
  const contents = `
    export { alongAxis, functions, matrixFunctions, parameterOf, reductions } from './src/middle/functions.ts'
    export { logDensityName } from './src/families/tables/log-densities.ts'
    export { signatures } from './src/families/tables/signatures.ts'
    export { binding, prefixBinding } from './src/dsl/operators.ts'
    export { constants, operatorOnly, specialCalls } from './src/dsl/check/vocabulary.ts'
    export { densities } from './src/families/tables/densities.ts'
    export { masses } from './src/families/tables/masses.ts'
    export { typeOf } from './src/middle/supports.ts'
    export { powers } from './src/families/tables/powers.ts'
    export { catalogue } from './src/base/codes.ts'
    export { optionsOf } from './src/middle/options.ts'
    export { expectedOf } from './src/middle/option-values.ts'
    export { StatementParser } from './src/dsl/grammar.ts'
  `
  const bundled = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'error',
  })
  const folder = mkdtempSync(join(tmpdir(), 'amp-docs-'))
  try {
    const file = join(folder, 'tables.mjs')
    writeFileSync(file, bundled.outputFiles[0].text)
    return await import(pathToFileURL(file).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const tables = await readTables()
const pages = {
  'functions.md': functionsPage(tables),
  'families.md': familiesPage(tables),
  'diagnostics.md': diagnosticsPage(tables),
  'gallery.md': galleryPage(root),
  'library.md': withOptionTables(readFileSync(join(root, 'docs', 'library.md'), 'utf8'), tables),
}

const stale = Object.entries(pages).filter(([name, text]) => {
  const path = join(root, 'docs', name)
  try {
    return readFileSync(path, 'utf8') !== text
  } catch {
    return true
  }
})

if (process.argv.includes('--diagrams')) {
  writeFileSync(join(root, 'docs', 'grammar.html'), grammarPage(tables, root))
} else if (process.argv.includes('--check')) {
  for (const [name] of stale) console.error(`docs/${name} is stale: run node scripts/docs.mjs`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const [name, text] of stale) writeFileSync(join(root, 'docs', name), text)
  console.log(stale.length === 0 ? 'nothing to change' : `written: ${stale.map(([name]) => `docs/${name}`).join(', ')}`)
}

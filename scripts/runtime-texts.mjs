// What emitted modules are made of, as `import('amp:runtime')`: the sources that run in process, in parts that need each other,
// of which `emit` takes those that a model needs (src/api/emit/runtime.ts). One plugin makes it for esbuild, one for vitest.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** What modules export is made by these. */
const entries = ['retrieve', 'retrieve-tfjs', 'sample', 'energy', 'density', 'prior', 'draws']

/** Files that only some models need. Elsewhere their functions are looked up when they are called. */
const optional = [
  'run/ancestral',
  'run/derived',
  'run/exact-blocks',
  'run/inner',
  'run/partition-block',
  'run/partition-draws',
  'run/reported',
  'run/walls',
  'bind/checks/look',
  'run/temperature',
  'run/tempered',
  'inference/diagnostics/swaps',
  'run/start-draw',
  'families/numbers/truncated',
  'inference/samplers/adaptive-langevin',
  'inference/samplers/adaptive-nuts',
  'inference/density/discrete-field',
  'inference/samplers/gibbs-sampler',
  'inference/draws/joint',
  'inference/draws/conditional-form',
  'run/eliminated',
  'run/cues-of-gone',
  'inference/draws/prior-draw',
  'inference/samplers/schedule',
  'memory/blocks/minimiser',
  'memory/flows/exact',
  'memory/flows/kink-holding',
  'memory/flows/proximal',
  'memory/kink-layout',
  'memory/kinked',
  'inference/draws/gaussian-draw',
  'inference/samplers/site-sampler',
  'memory/joint-mode',
]

/** Tables of which a module has the rows that its model needs: the file, its export, and where each row is from. */
const tables = {
  draws: { file: 'families/tables/draws', row: (name) => `export { draw as row } from './src/families/${name}.ts'` },
  distributions: {
    file: 'families/tables/distributions',
    row: (name) => `export { distribution as row } from './src/families/${name}.ts'`,
  },
  helpers: { file: 'targets/kernel/helpers', row: (name, value, known) => helperRow(name, value, known) },
}

/** Where functions that kernels call are, a file for those that need each other: what a module does not call does not come along. */
const special = ['special', 'linear'].flatMap((folder) =>
  readdirSync(`src/base/${folder}`).flatMap((file) => (file.endsWith('.ts') ? [`src/base/${folder}/${file}`] : [])),
)

/** A function that kernels call: a special function or linear algebra, one of the engine's, or a formula that stands for itself. */
function helperRow(name, value, sources) {
  for (const [i, file] of special.entries()) {
    const exported = sources[`special${i}`]
    const found = Object.keys(exported).find((key) => exported[key] === value)
    if (found !== undefined) return `export { ${found} as row } from './${file}'`
  }
  return `export const row = ${Math[name] === value ? `Math.${name}` : String(value)}`
}

const common = {
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2022',
  logLevel: 'warning',
}

/** What the tables and the options hold. */
async function readSources(plugins) {
  const contents = [
    ...Object.entries(tables).map(([name, { file }]) => `export { ${name} } from './src/${file}.ts'`),
    "export { options } from './src/middle/option-rows.ts'",
    ...special.map((file, i) => `export * as special${i} from './${file}'`),
    ...optional.map((file, i) => `export * as optional${i} from './src/${file}.ts'`),
  ].join('\n')
  const { outputFiles } = await build({ ...common, plugins, stdin: { contents, resolveDir: resolve('.'), loader: 'ts' } })
  const folder = mkdtempSync(join(tmpdir(), 'amp-runtime-'))
  try {
    const file = join(folder, 'sources.mjs')
    writeFileSync(file, outputFiles[0].text)
    return await import(pathToFileURL(file).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The options of each run as modules need them: what they may be and what they are by default, without help. */
function bareOptions(options) {
  // There are no modules of fits, of learning and of simulations.
  const isEmitted = (reading) => !['fit', 'learn', 'evidence', 'simulate', 'sweep'].includes(reading)
  const bare = ([name, { does, flag, for: _, samplers, inModules, what, words, ...row }]) => [
    name,
    {
      ...row,
      of: row.of.filter(isEmitted),
      ...(what === undefined ? {} : { what: '', type: '' }),
      ...(words && { words: Object.fromEntries(Object.keys(words).map((w) => [w, ''])) }),
    },
  ]
  const inModules = ({ when, of }) => when === 'run' && of.some(isEmitted)
  const ofRun = Object.entries(options).filter(([, row]) => inModules(row))
  const text = JSON.stringify(Object.fromEntries(ofRun.map(bare)), (_, v) => (v === Infinity ? '@Infinity' : v))
  return text.replaceAll('"@Infinity"', 'Infinity')
}

const withoutEnding = (path) => path.replaceAll('\\', '/').replace(/\.ts$/, '')

/** Makes what imports a table or an optional file look it up among `amp_rows`. */
function lookedUp(sources) {
  const texts = new Map([
    ...Object.entries(tables).map(([name, { file }]) => [file, `export const ${name} = amp_rows[${JSON.stringify(name)}]`]),
    ...optional.map((file, i) => {
      const functions = Object.keys(sources[`optional${i}`])
      const look = (name) => `export const ${name} = (...args) => amp_rows[${JSON.stringify(file)}].${name}(...args)`
      return [file, functions.map(look).join('\n')]
    }),
  ])
  return {
    name: 'looked-up',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir, importer }) => {
        const file = withoutEnding(resolve(resolveDir, path)).replace(/^.*?\/src\//, '')
        if (texts.has(file) && !importer.startsWith('amp-entry:')) return { path: file, namespace: 'looked-up' }
        // Nothing is done by importing alone, so what is not used of a file brings nothing along.
        return { path: resolve(resolveDir, path), sideEffects: false }
      })
      onLoad({ filter: /./, namespace: 'looked-up' }, ({ path }) => ({ contents: texts.get(path), loader: 'js' }))
      onLoad({ filter: /src[\\/]middle[\\/]option-rows\.ts$/ }, () => ({ contents: sources.optionsText, loader: 'ts' }))
    },
  }
}

/** Entry points that stand in no file. */
function written(contents) {
  return {
    name: 'written',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^amp-entry:/ }, ({ path }) => ({ path, namespace: 'amp-entry' }))
      onLoad({ filter: /./, namespace: 'amp-entry' }, ({ path }) => ({
        contents: contents.get(path),
        resolveDir: resolve('.'),
        loader: 'ts',
      }))
    },
  }
}

/** The runtime in parts: `needs` are the parts that stand before one, whose text defines `P` and its number. */
async function runtimeParts(plugins = []) {
  const sources = await readSources(plugins)
  const rows = Object.entries(tables).flatMap(([table, { row }]) =>
    Object.entries(sources[table]).map(([name, value]) => [`amp-entry:${table}/${name}`, row(name, value, sources)]),
  )
  const contents = new Map([
    ...entries.map((name) => [`amp-entry:entries/${name}`, `export * from './src/run/${name}-module.ts'`]),
    ...optional.map((file) => [`amp-entry:optional/${file}`, `export * from './src/${file}.ts'`]),
    ...rows,
  ])
  const names = [...contents.keys()]
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: names.map((name, i) => ({ in: name, out: `entry-${i}` })),
    outdir: 'out',
    splitting: true,
    minify: true,
    lineLimit: 160,
    metafile: true,
    plugins: [
      ...plugins,
      written(contents),
      lookedUp({ ...sources, optionsText: `export const options = ${bareOptions(sources.options)}` }),
    ],
  })
  const { outputs } = metafile
  const order = inOrder(outputs)
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
  const parts = order.map((path, i) => ({
    needs: needsOf(outputs[path]).map((p) => order.indexOf(p)),
    text: asPart(texts.get(basename(path)), i, (file) => order.findIndex((p) => basename(p) === file)),
  }))
  const found = (name) => order.indexOf(`out/entry-${names.indexOf(name)}.js`)
  const under = (kind) =>
    Object.fromEntries(
      names.flatMap((name) => (name.startsWith(`amp-entry:${kind}/`) ? [[name.slice(`amp-entry:${kind}/`.length), found(name)]] : [])),
    )
  return {
    parts,
    entries: under('entries'),
    optional: under('optional'),
    tables: Object.fromEntries(Object.keys(tables).map((table) => [table, under(table)])),
  }
}

const needsOf = ({ imports }) => imports.filter((i) => i.kind === 'import-statement').map((i) => i.path)

/** The pieces that esbuild made, each behind those that it imports. */
function inOrder(outputs) {
  const order = []
  const visit = (path) => {
    if (order.includes(path)) return
    for (const needed of needsOf(outputs[path])) visit(needed)
    if (!order.includes(path)) order.push(path)
  }
  for (const path of Object.keys(outputs)) visit(path)
  return order
}

const imported = /^\s*import\s*(?:\{([^}]*)\}\s*from\s*)?"\.\/([^"]+)";?/
const exported = /export\s*\{([^}]*)\};?\s*$/

/** A module as the value of a function, so that the parts of several may stand in one: what it imports is looked up in other parts. */
function asPart(text, number, partOf) {
  const before = []
  for (let found = imported.exec(text); found !== null; found = imported.exec(text)) {
    const [whole, names, file] = found
    if (names !== undefined) before.push(`const{${names.replace(/\s+as\s+/g, ':')}}=P${partOf(file)};`)
    text = text.slice(whole.length)
  }
  const names = exported.exec(text)?.[1] ?? ''
  const result = names.split(',').flatMap((name) => {
    const [own, outer = own] = name.trim().split(/\s+as\s+/)
    return own === '' ? [] : [own === outer ? own : `${outer}:${own}`]
  })
  const body = text.replace(exported, '').trim()
  if (/^\s*(import|export)\b/m.test(body)) throw new Error(`a part of the runtime that is not understood:\n${body.slice(0, 400)}`)
  return `const P${number}=(()=>{${before.join('')}\n${body}\nreturn{${result.join(',')}}})();`
}

const named = /^amp:runtime$/

export function runtimeTexts(plugins = []) {
  return {
    name: 'runtime-texts',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: named }, ({ path }) => ({ path, namespace: 'runtime-texts' }))
      onLoad({ filter: /./, namespace: 'runtime-texts' }, async () => ({
        contents: JSON.stringify(await runtimeParts(plugins)),
        loader: 'json',
      }))
    },
  }
}

/** The same for vite, and so for vitest. */
export function viteRuntimeTexts() {
  let made
  return {
    name: 'runtime-texts',
    resolveId: (id) => (named.test(id) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith('\0') || !named.test(id.slice(1))) return undefined
      made ??= runtimeParts()
      return `export default ${JSON.stringify(await made)}`
    },
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import type { Reading } from '../src/api/emit/options.ts'
import { emit } from '../src/api/emit.ts'
import { load } from '../src/api/load.ts'
import { must } from '../src/base/internal-error.ts'
import { familyNames } from '../src/families/tables/signatures.ts'

/** What the shape of the sources promises, counted: a limit is lowered when the count falls, and raised only for a reason. */
const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))

/** The files whose text has `pattern`. */
function having(pattern: RegExp): readonly string[] {
  return files.filter((file) => pattern.test(readFileSync(join('src', file), 'utf8'))).sort()
}

// Of all structural operations this one has a name that nothing else has. Conditional forms have two tables of rules, and one of the ways through a factor.
it('names structural operations in at most 22 files', () => {
  expect(having(/\bsolve_lower\b/).length).toBeLessThanOrEqual(22)
})

it('asks tables about operations, not switches, whose default would be a guess', () => {
  expect(having(/switch \((\w+\.)?op\)/).filter((file) => !file.startsWith('dsl/'))).toEqual([])
})

// The law of attention is about one family: mixtures of normals that differ in nothing but their means.
it('asks for a family by its name in no place but one outside families', () => {
  const asked = new RegExp(`(?:[!=]== |case )'(?:${familyNames.join('|')})'`)
  expect(having(asked).filter((file) => !file.startsWith('families/'))).toEqual(['verify/laws/attention.ts'])
})

it('names an option in its row and where it is used', () => {
  // Its row, and where it is used: no list of flags, checks, types or declarations.
  expect(having(/\binitRadius\b/).filter((file) => !file.startsWith('memory/'))).toEqual([
    'middle/option-rows/sample.ts',
    'run/planned-blocks.ts',
    'run/retrieval-starts.ts',
  ])
  expect(having(/\baccuracy\b/).filter((file) => !file.startsWith('memory/'))).toEqual([
    'middle/option-rows/retrieve.ts',
    'run/simulate.ts',
    'run/simulation/in-time.ts',
    'run/simulation/outcome.ts',
    'verify/laws/motion.ts',
  ])
})

it('names a sampler among the words of its option and in its row', () => {
  expect(having(/'nuts'|\bnuts: /)).toEqual(['middle/option-rows/sample.ts', 'run/samplers.ts'])
})

/**
 * Bytes as written and gzipped: 298 and 77 KB before modules were made of parts. The first sampler is of a conjugate model: besides
 * NUTS it holds draws from the conditional form. Plans of samplers know of the elements of random axes, 0.9 KB; warm-up
 * finds metrics of low rank, with factors and eigenvectors of matrices, 9 KB; factors are told by which steps to be made, 0.2 KB; where nothing moves, what is impossible is said, 0.1 KB;
 * binding knows names of elements that rows share out, 0.2 KB, and options co-clustering, 0.1 KB. The memory goes from several starts, through annealed sequences, tells its path, and may have a minimum inside it, whose loop comes along
 * where there is one. Exponentials, logarithms, sines
 * and cosines are our own, so that draws do not depend on the engine, 5 to 6.5 KB. Options of log Z stand in the table of defaults, 0.1 KB.
 * What a point has of kinks and where steps over them are chosen, 0.7 KB. Replica exchange comes along where it is asked for; elsewhere samplers
 * can be placed at a point, plans and a refusal know of it, and its options stand in the table, 1.4 KB of a sampler and 0.3 of a memory.
 * Binding tells all kinds of wrong cells in one run, 1.8 KB. Options may be lists of numbers, 0.2 KB. NUTS looks for modes of
 * incomparably more mass, by ways up with inverse Hessians, 6.9 KB. Options of axes that grow say so in the table, 0.1 KB.
 */
it.each<[string, Reading, string, number, number]>([
  ['a sampler of three lines', 'sample', 'data y[i]\nstate x ~ normal(0, 1)\ny ~ normal(x, 1)', 150_450, 56_650],
  ['one without a conditional form', 'sample', 'data y[i]\nstate x ~ normal(0, 1)\ny ~ normal(exp(x), 1)', 142_450, 54_150],
  [
    'a memory of three lines',
    'retrieve',
    'memory xi[pattern, pixel]\nstate x[pixel]\nenergy -logsumexp[pattern](sum[pixel](xi * x)) + sum[pixel](x^2) / 2',
    129_900,
    49_450,
  ],
])('writes %s in so many bytes', async (_, reading, text, written, zipped) => {
  const { module } = must((await emit(must(load({ name: 'm.amp', text }).value, 'model'), reading)).value, 'module')
  expect(module.length).toBeLessThan(written)
  expect(gzipSync(module).length).toBeLessThan(zipped)
})

// Of all kinds of types this one has the name that least else has (36 before there was a table of kinds). The last are which
// conditional forms a type can have, and an argument of markov.
it('names kinds of types in at most 28 files', () => {
  expect(having(/\bsimplex\b/).length).toBeLessThanOrEqual(28)
})

it('asks the table of kinds about types, not switches or lists of them', () => {
  expect(having(/switch \((\w+\.)?type\??\.kind\)/)).toEqual([])
  const kind = "'(?:real|positive|nonnegative|probability|spin|bit|count|element|unit|simplex|ordered|covariance|correlation|cholesky)'"
  const list = new RegExp(`\\[\\s*${kind}(?:\\s*,\\s*${kind})+\\s*,?\\s*\\]|kind === ${kind}[^\\n]*\\|\\|[^\\n]*kind === ${kind}`)
  // 25 before; what is left speaks of supports and of parameters of families.
  expect(having(list).length).toBeLessThanOrEqual(5)
})

/** Text without comments, in which names of ports may be spoken of. */
const codeOf = (file: string): string => readFileSync(join('src', file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')

it('makes and reads the names of inputs and outputs in ports.ts alone', () => {
  const own = readFileSync('src/middle/ports.ts', 'utf8')
  const prefixes = [...own.matchAll(/`([a-z]+)(:| of | |\()\$\{/g)].map(([, word, mark]) => `${word}${mark === '(' ? '\\(' : mark}`)
  const whole = [...own.matchAll(/^export const \w+ = '(\w+[ _]\w+)'/gm)].map((m) => m[1])
  expect(prefixes.length).toBeGreaterThan(25)
  const made = new RegExp(
    `['\`/^](?:${prefixes.join('|')})(?:['\`$]|\\d|/\\.)|\\}:(?:lower|upper|least|most|positive)\`|'(?:${whole.join('|')})'`,
  )
  expect(made.test(`const port = '${'gradient:'}'`)).toBe(true)
  expect(files.filter((file) => file !== 'middle/ports.ts' && made.test(codeOf(file)))).toEqual([])
})

it('lowers a model in one place: nothing after it sees a tree', () => {
  // `amp check` loads the compiler only where it needs it.
  expect(files.filter((file) => /\blower\b[^\n]*'[^']*compile\/lower\.ts'|'\.\/lower\.ts'/.test(codeOf(file)))).toEqual([
    'api/pipeline.ts',
    'compile/warnings.ts',
  ])
  const sees = (file: string): boolean => /\bTyped\b/.test(codeOf(file))
  const before = /^(dsl|middle|compile\/(lower|checks|neurons|orders|relations|warnings|supports))/
  expect(files.filter((file) => sees(file) && !before.test(file))).toEqual([])
})

// Lowering asks what a role means in the text, binding which option to name, and a generator of values how wide they spread.
it('asks in one place which roles move', () => {
  expect(having(/\brole [!=]== 'state'/).filter((file) => !/^(dsl|compile\/lower)\//.test(file))).toEqual([
    'bind/bind.ts',
    'middle/situation.ts',
    'verify/generators/model-case.ts',
  ])
})

it('declares no type under a name that another file of src has for something else', () => {
  const declared = files.flatMap((file) =>
    [...codeOf(file).matchAll(/^(?:export )?(?:declare )?(?:interface|type|(?:abstract )?class) ([A-Z]\w*)/gm)].map(([, name = '']) => ({
      name,
      file,
    })),
  )
  expect(declared.length).toBeGreaterThan(900)

  const places = (name: string): readonly string[] => declared.flatMap((d) => (d.name === name ? [d.file] : []))
  const twice = declared.filter(({ name, file }) => places(name)[0] !== file).map(({ name }) => `${name}: ${places(name).join(', ')}`)
  expect(twice).toEqual([])
})

import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import { build, transformSync } from 'esbuild'
import ts from 'typescript'
import { describe, expect, it, test } from 'vitest'
import { optionalFiles } from '../../src/api/emit/needs.ts'
import type { EmitOptions, Reading } from '../../src/api/emit/options.ts'
import { type Emitted, emit } from '../../src/api/emit.ts'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { type SampleOptions, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

const written = (text: string): Loaded => {
  const { value, diagnostics } = load({ name: 'test', text })
  return must(value, JSON.stringify(diagnostics))
}
const gallery = (name: string): Loaded => written(readFileSync(`models/${name}/${name}.amp`, 'utf8'))

async function emitted(loaded: Loaded, reading: Reading, options: EmitOptions = {}): Promise<Emitted> {
  const { value, diagnostics } = await emit(loaded, reading, options)
  return must(value, JSON.stringify(diagnostics))
}

/** Typed arrays as lists, numbers to the last bit, whatever realm they are from. */
const exactly = `(value) => JSON.stringify(value, (key, v) => ArrayBuffer.isView(v) ? Array.from(v) : typeof v === 'number' && (Object.is(v, -0) || !Number.isFinite(v)) ? 'number ' + (Object.is(v, -0) ? '-0' : v) : v)`
const bits = (value: unknown): unknown => JSON.parse((new Function(`return ${exactly}`)() as (v: unknown) => string)(value))

/** The module's exports where there is nothing but the language: no Node, no console, no timers, as strict as any browser. */
function inEmptyRealm(module: string) {
  const script = transformSync(module, { format: 'iife', globalName: 'exported', charset: 'utf8' }).code
  const realm = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } })
  runInContext(script, realm)
  return {
    call: (name: string, inputs: unknown, options: unknown): unknown =>
      JSON.parse(runInContext(`(${exactly})(exported[${JSON.stringify(name)}](${asCode(inputs)}, ${asCode(options)}))`, realm) as string),
    global: (name: string): unknown => runInContext(`globalThis[${JSON.stringify(name)}]`, realm),
  }
}

/** JSON in code; \`__proto__\` stays a key. */
const asCode = (value: unknown): string => `JSON.parse(${JSON.stringify(JSON.stringify(value))})`

const hidden = `
model hidden
data  y[t]
axis  k = 2
axis  next = size(k)
state move[k, next] : simplex[next] ~ dirichlet[next](2)
state mu[k] : ordered[k] ~ normal(0, 3)
state z[t] : k
let   gap = mu[k = 2] - mu[k = 1]
z ~ markov[t](move)
y ~ normal(mu[z], 1)
`
const drawing = `
model drawing
memory xi[pattern, pixel]
param  tau : positive ~ half_normal(1)
param  beta[pixel] : positive ~ lognormal(log(tau), 1)
param  c[k] : ordered[k] ~ normal(index(k), 1)
axis   k = 2
state  which : pattern
state  x[pixel] ~ normal(xi[which], beta)
state  v : k
state  q ~ normal(c[v], 1)
`
const regression = `
model regression
data  x[row]
data  y[row]
state b ~ normal(0, 2)
state sigma : positive ~ exponential(1)
y ~ normal(b * x, sigma)
`
const between = `
model between
data  y[row]
let   low = mean[row](y) - 1
state a : real(lower = low, upper = low + 2)
state b : real(upper = a)
state c : real(lower = -3, upper = -1) ~ normal(b, 1)
y ~ normal(a + b, 1)
`
const chain = `
model chain
data  y[t]
axis  k = 2
axis  to = size(k)
data  move[k, to]
state mu ~ normal(0, 1)
state s[t] : k
s ~ markov[t](move)
y ~ normal(mu + 2 * index(k)[s], 1)
`
const memory = { xi: [[1, 2], [3, 4], [0, -1]] } // biome-ignore format: a table
const spins = 'model spins\nmemory xi[pattern, i]\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2) / size(i)\n'
const patterns = { xi: [[1, 1, -1, 1], [-1, 1, 1, 1]] } // biome-ignore format: a table

describe('a module that retrieves', () => {
  const cases: readonly [string, Loaded, Inputs, object][] = [
    ['a kernel density', gallery('kernel_density'), { memory, cue: { x: [[2.4, 3.1], [0.2, 0.1]] } }, {}], // biome-ignore format: a table
    ['part of a pattern', gallery('kernel_density'), { memory, observed: { x: [3.1, null] as never } }, { temperature: 2 }],
    ['spins', written(spins), { memory: patterns, cue: { s: [1, -1, -1, 1] } }, { update: 'synchronous', seed: 4 }],
    ['neurons', gallery('large_associative_memory'), { memory: { xi: [[1, 0, 1], [0, 1, 1]] }, cue: { v: [0.9, 0.2, 0.8] } }, {}], // biome-ignore format: a table
    ['params from their priors', written(drawing), { memory }, { seed: 3 }],
    ['bounds that are made of others', written(between), { data: { y: [1, 2] }, cue: { a: 1.1, b: 0 } }, {}],
    ['the joint mode of a chain', written(chain), { data: { y: [0.2, 1.4, 0.9, 2.1], move: [[0.8, 0.2], [0.3, 0.7]] } }, { temperature: 2 }], // biome-ignore format: a table
    ['a mode', written(regression), { data: { x: [1, 2, 3], y: [1.1, 1.7, 3.5] } }, {}],
  ]
  it.each(cases)('gives the bits of the run in process, with nothing but the language: %s', async (_, loaded, inputs, options) => {
    const { module } = await emitted(loaded, 'retrieve')
    const there = inEmptyRealm(module).call('retrieve', inputs, options)
    const here = must((await retrieve(loaded, must(givenOf(inputs).value, 'inputs'), { backend: 'kernel', ...options })).value, 'retrieval')
    expect(there).toEqual(bits(here.retrievals))
  })
})

describe('a module that samples', () => {
  const cases: readonly [string, Loaded, Inputs, SampleOptions, EmitOptions][] = [
    ['NUTS', written(regression), { data: { x: [1, 2, 3], y: [1.1, 1.7, 3.5] } }, {}, {}],
    ['bounds that are made of others', written(between), { data: { y: [1, 2] }, cue: { b: 0 } }, {}, {}],
    ['predictions', written(regression), { data: { x: [1, 2, 3], y: [1.1, 1.7, 3.5] } }, { predict: ['y'] }, { predict: ['y'] }],
    [
      'sums over chains, lets and predictions',
      written(hidden),
      { data: { y: [0.1, 2.2, 1.9, -0.3] } },
      { predict: ['y'], report: ['gap'] },
      { predict: ['y'], report: ['gap'] },
    ],
    ['Gibbs', written(spins), { memory: patterns }, { temperature: 3 }, {}],
    ['exact draws', gallery('kernel_density'), { memory }, {}, {}],
    ['exact draws at another temperature', gallery('kernel_density'), { memory }, { temperature: 3, sampler: 'exact' }, {}],
    ['part of a pattern', gallery('kernel_density'), { memory, observed: { x: [3.1, null] as never } }, { sampler: 'langevin' }, {}],
    ['params from their priors', written(drawing), { memory, observed: { q: 1 } }, { seed: 3 }, { observed: new Set(['q']) }],
    ['starts', gallery('kernel_density'), { memory, cue: { x: [[3, 3], [0, 0]] } }, {}, {}], // biome-ignore format: a table
  ]
  it.each(cases)('gives the bits of the run in process, with nothing but the language: %s', async (_, loaded, inputs, options, how) => {
    const { module } = await emitted(loaded, 'sample', how)
    const { predict, report, ...short } = { ...options, warmup: 40, draws: 30, chains: 2 }
    const there = inEmptyRealm(module).call('sample', inputs, short)
    const given = must(givenOf(inputs).value, 'inputs')
    const { bound, backend, unused, started, ...here } = must((await sample(loaded, given, { ...options, ...short })).value, 'draws')
    expect(there).toEqual(bits(here))
  })

  it.each([
    ['a regression', written(regression), { data: { x: [1, 2, 3] } }, {}],
    ['a chain', written(hidden.replace(' : ordered[k]', '')), { data: { y: [1, 2, 3] } }, { report: ['gap'] }],
    ['params from their priors', written(drawing), { memory }, {}],
  ] as const)('draws from the prior, too: %s', async (_, loaded, inputs, options) => {
    const { module } = await emitted(loaded, 'sample', { ...options, prior: true })
    const short = { draws: 20, chains: 2, seed: 5 }
    const there = inEmptyRealm(module).call('prior', inputs, short)
    const given = must(givenOf(inputs).value, 'inputs')
    const { bound, backend, unused, started, ...here } = must(
      (await sample(loaded, given, { ...options, ...short, prior: true })).value,
      'draws',
    )
    expect(there).toEqual(bits(here))
  })

  it('refuses a prior of a model without ancestral sampling, and one where nothing is sampled', async () => {
    const codes = async (loaded: Loaded, reading: Reading) => (await emit(loaded, reading, { prior: true })).diagnostics.map((d) => d.code)
    expect(await codes(written(spins), 'sample')).toEqual(['AMP714'])
    expect(await codes(written(regression), 'retrieve')).toEqual(['AMP714'])
  })
})

describe('every module', () => {
  it.each(['retrieve', 'sample'] as const)('imports nothing: %s', async (reading) => {
    const { module } = await emitted(gallery('kernel_density'), reading)
    const built = await build({
      stdin: { contents: module },
      bundle: true,
      write: false,
      format: 'esm',
      metafile: true,
      logLevel: 'silent',
    })
    expect(Object.values(built.metafile.inputs).flatMap((i) => i.imports)).toEqual([])
    expect(built.warnings).toEqual([])
    expect(module).not.toMatch(/\b(require|eval|Function)\(/)
  })

  it('says what is wrong with what it is given in one error', async () => {
    const { module } = await emitted(gallery('kernel_density'), 'retrieve')
    const realm = inEmptyRealm(module)
    expect(() => realm.call('retrieve', { memory: { xi: [[1, 2]] }, cue: { x: [1, 2, 3], y: 1 } }, {})).toThrow(
      /pixel has 2 elements.*3|"y" is not/,
    )
    expect(() => realm.call('retrieve', {}, {})).toThrow(/size of the axis pattern is not known/)
  })

  it('says first what it is and how to call it', async () => {
    const { module } = await emitted(written(drawing), 'sample', { prior: true })
    const head = module.slice(0, module.indexOf('\n\n'))
    expect(head.split('\n').every((line) => line.startsWith('//'))).toBe(true)
    for (const line of [
      '// drawing: samples of exp(-E/T).',
      "import { sample } from './this-module.mjs'",
      'memory: xi[pattern, pixel], real',
      'tau, positive (else drawn from its prior under the seed)',
      'v, an element of k',
    ])
      expect(head).toContain(line)
  })
})

/** Errors of type checking a program beside a module's declarations. */
function typeErrors(declarations: string, program: string): readonly string[] {
  const files = new Map([['/model.d.mts', declarations], ['/user.mts', program]]) // biome-ignore format: a table
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: [],
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
  }
  const host = ts.createCompilerHost(options)
  const inherited = host.getSourceFile.bind(host)
  host.getSourceFile = (name, version) => {
    const text = files.get(name)
    return text === undefined ? inherited(name, version) : ts.createSourceFile(name, text, version)
  }
  host.fileExists = (name) => files.has(name) || ts.sys.fileExists(name)
  host.readFile = (name) => files.get(name) ?? ts.sys.readFile(name)
  const checked = ts.createProgram(['/user.mts', '/model.d.mts'], options, host)
  return ts.getPreEmitDiagnostics(checked).map((d) => ts.flattenDiagnosticMessageText(d.messageText, ' '))
}

test('every file that a module may lack has a rule for when it is needed', async () => {
  const { default: runtime } = await import('amp:runtime')
  expect(Object.keys(runtime.optional).sort()).toEqual([...optionalFiles].sort())
})

describe('declarations', () => {
  it('check a program that uses a module, and refuse one that does not use it right', async () => {
    const { declarations } = await emitted(gallery('kernel_density'), 'retrieve')
    const user = `
import { retrieve, type Retrieval } from './model.mjs'
const found: readonly Retrieval[] = retrieve({ memory: { xi: [[1, 2], [3, 4]] }, param: { sigma: 0.1 }, cue: { x: [1, null] } }, { seed: 2 })
const first = found[0]
export const at: Float64Array | undefined = first?.states['x']?.data
// @ts-expect-error: sigma has a default, so it is never drawn
export const drawn = first?.drawn['sigma'].data[0]
// @ts-expect-error: the memory is missing
retrieve({ cue: { x: [1, 2] } })
// @ts-expect-error: there is no such param
retrieve({ memory: { xi: [[1]] }, param: { beta: 1 } })
// @ts-expect-error: a temperature is a number
retrieve({ memory: { xi: [[1]] } }, { temperature: 'hot' })
`
    expect(typeErrors(declarations, user)).toEqual([])
  })

  it('name the states, params and data of the model with their axes, in inputs and results', async () => {
    const text = `
data y[row]
data site[row] : place
memory xi[pattern, pixel]
param beta[pixel] ~ normal(0, 1)
state which : pattern
state x[pixel] ~ normal(xi[which] + 0 * beta, 1)
state m[place] ~ normal(0, 1)
y ~ normal(m[site] + sum[pixel](x), 1)
`
    const retrieving = (await emitted(written(text), 'retrieve')).declarations
    const user = `
import { retrieve, type Tensor } from './model.mjs'
const data = { y: [1, 2], site: ['a', 'b'] }
const [first] = retrieve({ data, memory: { xi: [[1, 2], [3, 4]] }, cue: { x: [[1, null], [2, 3]] }, labels: { place: ['a', 'b'] } })
const x: Tensor<readonly ['pixel']> | undefined = first?.states.x
const chances: Tensor<readonly ['pattern']> | undefined = first?.responsibilities.end.which
export const likeliest: Float64Array | undefined = first?.likeliest.which.data
export const terms: number | undefined = first?.terms.y
export const drawn: Tensor<readonly ['pixel']> | undefined = first?.drawn.beta
export const row: 'pixel' | undefined = x?.axes[0]
retrieve({ data, memory: { xi: { shape: [2, 2], data: new Float64Array(4) } }, param: { beta: new Float64Array(2) }, observed: { m: [1, null] } })
// @ts-expect-error: xi has two axes
retrieve({ data, memory: { xi: [1, 2] } })
// @ts-expect-error: flat numbers along two axes need a shape
retrieve({ data, memory: { xi: new Float64Array(4) } })
// @ts-expect-error: y has one axis
retrieve({ data: { y: [[1], [2]], site: [1, 2] }, memory: { xi: [[1, 2]] } })
// @ts-expect-error: texts name elements, not numbers
retrieve({ data: { y: ['a', 'b'], site: [1, 2] }, memory: { xi: [[1, 2]] } })
// @ts-expect-error: there is no axis of that name
retrieve({ data, memory: { xi: [[1, 2]] }, labels: { pattern: ['a'], sight: ['b'] } })
// @ts-expect-error: which is summed out
export const moved = first?.states.which
export { chances }
`
    expect(typeErrors(retrieving, user)).toEqual([])
    const drawing = (await emitted(written(text), 'sample', { predict: ['y'] })).declarations
    const sampler = `
import { sample, type Variable } from './model.mjs'
const { draws, responsibilities, chains } = sample({ data: { y: [1, 2], site: [1, 2] }, memory: { xi: [[1, 2], [3, 4]] } }, { draws: 10 })
export const names: 'x' | 'm' | 'which' | 'y_rep' | undefined = draws.variables[0]?.name
export const chance: 'which' | undefined = responsibilities[0]?.name
sample({ data: { y: [1, 2], site: [1, 2] }, memory: { xi: [[1, 2]] } }, { resume: chains, signal: { aborted: false }, thin: 2 })
const other: Variable = { name: 'x', axes: ['pixel'], shape: [2] }
// @ts-expect-error: x has one axis, the pixels
const wrong: Variable = { name: 'x', axes: ['place'], shape: [2] }
export { other, wrong }
`
    expect(typeErrors(drawing, sampler)).toEqual([])
  })

  it('know what may be left out: params with a prior, and data when drawing from the prior', async () => {
    const { declarations } = await emitted(written(`${regression}\nparam hold ~ normal(0, 1)\nparam must\n`), 'sample', { prior: true })
    const user = `
import { prior, sample, type Sampled } from './model.mjs'
const draws: Sampled = sample({ data: { x: [1], y: [2] }, param: { must: 1 } }, { chains: 1, initRadius: 1 })
export const value: number | undefined = draws.draws.chains[0]?.values[0]
prior({ data: { x: [1] }, param: { must: 1 } })
// @ts-expect-error: y is missing
sample({ data: { x: [1] }, param: { must: 1 } })
// @ts-expect-error: must has neither a default nor a prior
sample({ data: { x: [1], y: [2] }, param: { hold: 1 } })
`
    expect(typeErrors(declarations, user)).toEqual([])
  })
})

const hostile = [
  '__proto__',
  'constructor',
  'eval',
  'class',
  'hasOwnProperty',
  '*/ globalThis.pwned = 1 /*',
  '\n globalThis.pwned = 1 //',
  '\u2028globalThis.pwned = 1//',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what should not be run.
  '${globalThis.pwned = 1}',
  '`+(globalThis.pwned = 1)+`',
  '"+(globalThis.pwned = 1)+"',
  "'+(globalThis.pwned = 1)+'",
  '\\"; globalThis.pwned = 1; "\\',
  '</script><script>globalThis.pwned = 1</script>',
  '\ud800',
  '\udc00x',
  'a b:c,d',
]

/** The model with another word in the place of one of its names, in everything that is compiled from its text. */
function renamed(loaded: Loaded, name: string, other: string): Loaded {
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replaceAll(name, () => other)
    if (Array.isArray(value)) return value.map(replace)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]))
  }
  return replace(loaded) as Loaded
}

const roles = ['model', 'memory', 'pattern', 'pixel', 'data', 'group', 'param', 'prior', 'which', 'x', 'term', 'row']
const base = written(`
model NAMEmodel
memory NAMEmemory[NAMEpattern, NAMEpixel]
data   NAMEdata[NAMErow] : NAMEgroup
param  NAMEparam : positive = 2
param  NAMEprior[NAMEgroup] ~ normal(0, 1)
state  NAMEwhich : NAMEpattern
state  NAMEx[NAMEpixel] ~ normal(NAMEmemory[NAMEwhich], NAMEparam)
energy NAMEterm = sum[NAMErow](NAMEprior[NAMEdata])^2
`)

describe('names that look like code are only ever names', () => {
  const values = (of: (role: string) => string): Inputs => ({
    memory: Object.fromEntries([[of('memory'), [[1, 2], [3, 4]]]]), // biome-ignore format: a table
    data: Object.fromEntries([[of('data'), ['__proto__', '*/ globalThis.pwned = 1 /*', '__proto__']]]),
    param: Object.fromEntries([[of('prior'), [0.3, 0.4]]]),
    cue: Object.fromEntries([[of('x'), [1, 2.5]]]),
  })
  const quick = { retrieve: { seed: 2 }, sample: { draws: 5, warmup: 5, chains: 1, seed: 2 } }

  // Every name in six of the eleven roles, twice.
  it.each(
    [0, 3, 6, 9, 12, 15].flatMap((shift) => [[shift, 'retrieve'] as const, [shift + 1, 'sample'] as const]),
  )('%d in a module for %s', async (shift, reading) => {
    const of = named(shift)
    const short = quick[reading]
    const loaded = roles.reduce((model, role) => renamed(model, `NAME${role}`, of(role)), base)
    const { module, declarations } = await emitted(loaded, reading, reading === 'sample' ? { prior: true } : {})
    const [there, here] = [inEmptyRealm(module), inEmptyRealm((await emitted(base, reading)).module)]
    const wanted = here.call(
      reading,
      values((role) => `NAME${role}`),
      short,
    )
    expect(numbersIn(there.call(reading, values(of), short))).toEqual(numbersIn(wanted))
    // What is drawn depends on the name, so here it only has to come.
    const { param, ...others } = values(of)
    const drawn = there.call(reading, others, short)
    expect(JSON.stringify(drawn)).toContain(`"drawn":{${JSON.stringify(of('prior'))}:`)
    expect(there.global('pwned')).toBeUndefined()
    const parsed = ts.createSourceFile('model.d.mts', declarations, ts.ScriptTarget.ES2022)
    expect((parsed as unknown as { parseDiagnostics: readonly unknown[] }).parseDiagnostics).toEqual([])
    const isDeclared = (s: ts.Statement) => ts.isTypeAliasDeclaration(s) || ts.isInterfaceDeclaration(s) || ts.isFunctionDeclaration(s)
    expect(parsed.statements.every(isDeclared)).toBe(true)
  })
})

/** A hostile name for every role; axes keep their order, by which a checked model has sorted them. */
function named(shift: number): (role: string) => string {
  const given = roles.map((_, i) => must(hostile[(i + shift) % hostile.length], 'name'))
  const axes = ['group', 'pattern', 'pixel', 'row']
  const inOrder = axes.map((axis) => must(given[roles.indexOf(axis)], axis)).sort()
  return (role) => must(axes.includes(role) ? inOrder[axes.indexOf(role)] : given[roles.indexOf(role)], role)
}

/** All numbers of a result, in order: names aside. */
function numbersIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(numbersIn)
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(numbersIn)
  return typeof value === 'number' ? [value] : []
}

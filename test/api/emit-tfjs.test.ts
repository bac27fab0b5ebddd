import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModuleTarget } from '../../src/api/emit/options.ts'
import { emit } from '../../src/api/emit.ts'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf } from '../../src/run/inputs.ts'
import { borrowing, type Packages, startTensorflow } from '../../src/run/tensorflow.ts'

const written = (text: string): Loaded => must(load({ name: 'test', text }).value, 'model')
const model = (name: string): Loaded => written(readFileSync(`models/${name}/${name}.amp`, 'utf8'))

async function emitted(loaded: Loaded, target: ModuleTarget): Promise<string> {
  const { value, diagnostics } = await emit(loaded, 'retrieve', { target })
  return must(value, JSON.stringify(diagnostics)).module
}

/** A folder inside the project, so that modules in it find its packages. */
let folder = ''
beforeAll(() => {
  mkdirSync('out', { recursive: true })
  folder = mkdtempSync(join('out', 'emit-tfjs-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs JavaScript in a Node of its own beside the modules; gives what it prints, as JSON. */
function inNode<T>(body: string, modules: Readonly<Record<string, string>>, flags: readonly string[] = []): T {
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text)
  const driver = join(folder, 'driver.mjs')
  writeFileSync(driver, body)
  return JSON.parse(execFileSync(process.execPath, [...flags, driver], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as T
}

/** Patterns of 0 and 1 by a linear congruential generator, and cues near some of them. */
function stored(patterns: number, pixels: number, cues: number) {
  let state = 9
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const xi = Array.from({ length: patterns * pixels }, () => (next() < 0.3 ? 1 : 0))
  const x = Array.from({ length: cues * pixels }, (_, i) => {
    const pattern = (7 * Math.floor(i / pixels)) % patterns
    return (xi[pattern * pixels + (i % pixels)] as number) + 0.4 * (next() - 0.5)
  })
  return { memory: { xi: { shape: [patterns, pixels], data: xi } }, cue: { x: { shape: [cues, pixels], data: x } } }
}

interface Found {
  readonly x: readonly number[]
  readonly energy: number
  readonly kind: string
  readonly flows: readonly string[]
}
interface Ran {
  readonly found: readonly Found[]
  readonly notes: readonly string[]
  readonly tensors: number
  readonly backend: string | null
  readonly production: boolean
}

const plain = `const plain = (r) => ({ x: [...r.states.x.data], energy: r.energy, kind: r.outcome.kind, flows: r.flows })`
const throughModule = (inputs: unknown, options: string) => `
import { createRequire } from 'node:module'
import { retrieve } from './model.mjs'
${plain}
const inputs = ${JSON.stringify(inputs)}
const tf = createRequire(import.meta.url)('@tensorflow/tfjs-core')
const notes = []
const options = { ${options} onNote: (s) => notes.push(s) }
const found = (await retrieve(inputs, options)).map(plain)
await retrieve(inputs, options)
console.log(JSON.stringify({ found, notes, tensors: tf.memory().numTensors, backend: tf.getBackend() ?? null, production: tf.env().getBool('PROD') }))
`
const throughKernels = (inputs: unknown) => `
import { retrieve } from './kernels.mjs'
${plain}
console.log(JSON.stringify(retrieve(${JSON.stringify(inputs)}).map(plain)))
`

function expectNear(found: readonly Found[], others: readonly Found[]): void {
  expect(found.length).toBe(others.length)
  found.forEach((r, k) => {
    const other = must(others[k], 'retrieval')
    expect(r.kind).toBe(other.kind)
    const gap = r.x.reduce((worst, v, i) => Math.max(worst, Math.abs(v - (other.x[i] as number))), 0)
    // Rest is 2^-16 of a coordinate here, and these fixed points contract a hundredfold or more a step.
    expect(gap).toBeLessThan(3e-5)
    expect(Math.abs(r.energy - other.energy)).toBeLessThan(1e-4 * (1 + Math.abs(other.energy)))
  })
}

describe.each(['modern_hopfield', 'kernel_density'])('%s as a module for TensorFlow.js', (name) => {
  const loaded = model(name)
  const inputs = stored(120, 64, 40)

  it('ends where the module of loops ends, leaves no tensors, and gives the bits of TensorFlow.js in process', async () => {
    const modules = { 'model.mjs': await emitted(loaded, 'tfjs'), 'kernels.mjs': await emitted(loaded, 'kernel') }
    const ran = inNode<Ran>(throughModule(inputs, ''), modules)
    expectNear(ran.found, inNode<readonly Found[]>(throughKernels(inputs), modules))
    expect(ran).toMatchObject({ tensors: 0, backend: 'wasm', production: false })
    expect(ran.notes.join(' ')).toMatch(/^At rest means/)
    const inProcess = await retrieve(loaded, must(givenOf(inputs).value, 'inputs'), { backend: 'tfjs-wasm' })
    const { backend, retrievals } = must(inProcess.value, 'retrievals')
    expect(backend.name).toBe('tfjs-wasm')
    expect(ran.found.map((r) => r.energy)).toEqual(retrievals.map((r) => r.energy))
    expect(ran.found.map((r) => r.x)).toEqual(retrievals.map((r) => [...must(r.states.x, 'x').data]))
  })

  it('runs on plain JavaScript, where code may not be made from text too', async () => {
    const modules = { 'model.mjs': await emitted(loaded, 'tfjs'), 'kernels.mjs': await emitted(loaded, 'kernel') }
    const ran = inNode<Ran>(throughModule(inputs, "backend: 'cpu',"), modules, ['--disallow-code-generation-from-strings'])
    expectNear(ran.found, inNode<readonly Found[]>(throughKernels(inputs), modules))
    expect(ran).toMatchObject({ tensors: 0, backend: 'cpu' })
  })
})

it('retrieves a single cue, and again in float64 what float32 cannot settle', async () => {
  const loaded = model('modern_hopfield')
  const modules = { 'model.mjs': await emitted(loaded, 'tfjs'), 'kernels.mjs': await emitted(loaded, 'kernel') }
  const [one, few] = [stored(20, 16, 1), stored(20, 16, 3)]
  const scaled = ({ shape, data }: { shape: number[]; data: number[] }) => ({ shape, data: data.map((v) => 1e20 * v) })
  const large = { ...few, memory: { xi: scaled(few.memory.xi) }, cue: { x: scaled(few.cue.x) } }
  expectNear(inNode<Ran>(throughModule(one, ''), modules).found, inNode<readonly Found[]>(throughKernels(one), modules))
  // Their squares are beyond float32: such cues are retrieved in float64, where they have the bits of the loops.
  const restless = inNode<Ran>(throughModule(large, ''), modules)
  const loops = inNode<readonly Found[]>(throughKernels(large), modules)
  expect(restless.notes.join(' ')).toMatch(/3 of 3 cues .* again in float64/)
  expect(restless.found).toEqual(loops)
})

it('leaves the backend and the settings of the application as they were', async () => {
  const ran = inNode<{ backend: string; production: boolean; kept: number[] }>(
    `
import { createRequire } from 'node:module'
import { retrieve } from './model.mjs'
const require = createRequire(import.meta.url)
const tf = require('@tensorflow/tfjs-core')
require('@tensorflow/tfjs-backend-cpu')
tf.env().set('IS_TEST', true)
await tf.setBackend('cpu')
const mine = tf.tensor1d([1, 2])
await retrieve(${JSON.stringify(stored(20, 16, 4))}, { backend: 'wasm' })
console.log(JSON.stringify({ backend: tf.getBackend(), production: tf.env().getBool('PROD'), kept: [...tf.add(mine, 1).dataSync()] }))
`,
    { 'model.mjs': await emitted(model('modern_hopfield'), 'tfjs') },
  )
  expect(ran).toEqual({ backend: 'cpu', production: false, kept: [2, 3] })
})

it('tells all that is wrong with the inputs, as a rejection', async () => {
  const found = inNode<{ name: string; message: string }>(
    `
import { retrieve } from './model.mjs'
const wrong = await retrieve({ cue: { y: [1] } }).then(() => ({}), (e) => ({ name: e.constructor.name, message: e.message }))
console.log(JSON.stringify(wrong))
`,
    { 'model.mjs': await emitted(model('modern_hopfield'), 'tfjs') },
  )
  expect(found.name).toBe('TypeError')
  expect(found.message).toMatch(/"xi/)
})

it('imports TensorFlow.js alone, in a way that bundlers for browsers follow', async () => {
  writeFileSync(join(folder, 'alone.mjs'), await emitted(model('kernel_density'), 'tfjs'))
  const bundled = await build({
    entryPoints: [join(folder, 'alone.mjs')],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    external: ['@tensorflow/*'],
    logLevel: 'silent',
  })
  const imports = Object.values(bundled.metafile.inputs).flatMap((input) => input.imports.map((i) => `${i.kind} ${i.path}`))
  expect(imports).toEqual([
    'dynamic-import @tensorflow/tfjs-core',
    'dynamic-import @tensorflow/tfjs-backend-wasm',
    'dynamic-import @tensorflow/tfjs-backend-cpu',
  ])
  expect(bundled.warnings).toEqual([])
})

it('keeps names that mean something to JavaScript as names', async () => {
  const hostile = written(
    'model constructor\nmemory toString[hasOwnProperty, valueOf]\nstate x[valueOf]\nparam __proto__ = 2\nenergy confine = sum[valueOf](x^2) / 2\nenergy attract = -logsumexp[hasOwnProperty](__proto__ * sum[valueOf](toString * x)) / __proto__\n',
  )
  const { memory, cue } = stored(20, 16, 5)
  const inputs = { memory: { toString: memory.xi }, cue }
  const modules = { 'model.mjs': await emitted(hostile, 'tfjs'), 'kernels.mjs': await emitted(hostile, 'kernel') }
  expectNear(inNode<Ran>(throughModule(inputs, ''), modules).found, inNode<readonly Found[]>(throughKernels(inputs), modules))
})

describe('what is refused', () => {
  const codes = async (loaded: Loaded, reading: 'retrieve' | 'sample') => {
    const { value, diagnostics } = await emit(loaded, reading, { target: 'tfjs' })
    expect(value).toBeUndefined()
    return diagnostics.map((d) => `${d.code} ${d.message}`)
  }
  it('is sampling', async () => {
    expect(await codes(model('kernel_density'), 'sample')).toEqual([
      'AMP710 Samplers are not compiled for TensorFlow.js: their state and the acceptance of their moves need float64.',
    ])
  })
  it('is a discrete state', async () => {
    const spins = written('model spins\nmemory xi[pattern, i]\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2)\n')
    expect(await codes(spins, 'retrieve')).toEqual(['AMP710 The discrete state "s" moves one site at a time, which needs no tensors.'])
  })
})

it('declares a promise and the options of its own', async () => {
  const { value } = await emit(model('kernel_density'), 'retrieve', { target: 'tfjs' })
  const declared = must(value, 'module').declarations
  expect(declared).toContain('export declare function retrieve(inputs?: Inputs, options?: Options): Promise<readonly Retrieval[]>')
  expect(declared).toContain("readonly backend?: 'wasm' | 'cpu'")
  const { value: loops } = await emit(model('kernel_density'), 'retrieve')
  expect(must(loops, 'module').declarations).not.toMatch(/Promise|backend/)
})

describe('starting TensorFlow.js', () => {
  const absent = () => Promise.reject(new Error('Cannot find it'))
  const packages: Packages = {
    core: () => import('@tensorflow/tfjs-core'),
    wasm: absent,
    cpu: () => import('@tensorflow/tfjs-backend-cpu'),
    wasmEntry: () => undefined,
  }
  it('passes WebAssembly over where it does not start, and says so', async () => {
    const started = await startTensorflow(packages)
    expect(started.engine).toBe('cpu')
    expect(started.passedOver).toEqual(['The backend wasm does not start: Cannot find it.'])
    started.tf.env().set('PROD', false)
    expect(() =>
      borrowing(started, () => {
        throw new Error('within')
      }),
    ).toThrow('within')
    expect(started.tf.env().getBool('PROD')).toBe(false)
  })
  it('fails with every reason where nothing starts, and takes no other than what was asked for', async () => {
    await expect(startTensorflow({ ...packages, cpu: absent })).rejects.toThrow(/wasm does not start: .*\n.*cpu does not start/)
    await expect(startTensorflow(packages, 'wasm')).rejects.toThrow(/^The backend wasm does not start: Cannot find it\.$/)
  })
})

import type * as tfjs from '@tensorflow/tfjs-core'
import { InternalError } from '../../base/internal-error.ts'
import { core, packages, type TfjsBackend } from './backends.ts'
import { moduleOf } from './module-of.ts'

/** TensorFlow.js as the rest of the target sees it. */
export type Tf = typeof tfjs
export type TfTensor = tfjs.Tensor

export interface OpenedTf {
  readonly tf: Tf
  readonly backend: TfjsBackend
  /** Why better ones were passed over, a sentence each. */
  readonly passedOver: readonly string[]
}

/** Stands in for `import()` in tests. */
export type Importer = (name: string) => Promise<unknown>

/** Fastest first. */
const preference: readonly TfjsBackend[] = ['tfjs-node', 'tfjs-wasm', 'tfjs-cpu']

/**
 * Loads TensorFlow.js with the backend asked for, or with the fastest that loads: native code where
 * `@tensorflow/tfjs-node` is installed, then WebAssembly, then plain JavaScript. Undefined, with the reasons, where none
 * of them does; never throws for a package that is missing or broken.
 */
export async function loadTf(
  wanted?: TfjsBackend,
  importer: Importer = (name) => import(name),
): Promise<OpenedTf | { readonly passedOver: readonly string[] }> {
  const passedOver: string[] = []
  for (const backend of wanted === undefined ? preference : [wanted]) {
    try {
      return { tf: await openers[backend](importer), backend, passedOver }
    } catch (error) {
      const sentence = whyNot(packages[backend], error)
      if (!passedOver.includes(sentence)) passedOver.push(sentence)
    }
  }
  return { passedOver }
}

const openers: Readonly<Record<TfjsBackend, (importer: Importer) => Promise<Tf>>> = {
  'tfjs-node': async (importer) => {
    restoreUtil()
    quieten()
    const tf = moduleOf<Tf>(await importer(packages['tfjs-node']))
    return started(tf, 'tensorflow')
  },
  'tfjs-wasm': async (importer) => {
    const tf = moduleOf<Tf>(await importer(core))
    const wasm = moduleOf<{ setWasmPaths(folder: string): void }>(await importer(packages['tfjs-wasm']))
    wasm.setWasmPaths(folderOf(packages['tfjs-wasm']))
    return started(tf, 'wasm')
  },
  'tfjs-cpu': async (importer) => {
    const tf = moduleOf<Tf>(await importer(core))
    await importer(packages['tfjs-cpu'])
    return started(tf, 'cpu')
  },
}

async function started(tf: Tf, name: string): Promise<Tf> {
  // Leaves out shape checks of every call, and an advertisement.
  tf.enableProdMode()
  if (!(await tf.setBackend(name))) throw new InternalError(`the backend ${name} does not start`)
  return tf
}

/** What TensorFlow.js calls each backend. */
export const engineName: Readonly<Record<TfjsBackend, string>> = { 'tfjs-node': 'tensorflow', 'tfjs-wasm': 'wasm', 'tfjs-cpu': 'cpu' }

/** Where the package keeps its .wasm files. */
function folderOf(name: string): string {
  return process
    .getBuiltinModule('node:module')
    .createRequire(import.meta.url)
    .resolve(name)
    .replace(/[^/\\]*$/, '')
}

type Checks = Record<string, ((value: unknown) => boolean) | undefined>

/** Node 23 removed these; tfjs-node 4.22 calls them (fixed upstream, but never released). */
const removed: Checks = {
  isNull: (value) => value === null,
  isUndefined: (value) => value === undefined,
  isString: (value) => typeof value === 'string',
  isNumber: (value) => typeof value === 'number',
  isBoolean: (value) => typeof value === 'boolean',
  isObject: (value) => typeof value === 'object' && value !== null,
  isFunction: (value) => typeof value === 'function',
}

/** It calls these two in every operation, and Node 22 prints a warning when they are called: the same, without it. */
const warned: Checks = {
  isNullOrUndefined: (value) => value === undefined || value === null,
  isArray: Array.isArray,
}

/** Puts back what is missing of `node:util`, and makes what tfjs-node calls of it silent. */
export function restoreUtil(into: object = process.getBuiltinModule('node:util')): void {
  const checks = into as Checks
  for (const [name, check] of Object.entries(removed)) checks[name] ??= check
  Object.assign(checks, warned)
}

/** TensorFlow writes two lines on every start about the processor it finds. Warnings stay; who sets the level has it. */
function quieten(): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1'
}

/** Without the core, none of the packages of TensorFlow.js is any use. */
const notThere = `${core} is not installed (npm install ${core} ${packages['tfjs-wasm']}).`

function whyNot(name: string, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const missing = [name, core].find((one) => /^Cannot find (package|module)/.test(text) && text.includes(`'${one}'`))
  if (missing === undefined) return `${name} does not load: ${(text.split('\n')[0] ?? '').trim().replace(/\.$/, '')}.`
  return missing === core ? notThere : `${missing} is not installed.`
}

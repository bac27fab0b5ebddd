import type { Tf } from '../targets/tfjs/load.ts'
import { moduleOf } from '../targets/tfjs/module-of.ts'

/** The backends that an emitted module knows, the faster first. */
export const engines = ['wasm', 'cpu'] as const
export type Engine = (typeof engines)[number]

/** Where an emitted module has TensorFlow.js from: imports that stand in the module itself, so that bundlers see them. */
export interface Packages extends Readonly<Record<Engine, () => Promise<unknown>>> {
  readonly core: () => Promise<unknown>
  /** The address of the WebAssembly package's entry, where the platform can tell. */
  readonly wasmEntry: () => string | undefined
}

/** TensorFlow.js with one backend started. */
export interface Tensorflow {
  readonly tf: Tf
  readonly engine: Engine
  /** Why a faster backend was passed over, a sentence each. */
  readonly passedOver: readonly string[]
}

/** Starts the backend asked for, or the first that starts; throws an Error that says what is missing. */
export async function startTensorflow(packages: Packages, wanted?: Engine): Promise<Tensorflow> {
  const passedOver: string[] = []
  const tf = moduleOf<Tf>(await packages.core())
  for (const engine of wanted === undefined ? engines : [wanted]) {
    try {
      await start(tf, engine, packages)
      return { tf, engine, passedOver }
    } catch (error) {
      passedOver.push(`The backend ${engine} does not start: ${error instanceof Error ? error.message : String(error)}.`)
    }
  }
  throw new Error(passedOver.join('\n'))
}

async function start(tf: Tf, engine: Engine, packages: Packages): Promise<void> {
  const backend = moduleOf<{ setWasmPaths?(folder: string): void }>(await packages[engine]())
  if (engine === 'wasm') sayWhere(backend, packages)
  const before = tf.getBackend() as string | undefined
  try {
    if (!(await tf.setBackend(engine))) throw new Error('its files are not found, or WebAssembly is not available')
  } finally {
    if (before) await tf.setBackend(before)
  }
}

/** In Node the .wasm files lie beside the package's entry; elsewhere only the user knows where they are served. */
function sayWhere(backend: { setWasmPaths?(folder: string): void }, { wasmEntry }: Packages): void {
  const node = (globalThis as { process?: { getBuiltinModule?(name: string): { fileURLToPath(url: URL): string } } }).process
  try {
    const entry = wasmEntry()
    if (entry === undefined || node?.getBuiltinModule === undefined) return
    backend.setWasmPaths?.(node.getBuiltinModule('node:url').fileURLToPath(new URL('.', entry)))
  } catch {
    // The backend runs already, or the package is part of a bundle: then the application has said where its files are.
  }
}

/**
 * Works with one backend, and leaves TensorFlow.js as it was: it is the application's too. Nothing may be awaited within,
 * so that nobody else computes meanwhile.
 */
export function borrowing<T>({ tf, engine }: Tensorflow, work: () => T): T {
  const backend = tf.getBackend() as string | undefined
  const production = tf.env().getBool('PROD')
  // Leaves out shape checks of every call, and an advertisement.
  tf.env().set('PROD', true)
  // Takes effect at once for a backend that has started.
  void tf.setBackend(engine)
  try {
    return work()
  } finally {
    tf.env().set('PROD', production)
    if (backend) void tf.setBackend(backend)
  }
}

import { Code } from './code.ts'
import { moduleBytes } from './module.ts'

/** The part of an engine's WebAssembly that modules need; its types come with those of browsers alone. */
interface WasmEngine {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (
    module: object,
    given: Readonly<Record<string, unknown>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> }
}

export const engine = (globalThis as unknown as { readonly WebAssembly: WasmEngine }).WebAssembly

let allowed: boolean | undefined

/** Whether modules may be made here: `--jitless` and policies of pages without `wasm-unsafe-eval` forbid it, and old engines have no pairs. */
export function mayUseWasm(): boolean {
  allowed ??= triedOut()
  return allowed
}

function triedOut(): boolean {
  const pairs = new Code(0)
  pairs.pair(0)
  pairs.do('drop')
  try {
    new engine.Module(moduleBytes({ imports: [], functions: [{ takes: [], gives: [], code: pairs.bytes() }], pages: 0 }))
    return true
  } catch {
    return false
  }
}

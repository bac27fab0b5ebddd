import type { KernelSource } from './generate.ts'

/** A kernel at given sizes, over its own arrays or those of `buffers`. */
export interface KernelInstance {
  readonly inputs: ReadonlyMap<string, Float64Array>
  readonly outputs: ReadonlyMap<string, Float64Array>
  run(): void
  touch(name: string): void
}

/** What a kernel calls for the operations that are not written inline. */
export type Helpers = Readonly<Record<string, (...args: number[]) => number>>

export type CreateKernel = (sizes: ReadonlyMap<string, number>, f: Helpers, buffers: ReadonlyMap<string, Float64Array>) => KernelInstance

let allowed: boolean | undefined

/** Whether text may become code here: `--disallow-code-generation-from-strings` and strict policies of pages forbid it. */
export function mayInstantiate(): boolean {
  allowed ??= triedOut()
  return allowed
}

function triedOut(): boolean {
  try {
    new Function('')
    return true
  } catch {
    return false
  }
}

/**
 * Compiles the text of a kernel. The only place where text becomes code: the text is made by `generateKernel`, in which
 * names of the user's are quoted. Each call compiles afresh, since an engine takes the sizes and arrays of a function
 * that was created once for constants.
 */
export function instantiate(source: KernelSource): CreateKernel {
  return new Function(`'use strict'\nreturn ${source.text}`)() as CreateKernel
}

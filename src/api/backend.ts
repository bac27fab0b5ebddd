import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Graph, Sizes } from '../ir/graph.ts'
import type { Target } from '../middle/executable.ts'
import type { OptionsOf } from '../middle/options.ts'
import type { Wide } from '../run/wide.ts'
import { mayInstantiate } from '../targets/kernel/instantiate.ts'
import { kernelKnowing } from '../targets/kernel.ts'
import { reference } from '../targets/reference.ts'
import { paysAsWasm } from '../targets/wasm/choice.ts'

export type BackendName = NonNullable<OptionsOf<'sample'>['backend']>

/** What computes, and a sentence on why. */
export interface Backend {
  readonly name: Exclude<BackendName, 'auto' | 'tfjs'>
  readonly why: string
  readonly target: Target
  readonly diagnostics: readonly Diagnostic[]
  /** Present where many cues go at once, in single precision. */
  readonly wide?: Wide
}

/** What there is to compute. */
export interface Load {
  /** The cues to be retrieved against so many stored numbers; absent where chains are drawn. */
  readonly retrieval?: { readonly cues: number; readonly numbers: number }
  /** The sizes that the model itself fixes. */
  readonly known: Sizes
  /** The graph that most of the time goes into, and the sizes of its axes. */
  readonly main?: { readonly graph: Graph; readonly sizes: Sizes }
}

const inProcess = {
  kernel: ({ known }: Load) => {
    if (mayInstantiate()) return { name: 'kernel' as const, target: kernelKnowing(known), diagnostics: [] }
    return { name: 'reference' as const, target: reference, diagnostics: forbiddenCode() }
  },
  reference: () => ({ name: 'reference' as const, target: reference, diagnostics: [] }),
}

/** The loops of the kernel as WebAssembly. */
async function webAssembly(load: Load): Promise<Backend> {
  const { mayUseWasm, wasmKnowing } = await import('../targets/wasm.ts')
  if (mayUseWasm()) return { name: 'wasm', target: wasmKnowing(load.known), diagnostics: [], why: 'It was requested.' }
  const { diagnostics, ...loops } = inProcess.kernel(load)
  return { ...loops, diagnostics: [...diagnostics, noWebAssembly(loops.name)], why: 'WebAssembly cannot be used here.' }
}

/** Loops as WebAssembly where that is faster, or where no JavaScript may be made; else as JavaScript. */
async function fasterLoops(load: Load, why: string): Promise<Backend> {
  const { main, known } = load
  const only = !mayInstantiate()
  if (only || (main !== undefined && paysAsWasm(main.graph, main.sizes))) {
    const { mayUseWasm, fasterKnowing, wasmKnowing } = await import('../targets/wasm.ts')
    if (mayUseWasm()) return { name: 'wasm', target: (only ? wasmKnowing : fasterKnowing)(known), diagnostics: [], why }
  }
  return { ...inProcess.kernel(load), why }
}

/** AMP728 where WebAssembly was asked for and cannot be had. */
function noWebAssembly(instead: Backend['name']): Diagnostic {
  const hint =
    'run Node without --jitless (a page: with wasm-unsafe-eval in its policy, in an engine that has SIMD), or leave the backend to amp'
  return diagnostic('AMP728', `WebAssembly cannot be used here, so the backend is ${instead}; the results are the same.`, { hint })
}

/** Loops in float64, for what is asked for one point at a time. */
export function loopsFor(known: Sizes): Pick<Backend, 'name' | 'target' | 'diagnostics'> {
  return inProcess.kernel({ known })
}

/** Loops for one point at a time in float64; TensorFlow.js where many cues meet many memories at once. */
export async function chooseBackend(wanted: BackendName, load: Load): Promise<Backend> {
  if (wanted === 'kernel' || wanted === 'reference') return { ...inProcess[wanted](load), why: 'It was requested.' }
  if (wanted === 'wasm') return webAssembly(load)
  const { retrieval } = load
  if (wanted === 'auto' && (retrieval === undefined || !isWide(retrieval))) return fasterLoops(load, whyLoops(retrieval))
  const { openTfjs, supportsTfjs, tfjsTolerance } = await import('../targets/tfjs.ts')
  const opened = await openTfjs(wanted === 'auto' || wanted === 'tfjs' ? undefined : wanted)
  if (opened.backend === undefined) return { ...inProcess.kernel(load), why: opened.passedOver.join(' ') }
  const why =
    wanted === 'auto' && retrieval !== undefined
      ? `${retrieval.cues} cues at once against ${retrieval.numbers.toLocaleString('en')} stored numbers.`
      : 'It was requested.'
  const { backend, target, passedOver } = opened
  return {
    name: backend,
    why: [why, 'It computes in float32.', ...passedOver].join(' '),
    target,
    diagnostics: forbiddenCode(),
    wide: { target, narrow: kernelKnowing(load.known), tolerance: tfjsTolerance, supports: supportsTfjs },
  }
}

/** AMP725 where there are no kernels, since no code may be made from text. */
export function forbiddenCode(): readonly Diagnostic[] {
  if (mayInstantiate()) return []
  const hint =
    'run Node without --disallow-code-generation-from-strings (a page: with unsafe-eval in its policy), or use `amp compile`, whose modules need no such permission'
  return [diagnostic('AMP725', 'JavaScript cannot be generated here, so the model is interpreted, which is many times slower.', { hint })]
}

function whyLoops(retrieval: Load['retrieval']): string {
  if (retrieval === undefined) return 'Chains take one step after the other, in float64.'
  if (retrieval.cues === 1) return 'One cue, in float64.'
  return 'For few cues or a small memory TensorFlow.js would not be faster than loops in float64.'
}

/**
 * Where a matrix product over all cues pays for loading TensorFlow.js (0.2 s), laying out what is stored (0.2 s for 8e6
 * numbers) and float32. On two cores one look at 256 cues x 7.8e6 numbers took loops 3.6 s and WebAssembly 0.3 s, one
 * retrieval of 8 cues as long on either.
 */
function isWide({ cues, numbers }: NonNullable<Load['retrieval']>): boolean {
  return cues >= 16 && cues * numbers >= 1e8
}

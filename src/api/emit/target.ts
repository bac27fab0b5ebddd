import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { versions } from '../../base/versions.ts'
import { stringLiteral } from '../../targets/kernel/literal.ts'
import { core, packages } from '../../targets/tfjs/backends.ts'
import type { ModuleTarget, Reading } from './options.ts'
import type { RuntimeEntry } from './runtime.ts'

/** How modules of one target are written. */
export interface ModuleStyle {
  /** The end of the first line and what else there is to know before it is used, after the model's name and what it does. */
  readonly needs: string
  readonly entry: (reading: Reading) => RuntimeEntry
  /** Whether the program's own graph is kept as data besides its kernel. */
  readonly keepsGraph: boolean
  /** Lines before the exported function. */
  readonly before: readonly string[]
  /** The runtime's function that makes the exported one, and what it is handed. */
  readonly factory: (reading: Reading) => string
  readonly given: string
  /** Why a reading cannot be written so. */
  refusal(reading: Reading, discrete: readonly string[]): Diagnostic | undefined
}

const [wasm, cpu] = [packages['tfjs-wasm'], packages['tfjs-cpu']]

export const moduleStyles: Readonly<Record<ModuleTarget, ModuleStyle>> = {
  kernel: {
    needs: `. Compiled by amp ${versions.amp}; needs nothing else.`,
    entry: (reading) => reading,
    keepsGraph: false,
    before: [],
    factory: (reading) => `${reading}Module`,
    given: 'description, kernels',
    refusal: () => undefined,
  },
  tfjs: {
    needs: [
      `, many cues at once. Compiled by amp ${versions.amp} for TensorFlow.js.`,
      `// Needs ${core} and ${wasm}; ${cpu} takes over where WebAssembly does not start.`,
      '// It computes in float32: a cue is at rest when a step moves nothing by more than 2^-16 of itself. Cues that do not',
      '// come to rest so are retrieved again by loops in float64.',
      '// In Node the .wasm files are found in their package. In a browser, serve them from where you like and say where',
      `// before the first retrieval, by setWasmPaths of ${wasm}.`,
    ].join('\n'),
    entry: () => 'retrieve-tfjs',
    keepsGraph: true,
    before: [
      '// Where TensorFlow.js comes from.',
      'const packages = {',
      `  core: () => import(${stringLiteral(core)}),`,
      `  wasm: () => import(${stringLiteral(wasm)}),`,
      `  cpu: () => import(${stringLiteral(cpu)}),`,
      `  wasmEntry: () => import.meta.resolve?.(${stringLiteral(wasm)}),`,
      '}',
      '',
    ],
    factory: () => 'retrieveTfjsModule',
    given: 'description, kernels, packages',
    refusal(reading, discrete) {
      if (reading === 'sample')
        return refused('Samplers are not compiled for TensorFlow.js: their state and the acceptance of their moves need float64.')
      if (reading !== 'retrieve') return refused('Energies and densities are computed in float64, one point after the other.')
      const [name] = discrete
      return name === undefined ? undefined : refused(`The discrete state "${name}" moves one site at a time, which needs no tensors.`)
    },
  },
}

function refused(message: string): Diagnostic {
  return diagnostic('AMP710', message, { expected: '--target kernel' })
}

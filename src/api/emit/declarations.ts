import type { EnergyVariable } from '../../compile/energy.ts'
import type { Reading } from '../emit.ts'
import type { Loaded } from '../load.ts'
import type { ModuleTarget } from './target.ts'

/** TypeScript declarations of an emitted module: the model's own names, by role. */
export function declarations(loaded: Loaded, reading: Reading, target: ModuleTarget = 'kernel'): string {
  const { variables } = loaded.energy
  const fields = (role: EnergyVariable['role'], optional: boolean): string[] =>
    variables
      .filter((v) => v.role === role)
      .map((v) => `    /** [${v.axes.join(', ')}] */\n    readonly ${JSON.stringify(v.name)}${optional ? '?' : ''}: Value`)
  const preset = new Set(loaded.model.variables.filter((v) => v.default !== undefined).map((v) => v.name))
  const section = (key: string, lines: readonly string[], optional: boolean): string[] =>
    lines.length === 0 ? [] : [`  readonly ${key}${optional ? '?' : ''}: {`, ...lines, '  }']
  const params = variables.filter((v) => v.role === 'param')
  return [
    '/** A number, nested arrays in the order of the axes (null is missing), or flat numbers with a shape. */',
    'export type Value = number | NestedArray | Float64Array | { readonly shape: readonly number[]; readonly data: ArrayLike<number> } | readonly string[]',
    'export type NestedArray = readonly (number | null | NestedArray)[]',
    '',
    'export interface Inputs {',
    ...section('data', fields('data', false), !variables.some((v) => v.role === 'data')),
    ...section('memory', fields('memory', false), !variables.some((v) => v.role === 'memory')),
    ...section(
      'param',
      fields('param', true),
      params.every((v) => preset.has(v.name)),
    ),
    ...section('observed', fields('state', true), true),
    ...section('cue', fields('state', true), true),
    '}',
    '',
    ...tensorLines,
    ...(reading === 'retrieve' ? retrieveLines(target) : sampleLines),
    '',
  ].join('\n')
}

const tensorLines = [
  'export interface Tensor {',
  '  readonly axes: readonly string[]',
  '  readonly shape: readonly number[]',
  '  readonly data: Float64Array',
  '}',
  '',
]

const retrieveLines = (target: ModuleTarget): readonly string[] => [
  'export interface Options {',
  '  readonly temperature?: number',
  '  readonly seed?: number',
  '  readonly maxSteps?: number',
  '  readonly tolerance?: number',
  "  readonly update?: 'asynchronous' | 'synchronous'",
  ...(target === 'tfjs' ? tensorOptions : []),
  '}',
  '',
  'export interface Retrieval {',
  '  readonly states: Readonly<Record<string, Tensor>>',
  '  readonly energy: number',
  '  readonly terms: Readonly<Record<string, number>>',
  '  readonly trace: readonly number[]',
  '  readonly steps: number',
  '  readonly outcome: { readonly kind: string; readonly sentence: string }',
  '  readonly responsibilities: { readonly cue: Readonly<Record<string, Tensor>>; readonly end: Readonly<Record<string, Tensor>> }',
  '}',
  '',
  ...ends[target],
]

const tensorOptions = [
  '  /** Default: wasm, and cpu where that does not start. */',
  "  readonly backend?: 'wasm' | 'cpu'",
  '  /** Is told what one should know of how the cues were retrieved, a sentence each. */',
  '  readonly onNote?: (sentence: string) => void',
]

const ends: Readonly<Record<ModuleTarget, readonly string[]>> = {
  kernel: [
    '/** Relaxes each cue downhill on the energy; throws a TypeError that lists what is wrong with the inputs. */',
    'export declare function retrieve(inputs?: Inputs, options?: Options): readonly Retrieval[]',
  ],
  tfjs: [
    '/**',
    ' * Relaxes all cues downhill on the energy at once, in float32: tolerances below 2^-16 count as 2^-16. Rejects with a',
    ' * TypeError that lists what is wrong with the inputs, and with an Error where no backend of TensorFlow.js starts.',
    ' */',
    'export declare function retrieve(inputs?: Inputs, options?: Options): Promise<readonly Retrieval[]>',
  ],
}

const sampleLines = [
  'export interface Options {',
  "  readonly sampler?: 'auto' | 'nuts' | 'langevin' | 'gibbs' | 'exact'",
  '  readonly temperature?: number',
  '  readonly seed?: number',
  '  readonly chains?: number',
  '  readonly warmup?: number',
  '  readonly draws?: number',
  "  readonly metric?: 'unit' | 'diagonal' | 'dense'",
  '  readonly delta?: number',
  '  readonly depth?: number',
  '}',
  '',
  'export interface Sampled {',
  '  readonly sampler: string',
  '  readonly draws: {',
  '    readonly names: readonly string[]',
  '    readonly chains: readonly { readonly chain: number; readonly count: number; readonly values: Float64Array; readonly columns: readonly string[]; readonly statistics: Float64Array }[]',
  '  }',
  '  readonly summary: readonly { readonly name: string; readonly mean: number; readonly sd: number; readonly mcse_mean: number; readonly q5: number; readonly q50: number; readonly q95: number; readonly ess_bulk: number; readonly ess_tail: number; readonly r_hat: number }[]',
  '  readonly responsibilities: readonly { readonly name: string; readonly axes: readonly string[]; readonly mean: Float64Array }[]',
  '  readonly warnings: readonly { readonly kind: string; readonly sentence: string }[]',
  '  readonly outcomes: readonly { readonly kind: string; readonly sentence?: string }[]',
  '}',
  '',
  '/** Draws from exp(-E/T); throws a TypeError that lists what is wrong with the inputs. */',
  'export declare function sample(inputs?: Inputs, options?: Options): Sampled',
]

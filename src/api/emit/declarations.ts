import type { EnergyVariable } from '../../middle/energy.ts'
import { typeOf } from '../../middle/option-values.ts'
import { optionsOf } from '../../middle/options.ts'
import { stringLiteral } from '../../targets/kernel/literal.ts'
import type { EmitOptions, Reading } from '../emit.ts'
import type { Loaded } from '../load.ts'
import { isOptional } from './header.ts'
import type { ModuleTarget } from './target.ts'
import { axesInComment } from './text.ts'

/** TypeScript declarations of an emitted module: the model's own names, by role. */
export function declarations(loaded: Loaded, reading: Reading, target: ModuleTarget, { prior }: EmitOptions): string {
  const variables = loaded.energy.variables.filter((v) => v.label === undefined)
  const section = (key: string, role: EnergyVariable['role'], given: (v: EnergyVariable) => boolean): string[] => {
    const own = variables.filter((v) => v.role === role)
    const needed = own.some(given)
    if (own.length === 0) return []
    return [`  readonly ${key}${needed ? '' : '?'}: {`, ...own.map((v) => field(v, !given(v))), '  }']
  }
  const inputs = [
    ...section('data', 'data', () => true),
    ...section('memory', 'memory', () => true),
    ...section('param', 'param', (v) => !isOptional(loaded, v)),
    ...section('observed', 'state', () => false),
    ...section('cue', 'state', () => false),
  ]
  return [
    '/** A number, nested arrays in the order of the axes (null is missing), flat numbers with a shape, or texts that name elements. */',
    'export type Value = number | NestedArray | Float64Array | { readonly shape: readonly number[]; readonly data: ArrayLike<number> } | string | NestedTexts',
    'export type NestedArray = readonly (number | boolean | null | NestedArray)[]',
    'export type NestedTexts = readonly (string | null | NestedTexts)[]',
    '',
    'export interface Inputs {',
    ...inputs,
    '  /** What the elements of axes are called, in order; true: numbers given for its elements are their names. */',
    '  readonly labels?: Readonly<Record<string, readonly string[] | true>>',
    '}',
    '',
    ...tensorLines,
    ...(reading === 'retrieve'
      ? retrieveLines(target)
      : [...sampleLines, ...(prior === true ? priorLines(variables.some((v) => v.role === 'data')) : [])]),
    '',
  ].join('\n')
}

function field({ name, axes }: EnergyVariable, optional: boolean): string {
  const comment = axes.length === 0 ? 'a single number' : axesInComment(axes)
  return `    /** ${comment} */\n    readonly ${stringLiteral(name)}${optional ? '?' : ''}: Value`
}

const tensorLines = [
  'export interface Tensor {',
  '  readonly axes: readonly string[]',
  '  readonly shape: readonly number[]',
  '  readonly data: Float64Array',
  '}',
  '',
]

const drawnLine = [
  '  /** Params that were not given and have no default: drawn from their priors once, under the seed. */',
  '  readonly drawn: Readonly<Record<string, Tensor>>',
].join('\n')

const retrieveLines = (target: ModuleTarget): readonly string[] => [
  ...optionLines('retrieve', target === 'tfjs' ? tensorOptions : []),
  'export interface Retrieval {',
  '  readonly states: Readonly<Record<string, Tensor>>',
  '  /** The likeliest values of the discrete states that were summed out, element by element. */',
  '  readonly likeliest: Readonly<Record<string, Tensor>>',
  '  readonly energy: number',
  '  readonly terms: Readonly<Record<string, number>>',
  '  readonly trace: readonly number[]',
  '  readonly steps: number',
  '  readonly outcome: { readonly kind: string; readonly sentence: string }',
  '  readonly responsibilities: { readonly cue: Readonly<Record<string, Tensor>>; readonly end: Readonly<Record<string, Tensor>> }',
  drawnLine,
  '}',
  '',
  ...ends[target],
]

/** The options of each run, by their table. */
function optionLines(reading: Reading, more: readonly string[] = []): readonly string[] {
  const lines = optionsOf(reading, ['run']).flatMap(([name, row]) => {
    const unless = 'default' in row ? `; ${row.default}` : ''
    return [`  /** ${row.does}${unless} */`, `  readonly ${name}?: ${typeOf(row)}`]
  })
  return ['export interface Options {', ...lines, ...more, '}', '']
}

const tensorOptions = [
  '  /** Default: wasm, and cpu where that does not start. */',
  "  readonly backend?: 'wasm' | 'cpu'",
  '  /** Gets what one should know of how the cues were retrieved, a sentence each. */',
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
  ...optionLines('sample'),
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
  '  /** What the option resume goes on from. */',
  '  readonly chains: readonly { readonly outcome: { readonly kind: string; readonly sentence?: string } }[]',
  drawnLine,
  '}',
  '',
  '/** Draws from exp(-E/T); throws a TypeError that lists what is wrong with the inputs. */',
  'export declare function sample(inputs?: Inputs, options?: Options): Sampled',
]

/** Data are drawn, too: those that are given only say how large the axes are. */
const priorLines = (data: boolean): readonly string[] => [
  '',
  '/** Draws of everything from the prior, data included (as NAME_rep): what the model says without any. */',
  `export declare function prior(inputs?: ${data ? "Omit<Inputs, 'data'> & { readonly data?: Partial<Inputs['data']> }" : 'Inputs'}, options?: Options): Sampled`,
]

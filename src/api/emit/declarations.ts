import { typeOf } from '../../middle/option-types.ts'
import { optionsOf } from '../../middle/options.ts'
import type { EnergyParts } from '../../run/energy.ts'
import type { PriorParts } from '../../run/prior.ts'
import type { RetrievalParts } from '../../run/retrieval.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import type { Loaded } from '../load.ts'
import { densityLines, energyLines } from './declared-energies.ts'
import { inputLines } from './declared-inputs.ts'
import { retrievalLines, sampledLines } from './declared-results.ts'
import type { Compiled } from './header.ts'
import type { ModuleParts, ModuleTarget, Reading } from './options.ts'

/** What a module holds besides the model: one reading, and draws from the prior where it was asked for. */
export interface DeclaredParts {
  readonly parts: ModuleParts
  readonly prior: PriorParts | undefined
}

/** TypeScript declarations of an emitted module: the model's own names with their axes, by role, in inputs and results. */
export function declarations(loaded: Loaded, { reading, target, situation }: Compiled, { parts, prior }: DeclaredParts): string {
  const hasData = loaded.energy.variables.some((v) => v.label === undefined && v.role === 'data')
  const own = ownLines[reading]({ parts, prior, hasData, target })
  return [...inputLines(loaded, situation), ...own, ''].join('\n')
}

interface Own extends DeclaredParts {
  readonly hasData: boolean
  readonly target: ModuleTarget
}

/** What is declared besides the inputs; the parts are those of the reading. */
const ownLines: Readonly<Record<Reading, (own: Own) => readonly string[]>> = {
  retrieve: ({ parts, target }) => [
    ...optionLines('retrieve', target === 'tfjs' ? tensorOptions : []),
    ...retrievalLines(parts as RetrievalParts),
    ...ends[target],
  ],
  sample: ({ parts, prior, hasData }) => [
    ...optionLines('sample'),
    ...sampledLines(parts as SamplingParts, prior && drawnBy(prior)),
    ...sampleLines,
    ...(prior === undefined ? [] : priorLines(hasData)),
  ],
  energy: ({ parts }) => [...optionLines('energy'), ...energyLines(parts as EnergyParts)],
  density: ({ parts }) => [...optionLines('density'), ...densityLines(parts as SamplingParts)],
}

function drawnBy({ program, data, reports }: PriorParts) {
  return [...program.draws.map(({ name, axes }) => ({ name: data.includes(name) ? `${name}_rep` : name, axes })), ...reports]
}

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
  '/** Draws from exp(-E/T); throws a TypeError that lists what is wrong with the inputs. */',
  'export declare function sample(inputs?: Inputs, options?: Options): Sampled',
]

/** Data are drawn, too: those that are given only say how large the axes are. */
const priorLines = (data: boolean): readonly string[] => [
  '',
  '/** Draws of everything from the prior, data included (as NAME_rep): what the model says without any. */',
  `export declare function prior(inputs?: ${data ? "Omit<Inputs, 'data'> & { readonly data?: Partial<Inputs['data']> }" : 'Inputs'}, options?: Options): Sampled`,
]

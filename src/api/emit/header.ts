import { type Unused, unusedSentence } from '../../compile/unused.ts'
import type { EnergyVariable } from '../../middle/energy.ts'
import { type Situation, unknownsOf } from '../../middle/situation.ts'
import type { Loaded } from '../load.ts'
import type { EmitOptions, ModuleTarget, Reading } from './options.ts'
import { moduleStyles } from './target.ts'
import { axesInComment, inComment } from './text.ts'

/** What a module is compiled for. */
export interface Compiled {
  readonly reading: Reading
  readonly target: ModuleTarget
  readonly situation: Situation
}

const does: Readonly<Record<Reading, string>> = {
  retrieve: 'retrieval by descent on its energy',
  sample: 'samples of exp(-E/T)',
  energy: 'its energy, terms and gradient at given values',
  density: 'the log density of exp(-E/T) and its gradient in unconstrained coordinates',
}

/** What a module exports, and a call of it, `inputs` written out. */
const calls: Readonly<Record<Reading, { readonly name: string; readonly call: (inputs: string, awaited: string) => string }>> = {
  retrieve: { name: 'retrieve', call: (inputs, awaited) => `const [first] = ${awaited}retrieve(${inputs})` },
  sample: { name: 'sample', call: (inputs) => `const { draws, summary } = sample(${inputs}, { seed: 1 })` },
  energy: { name: 'energyAt', call: (inputs) => `const { energy, terms, gradient } = energyAt(${inputs}, { ... })` },
  density: { name: 'logDensity', call: (inputs) => `const { dimension, value, gradient, constrain } = logDensity(${inputs})` },
}

export interface Headed extends Compiled {
  readonly unused: readonly Unused[]
}

/** What a module says of itself: what it is, how it is called, what it takes. */
export function header(loaded: Loaded, compiled: Headed, { prior, predict = [] }: EmitOptions): string {
  const { reading, target, situation, unused } = compiled
  const unknown = unknownsOf(situation)
  const lines = [
    `${inComment(loaded.model.name)}: ${does[reading]}${moduleStyles[target].needs}`,
    '',
    ...usage(loaded, reading, target, unknown),
    '',
    'It is given, by role, under the names of the model (numbers nest in the order of the axes, elements count from 1):',
    ...given(loaded, unknown).map((line) => `    ${line}`),
    ...elementNames(loaded),
    ...unusedSentence(
      reading,
      unused.map((u) => ({ ...u, name: inComment(u.name) })),
    ),
    ...(predict.length === 0
      ? []
      : [`Each draw comes with new values of ${predict.map((n) => `${inComment(n)}, as ${inComment(n)}_rep`).join('; ')}.`]),
    ...(prior === true ? ['`prior` takes the same and draws everything from the prior, data included: without using any.'] : []),
    '',
    'Below: kernels, the model as data, what drives the kernels, the exports. Inside, elements count from 0.',
  ]
  return lines.map((line) => (line === '' ? '//' : line.startsWith('//') ? line : `// ${line}`)).join('\n')
}

function usage(loaded: Loaded, reading: Reading, target: ModuleTarget, unknown: ReadonlySet<string>): readonly string[] {
  const roles = ['data', 'memory', 'param'] as const
  const needed = roles.filter((role) =>
    loaded.energy.variables.some((v) => v.label === undefined && v.role === role && !unknown.has(v.name) && !isOptional(loaded, v)),
  )
  const inputs = `{ ${[...needed.map((role) => `${role}: { ... }`), ...(reading === 'retrieve' ? ['cue: { ... }'] : [])].join(', ')} }`
  const { name, call } = calls[reading]
  return [`    import { ${name} } from './this-module.mjs'`, `    ${call(inputs, target === 'tfjs' ? 'await ' : '')}`]
}

function elementNames({ energy }: Loaded): readonly string[] {
  if (!energy.variables.some((v) => v.type.kind === 'element')) return []
  return ['Elements may be given by texts; labels, beside data, lists those of an axis in order, which else is that of the texts.']
}

function given(loaded: Loaded, unknown: ReadonlySet<string>): readonly string[] {
  const variables = loaded.energy.variables.filter((v) => v.label === undefined)
  const inWords: Readonly<Record<EnergyVariable['role'], string>> = {
    data: 'data',
    memory: 'memory',
    param: 'param',
    input: 'data',
    state: 'cue, observed',
  }
  return variables.map((v) => {
    const { name, role, axes, type } = v
    const isUnknown = unknown.has(name)
    const kind = type.kind === 'element' ? `an element of ${inComment(type.axis)}` : type.kind
    return `${isUnknown ? inWords.state : inWords[role]}: ${inComment(name)}${axesInComment(axes)}, ${kind}${!isUnknown && isOptional(loaded, v) ? ` (${without(loaded, v)})` : ''}`
  })
}

/** Whether a variable that stands still need not be given. */
export function isOptional(loaded: Loaded, variable: EnergyVariable): boolean {
  return without(loaded, variable) !== undefined
}

function without({ model }: Loaded, { name, role }: EnergyVariable): string | undefined {
  if (model.variables.some((v) => v.name === name && v.default !== undefined)) return 'has a default'
  const start = model.variables.find((v) => v.name === name)?.start
  if (start !== undefined) return start.kind === 'value' ? 'else what its from says' : 'else drawn as its from says, under the seed'
  if (role !== 'param') return undefined
  return model.terms.some((t) => t.kind === 'density' && t.variable === name) ? 'else drawn from its prior under the seed' : undefined
}

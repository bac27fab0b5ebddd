import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { InitialOptions } from '../inference/chains/initial.ts'
import type { LogDensity } from '../inference/density/density.ts'
import { langevinSampler } from '../inference/samplers/adaptive-langevin.ts'
import { nutsSampler } from '../inference/samplers/adaptive-nuts.ts'
import type { Block } from '../inference/samplers/block.ts'
import type { DiscreteField } from '../inference/samplers/gibbs.ts'
import { gibbsSampler } from '../inference/samplers/gibbs-sampler.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import type { AncestralProgram, SamplingProgram } from '../middle/program.ts'

export type SamplerName = NonNullable<OptionsOf<'sample'>['sampler']>
/** Those that move a group of variables, each given everything else, and so may stand beside others. */
export type BlockName = Exclude<SamplerName, 'auto' | 'exact'>

/** The variables of a program that move alike. */
export type BlockGroup = 'continuous' | 'discrete'

/** What a block is made from. */
export interface Material {
  /** The variables of its group. */
  readonly moves: readonly string[]
  /** Of the coordinates of the continuous states, whatever the discrete ones are. */
  readonly density: LogDensity
  readonly initial: InitialOptions
  /** The discrete states, and the values they start from where something is known of them. */
  readonly fields: () => readonly DiscreteField[]
  readonly at: Float64Array | undefined
  readonly options: OptionsOf<'sample'>
  /** T of the run: densities are divided by it, fields are not. */
  readonly temperature: number
}

interface SamplerRule {
  readonly moves: BlockGroup
  make(material: Material): Block
}

/** Every sampler but exact draws: what it moves, and how it is made. What each does stands among the words of the option. */
const rules: Readonly<Record<BlockName, SamplerRule>> = {
  nuts: {
    moves: 'continuous',
    make: ({ moves, density, initial, options }) => {
      const { metric = defaults.metric, delta = defaults.delta, depth = defaults.depth } = options
      return nutsSampler(density, { moves, initial, metric, targetAcceptance: delta, maxDepth: depth })
    },
  },
  langevin: {
    moves: 'continuous',
    make: ({ moves, density, initial }) => langevinSampler(density, { moves, initial }),
  },
  gibbs: {
    moves: 'discrete',
    make: ({ fields, at, temperature }) => gibbsSampler(fields(), { temperature, ...(at === undefined ? {} : { at }) }),
  },
}

/** What moves the variables of a group that nobody chose a sampler for. */
const usual: Readonly<Record<BlockGroup, BlockName>> = { continuous: 'nuts', discrete: 'gibbs' }

/** What draws: the blocks of a schedule, in turn, or everything exactly. */
export type Plan = { readonly kind: 'exact' } | { readonly kind: 'blocks'; readonly blocks: readonly BlockName[] }

export function nameOf(plan: Plan): string {
  return plan.kind === 'exact' ? 'exact' : plan.blocks.join(' within ')
}

export function blockOf(name: BlockName, materials: Readonly<Record<BlockGroup, Material>>): Block {
  const { moves, make } = rules[name]
  return make(materials[moves])
}

/** Ancestral sampling of the model: each variable given those before it, or why the model does not allow it. */
export type Ancestral = AncestralProgram | { readonly reason: string }

/**
 * The sampler asked for, with others for what it does not move, or those that fit; undefined (with a diagnostic) where it can
 * draw nothing of this program. `ancestral`: ancestral sampling at the temperature of the run; `isFree`: nothing is observed or
 * cued.
 */
export function planOf(
  program: Pick<SamplingProgram, 'states' | 'discrete'>,
  ancestral: Ancestral,
  isFree: boolean,
  sampler: SamplerName,
  diagnostics: Diagnostic[],
): Plan | undefined {
  const groups = groupsOf(program)
  const fits: Plan = groups.length === 0 ? { kind: 'exact' } : { kind: 'blocks', blocks: groups.map((g) => usual[g]) }
  const isExact = groups.length === 0 || ('graph' in ancestral && isFree)
  const refuse = (why: string): undefined => {
    const hint = `Use --sampler ${fits.kind === 'exact' ? 'exact' : fits.blocks[0]}.`
    diagnostics.push(diagnostic('AMP711', `The sampler ${sampler} cannot draw from this model: ${why}.`, { hint }))
    return undefined
  }
  if (sampler === 'auto') return isExact ? { kind: 'exact' } : fits
  if (sampler === 'exact') {
    const why = 'reason' in ancestral ? ancestral.reason : 'it draws each variable given those before it, with nothing observed or cued'
    return isExact ? { kind: 'exact' } : refuse(why.replace(/\.$/, ''))
  }
  const { moves } = rules[sampler]
  if (!groups.includes(moves)) return refuse(nothing[moves])
  return { kind: 'blocks', blocks: groups.map((g) => (g === moves ? sampler : usual[g])) }
}

const nothing: Readonly<Record<BlockGroup, string>> = {
  continuous: 'it has no continuous state to move',
  discrete: 'no discrete state is left to move',
}

function groupsOf({ states, discrete }: Pick<SamplingProgram, 'states' | 'discrete'>): readonly BlockGroup[] {
  return [...(states.length > 0 ? (['continuous'] as const) : []), ...(discrete.length > 0 ? (['discrete'] as const) : [])]
}

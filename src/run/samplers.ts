import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { InitialOptions } from '../inference/chains/initial.ts'
import type { LogDensity } from '../inference/density/density.ts'
import { langevinSampler } from '../inference/samplers/adaptive-langevin.ts'
import { nutsSampler } from '../inference/samplers/adaptive-nuts.ts'
import type { Block } from '../inference/samplers/block.ts'
import type { DiscreteField } from '../inference/samplers/gibbs.ts'
import { gibbsSampler } from '../inference/samplers/gibbs-sampler.ts'
import { type ConditionalDraw, densityOf, drawnBy } from '../middle/conditional-draw.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import type { PartitionProgram } from '../middle/partition-program.ts'
import type { AncestralProgram, SamplingProgram } from '../middle/program.ts'

export type SamplerName = NonNullable<OptionsOf<'sample'>['sampler']>
/** Those that move a group of variables, each given everything else, and so may stand beside others. */
export type BlockName = Exclude<SamplerName, 'auto' | 'exact' | 'tempering'> | 'conditional' | 'collapsed' | 'auxiliary'

/** The variables of a program that move alike: those that have a conditional form by draws from it, where that is asked for. */
export type BlockGroup = 'continuous' | 'conditional' | 'discrete' | 'partition'

/** What a block is made from. */
export interface Material {
  /** The variables of its group. */
  readonly moves: readonly string[]
  /** Of the coordinates of the group, whatever all else is. */
  readonly density: LogDensity
  readonly initial: InitialOptions
  /** Exact draws of the group, in turn. */
  readonly exact: () => Block
  /** What is drawn with a partition. */
  readonly partition: () => Block
  /** The discrete states, and the values they start from where something is known of them. */
  readonly fields: () => readonly DiscreteField[]
  readonly at: Float64Array | undefined
  readonly options: OptionsOf<'sample'>
  /** T of the run, which may change while a ladder is made: densities are divided by it, fields are not. */
  readonly temperature: () => number
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
      const screened = options.sampler !== 'tempering'
      return nutsSampler(density, { moves, initial, metric, targetAcceptance: delta, maxDepth: depth, screened })
    },
  },
  langevin: {
    moves: 'continuous',
    make: ({ moves, density, initial }) => langevinSampler(density, { moves, initial }),
  },
  conditional: { moves: 'conditional', make: ({ exact }) => exact() },
  gibbs: {
    moves: 'discrete',
    make: ({ fields, at, temperature }) => gibbsSampler(fields(), { temperature, ...(at === undefined ? {} : { at }) }),
  },
  collapsed: { moves: 'partition', make: ({ partition }) => partition() },
  auxiliary: { moves: 'partition', make: ({ partition }) => partition() },
}

/** What moves the variables of a group that nobody chose a sampler for. */
const usual: Readonly<Record<Exclude<BlockGroup, 'partition'>, BlockName>> = {
  continuous: 'nuts',
  conditional: 'conditional',
  discrete: 'gibbs',
}

/** The variables that one block of a plan moves, by what. */
export interface PlannedBlock {
  readonly by: BlockName
  readonly moves: readonly string[]
}

/**
 * What draws: everything in order (ancestral); nothing, where there is one point; everything at once from its conditional form,
 * which depends on nothing that moves; or the blocks of a schedule, in turn, at one temperature or on a ladder of them.
 */
export type Plan =
  | { readonly kind: 'ancestral' | 'still' }
  | { readonly kind: 'at once' | 'blocks' | 'tempered'; readonly blocks: readonly PlannedBlock[] }

/** The sampler of a plan in words of the option: draws from conditional forms are Gibbs sampling. */
export function nameOf(plan: Plan): string {
  if (plan.kind !== 'blocks' && plan.kind !== 'tempered') return 'exact'
  const names = [...new Set(plan.blocks.map(({ by }) => (by === 'conditional' ? 'gibbs' : by)))].join(' within ')
  return plan.kind === 'tempered' ? `tempering of ${names}` : names
}

/** Variables that were drawn at once from their density given everything else: a family's name, or `Gaussian`. */
export interface ExactlyDrawn {
  readonly variables: readonly string[]
  readonly density: string
}

/** What a plan draws from conditional forms, in turn. */
export function exactlyDrawn(plan: Plan, exact: readonly ConditionalDraw[]): readonly ExactlyDrawn[] {
  const moved = 'blocks' in plan ? plan.blocks.flatMap(({ by, moves }) => (by === 'conditional' ? moves : [])) : []
  const own = exact.filter((d) => drawnBy(d).some((name) => moved.includes(name)))
  return own.map((d) => ({ variables: drawnBy(d), density: densityOf(d) }))
}

export function blockOf({ by }: PlannedBlock, material: Material): Block {
  return rules[by].make(material)
}

/** Ancestral sampling of the model: each variable given those before it, or why the model does not allow it. */
export type Ancestral = AncestralProgram | { readonly reason: string }

/** What of a program may be drawn how. */
export interface Drawable {
  readonly program: Pick<SamplingProgram, 'states' | 'discrete'>
  /** How continuous states are drawn from their conditional forms, those that have one. */
  readonly exact: readonly ConditionalDraw[]
  /** How the elements of random axes are shared out. */
  readonly partitions?: readonly PartitionProgram[]
  /** Ancestral sampling at the temperature of the run. */
  readonly ancestral: Ancestral
  /** Nothing is observed or cued. */
  readonly isFree: boolean
  /** Whether a draw that depends on nothing that moves has a density. */
  isProper(draw: ConditionalDraw): boolean
}

/**
 * The sampler asked for, with others for what it does not move, or those that fit; undefined (with a diagnostic) where it can
 * draw nothing of this program.
 */
export function planOf(drawable: Drawable, sampler: SamplerName, diagnostics: Diagnostic[]): Plan | undefined {
  const { ancestral } = drawable
  const groups = groupsOf(drawable, sampler)
  const { partitions = [] } = drawable
  const fits = plannedBy(groupsOf(drawable, 'auto'), {}, partitions)
  const independent = independentPlan(drawable)
  const refuse = (why: string): undefined => {
    const hint =
      partitions.length > 0 ? 'Leave out --sampler.' : `Use --sampler ${independent === undefined ? fits.blocks[0]?.by : 'exact'}.`
    diagnostics.push(diagnostic('AMP711', `The sampler ${sampler} cannot draw from this model: ${why}.`, { hint }))
    return undefined
  }
  if (sampler === 'auto') return independent ?? fits
  if (sampler === 'exact') {
    const inOrder = 'it draws each variable given those before it, with nothing observed or cued'
    const why = 'reason' in ancestral ? ancestral.reason : inOrder
    return independent ?? refuse(why.replace(/\.$/, ''))
  }
  if (sampler === 'tempering') {
    if (partitions.length > 0) return refuse('how rows share out elements of an axis cannot be swapped')
    return independent?.kind === 'still' ? independent : { ...fits, kind: 'tempered' }
  }
  const moves = sampler === 'gibbs' && groups.conditional.length > 0 ? 'conditional' : rules[sampler].moves
  return moves !== 'partition' && groups[moves].length === 0
    ? refuse(nothing[moves])
    : plannedBy(groups, { [rules[sampler].moves]: sampler }, partitions)
}

/** Independent draws of everything, where there are any. */
function independentPlan({ program, exact, ancestral, isFree, isProper }: Drawable): Plan | undefined {
  const { states, discrete } = program
  if (states.length + discrete.length === 0) return { kind: 'still' }
  if ('graph' in ancestral && isFree) return { kind: 'ancestral' }
  const [one] = exact
  const isAll = exact.length === 1 && one !== undefined && drawnBy(one).length === states.length && discrete.length === 0
  return isAll && isProper(one) ? { kind: 'at once', blocks: [{ by: 'conditional', moves: drawnBy(one) }] } : undefined
}

const nothing: Readonly<Record<keyof Groups, string>> = {
  continuous: 'it has no continuous state to move',
  conditional: 'no continuous state has a conditional form',
  discrete: 'no discrete state is left to move, and no continuous one has a conditional form that it could draw from',
}

type Groups = Readonly<Record<keyof typeof usual, readonly string[]>>

function groupsOf({ program: { states, discrete }, exact, partitions = [] }: Drawable, sampler: SamplerName): Groups {
  const shared = new Set(partitions.flatMap((p) => p.moves))
  // What elements of a random axis have moves at every step beside who sits where: by exact draws, where there are some.
  const byForm = sampler === 'gibbs' || (sampler === 'auto' && partitions.length > 0)
  const conditional = byForm ? exact.flatMap(drawnBy) : []
  const others = (all: readonly { readonly name: string }[]): readonly string[] =>
    all.map((s) => s.name).filter((name) => !shared.has(name))
  return { continuous: others(states).filter((name) => !conditional.includes(name)), conditional, discrete: others(discrete) }
}

/** A block for each group that has variables, by who was chosen for it or by the usual one. */
function plannedBy(
  groups: Groups,
  chosen: Partial<Readonly<Record<BlockGroup, BlockName>>>,
  partitions: readonly PartitionProgram[],
): Plan & { readonly kind: 'blocks' } {
  const blocks = (Object.keys(usual) as (keyof Groups)[]).map((group) => ({ by: chosen[group] ?? usual[group], moves: groups[group] }))
  const shared = partitions.map((p): PlannedBlock => ({ by: p.by.kind === 'integrated' ? 'collapsed' : 'auxiliary', moves: p.moves }))
  return { kind: 'blocks', blocks: [...blocks, ...shared].filter((b) => b.moves.length > 0) }
}

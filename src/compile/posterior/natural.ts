import type { Span } from '../../base/source.ts'
import { union } from '../../ir/builder.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy, EnergyAxis, EnergyVariable } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { type Mixing, precisionsOf, weightOf } from '../conditionals/coefficients.ts'
import {
  type AnalysedTerms,
  analysedTerms,
  type ConditionalScene,
  linearGradient,
  mentioning,
  openScene,
} from '../conditionals/conditional.ts'
import { type FormName, formOf, statisticAxes, statisticName } from '../conditionals/forms.ts'
import { free, type Linear, plus, type Statistic } from '../conditionals/linear.ts'
import { inferable } from '../inferable.ts'
import { integrals } from '../treat/integrals.ts'
import { sharedTerms } from './shared-terms.ts'

/**
 * What is known of a memory as numbers: E as a function of it is the sum of each statistic times its coefficient (`gaussian`:
 * x'Px / 2 - h'x), once with what the text says of the memory alone, and what one pattern adds to that.
 */
export interface Natural {
  readonly memory: EnergyVariable
  readonly form: StoredForm
  readonly mixing: readonly Mixing[]
  readonly parameters: readonly NaturalParameter[]
  /** The terms of E that are about the memory and read no state: they count once, however many patterns there are. */
  readonly shared: readonly string[]
  /** Axes made on the way. */
  readonly axes: readonly EnergyAxis[]
}

export type StoredForm = keyof typeof integrals

export interface NaturalParameter {
  readonly statistic: Statistic | 'precision' | 'linear'
  /** `precision`, `log x`, ... */
  readonly called: string
  /** What holds it: over the axes of the memory along which it varies, and of a precision the second names of those that mix. */
  readonly variable: EnergyVariable
  /** The output `value`: with no pattern. */
  readonly prior: Graph
  /** The output `value`: what a pattern adds, by the values of its states. */
  readonly added: Graph
}

export interface NotStored {
  /** The end of a sentence. */
  readonly reason: string
  readonly span?: Span | undefined
}

export interface NaturalOptions {
  /** Axes along which every element has parameters of its own, though the text makes no difference between them. */
  readonly along?: readonly string[]
}

/** The memories that have a prior and no rule for writing: a write conditions them. */
export function conditionedMemories({ declared, statements, rules }: Energy): readonly EnergyVariable[] {
  const ruled = new Set(rules.flatMap((r) => (r.kind === 'write' ? [r.target] : [])))
  const stated = inferable({ terms: statements, variables: declared })
  return declared.filter((v) => v.role === 'memory' && stated.has(v.name) && !ruled.has(v.name))
}

/** The natural parameters of a memory, or why it has none. */
export function naturalOf(energy: Energy, memory: EnergyVariable, { along = [] }: NaturalOptions = {}): Natural | NotStored {
  const scene = openScene(energy)(memory)
  const terms = mentioning(scene)
  const all = analysedTerms(scene, terms)
  if ('reason' in all) return all
  const shared = new Set(sharedTerms(energy, memory.name))
  const trouble = readsAState(energy, memory, shared) ?? tiedTo(energy, scene)
  if (trouble !== undefined) return trouble
  const { form, truncated = false } = formOf(memory.type, sumOf(scene, all)) ?? {}
  if (form === undefined || !hasIntegral(form)) return { reason: 'what it is multiplied with does not make one of the forms of its type' }
  const bounded = terms.find((t) => t.density?.truncated === true && t.density.variable === memory.name)
  if (truncated || bounded !== undefined) return { reason: 'its density is cut off by bounds', span: bounded?.span }
  const parts = [true, false].map((isShared) => ({ ...all, found: all.found.filter((f) => shared.has(f.term.name) === isShared) }))
  const drafts = form === 'gaussian' ? quadratic(scene, parts) : linear(scene, parts)
  if ('reason' in drafts) return drafts
  if (drafts.mixing.length > 1) {
    const axes = drafts.mixing.map((x) => `"${x.axis}"`).join(' and ')
    return { reason: `its elements meet along ${axes} together, and one matrix over several axes is not done yet` }
  }
  const parameters = drafts.parameters.map((draft) => parameterOf(scene, draft, drafts.mixing, along))
  return { memory, form, mixing: drafts.mixing, parameters, shared: [...shared], axes: scene.a.maker.made }
}

export function isStored(natural: Natural | NotStored): natural is Natural {
  return 'form' in natural
}

function hasIntegral(form: FormName): form is StoredForm {
  return Object.hasOwn(integrals, form)
}

/** Its own statement is of a pattern, not of all. */
function readsAState({ statements }: Energy, { name }: EnergyVariable, shared: ReadonlySet<string>): NotStored | undefined {
  const own = statements.find((s) => s.kind === 'density' && s.variable === name && !shared.has(s.name))
  return own && { reason: 'its prior reads a state, which is another for every pattern', span: own.span }
}

/** Another memory that is conditioned in the same term, so that the two do not stay independent. */
function tiedTo(energy: Energy, { opened, variable }: ConditionalScene): NotStored | undefined {
  const others = conditionedMemories(energy).filter((v) => v.name !== variable.name)
  for (const { name, node, span } of opened.terms) {
    const read = new Set(opened.m.builder.part([{ name, node, axes: [] }]).inputs.map((p) => p.name))
    if (!read.has(variable.name)) continue
    const other = others.find((v) => read.has(v.name))
    if (other !== undefined) return { reason: `it meets "${other.name}" in "${name}", so that neither is independent of the other`, span }
  }
  return undefined
}

function sumOf({ a }: ConditionalScene, { found }: AnalysedTerms): Linear {
  return found.reduce((sum, f) => plus(a, sum, f.linear), free(a, a.m.k(0)))
}

interface Draft {
  readonly statistic: NaturalParameter['statistic']
  readonly prior: NodeId
  readonly added: NodeId
}

interface Drafts {
  readonly mixing: readonly Mixing[]
  readonly parameters: readonly Draft[]
}

function quadratic(scene: ConditionalScene, parts: readonly AnalysedTerms[]): Drafts | NotStored {
  const { a, variable } = scene
  const gradients = parts.map((part) => (part.found.length === 0 ? free(a, a.m.k(0)) : linearGradient(scene, part)))
  const [before, each] = gradients
  if (before === undefined || each === undefined) return { reason: 'powers of it cancel in a way that is not looked into' }
  const { nodes, mixing } = precisionsOf(a, [before, each], variable.axes)
  const [prior = a.m.k(0), added = a.m.k(0)] = nodes
  return {
    mixing,
    parameters: [
      { statistic: 'precision', prior, added },
      { statistic: 'linear', prior: a.m.sub(a.m.k(0), before.constant), added: a.m.sub(a.m.k(0), each.constant) },
    ],
  }
}

function linear(scene: ConditionalScene, parts: readonly AnalysedTerms[]): Drafts {
  const { a } = scene
  const [before, each] = parts.map((part) => sumOf(scene, part))
  const statistics = new Set([...(before?.parts.keys() ?? []), ...(each?.parts.keys() ?? [])])
  const weight = (of: Linear | undefined, statistic: Statistic): NodeId => (of === undefined ? a.m.k(0) : weightOf(a, of, statistic))
  const parameters = [...statistics].map((statistic) => ({ statistic, prior: weight(before, statistic), added: weight(each, statistic) }))
  return { mixing: [], parameters }
}

function parameterOf(
  { a, variable: memory }: ConditionalScene,
  { statistic, prior, added }: Draft,
  mixing: readonly Mixing[],
  along: readonly string[],
): NaturalParameter {
  const { builder } = a.m
  const varies = union([builder.axes(prior), builder.axes(added), along])
  const own = isOfGaussian(statistic) ? memory.axes : statisticAxes(memory, statistic)
  const axes = [...own, ...mixing.map((m) => m.other)].filter((axis) => varies.includes(axis))
  const called = isOfGaussian(statistic) ? statistic : statisticName(statistic, 'x')
  const graph = (node: NodeId): Graph => simplify(builder.part([{ name: ports.result, node, axes }]))
  const variable = { name: ports.stored(memory.name, called), role: 'memory', axes, type: { kind: 'real' }, span: memory.span } as const
  return { statistic, called, variable, prior: graph(prior), added: graph(added) }
}

export function isOfGaussian(statistic: NaturalParameter['statistic']): statistic is 'precision' | 'linear' {
  return statistic === 'precision' || statistic === 'linear'
}

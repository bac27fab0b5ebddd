import { must } from '../../base/internal-error.ts'
import { include } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import { reachable, replaced } from '../../ir/walk.ts'
import * as ports from '../../middle/ports.ts'
import { statesOf } from '../../middle/situation.ts'
import { type Mixing, precisionOf } from '../conditionals/coefficients.ts'
import { analysedTerms, linearGradient, type OpenConditional } from '../conditionals/conditional.ts'
import type { Linear } from '../conditionals/linear.ts'
import type { OpenTerm } from '../conditionals/statements.ts'
import { parts, quotient, ratio } from './products.ts'

/** A Gaussian that is known, and what single vectors add to its precision: E = w'Pw/2 - h'w + sum of (weight (v'w)^2 / 2 - target v'w). */
export interface Updated {
  /** What does not change from one state to the next, and is a density of the variable. */
  readonly base: readonly OpenTerm[]
  readonly precision: NodeId
  readonly linear: NodeId
  /** The axis along which elements meet, and its second name: of the vectors; elements of the base need not meet. */
  readonly mixing: Mixing
  readonly baseMeets: boolean
  readonly updates: readonly Update[]
}

/** A term that knows of the variable by its product with one vector. */
export interface Update {
  readonly term: OpenTerm
  /** Over the axis along which elements meet, and any others of the variable. */
  readonly vector: NodeId
  /** Over none of that axis. */
  readonly weight: NodeId
  readonly target: NodeId
  /** The product at which the term is at its stationary point, target / weight, and the term there; where this has no division by the weight. */
  readonly centre?: { readonly product: NodeId; readonly value: NodeId }
}

/**
 * A variable whose precision is that of a prior or posterior, and a product of one vector for each other term, such as weights of which
 * one pattern says something: then no matrix need be factored anew when the vectors move. Undefined where that is not so.
 */
export function updatedForm(found: OpenConditional): Updated | undefined {
  const { conditional, terms, a } = found
  const { variable, form } = conditional
  const [mixing, ...more] = conditional.mixing
  if (form !== 'gaussian' || mixing === undefined || more.length > 0) return undefined
  const base = terms.filter((t) => isKnown(found, t))
  const rest = terms.filter((t) => !base.includes(t))
  if (rest.length === 0 || !base.some((t) => isOf(t, variable.name))) return undefined
  // Axes are made in earnest only where all goes well.
  const trial = { m: a.m, maker: { made: [...a.maker.made], taken: new Set(a.maker.taken) } }
  const gradients = [base, ...rest.map((t) => [t])].flatMap((some) => gradientOf({ ...found, a: trial }, some) ?? [])
  const [before, ...others] = gradients
  if (before === undefined || others.length < rest.length) return undefined
  const known = precisionOf(trial, before, variable.axes)
  const each = others.map((g) => precisionOf(trial, g, variable.axes))
  if ([known, ...each].some((p) => p.mixing.some((x) => x.axis !== mixing.axis))) return undefined
  const updates = rest.flatMap((term, i) => {
    const { node: precision, mixing: [own] } = must(each[i], term.name) // biome-ignore format: one thought
    return (own && updateOf(found, term, { precision, slope: must(others[i], term.name).constant }, own)) ?? []
  })
  if (updates.length < rest.length) return undefined
  a.maker.made.push(...trial.maker.made.slice(a.maker.made.length))
  for (const name of trial.maker.taken) a.maker.taken.add(name)
  const precision = known.mixing.reduce((node, x) => a.m.builder.rename(node, x.other, mixing.other), known.node)
  return { base, precision, linear: a.m.neg(before.constant), mixing, baseMeets: known.mixing.length > 0, updates }
}

/** Whether a term is the density of the variable, or another that bends upward, and reads no state. */
function isKnown({ opened, state, conditional }: OpenConditional, term: OpenTerm): boolean {
  if (term.density === undefined && term.name !== ports.posterior(conditional.variable.name)) return false
  const { builder } = opened.m
  const states = statesOf({ variables: opened.energy.declared })
  return reachable(builder, [term.node]).every((id) => {
    const node = builder.node(id)
    return id === state || node.op !== 'input' || !states.has(node.name)
  })
}

function isOf({ name, density }: OpenTerm, variable: string): boolean {
  return density?.variable === variable || name === ports.posterior(variable)
}

function gradientOf(found: OpenConditional, terms: readonly OpenTerm[]): Linear | undefined {
  const { opened, state, a, conditional } = found
  const scene = { opened, state, a, variable: conditional.variable }
  const all = analysedTerms(scene, terms)
  return 'reason' in all ? undefined : linearGradient(scene, all)
}

interface Share {
  readonly precision: NodeId
  readonly slope: NodeId
}

/** The matrix as a vector times itself, and the slope as that vector times something. */
function updateOf(found: OpenConditional, term: OpenTerm, share: Share, { axis, other }: Mixing): Update | undefined {
  const { m } = found.opened
  const { builder } = m
  const { precision, slope } = simplified(m, share)
  const { above, below, sign } = parts((id) => builder.node(id), precision)
  const along = (name: string) => (id: NodeId): boolean => builder.axes(id).includes(name) // biome-ignore format: one thought
  if (below.some((id) => along(axis)(id) || along(other)(id))) return undefined
  const [left, right] = [above.filter(along(axis)), above.filter(along(other))]
  if (left.length === 0 || left.some(along(other))) return undefined
  const vector = m.times(...left)
  const [turned, second] = sameness(m, builder.rename(vector, axis, other), m.times(...right))
  if (turned !== second) return undefined
  const plain = above.filter((id) => !along(axis)(id) && !along(other)(id))
  const weight = m.div(m.times(m.k(sign), ...plain), m.times(...below))
  const target = quotient(m, m.neg(slope), left, axis)
  if (target === undefined) return undefined
  const centre = centreOf(found, term, left, axis, ratio(m, target, { above: plain, below, sign }))
  return { term, vector, weight, target, ...(centre && { centre }) }
}

/** A term where every product of the variable and the vector in it has a value. */
function centreOf(
  { opened: { m }, state }: OpenConditional,
  { node: term }: OpenTerm,
  vector: readonly NodeId[],
  axis: string,
  product: NodeId | undefined,
): Update['centre'] {
  if (product === undefined) return undefined
  const { builder } = m
  const places = reachable(builder, [term]).flatMap((id): readonly (readonly [NodeId, NodeId])[] => {
    const node = builder.node(id)
    if (node.op !== 'sum' || node.over.length > 1 || node.over[0] !== axis) return []
    const scale = quotient(m, must(node.args[0], 'summed'), [...vector, state], axis)
    return scale === undefined ? [] : [[id, m.mul(scale, product)]]
  })
  const [value] = replaced(builder, [term], new Map(places))
  return value === undefined || reachable(builder, [value]).includes(state) ? undefined : { product, value }
}

function simplified(m: Maths, { precision, slope }: Share): Share {
  const { builder } = m
  const graph = simplify(
    builder.part([
      { name: 'precision', node: precision, axes: builder.axes(precision) },
      { name: 'slope', node: slope, axes: builder.axes(slope) },
    ]),
  )
  const ids = include(builder, graph)
  const [first, second] = graph.outputs.map((o) => must(ids[o.node], o.name))
  return { precision: must(first, 'precision'), slope: must(second, 'slope') }
}

/** Two nodes as far as the simplifier knows: of equal names where they are the same. */
function sameness(m: Maths, a: NodeId, b: NodeId): readonly [NodeId, NodeId] {
  const { precision, slope } = simplified(m, { precision: a, slope: b })
  return [precision, slope]
}

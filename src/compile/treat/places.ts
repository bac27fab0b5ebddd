import { must } from '../../base/internal-error.ts'
import { isPositive } from '../../base/interval.ts'
import type { Span } from '../../base/source.ts'
import { factored, whitened } from '../../families/formulas/factors.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import { cut } from '../../ir/cut.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { ranges } from '../../ir/range.ts'
import type { Energy, EnergyAxis, EnergyVariable } from '../../middle/energy.ts'
import { boundsOf, ownAxes } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import { type ModeName, modes } from '../blocks/modes.ts'
import { analysis, isFailure } from '../conditionals/analysis.ts'
import { type OpenConditional, openConditional } from '../conditionals/conditional.ts'
import type { FormName } from '../conditionals/forms.ts'
import { isAffine } from '../conditionals/linear.ts'
import { numberOf } from '../conditionals/rules.ts'
import type { AxisMaker } from '../curvature/entries.ts'
import { writeBounds } from '../supports/bounds.ts'
import { inputRanges } from '../type-range.ts'

/** Where E is least over a variable, all else held. */
export interface LeastPlace {
  /** Outputs `value`, over the variable's axes, and if it need not be there `exists`, 1 where it is. */
  readonly graph: Graph
  /** Axes made on the way. */
  readonly axes: readonly EnergyAxis[]
}

export interface NoPlace {
  /** The end of a sentence. */
  readonly reason: string
  readonly span?: Span | undefined
}

/** By the conditional form of the variable. */
export function placeOf(energy: Energy, variable: EnergyVariable): LeastPlace | NoPlace {
  const found = openConditional(energy, variable)
  if ('reason' in found) return { reason: found.reason, span: found.span }
  const { conditional, draft, opened } = found
  const { form, terms } = conditional
  if (!hasPlace(form)) return { reason: 'it is discrete' }
  const barred = barrier(found)
  if (barred !== undefined) return { reason: barred, span: terms[0]?.span }
  const { m } = opened
  const coefficients = new Map(draft.coefficients.map((c) => [c.statistic, c.node]))
  const scene: PlaceScene = { m, energy, variable, found, weight: (statistic) => coefficients.get(statistic) ?? m.k(0) }
  const { value, exists } = places[form](scene)
  return { graph: outputs(m, variable, value, exists), axes: conditional.axes }
}

/** Why the place of a form has no formula here. */
function barrier({ conditional: { form, truncated, mixing, variable }, terms }: OpenConditional): string | undefined {
  if (mixing.length > 1) return `its elements meet along ${mixing.map((x) => `"${x.axis}"`).join(' and ')} together`
  if (terms.some((t) => t.density?.truncated === true && t.density.variable === variable.name)) return 'its density is truncated'
  if (!truncated || (form === 'gaussian' && mixing.length === 0)) return undefined
  return mixing.length === 0 ? 'its type has bounds that its form has not' : 'its type has bounds, and its elements meet'
}

/**
 * Neurons at rest: the input to them, tau dh/dt = input - h being 0. Where their Lagrangian is convex, which the theory takes
 * for granted, E is least there (Fenchel and Young): sum(h f(h)) - L(h) - f(h) input >= -L(input).
 */
export function neuronPlace(energy: Energy, variable: EnergyVariable): LeastPlace | NoPlace {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const drive = energy.graph.outputs.filter((o) => o.name === ports.drive(variable.name))
  const part = cut(energy.graph, drive)
  const ids = include(builder, part)
  const node = must(ids[must(part.outputs[0], 'drive').node], 'drive')
  const maker: AxisMaker = { made: [], taken: new Set(energy.axes.map((a) => a.name)) }
  const look = analysis({ m, maker }, builder.input(variable.name, variable.axes), variable.axes, false)
  const linear = look(node)
  // Their own leak alone: what comes by way of their activations has no formula.
  const [leak, ...others] = isFailure(linear) ? [] : (linear.parts.get(1) ?? [])
  const isLeak =
    leak?.coordinates.every((c) => c.kind === 'tied' && c.name === c.axis && c.offset === 0) && numberOf({ m, maker }, leak.value) === -1
  if (isFailure(linear) || !isAffine(linear) || !isLeak || others.length > 0)
    return { reason: 'its neurons drive each other, so that where they rest has no formula' }
  return { graph: outputs(m, variable, linear.constant, undefined), axes: maker.made }
}

interface PlaceScene {
  readonly m: Maths
  readonly energy: Energy
  readonly variable: EnergyVariable
  readonly found: OpenConditional
  readonly weight: (statistic: string) => NodeId
}

interface PlaceNodes {
  readonly value: NodeId
  /** A scalar. */
  readonly exists?: NodeId
}

/** Of x'Px / 2 - h'x: P^-1 h, clipped where the type has bounds; 0 where nothing depends on an element. */
function gaussian({ m, energy, variable, found, weight }: PlaceScene): PlaceNodes {
  const { mixing, truncated } = found.conditional
  const [precision, h] = [weight('precision'), weight('linear')]
  const [mixed] = mixing
  if (mixed !== undefined) {
    const factor = factored(m, precision, mixed.axis, mixed.other)
    const value = m.builder.solveLower(factor.lower, whitened(m, factor, h), mixed.axis, factor.columns, true)
    return { value, exists: all(m, factor.valid) }
  }
  const within = (free: NodeId): NodeId => (truncated ? clipped(m, free, energy, variable) : free)
  // Known from the types alone: what is left then stays as smooth as it was.
  if (
    isPositive(
      ranges(
        m.builder,
        inputRanges(energy.variables, () => true),
      )(precision),
    )
  )
    return { value: within(m.div(h, precision)) }
  const bends = m.less(m.k(0), precision)
  const still = m.mul(m.equal(precision, m.k(0)), m.equal(h, m.k(0)))
  const free = m.div(m.where(bends, h, m.k(0)), m.where(bends, precision, m.k(1)))
  return { value: within(free), exists: all(m, m.where(bends, m.k(1), still)) }
}

function clipped(m: Maths, free: NodeId, energy: Energy, variable: EnergyVariable): NodeId {
  const [lower, upper] = ends(m, energy, variable)
  return m.min(m.max(free, lower), upper)
}

/** The bounds of its type. */
function ends(m: Maths, energy: Energy, variable: EnergyVariable): readonly [lower: NodeId, upper: NodeId] {
  const bounds = boundsOf(variable.type)
  const written = writeBounds(m.builder, energy, variable, (port) => m.builder.input(port.name, port.axes))
  const at = (end: 'lower' | 'upper', open: number): NodeId => {
    const known = bounds?.[end]
    return written[end] ?? m.k(typeof known === 'number' ? known : open)
  }
  return [at('lower', -Infinity), at('upper', Infinity)]
}

/** Against the weights of x, on the sphere; along all axes alike where there are none. */
function direction({ m, variable, weight }: PlaceScene): PlaceNodes {
  const own = ownAxes(variable.type)
  const pull = m.neg(weight('x'))
  const size = m.sqrt(m.sum(own, m.square(own.reduce((x, axis) => m.builder.along(x, axis), pull))))
  const isPulled = m.less(m.k(0), size)
  const even = m.reciprocal(m.sqrt(m.builder.size(must(own[0], 'axis'))))
  return { value: m.where(isPulled, m.div(pull, m.where(isPulled, size, m.k(1))), even) }
}

function mode({ m, variable, weight }: PlaceScene, form: ModeName): PlaceNodes {
  const place = modes[form](m, weight, variable.type)
  const is = m.equal(place, place)
  return { value: m.where(is, place, m.k(0.5)), exists: all(m, is) }
}

const places: Readonly<Record<Exclude<FormName, 'categorical'>, (scene: PlaceScene) => PlaceNodes>> = {
  gaussian,
  gamma: (scene) => mode(scene, 'gamma'),
  inverse_gamma: (scene) => mode(scene, 'inverse_gamma'),
  beta: (scene) => mode(scene, 'beta'),
  dirichlet: (scene) => mode(scene, 'dirichlet'),
  von_mises_fisher: direction,
  wishart: (scene) => mode(scene, 'wishart'),
  inverse_wishart: (scene) => mode(scene, 'inverse_wishart'),
}

function hasPlace(form: FormName): form is keyof typeof places {
  return Object.hasOwn(places, form)
}

function all(m: Maths, test: NodeId): NodeId {
  return m.builder.reduce('min_over', m.builder.axes(test), test)
}

function outputs(m: Maths, { axes }: EnergyVariable, value: NodeId, exists: NodeId | undefined): Graph {
  return m.builder.part([
    { name: ports.result, node: value, axes },
    ...(exists === undefined ? [] : [{ name: 'exists', node: exists, axes: [] }]),
  ])
}

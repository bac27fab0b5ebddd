import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import { gradient } from '../../ir/gradient.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import { dependents, reachable } from '../../ir/walk.ts'
import type { Eliminated, Energy, EnergyTerm, EnergyVariable, ValueDraw } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import type { Situation } from '../../middle/situation.ts'
import { readByBounds } from '../supports/bounds.ts'
import { hasTransform, transformOf } from '../supports/index.ts'

/** The same energy where an inner loop keeps a variable at the least one: an input that is not among the variables. */
export function heldInside(energy: Energy, variable: EnergyVariable): Energy {
  const { name, axes, type } = variable
  const builder = new GraphBuilder()
  const ids = include(builder, energy.graph)
  const at = builder.input(name, axes)
  const outputs = energy.graph.outputs.map((o) => ({ ...o, node: must(ids[o.node], o.name) }))
  const changed = new Set(
    outputs.flatMap((o) => (dependents(builder, reachable(builder, [o.node]), new Set([at])).has(o.node) ? [o.name] : [])),
  )
  const eliminated: Eliminated = { name, axes, type, how: 'minimise', byLoop: true, told: [{ what: 'value', axes }] }
  return {
    ...energy,
    graph: builder.part([...outputs, { name: ports.told('value', name), node: at, axes }]),
    terms: energy.terms.map((t): EnergyTerm => (changed.has(ports.term(t.name)) ? { ...t, altered: true } : t)),
    variables: energy.variables.filter((v) => v.name !== name),
    inner: [...energy.inner, variable],
    eliminated: [...energy.eliminated, eliminated],
    joint: [drawnAsItIs(variable), ...energy.joint],
  }
}

/** In a draw it is where the inner loop left it. */
function drawnAsItIs({ name, axes, type }: EnergyVariable): ValueDraw {
  const builder = new GraphBuilder()
  return { by: 'value', name, axes, type, graph: builder.part([{ name: ports.result, node: builder.input(name, axes), axes }]) }
}

/** Why no inner loop can find a variable, as the end of a sentence: bounds that move with it, or by which it moves others. */
export function outOfReach(energy: Energy, variable: EnergyVariable, { moving: names }: Situation): string | undefined {
  const transform = transformOf(variable.type)
  if (!hasTransform(transform)) return transform.pending
  const there = [...energy.variables, ...energy.inner]
  const moving = readByBounds(energy, variable).find((name) => names.has(name))
  if (moving !== undefined) return `its bounds depend on "${moving}"`
  const bounded = there.find((v) => v !== variable && readByBounds(energy, v).includes(variable.name))
  return bounded === undefined ? undefined : `the bounds of "${bounded.name}" depend on it`
}

/**
 * What decides where the variables inside are: names of the inputs on which the slope of the energy along them depends. What is
 * not among them may be summed out, integrated or moved by itself after the minimum, as before it.
 */
export function readInside(energy: Energy): ReadonlySet<string> {
  if (energy.inner.length === 0) return new Set()
  const builder = new GraphBuilder()
  const ids = include(builder, energy.graph)
  const terms = energy.graph.outputs.flatMap((o) => (ports.isTerm(o.name) ? [must(ids[o.node], o.name)] : []))
  const own = energy.inner.map((v) => builder.input(v.name, v.axes))
  const slopes = gradient(builder, maths(builder).plus(...terms), own)
  const outputs = slopes.map((node, i) => ({ name: String(i), node, axes: builder.axes(node) }))
  return new Set(simplify(builder.part(outputs)).inputs.map((p) => p.name))
}

/** Treatments that come after a minimum on which they depend have no closed form. */
export function afterMinimum(energy: Energy, done: string, flag: string, names: readonly string[]): readonly Diagnostic[] {
  const read = readInside(energy)
  return names
    .filter((name) => read.has(name))
    .map((name) => cannotFollow(energy, name, `be ${done}`, `Do that first: ${flag} ${name} before`))
}

/** What jumps one element at a time compares energies at many points, each with a minimum of its own. */
export function besideJumps(energy: Energy, jumping: readonly string[]): readonly Diagnostic[] {
  const read = readInside(energy)
  return jumping
    .filter((name) => read.has(name))
    .map((name) => cannotFollow(energy, name, 'jump', `Sum it out first, where that can be: --sum-out ${name} before`))
}

function cannotFollow(energy: Energy, name: string, what: string, how: string): Diagnostic {
  const inside = energy.inner.map((v) => v.name)
  const shown = inside.map((n) => `"${n}"`).join(' and ')
  const span = energy.declared.find((v) => v.name === name)?.span
  const message = `"${name}" cannot ${what} after ${shown} ${inside.length === 1 ? 'is' : 'are'} minimised, which depends on it: that minimum is found step by step.`
  return diagnostic('AMP613', message, { ...(span && { span }), hint: `${how} ${inside.map((n) => `--minimise ${n}`).join(' ')}.` })
}

import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { squared } from '../base/special/pow.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import { isUnbounded } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import { type Situation, situationOf } from '../middle/situation.ts'
import { type Change, changesAlong, combined } from './change-along.ts'

/**
 * Directions along which the energy can be shown not to change, whatever the values: one number added to all elements of
 * a state, or to one state and taken from (or added to) another. The density is then flat over an infinite support. What
 * cannot be shown is not reported. `known`: variables of which a part is observed.
 */
export function flatDirections(
  energy: Energy,
  { moving }: Situation = situationOf(energy),
  known = new Set<string>(),
): readonly Diagnostic[] {
  const free = energy.variables.filter((v) => moving.has(v.name) && !known.has(v.name) && isUnbounded(v.type))
  if (energy.graph.nodes.length * squared(free.length) > mostWork) return []
  const alone = free.filter((v) => isFlat(energy, new Map([[v.name, 1]])))
  const others = free.filter((v) => !alone.includes(v))
  const pairs = others.flatMap((a, i) =>
    others.slice(i + 1).flatMap((b) => {
      const sign = [1, -1].find((s) => isFlat(energy, new Map([[a.name, 1], [b.name, s]]))) // biome-ignore format: one direction
      return sign === undefined ? [] : [together(a, b, sign)]
    }),
  )
  const mentioned = new Set(energy.graph.inputs.map((p) => p.name))
  return [...alone.filter((v) => mentioned.has(v.name)).map((v) => byItself(v, energy.neurons.includes(v.name))), ...pairs]
}

/** Nodes looked at in all; models by hand stay far below. */
const mostWork = 2_000_000

function isFlat(energy: Energy, direction: ReadonlyMap<string, number>): boolean {
  const all = changesAlong(energy.graph, direction)
  const terms = ports.termsAmong(energy.graph).map((o) => all[o.node])
  if (!terms.every((change): change is Change => change !== undefined)) return false
  return combined(terms).every(({ by }) => by === 0)
}

function byItself({ name, axes, span }: EnergyVariable, isNeuron: boolean): Diagnostic {
  const what = axes.length === 0 ? `adding a number to "${name}"` : `adding one number to all elements of "${name}"`
  return diagnostic(
    'AMP608',
    `Nothing sets the level of "${name}": ${what} does not change the energy, so the density cannot be normalised.`,
    {
      span,
      hint: isNeuron
        ? `Quantities that do not depend on the level, such as act(${name}), can still be used.`
        : `Give it a prior, such as \`${name} ~ normal(0, 10)\`, or observe a part of it.`,
    },
  )
}

function together(a: EnergyVariable, b: EnergyVariable, sign: number): Diagnostic {
  const how = sign > 0 ? `adding one number to both` : `adding a number to one and subtracting it from the other`
  const why = `"${a.name}" and "${b.name}" cannot be distinguished: ${how} does not change the energy, so the density cannot be normalised.`
  return diagnostic('AMP608', why, { span: b.span, hint: `Give one of them a prior, such as \`${b.name} ~ normal(0, 10)\`.` })
}

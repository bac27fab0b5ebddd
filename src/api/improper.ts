import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { columnNames } from '../inference/draws/draws.ts'
import type { Sizes } from '../ir/graph.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import type { Bounds } from '../middle/kinds/rule.ts'
import { boundsOf } from '../middle/kinds.ts'
import type { ValueType } from '../middle/model.ts'
import type { StateTail } from '../run/states-tails.ts'

/** A diagnostic for each state whose density has no finite integral along one of its coordinates. */
export function improperDensities(energy: Energy, tails: readonly StateTail[], sizes: Sizes): readonly Diagnostic[] {
  return energy.variables.flatMap((v) => {
    const all = tails.filter((t) => t.state.name === v.name)
    // What is improper where it is drawn is so for all that is hotter, too.
    const asked = all.filter((t) => t.temperature === undefined)
    const own = asked.length > 0 ? asked : all
    return own.length === 0 ? [] : [energy.neurons.includes(v.name) ? saturated(v) : improper(v, own, sizes)]
  })
}

/** The energy of a neuron is made of its activation, so what does not depend on the rest of `v` can be read all the same. */
function saturated({ name, span }: EnergyVariable): Diagnostic {
  return diagnostic(
    'AMP608',
    `Far out the activation of "${name}" does not change, nor does the energy: its density cannot be normalised.`,
    {
      span,
      hint: `Read act(${name}) alone, or sample a model of the activations: a state with bounds, and the energy in terms of it.`,
    },
  )
}

function improper({ name, type, span }: EnergyVariable, tails: readonly StateTail[], sizes: Sizes): Diagnostic {
  const [first] = tails
  const end = first === undefined ? undefined : endTowards(type, first.sign === 1)
  const towards = typeof end === 'number' ? String(end).toLowerCase() : 'the edge of its support'
  const more = new Set(tails.map((t) => t.place)).size - 1
  const hot = first?.temperature
  const others = more > 0 ? ` (${more} more of "${name}" likewise)` : ''
  return diagnostic(
    'AMP603',
    `${hot === undefined ? 'The' : `At temperature ${hot}, the hottest of the ladder, the`} density does not fall off as ${elementOf(first, sizes)} goes to ${towards}${others}: it cannot be normalised.`,
    {
      span,
      hint: `${hot === undefined ? 'Give' : 'Choose a lower temperature there, or give'} "${name}" a prior, such as \`${name} ~ normal(0, 1)\`, bounds, or a term of the energy that grows with it.`,
    },
  )
}

/** The end that values go to as a coordinate goes to infinity (`up`) or minus infinity: of what has an upper end alone, the other way round. */
function endTowards(type: ValueType, up: boolean): Bounds['upper'] | undefined {
  const bounds = boundsOf(type)
  if (bounds === undefined) return undefined
  const falls = bounds.lower === -Infinity && bounds.upper !== Infinity
  return up === falls ? bounds.lower : bounds.upper
}

/** `beta[3]`; of a state whose coordinates are not its elements only the name. */
function elementOf(tail: StateTail | undefined, sizes: Sizes): string {
  if (tail === undefined) return ''
  const { name, axes, coordinateAxes } = tail.state
  if (axes.join() !== coordinateAxes.join()) return name
  return (
    columnNames(
      name,
      axes.map((a) => sizes[a] ?? 1),
    )[tail.place] ?? name
  )
}

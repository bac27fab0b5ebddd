import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import { isUnbounded } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import type { Situation } from '../../middle/situation.ts'
import { conditionalOf, hasForm } from './conditional.ts'
import type { Conditional } from './found.ts'

/**
 * An error for each unbounded variable whose density, all else held, is a Gaussian of a precision that is no more than 0
 * whatever the values are: it cannot be normalised, nor then can all of it (Fubini). Densities alone never
 * make one, so only variables in energies are looked at. `known`: variables of which a part is observed.
 */
export function improperForms(energy: Energy, { moving }: Situation, known: ReadonlySet<string>): readonly Diagnostic[] {
  const mentioned = inEnergies(energy)
  const free = energy.variables.filter(
    (v) => moving.has(v.name) && !known.has(v.name) && isUnbounded(v.type) && mentioned.has(v.name) && !energy.neurons.includes(v.name),
  )
  if (energy.graph.nodes.length * free.length > mostWork) return []
  return free.flatMap((v) => {
    const found = conditionalOf(energy, v)
    const precision = hasForm(found) && found.form === 'gaussian' ? constantPrecision(found) : undefined
    return precision === undefined || precision > 0 || !hasForm(found) ? [] : [improper(energy, v, precision, found)]
  })
}

/** Nodes looked at in all; models by hand stay far below, and what is not looked at here is looked at far out. */
const mostWork = 50_000

/** What `energy` statements are about. */
function inEnergies({ graph, terms }: Energy): ReadonlySet<string> {
  const own = new Set(terms.flatMap((t) => (t.kind === 'energy' ? [ports.term(t.name)] : [])))
  const roots = graph.outputs.filter((o) => own.has(o.name)).map((o) => o.node)
  const reached = new Set(roots)
  for (const id of reached) for (const arg of graph.nodes[id]?.args ?? []) reached.add(arg)
  return new Set([...reached].flatMap((id) => (graph.nodes[id]?.op === 'input' ? [graph.nodes[id].name] : [])))
}

/** The precision of each element, where elements are independent and it is the same number for all values. */
function constantPrecision({ graph, mixing, variable }: Conditional): number | undefined {
  const output = graph.outputs.find((o) => o.name === ports.coefficient(variable.name, 'precision'))
  const node = output && graph.nodes[output.node]
  return mixing.length === 0 && node?.op === 'const' ? node.value : undefined
}

function improper(energy: Energy, { name, axes }: EnergyVariable, precision: number, { terms }: Conditional): Diagnostic {
  const densities = new Set(energy.terms.flatMap((t) => (t.kind === 'density' ? [t.name] : [])))
  const isDensity = (t: { readonly name: string }): boolean => densities.has(t.name)
  const [first, ...others] = [...terms.filter((t) => !isDensity(t)), ...terms.filter(isDensity)]
  const what = axes.length === 0 ? `"${name}"` : `each element of "${name}"`
  const shape = precision === 0 ? 'the energy is linear in it' : `it is a Gaussian of precision ${precision}`
  return diagnostic('AMP603', `The density of ${what} cannot be normalised: with everything else held, ${shape}.`, {
    ...(first === undefined ? {} : { span: first.span }),
    hint: `Give "${name}" a prior, such as \`${name} ~ normal(0, 1)\`, bounds, or a term of the energy that grows with it.`,
    related: others.slice(0, 3).map(({ span }) => ({ span, message: `"${name}" is here, too` })),
  })
}

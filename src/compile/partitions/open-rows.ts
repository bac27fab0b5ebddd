import { cut } from '../../ir/cut.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import type { RandomAxis } from '../../middle/random-axis.ts'
import { keeping, type Situation } from '../../middle/situation.ts'
import { inferable } from '../inferable.ts'
import { expressionOf, namesWritten } from '../outputs.ts'

/** The random axes whose elements rows share out, where nothing stands in the way. */
export function rowAxes({ random }: Pick<Energy, 'random'>): readonly RandomAxis[] {
  return random.filter((axis) => axis.form === 'rows' && axis.refused.length === 0)
}

/**
 * The same energy with slots along its random axes in the rows' form. What a process says of how rows share them out is no
 * term of it: the weights are gone, and who draws takes the law of partitions beside it.
 */
export function openedRows(energy: Energy): Energy {
  const opened = rowAxes(energy)
  if (opened.length === 0) return energy
  const pickers = new Set(opened.flatMap((axis) => axis.pickers))
  const weights = new Set(opened.map((axis) => ports.weight(axis.axis)))
  const gone = new Set(energy.implied.flatMap((d) => (pickers.has(d.variable ?? '') ? [d.name] : [])))
  const outputs = energy.graph.outputs.filter((o) => ![...gone].some((name) => o.name === ports.term(name)))
  return {
    ...energy,
    graph: simplify(cut(energy.graph, outputs)),
    terms: energy.terms.filter((t) => !gone.has(t.name)),
    implied: energy.implied.filter((d) => !gone.has(d.name)),
    variables: energy.variables.filter((v) => !weights.has(v.name)),
    // How many slots there are is said with the data; the forms are opened at another size, too.
    axes: energy.axes.map((a) => (opened.some((axis) => axis.axis === a.name) ? { ...a, size: { kind: 'open' } } : a)),
    random: energy.random.filter((axis) => !opened.includes(axis)),
  }
}

/**
 * What moves beside the states where rows share out elements: what each element has, and what the process reads that has a prior and
 * is not given (`given`). The elements themselves are drawn, never summed out.
 */
export function movingWithRows(energy: Energy, situation: Situation, given: ReadonlySet<string>): Situation {
  const axes = rowAxes(energy)
  if (axes.length === 0) return situation
  const more = axes.flatMap((axis) => [...axis.slots, ...lawInputs(energy, axis, given)])
  const moving = new Set([...situation.moving, ...more])
  return keeping(
    { ...situation, moving },
    axes.flatMap((axis) => axis.pickers),
  )
}

/** The same where rows are given with the elements that they have: they are drawn with the others, where they are known to be. */
export function seatingGiven(situation: Situation, axes: readonly RandomAxis[]): Situation {
  const pickers = new Set(axes.flatMap((axis) => axis.pickers))
  const whole = [...situation.observed].filter((name) => pickers.has(name))
  return {
    ...situation,
    observed: new Set([...situation.observed].filter((name) => !pickers.has(name))),
    moving: new Set([...situation.moving, ...whole]),
    inPart: new Set([...situation.inPart, ...whole]),
  }
}

function lawInputs(energy: Energy, axis: RandomAxis, given: ReadonlySet<string>): readonly string[] {
  const stated = inferable({ terms: energy.statements, variables: energy.variables })
  const written = namesWritten(energy)
  const names = Array.from({ length: axis.arguments }, (_, i) => lawArgument(axis, i)).flatMap((port) =>
    expressionOf(energy, port).inputs.map((p) => p.name),
  )
  return [...new Set(names)].filter((name) => stated.has(name) && !given.has(name) && !written.has(ports.preset(name)))
}

/** The output of `Energy.written` that is an argument of the process. */
export function lawArgument({ axis }: Pick<RandomAxis, 'axis'>, i: number): string {
  return ports.argument(ports.weight(axis), i)
}

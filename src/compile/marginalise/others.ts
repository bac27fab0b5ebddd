import { must } from '../../base/internal-error.ts'
import { gradient } from '../../ir/gradient.ts'
import type { NodeId } from '../../ir/graph.ts'
import { reachable, replaced } from '../../ir/walk.ts'
import type { EnergyVariable } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { ordinaryInputs } from '../type-range.ts'
import { type Dependence, dependence } from './dependence.ts'
import type { Elimination, SummedOut } from './elimination.ts'
import { type Pieces, pieceOver, takeApart } from './pieces.ts'
import { substitute } from './substitute.ts'
import type { SummedEnergy } from './work.ts'

type Other = SummedEnergy['others'][number]

/** An output that depends on the state and has to be averaged over it. */
export interface Dependent {
  readonly output: Other
  /** Set where it has no average: what is reported of a variable that went before, but for its mean. */
  readonly untold?: true
  /** Absent where each element depends on the state at its own site alone: it is weighed by the probabilities there. */
  readonly probe?: Probe
}

/**
 * The average of f is the derivative of the marginal by w, where `w * f` is added to the energy, at w = 0: so f may read
 * the state in any way in which a term may.
 */
interface Probe {
  /** w, an input over the axes of the output; in no graph once the average is taken. */
  readonly weight: NodeId
  readonly pieces: Pieces
}

/** All outputs that depend on the state; the one that cannot be averaged, if there is one. */
export function dependentsOf(
  work: SummedEnergy,
  { name, axes }: EnergyVariable,
  chain: string | undefined,
): { readonly dependents: readonly Dependent[]; readonly impossible?: Other } {
  const { builder, m } = work
  const state = builder.input(name, axes)
  const dependents: Dependent[] = []
  const kindOf = ({ node }: Other): Dependence | undefined => dependence(builder, reachable(builder, [node]), state, axes).get(node)
  const told = toldOf(work, (output) => kindOf(output) !== undefined)
  for (const output of work.others) {
    const kind = kindOf(output)
    if (told.spreads.has(output)) dependents.push({ output, untold: true })
    if (kind === undefined || told.spreads.has(output)) continue
    // What drives a neuron is not a part of the energy and has no average.
    if (ports.responsibilityOf(output.name) === undefined && !told.means.has(output)) return { dependents, impossible: output }
    if (kind === 'here' && axes.every((a) => builder.axes(output.node).includes(a))) {
      dependents.push({ output })
      continue
    }
    const weight = builder.input(`weight of ${output.name}`, output.axes)
    const root = m.sum(output.axes, m.mul(weight, output.node))
    const pieces = takeApart(builder, root, dependence(builder, reachable(builder, [root]), state, axes, chain), {
      node: state,
      sites: axes,
    })
    if (pieces.coupled !== undefined && told.means.has(output)) {
      dependents.push({ output, untold: true })
      continue
    }
    if (pieces.coupled !== undefined) return { dependents, impossible: output }
    dependents.push({ output, probe: { weight, pieces } })
  }
  return { dependents }
}

/** What is reported of the variables of which something depends on the state: means are averaged, spreads are not. */
function toldOf({ energy, others }: SummedEnergy, depends: (output: Other) => boolean) {
  const outputs = new Map(others.map((o) => [o.name, o]))
  const [means, spreads] = [new Set<Other>(), new Set<Other>()]
  for (const { name, told } of energy.eliminated) {
    const own = told.flatMap(({ what }) => {
      const output = outputs.get(ports.told(what, name))
      return output === undefined ? [] : [{ what, output }]
    })
    if (!own.some(({ output }) => depends(output))) continue
    for (const { what, output } of own) (what === 'mean' ? means : spreads).add(output)
  }
  return { means, spreads }
}

/** The averages of outputs that depend on a state, and what stands for the state without their probes. */
export function averaged(
  e: Elimination,
  summed: SummedOut,
  dependents: readonly Dependent[],
): { readonly summed: SummedOut; readonly others: readonly Other[] } {
  const { builder, m } = e.work
  const probes = dependents.flatMap((d) => (d.probe === undefined ? [] : [d.probe]))
  const free = probes.flatMap((p) => p.pieces.free.map((piece) => pieceOver(m, piece, [])))
  const weights = probes.map((p) => p.weight)
  const slopes = gradient(builder, m.plus(summed.marginal, ...free), weights, { inputs: ordinaryInputs(e.work.energy.variables) })
  const none = new Map(weights.map((w) => [w, m.k(0)]))
  const still = (x: NodeId): NodeId => must(replaced(builder, [x], none)[0], 'without probes')
  const mean = ({ output, probe }: Dependent): NodeId =>
    probe === undefined ? weighed(e, output.node, still(summed.probability)) : still(must(slopes[probes.indexOf(probe)], 'average'))
  const { marginal, probability, chain } = summed
  return {
    summed: {
      ...summed,
      marginal: still(marginal),
      probability: still(probability),
      ...(chain && { chain: { ...chain, forward: still(chain.forward), step: still(chain.step) } }),
    },
    others: e.work.others.flatMap((o) => {
      const dependent = dependents.find((d) => d.output === o)
      if (dependent?.untold === true) return []
      return [dependent === undefined ? o : { ...o, node: mean(dependent) }]
    }),
  }
}

function weighed({ work: { builder, m }, state, value, level }: Elimination, node: NodeId, probability: NodeId): NodeId {
  const [atLevel = node] = substitute(builder, [node], state, { here: value })
  return m.sum([level.name], m.mul(probability, atLevel))
}

import { must } from '../../base/internal-error.ts'
import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { simplify } from '../../ir/simplify.ts'
import { reachable, replaced } from '../../ir/walk.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import type { IntegratedComponent } from '../../middle/partition-program.ts'
import * as ports from '../../middle/ports.ts'
import { analysis, isFailure } from '../conditionals/analysis.ts'
import { precisionOf, weightOf } from '../conditionals/coefficients.ts'
import { linearGradient, lookAt, openScene } from '../conditionals/conditional.ts'
import type { Entry } from '../conditionals/entries.ts'
import { free, type Linear, plus } from '../conditionals/linear.ts'
import { numberOf } from '../conditionals/rules.ts'
import { dependence } from '../marginalise/dependence.ts'

/**
 * Vectors of means and the matrix S under them that are integrated out in turn: E is a Gaussian of the means whose precision is k P and
 * whose linear term is P q, with P = S or its inverse, and what is left without the means is linear in P and log|S|.
 */
export function normalMatrices(
  energy: Energy,
  axis: string,
  mean: EnergyVariable,
  matrix: EnergyVariable,
): IntegratedComponent | undefined {
  const { type } = matrix
  if (type.kind !== 'covariance') return undefined
  const { rows, columns } = type
  const groups = without(matrix.axes, [axis, rows, columns])
  const isVector = mean.axes.length === groups.length + 2 && [axis, ...groups, rows].every((a) => mean.axes.includes(a))
  if (!isVector || mean.type.kind !== 'real') return undefined
  const sceneOf = openScene(energy)
  const [ofMean, ofMatrix] = [sceneOf(mean), sceneOf(matrix)]
  const { a, opened } = ofMean
  const { m } = a
  const both = new Set([ofMean.state, ofMatrix.state])
  const terms = opened.terms.filter((t) => reachable(m.builder, [t.node]).some((n) => both.has(n)))
  const nodes = terms.map((t) => t.node)
  const byMean = analysis(a, ofMean.state, mean.axes, false)
  const look = nodes.map(byMean)
  if (look.some(isFailure)) return undefined
  const found = terms.map((term, i) => ({ term, node: term.node, linear: look[i] as Linear }))
  const moved = found.filter((f) => f.linear.quadratic || f.linear.parts.size > 0)
  const gradient = linearGradient(ofMean, { found: moved, look: byMean })
  if (gradient === undefined) return undefined
  const { node: precision, mixing } = precisionOf(a, gradient, mean.axes)
  const [mixed, ...others] = mixing
  if (mixed?.axis !== rows || others.length > 0) return undefined
  const byMatrix = lookAt(a, ofMatrix.state, matrix)
  const linear = m.neg(gradient.constant)
  const power = powerOf(byMatrix(precision), (e) => isPlaced(e, [rows, mixed.other]))
  const pulls = m.known(linear) !== 0
  if (power === undefined || (pulls && powerOf(byMatrix(linear), isPulling) !== power)) return undefined
  const kinds = dependence(m.builder, reachable(m.builder, [precision, linear]), ofMatrix.state, groups)
  if ([precision, linear].some((id) => kinds.get(id) === 'coupled')) return undefined
  const rest = restOf()
  if (rest === undefined || [...rest.parts.keys()].some((s) => s !== 'log' && s !== power) || rest.quadratic) return undefined
  const identity = m.equal(m.builder.index(rows), m.builder.index(columns))
  const [atOne = precision, q = linear] = replaced(m.builder, [precision, linear], new Map([[ofMatrix.state, identity]]))
  const first = (id: NodeId, along: string): NodeId => m.builder.pick(id, along, m.k(0))
  const k = first(first(atOne, rows), mixed.other)
  const own = [axis, ...groups]
  const members = [rows, columns]
  const statistics = [
    { port: 'log', node: weightOf(a, rest, 'log'), axes: own, order: groups },
    { port: 'matrix', node: weightOf(a, rest, power), axes: matrix.axes, order: [...groups, ...members] },
    { port: 'k', node: k, axes: own, order: groups },
    { port: 'q', node: q, axes: mean.axes, order: [...groups, rows] },
  ].map(({ port, ...s }) => ({ ...s, port: ports.coefficient(mean.name, port) }))
  return {
    form: power === 1 ? 'normal_wishart' : 'normal_inverse_wishart',
    graph: simplify(m.builder.part(statistics.map(({ port, node, axes }) => ({ name: port, node, axes })))),
    ...{ groups, members },
    statistics: statistics.map(({ port, order }) => ({ port, order })),
    variables: [
      { name: matrix.name, axes: matrix.axes, order: [...groups, ...members] },
      { name: mean.name, axes: mean.axes, order: [...groups, rows] },
    ],
    made: a.maker.made,
  }

  /** All terms where the means are 0, as a function of the matrix. */
  function restOf(): Linear | undefined {
    const zero = replaced(m.builder, nodes, new Map([[ofMean.state, m.k(0)]])).map(byMatrix)
    if (zero.some(isFailure)) return undefined
    return (zero as Linear[]).reduce((sum, x) => plus(a, sum, x), free(a, m.k(0)))
  }

  /** 1 or -1 where a node is linear in the matrix, or its inverse, by entries of this kind and nothing else. */
  function powerOf(x: ReturnType<typeof byMatrix>, is: (e: Entry) => boolean): 1 | -1 | undefined {
    if (isFailure(x) || x.quadratic || x.parts.size !== 1 || !isNothing(x.constant)) return undefined
    const [power, all] = must([...x.parts][0], 'part')
    return (power === 1 || power === -1) && all.every(is) ? power : undefined
  }

  function isNothing(id: NodeId): boolean {
    const { nodes: all, outputs } = simplify(m.builder.part([{ name: ports.result, node: id, axes: m.builder.axes(id) }]))
    const node = all[outputs[0]?.node ?? -1]
    return numberOf(a, id) === 0 || (node?.op === 'const' && node.value === 0)
  }

  function placeOf(e: Entry, of: string): Entry['coordinates'][number] {
    return must(e.coordinates[matrix.axes.indexOf(of)], of)
  }

  /** A multiple of the matrix itself, over these axes. */
  function isPlaced(e: Entry, over: readonly string[]): boolean {
    const [r, c] = [placeOf(e, rows), placeOf(e, columns)]
    const names = [r, c].flatMap((x) => (x.kind === 'tied' && x.offset === 0 ? [x.name] : []))
    return over.every((name) => names.includes(name)) && m.builder.axes(e.value).every((x) => !over.includes(x))
  }

  /** The matrix times a vector. */
  function isPulling(e: Entry): boolean {
    const both = [placeOf(e, rows), placeOf(e, columns)]
    const isOwn = both.some((x) => x.kind === 'tied' && x.offset === 0 && x.name === rows)
    return isOwn && both.some((x) => x.kind === 'free') && !m.builder.axes(e.value).includes(rows)
  }
}

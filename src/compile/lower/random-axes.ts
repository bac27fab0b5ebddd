import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Span } from '../../base/source.ts'
import { isProcess } from '../../families/processes/table.ts'
import { reached } from '../../ir/cut.ts'
import type { Graph, Node, NodeId } from '../../ir/graph.ts'
import { structure } from '../../ir/structure.ts'
import type { EnergyTerm, WrittenDensity } from '../../middle/energy.ts'
import type { Axis, Model, Variable } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import type { RandomAxis } from '../../middle/random-axis.ts'

interface LoweredModel {
  readonly model: Model
  /** The terms alone. */
  readonly graph: Graph
  readonly terms: readonly Pick<EnergyTerm, 'name' | 'span'>[]
  readonly implied: readonly WrittenDensity[]
}

/** The axes that processes make the elements of, how the model uses each, and what of that has no meaning for one without an end. */
export function randomAxesOf(lowered: LoweredModel): readonly RandomAxis[] {
  return lowered.model.axes.flatMap((axis) => {
    const { weights } = axis
    return weights === undefined || !isProcess(weights.family) ? [] : [randomAxis(lowered, axis, weights.family, weights)]
  })
}

function randomAxis(
  lowered: LoweredModel,
  { name: axis }: Axis,
  process: RandomAxis['process'],
  { args, span }: { readonly args: readonly unknown[]; readonly span: Span },
): RandomAxis {
  const variables = lowered.model.variables.filter((v) => v.label === undefined)
  const pickers = variables.filter((v) => v.role === 'state' && v.type.kind === 'element' && v.type.axis === axis)
  const slots = variables.filter((v) => v.axes.includes(axis))
  const refused = [
    ...pickerTroubles(lowered, axis, span, pickers),
    ...slots.flatMap((v) => slotTrouble(lowered.model, axis, v)),
    ...useTroubles(lowered, axis, { pickers, slots }),
  ]
  return {
    ...{ axis, process, span, arguments: args.length, refused },
    form: pickers.some((v) => v.axes.length > 0) ? 'rows' : 'pattern',
    pickers: pickers.map((v) => v.name),
    slots: slots.map((v) => v.name),
  }
}

function refusal(message: string, span: Span, hint: string): Diagnostic {
  return diagnostic('AMP601', message, { span, hint })
}

function pickerTroubles({ implied }: LoweredModel, axis: string, span: Span, pickers: readonly Variable[]): readonly Diagnostic[] {
  const [first, second] = pickers
  if (first === undefined) {
    const hint = `Declare one: state z : ${axis} for one element a pattern, or state z[row] : ${axis} for one a row.`
    return [refusal(`No state is an element of "${axis}", so nothing takes what its process makes.`, span, hint)]
  }
  const drawn = pickers.filter((v) => !implied.some((d) => d.variable === v.name))
  const byOthers = drawn.map((v) =>
    refusal(
      `"${v.name}" has a statement of its own, and is an element of "${axis}", whose process says how likely each is.`,
      v.nameSpan,
      'Leave the statement out, or give the axis a size.',
    ),
  )
  if (second === undefined || pickers.every((v) => v.axes.length > 0)) return byOthers
  const message = `"${first.name}" and "${second.name}" are both elements of "${axis}", and one of them is one a pattern.`
  return [...byOthers, refusal(message, second.nameSpan, `Give each an axis of its own, or both one: state ${first.name}[row] : ${axis}.`)]
}

/** What an element has that is new must be drawn. */
function slotTrouble({ terms }: Model, axis: string, { name, role, axes, nameSpan }: Variable): readonly Diagnostic[] {
  const hasPrior = terms.some((t) => t.kind === 'density' && t.variable === name)
  if (hasPrior && role !== 'data' && role !== 'input') return []
  const what = hasPrior ? `is ${role}, which is given` : 'has no prior'
  const hint = `Say what a new element has: memory ${name}[${axes.join(', ')}] ~ normal(0, 1), for one.`
  return [refusal(`"${name}" varies over "${axis}", whose elements are made as they are needed, and ${what}.`, nameSpan, hint)]
}

interface AxisUsers {
  readonly pickers: readonly Variable[]
  readonly slots: readonly Variable[]
}

/** E may look at elements one by one, as states pick them; all of them together stand in the priors of what they have alone. */
function useTroubles({ model, graph, terms }: LoweredModel, axis: string, { pickers, slots }: AxisUsers): readonly Diagnostic[] {
  const states = new Set(pickers.map((v) => v.name))
  const priors = new Set(model.terms.flatMap((t) => (t.kind === 'density' && slots.some((v) => v.name === t.variable) ? [t.name] : [])))
  return terms.flatMap(({ name, span }) => {
    const output = graph.outputs.find((o) => o.name === ports.term(name))
    if (output === undefined) return []
    const wrong = useTrouble(graph, axis, reached(graph.nodes, [output]), { states, prior: priors.has(name) })
    const hint = 'Let a state pick one: x ~ normal(mu[z], 1). For a number of elements that is fixed: axis NAME = 10 ~ dirichlet(0.1).'
    return wrong === undefined ? [] : [refusal(`This ${wrong} "${axis}", which has no end.`, span, hint)]
  })
}

function useTrouble(
  { nodes }: Graph,
  axis: string,
  ids: Iterable<NodeId>,
  { states, prior }: { readonly states: ReadonlySet<string>; readonly prior: boolean },
): string | undefined {
  const at = (id: NodeId | undefined): Node | undefined => (id === undefined ? undefined : nodes[id])
  const isPicker = (node: Node | undefined): boolean => node?.op === 'input' && states.has(node.name)
  for (const id of ids) {
    const node = at(id) as Node
    if ((node.op === 'size' || node.op === 'index') && node.axis === axis) return `counts the elements of`
    if (node.op === 'pick' && node.axis === axis) {
      if (!isPicker(at(node.args[1]))) return `picks by something else than a state that is an element of`
      continue
    }
    if (node.args.some((a) => isPicker(at(a)))) return `calculates with the numbers of elements of`
    const works = node.args.some((a, k) => at(a)?.axes.includes(axis) && structure(node).works(k).includes(axis))
    if (works && !(prior && node.op === 'sum')) return `brings together all elements of`
  }
  return undefined
}

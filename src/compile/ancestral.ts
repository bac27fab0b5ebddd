import { must } from '../base/internal-error.ts'
import { GraphBuilder, include, without } from '../ir/builder.ts'
import type { Graph } from '../ir/graph.ts'
import { simplify } from '../ir/simplify.ts'
import { type Model, partsOf } from '../middle/model.ts'
import * as ports from '../middle/ports.ts'
import type { AncestralProgram } from '../middle/program.ts'
import { holds } from './ancestral/holds.ts'
import { graphOf, type Source, sourceOf } from './ancestral/source.ts'
import { type TemperedSource, tempered } from './ancestral/tempered.ts'

/** Why a model cannot be drawn in order, each variable given those before it. */
export interface NotAncestral {
  readonly reason: string
}

interface Given {
  readonly observed?: ReadonlySet<string>
  readonly inferred?: ReadonlySet<string>
}

/**
 * How to draw a model's states in order, each given those it depends on: exact, independent draws of exp(-E/T) at
 * T = 1 when nothing is observed and no data are conditioned on; or why the model has no such order.
 */
export function readAncestral(model: Model, given: Given = {}): AncestralProgram | NotAncestral {
  const ordered = statements(model, given)
  return 'reason' in ordered ? ordered : programOf(ordered)
}

/**
 * The same at the temperature that the program reads: every statement to the power 1/T. It takes that all powers are
 * densities of families again, and that what normalises them anew does not depend on what was drawn before.
 */
export function readTempered(model: Model, given: Given = {}): AncestralProgram | NotAncestral {
  const ordered = statements(model, given)
  if ('reason' in ordered) return ordered
  const names = new Set(ordered.map((s) => s.name))
  const sources: TemperedSource[] = []
  for (const source of ordered) {
    const now = tempered(source, names)
    if ('reason' in now) return now
    sources.push(now)
  }
  return programOf(sources)
}

function statements(model: Model, given: Given): readonly Source[] | NotAncestral {
  const [observed] = given.observed ?? []
  if (observed !== undefined) return { reason: `"${observed}" is observed` }
  const weights = model.axes.filter((a) => a.weights?.family === 'dirichlet').map((a) => ports.weight(a.name))
  const drawn = model.variables.filter((v) => v.role === 'state' || given.inferred?.has(v.name) === true).map((v) => v.name)
  return orderedSources(model, new Set([...weights, ...drawn]))
}

/**
 * How to draw the variables `names` in order, given the others. With data among the names it makes new data from
 * the prior (as simulation-based calibration wants); a statement about anything that is not drawn must not depend on
 * what is.
 */
export function generativeProgram(model: Model, names: ReadonlySet<string>): AncestralProgram | NotAncestral {
  const ordered = orderedSources(model, names)
  return 'reason' in ordered ? ordered : programOf(ordered)
}

function orderedSources(model: Model, names: ReadonlySet<string>): readonly Source[] | NotAncestral {
  const neuron = model.variables.find((v) => v.lagrangian !== undefined)
  if (neuron !== undefined) return { reason: `the energy of the neuron "${neuron.name}" is not a density of it alone` }
  const sources: Source[] = []
  for (const name of names) {
    const source = sourceOf(model, name)
    if ('reason' in source) return source
    sources.push(source)
  }
  const reason = coupling(model, sources, names) ?? unavailable(model, sources)
  if (reason !== undefined) return { reason }
  const ordered = inOrder(sources, names)
  return ordered ?? { reason: 'some of its states depend on each other in a circle' }
}

/** Something else in the model that depends on what is drawn, and so is not drawn from its own statement alone. */
function coupling(model: Model, sources: readonly Source[], names: ReadonlySet<string>): string | undefined {
  const used = new Set(sources.map((s) => s.term))
  for (const term of model.terms) {
    if (used.has(term)) continue
    const parts = term.kind === 'energy' ? [term.value] : partsOf(term)
    const meets = parts.flatMap((p) => graphOf(model, p).inputs).find((p) => names.has(p.name))
    if (meets === undefined) continue
    if (term.kind === 'energy') return `the energy "${term.name}" weighs "${meets.name}" without being a normalised density`
    if (term.variable !== undefined) return `"${term.variable}" is given and depends on "${meets.name}"`
    return `the left side of the statement "${term.name}" is an expression of "${meets.name}"`
  }
  return undefined
}

function unavailable(model: Model, sources: readonly Source[]): string | undefined {
  for (const source of sources) {
    const reason = undrawable(source) ?? (holds(model, source) ? undefined : `the type of "${source.name}" cuts off a part of its density`)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** Why a statement does not say how to draw. */
export function undrawable(source: Source): string | undefined {
  // A shift leaves out the elements at the end of an axis: the statement does not say where those come from.
  return graphsOf(source).some((g) => g.nodes.some((n) => n.op === 'shift'))
    ? `the statement of "${source.name}" is shifted along an axis`
    : undefined
}

function graphsOf({ args, range, censored }: Source): readonly Graph[] {
  return [...args, ...[range, censored].flatMap((e) => (e === undefined ? [] : [e.lower, e.upper]))]
}

function inputsOf(source: Source): readonly string[] {
  return graphsOf(source).flatMap((g) => g.inputs.map((p) => p.name))
}

/** Each after everything it depends on; undefined when there is a circle. */
function inOrder(sources: readonly Source[], names: ReadonlySet<string>): readonly Source[] | undefined {
  const done = new Set<string>()
  const ordered: Source[] = []
  while (ordered.length < sources.length) {
    const next = sources.find((s) => !done.has(s.name) && inputsOf(s).every((n) => !names.has(n) || done.has(n)))
    if (next === undefined) return undefined
    done.add(next.name)
    ordered.push(next)
  }
  return ordered
}

/** The program that draws from these statements, each after everything it depends on. */
export function programOf(sources: readonly TemperedSource[]): AncestralProgram {
  const builder = new GraphBuilder()
  for (const source of sources) {
    const outer = without(source.axes, source.over)
    const write = (port: string, graph: Graph): void => {
      const ids = include(builder, graph)
      const id = must(ids[must(graph.outputs[0], 'value').node], 'value')
      builder.output(port, id, [...outer, ...ownAxes(builder.axes(id), outer, source)])
    }
    for (const [i, graph] of source.args.entries()) write(ports.argument(source.name, i), graph)
    if (source.range !== undefined) {
      write(ports.end(source.name, 'lower'), source.range.lower)
      write(ports.end(source.name, 'upper'), source.range.upper)
    }
    if (source.censored !== undefined) {
      write(ports.end(source.name, 'least'), source.censored.lower)
      write(ports.end(source.name, 'most'), source.censored.upper)
    }
    if (source.positive !== undefined) write(ports.positive(source.name), source.positive)
  }
  const draws = sources.map(({ name, axes, family, over, args, type, range, censored }) => ({
    name,
    axes,
    family,
    over,
    arguments: args.length,
    truncated: range !== undefined,
    censored: censored !== undefined,
    type,
  }))
  return { graph: simplify(builder.finish()), draws }
}

/**
 * The axes of an argument that the value's sites lack: those of the family in its order (both where it has one of two,
 * so that a matrix of means is whole), then others; the axis of the levels first, so that a table of moves is [from, to].
 */
function ownAxes(axes: readonly string[], outer: readonly string[], { over, type }: Source): readonly string[] {
  const own = without(axes, outer)
  const matrix = over.length === 2 && own.some((a) => over.includes(a)) && own.every((a) => over.includes(a))
  const along = matrix ? over : over.filter((a) => own.includes(a))
  const level = type.kind === 'element' ? own.filter((a) => a === type.axis) : []
  return [...level, ...without([...along, ...without(own, along)], level)]
}

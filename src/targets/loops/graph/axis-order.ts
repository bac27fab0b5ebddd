import type { Graph, Node } from '../../../ir/graph.ts'
import { axesNamed } from '../../../ir/structure.ts'

/** `before` should be an outer loop of `after`. */
interface Wish {
  readonly before: string
  readonly after: string
  readonly weight: number
}

/**
 * One order of all axes of a graph, outermost first. Every loop nest and every internal array follows it.
 *
 * An array is read fastest in the order in which it lies in memory, so the layouts of the inputs come first (larger
 * ranks weigh more), then those of the outputs; then what is reduced goes inside of what is kept, so that
 * a reduction ends before its loop's next round. Wishes that contradict heavier ones are dropped.
 */
export function axisOrder(graph: Graph): readonly string[] {
  const axes = [...new Set([...graph.inputs.flatMap((p) => p.axes), ...axesOfNodes(graph.nodes), ...graph.outputs.flatMap((p) => p.axes)])]
  const outer = new Map(axes.map((a) => [a, new Set<string>()] as const))
  for (const { before, after } of wishes(graph)) {
    if (before !== after && !reaches(outer, before, after)) outer.get(after)?.add(before)
  }
  return arranged(axes, outer)
}

function axesOfNodes(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((n) => [...n.axes, ...axesNamed(n)])
}

function wishes(graph: Graph): readonly Wish[] {
  const inputs = graph.inputs.flatMap((p) => pairs(p.axes, p.axes.length))
  const outputs = graph.outputs.flatMap((p) => pairs(p.axes, p.axes.length / 100))
  return [...added([...inputs, ...outputs]).sort((a, b) => b.weight - a.weight), ...reductionWishes(graph.nodes)]
}

function pairs(axes: readonly string[], weight: number): readonly Wish[] {
  return axes.flatMap((before, i) => axes.slice(i + 1).map((after) => ({ before, after, weight })))
}

function added(all: readonly Wish[]): Wish[] {
  const sums = new Map<string, Wish>()
  for (const w of all) {
    const key = JSON.stringify([w.before, w.after])
    sums.set(key, { ...w, weight: w.weight + (sums.get(key)?.weight ?? 0) })
  }
  return [...sums.values()]
}

/** Wishes are about speed: an operation without one is placed by the others. */
function reductionWishes(nodes: readonly Node[]): readonly Wish[] {
  return nodes.flatMap((n) => {
    if (n.op === 'scan') return reductionWishes(n.body.nodes)
    if ('rows' in n) return n.axes.flatMap((before) => [n.rows, n.columns].map((after) => ({ before, after, weight: 0 })))
    if (!('over' in n)) return []
    return n.axes.flatMap((before) => n.over.map((after) => ({ before, after, weight: 0 })))
  })
}

/** Whether `to` is already outside of `from`: then `from` cannot be outside of `to`. */
function reaches(outer: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set([from])
  for (const a of seen) for (const b of outer.get(a) ?? []) seen.add(b)
  return seen.has(to)
}

function arranged(axes: readonly string[], outer: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const done = new Set<string>()
  while (done.size < axes.length) {
    const next = axes.find((a) => !done.has(a) && [...(outer.get(a) ?? [])].every((b) => done.has(b)))
    if (next === undefined) break
    done.add(next)
  }
  return [...done]
}

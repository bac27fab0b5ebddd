import { mentions, withBatch } from '../ir/batch.ts'
import type { Graph } from '../ir/graph.ts'
import * as ports from '../middle/ports.ts'
import type { RetrievalProgram } from '../middle/program.ts'

/** A program's graph for many cues at once: over one more axis, first in every layout. */
export interface WideGraph {
  readonly rows: number
  readonly axis: string
  readonly graph: Graph
}

/** For so many cues at once, `perCue` being what each brings besides its coordinates. Apart, since it builds a graph. */
export function wideGraph({ graph, states }: RetrievalProgram, rows: number, perCue: readonly string[] = []): WideGraph {
  let axis = 'cue'
  while (mentions(graph, axis)) axis += '_'
  const moving = [...states.map((s) => ports.coordinate(s.name)), ...perCue]
  return { rows, axis, graph: withBatch(graph, moving, axis) }
}

import type { Diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { type Tensor, tensor, volume } from '../base/tensor.ts'
import type { Sizes } from '../ir/graph.ts'
import type { Target } from '../middle/executable.ts'
import type { WritingProgram } from '../middle/program.ts'
import { type OpenWriting, openWriting } from './writing.ts'

/** What one pattern is: values of states by name; elements are numbered from 0. */
export type PatternValues = (state: string) => Float64Array

/** Pattern after pattern through the rules, each on the memories as those before it left them. */
export interface WritingSession {
  step(values: PatternValues): Diagnostic | undefined
  /** The log density (nats) of the last pattern given those before it, where the program knows it. */
  logDensity(): number | undefined
  /** What the last pattern appended, by memory. */
  rows(): ReadonlyMap<string, Float64Array>
  /** Memories of constant size as they are now. */
  numbers(): ReadonlyMap<string, Float64Array>
  /** Memories that grow as they are now, where the session was given them. */
  grown(): ReadonlyMap<string, Tensor>
  dispose(): void
}

export interface SessionStart {
  readonly sizes: Sizes
  readonly values: ReadonlyMap<string, Float64Array>
  /** Memories that grow, as they are outside (elements from 1), where somebody reads them. */
  readonly grown?: ReadonlyMap<string, Tensor>
}

/** Whether a rule reads a memory that writes make longer, or how long it is: its graph is then opened anew for each pattern. */
export function readsGrowth({ graph, growing }: WritingProgram): boolean {
  const axes = new Set(Object.values(growing))
  return graph.nodes.some((node) => node.axes.some((a) => axes.has(a)) || (node.op === 'size' && axes.has(node.axis)))
}

export function openSession(program: WritingProgram, target: Target, { sizes, values, grown: first }: SessionStart): WritingSession {
  const anew = readsGrowth(program)
  let grown = new Map(first ?? [])
  let writing: OpenWriting | undefined
  let numbers: ReadonlyMap<string, Float64Array> = new Map(
    program.memories.flatMap(({ name }) => (program.growing[name] === undefined ? [[name, must(values.get(name), name)] as const] : [])),
  )
  const opened = (): OpenWriting => {
    const own = new Map(values)
    for (const [name, data] of numbers) own.set(name, data)
    for (const { name, type } of program.memories) {
      const now = grown.get(name)
      if (now !== undefined) own.set(name, type.kind === 'element' ? now.data.map((v) => v - 1) : now.data)
    }
    return openWriting(program, target, { sizes: { ...sizes, ...lengths(program, grown) }, values: own })
  }
  return {
    step(pattern) {
      if (anew) writing?.dispose()
      writing = anew || writing === undefined ? opened() : writing
      for (const [name, buffer] of writing.states) buffer.set(pattern(name))
      const trouble = writing.step()
      if (trouble !== undefined) return trouble
      numbers = writing.numbers
      if (grown.size > 0) grown = longer(program, grown, writing.rows)
      return undefined
    },
    logDensity: () => writing?.logDensity(),
    rows: () => writing?.rows ?? new Map(),
    numbers: () => numbers,
    grown: () => grown,
    dispose: () => writing?.dispose(),
  }
}

function lengths({ growing }: WritingProgram, grown: ReadonlyMap<string, Tensor>): Sizes {
  const found = [...grown].map(([name, t]) => {
    const axis = must(growing[name], name)
    return [axis, t.shape[t.axes.indexOf(axis)] as number] as const
  })
  return Object.fromEntries(found)
}

function longer(
  { growing }: WritingProgram,
  grown: ReadonlyMap<string, Tensor>,
  rows: ReadonlyMap<string, Float64Array>,
): Map<string, Tensor> {
  return new Map(
    [...grown].map(([name, t]) => {
      const row = rows.get(name)
      return [name, row === undefined ? t : withRow(t, must(growing[name], name), row)]
    }),
  )
}

/** A memory with one more element at the end of an axis. */
export function withRow({ axes, shape, data }: Tensor, axis: string, row: Float64Array): Tensor {
  const at = axes.indexOf(axis)
  const length = shape[at] as number
  const [outer, inner] = [volume(shape.slice(0, at)), volume(shape.slice(at + 1))]
  const all = new Float64Array(data.length + row.length)
  for (let o = 0; o < outer; o += 1) {
    all.set(data.subarray(o * length * inner, (o + 1) * length * inner), o * (length + 1) * inner)
    all.set(row.subarray(o * inner, (o + 1) * inner), (o * (length + 1) + length) * inner)
  }
  return tensor(axes, shape.with(at, length + 1), all)
}

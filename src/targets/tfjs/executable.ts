import { must } from '../../base/internal-error.ts'
import type { Graph, Port, Sizes } from '../../ir/graph.ts'
import { project, volumeOver } from '../../ir/layout.ts'
import type { Executable, ExecutableOptions, Target } from '../../middle/executable.ts'
import { kernel } from '../kernel.ts'
import type { Tf } from './load.ts'
import type { Output } from './plan.ts'
import { planTfjs } from './planner.ts'
import { Runner, upload } from './runner.ts'

/** The target that runs graphs on a loaded TensorFlow.js, which calls its backend `engine`; `once` works out what is fixed. */
export function targetOf(tf: Tf, engine: string, once: Target = kernel): Target {
  return (graph, sizes, options) => open({ tf, engine, once }, graph, sizes, options ?? {})
}

interface OpenedEngine {
  readonly tf: Tf
  readonly engine: string
  readonly once: Target
}

function open({ tf, engine, once }: OpenedEngine, graph: Graph, sizes: Sizes, options: ExecutableOptions): Executable {
  const fixed = options.fixed ?? new Set<string>()
  const plan = planTfjs(graph, { sizes, fixed })
  const runner = new Runner(tf, plan, sizes, once)
  const buffers = (ports: readonly Port[]): ReadonlyMap<string, Float64Array> =>
    new Map(ports.map((p) => [p.name, options.buffers?.get(p.name) ?? new Float64Array(volumeOver(p.axes, sizes))]))
  const inputs = buffers(graph.inputs)
  const outputs = buffers(graph.outputs)
  const axesOf = new Map(graph.inputs.map((p) => [p.name, p.axes]))
  const writers = plan.outputs.flatMap((o) => writerOf(o, axesOf, sizes))
  const given = (name: string): Float64Array => must(inputs.get(name), `input ${name}`)
  let changed: Set<string> | 'all' = 'all'
  const buffer = (name: string): Float64Array => must(outputs.get(name), `output ${name}`)
  return {
    inputs,
    outputs,
    run() {
      if (tf.getBackend() !== engine) void tf.setBackend(engine)
      if (changed === 'all' || changed.size > 0) runner.refresh(changed, given, (name, data) => buffer(name).set(data))
      changed = new Set()
      tf.tidy(() => {
        const at = runner.steps((name) => upload(tf, given(name), must(axesOf.get(name), name), sizes))
        for (const write of writers) write(buffer, given, (located) => at(located).dataSync() as Float32Array)
      })
    },
    touch(name) {
      if (changed !== 'all' && fixed.has(name)) changed.add(name)
    },
    dispose() {
      runner.dispose()
    },
  }
}

type OutputWriter = (
  buffer: (name: string) => Float64Array,
  given: (name: string) => Float64Array,
  read: (at: Extract<Output['from'], { kind: 'value' }>['at']) => Float32Array,
) => void

/** Copies one output out, in its layout. What is fixed was copied when it was worked out. */
function writerOf({ name, axes, from }: Output, axesOf: ReadonlyMap<string, readonly string[]>, sizes: Sizes): readonly OutputWriter[] {
  if (from.kind === 'once') return []
  const source = from.kind === 'input' ? must(axesOf.get(from.name), from.name) : from.at.axes
  const copy = copier(source, axes, sizes)
  if (from.kind === 'input') return [(buffer, given) => copy(given(from.name), buffer(name))]
  return [(buffer, _given, read) => copy(read(from.at), buffer(name))]
}

function copier(from: readonly string[], to: readonly string[], sizes: Sizes): (data: ArrayLike<number>, into: Float64Array) => void {
  if (from.join() === to.join()) return (data, into) => into.set(data)
  const places = project(to, from, sizes)
  return (data, into) => {
    for (let i = 0; i < places.length; i += 1) into[i] = data[places[i] as number] as number
  }
}

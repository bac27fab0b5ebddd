import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { must } from '../src/base/internal-error.ts'
import { onlyOutputs } from '../src/compile/outputs.ts'
import type { Graph } from '../src/ir/graph.ts'
import { volumeOver } from '../src/ir/layout.ts'
import { madeSizes } from '../src/middle/derived-sizes.ts'
import type { Executable } from '../src/middle/executable.ts'
import * as ports from '../src/middle/ports.ts'
import { wasmKnowing } from '../src/targets/wasm.ts'
import { median, timed } from './measure.ts'
import { graphOf, type ModelCase } from './models/load.ts'
import { normals } from './models/pair.ts'

/** What of a deep energy, in milliseconds: here, and by hand in numpy where there is one. */
export interface TransformerFigures {
  readonly name: string
  readonly amp: number
  readonly numpy: number | undefined
  /** Megabytes that memory has grown over all later runs. */
  readonly grown: number
}

const wanted = { energy: /^energy$/, x: /^(energy|gradient:x)$/, weights: /^(energy|gradient:(?!x$).*)$/ } as const
type Wanted = keyof typeof wanted

/** What the gradients are of; the rest stays what it is, as in the chains of contrastive divergence. */
const moving: Readonly<Record<Wanted, RegExp>> = { energy: /^coordinate:/, x: /^coordinate:x$/, weights: /^coordinate:/ }

interface Peer {
  readonly energy: number
  readonly lengths: Readonly<Record<string, number>>
  readonly milliseconds: Readonly<Record<Wanted, number>>
}

/** Two blocks, width 32, 32 sequences of 16 tokens (`bench/models/transformer.amp`). */
export function transformer(): readonly TransformerFigures[] {
  const text = readFileSync('bench/models/transformer.amp', 'utf8')
  const model: ModelCase = { text, reading: 'retrieval', sizes: { sequence: 32, token: 16, dim: 2 }, fixed: {}, coordinates: {} }
  const { graph, axes, known } = graphOf(model)
  const sizes = madeSizes(axes, model.sizes)
  const values = new Map(
    graph.inputs.map((p, k) => {
      const data = normals(volumeOver(p.axes, sizes), k + 1)
      return [
        p.name,
        p.name === ports.temperature ? Float64Array.of(1) : data.map((v) => v * (p.axes.includes('sequence') ? 1 : 0.2)),
      ] as const
    }),
  )
  const peer = byNumpy(graph, values, (axis) => must(sizes[axis], axis))
  return (Object.keys(wanted) as Wanted[]).map((what) => {
    const part = onlyOutputs(graph, new Map(graph.outputs.filter((o) => wanted[what].test(o.name)).map((o) => [o.name, o.name])))
    const names = new Set(part.inputs.map((p) => p.name))
    const fixed = new Set([...names].filter((name) => !moving[what].test(name)))
    const made = wasmKnowing(known)(part, sizes, { fixed, buffers: new Map([...values].filter(([name]) => names.has(name))) })
    for (let i = 0; i < 30; i++) made.run()
    if (peer !== undefined) agree(made, peer)
    const before = process.memoryUsage().rss
    const times = Array.from({ length: 200 }, () => timed(() => made.run()) / 1000)
    const grown = (process.memoryUsage().rss - before) / 2 ** 20
    return { name: what === 'energy' ? what : `energy and gradient of ${what}`, amp: median(times), numpy: peer?.milliseconds[what], grown }
  })
}

/** Undefined where there is no Python with numpy and scipy: `PYTHON` names one. */
function byNumpy(graph: Graph, values: ReadonlyMap<string, Float64Array>, sizeOf: (axis: string) => number): Peer | undefined {
  const shaped = (data: readonly number[], shape: readonly number[]): unknown => {
    const [first, ...rest] = shape
    if (first === undefined) return data[0]
    const step = data.length / first
    return Array.from({ length: first }, (_, i) => shaped(data.slice(i * step, (i + 1) * step), rest))
  }
  const input = JSON.stringify(
    Object.fromEntries(
      graph.inputs.map((p) => [p.name.replace('coordinate:', ''), shaped([...must(values.get(p.name), p.name)], p.axes.map(sizeOf))]),
    ),
  )
  const ran = spawnSync(process.env.PYTHON ?? 'python3', ['bench/peers/numpy_transformer.py'], { encoding: 'utf8', input })
  return ran.status === 0 ? (JSON.parse(ran.stdout) as Peer) : undefined
}

/** Both have the same energy, and gradients of the same lengths. */
function agree({ outputs }: Executable, { energy, lengths }: Peer): void {
  for (const [name, numbers] of outputs) {
    const of = name.replace('gradient:', '')
    const [found, right] = of === ports.energy ? [numbers[0] as number, energy] : [Math.hypot(...numbers), must(lengths[of], of)]
    if (!(Math.abs(found - right) <= 1e-9 * Math.abs(right))) throw new Error(`${name}: ${found} here and ${right} by numpy`)
  }
}

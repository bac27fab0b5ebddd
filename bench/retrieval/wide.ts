import { withBatch } from '../../src/ir/batch.ts'
import type { Graph } from '../../src/ir/graph.ts'
import type { Target } from '../../src/middle/executable.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { openTfjs, type TfjsBackend } from '../../src/targets/tfjs.ts'
import { median, timed } from '../measure.ts'
import { graphOf } from '../models/load.ts'
import { normals } from '../models/pair.ts'
import { memory } from './memory.ts'

export interface WideResult {
  readonly name: string
  /** Milliseconds for one look at every cue. */
  readonly loops: number
  readonly tensors: number
  /** The median of tensors / loops over the rounds. */
  readonly ratio: number
}

/** Rounds of A and B in turn, so that what else the machine does meets both alike. */
const ROUNDS = 5

/** Energies and gradients of a modern Hopfield memory at many cues: float64 loops against TensorFlow.js in float32. */
export async function wide(cues: number, patterns: number, pixels: number, backend: TfjsBackend): Promise<WideResult> {
  const opened = await openTfjs(backend)
  if (opened.backend === undefined) throw new Error(opened.passedOver.join(' '))
  const { graph: one } = graphOf(memory({ pattern: patterns, pixel: pixels }))
  const all = withBatch(one, ['coordinate:x'], 'cue')
  const sizes = { pattern: patterns, pixel: pixels, cue: cues }
  const [xi, x] = [normals(patterns * pixels, 1), normals(cues * pixels, 2)]
  const open = (target: Target, graph: Graph) => {
    const made = target(graph, sizes, { fixed: new Set(['xi', 'beta']) })
    made.inputs.get('xi')?.set(xi)
    made.inputs.get('beta')?.set([0.05])
    return made
  }
  const [loop, tensor] = [open(kernel, one), open(opened.target, all)]
  const found = new Float64Array(cues)
  const loops = (): void => {
    for (let k = 0; k < cues; k++) {
      loop.inputs.get('coordinate:x')?.set(x.subarray(k * pixels, (k + 1) * pixels))
      loop.run()
      found[k] = loop.outputs.get('energy')?.[0] ?? Number.NaN
    }
  }
  const tensors = (): void => {
    tensor.inputs.get('coordinate:x')?.set(x)
    tensor.run()
  }
  for (const warm of [loops, tensors]) warm()
  const energies = tensor.outputs.get('energy') ?? []
  const wrong = found.reduce((worst, e, k) => Math.max(worst, Math.abs(e - (energies[k] ?? Number.NaN)) / Math.abs(e)), 0)
  // Float32 sums of about a thousand terms: a hundred units of rounding.
  if (!(wrong <= 1e-5)) throw new Error(`the two differ by ${wrong}`)
  const rounds = Array.from({ length: ROUNDS }, () => ({ loops: timed(loops) / 1000, tensors: timed(tensors) / 1000 }))
  tensor.dispose()
  return {
    name: `modern Hopfield, ${cues} cues x ${patterns} x ${pixels}`,
    loops: median(rounds.map((r) => r.loops)),
    tensors: median(rounds.map((r) => r.tensors)),
    ratio: median(rounds.map((r) => r.tensors / r.loops)),
  }
}

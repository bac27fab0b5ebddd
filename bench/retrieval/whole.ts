import { load } from '../../src/api/load.ts'
import { type RetrieveResult, retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import { numbers } from '../../src/bind/given.ts'
import type { TfjsBackend } from '../../src/targets/tfjs.ts'
import { timedAsync } from '../measure.ts'
import { normals } from '../models/pair.ts'
import { memory } from './memory.ts'
import type { WideResult } from './wide.ts'

/** `amp retrieve` of many noisy cues to rest, from text to fixed points, once with loops and once with TensorFlow.js. */
export async function whole(cues: number, patterns: number, pixels: number, backend: TfjsBackend): Promise<WideResult> {
  const { text } = memory({})
  const xi = normals(patterns * pixels, 1)
  const noise = normals(cues * pixels, 2)
  const x = noise.map((e, i) => (xi[i] as number) + 0.5 * e)
  const given = {
    fixed: [{ name: 'xi', from: 'xi', value: numbers([patterns, pixels], xi) }],
    observed: [],
    cues: [{ name: 'x', from: 'x', value: numbers([cues, pixels], x) }],
  }
  const run = async (name: 'kernel' | TfjsBackend): Promise<RetrieveResult> => {
    const loaded = must(load({ name: 'modern_hopfield', text }).value, 'model')
    return must((await retrieve(loaded, given, { backend: name })).value, 'retrieval')
  }
  const [tensors, fast] = await timedAsync(() => run(backend))
  const [loops, exact] = await timedAsync(() => run('kernel'))
  const gap = exact.retrievals.reduce(
    (worst, { energy }, k) => Math.max(worst, Math.abs(energy - (fast.retrievals[k]?.energy ?? Number.NaN))),
    0,
  )
  // Energies of some hundred nats in float32 sums of 784 terms.
  if (!(gap <= 1e-2)) throw new Error(`the energies at rest differ by ${gap}`)
  return { name: `amp retrieve, ${cues} cues x ${patterns} x ${pixels}`, loops, tensors, ratio: tensors / loops }
}

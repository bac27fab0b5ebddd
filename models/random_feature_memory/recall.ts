import { blend, type Lab, minus, norm, numbersOf, type Vector } from 'amp-lang/experiment'
import { bits, flipped, maps, memory } from './features.ts'
import { images } from './images.ts'

const walk = { step: 0.1, maxSteps: 300 } as const

/** Bits recalled from patterns with a tenth of them flipped, by all patterns and by features: the share of wrong ones. */
export async function bitErrors(lab: Lab) {
  const [D, K, beta] = [lab.quick ? 50 : 100, lab.quick ? 5 : 20, lab.quick ? 60 : 30]
  const xi = bits(lab, 'recalled', K, D)
  const cue = { x: flipped(lab, 'cues', xi) }
  const wrong = (ends: readonly Vector[]): number => {
    const turned = ends.map((x, k) => x.filter((v, i) => v > 0.5 / Math.sqrt(D) !== ((xi[k] as Vector)[i] as number) > 0).length)
    return turned.reduce((a, b) => a + b, 0) / (K * D)
  }
  const ends = (found: Awaited<ReturnType<Lab['retrieve']>>) => found.map((r) => numbersOf(r.states.x))
  const exact = await lab.load('kernel_memory.amp')
  const all = wrong(ends(await lab.retrieve(exact, { memory: { xi }, param: { beta }, cue }, walk)))
  const by = async (Y: number): Promise<number> => {
    lab.progress(0.5, `recall with ${Y} features`)
    const store = await memory(lab, maps.waves, Y, beta, lab.seed)
    await store.write({ observed: { x: xi } })
    return wrong(ends(await store.retrieve({ cue }, walk)))
  }
  return { allPatterns: all, fewFeatures: await by(lab.quick ? 100 : 500), manyFeatures: await by(lab.quick ? 3000 : 8000) }
}

/** Images of which the last 40 % are hidden, by features against by all patterns. What is hidden starts at the mean of the images. */
export async function imagesFound(lab: Lab) {
  const beta = 60
  const xi = images(lab, lab.quick ? 5 : 20, lab.quick ? 8 : 12)
  const size = (xi[0] as Vector).length
  const shown = xi.map((image) => image.map((v, i) => (i < 0.6 * size ? v : Number.NaN)))
  const mean = blend(
    xi.map(() => 1 / xi.length),
    xi,
  )
  const start = shown.map((image) => image.map((v, i) => (Number.isNaN(v) ? (mean[i] as number) : v)))
  const inputs = { observed: { x: shown.map((image) => image.map((v) => (Number.isNaN(v) ? null : v))) }, cue: { x: start } }
  const exact = await lab.load('kernel_memory.amp')
  const wanted = (await lab.retrieve(exact, { ...inputs, memory: { xi }, param: { beta } }, walk)).map((r) => numbersOf(r.states.x))
  lab.progress(0.7, 'images')
  const store = await memory(lab, maps.waves, lab.quick ? 5000 : 20_000, beta, lab.seed)
  await store.write({ observed: { x: xi } })
  const found = (await store.retrieve(inputs, walk)).map((r) => numbersOf(r.states.x))
  const nearest = (x: Vector): number => {
    const apart = xi.map((image) => norm(minus(x, image)))
    return apart.indexOf(Math.min(...apart))
  }
  // A pixel of 1 is 1 / side here, so this is the mean square of a pixel from 0 to 1.
  const squares = found.map((x, k) => norm(minus(x, wanted[k] as Vector)) ** 2)
  return { images: found.filter((x, k) => nearest(x) === k).length / xi.length, apart: squares.reduce((a, b) => a + b, 0) / xi.length }
}

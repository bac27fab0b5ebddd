import { expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { givenOf } from '../../src/run/inputs.ts'
import { table } from './gallery.ts'

/**
 * Codes of digits behind a linear decoder, remembered as a mixture (Annabi, Pitti and Quoy 2022): a square of 16 x 16 pixels is not
 * observed, and codes and pixels take exact steps while the mixture grows narrower. Codes are principal components, whitened.
 */
const text = `model vae_memory
memory m[pattern, code]
data   V[code, pixel]
data   mean[pixel]
param  s : positive = 0.5
param  sx : positive
state  k : pattern
state  z[code] ~ normal(m[k], s)
state  x[pixel] ~ normal(mean + sum[code](V * z), sx)`

const [IMAGES, SIDE, CODES, STORED, CUES, MASK] = [300, 28, 64, 100, 25, 16]
const PIXELS = SIDE * SIDE
const digits = table('digits/digits.npy')
const images = Array.from({ length: IMAGES }, (_, i) => digits.data.slice(i * PIXELS, (i + 1) * PIXELS))
const stream = new Stream(fold(keyFromSeed(7), 'masks'))

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number)
  return sum
}

/** Directions of most variance, of unit length, by orthogonal iteration, and the standard deviations along them. */
function components(rows: readonly Float64Array[]) {
  const gram = rows.map((a) => Float64Array.from(rows, (b) => dot(a, b)))
  let basis = Array.from({ length: CODES }, () => Float64Array.from(rows, () => stream.normal()))
  for (let k = 0; k < 30; k += 1) {
    basis = basis.map((v) => Float64Array.from(gram, (row) => dot(row, v)))
    basis.forEach((v, i) => {
      for (const u of basis.slice(0, i)) {
        const along = dot(u, v)
        u.forEach((x, j) => {
          v[j] = (v[j] as number) - along * x
        })
      }
      const size = Math.sqrt(dot(v, v))
      v.forEach((x, j) => {
        v[j] = x / size
      })
    })
  }
  return basis.map((v) => {
    const direction = new Float64Array(PIXELS)
    rows.forEach((row, i) => {
      row.forEach((x, p) => {
        direction[p] = (direction[p] as number) + (v[i] as number) * x
      })
    })
    const size = Math.sqrt(dot(direction, direction))
    return { direction: direction.map((x) => x / size), deviation: size / Math.sqrt(rows.length) }
  })
}

const mean = Float64Array.from({ length: PIXELS }, (_, p) => images.reduce((sum, image) => sum + (image[p] as number), 0) / IMAGES)
const centred = images.map((image) => image.map((v, p) => v - (mean[p] as number)))
const parts = components(centred)
const V = parts.map(({ direction, deviation }) => [...direction.map((x) => x * deviation)])
const m = centred.slice(0, STORED).map((image) => parts.map(({ direction, deviation }) => dot(image, direction) / deviation))

const covered = images.slice(0, CUES).map((image) => {
  const [top, left] = [stream.integer(SIDE - MASK + 1), stream.integer(SIDE - MASK + 1)]
  const isCovered = (row: number, column: number): boolean => row >= top && row < top + MASK && column >= left && column < left + MASK
  return Array.from(image, (v, p) => (isCovered(Math.floor(p / SIDE), p % SIDE) ? null : v))
})

async function found(sx: number, s: readonly number[]) {
  const loaded = must(load({ name: 'vae_memory', text }).value, 'model')
  const cue = { z: covered.map(() => new Array<number>(CODES).fill(0)), x: 0.5 }
  const given = must(
    givenOf({ memory: { m }, data: { V, mean: [...mean] }, param: { sx }, observed: { x: covered }, cue } as never).value,
    'values',
  )
  const { value, diagnostics } = await retrieve(loaded, given, { anneal: { s } })
  const { retrievals } = must(value, JSON.stringify(diagnostics))
  let [nearest, close, steps] = [0, 0, 0]
  for (const [i, r] of retrievals.entries()) {
    const z = must(r.states.z, 'z').data
    const distances = m.map((own) => Math.sqrt(own.reduce((sum, v, c) => sum + (v - (z[c] as number)) ** 2, 0)))
    const is = distances.indexOf(Math.min(...distances)) === i
    if (is) nearest += 1
    if (is && (distances[i] as number) < 1) close += 1
    steps += r.steps
    expect(r.flows).toEqual(['exact'])
  }
  return { nearest, close, steps }
}

const ladder = (from: number, to: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, k) => from * (to / from) ** (k / (count - 1)))

/**
 * The codes of the right memory are the nearest ones whatever the widths. Whether they are within 1 of them, as Annabi et al. ask,
 * is a matter of the widths: the decoder leaves 0.09 a pixel unexplained, so that with sx = 0.1 and s = 0.5 codes follow what is seen
 * of a digit to 2 from its own memory. A narrower mixture at the end, or a wider sx, keeps them there. (Of 100 cues 97 are nearest by
 * either ladder, and 0 and 97 within 1; with sx = 0.3 and s = 0.5 it is 97 and 97.)
 */
it('covered digits come to the codes of their own memory, and into them as the mixture grows narrow', async () => {
  const wide = await found(0.1, ladder(3, 0.5, 5))
  expect(wide.nearest).toBeGreaterThanOrEqual(0.92 * CUES)
  expect(wide.close).toBeLessThan(0.1 * CUES)
  expect((await found(0.1, ladder(3, 0.1, 6))).close).toBeGreaterThanOrEqual(0.92 * CUES)
})

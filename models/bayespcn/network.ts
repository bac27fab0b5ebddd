import { type Lab, type LabStore, minus, norm, normals, numbersOf, plus, scaled, type Vector } from 'amp-lang/experiment'
import { type ImageShape, isHidden } from './images.ts'

/** A network with so many hidden neurons in each layer, whose memories are written. */
export async function network(lab: Lab, width: number): Promise<LabStore> {
  const model = await lab.load('bayespcn.amp', (text) => text.replaceAll(/(axis\s+h\d = )\d+/g, `$1${width}`))
  return lab.store(model)
}

const steps = { maxSteps: 1000 } as const

/** Images one by one, each once. */
export async function written(store: LabStore, all: readonly Vector[]): Promise<void> {
  for (const x of all) await store.write({ observed: { x } }, { retrieve: { maxSteps: 500 } })
}

/** Of each image, the mean square over what was hidden, when the right-hand quarter is. */
export async function maskErrors(store: LabStore, all: readonly Vector[], shape: ImageShape): Promise<Vector> {
  const found = await completed(store, all, shape)
  return all.map((image, k) => hiddenError(found[k] as Vector, image, shape))
}

export async function completed(store: LabStore, all: readonly Vector[], shape: ImageShape): Promise<readonly Vector[]> {
  const x = all.map((image) => image.map((v, i) => (isHidden(i, shape) ? null : v)))
  const cue = { x: all.map((image) => image.map(() => 0)) }
  return (await store.retrieve({ observed: { x }, cue }, steps)).map((r) => numbersOf(r.states.x))
}

export function hiddenError(found: Vector, image: Vector, shape: ImageShape): number {
  const squares = image.flatMap((v, i) => (isHidden(i, shape) ? [((found[i] as number) - v) ** 2] : []))
  return mean(squares)
}

/** The mean square that is left of noise of sd 0.2 on pixels from 0 to 1: the hidden layers are found for it, and then the image for them. */
export async function noiseLeft(lab: Lab, store: LabStore, all: readonly Vector[]): Promise<number> {
  const random = lab.random('noise')
  const x = all.map((image) => plus(image, scaled(normals(random, image.length), 0.4)))
  const hidden = await store.retrieve({ observed: { x } }, steps)
  const observed = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, hidden.map((r) => numbersOf(r.states[name]))]))
  const found = await store.retrieve({ observed }, steps)
  return mean(found.map((r, k) => norm(minus(numbersOf(r.states.x), all[k] as Vector)) ** 2 / (all[k] as Vector).length))
}

export const mean = (a: Vector): number => a.reduce((sum, v) => sum + v, 0) / a.length

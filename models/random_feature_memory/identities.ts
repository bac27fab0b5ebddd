import {
  blend,
  dot,
  estimate,
  furthest,
  type Lab,
  logSumExp,
  minus,
  norm,
  normals,
  numbersOf,
  plus,
  scaled,
  softmax,
  type Vector,
} from 'amp-lang/experiment'
import { maps, memory } from './features.ts'

const beta = 3

/** What follows from the formulas, against arithmetic of its own. */
export async function identities(lab: Lab) {
  return { ...(await exactly(lab)), ...(await algebra(lab)), ...(await unbiased(lab)) }
}

/** The memory with all patterns: its other forms, its density, its step. */
async function exactly(lab: Lab) {
  const model = await lab.load('kernel_memory.amp')
  const random = lab.random('exact')
  const [D, K] = [6, 5]
  const xi = Array.from({ length: K }, () => normals(random, D))
  const points = Array.from({ length: 20 }, () => normals(random, D))
  const inputs = { memory: { xi }, param: { beta }, cue: { x: points } }
  const energies = await lab.energies(model, inputs)
  const fields = (x: Vector): Vector => xi.map((p) => -(beta / 2) * norm(minus(x, p)) ** 2)
  const hopfield = points.map((x) => dot(x, x) / 2 - logSumExp(xi.map((p) => beta * dot(p, x) - (beta / 2) * dot(p, p))) / beta)
  const scale = (D / 2) * Math.log(beta / (2 * Math.PI))
  const density = points.map((x) => Math.log(xi.reduce((sum, p) => sum + Math.exp(scale - (beta / 2) * norm(minus(x, p)) ** 2), 0) / K))
  const stepped = await lab.retrieve(model, inputs, { maxSteps: 1, step: 1 })
  const shifted = stepped.map((r, i) => furthest(numbersOf(r.states.x), blend(softmax(fields(points[i] as Vector)), xi)))
  return {
    hopfield: furthest(energies, hopfield),
    density: furthest(energies.map((e) => -beta * e - Math.log(K) + scale), density), // biome-ignore format: one row
    meanShift: Math.max(...shifted),
  }
}

/** What holds for sines and cosines whatever was drawn. */
async function algebra(lab: Lab) {
  const store = await memory(lab, maps.waves, 200, beta, lab.seed)
  const random = lab.random('algebra')
  const D = 6
  const some = (n: number): readonly Vector[] => Array.from({ length: n }, () => normals(random, D))
  const [A, B] = [some(4), some(3)]
  const T = (): Vector => store.memory('T').numbers
  const [x = [], y = [], shift = []] = some(3)
  const similarity = async (at: Vector): Promise<number> => overlap(store, [at]).then((all) => all[0] as number)
  await store.write({ observed: { x: [x] } })
  const own = await similarity(x)
  const apart = await similarity(y)
  store.undo()
  await store.write({ observed: { x: [plus(x, shift)] } })
  const moved = await similarity(plus(y, shift))
  store.undo()
  const of = async (patterns: readonly Vector[]): Promise<Vector> => {
    await store.write({ observed: { x: patterns } })
    const sum = T()
    store.undo()
    return sum
  }
  const [a, b, both] = [await of(A), await of(B), await of([...A, ...B])]
  await store.write({ observed: { x: [...A, ...B] } })
  const { shape } = store.memory('T')
  store.forget({ observed: { x: B } })
  const left = T()
  const far = store.points({ cue: { x: [scaled(normals(random, D), 1e3)] } })[0]
  await store.write({ observed: { x: some(40) } })
  return {
    unit: Math.abs(own - 1),
    differences: Math.abs(moved - apart),
    additive: furthest(both, plus(a, b)),
    forgotten: furthest(left, a),
    length: furthest(store.memory('T').shape, shape),
    // Among draws of the features half of all far points have a similarity below 0.
    plateau: far === undefined || far.energy < -Math.log(1e-5) / beta - 1e-9 ? Number.NaN : norm(numbersOf(far.gradient.x)),
  }
}

/** The mean of <phi(x), phi(y)> over draws of the features, for each map. */
async function unbiased(lab: Lab) {
  const random = lab.random('unbiased')
  const D = 4
  const x = scaled(normals(random, D), 0.3)
  const y = scaled(normals(random, D), 0.3)
  const wanted = Math.exp(-(beta / 2) * norm(minus(x, y)) ** 2)
  const of = async (file: string) => {
    const found: number[] = []
    for (let draw = 0; draw < (lab.quick ? 20 : 200); draw += 1) {
      const store = await memory(lab, file, 20, beta, draw + 1)
      await store.write({ observed: { x: [x] } })
      found.push(((await overlap(store, [y]))[0] as number) - wanted)
    }
    return estimate(found)
  }
  return { waves: await of(maps.waves), cosines: await of(maps.cosines), positive: await of(maps.positive), paired: await of(maps.paired) }
}

const overlap = async (store: Awaited<ReturnType<typeof memory>>, points: readonly Vector[]): Promise<readonly number[]> =>
  (await store.retrieve({ cue: { x: points } }, { maxSteps: 0, report: ['similarity'] })).map(
    (r) => numbersOf(r.reported.similarity)[0] as number,
  )

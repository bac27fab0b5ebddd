import { dot, type Lab, minus, norm, normals, numbersOf, ofLength, type Vector } from 'amp-lang/experiment'

type Model = Awaited<ReturnType<Lab['load']>>

/** Seven patterns on the sphere of radius 3 sqrt(d - 1) of the paper's theorem: the error of one step, and where retrieval ends. */
export async function retrieval(lab: Lab, model: Model) {
  const [D, N] = [20, 7]
  const random = lab.random('separated')
  const M = 3 * Math.sqrt(D - 1)
  const xi = Array.from({ length: N }, () => ofLength(M, normals(random, D)))
  const from = async (beta: number, maxSteps: number) => {
    const ends = await lab.retrieve(model, { memory: { xi }, param: { beta }, cue: { x: xi } }, { maxSteps, ...(maxSteps === 1 ? { flow: 'fixed-point' as const } : {}) }) // biome-ignore format: one thought
    return ends.map((r) => numbersOf(r.states.x))
  }
  const ratios = async (beta: number): Promise<Vector> => {
    const [stepped, fixed] = [await from(beta, 1), await from(beta, 2000)]
    return xi.map((p, i) => {
      const separation = Math.min(...xi.flatMap((q, j) => (j === i ? [] : [dot(p, p) - dot(p, q)])))
      const away = norm(minus(fixed[i] as Vector, p))
      const bound = 2 * (N - 1) * Math.exp(-beta * (separation - 2 * away * M)) * M
      return norm(minus(p, stepped[i] as Vector)) / bound
    })
  }
  const [low, middle, high] = [await ratios(0.05), await ratios(0.1), await ratios(0.2)]
  const distinct = async (beta: number): Promise<number> => {
    const ends = await from(beta, 2000)
    return ends.filter((x, i) => ends.findIndex((y) => norm(minus(x, y)) < 1e-3 * M) === i).length
  }
  return {
    error: Math.max(...low, ...middle, ...high),
    global: await distinct(1e-3),
    single: await distinct(1),
  }
}

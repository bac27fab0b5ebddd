import { dot, furthest, furthestRelative, type Lab, logSumExp, minus, norm, normals, type Vector } from 'amp-lang/experiment'

const so = 0.1
const [H, D, N] = [5, 3, 12]

/** What follows from the formulas, against arithmetic of its own: ridge regression, a Gaussian process, a modern Hopfield network. */
export async function identities(lab: Lab) {
  return { ...(await layer(lab)), ...(await frozen(lab)) }
}

async function layer(lab: Lab) {
  const random = lab.random('layer')
  const z = Array.from({ length: N }, () => normals(random, H))
  const x = Array.from({ length: N }, () => normals(random, D))
  const model = await lab.load('layer.amp')
  const [one, many] = [lab.store(model), lab.store(model)]
  const logs: number[] = []
  for (const [k, row] of z.entries()) logs.push((await one.write({ observed: { z: row, x: x[k] as Vector } })).logDensity ?? Number.NaN)
  const batch = (await many.write({ observed: { z, x } })).logDensity ?? Number.NaN
  const stored = { precision: one.memory('precision stored of W').numbers, linear: one.memory('linear stored of W').numbers }
  const ridge = {
    precision: outer(H, H, (i, j) => (i === j ? 1 : 0) + sum(z, (row) => at(row, i) * at(row, j)) / so ** 2),
    linear: outer(H, D, (i, p) => sum(z, (row, k) => at(row, i) * at(x[k] as Vector, p)) / so ** 2),
  }
  const asked = normals(random, H)
  const found = (await one.retrieve({ observed: { z: asked } }))[0]
  const process = gaussianProcess(z, x, asked)
  // The log evidence of all outputs, given the inputs, and of the inputs themselves.
  const evidence = logEvidence(z, x) - sum(z, (row) => dot(row, row) / 2 + (H / 2) * Math.log(2 * Math.PI))
  const density = one.points({ cue: { z: [asked], x: [x[0] as Vector] } })[0]?.energy ?? Number.NaN
  const wanted = logNormals(minus(x[0] as Vector, process.mean), process.variance) - dot(asked, asked) / 2 - (H / 2) * Math.log(2 * Math.PI)
  one.forget({}, { label: String(N) })
  const less = lab.store(model)
  await less.write({ observed: { z: z.slice(0, -1), x: x.slice(0, -1) } })
  const deleted = furthestRelative(one.memory('precision stored of W').numbers, less.memory('precision stored of W').numbers)
  return {
    ridge: Math.max(...(['precision', 'linear'] as const).map((k) => furthestRelative(stored[k], ridge[k]))),
    order: furthestRelative(stored.linear, many.memory('linear stored of W').numbers),
    processMean: furthest(Array.from(found?.states.x?.data ?? []), process.mean),
    processDensity: Math.abs(density + wanted) / Math.abs(wanted),
    chain: Math.max(Math.abs(sum(logs, (v) => v) - evidence), Math.abs(batch - evidence)) / Math.abs(evidence),
    semigroup: await semigroup(lab, { z, x }),
    deleted,
  }
}

/** Decay by 0.3 and then 0.2 against 0.44 at once; by 0; by 1 against the empty store. */
async function semigroup(lab: Lab, observed: { readonly z: readonly Vector[]; readonly x: readonly Vector[] }): Promise<number> {
  const model = await lab.load('layer.amp')
  const after = async (...decays: readonly number[]): Promise<Vector> => {
    const store = lab.store(model)
    await store.write({ observed })
    for (const decay of decays) store.forget({}, { decay })
    return [...store.memory('precision stored of W').numbers, ...store.memory('linear stored of W').numbers]
  }
  const prior = [...outer(H, H, (i, j) => (i === j ? 1 : 0)), ...outer(H, D, () => 0)]
  return Math.max(
    furthestRelative(await after(0.3, 0.2), await after(0.44)),
    furthest(await after(0), await after()),
    furthest(await after(1), prior),
  )
}

/** Frozen components weighed by exp(|k|^2 / (2 so^2)): softmax attention, beta = 1 / so^2, and one constant. */
async function frozen(lab: Lab) {
  const random = lab.random('frozen')
  const k = Array.from({ length: 6 }, () => normals(random, D))
  const x = Array.from({ length: 20 }, () => normals(random, D))
  const noise = 0.7
  const energies = await lab.energies(await lab.load('frozen.amp'), { memory: { k }, param: { so: noise }, cue: { x } })
  const beta = 1 / noise ** 2
  const hopfield = x.map(
    (v) => (beta * dot(v, v)) / 2 - logSumExp(k.map((row) => beta * dot(row, v))) + (D / 2) * Math.log(2 * Math.PI * noise ** 2),
  )
  // The dot product with |k|^2 / so instead of |k|^2 / (2 so^2), as an option of the authors' code has it.
  const option = x.map((v) => -logSumExp(k.map((row) => dot(row, row) / noise - (beta / 2) * norm(minus(v, row)) ** 2)))
  const gaps = option.map((v, i) => v - (hopfield[i] as number))
  return { hopfield: furthest(energies, hopfield), option: Math.max(...gaps) - Math.min(...gaps) }
}

const at = (row: Vector, i: number): number => row[i] as number
const sum = <T>(all: readonly T[], of: (value: T, i: number) => number): number => all.reduce((total, v, i) => total + of(v, i), 0)
const outer = (rows: number, columns: number, of: (i: number, j: number) => number): Vector =>
  Array.from({ length: rows * columns }, (_, k) => of(Math.floor(k / columns), k % columns))

const logNormals = (gap: Vector, variance: number): number =>
  -dot(gap, gap) / (2 * variance) - (gap.length / 2) * Math.log(2 * Math.PI * variance)

/** Regression with the kernel z.z' and noise so^2, by its matrix over patterns. */
function gaussianProcess(z: readonly Vector[], x: readonly Vector[], asked: Vector) {
  const kernel = z.map((row) => dot(row, asked))
  const weights = solved(gram(z), [kernel])[0] as Vector
  const mean = Array.from({ length: D }, (_, p) => sum(weights, (w, i) => w * at(x[i] as Vector, p)))
  return { mean, variance: so ** 2 + dot(asked, asked) - dot(weights, kernel) }
}

const gram = (z: readonly Vector[]): number[][] => z.map((a, i) => z.map((b, j) => dot(a, b) + (i === j ? so ** 2 : 0)))

/** log N(outputs; 0, Z Z' + so^2 I), one output after the other. */
function logEvidence(z: readonly Vector[], x: readonly Vector[]): number {
  const outputs = Array.from({ length: D }, (_, p) => x.map((row) => at(row, p)))
  const all = solved(gram(z), outputs)
  const log = logDeterminant(gram(z))
  return sum(outputs, (y, p) => -0.5 * (dot(y, all[p] as Vector) + log + N * Math.log(2 * Math.PI)))
}

/** A^-1 b of several b by elimination. */
function solved(a: readonly (readonly number[])[], right: readonly Vector[]): readonly Vector[] {
  const m = a.map((row, i) => [...row, ...right.map((b) => at(b, i))])
  for (const [k, pivot] of m.entries()) {
    const head = pivot[k] as number
    pivot.forEach((v, j) => { pivot[j] = v / head }) // biome-ignore format: one thought
    for (const [i, row] of m.entries()) {
      const by = row[k] as number
      if (i !== k) row.forEach((v, j) => { row[j] = v - by * (pivot[j] as number) }) // biome-ignore format: one thought
    }
  }
  return right.map((_, c) => m.map((row) => row[a.length + c] as number))
}

function logDeterminant(a: readonly (readonly number[])[]): number {
  const m = a.map((row) => [...row])
  return sum(m, (pivot, k) => {
    for (const row of m.slice(k + 1)) {
      const by = (row[k] as number) / (pivot[k] as number)
      row.forEach((v, j) => { row[j] = v - by * (pivot[j] as number) }) // biome-ignore format: one thought
    }
    return Math.log(pivot[k] as number)
  })
}

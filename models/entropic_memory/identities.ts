import { furthest, type Lab, numbersOf, type Random, type Vector } from 'amp-lang/experiment'
import { draws } from './recall.ts'
import { memoryOf, type Pair, tableOf, withLevels } from './tables.ts'

const [N, P, LEVELS] = [5, 4, 4]

/** What follows from the definitions, against counts of its own. */
export async function identities(lab: Lab) {
  const random = lab.random('identities')
  const pairs = some(random, 8)
  return {
    ...(await projection(lab, pairs)),
    ...(await counting(lab, pairs)),
    ...(await single(lab, pairs[0] as Pair)),
    ...(await register(lab, pairs)),
  }
}

const some = (random: Random, count: number): readonly Pair[] => {
  const object = (size: number): Vector => Array.from({ length: size }, () => 1 + random.integer(LEVELS))
  return Array.from({ length: count }, () => ({ a: object(N), b: object(P) }))
}

/** How many pairs have level k at feature i of a and level l at feature j of b. */
const counted = (pairs: readonly Pair[], i: number, j: number, k: number, l: number): number =>
  pairs.filter(({ a, b }) => a[i] === k && b[j] === l).length

const ranges = (size: number, from = 0): readonly number[] => Array.from({ length: size }, (_, i) => from + i)
const levels = ranges(LEVELS, 1)

/** All counts in the order of R[a_feature, b_feature, a_level, b_level]. */
const tabled = (pairs: readonly Pair[]): Vector =>
  ranges(N).flatMap((i) => ranges(P).flatMap((j) => levels.flatMap((k) => levels.map((l) => counted(pairs, i, j, k, l)))))

/** What a cue projects to: Willshaw's recall by clipped outer products, and the unclipped sum of Kosko's memory. */
async function projection(lab: Lab, pairs: readonly Pair[]) {
  const store = await tableOf(lab, pairs, LEVELS)
  const random = lab.random('cues')
  // Stored, stored with one feature of another, and any.
  const cues = [
    ...pairs,
    ...pairs.map((p, i) => ({ a: p.a.map((v, f) => (f === 0 ? ((pairs[i - 1] ?? p).a[0] as number) : v)) })),
    ...some(random, 20),
  ].map((p) => p.a)
  const found = await store.retrieve({ observed: { a: cues } }, { maxSteps: 0, report: ['plane'] })
  const planes = found.map((r) => numbersOf(r.reported.plane))
  const cells = cues.map((a) => ranges(P).flatMap((j) => levels.map((l) => a.map((k, i) => counted(pairs, i, j, k, l)))))
  const support = cells.map((all) => all.map((counts) => counts.filter((c) => c > 0).length === N))
  const hebb = cells.map((all, c) => all.map((counts, at) => (support[c]?.[at] ? counts.reduce((x, y) => x + y, 0) : 0)))
  const others = planes.map((plane, c) => plane.filter((v, at) => v > 0 !== support[c]?.[at]).length)
  const uniform = (N + P) * Math.log(LEVELS)
  const energies = store.points({ observed: { a: pairs.map((p) => p.a), b: pairs.map((p) => p.b) } }).map((p) => p.energy)
  const byHand = pairs.map(
    ({ a, b }) => uniform - b.reduce((sum, l, j) => sum + Math.log(a.reduce((n, k, i) => n + counted(pairs, i, j, k, l), 0)), 0),
  )
  return {
    willshaw: others.reduce((x, y) => x + y, 0),
    bam: Math.max(...planes.map((plane, c) => furthest(plane, hebb[c] as Vector))),
    energy: furthest(energies, byHand),
    unknown: energies.filter((e) => !Number.isFinite(e)).length,
  }
}

/** Counting: in any order, in parts, there and back. */
async function counting(lab: Lab, pairs: readonly Pair[]) {
  const table = async (some: readonly Pair[]): Promise<Vector> => (await tableOf(lab, some, LEVELS)).memory('R').numbers
  const [all, backward] = [await table(pairs), await table([...pairs].reverse())]
  const [first, second] = [await table(pairs.slice(0, 3)), await table(pairs.slice(3))]
  const store = await tableOf(lab, pairs.slice(0, 3), LEVELS)
  const before = store.memory('R').numbers
  await store.write({ observed: { a: pairs.slice(3).map((p) => p.a), b: pairs.slice(3).map((p) => p.b) } }, { label: 'more' })
  store.forget({}, { label: 'more' })
  const mirrored = (
    await tableOf(
      lab,
      pairs.map(({ a, b }) => ({ a: b, b: a })),
      LEVELS,
    )
  ).memory('R').numbers
  const swapped = ranges(P).flatMap((j) => ranges(N).flatMap((i) => levels.flatMap((l) => levels.map((k) => counted(pairs, i, j, k, l)))))
  return {
    counts: furthest(all, tabled(pairs)),
    total: all.reduce((x, y) => x + y, 0) - pairs.length * N * P,
    order: furthest(all, backward),
    additive: furthest(all, first.map((v, i) => v + (second[i] as number))), // biome-ignore format: one row
    forgotten: furthest(before, store.memory('R').numbers),
    mirrored: furthest(mirrored, swapped),
  }
}

/** One pair: no entropy, and its partner by every method. */
async function single(lab: Lab, pair: Pair) {
  const store = await tableOf(lab, [pair], LEVELS)
  const [found] = await store.retrieve({ observed: { a: [pair.a] } }, { report: ['plane', 'entropy'] })
  const drawn = await draws(store, 0, pair.a)
  const test = await withLevels(lab, 'search_and_test.amp', LEVELS)
  const searched = await lab.retrieve(test, { memory: { R: memoryOf(store) }, observed: { a: [pair.a] }, cue: { b: [drawn[0] as Vector] } })
  const answers = [numbersOf(found?.likeliest.b), ...drawn, numbersOf(searched[0]?.states.b)]
  return {
    singleEntropy: numbersOf(found?.reported.entropy)[0] as number,
    singleCells: numbersOf(found?.reported.plane).filter((v) => v > 0).length - P,
    singleAnswers: answers.filter((b) => b.join() !== pair.b.join()).length,
  }
}

/** The register of single objects: a product of categoricals, and what a cue does to it. */
async function register(lab: Lab, pairs: readonly Pair[]) {
  const store = lab.store(await withLevels(lab, 'entropic_register.amp', LEVELS))
  await store.write({ observed: { v: pairs.map((p) => p.a) } })
  const R = store.memory('R').numbers
  const at = (i: number, k: number): number => R[i * LEVELS + k - 1] as number
  const objects = pairs.map((p) => p.a)
  // The normaliser of the cue's density, and of the levels.
  const offset = N * (Math.log(0.1 * LEVELS) + Math.log(2 * Math.PI) / 2 + Math.log(LEVELS))
  const energies = store.points({ observed: { v: objects, cue: objects } }).map((p) => p.energy)
  const byHand = objects.map((v) => offset - v.reduce((sum, k, i) => sum + Math.log(at(i, k)), 0))
  const hetero = (await tableOf(lab, pairs, LEVELS)).memory('R').numbers
  const marginal = ranges(N).flatMap((i) =>
    levels.map((k) => levels.reduce((sum, l) => sum + (hetero[((i * P + 1) * LEVELS + k - 1) * LEVELS + l - 1] as number), 0)),
  )
  const cue = objects[0] as Vector
  const asked = (sigma: number) => store.retrieve({ observed: { cue: [cue] }, param: { sigma } }, { report: ['entropy'] })
  const [[narrow], [wide]] = [await asked(1e-3), await asked(1e6)]
  const entropy = ranges(N).map((i) => -levels.reduce((sum, k) => sum + (at(i, k) === 0 ? 0 : (at(i, k) / 8) * Math.log2(at(i, k) / 8)), 0))
  return {
    marginal: furthest(marginal, R),
    product: furthest(energies, byHand),
    narrow: furthest(numbersOf(narrow?.likeliest.v), cue),
    wide: furthest(numbersOf(wide?.responsibilities.end.v), R.map((n) => n / pairs.length)), // biome-ignore format: one row
    entropy: Math.abs((numbersOf(wide?.reported.entropy)[0] as number) - entropy.reduce((x, y) => x + y, 0) / N),
  }
}

import { fitLine, type Lab, minus, numbersOf, smallestRise, type Vector } from 'amp-lang/experiment'
import { bits, flipped, maps, memory } from './features.ts'

/** How far the gradient is from that of the memory with all patterns: mean absolute difference of a coordinate. */
export async function errors(lab: Lab) {
  const K = lab.quick ? 50 : 500
  const sizes = lab.quick ? [125, 500, 2000] : [1000, 4000, 16_000]
  const draws = lab.quick ? 3 : 4
  const rows: { readonly Y: number; readonly error: Where }[] = []
  for (const Y of sizes) {
    lab.progress(0.2, `errors with ${Y} features`)
    rows.push({ Y, error: await meanError(lab, { D: 30, K, beta: 10, Y, draws }) })
  }
  const at = (where: keyof Where) => rows.map(({ Y, error }) => ({ x: Math.log(Y), y: Math.log(error[where]) }))
  const slopes = (['memories', 'near', 'random'] as const).map((where) => fitLine(at(where)).slope)
  const halved = rows.slice(1).map(({ error }, i) => (rows[i]?.error.memories as number) / error.memories)
  // With few patterns, a small run, most points are on the plateau.
  const [sharp, sharper] = lab.quick
    ? []
    : [await meanError(lab, { D: 100, K, beta: 30, Y: 16_000, draws: 2 }), await meanError(lab, { D: 100, K, beta: 50, Y: 4000, draws })]
  return {
    slowest: Math.max(...slopes),
    fastest: Math.min(...slopes),
    halved: halved.reduce((a, b) => a + b, 0) / halved.length,
    ordered: sharp && smallestRise([sharp.memories, sharp.near, sharp.random]),
    best: sharper && Math.min(sharper.near, sharper.random) - sharper.memories,
    rows,
  }
}

interface Where {
  readonly memories: number
  readonly near: number
  readonly random: number
}

interface Setting {
  readonly D: number
  readonly K: number
  readonly beta: number
  readonly Y: number
  readonly draws: number
}

async function meanError(lab: Lab, { D, K, beta, Y, draws }: Setting): Promise<Where> {
  const exact = await lab.load('kernel_memory.amp')
  const xi = bits(lab, `patterns ${D}`, K, D)
  const memories = xi.slice(0, 50)
  const places = { memories, near: flipped(lab, `near ${D}`, memories), random: bits(lab, `random ${D}`, 50, D) }
  const slopes = (points: readonly { readonly gradient: Readonly<Record<string, Parameters<typeof numbersOf>[0]>> }[]) =>
    points.map((p) => numbersOf(p.gradient.x))
  const sums = { memories: 0, near: 0, random: 0 }
  for (let draw = 1; draw <= draws; draw += 1) {
    const store = await memory(lab, maps.waves, Y, beta, lab.seed + draw)
    await store.write({ observed: { x: xi } })
    for (const where of ['memories', 'near', 'random'] as const) {
      const cue = { x: places[where] }
      const [here, there] = [slopes(store.points({ cue })), slopes(lab.points(exact, { memory: { xi }, param: { beta }, cue }))]
      sums[where] += meanDifference(here, there) / draws
    }
  }
  return sums
}

const meanDifference = (a: readonly Vector[], b: readonly Vector[]): number =>
  a.reduce((sum, v, i) => sum + minus(v, b[i] as Vector).reduce((all, d) => all + Math.abs(d), 0) / v.length, 0) / a.length

import { dot, furthest, type Lab, logSumExp, normals, numbersOf, type Vector } from 'amp-lang/experiment'
import { columns, combination, correlated, frame, projected, states, turnedFrame } from './frames.ts'

type Model = Awaited<ReturnType<Lab['load']>>

const BETA = 2

/** The text read with its hidden units integrated out, and with its spins summed out: against arithmetic over all states. */
export async function compare(lab: Lab, model: Model, projection: Model) {
  const [size, count] = lab.quick ? [8, 3] : [12, 4]
  const random = lab.random('identities')
  const patterns = correlated(random, count, size, 0.3)
  const q = frame(patterns)
  const all = states(size)
  const ofHopfield = all.map((s) => projected(q, s))
  const integrated = (W: readonly Vector[], s: readonly Vector[]) =>
    energies(lab, model, { memory: { W: columns(W) }, cue: { s } }, { integrate: ['lambda'] })
  const shift = (modes: number): number => (modes / (2 * BETA)) * Math.log((2 * Math.PI) / BETA)
  const visible = await integrated(q, all)
  const turned = await integrated(turnedFrame(random, q), all)
  const mixed = await integrated(frame(patterns.map((_, k) => combination(normals(random, count).with(k, 3), patterns))), all)
  const fromPatterns = await energies(lab, projection, { memory: { xi: patterns }, cue: { s: all } }, {})
  const spanned = all.map((s) => Math.abs(projected(q, s) + size / 2) < 1e-9)
  const atRest = await lab.retrieve(model, { memory: { W: columns(q) }, cue: { s: patterns } }, { integrate: ['lambda'] })
  const minimised = await lab.retrieve(model, { memory: { W: columns(q) }, observed: { s: all.slice(0, 64) } })
  const hidden = all.slice(0, 64).map(() => normals(random, count))
  const given = await energies(lab, model, { memory: { W: columns(q) }, cue: { s: all.slice(0, 64), lambda: hidden } }, { keep: ['s'] })
  const twoLayers = hidden.map((h, k) => dot(h, h) / 2 - q.reduce((sum, v, m) => sum + dot(v, all[k] as Vector) * (h[m] as number), 0))
  return {
    marginal: furthest(visible, ofHopfield.map((e) => e - shift(count))), // biome-ignore format: one thought
    gauge: furthest(turned, visible),
    span: furthest(mixed, visible),
    patterns: furthest(fromPatterns, ofHopfield),
    least: Math.min(...visible) + size / 2 + shift(count),
    minima: furthest(spanned.map(Number), visible.map((e) => Number(e + shift(count) < -size / 2 + 1e-9))), // biome-ignore format: one thought
    fixed: furthest(atRest.flatMap((r) => numbersOf(r.states.s)), patterns.flat()), // biome-ignore format: one thought
    minimum: furthest(minimised.map((r) => r.energy), ofHopfield.slice(0, 64)), // biome-ignore format: one thought
    minimiser: furthest(minimised.flatMap((r) => numbersOf(r.states.lambda)), all.slice(0, 64).flatMap((s) => q.map((v) => dot(v, s)))), // biome-ignore format: one thought
    layers: furthest(given, twoLayers),
    evidence: await bothSides(lab, model, frame(patterns.slice(0, 2))),
  }
}

/** log Z from the energy of the spins, over all states, and from that of two hidden units, by quadrature. */
async function bothSides(lab: Lab, model: Model, q: readonly Vector[]): Promise<number> {
  const inputs = { memory: { W: columns(q) } }
  const spins = await energies(lab, model, { ...inputs, cue: { s: states((q[0] as Vector).length) } }, { integrate: ['lambda'] })
  // Trapezoids of an analytic function that falls off like a Gaussian, nine of its widths beyond the farthest peak.
  const step = 0.2
  const line = Array.from({ length: 101 }, (_, k) => (k - 50) * step)
  const grid = line.flatMap((a) => line.map((b) => [a, b]))
  const hidden = await energies(lab, model, { ...inputs, cue: { lambda: grid } }, { sumOut: ['s'] })
  const sum = (energy: Vector): number => logSumExp(energy.map((e) => -BETA * e))
  return Math.abs(sum(spins) - (sum(hidden) + 2 * Math.log(step)))
}

async function energies(lab: Lab, model: Model, inputs: Parameters<Lab['retrieve']>[1], options: Parameters<Lab['retrieve']>[2]) {
  return (await lab.retrieve(model, inputs, { maxSteps: 0, ...options })).map((r) => r.energy)
}

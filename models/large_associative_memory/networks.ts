import { blend, dot, logSumExp, minus, norm, plus, scaled, softmax, type Vector } from 'amp-lang/experiment'

/** A layer as the paper has it: a convex Lagrangian, its gradient, and d' H d with its matrix of second derivatives. */
export interface Layer {
  lagrangian(x: Vector): number
  act(x: Vector): Vector
  curvature(x: Vector, d: Vector): number
}

export interface Network {
  readonly name: string
  /** The text, and what is given to it besides the memories. */
  readonly file: string
  readonly params: Readonly<Record<string, number>>
  readonly visible: Layer
  readonly hidden: Layer
  /** The input to the visible neurons, as a part of the first memory; 0 where left out. */
  readonly input?: number
  /** Whether memories have as many +1 as -1: a layer norm takes out their mean, and then they are nearer than they look. */
  readonly balanced?: boolean
}

const sum = (x: Vector): number => x.reduce((total, v) => total + v, 0)

const identity: Layer = { lagrangian: (v) => dot(v, v) / 2, act: (v) => v, curvature: (_, d) => dot(d, d) }

/** log cosh(x), which does not overflow. */
const logCosh = (x: number): number => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x))) - Math.LN2

const saturating = (b: number): Layer => ({
  lagrangian: (v) => sum(v.map((x) => logCosh(b * x))) / b,
  act: (v) => v.map((x) => Math.tanh(b * x)),
  curvature: (v, d) => b * sum(v.map((x, i) => (1 - Math.tanh(b * x) ** 2) * (d[i] as number) ** 2)),
})

const sign: Layer = { lagrangian: (v) => sum(v.map(Math.abs)), act: (v) => v.map(Math.sign), curvature: () => 0 }

const direction: Layer = {
  lagrangian: norm,
  act: (v) => scaled(v, 1 / norm(v)),
  curvature: (v, d) => (dot(d, d) - (dot(v, d) / norm(v)) ** 2) / norm(v),
}

const centred = (v: Vector): Vector => v.map((x) => x - sum(v) / v.length)

const layerNorm: Layer = {
  lagrangian: (v) => Math.sqrt(v.length) * norm(centred(v)),
  act: (v) => scaled(centred(v), Math.sqrt(v.length) / norm(centred(v))),
  curvature: (v, d) => Math.sqrt(v.length) * direction.curvature(centred(v), centred(d)),
}

const power = (n: number): Layer => ({
  lagrangian: (h) => sum(h.map((x) => Math.max(x, 0) ** n)) / n,
  act: (h) => h.map((x) => Math.max(x, 0) ** (n - 1)),
  curvature: (h, d) => (n - 1) * sum(h.map((x, k) => Math.max(x, 0) ** (n - 2) * (d[k] as number) ** 2)),
})

const attention = (beta: number): Layer => ({
  lagrangian: (h) => logSumExp(scaled(h, beta)) / beta,
  act: (h) => softmax(scaled(h, beta)),
  curvature(h, d) {
    const f = softmax(scaled(h, beta))
    return beta * (sum(f.map((p, k) => p * (d[k] as number) ** 2)) - dot(f, d) ** 2)
  },
})

const softmaxMemory = (beta: number): Network => ({
  name: `B, beta = ${beta}`,
  file: 'large_associative_memory.amp',
  params: { beta },
  visible: identity,
  hidden: attention(beta),
  input: 0.1,
})

/** The named models of the paper: A with a power, B with softmax, C on the sphere. */
export const networks = {
  A: { name: 'A, tanh', file: 'power_memory.amp', params: { n: 3, b: 5 }, visible: saturating(5), hidden: power(3) },
  sign: { name: 'A, sign', file: 'sign_memory.amp', params: { n: 3 }, visible: sign, hidden: power(3) },
  soft: softmaxMemory(0.3),
  sharp: softmaxMemory(1),
  C: { name: 'C, sphere', file: 'spherical_memory.amp', params: {}, visible: direction, hidden: power(3) },
  norm: { name: 'C, layer norm', file: 'layer_norm_memory.amp', params: {}, visible: layerNorm, hidden: power(3), balanced: true },
} as const satisfies Record<string, Network>

/** What joins two layers of a network. */
export interface Synapses {
  readonly xi: readonly Vector[]
  readonly input: Vector
  /** Time constant of the hidden neurons; that of the visible ones is 1. */
  readonly lag: number
}

export interface Point {
  readonly v: Vector
  readonly h: Vector
}

export const drive = ({ xi }: Synapses, g: Vector): Vector => xi.map((row) => dot(row, g))

/** The energy of Krotov and Hopfield: the Legendre transforms of both Lagrangians, less the synapses. */
export function energy({ visible, hidden }: Network, s: Synapses, { v, h }: Point): number {
  const [g, f] = [visible.act(v), hidden.act(h)]
  return dot(minus(v, s.input), g) - visible.lagrangian(v) + dot(h, f) - hidden.lagrangian(h) - dot(f, drive(s, g))
}

/** The same where hidden neurons are at rest, h = xi g. */
export function effectiveEnergy({ visible, hidden }: Network, s: Synapses, v: Vector): number {
  const g = visible.act(v)
  return dot(minus(v, s.input), g) - visible.lagrangian(v) - hidden.lagrangian(drive(s, g))
}

/** Their equations of motion: tau dv/dt = xi' f - leak v + I, and lag dh/dt = xi g - h. */
export function velocity({ visible, hidden }: Network, s: Synapses, { v, h }: Point, leak = 1): Point {
  const pull = plus(blend(hidden.act(h), s.xi), s.input)
  return { v: minus(pull, scaled(v, leak)), h: scaled(minus(drive(s, visible.act(v)), h), 1 / s.lag) }
}

/** dE/dt by the paper: -tau v' H_v v' - lag h' H_h h', which convex Lagrangians keep from rising. */
export function energyRate({ visible, hidden }: Network, s: Synapses, at: Point, rate: Point): number {
  return -visible.curvature(at.v, rate.v) - s.lag * hidden.curvature(at.h, rate.h)
}

export const moved = (from: Point, rate: Point, by: number): Point => ({
  v: plus(from.v, scaled(rate.v, by)),
  h: plus(from.h, scaled(rate.h, by)),
})

/** The path from a point by Euler steps of length dt, all its points. */
export function eulerPath(network: Network, s: Synapses, from: Point, dt: number, steps: number, leak = 1): readonly Point[] {
  const path = [from]
  for (let k = 0; k < steps; k += 1) {
    const here = path[k] as Point
    path.push(moved(here, velocity(network, s, here, leak), dt))
  }
  return path
}

/** Where the fourth-order Runge-Kutta method arrives. */
export function rungeKutta(network: Network, s: Synapses, from: Point, dt: number, steps: number): Point {
  let here = from
  for (let k = 0; k < steps; k += 1) {
    const a = velocity(network, s, here)
    const b = velocity(network, s, moved(here, a, dt / 2))
    const c = velocity(network, s, moved(here, b, dt / 2))
    const d = velocity(network, s, moved(here, c, dt))
    here = [a, b, b, c, c, d].reduce((at, rate) => moved(at, rate, dt / 6), here)
  }
  return here
}

import {
  dot,
  furthestRelative,
  type Lab,
  largestRise,
  norm,
  normals,
  numbersOf,
  plus,
  type Random,
  scaled,
  signs,
  type Vector,
} from 'amp-lang/experiment'
import { eulerPath, type Network, networks, type Point, rungeKutta, type Synapses } from './networks.ts'
import { inputsOf, type Key, keys, type Texts, worst } from './texts.ts'

export interface Recall {
  readonly synapses: Synapses
  readonly start: Point
}

/**
 * Six memories of twenty signs, no two of which overlap by more than 8, and the first with four signs flipped, and noise of
 * sd 0.2: drawn until no other memory overlaps this cue half as much, since cubes of overlaps mix memories that are about as
 * near. Hidden neurons start silent.
 */
export function recallOf(lab: Lab, network: Network, instance: number): Recall {
  const random = lab.random('recall', instance)
  const silent = Array.from({ length: 6 }, () => 0)
  for (;;) {
    const xi = Array.from({ length: 6 }, () => (network.balanced ? balancedSigns(random, 20) : signs(random, 20)))
    const v = (xi[0] as Vector).map((x, i) => (i < 4 ? -x : x) + 0.2 * random.normal())
    const [own, ...others] = xi.map((x) => Math.abs(dot(x, v))) as [number, ...number[]]
    const apart = xi.every((x, k) => xi.slice(0, k).every((y) => Math.abs(dot(x, y)) <= 8))
    if (!apart || worst(others) > own / 2) continue
    return { synapses: { xi, input: scaled(normals(random, 20), network.input ?? 0), lag: 0.3 }, start: { v, h: silent } }
  }
}

function balancedSigns(random: Random, length: number): Vector {
  for (;;) {
    const found = signs(random, length)
    if (found.reduce((sum, sign) => sum + sign, 0) === 0) return found
  }
}

/** Recall by each network: by the library in time, and along paths computed apart. */
export async function recall(lab: Lab, texts: Texts) {
  const rises: Partial<Record<Key | 'free', number>> = {}
  const paths: { readonly name: string; readonly energies: readonly number[] }[] = []
  const overlaps: number[] = []
  const ends: { readonly key: Key; readonly recalled: Recall; readonly energy: number }[] = []
  const apart: number[] = []
  let freeCosine = Number.NaN
  const instances = lab.quick ? 1 : 5
  const dt = lab.quick ? 4e-3 : 1e-3
  for (const [k, key] of keys.entries()) {
    lab.progress(0.3 + (0.5 * k) / keys.length, `recall by ${networks[key].name}`)
    const network: Network = networks[key]
    for (let instance = 0; instance < instances; instance += 1) {
      const recalled = recallOf(lab, network, instance)
      const { synapses: s, start } = recalled
      const [end] = await lab.retrieve(texts.of[key], inputsOf(network, s, [start]), { flow: 'ode', maxTime: 8, accuracy: 1e-8 })
      const v = numbersOf(end?.states.v)
      overlaps.push(dot(network.visible.act(v).map(Math.sign), s.xi[0] as Vector) / 20)
      ends.push({ key, recalled, energy: end?.energy ?? Number.NaN })
      // Sign neurons jump, which no method of high order follows.
      if (key !== 'sign') apart.push(furthestRelative(v, rungeKutta(network, s, start, 4 * dt, 2 / dt).v))
    }
    const { synapses: s, start } = recallOf(lab, network, 0)
    const path = eulerPath(network, s, start, dt, 8 / dt)
    const energies = await lab.energies(texts.of[key], inputsOf(network, s, path))
    rises[key] = largestRise(energies)
    paths.push({ name: network.name, energies: energies.filter((_, i) => i % (lab.quick ? 10 : 40) === 0) })
    if (key !== 'C') continue
    const free = eulerPath(network, s, start, dt, 8 / dt, 0)
    rises.free = largestRise(await lab.energies(texts.of.C, inputsOf(network, s, free)))
    const [a, b] = [path.at(-1)?.v ?? [], free.at(-1)?.v ?? []]
    freeCosine = dot(a, b) / (norm(a) * norm(b))
  }
  const F = (x: number): number => Math.max(x, 0) ** 3 / 3
  const signEnds = ends.filter(({ key }) => key === 'sign')
  const wells = ends.filter(({ key }) => key === 'soft' || key === 'sharp')
  return {
    paths,
    measured: {
      riseA: rises.A,
      riseSign: rises.sign,
      riseSoft: rises.soft,
      riseSharp: rises.sharp,
      riseC: rises.C,
      riseFree: rises.free,
      riseNorm: rises.norm,
      overlap: Math.min(...overlaps),
      floor: signEnds[0]?.energy,
      crossTalk: worst(
        signEnds.map(({ energy: e, recalled: { synapses } }) =>
          Math.abs(e + synapses.xi.reduce((sum, x) => sum + F(dot(x, synapses.xi[0] as Vector)), 0)),
        ),
      ),
      well: furthestFrom0(wells.map(({ energy: e, recalled: { synapses } }) => e - alone(synapses))),
      free: freeCosine,
      paths: worst(apart),
    },
  }
}

/** The energy of B at its first memory where no other attends: -|xi + I|^2 / 2. */
function alone({ xi, input }: Synapses): number {
  const at = plus(xi[0] as Vector, input)
  return -dot(at, at) / 2
}

const furthestFrom0 = (values: readonly number[]): number => values.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0)

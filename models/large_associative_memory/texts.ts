import type { Loaded } from 'amp-lang'
import { type Lab, normals, type Random, scaled, type Vector } from 'amp-lang/experiment'
import { type Network, networks, type Point, type Synapses } from './networks.ts'

export type Key = keyof typeof networks
export const keys = Object.keys(networks) as readonly Key[]

export interface Texts {
  readonly of: Readonly<Record<Key, Loaded>>
  readonly hopfield: Loaded
  readonly density: Loaded
}

export async function load(lab: Lab): Promise<Texts> {
  const loaded = await Promise.all(keys.map(async (key) => [key, await lab.load(networks[key].file)] as const))
  return {
    of: Object.fromEntries(loaded) as Record<Key, Loaded>,
    hopfield: await lab.load('../modern_hopfield/modern_hopfield.amp'),
    density: await lab.load('../kernel_density/kernel_density.amp'),
  }
}

/** What a text is given, at these points. */
export function inputsOf(network: Network, { xi, input, lag }: Synapses, points: readonly Point[]) {
  const I = network.input === undefined ? {} : { I: input }
  return { memory: { xi }, param: { ...network.params, ...I, lag }, cue: { v: points.map((p) => p.v), h: points.map((p) => p.h) } }
}

export const worst = (values: readonly number[]): number => Math.max(...values)

export function randomSynapses(random: Random, network: Network, hidden: number, visible: number): Synapses {
  const xi = Array.from({ length: hidden }, () => normals(random, visible))
  const input = network.input === undefined ? scaled(normals(random, visible), 0) : normals(random, visible)
  return { xi, input, lag: 0.1 + random.uniform() }
}

export const randomPoints = (random: Random, { xi }: Synapses, count: number): readonly Point[] =>
  Array.from({ length: count }, () => ({ v: normals(random, (xi[0] as Vector).length), h: normals(random, xi.length) }))

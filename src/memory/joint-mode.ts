import { must } from '../base/internal-error.ts'
import { type Tensor, tensor } from '../base/tensor.ts'
import { backward } from '../ir/backward.ts'
import { volumeOver } from '../ir/layout.ts'
import type { LevelDraw } from '../middle/energy.ts'
import type { Executable } from '../middle/executable.ts'
import { levelValue } from '../middle/kinds.ts'
import { type OpenSetting, open } from '../middle/open.ts'
import * as ports from '../middle/ports.ts'
import { shapeOf } from './layout.ts'

/** Finds the joint mode at values of everything else, by name; what is fixed is known. */
export interface ModeFinder {
  find(values: Readonly<Record<string, Float64Array>>): Readonly<Record<string, Tensor>>
  dispose(): void
}

/**
 * The joint mode of discrete states that were summed out, given the values of all others: each state at its best given those
 * before it, `modes` in their order (max-sum, then back; along chains Viterbi 1967). Of equal ones the first level, decided
 * state by state, and along a chain from its last element on.
 */
export function modeFinder(modes: readonly LevelDraw[], setting: OpenSetting): ModeFinder {
  const shared = new Map(setting.fixed)
  for (const { graph } of modes) {
    for (const { name, axes } of graph.inputs) if (!shared.has(name)) shared.set(name, new Float64Array(volumeOver(axes, setting.sizes)))
  }
  const opened = modes.map((mode) => ({ mode, executable: open(setting, mode.graph, shared) }))
  return {
    find(values) {
      for (const [name, data] of Object.entries(values)) shared.get(name)?.set(data)
      for (const name of setting.still ?? []) for (const { executable } of opened) executable.touch(name)
      return Object.fromEntries(
        opened.map(({ mode, executable }) => {
          executable.run()
          const found = best(mode, executable, setting)
          shared.get(mode.name)?.set(found.data)
          return [mode.name, found]
        }),
      )
    },
    dispose() {
      for (const { executable } of opened) executable.dispose()
    },
  }
}

function best({ axes, level, type, chain, graph }: LevelDraw, { outputs }: Executable, setting: OpenSetting): Tensor {
  const { sizes } = setting
  const result = tensor(axes, shapeOf(axes, sizes), new Float64Array(volumeOver(axes, sizes)))
  const put = (site: number, k: number): void => {
    result.data[site] = levelValue(type, k)
  }
  if (chain === undefined) {
    const score = must(outputs.get(ports.score), ports.score)
    const size = must(sizes[level], level)
    const at = (site: number): Float64Array => score.subarray(site * size, (site + 1) * size)
    for (let site = 0; site < result.data.length; site += 1) put(site, least(at(site).map((s) => -s)))
    return result
  }
  const [forward, step] = [ports.forward, ports.step].map((port) => must(outputs.get(port), port)) as [Float64Array, Float64Array]
  const stepAxes = must(
    graph.outputs.find((o) => o.name === ports.step),
    ports.step,
  ).axes
  backward({ axes, level, sizes, ...chain, forward, step, stepAxes }, least, put)
  return result
}

/** The place, from 0, of the least of some numbers; of equal ones the first. */
function least(energies: Float64Array): number {
  let at = 0
  for (let k = 1; k < energies.length; k += 1) if ((energies[k] as number) < (energies[at] as number)) at = k
  return at
}

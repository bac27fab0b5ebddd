import { must } from '../base/internal-error.ts'
import { fold, type Key, Stream } from '../base/random.ts'
import { exp } from '../base/special/exponential.ts'
import { cut } from '../ir/cut.ts'
import type { Graph } from '../ir/graph.ts'
import { volumeOver } from '../ir/layout.ts'
import type { ChainMove, ChainProgram, LangevinMove, LevelsMove, NormalMove, SitesMove } from '../middle/chain-program.ts'
import type { Executable } from '../middle/executable.ts'
import { levelValues } from '../middle/kinds.ts'
import { type OpenSetting, open } from '../middle/open.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import * as ports from '../middle/ports.ts'

/** OpenChains under way, one for each pattern of a batch. */
export interface OpenChains {
  /** Where each is, by state; laid out as states are, the chains first. */
  readonly values: ReadonlyMap<string, Float64Array>
  /** Makes the chains begin where `values` are now. */
  begin(): void
  /** So many sweeps, with the random numbers of this step. */
  run(sweeps: number, step: number): void
  dispose(): void
}

export type NegativeOptions = Pick<OptionsOf<'learn'>, 'chainStep' | 'chainNoise' | 'clamp'>

interface ChainSetting extends OpenSetting {
  /** The axis of the chains. */
  readonly patterns: string
  readonly key: Key
  /** What graphs read besides what is fixed: coordinates of params, what each pattern has. */
  readonly around: ReadonlyMap<string, Float64Array>
}

interface OpenMove {
  begin?(): void
  move(stream: Stream): void
}

type MoveOpener<M extends ChainMove> = (move: M, scene: MoveScene) => OpenMove

interface MoveScene {
  readonly setting: ChainSetting
  readonly chains: number
  /** Buffers by the names of inputs. */
  readonly buffers: ReadonlyMap<string, Float64Array>
  readonly options: NegativeOptions
  chainOf(name: string): Float64Array
  /** A graph made ready, with `more` buffers of its own. What does not move in a step's sweeps is worked out once for them. */
  opened(graph: Graph, more?: ReadonlyMap<string, Float64Array>): Executable
}

export function openChains(program: ChainProgram, given: ChainSetting, options: NegativeOptions): OpenChains {
  // What a pattern shows of a state is not where its chain is.
  const own = new Set(program.states.map((s) => s.name))
  const still = [...given.around.keys()].filter((name) => !own.has(name))
  const setting = { ...given, still, fixed: new Map([...given.fixed].filter(([name]) => !own.has(name))) }
  const chains = must(setting.sizes[setting.patterns], 'chains')
  const values = new Map(program.states.map(({ name, axes }) => [name, new Float64Array(chains * volumeOver(axes, setting.sizes))]))
  const asValues = [...values].map(([name, data]) => [ports.value(name), data] as const)
  const buffers = new Map([...setting.around, ...values, ...asValues])
  const executables: Executable[] = []
  const opened: MoveScene['opened'] = (graph, more = new Map()) => {
    const executable = open(setting, graph, new Map([...buffers, ...more, ...setting.fixed]))
    executables.push(executable)
    return executable
  }
  const scene: MoveScene = { setting, chains, buffers, options, chainOf: (name) => must(values.get(name), name), opened }
  const moves = program.moves.map((move) => (openers[move.by] as MoveOpener<ChainMove>)(move, scene))
  const renew = (): void => {
    for (const executable of executables) for (const name of still) executable.touch(name)
  }
  return {
    values,
    begin() {
      renew()
      for (const move of moves) move.begin?.()
    },
    run(sweeps, step) {
      renew()
      const stream = new Stream(fold(setting.key, step))
      for (let i = 0; i < sweeps; i += 1) for (const move of moves) move.move(stream)
    },
    dispose() {
      for (const executable of executables) executable.dispose()
    },
  }
}

const openers: { readonly [B in ChainMove['by']]: MoveOpener<Extract<ChainMove, { by: B }>> } = {
  levels: openLevels,
  normal: openNormal,
  sites: openSites,
  langevin: openLangevin,
}

/** The level below whose share of the whole a uniform number falls. */
function openLevels({ name, levels, graph }: LevelsMove, { setting, opened, chainOf }: MoveScene): OpenMove {
  const executable = opened(graph)
  const probabilities = must(executable.outputs.get(ports.responsibility(name)), name)
  const values = levelValues(levels, setting.sizes)
  const state = chainOf(name)
  return {
    move(stream) {
      executable.run()
      for (let i = 0, at = 0; i < state.length; i += 1, at += values.length) {
        let left = stream.uniform()
        let level = 0
        while (level < values.length - 1 && left >= (probabilities[at + level] as number)) {
          left -= probabilities[at + level] as number
          level += 1
        }
        state[i] = values[level] as number
      }
    },
  }
}

function openNormal({ name, graph }: NormalMove, { opened, chainOf }: MoveScene): OpenMove {
  const executable = opened(graph)
  const [mean, variance] = ['mean', 'variance'].map((port) => must(executable.outputs.get(port), port)) as [Float64Array, Float64Array]
  const state = chainOf(name)
  return {
    move(stream) {
      executable.run()
      for (let i = 0; i < state.length; i += 1) state[i] = (mean[i] as number) + Math.sqrt(variance[i] as number) * stream.normal()
    },
  }
}

/** Heat baths (Geman and Geman 1984): the same site in all chains, then the next. */
function openSites({ name, axes, levels, prepare, propose, commit }: SitesMove, scene: MoveScene): OpenMove {
  const { setting, chains, opened, chainOf } = scene
  const { sizes, fixed } = setting
  const values = levelValues(levels, sizes)
  const state = chainOf(name)
  const caches = new Map(prepare.outputs.map((o) => [o.name, new Float64Array(volumeOver(o.axes, sizes))]))
  const [before, after] = [new Float64Array(chains), new Float64Array(chains)]
  const own = new Map([...caches, [ports.before, before] as const, [ports.after, after] as const])
  const sites = new Map(axes.map((axis) => [ports.site(axis), new Float64Array(1)]))
  const preparing = opened(prepare, own)
  const proposing = opened(propose, new Map([...own, ...sites]))
  // It reads the caches that it writes anew.
  const committing = opened(commit, new Map([...own, ...sites].filter(([port]) => !caches.has(port))))
  const change = must(proposing.outputs.get(ports.change), 'change')
  const weights = new Float64Array(chains * values.length)
  const T = must(fixed.get(ports.temperature), 'temperature')
  const count = state.length / chains
  const shape = axes.map((axis) => must(sizes[axis], axis))
  return {
    move(stream) {
      preparing.run()
      for (let site = 0; site < count; site += 1) {
        select(sites, axes, shape, site)
        for (let c = 0; c < chains; c += 1) before[c] = state[c * count + site] as number
        for (let l = 0; l < values.length; l += 1) {
          after.fill(values[l] as number)
          proposing.run()
          for (let c = 0; c < chains; c += 1)
            weights[c * values.length + l] = before[c] === values[l] ? 0 : -(change[c] as number) / (T[0] as number)
        }
        for (let c = 0; c < chains; c += 1)
          after[c] = values[heatBath(weights, c * values.length, values.length, stream.uniform())] as number
        for (const [port, cache] of caches) committing.inputs.get(port)?.set(cache)
        committing.run()
        for (const [port, cache] of caches) cache.set(committing.outputs.get(port) ?? cache)
        for (let c = 0; c < chains; c += 1) state[c * count + site] = after[c] as number
      }
    },
  }
}

/** Writes where a site is along each of its axes. */
function select(sites: ReadonlyMap<string, Float64Array>, axes: readonly string[], shape: readonly number[], site: number): void {
  let rest = site
  for (let k = axes.length - 1; k >= 0; k -= 1) {
    const size = shape[k] as number
    const position = sites.get(ports.site(axes[k] as string))
    if (position !== undefined) position[0] = rest % size
    rest = Math.floor(rest / size)
  }
}

/** A level by its log weights. */
function heatBath(weights: Float64Array, at: number, count: number, uniform: number): number {
  let most = Number.NEGATIVE_INFINITY
  for (let l = 0; l < count; l += 1) most = Math.max(most, weights[at + l] as number)
  let total = 0
  for (let l = 0; l < count; l += 1) total += exp((weights[at + l] as number) - most)
  let left = uniform * total
  for (let l = 0; l < count - 1; l += 1) {
    left -= exp((weights[at + l] as number) - most)
    if (left < 0) return l
  }
  return count - 1
}

/** x' = x - s dE/dx / T + noise, without a correction: at noise sqrt(2 s) it draws from exp(-E/T) as s becomes small. */
function openLangevin({ states, graph }: LangevinMove, { setting, chains, options, opened, chainOf }: MoveScene): OpenMove {
  const { chainStep: size = defaults.chainStep, chainNoise = Math.sqrt(2 * size), clamp = Number.POSITIVE_INFINITY } = options
  const parts = states.map(({ name, coordinateAxes, inverse }) => {
    const coordinate = new Float64Array(chains * volumeOver(coordinateAxes, setting.sizes))
    return { name, coordinate, inverting: inverse && opened(inverse) }
  })
  const moving = new Map(parts.map((p) => [ports.coordinate(p.name), p.coordinate]))
  const isValue = (name: string): boolean => ports.valueOwner(name) !== undefined
  const some = (wanted: (name: string) => boolean): Graph =>
    cut(
      graph,
      graph.outputs.filter((o) => wanted(o.name)),
    )
  const sloping = opened(
    some((name) => !isValue(name)),
    moving,
  )
  const slopes = parts.map((p) => must(sloping.outputs.get(ports.gradient(p.name)), p.name))
  // Straight to where the chains are.
  const valuing = opened(some(isValue), moving)
  return {
    begin() {
      for (const { name, coordinate, inverting } of parts) {
        inverting?.run()
        coordinate.set(inverting?.outputs.get(ports.coordinate(name)) ?? chainOf(name))
      }
    },
    move(stream) {
      sloping.run()
      for (const [k, { coordinate }] of parts.entries()) {
        const slope = slopes[k] as Float64Array
        for (let i = 0; i < coordinate.length; i += 1) {
          const g = Math.min(clamp, Math.max(-clamp, slope[i] as number))
          coordinate[i] = (coordinate[i] as number) - size * g + chainNoise * stream.normal()
        }
      }
      valuing.run()
    },
  }
}

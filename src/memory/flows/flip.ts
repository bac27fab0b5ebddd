import { must } from '../../base/internal-error.ts'
import { fold, type Key, Stream } from '../../base/random.ts'
import type { OptionsOf } from '../../middle/options.ts'
import * as ports from '../../middle/ports.ts'
import type { DiscreteMachine } from '../machine.ts'

/** Asynchronous: one site after the other, each seeing the others' new values; synchronous: all at once, seeing the old ones. */
export interface FlipOptions extends Required<Pick<OptionsOf<'retrieve'>, 'update' | 'order'>> {
  /** For random orders. */
  readonly key: Key
}

/** Goes once through the sites of one discrete state; returns how many changed. `told`: by how much, for each that flips in turn. */
export type Sweep = (least: number, told?: (change: number) => void) => number

/**
 * Hopfield's update for any energy: a site takes the level of least energy if that is lower by more than `least`
 * (nats), given to each sweep. `held` marks the sites that do not move.
 */
export function sweepOf(machine: DiscreteMachine, held: Uint8Array, options: FlipOptions): Sweep {
  const sites = sitesOf(machine)
  if (options.update === 'synchronous') return (least) => together(machine, sites, held, least)
  const stream = new Stream(fold(options.key, `order of ${machine.state.name}`))
  const order = Int32Array.from({ length: sites.count }, (_, i) => i)
  return (least, told) => {
    if (options.order === 'random') shuffle(order, stream)
    return inTurn(machine, sites, held, order, { least, told })
  }
}

interface FlipSites {
  readonly count: number
  /** Writes the coordinates of a site where `propose` and `commit` read them. */
  select(site: number): void
  /** Energy of `level` less that of the present one, at the selected site. */
  change(old: number, level: number): number
  /** Makes the sums that hold the state follow a change at the selected site. */
  commit(old: number, level: number): void
  /** Works the sums out from scratch. */
  prepare(): void
}

function sitesOf(machine: DiscreteMachine): FlipSites {
  const { state, shape, prepare, propose, commit } = machine
  const sites = [propose, commit].map((e) => state.axes.map((axis) => e.inputs.get(ports.site(axis))))
  const olds = [propose, commit].map((e) => e.inputs.get(ports.before))
  const news = [propose, commit].map((e) => e.inputs.get(ports.after))
  const change = must(propose.outputs.get(ports.change), 'change of a flip')
  const caches = [...prepare.outputs.keys()]
  const write = (from: ReadonlyMap<string, Float64Array>): void => {
    for (const name of caches) {
      const data = from.get(name)
      if (data === undefined) continue
      propose.inputs.get(name)?.set(data)
      commit.inputs.get(name)?.set(data)
    }
  }
  const levels = (old: number, level: number): void => {
    for (const buffer of olds) if (buffer !== undefined) buffer[0] = old
    for (const buffer of news) if (buffer !== undefined) buffer[0] = level
  }
  return {
    count: machine.value.length,
    select(site) {
      let rest = site
      for (let a = shape.length - 1; a >= 0; a -= 1) {
        const size = shape[a] as number
        for (const at of sites) {
          const buffer = at[a]
          if (buffer !== undefined) buffer[0] = rest % size
        }
        rest = Math.floor(rest / size)
      }
    },
    change(old, level) {
      levels(old, level)
      propose.run()
      return change[0] as number
    },
    commit(old, level) {
      levels(old, level)
      commit.run()
      write(commit.outputs)
    },
    prepare() {
      prepare.run()
      write(prepare.outputs)
    },
  }
}

/** The level of least energy at the selected site, if it is lower than the present one by more than `least`; leaves by how much in `gain`. */
function better(machine: DiscreteMachine, sites: FlipSites, old: number, least: number, gain: Float64Array): number | undefined {
  let best: number | undefined
  let lowest = -least
  for (const level of machine.levels) {
    if (level === old) continue
    const change = sites.change(old, level)
    if (change < lowest) {
      lowest = change
      best = level
    }
  }
  gain[0] = lowest
  return best
}

interface Telling {
  readonly least: number
  readonly told: ((change: number) => void) | undefined
}

function inTurn(machine: DiscreteMachine, sites: FlipSites, held: Uint8Array, order: Int32Array, { least, told }: Telling): number {
  const gain = new Float64Array(1)
  sites.prepare()
  let changed = 0
  for (const site of order) {
    if (held[site] === 1) continue
    const old = machine.value[site] as number
    sites.select(site)
    const level = better(machine, sites, old, least, gain)
    if (level === undefined) continue
    sites.commit(old, level)
    machine.value[site] = level
    changed += 1
    told?.(gain[0] as number)
  }
  return changed
}

function together(machine: DiscreteMachine, sites: FlipSites, held: Uint8Array, least: number): number {
  const next = machine.all === undefined ? bestEach(machine, sites, held, least) : flipped(machine, held, least)
  let changed = 0
  next.forEach((level, site) => {
    if (level !== machine.value[site]) changed += 1
  })
  machine.value.set(next)
  return changed
}

function bestEach(machine: DiscreteMachine, sites: FlipSites, held: Uint8Array, least: number): Float64Array {
  sites.prepare()
  const gain = new Float64Array(1)
  return machine.value.map((old, site) => {
    if (held[site] === 1) return old
    sites.select(site)
    return better(machine, sites, old, least, gain) ?? old
  })
}

function flipped(machine: DiscreteMachine, held: Uint8Array, least: number): Float64Array {
  const all = must(machine.all, 'changes of all flips')
  const change = must(all.outputs.get(ports.change), 'changes of all flips')
  const [first, second] = machine.levels as readonly [number, number]
  all.run()
  return machine.value.map((old, site) => (held[site] === 1 || (change[site] as number) >= -least ? old : old === first ? second : first))
}

/** Fisher and Yates. */
function shuffle(order: Int32Array, stream: Stream): void {
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = stream.integer(i + 1)
    const kept = order[i] as number
    order[i] = order[j] as number
    order[j] = kept
  }
}

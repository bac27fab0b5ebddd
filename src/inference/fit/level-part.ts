import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import { log as logOf } from '../../base/special/logarithm.ts'
import { offsets, sizeOf, stridesOver } from '../../ir/layout.ts'
import type { LevelBlock } from '../../middle/fit-program.ts'
import { levelValue } from '../../middle/kinds.ts'
import { type OpenSetting, open } from '../../middle/open.ts'
import * as ports from '../../middle/ports.ts'
import type { FitBuffers } from './part.ts'
import type { LevelShares } from './shares.ts'

/** A discrete variable whose q is any distribution over levels at each site by itself. */
export function levelPart(block: LevelBlock, setting: OpenSetting, { means, values, sums }: FitBuffers): LevelShares {
  const { name, axes, over, level, type, meets } = block
  const { sizes } = setting
  const executable = open(setting, block.graph, means)
  const energy = must(executable.outputs.get(ports.energy), name)
  const q = must(means.get(name), name)
  const own = must(values.get(name), name)
  const strides = stridesOver(over, sizes)
  const sites = offsets(axes, sizes, strides)
  const levels = level === undefined ? 2 : sizeOf(level, sizes)
  const stride = level === undefined ? 0 : must(strides.get(level), level)
  const p = new Float64Array(levels)

  /** The probabilities of the levels of a site by their energies, to `p`; of those `among` which it may take. */
  function read(site: number, among?: readonly number[]): void {
    const at = sites[site] as number
    let least = Number.POSITIVE_INFINITY
    for (let k = 0; k < levels; k += 1) {
      const own = level === undefined ? k * (energy[at] as number) : (energy[at + k * stride] as number)
      const e = among === undefined || among.includes(k) ? own : Number.POSITIVE_INFINITY
      p[k] = e
      if (e < least) least = e
    }
    let total = 0
    for (let k = 0; k < levels; k += 1) {
      p[k] = exp(least - (p[k] as number))
      total += p[k] as number
    }
    for (let k = 0; k < levels; k += 1) p[k] = (p[k] as number) / total
  }

  /** Of q itself, to `p`. */
  function load(site: number): void {
    const at = sites[site] as number
    if (level === undefined) {
      p[1] = q[at] as number
      p[0] = 1 - (p[1] as number)
    } else for (let k = 0; k < levels; k += 1) p[k] = q[at + k * stride] as number
  }

  function store(site: number): void {
    sums.changed()
    const at = sites[site] as number
    if (level === undefined) q[at] = p[1] as number
    else for (let k = 0; k < levels; k += 1) q[at + k * stride] = p[k] as number
  }

  function allAtOnce(): void {
    sums.fresh()
    executable.run()
    for (let s = 0; s < sites.length; s += 1) {
      read(s)
      store(s)
    }
  }

  /** Sites that meet go all at once as long as that does not lower the ELBO, and in turn where it does. */
  function oneByOne(before: Float64Array): void {
    q.set(before)
    for (let s = 0; s < sites.length; s += 1) {
      sums.fresh()
      executable.run()
      read(s)
      store(s)
    }
  }

  return {
    names: [name],
    update(elbo) {
      if (!meets) allAtOnce()
      else {
        const [least, before] = [elbo(), q.slice()]
        allAtOnce()
        if (!(elbo() >= least)) oneByOne(before)
      }
      return q.every((x) => x >= 0) ? undefined : name
    },
    entropy() {
      let sum = 0
      if (level === undefined) for (const at of sites) sum -= plogp(q[at] as number) + plogp(1 - (q[at] as number))
      else for (const at of sites) for (let k = 0; k < levels; k += 1) sum -= plogp(q[at + k * stride] as number)
      return sum
    },
    draw(stream: Stream) {
      let log = 0
      for (let s = 0; s < sites.length; s += 1) {
        load(s)
        const k = drawn(stream, p)
        own[s] = levelValue(type, k)
        log += logOf(p[k] as number)
      }
      return log
    },
    pin() {
      const low = levelValue(type, 0)
      for (let s = 0; s < sites.length; s += 1) {
        for (let k = 0; k < levels; k += 1) p[k] = level === undefined ? Number((own[s] !== low) === (k === 1)) : Number(own[s] === k)
        store(s)
      }
    },
    moments: () => [],
    ...{ sites: sites.length, levels },
    of(site, k) {
      const at = sites[site] as number
      if (level !== undefined) return q[at + k * stride] as number
      return k === 1 ? (q[at] as number) : 1 - (q[at] as number)
    },
    counts() {
      const all = new Float64Array(levels)
      for (let s = 0; s < sites.length; s += 1) {
        load(s)
        for (let k = 0; k < levels; k += 1) all[k] = (all[k] as number) + (p[k] as number)
      }
      return all
    },
    put(site, k) {
      p.fill(0)
      if (k !== undefined) p[k] = 1
      store(site)
    },
    give(site, k, share) {
      sums.changed()
      const at = sites[site] as number
      if (level !== undefined) q[at + k * stride] = share
      else if (k === 1) q[at] = share
    },
    pour(from, to) {
      for (let s = 0; s < sites.length; s += 1) {
        load(s)
        p[to] = (p[to] as number) + (p[from] as number)
        p[from] = 0
        store(s)
      }
    },
    reorder(order) {
      const before = new Float64Array(levels)
      for (let s = 0; s < sites.length; s += 1) {
        load(s)
        before.set(p)
        order.forEach((k, i) => {
          p[i] = before[k] as number
        })
        store(s)
      }
    },
    weigh() {
      sums.fresh()
      executable.run()
    },
    choose(site) {
      read(site)
      store(site)
    },
    assign(site, among) {
      read(site, among)
      store(site)
    },
  }
}

/** Below 1e-30 it is lost beside what else an entropy has. */
const plogp = (p: number): number => (p > 1e-30 ? p * logOf(p) : 0)

/** The first level up to which the probabilities add up to more than a uniform number. */
function drawn(stream: Stream, p: Float64Array): number {
  let left = stream.uniform()
  let last = 0
  for (let k = 0; k < p.length; k += 1) {
    if ((p[k] as number) > 0) last = k
    left -= p[k] as number
    if (left < 0) return last
  }
  return last
}

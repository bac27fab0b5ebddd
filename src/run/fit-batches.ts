import { must } from '../base/internal-error.ts'
import { fold, Stream } from '../base/random.ts'
import { pow } from '../base/special/pow.ts'
import type { FitPart } from '../inference/fit/part.ts'
import { sizeOf, volumeOver } from '../ir/layout.ts'
import { gather, scatterBack, withSizes } from './fit-rows.ts'
import { type FitScene, meansOf, openFit } from './fit-scene.ts'

/** Coordinate ascent some rows at a time: the only block is one pass over all batches. */
export interface BatchedAscent {
  readonly pass: FitPart
  /** After a pass. */
  elbo(): number
}

/**
 * After each batch what rows share is updated, by the sums of all rows: those of this batch are new, those of others as they were when
 * they were last looked at (Hughes and Sudderth 2013; Neal and Hinton 1998), so no pass lowers the ELBO. In the first `stochastic` passes
 * sums are instead running averages of what each batch would make of all rows (Cappe and Moulines 2009; Hoffman, Blei, Wang and
 * Paisley 2013), which is far from every row's own sum at first and forgets where it began.
 */
export function openBatches(scene: FitScene, size: number): ((order: readonly FitPart[], stochastic: number) => BatchedAscent) | undefined {
  const { run, parts, sums, buffers } = scene
  const { rows } = run.parts.fit
  if (rows === undefined) return undefined
  const count = sizeOf(rows.axis, run.sizes)
  const batches = sharedOut(count, Math.ceil(count / size), new Stream(fold(run.key, 'batches')))
  const opened = new Map<number, OpenBatch>()
  const batchOf = (n: number): OpenBatch => {
    const batch = opened.get(n) ?? openBatch(scene, rows.axis, n)
    opened.set(n, batch)
    return batch
  }
  const shared = parts.filter((p) => !scene.isOfRows(p))
  const totals = rows.sums.map(({ port }) => must(buffers.means.get(port), port))
  return (order, stochastic) => {
    // Some of what is shared may come before rows look at it.
    const before = order.slice(0, order.findIndex(scene.isOfRows)).filter((p) => shared.includes(p))
    let [passes, steps] = [0, 0]
    let memory: readonly Remembered[] | undefined
    const remembered = (): readonly Remembered[] => batches.map((b) => batchOf(b.length).visit(b, false))

    /** Blocks that are shared, given the sums; the name of one that has no q. */
    function update(some = shared): string | undefined {
      sums.known()
      for (const part of some) {
        const failed = part.update(scene.elbo)
        if (failed !== undefined) return failed
      }
      return undefined
    }

    function begin(): string | undefined {
      if (steps > 0 || memory !== undefined) return undefined
      add(totals, remembered())
      return update(before)
    }

    function exactPass(): string | undefined {
      const all = [...(memory ?? remembered())]
      memory = all
      add(totals, all)
      for (const [b, own] of batches.entries()) {
        const now = batchOf(own.length).visit(own, true)
        if (now.failed !== undefined) return now.failed
        const last = must(all[b], 'batch')
        for (const [i, total] of totals.entries()) exchange(total, must(last.sums[i], 'sum'), must(now.sums[i], 'sum'))
        all[b] = now
        const failed = update()
        if (failed !== undefined) return failed
      }
      // The sums again, without what exchanges lost of their last digits.
      add(totals, all)
      return update()
    }

    function stochasticPass(): string | undefined {
      memory = undefined
      for (const own of batches) {
        const now = batchOf(own.length).visit(own, true)
        if (now.failed !== undefined) return now.failed
        steps += 1
        const step = pow(steps + DELAY, -FORGETTING)
        for (const [i, total] of totals.entries()) average(total, must(now.sums[i], 'sum'), step, count / own.length)
        const failed = update()
        if (failed !== undefined) return failed
      }
      return undefined
    }

    return {
      pass: {
        ...notAsked,
        names: shared.flatMap((p) => p.names),
        update() {
          const none = begin()
          if (none !== undefined) return none
          while (passes < stochastic) {
            passes += 1
            const failed = stochasticPass()
            if (failed !== undefined) return failed
          }
          return exactPass()
        },
      },
      elbo() {
        const entropy = (memory ?? []).reduce((sum, m) => sum + m.entropy, 0)
        return shared.reduce((sum, p) => sum + p.entropy(), entropy) - scene.meanEnergy()
      },
    }
  }
}

/** Steps of length (t + DELAY)^-FORGETTING: between 1/2 and 1, so that they add up to infinity and their squares do not. */
const [DELAY, FORGETTING] = [1, 0.7]

/** What a pass is not asked for. */
const notAsked: Pick<FitPart, 'entropy' | 'draw' | 'pin' | 'moments'> = {
  entropy: () => 0,
  draw: () => 0,
  pin() {},
  moments: () => [],
}

/** What the rows of a batch come to: their sums and entropy. */
interface Remembered {
  readonly sums: readonly Float64Array[]
  readonly entropy: number
  /** A block that has no q. */
  readonly failed: string | undefined
}

interface OpenBatch {
  /** The rows as they are, or after an update of what they have of their own, which goes back to all rows. */
  visit(rows: Int32Array, update: boolean): Remembered
}

function openBatch(scene: FitScene, row: string, count: number): OpenBatch {
  const { run, buffers } = scene
  const { fit } = run.parts
  const sizes = withSizes(run.sizes, fit.axes, { [row]: count })
  const isOver = ({ axes }: { readonly axes: readonly string[] }): boolean => axes.includes(row)
  const given = fit.fixed.filter((v) => isOver(v) && run.fixed.has(v.name)).map((v) => ({ port: v.name, axes: v.axes }))
  const means = fit.blocks.flatMap(meansOf)
  const loose = new Map([
    ...given.map(({ port, axes }) => [port, new Float64Array(volumeOver(axes, sizes))] as const),
    ...means.filter((mean) => !isOver(mean)).map(({ port }) => [port, must(buffers.means.get(port), port)] as const),
  ])
  const fixed = new Map([...run.fixed].filter(([name]) => !loose.has(name)))
  const small = openFit({ ...run, sizes, fixed }, loose)
  const own = small.parts.filter((p) => small.isOfRows(p))
  const entropy = (): number => own.reduce((sum, p) => sum + p.entropy(), 0)
  const elbo = (): number => entropy() - small.meanEnergy()
  const ofRows = means.filter(isOver)
  const here = (port: string): Float64Array => must(small.buffers.means.get(port), port)
  const there = (port: string): Float64Array => must(buffers.means.get(port) ?? run.fixed.get(port), port)
  return {
    visit(rows, update) {
      const from = { row, rows, sizes, all: run.sizes }
      for (const { port, axes } of [...given, ...ofRows]) gather(there(port), here(port), { ...from, axes })
      small.sums.changed()
      const failed = update ? own.map((p) => p.update(elbo)).find((name) => name !== undefined) : undefined
      if (update) for (const { port, axes } of ofRows) scatterBack(here(port), there(port), { ...from, axes })
      small.sums.fresh()
      // Before the first update nothing is known of the entropy, nor asked.
      return { sums: (fit.rows?.sums ?? []).map(({ port }) => here(port).slice()), entropy: update ? entropy() : 0, failed }
    },
  }
}

/** Rows in a random order, in so many batches of about one size. */
function sharedOut(rows: number, batches: number, stream: Stream): readonly Int32Array[] {
  const order = Int32Array.from({ length: rows }, (_, i) => i)
  for (let i = rows - 1; i > 0; i -= 1) {
    const j = stream.integer(i + 1)
    const [a, b] = [order[i] as number, order[j] as number]
    order[i] = b
    order[j] = a
  }
  const at = (b: number): number => Math.floor((b * rows) / batches)
  return Array.from({ length: batches }, (_, b) => order.slice(at(b), at(b + 1)).sort())
}

function add(totals: readonly Float64Array[], all: readonly Remembered[]): void {
  for (const [i, total] of totals.entries()) {
    total.fill(0)
    for (const { sums } of all) for (let k = 0; k < total.length; k += 1) total[k] = (total[k] as number) + (sums[i]?.[k] as number)
  }
}

function exchange(total: Float64Array, before: Float64Array, now: Float64Array): void {
  for (let k = 0; k < total.length; k += 1) total[k] = (total[k] as number) - (before[k] as number) + (now[k] as number)
}

function average(total: Float64Array, own: Float64Array, step: number, scale: number): void {
  for (let k = 0; k < total.length; k += 1) total[k] = (1 - step) * (total[k] as number) + step * scale * (own[k] as number)
}

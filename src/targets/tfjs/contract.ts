import { must } from '../../base/internal-error.ts'
import { union } from '../../ir/builder.ts'
import type { Located, TfCall } from './plan.ts'
import type { Volume } from './volumes.ts'

/** A factor of a product: a tensor that is there, or something fixed that can be had in any layout. */
export interface ProductFactor {
  readonly axes: readonly string[]
  /** Fixed: any layout costs nothing. */
  readonly free: boolean
  /** Equal for equal factors. */
  readonly key: string
  at(layout?: readonly string[]): Located
}

/** What writing steps takes. */
export interface Scribe {
  readonly volume: Volume
  /** Axes in the order of first choice. */
  readonly order: readonly string[]
  emit(call: TfCall, args: readonly Located[], axes: readonly string[]): Located
  factor(at: Located): ProductFactor
  elementwise(op: 'mul' | 'square', factors: readonly ProductFactor[]): Located
}

/** The sum over `over` of a product of two factors or more, two at a time, the smallest result first. */
export function contract(scribe: Scribe, over: readonly string[], factors: readonly ProductFactor[]): Located {
  let left = factors.map((f, i) =>
    alone(
      scribe,
      over,
      f,
      factors.filter((_, k) => k !== i),
    ),
  )
  while (left.length > 1) {
    const { i, j } = smallest(scribe, over, left)
    const rest = left.filter((_, k) => k !== i && k !== j)
    const made = combine(scribe, over, must(left[i], 'factor'), must(left[j], 'factor'), rest)
    left = [...rest, scribe.factor(made)]
  }
  const last = must(left[0], 'product')
  const remaining = last.axes.filter((a) => over.includes(a))
  return remaining.length === 0 ? last.at() : reduced(scribe, last.at(), remaining)
}

/** Sums out what no other factor varies over. */
function alone(scribe: Scribe, over: readonly string[], factor: ProductFactor, others: readonly ProductFactor[]): ProductFactor {
  const own = factor.axes.filter((a) => over.includes(a) && !others.some((o) => o.axes.includes(a)))
  return own.length === 0 ? factor : scribe.factor(reduced(scribe, factor.at(), own))
}

function reduced(scribe: Scribe, at: Located, over: readonly string[]): Located {
  return scribe.emit(
    { call: 'reduce', op: 'sum', over },
    [at],
    at.axes.filter((a) => !over.includes(a)),
  )
}

function smallest(scribe: Scribe, over: readonly string[], factors: readonly ProductFactor[]): { i: number; j: number } {
  let best = { i: 0, j: 1, cost: Infinity, work: Infinity }
  factors.forEach((a, i) => {
    factors.slice(i + 1).forEach((b, offset) => {
      const j = i + 1 + offset
      const gone = summed(
        over,
        a,
        b,
        factors.filter((_, k) => k !== i && k !== j),
      )
      const all = union([a.axes, b.axes])
      const cost = scribe.volume(all.filter((axis) => !gone.includes(axis)))
      const work = scribe.volume(all)
      if (cost < best.cost || (cost === best.cost && work < best.work)) best = { i, j, cost, work }
    })
  })
  return best
}

/** Axes that are done with once two factors are multiplied. */
function summed(over: readonly string[], a: ProductFactor, b: ProductFactor, rest: readonly ProductFactor[]): readonly string[] {
  return union([a.axes, b.axes]).filter((axis) => over.includes(axis) && !rest.some((f) => f.axes.includes(axis)))
}

function combine(scribe: Scribe, over: readonly string[], a: ProductFactor, b: ProductFactor, rest: readonly ProductFactor[]): Located {
  const along = summed(over, a, b, rest)
  const both = a.axes.filter((axis) => b.axes.includes(axis))
  const batch = both.filter((axis) => !along.includes(axis))
  const [onlyA, onlyB] = [a, b].map((f) => f.axes.filter((axis) => !both.includes(axis))) as [string[], string[]]
  const thin = onlyA.length === 0 || onlyB.length === 0
  if (along.length === 0 || (thin && (batch.length > 0 || (onlyA.length === 0 && onlyB.length === 0)))) {
    const product = a.key === b.key ? scribe.elementwise('square', [a]) : scribe.elementwise('mul', [a, b])
    return along.length === 0 ? product : reduced(scribe, product, along)
  }
  const [straight, crossed] = [layoutsOf(scribe, a, b, batch, along), layoutsOf(scribe, b, a, batch, along)]
  if (straight.cost !== crossed.cost) return straight.cost < crossed.cost ? product(scribe, a, b, straight) : product(scribe, b, a, crossed)
  // What is fixed goes second: WebAssembly packs a second operand once and keeps it.
  const swap = a.free !== b.free ? a.free : first(scribe, onlyB) < first(scribe, onlyA)
  return swap ? product(scribe, b, a, crossed) : product(scribe, a, b, straight)
}

function first(scribe: Scribe, axes: readonly string[]): number {
  return axes.reduce((least, axis) => Math.min(least, scribe.order.indexOf(axis)), Infinity)
}

interface Layouts {
  readonly batch: readonly string[]
  readonly rows: readonly string[]
  readonly along: readonly string[]
  readonly columns: readonly string[]
  /** How many numbers have to be transposed first. */
  readonly cost: number
}

/**
 * The layouts in which a product reads its operands. They are transposed beforehand where they are not in them: on
 * WebAssembly a product that transposes on the fly is ten to twenty times slower than a plain one.
 */
function layoutsOf(scribe: Scribe, a: ProductFactor, b: ProductFactor, batch: readonly string[], along: readonly string[]): Layouts {
  const own = (f: ProductFactor): readonly string[] => (f.free ? ordered(scribe, f.axes) : f.at().axes)
  const only = (f: ProductFactor): readonly string[] => own(f).filter((x) => !batch.includes(x) && !along.includes(x))
  // Shared axes in the order of an operand that is there; a fixed one follows.
  const leader = a.free ? own(b) : own(a)
  const layouts = { batch: pick(leader, batch), rows: only(a), along: pick(leader, along), columns: only(b) }
  const turned = (f: ProductFactor, layout: readonly string[]): number =>
    f.free || own(f).join() === layout.join() ? 0 : scribe.volume(f.axes)
  return { ...layouts, cost: turned(a, leftOf(layouts)) + turned(b, rightOf(layouts)) }
}

const leftOf = ({ batch, rows, along }: Omit<Layouts, 'cost'>): readonly string[] => [...batch, ...rows, ...along]
const rightOf = ({ batch, along, columns }: Omit<Layouts, 'cost'>): readonly string[] => [...batch, ...along, ...columns]

function product(scribe: Scribe, a: ProductFactor, b: ProductFactor, { cost: _, ...layouts }: Layouts): Located {
  const { batch, rows, columns } = layouts
  return scribe.emit({ call: 'matmul', ...layouts }, [a.at(leftOf(layouts)), b.at(rightOf(layouts))], [...batch, ...rows, ...columns])
}

function pick(from: readonly string[], axes: readonly string[]): readonly string[] {
  return from.filter((a) => axes.includes(a))
}

function ordered(scribe: Scribe, axes: readonly string[]): readonly string[] {
  return scribe.order.filter((a) => axes.includes(a))
}

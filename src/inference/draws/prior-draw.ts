import { fold, type Key } from '../../base/random.ts'
import type { Sizes } from '../../ir/graph.ts'
import { offsets, sizeOf, stridesOver } from '../../ir/layout.ts'
import type { Executable } from '../../middle/executable.ts'
import type { DrawablePrior, Within } from '../../middle/program.ts'
import { drawOnce } from '../samplers/ancestral.ts'

/** Draws in a row that may fall outside the type before it is taken to allow none. */
const MOST_REJECTIONS = 10_000

/**
 * One draw of a param from its prior restricted to its type, laid out in declared order, elements numbered from 0.
 * `executable` runs the draw's graph with its inputs filled in. Where the type allows (next to) nothing, numbers are NaN.
 */
export function drawPrior(draw: DrawablePrior, executable: Executable, sizes: Sizes, key: Key): Float64Array {
  const { program, name, within } = draw
  const values = (t: number): Float64Array =>
    drawOnce(program, executable, sizes, t === 0 ? key : fold(key, t))[name] ?? new Float64Array(0)
  if (within === undefined) return values(0)
  const groups = groupsOf(draw, within, sizes)
  return within.kind === 'ordered' && within.sort ? sorted(values(0), groups) : accepted(values, groups, testOf(within, sizes))
}

/** Places of the elements that a condition is about together, in order along its first axis. */
function groupsOf({ axes }: DrawablePrior, { along }: Within, sizes: Sizes): readonly (readonly number[])[] {
  const strides = stridesOver(axes, sizes)
  const inner = offsets(along, sizes, strides)
  return [
    ...offsets(
      axes.filter((a) => !along.includes(a)),
      sizes,
      strides,
    ),
  ].map((start) => [...inner].map((at) => start + at))
}

function sorted(values: Float64Array, groups: readonly (readonly number[])[]): Float64Array {
  for (const group of groups) {
    const line = Float64Array.from(group, (i) => values[i] as number).sort()
    group.forEach((i, k) => {
      values[i] = line[k] as number
    })
  }
  return values
}

type Test = (group: readonly number[]) => boolean

function testOf(within: Within, sizes: Sizes): Test {
  if (within.kind === 'between') return (group) => group.every((v) => v >= within.lower && v <= within.upper)
  return (group) => {
    const step = group.length / sizeOf(within.axis, sizes)
    return group.every((v, i) => i < step || v > (group[i - step] as number))
  }
}

/** Every group keeps the first draw of it that fits. */
function accepted(draw: (t: number) => Float64Array, groups: readonly (readonly number[])[], fits: Test): Float64Array {
  const kept = draw(0).fill(Number.NaN)
  let open = groups
  for (let t = 0; t < MOST_REJECTIONS && open.length > 0; t += 1) {
    const values = draw(t)
    open = open.filter((group) => {
      if (!fits(group.map((i) => values[i] as number))) return true
      for (const i of group) kept[i] = values[i] as number
      return false
    })
  }
  return kept
}

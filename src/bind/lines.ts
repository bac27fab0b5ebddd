import { hypot } from '../base/special/hypot.ts'
import type { Sizes } from '../ir/graph.ts'
import { NEAR, sumOf } from '../middle/kinds/line.ts'
import { kindOf } from '../middle/kinds.ts'
import type { Shaped } from './shaped.ts'

export interface BrokenLine {
  /** Where its first number is, in layout order. */
  readonly at: number
  readonly expected: string
  /** What was found, for a sentence. */
  readonly found: string
  readonly hint?: string
}

/** The first line along the type's axis whose numbers do not belong together; lines with missing numbers are passed over. */
export function brokenLine({ axes, type }: Shaped, data: Float64Array, sizes: Sizes): BrokenLine | undefined {
  const rule = kindOf(type).line
  if (rule === undefined || !('axis' in type) || !axes.includes(type.axis)) return undefined
  const all = [...linesAlong(axes, type.axis, data, sizes)].filter(({ line }) => !line.some(Number.isNaN))
  const broken = all.filter(({ line }) => !rule.holds(line))
  const [first] = broken
  if (first === undefined) return undefined
  const others = axes.filter((a) => a !== type.axis)
  const rows = others.length > 0 && all.length > 1 ? rule.rows : undefined
  const found = rows?.found(broken.map(({ line }) => line)) ?? rule.found(first.line)
  const way = rule.rows && others.find((a) => [...linesAlong(axes, a, data, sizes)].every(({ line }) => rule.holds(line)))
  const hint = way === undefined ? undefined : rule.rows?.transposed(way)
  const expected = rows === undefined ? rule.words : `${rule.words} along ${type.axis}`
  return { at: first.at, expected, found, ...(hint === undefined ? {} : { hint }) }
}

/** Every line of numbers along an axis, with the position of its first. */
export function* linesAlong(
  axes: readonly string[],
  axis: string,
  data: Float64Array,
  sizes: Sizes,
): Generator<{ readonly at: number; readonly line: readonly number[] }> {
  const size = sizes[axis] ?? 1
  const stride = axes.slice(axes.indexOf(axis) + 1).reduce((n, a) => n * (sizes[a] ?? 1), 1)
  for (let at = 0; at < data.length; at += 1) {
    if (Math.floor(at / stride) % size !== 0) continue
    yield { at, line: Array.from({ length: size }, (_, k) => data[at + k * stride] as number) }
  }
}

/**
 * Brings each line to the length 1, or the sum 1, that the type asks for: a cue is only where a state starts. Lines of
 * nothing but zeros point nowhere, and stay.
 */
export function ontoSurface(variable: Shaped, data: Float64Array, sizes: Sizes): void {
  const { type } = variable
  const power = kindOf(type).line?.power
  if (power === undefined || !('axis' in type)) return
  const { size, stride } = along(variable, type.axis, sizes)
  for (const { at, line } of linesAlong(variable.axes, type.axis, data, sizes)) {
    const length = power === 2 ? hypot(...line) : sumOf(line)
    // What is there up to the rounding of a file stays as it was written.
    if (!(length > 0) || !Number.isFinite(length) || Math.abs(length - 1) <= NEAR) continue
    for (let k = 0; k < size; k += 1) data[at + k * stride] = (line[k] as number) / length
  }
}

function along(variable: Shaped, axis: string, sizes: Sizes): { readonly size: number; readonly stride: number } {
  const inner = variable.axes.slice(variable.axes.indexOf(axis) + 1)
  return { size: sizes[axis] ?? 1, stride: inner.reduce((n, a) => n * (sizes[a] ?? 1), 1) }
}

import type { Sizes } from '../ir/graph.ts'
import type { ValueType } from '../middle/model.ts'
import type { Shaped } from './troubles.ts'

/** What the numbers along a type's own axis must be together. Given numbers are rounded, so near enough will do. */
const NEAR = 1e-4

interface LineRule {
  readonly holds: (line: readonly number[]) => boolean
  readonly words: string
}

const rules: { readonly [K in ValueType['kind']]?: LineRule } = {
  unit: { holds: (line) => Math.abs(Math.hypot(...line) - 1) <= NEAR, words: 'a vector of length 1' },
  simplex: { holds: (line) => Math.abs(line.reduce((sum, v) => sum + v, 0) - 1) <= NEAR, words: 'numbers that add up to 1' },
  ordered: { holds: (line) => line.every((v, i) => i === 0 || v > (line[i - 1] as number)), words: 'increasing numbers' },
}

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
  const rule = rules[type.kind]
  if (rule === undefined || !('axis' in type) || !axes.includes(type.axis)) return undefined
  const all = [...linesAlong(axes, type.axis, data, sizes)].filter(({ line }) => !line.some(Number.isNaN))
  const broken = all.filter(({ line }) => !rule.holds(line))
  const [first] = broken
  if (first === undefined) return undefined
  const others = axes.filter((a) => a !== type.axis)
  const rows = type.kind === 'simplex' && others.length > 0 && all.length > 1
  const found = rows ? `rows that add to ${listed(broken.map(({ line }) => short(sumOf(line))))}` : describe(type.kind, first.line)
  const way =
    type.kind === 'simplex' ? others.find((a) => [...linesAlong(axes, a, data, sizes)].every(({ line }) => rule.holds(line))) : undefined
  const hint = way === undefined ? {} : { hint: `They add to 1 the other way, along ${way}: is it transposed?` }
  return { at: first.at, expected: rows ? `${rule.words} along ${type.axis}` : rule.words, found, ...hint }
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

function sumOf(line: readonly number[]): number {
  return line.reduce((sum, v) => sum + v, 0)
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)))
}

/** `1.45 and 0.55`; of many the first. */
function listed(words: readonly string[]): string {
  const most = 3
  const shown = words.slice(0, most)
  if (words.length > most) return `${shown.join(', ')} (and ${words.length - most} more)`
  return [shown.slice(0, -1).join(', '), ...shown.slice(-1)].filter((w) => w !== '').join(' and ')
}

/**
 * Brings each line to the length 1, or the sum 1, that the type asks for: a cue is only where a state starts. Lines of
 * nothing but zeros point nowhere, and stay.
 */
export function ontoSurface(variable: Shaped, data: Float64Array, sizes: Sizes): void {
  const { type } = variable
  if (type.kind !== 'unit' && type.kind !== 'simplex') return
  const { size, stride } = along(variable, type.axis, sizes)
  for (const { at, line } of linesAlong(variable.axes, type.axis, data, sizes)) {
    const length = type.kind === 'unit' ? Math.hypot(...line) : line.reduce((sum, v) => sum + v, 0)
    // What is there up to the rounding of a file stays as it was written.
    if (!(length > 0) || !Number.isFinite(length) || Math.abs(length - 1) <= NEAR) continue
    for (let k = 0; k < size; k += 1) data[at + k * stride] = (line[k] as number) / length
  }
}

function along(variable: Shaped, axis: string, sizes: Sizes): { readonly size: number; readonly stride: number } {
  const inner = variable.axes.slice(variable.axes.indexOf(axis) + 1)
  return { size: sizes[axis] ?? 1, stride: inner.reduce((n, a) => n * (sizes[a] ?? 1), 1) }
}

function describe(kind: ValueType['kind'], line: readonly number[]): string {
  if (kind === 'unit') return `a vector of length ${short(Math.hypot(...line))}`
  if (kind === 'simplex') return `numbers with the sum ${short(sumOf(line))}`
  const at = line.findIndex((v, i) => i > 0 && !(v > (line[i - 1] as number)))
  return `numbers that do not increase (${short(line[at - 1] as number)} before ${short(line[at] as number)})`
}

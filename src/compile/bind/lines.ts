import type { ValueType } from '../../dsl/model.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { EnergyVariable } from '../energy.ts'

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
}

/** The first line along the type's axis whose numbers do not belong together; lines with missing numbers are passed over. */
export function brokenLine(variable: EnergyVariable, data: Float64Array, sizes: Sizes): BrokenLine | undefined {
  const rule = rules[variable.type.kind]
  if (rule === undefined || !('axis' in variable.type)) return undefined
  const { size, stride } = along(variable, variable.type.axis, sizes)
  for (const { at, line } of linesAlong(data, size, stride)) {
    if (!line.some(Number.isNaN) && !rule.holds(line)) return { at, expected: rule.words, found: describe(variable.type.kind, line) }
  }
  return undefined
}

/**
 * Brings each line to the length 1, or the sum 1, that the type asks for: a cue is only where a state starts. Lines of
 * nothing but zeros point nowhere, and stay.
 */
export function ontoSurface(variable: EnergyVariable, data: Float64Array, sizes: Sizes): void {
  const { type } = variable
  if (type.kind !== 'unit' && type.kind !== 'simplex') return
  const { size, stride } = along(variable, type.axis, sizes)
  for (const { at, line } of linesAlong(data, size, stride)) {
    const length = type.kind === 'unit' ? Math.hypot(...line) : line.reduce((sum, v) => sum + v, 0)
    // What is there up to the rounding of a file stays as it was written.
    if (!(length > 0) || !Number.isFinite(length) || Math.abs(length - 1) <= NEAR) continue
    for (let k = 0; k < size; k += 1) data[at + k * stride] = (line[k] as number) / length
  }
}

function along(variable: EnergyVariable, axis: string, sizes: Sizes): { readonly size: number; readonly stride: number } {
  const inner = variable.axes.slice(variable.axes.indexOf(axis) + 1)
  return { size: sizes[axis] ?? 1, stride: inner.reduce((n, a) => n * (sizes[a] ?? 1), 1) }
}

function* linesAlong(
  data: Float64Array,
  size: number,
  stride: number,
): Generator<{ readonly at: number; readonly line: readonly number[] }> {
  for (let at = 0; at < data.length; at += 1) {
    if (Math.floor(at / stride) % size === 0) yield { at, line: Array.from({ length: size }, (_, k) => data[at + k * stride] as number) }
  }
}

function describe(kind: ValueType['kind'], line: readonly number[]): string {
  const short = (value: number): string => String(Number(value.toPrecision(5)))
  if (kind === 'unit') return `a vector of length ${short(Math.hypot(...line))}`
  if (kind === 'simplex') return `numbers with the sum ${short(line.reduce((sum, v) => sum + v, 0))}`
  return 'numbers that do not increase'
}

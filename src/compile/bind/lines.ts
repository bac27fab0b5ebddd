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
  const { axis } = variable.type
  const size = sizes[axis] ?? 1
  const stride = variable.axes.slice(variable.axes.indexOf(axis) + 1).reduce((n, a) => n * (sizes[a] ?? 1), 1)
  for (let at = 0; at < data.length; at += 1) {
    if (Math.floor(at / stride) % size !== 0) continue
    const line = Array.from({ length: size }, (_, k) => data[at + k * stride] as number)
    if (!line.some(Number.isNaN) && !rule.holds(line)) return { at, expected: rule.words, found: describe(variable.type.kind, line) }
  }
  return undefined
}

function describe(kind: ValueType['kind'], line: readonly number[]): string {
  const short = (value: number): string => String(Number(value.toPrecision(5)))
  if (kind === 'unit') return `a vector of length ${short(Math.hypot(...line))}`
  if (kind === 'simplex') return `numbers with the sum ${short(line.reduce((sum, v) => sum + v, 0))}`
  return 'numbers that do not increase'
}

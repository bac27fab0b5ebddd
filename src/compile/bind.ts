import { type Checked, type Diagnostic, diagnostic, hasErrors } from '../base/diagnostic.ts'
import type { Sizes } from '../ir/graph.ts'
import { originalOf } from '../ir/layout.ts'
import { matchSizes, type SizedGiven } from './bind/sizes.ts'
import { doubled, namesElements, unused } from './bind/strangers.ts'
import { toValues } from './bind/values.ts'
import type { Energy, EnergyVariable } from './energy.ts'
import type { Given } from './given.ts'

/** What is given from outside, by the option (and so the role) it came through. */
export interface GivenByRole {
  /** data, memories and params. */
  readonly fixed: readonly Given[]
  /** States (or parts of them: NaN is unobserved) that are known. One axis more than declared: one observation a cue. */
  readonly observed: readonly Given[]
  /** Where states start. One axis more than declared: a batch of cues. */
  readonly cues: readonly Given[]
}

/** The model's variables with numbers: everything a program needs besides its seed. Plain data. */
export interface Bound {
  readonly sizes: Sizes
  /** Names of the elements of an axis, where a text column gave them. */
  readonly labels: Readonly<Record<string, readonly string[]>>
  /** Data, memories and params, laid out in declared order; elements are numbered from 0. */
  readonly values: Readonly<Record<string, Float64Array>>
  readonly observed: Readonly<Record<string, Batch>>
  readonly cues: Readonly<Record<string, Batch>>
  /** How many cues or observations there are (1 without a batch). */
  readonly count: number
}

/** `count` values of one variable, one after the other; NaN where not given. */
export interface Batch {
  readonly count: number
  readonly data: Float64Array
  /** It came in a file with others, of which a run need not use all. */
  readonly bundled?: boolean
}

/** More numbers than this in one tensor are refused rather than tried. */
const LARGEST = 2 ** 28

/** More numbers than this in one step of the work are neither held in memory nor gone through in a minute. */
const WIDEST = 2 ** 33

/** What binding needs of an energy: all that is left of one in an emitted module, which has no graph. */
export type Bindable = Pick<Energy, 'variables' | 'axes'> & {
  readonly model: Pick<Energy['model'], 'axes'>
  readonly graph?: Energy['graph']
}

/** Matches what was given to the model's variables: roles, shapes, sizes, labels, supports. */
export function bind(energy: Bindable, given: GivenByRole): Checked<Bound> {
  const diagnostics: Diagnostic[] = []
  const sized = [
    ...claim(energy, given.fixed, ['data', 'memory', 'param', 'input'], false, [...given.observed, ...given.cues], diagnostics),
    ...claim(energy, given.observed, ['state'], true, given.fixed, diagnostics),
    ...claim(energy, given.cues, ['state'], true, given.fixed, diagnostics),
  ]
  const named = given.fixed.filter((item) => namesElements(energy, item))
  const matched = matchSizes(energy, sized, named)
  diagnostics.push(...matched.diagnostics)
  if (matched.value === undefined) return { diagnostics }
  const { sizes, labels, count } = matched.value
  diagnostics.push(...unfitting(energy, sizes))
  if (hasErrors(diagnostics)) return { diagnostics }
  const values: Record<string, Float64Array> = Object.create(null)
  const observed: Record<string, Batch> = Object.create(null)
  const cues: Record<string, Batch> = Object.create(null)
  for (const item of sized) {
    const read = toValues(item, sizes, labels)
    diagnostics.push(...read.diagnostics)
    if (read.value === undefined) continue
    const { name } = item.variable
    if (given.observed.includes(item.given)) observed[name] = read.value
    else if (given.cues.includes(item.given)) cues[name] = item.given.bundle === undefined ? read.value : { ...read.value, bundled: true }
    else values[name] = read.value.data
  }
  return hasErrors(diagnostics) ? { diagnostics } : { value: { sizes, labels, values, observed, cues, count }, diagnostics }
}

const inWords: Readonly<Record<EnergyVariable['role'], string>> = {
  data: 'data',
  memory: 'a memory',
  param: 'a param',
  state: 'a state',
  input: 'an input',
}

/**
 * Finds the variable each value is for; values of the wrong role are refused, but for those of a file of several that are
 * given by an `other` option as well: one table may be given to both, and each takes what is its own.
 */
function claim(
  energy: Bindable,
  given: readonly Given[],
  roles: readonly EnergyVariable['role'][],
  batched: boolean,
  other: readonly Given[],
  diagnostics: Diagnostic[],
): readonly SizedGiven[] {
  diagnostics.push(...unused(energy, given, roles), ...doubled(energy, given))
  return given.flatMap((item) => {
    const variable = energy.variables.find((v) => v.name === item.name)
    if (variable === undefined) return []
    if (!roles.includes(variable.role)) {
      if (item.bundle !== undefined && other.some((o) => o.name === item.name)) return []
      const wanted = variable.role === 'state' ? '--cue (where it starts) or --observed (what is known of it)' : `--${variable.role}`
      diagnostics.push(
        diagnostic(
          'AMP512',
          `"${item.name}" is ${inWords[variable.role]}, not ${roles.includes('state') ? inWords.state : 'data, a memory or a param'}.`,
          {
            place: item.from,
            span: variable.span,
            hint:
              item.bundle === undefined
                ? `Give it with ${wanted}.`
                : `Give ${item.bundle} to ${wanted}, too: each option takes what is its own.`,
          },
        ),
      )
      return []
    }
    return [{ given: item, variable, batched }]
  })
}

/** What would not fit in memory: one variable, all of them together, or one step of the work. */
function unfitting({ variables, graph }: Bindable, sizes: Sizes): readonly Diagnostic[] {
  const held = variables.map((variable) => ({ variable, size: volumeOf(variable.axes, sizes) }))
  const large = held.filter(({ size }) => size > LARGEST).map(({ variable, size }) => tooLarge(variable, sizes, size))
  if (large.length > 0) return large
  const all = held.reduce((sum, { size }) => sum + size, 0)
  if (all > LARGEST) return [tooMuch(held, all)]
  const wide = graph?.nodes.find((node) => volumeOf(node.axes, sizes) > WIDEST)
  return wide === undefined ? [] : [tooWide(wide.axes, sizes)]
}

function tooLarge(variable: EnergyVariable, sizes: Sizes, size: number): Diagnostic {
  return diagnostic('AMP510', `"${variable.name}" would hold ${counted(size)} numbers (${shapeOf(variable.axes, sizes)}).`, {
    span: variable.span,
    expected: `at most ${counted(LARGEST)} numbers in one variable`,
  })
}

function tooMuch(held: readonly { readonly variable: EnergyVariable; readonly size: number }[], all: number): Diagnostic {
  const [largest] = [...held].sort((a, b) => b.size - a.size)
  return diagnostic('AMP510', `The variables of the model would hold ${counted(all)} numbers together.`, {
    ...(largest === undefined ? {} : { span: largest.variable.span }),
    expected: `at most ${counted(LARGEST)} numbers in all variables`,
  })
}

function tooWide(axes: readonly string[], sizes: Sizes): Diagnostic {
  const size = volumeOf(axes, sizes)
  return diagnostic('AMP510', `A part of the energy varies over ${counted(size)} combinations of elements (${shapeOf(axes, sizes)}).`, {
    expected: `at most ${counted(WIDEST)} in one expression`,
  })
}

function shapeOf(axes: readonly string[], sizes: Sizes): string {
  return axes.map((a) => `${a} = ${counted(sizes[a] ?? 1)}`).join(', ')
}

/** Axes that the compiler made for itself and that have no size of their own count once. */
export function volumeOf(axes: readonly string[], sizes: Sizes): number {
  return axes.reduce((n, axis) => n * (sizes[axis] ?? sizes[originalOf(axis)] ?? 1), 1)
}

/** 1,000,000; past what a number holds exactly, 1e+300. */
function counted(size: number): string {
  return Number.isSafeInteger(size) ? size.toLocaleString('en') : String(size)
}

import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import type { Span } from '../base/source.ts'
import type { Sizes } from '../ir/graph.ts'
import { originalOf } from '../ir/layout.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import { statesOf } from '../middle/situation.ts'
import { axisColumn, namedByNumbers } from './axis-columns.ts'
import type { Batch, Bindable, Bound, GivenByRole, Origin, Settable, SizedGiven } from './bound.ts'
import type { Given } from './given.ts'
import { settleLabels } from './labels.ts'
import { namedInModel, orderByName, usable } from './named.ts'
import { matchSizes } from './sizes.ts'
import { doubled, notUsed, unknownNames } from './unknown-names.ts'
import { cellTroubles, toValues } from './values.ts'

/** More numbers than this in one tensor are refused rather than tried. */
const LARGEST = 1 << 28

/** More numbers than this in one step of the work are neither held in memory nor gone through in a minute. */
const WIDEST = 0x2_0000_0000

/**
 * Matches what was given to the model's variables: roles, shapes, sizes, labels, supports. Starts and observations are for
 * what is `unknown`, all else for the rest.
 */
export function bind(energy: Bindable, given: GivenByRole, unknown: ReadonlySet<string> = statesOf(energy)): Checked<Bound> {
  const diagnostics: Diagnostic[] = []
  const options = usable(energy, given.labels ?? [], diagnostics)
  const numbersAreNames = namedByNumbers({ labels: options })
  const all = [...given.fixed, ...given.observed, ...given.cues]
  const columns = all.flatMap((item) => axisColumn(energy, item, numbersAreNames) ?? [])
  const isColumn = (item: Given): boolean => columns.some((c) => c.given === item)
  const claimed = [
    ...claim(energy, given.fixed, 'fixed', unknown, [...given.observed, ...given.cues], isColumn, diagnostics),
    ...claim(energy, given.observed, 'observed', unknown, given.fixed, isColumn, diagnostics),
    ...claim(energy, given.cues, 'cues', unknown, given.fixed, isColumn, diagnostics),
  ]
  const settled = settleLabels(energy, options, columns, claimed)
  const { names, sized } = settled
  const matched = matchSizes(energy, sized, names, unknown)
  const found = matched.value?.sizes ?? {}
  for (const [by, items] of [
    ['fixed', given.fixed],
    ['observed', given.observed],
    ['cues', given.cues],
  ] as const) {
    diagnostics.push(...notUsed(energy, items, settable(energy, by, unknown), isColumn, found))
  }
  diagnostics.push(...settled.diagnostics, ...matched.diagnostics)
  // Whatever is wrong otherwise, wrong cells are told in the same run.
  if (matched.value === undefined) return unmade([...diagnostics, ...sized.flatMap(cellTroubles)])
  const { sizes, count } = matched.value
  const named = namedInModel(energy, names)
  const large = unfitting(energy, sizes)
  diagnostics.push(...large, ...named.diagnostics, ...orderByName(energy, settled))
  if (large.length > 0) return unmade(diagnostics)
  const values: Record<string, Float64Array> = Object.create(null)
  const observed: Record<string, Batch> = Object.create(null)
  const cues: Record<string, Batch> = Object.create(null)
  const origins: Record<string, Origin> = Object.create(null)
  for (const [name, position] of named.positions) values[name] = Float64Array.of(position)
  for (const item of sized) {
    // Texts that could not be taken for numbers are told already.
    if (item.given.value.kind === 'labels') continue
    const read = toValues(item, sizes)
    diagnostics.push(...read.diagnostics)
    if (read.value === undefined) continue
    const { name } = item.variable
    const { from, lines } = item.given
    origins[name] = { from, ...(lines === undefined ? {} : { lines }) }
    if (item.by === 'observed') observed[name] = read.value
    else if (item.by === 'cues') cues[name] = item.given.bundle === undefined ? read.value : { ...read.value, bundled: true }
    else values[name] = read.value.data
  }
  const labels: Record<string, readonly string[]> = Object.create(null)
  for (const [axis, known] of names) labels[axis] = known.names
  return hasErrors(diagnostics) ? unmade(diagnostics) : checked({ sizes, labels, values, observed, cues, count, origins }, diagnostics)
}

function settable({ variables }: Bindable, by: SizedGiven['by'], unknown: ReadonlySet<string>): Settable {
  const own = variables.filter((v) => v.label === undefined && unknown.has(v.name) === (by !== 'fixed'))
  return { names: own.map((v) => v.name), noun: by === 'fixed' ? 'data' : 'state' }
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
  by: SizedGiven['by'],
  unknown: ReadonlySet<string>,
  other: readonly Given[],
  isColumn: (given: Given) => boolean,
  diagnostics: Diagnostic[],
): readonly SizedGiven[] {
  const own = settable(energy, by, unknown)
  diagnostics.push(...unknownNames(energy, given, own, isColumn), ...doubled(energy, given))
  return given.flatMap((item) => {
    const variable = energy.variables.find((v) => v.name === item.name && v.label === undefined)
    if (variable === undefined) return []
    if (!own.names.includes(variable.name)) {
      if (item.bundle !== undefined && other.some((o) => o.name === item.name)) return []
      if (by === 'fixed' && unknown.has(variable.name) && variable.role !== 'state') {
        diagnostics.push(inferredAndGiven(item, variable))
        return []
      }
      const wanted = unknown.has(variable.name)
        ? '--cue (where it starts) or --observed (what is known of it)'
        : variable.role === 'input'
          ? '--data (amp simulate: --input)'
          : `--${variable.role}`
      diagnostics.push(
        diagnostic(
          'AMP512',
          `"${item.name}" is ${inWords[variable.role]}, not ${by === 'fixed' ? 'data, a memory or a param' : inWords.state}.`,
          {
            place: item.from,
            span: variable.span,
            hint:
              item.bundle === undefined
                ? `Give it with ${wanted}.`
                : `Give ${item.bundle} to ${wanted}, too: each option takes only its own variables.`,
          },
        ),
      )
      return []
    }
    return [{ given: item, variable, batched: by !== 'fixed', by }]
  })
}

/** Both a value and the wish to find one. */
function inferredAndGiven({ from }: Given, { name, span }: EnergyVariable): Diagnostic {
  return diagnostic('AMP512', `"${name}" is to be found, and a value is given for it.`, {
    place: from,
    span,
    expected: 'one of the two',
    hint: `--cue ${name}=... says where it starts, and --observed ${name}=... what is known of it.`,
  })
}

/** What would not fit in memory: one variable, all of them together, or one step of the work. */
function unfitting({ variables, graph, axes }: Bindable, sizes: Sizes): readonly Diagnostic[] {
  const held = variables.map((variable) => ({ variable, size: volumeOf(variable.axes, sizes) }))
  const large = held.filter(({ size }) => size > LARGEST).map(({ variable, size }) => tooLarge(variable, sizes, size))
  if (large.length > 0) return large
  const inexact = Object.entries(sizes).filter(([, size]) => !Number.isSafeInteger(size))
  if (inexact.length > 0) return inexact.map(([axis, size]) => tooLong(axis, size, axes.find((a) => a.name === axis)?.span))
  const all = held.reduce((sum, { size }) => sum + size, 0)
  if (all > LARGEST) return [tooMuch(held, all)]
  const wide = graph?.nodes.find((node) => volumeOf(node.axes, sizes) > WIDEST)
  return wide === undefined ? [] : [tooWide(wide.axes, sizes)]
}

function tooLong(axis: string, size: number, span: Span | undefined): Diagnostic {
  return diagnostic('AMP510', `The axis ${axis} would have ${counted(size)} elements.`, {
    ...(span === undefined ? {} : { span }),
    expected: 'at most 2^53 - 1 elements',
  })
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

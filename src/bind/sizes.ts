import { counted } from '../base/counted.ts'
import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import type { SizeRelation } from '../middle/energy.ts'
import * as ports from '../middle/ports.ts'
import type { AxisNames, Bindable, SizedGiven } from './bound.ts'
import { type Given, shapeOf } from './given.ts'
import { namesInWords } from './names.ts'
import { largestNumbers } from './occurring.ts'

export interface MatchedSizes {
  readonly sizes: Readonly<Record<string, number>>
  readonly count: number
}

/** A size and who said so. */
interface SizeClaim {
  readonly size: number
  readonly from: string
  /** Names that nobody listed: those that occur. */
  readonly found?: AxisNames
}

/** One size for every axis, from the model and from what was given; a conflict tells both origins. */
export function matchSizes(
  energy: Bindable,
  sized: readonly SizedGiven[],
  names: ReadonlyMap<string, AxisNames>,
  unknown: ReadonlySet<string>,
): Checked<MatchedSizes> {
  const diagnostics: Diagnostic[] = []
  const claims = new Map<string, SizeClaim>()
  let batch: SizeClaim | undefined
  const state = (axis: string, claim: SizeClaim, about: Given | undefined): void => {
    const before = claims.get(axis)
    if (before === undefined) claims.set(axis, claim)
    else if (before.size !== claim.size) diagnostics.push(conflict(energy, axis, before, claim, about))
  }
  for (const axis of energy.axes)
    if (axis.size.kind === 'fixed')
      state(axis.name, { size: axis.size.size, from: axis.size.from ?? `the model (axis ${axis.name} = ${axis.size.size})` }, undefined)
  for (const item of sized) {
    const { given, variable } = item
    const shape = shapeOf(given.value)
    // A single number stands for all elements of a start or a param.
    if (shape.length === 0 && (item.batched || variable.role === 'param')) continue
    const extra = shape.length - variable.axes.length
    if (extra !== 0 && !(item.batched && extra === 1)) {
      diagnostics.push(wrongRank(item, shape))
      continue
    }
    if (extra === 1) {
      const claim = { size: shape[0] as number, from: given.from }
      if (batch !== undefined && batch.size !== claim.size) diagnostics.push(batchConflict(batch, claim))
      batch ??= claim
    }
    for (const [i, axis] of variable.axes.entries()) state(axis, { size: shape[i + extra] as number, from: given.from }, given)
  }
  for (const { name, size } of energy.axes) {
    const known = size.kind === 'same' ? undefined : names.get(name)
    if (known !== undefined) state(name, { size: known.names.length, from: `the labels of ${name}`, found: known }, undefined)
  }
  follow(energy, claims, diagnostics)
  const largest = largestNumbers(energy, sized, (axis) => claims.has(axis))
  for (const { axis, size, from } of largest.found) claims.set(axis, { size, from })
  diagnostics.push(...largest.diagnostics)
  settle(energy, claims, diagnostics, hasErrors(diagnostics) ? undefined : unknown)
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  for (const { name, span } of energy.axes)
    if (span !== undefined && claims.get(name)?.size === 0) diagnostics.push(empty(name, claims.get(name)?.from ?? ''))
  const sizes: Record<string, number> = Object.create(null)
  for (const [axis, claim] of claims) sizes[axis] = claim.size
  return checked({ sizes, count: batch?.size ?? 1 }, diagnostics)
}

/**
 * Follows `axis a = size(b)`, the axes the compiler made and those whose sizes go together, both ways, until nothing changes.
 */
function follow(energy: Bindable, claims: Map<string, SizeClaim>, diagnostics: Diagnostic[]): void {
  if (hasErrors(diagnostics)) return
  const tied: readonly Tie[] = [...energy.axes.flatMap(declaredTie), ...(energy.relations ?? [])]
  for (let changed = true; changed; ) {
    changed = false
    for (const { axis, than, by, why, span } of tied) {
      const [own, theirs] = [claims.get(axis), claims.get(than)]
      if (own === undefined && theirs !== undefined) {
        if (theirs.size < by) return void diagnostics.push(tooSmall({ axis, than, by }, theirs, energy))
        claims.set(axis, { size: theirs.size - by, from: theirs.from })
        changed = true
      } else if (theirs === undefined && own !== undefined) {
        claims.set(than, { size: Math.max(0, own.size + by), from: own.from })
        changed = true
      } else if (own !== undefined && theirs !== undefined && own.size !== theirs.size - by) {
        const declared = { size: theirs.size - by, from: `${theirs.from} (the model says size(${than}))` }
        const related = why !== undefined && unrelated({ axis, than, by, why, ...(span && { span }) }, own, theirs)
        diagnostics.push(related || conflict(energy, axis, declared, own, undefined))
        return
      }
    }
  }
}

type Tie = Pick<SizeRelation, 'axis' | 'than' | 'by'> & Partial<SizeRelation>

function declaredTie({ name, size }: Bindable['axes'][number]): readonly Tie[] {
  if (size.kind === 'same') return [{ axis: name, than: size.as, by: 0 }]
  return size.kind === 'less' ? [{ axis: name, than: size.than, by: size.by }] : []
}

/** `unknown` is there if nothing was refused, so that what has no size once all are followed never gets one. */
function settle(
  energy: Bindable,
  claims: Map<string, SizeClaim>,
  diagnostics: Diagnostic[],
  unknown: ReadonlySet<string> | undefined,
): void {
  follow(energy, claims, diagnostics)
  for (const { name, size } of energy.axes) {
    if (unknown === undefined || claims.has(name) || size.kind === 'unbounded') continue
    const holding = energy.variables.filter((v) => v.axes.includes(name) || (v.type.kind === 'element' && v.type.axis === name))
    // What a store has is nobody's to give.
    const telling = holding.filter((v) => !ports.isStored(v.name))
    if (holding.length > 0 && telling.length === 0) continue
    const holders = telling.map((v) => `"${v.name}"`)
    const wanting = telling.filter((v) => !unknown.has(v.name)).map((v) => `"${v.name}"`)
    const span = energy.axes.find((a) => a.name === name)?.span
    diagnostics.push(
      diagnostic('AMP504', `The size of the axis ${name} is not known${wanting.length === 0 ? '' : `: ${notGiven(wanting)}`}.`, {
        ...(span === undefined ? {} : { span }),
        expected: holders.length === 0 ? `axis ${name} = a number` : `a value for ${holders.join(' or ')}`,
        hint: `${holders.length > 1 ? 'Give one of them' : 'Give it'}, or fix the size in the model: axis ${name} = 10.`,
      }),
    )
  }
}

/** An axis that would have fewer than no elements. */
function tooSmall({ axis, than, by }: Tie, theirs: SizeClaim, energy: Bindable): Diagnostic {
  const span = energy.axes.find((a) => a.name === axis)?.span
  return diagnostic(
    'AMP503',
    `The axis ${axis} is to have ${by} elements fewer than ${than}, which has ${theirs.size} according to ${theirs.from}.`,
    {
      ...(span === undefined ? {} : { span }),
      expected: `at least ${by} elements of ${than}`,
    },
  )
}

/** Sizes that do not go together, though each is right by itself. */
function unrelated({ axis, than, by, why, span }: SizeRelation, own: SizeClaim, theirs: SizeClaim): Diagnostic {
  return diagnostic(
    'AMP503',
    `The axis ${axis} has ${own.size} elements according to ${own.from}, but ${than} has ${theirs.size} according to ${theirs.from}: ${why}.`,
    {
      ...(span === undefined ? {} : { span }),
      expected: `${theirs.size - by} elements of ${axis} for ${theirs.size} of ${than}`,
    },
  )
}

function empty(axis: string, from: string): Diagnostic {
  return diagnostic('AMP515', `The axis ${axis} has no elements according to ${from}, so values that vary over it have no effect.`, {
    place: from,
    expected: 'at least one element',
  })
}

function notGiven(names: readonly string[]): string {
  if (names.length === 1) return `${names[0]} was not given`
  if (names.length === 2) return `neither ${names[0]} nor ${names[1]} was given`
  return `none of ${names.join(', ')} was given`
}

function conflict(energy: Bindable, axis: string, before: SizeClaim, claim: SizeClaim, about: Given | undefined): Diagnostic {
  const span = energy.axes.find((a) => a.name === axis)?.span
  return diagnostic(
    'AMP503',
    `The axis ${axis} has ${before.size} elements according to ${before.from}, but ${claim.size} according to ${claim.from}.`,
    {
      ...(about === undefined ? {} : { place: about.from }),
      ...(span === undefined ? {} : { span }),
      expected: `one size for ${axis}`,
      ...listAll(axis, before.found ?? claim.found),
    },
  )
}

/** What may be wanting is a name that does not occur. */
function listAll(axis: string, found: AxisNames | undefined): { readonly hint?: string } {
  if (found === undefined || found.order === 'given') return {}
  return {
    hint: `${namesInWords(found.names)} occur. To name all of them in order: --labels ${axis}=${found.names.slice(0, 3).join(',')},...`,
  }
}

function batchConflict(before: SizeClaim, claim: SizeClaim): Diagnostic {
  return diagnostic('AMP503', `${before.from} holds ${counted(before.size, 'cue')}, but ${claim.from} holds ${claim.size}.`, {
    place: claim.from,
    expected: 'the same number of cues',
  })
}

function wrongRank({ given, variable, batched }: SizedGiven, shape: readonly number[]): Diagnostic {
  const axes = variable.axes.length === 0 ? 'a single number' : `[${variable.axes.join(', ')}]`
  const isNothing = given.value.kind === 'numbers' && shape.length === 0 && Number.isNaN(given.value.data[0])
  const single = given.value.kind === 'labels' ? 'a single text' : 'a single number'
  const form = isNothing ? 'no number' : shape.length === 0 ? single : `an array of ${shape.join(' x ')}`
  const isColumn = given.value.kind === 'numbers' && given.value.columns?.includes(variable.name)
  return diagnostic('AMP502', `"${variable.name}" is ${axes}, but ${given.from} holds ${form}.`, {
    place: given.from,
    span: variable.span,
    expected: `${counted(variable.axes.length, 'dimension')}${batched ? ', or one more for several cues' : ''}`,
    ...(isColumn ? { hint: `For the column "${variable.name}" alone, give the file without a name: ${given.from}.` } : {}),
  })
}

import type { EnergyVariable } from '../../middle/energy.ts'
import { namedAxes } from '../../middle/kinds.ts'
import { type Situation, unknownsOf } from '../../middle/situation.ts'
import { stringLiteral } from '../../targets/kernel/literal.ts'
import type { Loaded } from '../load.ts'
import { isOptional } from './header.ts'
import { axesInComment, inComment } from './text.ts'

/** The types that values are given in, and an interface of the model's own variables, by role. */
export function inputLines(loaded: Loaded, situation: Situation): readonly string[] {
  const unknown = unknownsOf(situation)
  const variables = loaded.energy.variables.filter((v) => v.label === undefined)
  const section = (
    key: string,
    of: EnergyVariable['role'] | 'unknown',
    isNeeded: (v: EnergyVariable) => boolean,
    batch = false,
  ): string[] => {
    const own = variables.filter((v) => (unknown.has(v.name) ? 'unknown' : v.role) === of)
    if (own.length === 0) return []
    return [`  readonly ${key}${own.some(isNeeded) ? '' : '?'}: {`, ...own.map((v) => field(v, !isNeeded(v), batch)), '  }']
  }
  return [
    ...valueLines,
    'export interface Inputs {',
    ...section('data', 'data', (v) => !isOptional(loaded, v)),
    ...section('memory', 'memory', (v) => !isOptional(loaded, v)),
    ...section('param', 'param', (v) => !isOptional(loaded, v)),
    ...section('observed', 'unknown', () => false, true),
    ...section('cue', 'unknown', () => false, true),
    '  /** What the elements of axes are called, in order; true: numbers given for its elements are their names. */',
    ...labelLines(axesOf(loaded)),
    '}',
    '',
  ]
}

const valueLines = [
  '/** Arrays nested as deep as there are axes. */',
  'export type Nested<Item, Axes extends readonly string[]> = Axes extends readonly [string, ...infer Rest extends readonly string[]] ? readonly Nested<Item, Rest>[] : Item',
  '/** Numbers with their shape, one after the other; a shape is not needed along one axis. */',
  'export type Flat<Axes extends readonly string[]> = { readonly shape: readonly number[]; readonly data: ArrayLike<number> } | (Axes extends readonly [string] ? Float64Array : never)',
  '/** One number for every element, numbers nested in the order of the axes (null is missing), or flat ones. */',
  'export type Numbers<Axes extends readonly string[]> = number | Nested<number | boolean | null, Axes> | Flat<Axes>',
  '/** The same of elements of an axis: their numbers from 1, or their names. */',
  'export type Elements<Axes extends readonly string[]> = number | Nested<number | null, Axes> | Nested<string | null, Axes> | Flat<Axes>',
  '',
]

/** Of a state there may be many values, one a cue: one more axis in front. */
function field({ name, axes, type }: EnergyVariable, optional: boolean, batch: boolean): string {
  const generic = type.kind === 'element' ? 'Elements' : 'Numbers'
  const own = axesType(axes)
  const many = batch ? ` | ${generic}<${axesType(['cue', ...axes])}>` : ''
  const comment = axes.length === 0 ? 'a single number' : axesInComment(axes)
  const kind = type.kind === 'element' ? `, elements of ${inComment(type.axis)}` : ''
  return `    /** ${comment}${kind} */\n    readonly ${stringLiteral(name)}${optional ? '?' : ''}: ${generic}<${own}>${many}`
}

/** Axes as a type: a tuple of their names. */
export function axesType(axes: readonly string[]): string {
  return `readonly [${axes.map(stringLiteral).join(', ')}]`
}

function axesOf({ energy }: Loaded): readonly string[] {
  return [...new Set(energy.variables.filter((v) => v.label === undefined).flatMap((v) => [...v.axes, ...namedAxes(v.type)]))]
}

function labelLines(axes: readonly string[]): readonly string[] {
  if (axes.length === 0) return ['  readonly labels?: Readonly<Record<string, never>>']
  return ['  readonly labels?: {', ...axes.map((a) => `    readonly ${stringLiteral(a)}?: readonly string[] | true`), '  }']
}

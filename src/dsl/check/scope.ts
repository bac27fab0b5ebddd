import type { Interval } from '../../base/interval.ts'
import type { Span } from '../../base/source.ts'
import type { AxisSize, Typed, ValueType } from '../../middle/model.ts'
import type { NodeType } from '../analysis.ts'
import type { AxisStatement, Declaration, DefStatement, Expr, LetStatement } from '../ast.ts'
import type { Report } from './report.ts'

/** What the names of the program stand for, known before any expression is looked at. */
export interface Scope {
  readonly axes: Map<string, AxisEntry>
  readonly variables: Map<string, VariableEntry>
  readonly lets: Map<string, LetStatement>
  readonly defs: Map<string, DefStatement>
  /** `let`s and `def`s whose definitions are circular: reported once, then treated as unknown. */
  readonly circular: Set<string>
  readonly unknown: Unknown
}

export interface AxisEntry {
  readonly name: string
  readonly span: Span
  readonly statement?: AxisStatement
  size: AxisSize
  labels?: readonly string[]
}

export interface VariableEntry {
  readonly declaration: Declaration
  readonly axes: readonly string[]
  /** Absent when the type was wrong. Bounds are added once expressions can be checked. */
  type: ValueType<Typed> | undefined
}

/** Everything the checks of expressions share. */
export interface CheckContext {
  /** `infer` of `expression.ts`, which whatever expressions are made of comes back to: handed on, so that no file imports its importer. */
  readonly infer: (c: CheckContext, e: Expr, place: ExprPlace) => Typed | undefined
  readonly report: Report
  readonly scope: Scope
  readonly text: string
  /** Values of the `let`s checked so far; undefined where they were wrong. */
  readonly lets: Map<string, Typed | undefined>
  /** Bodies of `def`s by the axes of their arguments, so that calling one twice does not check it twice. */
  readonly bodies: Map<string, Body>
  readonly ranges: WeakMap<Typed, Interval>
  /** What each expression of the text turned out to be. */
  readonly nodeTypes: Map<Expr, Noted>
  /** Sizes of expressions with their calls written out. */
  readonly nodes: WeakMap<Typed, number>
  /** Expressions that may still be looked at: a bound on the work, whatever is written. */
  readonly fuel: { left: number; ranOutAt?: Span }
  /** The elements that are named, by the names of the variables that stand for them. */
  readonly named: Map<string, { readonly axis: string; readonly label: string; readonly span: Span }>
}

/** How many expressions are looked at, beyond those written, before a program counts as too large. */
const fuel = 500_000

export function newContext(report: Report, scope: Scope, text: string, infer: CheckContext['infer']): CheckContext {
  return {
    infer,
    report,
    scope,
    text,
    lets: new Map(),
    bodies: new Map(),
    ranges: new WeakMap(),
    nodeTypes: new Map(),
    nodes: new WeakMap(),
    fuel: { left: fuel + text.length },
    named: new Map(),
  }
}

export interface Body {
  readonly value: Typed | undefined
  /** How many nodes the body has when every call inside it is written out. */
  readonly nodes: number
}

/** Where an expression stands. */
export interface ExprPlace {
  readonly depth: number
  /** Inside the body of a def: its parameters, undefined where the argument was wrong. */
  readonly parameters?: ReadonlyMap<string, Typed | undefined>
  /** Inside the `next` of a scan: the previous value. */
  readonly prev?: { readonly value: Typed | undefined }
  /** Where an element is wanted: the axis, of which a text in quotes names one. */
  readonly elementOf?: string | undefined
  /** Inside a subscript: what it is a subscript of, as written. */
  readonly subscriptOf?: { readonly text: string; readonly axes: readonly string[] }
  /** Where an element is picked by a name alone, of what and along which axis: the name may be meant for the axis. */
  readonly pickedOf?: { readonly text: string; readonly axis: string }
}

export const outermost: ExprPlace = { depth: 0 }

export function deeper(place: ExprPlace): ExprPlace {
  return { ...place, depth: place.depth + 1 }
}

/** The axis whose size this axis has: itself, unless it was declared `= size(other)`. */
export function sizeRoot(scope: Scope, axis: string): string {
  let at = axis
  for (let steps = 0; steps <= scope.axes.size; steps += 1) {
    const size = scope.axes.get(at)?.size
    if (size?.kind !== 'same') return at
    at = size.as
  }
  return axis
}

/** Whether an element of one axis is also an element of the other. */
export function sameElements(scope: Scope, a: string, b: string): boolean {
  return sizeRoot(scope, a) === sizeRoot(scope, b)
}

/** Whether they may be: an axis whose statement could not be read may have the size of any other. */
export function maySameElements(scope: Scope, a: string, b: string): boolean {
  const inDoubt = (axis: string): boolean => scope.unknown.axes.has(sizeRoot(scope, axis))
  return sameElements(scope, a, b) || inDoubt(a) || inDoubt(b)
}

export function fixedSize(scope: Scope, axis: string): number | undefined {
  let [at, fewer] = [axis, 0]
  for (let steps = 0; steps <= scope.axes.size; steps += 1) {
    const size = scope.axes.get(at)?.size
    if (size?.kind === 'fixed') return size.size - fewer
    if (size?.kind === 'same') at = size.as
    else if (size?.kind === 'less') [at, fewer] = [size.than, fewer + size.by]
    else return undefined
  }
  return undefined
}

/** What is known of an expression, and of the call of a def for which it was found. */
export interface Noted {
  readonly type: NodeType
  readonly call: ExprPlace['parameters']
  /** What it was in the calls before that one. */
  readonly earlier: NodeType
}

/**
 * What statements that could not be read may have declared. Whoever meets such a name keeps quiet, as about any expression
 * in which something was wrong: so one slip is reported once.
 */
export interface Unknown {
  readonly names: ReadonlySet<string>
  /** Of the names, those that may be axes with a size, labels or weights of their own. */
  readonly axes: ReadonlySet<string>
  /** Whether a name is gone, so that any may be the one. */
  readonly lost: ReadonlySet<What>
  /** Words that may be a name and an axis, with the bracket between them gone: `xpixel]`. */
  readonly joined: readonly string[]
}

/** What a name may be; the type of a variable may be an axis. */
export type What = 'axis' | 'type' | 'value' | 'function'

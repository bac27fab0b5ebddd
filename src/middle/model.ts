import type { SourceFile, Span } from '../base/source.ts'
import type { ProcessName } from '../families/processes/table.ts'
import type { FamilyName } from '../families/tables/signatures.ts'
import type { MatrixName } from './functions.ts'

/**
 * The checked model: every name resolved, every axis known, every type settled; sizes may still be open (they come
 * with the data). Plain data: the compiler reads it and never looks at the syntax tree.
 */
export interface Model {
  readonly source: SourceFile
  readonly name: string
  /** In the order in which they were introduced. */
  readonly axes: readonly Axis[]
  readonly variables: readonly Variable[]
  /** `let`s in an order in which each uses only earlier ones. */
  readonly lets: readonly Let[]
  readonly terms: readonly Term[]
  readonly rules: readonly Rule[]
  readonly objectives: readonly ModelObjective[]
  /** T of exp(-E/T) where no option says it: made of what is given. */
  readonly temperature?: { readonly value: Typed; readonly span: Span }
}

/** A scalar that learning may go down. */
export interface ModelObjective {
  readonly name: string
  /** What it moves, where it says so. */
  readonly over?: readonly string[]
  readonly value: Typed
  readonly span: Span
}

export interface Axis {
  readonly name: string
  /** Where it was introduced (`axis` statement, or the first declaration that names it). */
  readonly span: Span
  readonly size: AxisSize
  /** What its elements are called, in order, where the model says it. */
  readonly labels?: readonly string[]
  /** Present when the axis carries random weights: `~ dirichlet(a)`, `~ dp(alpha)`, `~ pitman_yor(d, alpha)`. */
  readonly weights?: Weights
}

/** A density of as many weights as there are elements (`finite`), or a process that makes elements as they are needed. */
export type Weights = WeightKind & { readonly args: readonly Typed[]; readonly span: Span }
export type WeightKind = { readonly family: 'dirichlet'; readonly finite: true } | { readonly family: ProcessName; readonly finite: false }

export type AxisSize =
  /** `from`: who says so, where it is not the text. */
  | { readonly kind: 'fixed'; readonly size: number; readonly from?: string }
  /** `axis other = size(k)` */
  | { readonly kind: 'same'; readonly as: string }
  /** `axis cut = size(level) - 1`, of a size that comes with the data; `by` is below 0 where there are more. */
  | { readonly kind: 'less'; readonly than: string; readonly by: number }
  /** Comes with the data, memory, cue or option that has the axis. */
  | { readonly kind: 'open' }
  /** `~ dp(...)` without a size. */
  | { readonly kind: 'unbounded' }

export interface Variable {
  readonly role: Role
  readonly name: string
  /** In declared order: the order in which data nests. */
  readonly axes: readonly string[]
  readonly type: ValueType<Typed>
  readonly default?: Typed
  readonly start?: ValueOrigin
  readonly lagrangian?: Typed
  readonly tau?: Typed
  readonly span: Span
  /** Where the name itself stands. */
  readonly nameSpan: Span
  /** An element of its type's axis by this label: the model names it, and its number follows from the labels of the axis. */
  readonly label?: string
}

/** The name of the variable that stands for a named element; no name that can be written. */
export function elementName(axis: string, label: string): string {
  return `${JSON.stringify(label)} of ${axis}`
}

/** Where the value of a variable comes from when nobody gives it; no part of E. */
export type ValueOrigin =
  | { readonly kind: 'value'; readonly value: Typed }
  | ({ readonly kind: 'drawn'; readonly range?: { readonly lower: Typed; readonly upper: Typed } } & Omit<FamilyUse, 'left' | 'variable'>)
  /** Any of the few values of the type. */
  | { readonly kind: 'level' }

/** The expressions that a start is made of. */
export function partsOfStart(start: ValueOrigin | undefined): readonly Typed[] {
  if (start?.kind === 'value') return [start.value]
  return start?.kind === 'drawn' ? [...start.args, ...(start.range === undefined ? [] : [start.range.lower, start.range.upper])] : []
}

export type Role = 'data' | 'memory' | 'param' | 'state' | 'input'

/** What values a variable may take. `lower`/`upper` are expressions over the variable's axes. */
export type ValueType<Bound = Wall> =
  | { readonly kind: 'real'; readonly lower?: Bound; readonly upper?: Bound }
  | { readonly kind: 'positive' }
  | { readonly kind: 'nonnegative' }
  | { readonly kind: 'probability' }
  | { readonly kind: 'spin' }
  | { readonly kind: 'bit' }
  | { readonly kind: 'count' }
  /** An element of `axis`. Values are numbered from 1 outside and from 0 inside. */
  | { readonly kind: 'element'; readonly axis: string }
  | { readonly kind: 'unit'; readonly axis: string }
  | { readonly kind: 'simplex'; readonly axis: string }
  | { readonly kind: 'ordered'; readonly axis: string }
  | { readonly kind: 'covariance'; readonly rows: string; readonly columns: string }
  | { readonly kind: 'correlation'; readonly rows: string; readonly columns: string }
  /** The lower triangular factor of a covariance; of a correlation matrix (`unitRows`) where it is said to be `lkj_cholesky`. */
  | { readonly kind: 'cholesky'; readonly rows: string; readonly columns: string; readonly unitRows?: boolean }

/** A bound of a type, of which the expression is known elsewhere: `Energy.written` has it as `bound(name, 'lower')`. */
export interface Wall {
  readonly span: Span
  /** Set where the bound is written as a number. */
  readonly number?: number
}

export interface Let {
  readonly name: string
  readonly value: Typed
  readonly span: Span
}

/** One term of the energy. */
export type Term =
  | { readonly kind: 'energy'; readonly name: string; readonly value: Typed; readonly span: Span }
  /** `left ~ family(args)`, adds minus the log density summed over every axis of `left`. */
  | DensityTerm

/** A family with its arguments, and what it is the family of. */
export interface FamilyUse {
  readonly left: Typed
  /** Set when `left` is just a variable. */
  readonly variable?: string
  readonly family: FamilyName
  /** The axes in brackets after the family: `multi_normal[d]`. */
  readonly over: readonly string[]
  /** In the family's declared order, all present. */
  readonly args: readonly Typed[]
}

export interface DensityTerm extends FamilyUse {
  readonly kind: 'density'
  /** Unique among terms: the variable's name, or a made one for an expression (`log_y`). */
  readonly name: string
  readonly range?: { readonly lower: Typed; readonly upper: Typed }
  /** `censored (a, b)`: at and beyond these ends only the side is known. */
  readonly censored?: { readonly lower: Typed; readonly upper: Typed }
  readonly span: Span
}

/** The parts of an expression, `let`s and parameters being leaves. */
export function parts(t: Typed): readonly Typed[] {
  switch (t.kind) {
    case 'apply':
    case 'matrix':
      return t.args
    case 'reduce':
    case 'along':
      return t.parameter === undefined ? [t.arg] : [t.arg, t.parameter]
    case 'pick':
      return [t.target, t.index]
    case 'rename':
      return [t.target]
    case 'shift':
      return t.fill === undefined ? [t.target] : [t.target, t.fill]
    case 'scan':
      return [t.first, t.next]
    case 'log_density':
      return [t.left, ...t.args]
    case 'call':
      return [...t.bindings.map((b) => b.value), t.body]
    default:
      return []
  }
}

/** Every expression that a density is made of. */
export function partsOf({ left, args, range, censored }: DensityTerm): readonly Typed[] {
  return [left, ...args, ...[range, censored].flatMap((ends) => (ends === undefined ? [] : [ends.lower, ends.upper]))]
}

/** What sets states in motion: in time, in steps, and all at once where a condition comes to hold. */
export const motionKinds = ['flow', 'step', 'jump'] as const
export type MotionRuleKind = (typeof motionKinds)[number]
/** What patterns make of memories. */
export const writingKinds = ['write', 'forget'] as const
export type WritingKind = (typeof writingKinds)[number]
export type RuleKind = MotionRuleKind | WritingKind

/** What a variable becomes: `value` varies over its axes without those of `places`, and over those of their elements. */
export interface Rule {
  readonly kind: RuleKind
  readonly target: string
  readonly places: readonly RulePlace[]
  readonly value: Typed
  /** Of a flow: what the increments of a Wiener process are multiplied by. */
  readonly noise?: Typed
  /** Of a jump: it happens where this comes to be above 0. */
  readonly excess?: Typed
  readonly span: Span
}

export function isMotion(rule: { readonly kind: RuleKind }): boolean {
  return (motionKinds as readonly string[]).includes(rule.kind)
}

/** The expressions that a rule is made of, but for those of places. */
export function partsOfRule({ value, noise, excess }: Rule): readonly Typed[] {
  return [value, noise, excess].filter((e) => e !== undefined)
}

/**
 * Where the recursion starts and what of it is the value: `first` is the value at the first element, `from` stands before it,
 * and of a `fold`, which starts so too, only the last value is left.
 */
export type ScanForm = 'first' | 'from' | 'fold'

/** Which element along an axis a rule gives a value: the one that `index` is, or a new one behind the last. */
export interface RulePlace {
  readonly axis: string
  readonly index: Typed | 'new'
}

/** The expressions by which a rule picks elements. */
export function indicesOf({ places }: Rule): readonly Typed[] {
  return places.flatMap(({ index }) => (index === 'new' ? [] : [index]))
}

/** An expression with its axes (sorted by name) known. `element` is set where the value is an element of an axis. */
export type Typed = TypedNode & { readonly axes: readonly string[]; readonly element?: string; readonly span: Span }

export type TypedNode =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'let'; readonly name: string }
  /** A parameter of the `def` whose body this is; bound by the nearest enclosing `call`. */
  | { readonly kind: 'parameter'; readonly name: string }
  /** A use of a `def`: `bindings` are evaluated once, then `body` (checked for these arguments). */
  | {
      readonly kind: 'call'
      readonly def: string
      /** The axes that it was called with, in the order of the def. */
      readonly along: readonly string[]
      readonly bindings: readonly { readonly name: string; readonly value: Typed }[]
      readonly body: Typed
    }
  | { readonly kind: 'size'; readonly axis: string }
  /** 1, 2, ... along the axis. */
  | { readonly kind: 'index'; readonly axis: string }
  /** The weights of a random axis, over that axis (uniform for an ordinary one). */
  | { readonly kind: 'weight'; readonly axis: string }
  /** The activation: gradient of the state's Lagrangian. */
  | { readonly kind: 'act'; readonly state: string }
  /** Elementwise: `fn` is a key of the table of functions (operators are functions named add, sub, ...). */
  | { readonly kind: 'apply'; readonly fn: string; readonly args: readonly Typed[] }
  /** Removes `over`: sum, mean, max, min, prod, logsumexp, norm. */
  | { readonly kind: 'reduce'; readonly fn: string; readonly over: readonly string[]; readonly arg: Typed; readonly parameter?: Typed }
  /** Keeps the axis: softmax, normalize, layernorm, cumsum. `parameter`: of functions that have one besides, constant along the axis. */
  | { readonly kind: 'along'; readonly fn: string; readonly axis: string; readonly arg: Typed; readonly parameter?: Typed }
  /** Replaces `axis` of `target` by the axes of `index`. */
  | { readonly kind: 'pick'; readonly target: Typed; readonly axis: string; readonly index: Typed }
  | { readonly kind: 'rename'; readonly target: Typed; readonly from: string; readonly to: string }
  /** `y[t = t - by]`, or `y[t = t - by else fill]`. */
  | { readonly kind: 'shift'; readonly target: Typed; readonly axis: string; readonly by: number; readonly fill?: Typed }
  | { readonly kind: 'scan'; readonly form: ScanForm; readonly axis: string; readonly first: Typed; readonly next: Typed }
  /** A function of a positive definite matrix, the first of `args`: `solve[a, b](A, y)`. */
  | { readonly kind: 'matrix'; readonly fn: MatrixName; readonly rows: string; readonly columns: string; readonly args: readonly Typed[] }
  /** `normal_lpdf(y, mu, sigma)`, over the axes of everything in it without those that the family goes along. */
  | ({ readonly kind: 'log_density' } & FamilyUse)
  /** The previous value, inside the `next` of the nearest enclosing scan. */
  | { readonly kind: 'prev' }

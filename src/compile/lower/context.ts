import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Span } from '../../base/source.ts'
import { GraphBuilder } from '../../ir/builder.ts'
import { factsOf } from '../../ir/facts.ts'
import type { NodeId } from '../../ir/graph.ts'
import { type Knowledge, knowledge } from '../../ir/infinities.ts'
import { interpretation } from '../../ir/interpretation.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import type { SizeRelation } from '../../middle/energy.ts'
import type { MatrixName } from '../../middle/functions.ts'
import type { Model, Typed, Variable } from '../../middle/model.ts'
import { inferable } from '../inferable.ts'
import { ordinaryInputs } from '../type-range.ts'
import { type Margins, noMargins } from './margins.ts'

/** A lowered expression: its node, the elements at the ends of axes for which it has no value, and what must hold for it to mean anything. */
export interface Lowered {
  readonly node: NodeId
  readonly margins: Margins
  readonly legality: Legality
}

/** What lowering one model shares: the graph being built, names, and the troubles found on the way. */
export interface LowerContext {
  /** `lowerExpression` of `expressions.ts`, for expressions inside others: handed on, so that no file imports its importer. */
  readonly lower: (c: LowerContext, root: Typed, env: Environment) => Lowered
  readonly model: Model
  readonly builder: GraphBuilder
  readonly m: Maths
  readonly variables: ReadonlyMap<string, Variable>
  readonly lets: Map<string, Lowered>
  /** Sizes of the axes that the compiler made. */
  readonly made: Map<string, number>
  readonly diagnostics: Diagnostic[]
  /** Picks by what is given, in all statements. */
  readonly picks: GivenPick[]
  /** Matrices that are factored and depend on nothing but what is given. */
  readonly matrices: GivenMatrix[]
  /** Params and memories that move where it is asked for. */
  readonly inferable: ReadonlySet<string>
  /** Those of them by which elements that a shift lacks come and go. */
  readonly choosing: Set<string>
  /** Axes that are called by each other's name. */
  readonly renamed: SizeRelation[]
  /** What is known of each node by the types of the inputs. */
  readonly known: Knowledge
  /** Whether a node may be no number, whatever it is made of. */
  readonly mayFail: (id: NodeId) => boolean
  /** Of each node, whether it depends on a state, and whether on anything that may move. */
  readonly moving: { readonly state: boolean; readonly any: boolean }[]
}

/** Names bound inside the body of a `def` or the `next` of a scan. */
export interface Environment {
  readonly parameters: ReadonlyMap<string, Lowered>
  readonly prev?: Lowered
  /** Every expression is lowered once in its environment. */
  readonly done: Map<Typed, Lowered>
}

export function newContext(model: Model, lower: LowerContext['lower']): LowerContext {
  const builder = new GraphBuilder()
  return {
    lower,
    model,
    builder,
    m: maths(builder),
    variables: new Map(model.variables.map((v) => [v.name, v])),
    lets: new Map(),
    inferable: inferable(model),
    choosing: new Set(),
    made: new Map(),
    diagnostics: [],
    picks: [],
    matrices: [],
    renamed: [],
    known: knowledge(builder, ordinaryInputs(model.variables)),
    mayFail: interpretation(builder, ({ op }, args: readonly boolean[]) => factsOf(op).partial || args.includes(true)),
    moving: [],
  }
}

export function emptyEnvironment(): Environment {
  return { parameters: new Map(), done: new Map() }
}

export function plain(node: NodeId): Lowered {
  return { node, margins: noMargins, legality: legal }
}

/** Says that something cannot be run, and goes on with a stand-in: a model with errors gives no energy. */
export function refuse(c: LowerContext, span: Span, message: string, hint?: string): Lowered {
  c.diagnostics.push(diagnostic('AMP601', message, { span, ...(hint === undefined ? {} : { hint }) }))
  return plain(c.m.k(0))
}

/** What must hold for an expression to mean anything: that its picks by number stay inside their axes. */
export interface Legality {
  /** 0 where it holds of what is computed, else plus infinity: it is added to the energy. */
  readonly penalty?: NodeId
  /** Picks by what is given, which is looked at when it comes. */
  readonly picks: readonly GivenPick[]
  /** The penalty of both: for an expression that is computed by itself, maybe before anything was looked at. */
  readonly alone?: NodeId
}

export interface GivenPick {
  /** The position, from 0. */
  readonly index: NodeId
  readonly axis: string
  readonly span: Span
  /** The variable that the index is, as it stands. */
  readonly variable?: { readonly name: string; readonly axes: readonly string[] }
  /** 1 for the elements whose value is used, else 0; absent: all. */
  readonly live?: NodeId
}

export const legal: Legality = { picks: [] }

/** A matrix that is factored, and known before anything runs. */
export interface GivenMatrix {
  readonly value: Typed
  readonly lowered: Lowered
  /** The function that factors it. */
  readonly asks: MatrixName
  readonly rows: string
  readonly columns: string
}

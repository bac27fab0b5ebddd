import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Span } from '../../base/source.ts'
import { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import type { SizeRelation } from '../../middle/energy.ts'
import type { Model, Typed, Variable } from '../../middle/model.ts'
import { type GivenPick, type Legality, legal } from './legality.ts'
import { type Margins, noMargins } from './margins.ts'

/** A lowered expression: its node, the elements at the ends of axes for which it has no value, and what must hold for it to mean anything. */
export interface Lowered {
  readonly node: NodeId
  readonly margins: Margins
  readonly legality: Legality
}

/** What lowering one model shares: the graph being built, names, and the troubles found on the way. */
export interface Context {
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
  /** Axes that are called by each other's name. */
  readonly renamed: SizeRelation[]
  /** Of each node, whether it depends on a state. */
  readonly moving: boolean[]
}

/** Names bound inside the body of a `def` or the `next` of a scan. */
export interface Environment {
  readonly parameters: ReadonlyMap<string, Lowered>
  readonly prev?: Lowered
  /** Every expression is lowered once in its environment. */
  readonly done: Map<Typed, Lowered>
}

export function newContext(model: Model): Context {
  const builder = new GraphBuilder()
  return {
    model,
    builder,
    m: maths(builder),
    variables: new Map(model.variables.map((v) => [v.name, v])),
    lets: new Map(),
    made: new Map(),
    diagnostics: [],
    picks: [],
    renamed: [],
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
export function refuse(c: Context, span: Span, message: string, hint?: string): Lowered {
  c.diagnostics.push(diagnostic('AMP601', message, { span, ...(hint === undefined ? {} : { hint }) }))
  return plain(c.m.k(0))
}

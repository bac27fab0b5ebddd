import { must } from '../../../base/internal-error.ts'
import { variable, zero } from '../expressions.ts'
import type { Expression, IndexExpr, Local, LocalRole, LocalVariable, LoopStatement, Real } from '../program.ts'
import type { ScheduleBlock } from '../schedule/blocks.ts'

/** Where statements are being written: a function's body or a loop's, inside of others. */
export interface WriteScope {
  readonly parent: WriteScope | undefined
  readonly depth: number
  /** What of the schedule is written here, if it is not a loop that a single statement needs. */
  readonly block: ScheduleBlock | undefined
  /** Of a loop. */
  readonly axis: string | undefined
  readonly index: Local | undefined
  readonly statements: LoopStatement[]
  /** Variables declared here, by what they hold. */
  readonly names: Map<string, Local>
}

/** An expression, and the outermost scope in which it could be written. */
export interface ScopedValue<E extends Expression = Real> {
  readonly of: E
  readonly level: WriteScope
}

export function functionScope(block: ScheduleBlock): WriteScope {
  return { parent: undefined, depth: 0, block, axis: undefined, index: undefined, statements: [], names: new Map() }
}

export function loopScope(parent: WriteScope, axis: string, index: Local, block?: ScheduleBlock): WriteScope {
  return { parent, depth: parent.depth + 1, block, axis, index, statements: [], names: new Map() }
}

export function root(scope: WriteScope): WriteScope {
  return scope.parent === undefined ? scope : root(scope.parent)
}

export function scopeOfAxis(scope: WriteScope, axis: string): WriteScope | undefined {
  if (scope.axis === axis) return scope
  return scope.parent === undefined ? undefined : scopeOfAxis(scope.parent, axis)
}

export function scopeOfScan(scope: WriteScope, scan: number): WriteScope {
  return scope.block?.loop?.scan === scan ? scope : scopeOfScan(must(scope.parent, 'loop of a recursion'), scan)
}

/** Whether what is declared in `outer` can be seen in `inner`. */
export function sees(inner: WriteScope, outer: WriteScope): boolean {
  return inner === outer || (inner.parent !== undefined && sees(inner.parent, outer))
}

export function deepest(scopes: readonly WriteScope[], least: WriteScope): WriteScope {
  return scopes.reduce((a, b) => (b.depth > a.depth ? b : a), least)
}

/** The position of a loop. */
export function positionOf(scope: WriteScope): ScopedValue<IndexExpr> {
  return { of: variable(must(scope.index, 'index')), level: scope }
}

/** The loop that a scope is the body of, from `from` up to `until`. */
export function loopOver(
  { index, statements }: WriteScope,
  until: IndexExpr,
  from: IndexExpr = zero,
  step: 1 | -1 = 1,
  lanes = 1,
): LoopStatement {
  return { kind: 'loop', index: must(index, 'index'), from, until, step, lanes, body: statements }
}

/** Makes the variables of a program. */
export class Locals {
  #next = 0

  make(role: LocalRole, axis?: string): Local {
    const id = this.#next
    this.#next += 1
    return axis === undefined ? { id, role } : { id, role, axis }
  }

  /** A value in a variable of its own scope, the same for all that ask for the same value there. */
  share(value: ScopedValue<Expression>, role: LocalRole): ScopedValue<LocalVariable> {
    const { level, of } = value
    const key = JSON.stringify(of)
    const known = level.names.get(key)
    const local = known ?? this.make(role)
    if (known === undefined) {
      level.names.set(key, local)
      level.statements.push({ kind: 'let', local, value: of })
    }
    return { of: variable(local), level }
  }
}

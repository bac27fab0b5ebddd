import { must } from '../../../base/internal-error.ts'
import { isElementwise } from '../../../ir/scalar.ts'
import { applied, constant, count, extent, indexOf, offset, variable } from '../expressions.ts'
import type { Element, IndexExpr, Local, Real } from '../program.ts'
import { chainOf } from '../schedule/blocks.ts'
import type { LowId, LowNode, LowOf, ViewOp } from '../schedule/lowered.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { type AddressPositions, address, here, moved, positionAlong } from './address.ts'
import { deepest, type Locals, positionOf, root, type ScopedValue, scopeOfScan, sees, type WriteScope } from './scope.ts'

/** An array of the program. */
export interface Stored {
  readonly array: number
  readonly layout: readonly string[]
}

export interface ValueReading {
  readonly schedule: Schedule
  readonly locals: Locals
  readonly input: (name: string) => Stored
  /** The array of a computed node that has one. */
  readonly stored: ReadonlyMap<LowId, Stored>
  /** Variables that hold the value of a node in the round that is being written. */
  readonly held: Map<LowId, { readonly scope: WriteScope; readonly local: Local }>
  /** Recursions of single numbers: the variable that holds the previous one, and what goes there after this round. */
  readonly carries: Map<LowId, { readonly local: Local; readonly next?: Local }>
}

/** The value of a node, as an expression in `scope`. */
export function readValue(r: ValueReading, id: LowId, scope: WriteScope, positions: AddressPositions = here): ScopedValue {
  const node = must(r.schedule.nodes[id], 'operand')
  const view = views[node.op as keyof typeof views] as View<LowNode> | undefined
  return view === undefined ? computed(r, node, id, scope, positions) : view(r, node, scope, positions)
}

/** The value of a node's first operand. */
export function operandOf(r: ValueReading, node: LowNode, scope: WriteScope): Real {
  return readValue(r, operand(node, 0), scope).of
}

/** The expression of an elementwise node, from its operands. */
export function expressionOf(r: ValueReading, node: LowNode, scope: WriteScope): Real {
  const { op } = node
  if (!isElementwise(op)) return operandOf(r, node, scope)
  return applied(
    op,
    node.args.map((a) => readValue(r, a, scope).of),
  )
}

type View<N extends LowNode> = (r: ValueReading, node: N, scope: WriteScope, positions: AddressPositions) => ScopedValue

const views: { readonly [K in ViewOp]: View<LowOf<K>> } = {
  const: (_r, node, scope) => ({ of: constant(node.value), level: root(scope) }),
  input: (r, node, scope, positions) => read(r, r.input(node.name), scope, positions, root(scope)),
  size: (_r, node, scope) => ({ of: count(extent(node.axis)), level: root(scope) }),
  index: (_r, node, scope, positions) => {
    const { of, level } = positionAlong(node.axis, positions, scope)
    return { of: count(of), level }
  },
  rename: (r, node, scope, positions) => {
    const there = positionAlong(node.to, positions, scope)
    return readValue(r, operand(node, 0), scope, moved(positions, node.from, there))
  },
  pick: (r, node, scope, positions) => {
    const index = picked(readValue(r, operand(node, 1), scope, positions))
    const shared = index.of.kind === 'truncated' && !positions.guarded ? r.locals.share(index, 'picked') : index
    return readValue(r, operand(node, 0), scope, moved(positions, node.axis, shared))
  },
  shift,
  previous: (r, node, scope, positions) => {
    const level = scopeOfScan(scope, node.scan)
    const id = recursionOf(r, node)
    const carry = r.carries.get(id)
    if (carry !== undefined && !node.axes.some((a) => positions.at.has(a))) return { of: variable(carry.local), level }
    const before = { of: offset(positionOf(level).of, node.reverse ? 1 : -1), level }
    return read(r, must(r.stored.get(id), 'array of a recursion'), scope, moved(positions, node.axis, before), level)
  },
}

/** The position that a value says. */
export function picked({ of, level }: ScopedValue): ScopedValue<IndexExpr> {
  return { of: indexOf(of), level }
}

/** 0 where nothing is; the test that cannot fail is left out. */
function shift(r: ValueReading, node: LowOf<'shift'>, scope: WriteScope, positions: AddressPositions): ScopedValue {
  const position = positionAlong(node.axis, positions, scope)
  const from: ScopedValue<IndexExpr> = { of: offset(position.of, -node.by), level: position.level }
  const inside = readValue(r, operand(node, 0), scope, moved(positions, node.axis, from, true))
  const test =
    node.by > 0
      ? ({ index: position.of, is: 'at least', bound: { kind: 'whole', value: node.by } } as const)
      : ({ index: from.of, is: 'below', bound: extent(node.axis) } as const)
  return { of: { kind: 'inside', ...test, value: inside.of }, level: deepest([inside.level], position.level) }
}

function recursionOf(r: ValueReading, { scan, part }: LowOf<'previous'>): LowId {
  return r.schedule.nodes.findIndex((n) => n.op === 'recursion' && n.scan === scan && n.part === part)
}

/** A computed node: the variable that holds it if there is one in sight, else an element of its array. */
function computed(r: ValueReading, node: LowNode, id: LowId, scope: WriteScope, positions: AddressPositions): ScopedValue {
  const held = r.held.get(id)
  const elsewhere = node.axes.some((a) => positions.at.has(a))
  if (!elsewhere && held !== undefined && sees(scope, held.scope)) return { of: variable(held.local), level: held.scope }
  return read(r, must(r.stored.get(id), `array of node ${id}`), scope, positions, sharedScope(r, id, scope))
}

/** The innermost scope around `scope` that also holds the node's statement: before it the array is not filled. */
function sharedScope(r: ValueReading, id: LowId, scope: WriteScope): WriteScope {
  const chain = chainOf(must(r.schedule.places.get(id), 'place'))
  for (let s = scope; ; s = must(s.parent, 'scope')) {
    if (s.parent === undefined || (s.block !== undefined && chain.includes(s.block))) return s
  }
}

function read(r: ValueReading, { array, layout }: Stored, scope: WriteScope, positions: AddressPositions, least: WriteScope): ScopedValue {
  const at = address(layout, positions, scope, r.locals)
  const value: ScopedValue<Element> = { of: { kind: 'element', array, at: at.of }, level: deepest([at.level], least) }
  return positions.guarded ? value : r.locals.share(value, 'read')
}

function operand(node: LowNode, k: number): LowId {
  return must(node.args[k], `operand ${k} of ${node.op}`)
}

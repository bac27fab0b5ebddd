import { must } from '../../../base/internal-error.ts'
import { isElementwise } from '../../../ir/scalar.ts'
import { atom, choice, infix, truncated } from '../../kernel/code.ts'
import { isIndex, numberLiteral } from '../../kernel/literal.ts'
import { rules } from '../rules.ts'
import type { LowId, LowNode, LowOf, ViewOp } from '../schedule/lowered.ts'
import { chainOf, type Schedule } from '../schedule/schedule.ts'
import { address, type Extents, here, moved, type Positions, positionAlong } from './address.ts'
import { deepest, root, type Scope, type Sharing, scopeOfScan, sees, type Value } from './scope.ts'

/** An array of the enclosing function. */
export interface Stored {
  readonly name: string
  readonly layout: readonly string[]
}

export interface Reading {
  readonly schedule: Schedule
  readonly extents: Extents
  readonly sharing: Sharing
  readonly input: (name: string) => Stored
  /** The array of a computed node that has one. */
  readonly stored: ReadonlyMap<LowId, Stored>
  /** Variables that hold the value of a node in the round that is being written. */
  readonly locals: Map<LowId, { readonly scope: Scope; readonly name: string }>
  /** Nodes whose one reader has yet to come: their expression is written there. */
  readonly pending: Map<LowId, Scope>
  /** Recursions of single numbers: the variable that holds the previous one, and what goes there after this round. */
  readonly carries: Map<LowId, { readonly name: string; readonly next?: string }>
  /** Functions of `f` that the code calls. */
  readonly helpers: Set<string>
}

/** Longer expressions get a line of their own. */
const LONG = 96

/** The value of a node, as an expression in `scope`. */
export function readValue(r: Reading, id: LowId, scope: Scope, positions: Positions = here): Value {
  const node = must(r.schedule.nodes[id], 'operand')
  const view = views[node.op as keyof typeof views] as View<LowNode> | undefined
  return view === undefined ? computed(r, node, id, scope, positions) : view(r, node, scope, positions)
}

/** The expression of an elementwise node, from its operands. */
export function expressionOf(r: Reading, node: LowNode, scope: Scope): Value {
  const { op } = node
  if (!isElementwise(op)) return readValue(r, must(node.args[0], 'operand'), scope)
  const rule = rules[op]
  if (rule.helper !== undefined) r.helpers.add(rule.helper)
  const operand = (k: number) => () => readValue(r, must(node.args[k], `operand ${k} of ${op}`), scope)
  return { ...rule.print(operand(0), operand(1), operand(2)), level: scope }
}

type View<N extends LowNode> = (r: Reading, node: N, scope: Scope, positions: Positions) => Value

const views: { readonly [K in ViewOp]: View<LowOf<K>> } = {
  const: (_r, node, scope) => ({ ...atom(numberLiteral(node.value)), level: root(scope), whole: isIndex(node.value) }),
  input: (r, node, scope, positions) => read(r, r.input(node.name), scope, positions, root(scope)),
  size: (r, node, scope) => ({ ...atom(r.extents.size(node.axis)), level: root(scope), whole: true }),
  index: (_r, node, scope, positions) => positionAlong(node.axis, positions, scope),
  rename: (r, node, scope, positions) => {
    const there = positionAlong(node.to, positions, scope)
    return readValue(r, operand(node, 0), scope, moved(positions, node.from, there))
  },
  pick: (r, node, scope, positions) => {
    const index = readValue(r, operand(node, 1), scope, positions)
    const whole = index.whole ? index : { ...truncated(index), level: index.level, whole: true }
    const shared = index.whole || positions.guarded ? whole : r.sharing.share(whole, scope, 'k')
    return readValue(r, operand(node, 0), scope, moved(positions, node.axis, shared))
  },
  shift,
  previous: (r, node, scope, positions) => {
    const level = scopeOfScan(scope, node.scan)
    const id = recursionOf(r, node)
    const carry = r.carries.get(id)
    if (carry !== undefined && !node.axes.some((a) => positions.at.has(a))) return { ...atom(carry.name), level }
    const before = { ...infix(must(level.index, 'index'), node.reverse ? '+' : '-', atom('1')), level, whole: true }
    return read(r, must(r.stored.get(id), 'array of a recursion'), scope, moved(positions, node.axis, before), level)
  },
}

/** 0 where nothing is; the test that cannot fail is left out. */
function shift(r: Reading, node: LowOf<'shift'>, scope: Scope, positions: Positions): Value {
  const position = positionAlong(node.axis, positions, scope)
  const by = atom(String(Math.abs(node.by)))
  const from = { ...infix(position, node.by > 0 ? '-' : '+', by), level: position.level, whole: true }
  const test = node.by > 0 ? infix(position, '>=', by) : infix(from, '<', atom(r.extents.size(node.axis)))
  const inside = readValue(r, operand(node, 0), scope, moved(positions, node.axis, from, true))
  return { ...choice(test, inside, atom('0')), level: deepest([inside.level], position.level) }
}

function recursionOf(r: Reading, { scan, part }: LowOf<'previous'>): LowId {
  return r.schedule.nodes.findIndex((n) => n.op === 'recursion' && n.scan === scan && n.part === part)
}

/** A computed node: its variable if it has one in sight, else the expression itself, else its array. */
function computed(r: Reading, node: LowNode, id: LowId, scope: Scope, positions: Positions): Value {
  const local = r.locals.get(id)
  const elsewhere = node.axes.some((a) => positions.at.has(a))
  if (!elsewhere && local !== undefined && sees(scope, local.scope)) {
    r.sharing.count(useKey(id))
    if (local.scope !== scope) r.sharing.count(deepKey(id))
    return { ...atom(local.name), level: local.scope }
  }
  if (!elsewhere && r.pending.get(id) === scope) return inlined(r, node, id, scope)
  return read(r, must(r.stored.get(id), `array of node ${id}`), scope, positions, sharedScope(r, id, scope))
}

function inlined(r: Reading, node: LowNode, id: LowId, scope: Scope): Value {
  r.pending.delete(id)
  const expression = expressionOf(r, node, scope)
  if (expression.text.length <= LONG) return expression
  const name = r.sharing.name('t')
  scope.lines.push(`const ${name} = ${expression.text}`)
  return { ...atom(name), level: scope }
}

/** Counts the readers of a node's variable, and those of them in inner loops. */
export function useKey(id: LowId): string {
  return `node ${id}`
}

export function deepKey(id: LowId): string {
  return `node ${id} inside`
}

/** The innermost scope around `scope` that also holds the node's statement: before it the array is not filled. */
function sharedScope(r: Reading, id: LowId, scope: Scope): Scope {
  const keys = new Set(chainOf(must(r.schedule.places.get(id), 'place')).map((b) => blockKey(b.id)))
  for (let s = scope; ; s = must(s.parent, 'scope')) if (s.parent === undefined || keys.has(s.key)) return s
}

export function blockKey(id: number): string {
  return `block ${id}`
}

function read(r: Reading, { name, layout }: Stored, scope: Scope, positions: Positions, least: Scope): Value {
  const at = address(layout, positions, scope, r.extents, r.sharing)
  const value: Value = { ...atom(`${name}[${at.text}]`), level: deepest([at.level], least) }
  return positions.guarded ? value : r.sharing.share(value, scope, 'v')
}

function operand(node: LowNode, k: number): LowId {
  return must(node.args[k], `operand ${k} of ${node.op}`)
}

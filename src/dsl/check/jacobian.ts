import { kindOf } from '../../middle/kinds.ts'
import { parts, type Typed } from '../../middle/model.ts'
import type { CheckContext } from './scope.ts'

/**
 * How an expression depends on the states: not at all, on discrete ones alone, as a sum of multiples of continuous ones
 * (so that the Jacobian of the change of variables is a constant), or otherwise.
 */
type StateDependence = 'none' | 'discrete' | 'affine' | 'bent'

/** Whether the map from the continuous states to the value has a Jacobian that varies. */
export function hasJacobian(c: CheckContext, value: Typed): boolean {
  return value.kind !== 'variable' && ofAll(c, [value], () => true) === 'bent'
}

/** Whether a sum of these is, in one state with all others held, a sum of multiples of it and nothing else. */
export function isAffineIn(c: CheckContext, state: string, values: readonly Typed[]): boolean {
  return ofAll(c, values, (name) => name === state) === 'affine'
}

/** Lets in their order first, so that a long row of them is no deep recursion. */
function ofAll(c: CheckContext, values: readonly Typed[], moves: DependenceScope['moves']): StateDependence {
  const scope = topLevel(moves)
  for (const value of c.lets.values()) if (value !== undefined) dependence(c, value, scope)
  return most(values.map((value) => dependence(c, value, scope)))
}

interface DependenceScope {
  readonly parameters: ReadonlyMap<string, StateDependence>
  readonly prev?: StateDependence
  /** What is known already, so that lets made of lets are looked at once. */
  readonly done: Map<Typed, StateDependence>
  /** Where the lets are known. */
  readonly top: Map<Typed, StateDependence>
  /** The states that are not held. */
  readonly moves: (name: string) => boolean
}

function topLevel(moves: DependenceScope['moves'], top = new Map<Typed, StateDependence>()): DependenceScope {
  return { parameters: new Map(), done: top, top, moves }
}

const order: readonly StateDependence[] = ['none', 'discrete', 'affine', 'bent']
const most = (all: readonly StateDependence[]): StateDependence =>
  order[Math.max(0, ...all.map((d) => order.indexOf(d)))] as StateDependence
const isStill = (d: StateDependence): boolean => d === 'none' || d === 'discrete'
/** Of what is neither a sum nor a product: bent in what moves continuously. */
const otherwise = (all: readonly StateDependence[]): StateDependence => (all.every(isStill) ? most(all) : 'bent')

const sums: ReadonlySet<string> = new Set(['add', 'sub', 'neg'])
const linearReductions: ReadonlySet<string> = new Set(['sum', 'mean', 'cumsum'])

function dependence(c: CheckContext, t: Typed, scope: DependenceScope): StateDependence {
  const known = scope.done.get(t)
  if (known !== undefined) return known
  const found = compute(c, t, scope)
  scope.done.set(t, found)
  return found
}

function compute(c: CheckContext, t: Typed, scope: DependenceScope): StateDependence {
  const of = (x: Typed): StateDependence => dependence(c, x, scope)
  switch (t.kind) {
    case 'number':
    case 'size':
    case 'index':
      return 'none'
    case 'variable':
      return scope.moves(t.name) ? ofVariable(c, t.name) : 'none'
    case 'weight':
      return c.scope.axes.get(t.axis)?.statement?.prior === undefined ? 'none' : 'affine'
    case 'act':
      return 'bent'
    case 'let': {
      const value = c.lets.get(t.name)
      return value === undefined ? 'none' : dependence(c, value, topLevel(scope.moves, scope.top))
    }
    case 'parameter':
      return scope.parameters.get(t.name) ?? 'none'
    case 'prev':
      return scope.prev ?? 'none'
    case 'call':
      return dependence(c, t.body, { ...scope, done: new Map(), parameters: new Map(t.bindings.map((b) => [b.name, of(b.value)])) })
    case 'apply':
      return sums.has(t.fn) ? most([...addends(t)].map(of)) : applied(t.fn, t.args.map(of))
    case 'reduce':
    case 'along':
      return linearReductions.has(t.fn) ? of(t.arg) : otherwise(parts(t).map(of))
    case 'pick':
      return isStill(of(t.index)) ? most([of(t.target), of(t.index)]) : 'bent'
    case 'rename':
      return of(t.target)
    case 'shift':
      return most([of(t.target), ...(t.fill === undefined ? [] : [of(t.fill)])])
    case 'matrix': {
      const [matrix = 'none', ...others] = t.args.map(of)
      return isStill(matrix) ? most([matrix, ...others]) : 'bent'
    }
    case 'log_density':
      return otherwise([t.left, ...t.args].map(of))
    case 'scan': {
      const first = of(t.first)
      const next = (prev: StateDependence): StateDependence => dependence(c, t.next, { ...scope, done: new Map(), prev })
      return most([first, next(most([first, next(first)]))])
    }
  }
}

/** What is added up, with a stack of its own: a sum of ten thousand terms is no deeper than one. */
function* addends(sum: Typed): Generator<Typed> {
  const stack = [sum]
  for (let t = stack.pop(); t !== undefined; t = stack.pop()) {
    if (t.kind === 'apply' && sums.has(t.fn)) stack.push(...t.args)
    else yield t
  }
}

function ofVariable(c: CheckContext, name: string): StateDependence {
  const entry = c.scope.variables.get(name)
  if (entry?.declaration.role !== 'state') return 'none'
  return entry.type !== undefined && kindOf(entry.type).discrete ? 'discrete' : 'affine'
}

function applied(fn: string, args: readonly StateDependence[]): StateDependence {
  const [a = 'none', b = 'none', d = 'none'] = args
  if (fn === 'mul') return a === 'none' || b === 'none' ? most(args) : otherwise(args)
  if (fn === 'div') return b === 'none' ? a : otherwise(args)
  if (fn === 'where') return isStill(a) ? most([a, b, d]) : 'bent'
  return otherwise(args)
}

import { logDensityName } from '../../families/tables/log-densities.ts'
import { kindOf, levelsOf, ownAxes } from '../../middle/kinds.ts'
import { parts, type Term, type Typed, type ValueType } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import { type Polynomial, PolynomialAlgebra, type PolynomialFactor } from './polynomial.ts'
import { constantOf } from './range.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import { sameElements, sizeRoot } from './scope.ts'
import { nodesWithin } from './typed.ts'
import { quoted } from './words.ts'

/** More expressions than this are not worked out: the check is a help, and costs no more than that. */
const MOST = 20_000

/** Warns of terms of the energy that name states and are the same whatever those are, as a forgotten renaming makes them. */
export function checkConstantTerms(c: CheckContext, terms: readonly Term[]): void {
  const work = new PolynomialWork(c)
  for (const term of terms) if (term.kind === 'energy') for (const part of constantParts(c, work, term.value)) warn(c, part)
}

/** The outermost summands that name a state and depend on none. */
function* constantParts(c: CheckContext, work: PolynomialWork, whole: Typed): Generator<Typed> {
  const stack = [{ t: whole, isPart: false }]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const { t, isPart } = at
    const isSum = t.kind === 'apply' && sums.has(t.fn)
    // The sum of the first of many summands is nothing that anybody wrote.
    if (!(isPart && isSum)) {
      if (statesNamed(c, t).length === 0) continue
      if (work.isConstant(t)) {
        yield t
        continue
      }
    }
    stack.push(...summands(c, t).map((inner) => ({ t: inner, isPart: isSum })))
  }
}

/** Functions whose values along their axis add up to 1. */
const addingUp: ReadonlySet<string> = new Set(['softmax', 'sparsemax', 'entmax', 'normmax'])

const sums: ReadonlySet<string> = new Set(['add', 'sub', 'neg'])

/** What a sum, or a multiple or mean of one, adds up. */
function summands(c: CheckContext, t: Typed): readonly Typed[] {
  if (t.kind === 'reduce' && (t.fn === 'sum' || t.fn === 'mean')) return [t.arg]
  if (t.kind !== 'apply') return []
  if (sums.has(t.fn)) return t.args
  const isMultiple = t.fn === 'mul' || t.fn === 'div'
  const moving = t.args.filter((a) => statesNamed(c, a).length > 0)
  return isMultiple && moving.length === 1 && (t.fn === 'mul' || moving[0] === t.args[0]) ? moving : []
}

function statesNamed(c: CheckContext, t: Typed): readonly string[] {
  const names = new Set<string>()
  for (const n of nodesWithin([t], c.lets)) {
    const name = n.kind === 'variable' ? n.name : n.kind === 'act' ? n.state : undefined
    if (name !== undefined && c.scope.variables.get(name)?.declaration.role === 'state') names.add(name)
  }
  return [...names]
}

function warn(c: CheckContext, t: Typed): void {
  const names = statesNamed(c, t)
  tell(c.report, 'AMP230', `this term is the same whatever ${quoted(names, 'and')} ${names.length === 1 ? 'is' : 'are'}`, {
    span: t.span,
    hint: forgottenRenaming(c, t, names) ?? 'leave it out, or check whether another variable or another element was meant',
  })
}

/** `s[neuron -> other]`, where the term has an axis with the elements of one of the state's. */
function forgottenRenaming(c: CheckContext, t: Typed, names: readonly string[]): string | undefined {
  const axes = new Set([...nodesWithin([t], c.lets)].flatMap((n) => n.axes))
  for (const name of names) {
    const entry = c.scope.variables.get(name)
    for (const own of entry?.axes ?? []) {
      const other = [...axes].find((a) => !entry?.axes.includes(a) && sameElements(c.scope, a, own))
      if (other === undefined) continue
      const why = entry?.type !== undefined && squareOf(entry.type) === 'one' ? `${name} * ${name} is 1; ` : ''
      return `${why}for pairs of different elements rename one of the two: ${name}[${own} -> ${other}]`
    }
  }
  return undefined
}

/** What the type of a factor says of its values. */
function knownOf(type: ValueType): Partial<PolynomialFactor> {
  const [square, power, axis] = [squareOf(type), kindOf(type).line?.power, ownAxes(type)[0]]
  return {
    ...(square === undefined ? {} : { square }),
    ...(power === undefined || axis === undefined ? {} : { addsUp: { axis, power } }),
  }
}

function squareOf(type: ValueType): PolynomialFactor['square'] {
  const levels = levelsOf(type)
  if (levels?.kind !== 'values') return undefined
  if (levels.values.every((v) => v * v === 1)) return 'one'
  return levels.values.every((v) => v * v === v) ? 'itself' : undefined
}

interface PolynomialScope {
  readonly parameters: ReadonlyMap<string, Polynomial>
  readonly done: Map<Typed, Polynomial>
}

/** Expressions as polynomials, each worked out once. */
class PolynomialWork {
  readonly #c: CheckContext
  readonly #a = new PolynomialAlgebra()
  readonly #top: PolynomialScope = { parameters: new Map(), done: new Map() }
  #left = MOST

  constructor(c: CheckContext) {
    this.#c = c
  }

  isConstant(t: Typed): boolean {
    // Lets in their order first, so that a long row of them is no deep recursion.
    for (const value of this.#c.lets.values()) if (value !== undefined && !this.#top.done.has(value)) this.#of(value, this.#top)
    const value = this.#of(t, this.#top)
    return this.#left > 0 && this.#a.statesOf(value).size === 0
  }

  /** With a stack of its own, since a sum of many terms is a deep tree. */
  #of(root: Typed, scope: PolynomialScope): Polynomial {
    const stack = [root]
    for (let t = stack.at(-1); t !== undefined; t = stack.at(-1)) {
      const missing = this.#left > 0 && !scope.done.has(t) ? operands(t).filter((o) => !scope.done.has(o)) : []
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      if (!scope.done.has(t)) scope.done.set(t, this.#left > 0 ? this.#build(t, scope) : this.#a.number(0))
      this.#left -= 1
      stack.pop()
    }
    return scope.done.get(root) as Polynomial
  }

  #build(t: Typed, scope: PolynomialScope): Polynomial {
    const a = this.#a
    const known = (o: Typed): Polynomial => scope.done.get(o) as Polynomial
    switch (t.kind) {
      case 'number':
        return Number.isFinite(t.value) ? a.number(t.value) : a.atom(`number ${t.value}`, { states: new Set(), axes: [] })
      case 'variable':
        return this.#variable(t.name)
      case 'let': {
        const value = this.#c.lets.get(t.name)
        return value === undefined ? this.#still(`let ${t.name}`, t.axes) : this.#of(value, this.#top)
      }
      case 'parameter':
        return scope.parameters.get(t.name) ?? this.#still(`parameter ${t.name}`, t.axes)
      case 'call':
        return this.#of(t.body, { parameters: new Map(t.bindings.map((b) => [b.name, known(b.value)])), done: new Map() })
      case 'size':
        return this.#still(`size ${sizeRoot(this.#c.scope, t.axis)}`, [])
      case 'index':
        return this.#still(`index ${t.axis}`, [t.axis])
      case 'prev':
        return this.#still('prev', t.axes)
      case 'weight':
        return a.atom(`weight ${t.axis}`, {
          states: new Set([ports.weight(t.axis)]),
          axes: [t.axis],
          addsUp: { axis: t.axis, power: 1 },
        })
      case 'act':
        return a.atom(`act ${t.state}`, { states: new Set([t.state]), axes: t.axes })
      case 'apply':
        return this.#applied(t.fn, t.args, t.args.map(known))
      case 'reduce':
        return this.#reduced(t.fn, parts(t).map(known), t.over)
      case 'along':
        return a.opaque(`${t.fn} ${t.axis} `, parts(t).map(known), {
          axes: t.axes,
          ...(addingUp.has(t.fn)
            ? { addsUp: { axis: t.axis, power: 1 } }
            : t.fn === 'normalize'
              ? { addsUp: { axis: t.axis, power: 2 } }
              : {}),
        })
      case 'pick':
        return this.#picked(known(t.target), t.axis, known(t.index))
      case 'rename':
        return this.#renamed(known(t.target), t.from, t.to)
      case 'shift':
        return a.opaque(`shift ${t.axis} ${t.by} `, [known(t.target), ...(t.fill === undefined ? [] : [known(t.fill)])], { axes: t.axes })
      case 'matrix':
        return a.opaque(`${t.fn} ${t.rows} ${t.columns} `, t.args.map(known), { axes: t.axes })
      case 'log_density':
        return a.opaque(`${logDensityName(t.family)} ${t.over.join(' ')} `, [t.left, ...t.args].map(known), { axes: t.axes })
      case 'scan':
        return a.opaque(`scan ${t.form} ${t.axis} `, [known(t.first), this.#of(t.next, { ...scope, done: new Map() })], { axes: t.axes })
    }
  }

  #still(key: string, axes: readonly string[]): Polynomial {
    return this.#a.atom(key, { states: new Set(), axes })
  }

  #variable(name: string): Polynomial {
    const entry = this.#c.scope.variables.get(name)
    const states = new Set(entry?.declaration.role === 'state' ? [name] : [])
    return this.#a.atom(`variable ${name}`, {
      states,
      axes: entry?.axes ?? [],
      ...(entry?.type === undefined ? {} : knownOf(entry.type)),
    })
  }

  #applied(fn: string, args: readonly Typed[], values: readonly Polynomial[]): Polynomial {
    const a = this.#a
    const [x = a.number(0), y = a.number(0), z = a.number(0)] = values
    const same = values.length === 2 && a.idOf(x) === a.idOf(y)
    switch (fn) {
      case 'add':
        return a.add(x, y)
      case 'sub':
        return a.add(x, y, -1)
      case 'neg':
        return a.multiply(a.number(-1), x)
      case 'mul':
        return a.multiply(x, y)
      case 'div':
        return a.divide(x, y)
      case 'square':
        return a.power(x, 2)
      case 'pow': {
        const by = args[1] === undefined ? undefined : constantOf(this.#c, args[1])
        return by === undefined || !Number.isFinite(by) ? a.opaque('pow', values) : a.power(x, by)
      }
      case 'abs':
        return this.#size(x) ?? a.opaque('abs', values)
      case 'min':
      case 'max':
        return same ? x : a.opaque(fn, values)
      case 'where':
        return a.idOf(y) === a.idOf(z) ? y : a.opaque('where', values)
      case 'equal':
      case 'less_equal':
      case 'greater_equal':
        return same ? a.number(1) : a.opaque(fn, values)
      case 'not_equal':
      case 'less':
      case 'greater':
        return same ? a.number(0) : a.opaque(fn, values)
      default:
        return a.opaque(fn, values)
    }
  }

  /** The absolute value of a product of spins. */
  #size(x: Polynomial): Polynomial | undefined {
    const [only] = x.values()
    if (x.size !== 1 || only === undefined) return undefined
    const spins = [...only.powers.keys()].every((id) => this.#a.factor(id).square === 'one')
    return spins ? this.#a.number(Math.abs(only.coefficient)) : undefined
  }

  #reduced(fn: string, operands: readonly Polynomial[], over: readonly string[]): Polynomial {
    const a = this.#a
    const [x = a.number(0)] = operands
    if (fn === 'sum') return a.sum(x, over)
    if (fn === 'mean') {
      return over.reduce((y, axis) => a.divide(y, this.#still(`size ${sizeRoot(this.#c.scope, axis)}`, [])), a.sum(x, over))
    }
    if (fn === 'norm') return a.power(a.sum(a.power(x, 2), over), 0.5)
    const axes = [...new Set(operands.flatMap((o) => a.axesOf(o)))].filter((axis) => !over.includes(axis))
    return a.opaque(`${fn} over ${[...over].sort().join(' ')} `, operands, { axes })
  }

  #picked(x: Polynomial, axis: string, index: Polynomial): Polynomial {
    const a = this.#a
    return a.each(x, axis, (id, factor) => {
      const axes = [...new Set([...factor.axes.filter((other) => other !== axis), ...a.axesOf(index)])]
      const states = new Set([...factor.states, ...a.statesOf(index)])
      const keeps = factor.addsUp !== undefined && factor.addsUp.axis !== axis && !a.axesOf(index).includes(factor.addsUp.axis)
      return a.atom(`pick ${id} ${axis} ${a.idOf(index)}`, {
        states,
        axes,
        ...(factor.square === undefined ? {} : { square: factor.square }),
        ...(keeps && factor.addsUp !== undefined ? { addsUp: factor.addsUp } : {}),
      })
    })
  }

  #renamed(x: Polynomial, from: string, to: string): Polynomial {
    return this.#a.each(x, from, (id, factor) =>
      this.#a.atom(`rename ${id} ${from} ${to}`, {
        ...factor,
        axes: factor.axes.map((axis) => (axis === from ? to : axis)),
        ...(factor.addsUp?.axis === from ? { addsUp: { ...factor.addsUp, axis: to } } : {}),
      }),
    )
  }
}

/** What has to be known first, in the same scope. */
function operands(t: Typed): readonly Typed[] {
  if (t.kind === 'scan') return [t.first]
  return t.kind === 'call' ? t.bindings.map((b) => b.value) : parts(t)
}

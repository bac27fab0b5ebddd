import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { AlongName, FunctionName, ReductionName } from '../../middle/functions.ts'
import type { Typed, TypedNode } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import { alongRules, comparisons, functionRules, reductionRules } from '../functions.ts'
import { chosen } from './chosen.ts'
import { type Environment, type LowerContext, type Lowered, legal, plain, refuse } from './context.ts'
import { asElement, asNumber, asPosition } from './elements.ts'
import { allLegal, chosenLegal, isStill, movedLegal, pickedAt, reducedLegal } from './legality.ts'
import { lowerLogDensity } from './log-density.ts'
import { counted, dropped, lacksAlong, masked, renamed, widest } from './margins.ts'
import { lowerMatrix } from './matrix.ts'
import { lowerScan } from './scan.ts'
import { lowerShift } from './shift.ts'

/**
 * The graph of a typed expression. Works with a stack of its own, so a sum of ten thousand terms is no deeper than one.
 * Elements of an axis are numbered from 0 inside.
 */
export function lowerExpression(c: LowerContext, root: Typed, env: Environment): Lowered {
  const stack: Typed[] = [root]
  for (let e = stack.at(-1); e !== undefined; e = stack.at(-1)) {
    const operands = operandsOf(e)
    const missing = operands.filter((o) => !env.done.has(o))
    if (env.done.has(e)) stack.pop()
    else if (missing.length > 0) stack.push(...missing)
    else {
      const args = operands.map((o) => must(env.done.get(o), 'operand'))
      env.done.set(e, build(c, env, e, args))
      stack.pop()
    }
  }
  return must(env.done.get(root), 'expression')
}

type TypedKind = TypedNode['kind']
type TypedOf<K extends TypedKind> = Extract<TypedNode, { readonly kind: K }>

interface LowerRule<K extends TypedKind> {
  /** What must be lowered first, in this environment. */
  readonly operands: (e: TypedOf<K>) => readonly Typed[]
  readonly build: (c: LowerContext, e: TypedOf<K> & Typed, args: readonly Lowered[], env: Environment) => Lowered
}

const none = (): readonly Typed[] => []
const first = (args: readonly Lowered[]): Lowered => must(args[0], 'operand')

const rules: { readonly [K in TypedKind]: LowerRule<K> } = {
  number: { operands: none, build: (c, e) => plain(c.m.k(e.value)) },
  variable: { operands: none, build: (c, e) => plain(c.builder.input(e.name, must(c.variables.get(e.name), e.name).axes)) },
  let: { operands: none, build: (c, e) => must(c.lets.get(e.name), `let ${e.name}`) },
  parameter: { operands: none, build: (_c, e, _args, env) => must(env.parameters.get(e.name), `parameter ${e.name}`) },
  call: {
    operands: (e) => e.bindings.map((b) => b.value),
    build: (c, e, args, env) => {
      const parameters = new Map(e.bindings.map((b, i) => [b.name, must(args[i], b.name)]))
      return lowerExpression(c, e.body, { ...env, parameters, done: new Map() })
    },
  },
  size: { operands: none, build: (c, e) => plain(c.builder.size(e.axis)) },
  index: {
    operands: none,
    build: (c, e) => {
      const index = c.builder.index(e.axis)
      return plain(e.element === undefined ? c.m.add(index, c.m.k(1)) : index)
    },
  },
  weight: { operands: none, build: (c, e) => weight(c, e) },
  act: {
    operands: none,
    build: (c, e) => plain(c.builder.input(ports.marker(e.state), must(c.variables.get(e.state), e.state).axes)),
  },
  apply: { operands: (e) => e.args, build: (c, e, args) => apply(c, e, args) },
  reduce: { operands: overParts, build: (c, e, args) => reduce(c, e, first(args), args[1]) },
  along: { operands: overParts, build: (c, e, args) => along(c, e, first(args), args[1]) },
  pick: { operands: (e) => [e.target, e.index], build: (c, e, args) => pick(c, e, args) },
  rename: {
    operands: (e) => [e.target],
    build: (c, e, args) => ({
      node: renamedIn(c, e, first(args).node),
      margins: renamed(c.m, first(args).margins, e.from, e.to),
      legality: movedLegal(c, first(args).legality, (x) => c.builder.rename(x, e.from, e.to)),
    }),
  },
  shift: {
    operands: (e) => (e.fill === undefined ? [e.target] : [e.target, e.fill]),
    build: (c, e, args) => lowerShift(c, e, first(args), args[1]),
  },
  scan: { operands: (e) => [e.first], build: (c, e, args, env) => lowerScan(c, e, first(args), env) },
  matrix: { operands: (e) => e.args, build: (c, e, args) => lowerMatrix(c, e, args) },
  log_density: { operands: (e) => [e.left, ...e.args], build: (c, e, args) => lowerLogDensity(c, e, args) },
  prev: { operands: none, build: (_c, _e, _args, env) => must(env.prev, 'the scan around prev') },
}

/** Both axes have one size, which is seen to when sizes come. */
function renamedIn(c: LowerContext, { from, to, span }: TypedOf<'rename'> & Typed, x: NodeId): NodeId {
  c.renamed.push({ axis: to, than: from, by: 0, why: `${from} is called ${to}, so both have one size`, span })
  return c.builder.rename(x, from, to)
}

function operandsOf(e: Typed): readonly Typed[] {
  return (rules[e.kind] as LowerRule<TypedKind>).operands(e)
}

function build(c: LowerContext, env: Environment, e: Typed, args: readonly Lowered[]): Lowered {
  return (rules[e.kind] as LowerRule<TypedKind>).build(c, e, args, env)
}

/** Uniform for an ordinary axis, the state of that name for a random one. */
function weight(c: LowerContext, e: TypedOf<'weight'> & Typed): Lowered {
  const axis = c.model.axes.find((a) => a.name === e.axis)
  if (axis?.weights === undefined) return plain(c.m.reciprocal(c.builder.size(e.axis)))
  return plain(c.builder.input(ports.weight(e.axis), [e.axis]))
}

/** Elements are numbers from 1 in arithmetic; comparisons among elements and choices between them use them as they are. */
function apply(c: LowerContext, e: TypedOf<'apply'> & Typed, args: readonly Lowered[]): Lowered {
  const raw = e.element !== undefined || (comparisons.has(e.fn) && e.args.every((a) => a.element !== undefined))
  const operands = args.map((a, i): Lowered => {
    const operand = must(e.args[i], 'operand')
    if (!raw) return { ...a, node: asNumber(c, operand, a.node) }
    // The condition of a choice between elements stays a number.
    const isCondition = e.fn === 'where' && i === 0
    return e.element !== undefined && !isCondition ? asElement(c, e.element, operand, a) : a
  })
  const rule = must(functionRules[e.fn as FunctionName], `function ${e.fn}`)
  const [a, b, third] = operands
  if (e.fn === 'bessel_ratio' && b !== undefined && !isStill(c, b.node)) {
    return refuse(c, e.span, 'The order of bessel_ratio moves here; its derivative by the order is not known.')
  }
  const node = rule(c.m, must(a, 'operand').node, b?.node ?? -1, third?.node ?? -1)
  if (e.fn === 'where' && a !== undefined && b !== undefined && third !== undefined)
    return { node, margins: chosen(c, e.span, a, b, third), legality: chosenLegal(c, a, b, third) }
  const legality = allLegal(
    c.m,
    operands.map((x) => x.legality),
  )
  return { node, margins: widest(args.map((x) => x.margins)), legality }
}

function reduce(c: LowerContext, e: TypedOf<'reduce'> & Typed, arg: Lowered, parameter: Lowered | undefined): Lowered {
  const { nothing, rule } = must(reductionRules[e.fn as ReductionName], `reduction ${e.fn}`)
  const inside = masked(c.m, asNumber(c, e.arg, arg.node), arg.margins, e.over, nothing)
  const node = rule(c.m, e.over, inside, parameter?.node ?? counted(c.m, arg.margins, e.over))
  const reduced = { margins: dropped(c.m, arg.margins, e.over), legality: reducedLegal(c.m, arg, e.over) }
  return { node, ...beside(c, reduced, parameter) }
}

function overParts({ arg, parameter }: TypedOf<'reduce'> | TypedOf<'along'>): readonly Typed[] {
  return parameter === undefined ? [arg] : [arg, parameter]
}

/** With what a parameter asks for besides. */
function beside(c: LowerContext, of: Omit<Lowered, 'node'>, parameter: Lowered | undefined): Omit<Lowered, 'node'> {
  if (parameter === undefined) return of
  return { margins: widest([of.margins, parameter.margins]), legality: allLegal(c.m, [of.legality, parameter.legality]) }
}

function along(c: LowerContext, e: TypedOf<'along'> & Typed, arg: Lowered, parameter: Lowered | undefined): Lowered {
  if (e.fn === 'layernorm' && lacksAlong(c.m, arg.margins, [e.axis])) {
    return refuse(c, e.span, `layernorm along "${e.axis}" of a value that is shifted along it cannot be computed yet.`)
  }
  const { nothing, rule } = must(alongRules[e.fn as AlongName], `function ${e.fn}`)
  const inside = masked(c.m, asNumber(c, e.arg, arg.node), arg.margins, [e.axis], nothing)
  const node = rule(c.m, e.axis, inside, parameter?.node ?? counted(c.m, arg.margins, [e.axis]))
  return { node, ...beside(c, { margins: arg.margins, legality: reducedLegal(c.m, arg, [e.axis]) }, parameter) }
}

function pick(c: LowerContext, e: TypedOf<'pick'> & Typed, args: readonly Lowered[]): Lowered {
  const [target, index] = [must(args[0], 'target'), must(args[1], 'index')]
  if (lacksAlong(c.m, target.margins, [e.axis])) {
    const hint = 'Pick first and shift afterwards, or write the shifted value as a let over the whole axis.'
    return refuse(c, e.span, `This picks along "${e.axis}" from a value that is shifted along it, where some elements do not exist.`, hint)
  }
  const { at, legality } =
    e.index.element === undefined ? pickedAt(c, e.axis, e.index, asPosition(c, e.index, index.node)) : { at: index.node, legality: legal }
  const picked = (x: NodeId): NodeId => c.builder.pick(x, e.axis, at)
  return {
    node: picked(target.node),
    margins: widest([target.margins, index.margins]),
    legality: allLegal(c.m, [movedLegal(c, target.legality, picked), index.legality, legality]),
  }
}

import { logDensityName } from '../families/tables/log-densities.ts'
import { ownAxes } from '../middle/kinds.ts'
import {
  type Axis,
  type DensityTerm,
  indicesOf,
  type Model,
  parts,
  partsOf,
  partsOfRule,
  partsOfStart,
  type Rule,
  type Term,
  type Typed,
  type ValueOrigin,
  type ValueType,
  type Variable,
} from '../middle/model.ts'
import { nodesWithin } from './check/typed.ts'

/** The checked model as text for people: what every name stands for, and every expression with the axes it varies over. */
export function printModel(model: Model): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['axes', model.axes.map(printAxis)],
    ['variables', model.variables.filter((v) => v.label === undefined).map(printVariable)],
    ['named elements', model.variables.filter((v) => v.label !== undefined).map((v) => v.name)],
    ['lets', model.lets.map((l) => withAxes(l.name, l.value))],
    ['defs, as called', printBodies(model)],
    ['terms', model.terms.map(printTerm)],
    ['rules', model.rules.map(printRule)],
    ['temperature', model.temperature === undefined ? [] : [printTyped(model.temperature.value)]],
    ['objectives', model.objectives.map((o) => withAxes(o.over === undefined ? o.name : `${o.name} over ${o.over.join(', ')}`, o.value))],
  ]
  const body = sections.flatMap(([title, lines]) => (lines.length === 0 ? [] : ['', title, ...lines.map((l) => `  ${l}`)]))
  return `${[`model ${model.name}`, ...body].join('\n')}\n`
}

/** The bodies of the defs that are called, once for each set of axes of their arguments. */
function printBodies(model: Model): readonly string[] {
  const bodies = new Map<Typed, string>()
  for (const node of nodesWithin(rootsOf(model), new Map())) {
    if (node.kind !== 'call' || bodies.has(node.body)) continue
    const parameters = node.bindings.map(({ name, value }) => `${name}${brackets(value.axes)}`).join(', ')
    bodies.set(node.body, withAxes(`${node.def}${brackets(node.along)}(${parameters})`, node.body))
  }
  return [...new Set(bodies.values())].sort()
}

function rootsOf(model: Model): readonly Typed[] {
  const { variables, lets, terms, rules, objectives, axes, temperature } = model
  return [
    ...variables.flatMap((v) => [v.default, ...partsOfStart(v.start), v.lagrangian, v.tau].filter((t) => t !== undefined)),
    ...[...lets, ...objectives].map((x) => x.value),
    ...rules.flatMap((r) => [...partsOfRule(r), ...indicesOf(r)]),
    ...terms.flatMap((t) => (t.kind === 'energy' ? [t.value] : partsOf(t))),
    ...axes.flatMap((a) => a.weights?.args ?? []),
    ...(temperature === undefined ? [] : [temperature.value]),
  ]
}

function printRule(rule: Rule): string {
  const { kind, target, value, noise, excess } = rule
  const more = [
    noise === undefined ? '' : ` with noise ${printTyped(noise)}`,
    excess === undefined ? '' : ` where ${printTyped(excess)} > 0`,
  ]
  return `${kind} ${withAxes(`${target}${placesText(rule)}`, value)}${more.join('')}`
}

function printAxis({ name, size, labels, weights }: Axis): string {
  const called = labels === undefined ? '' : `, ${labels.map((label) => JSON.stringify(label)).join(', ')}`
  const prior = weights === undefined ? '' : `, weights ~ ${weights.family}(${list(weights.args)})`
  return `${name} : ${sizeInWords(size)}${called}${prior}`
}

function sizeInWords(size: Axis['size']): string {
  switch (size.kind) {
    case 'fixed':
      return `size ${size.size}`
    case 'same':
      return `size of ${size.as}`
    case 'less':
      return `size of ${size.than} ${size.by < 0 ? '+' : '-'} ${Math.abs(size.by)}`
    case 'open':
      return 'size comes with the data'
    case 'unbounded':
      return 'unbounded'
  }
}

function brackets(axes: readonly string[]): string {
  return axes.length === 0 ? '' : `[${axes.join(', ')}]`
}

function printVariable(v: Variable): string {
  const parts = [
    `${v.role} ${v.name}${brackets(v.axes)} : ${printType(v.type)}`,
    v.default === undefined ? '' : ` = ${printTyped(v.default)}`,
    v.start === undefined ? '' : ` from ${printStart(v.start)}`,
    v.lagrangian === undefined ? '' : ` with lagrangian ${printTyped(v.lagrangian)}`,
    v.tau === undefined ? '' : `, tau ${printTyped(v.tau)}`,
  ]
  return parts.join('')
}

function printStart(start: ValueOrigin): string {
  if (start.kind === 'level') return 'uniform'
  if (start.kind === 'value') return printTyped(start.value)
  const { family, over, args, range } = start
  return `${family}${brackets(over)}(${list(args)})${range === undefined ? '' : ` in (${printTyped(range.lower)}, ${printTyped(range.upper)})`}`
}

function printType(type: ValueType<Typed>): string {
  if (type.kind === 'element') return `element of ${type.axis}`
  const bounds = type.kind === 'real' ? { lower: type.lower, upper: type.upper } : {}
  const ends = Object.entries(bounds).flatMap(([end, bound]) => (bound === undefined ? [] : [`${end} = ${printTyped(bound)}`]))
  return `${type.kind}${brackets(ownAxes(type))}${ends.length === 0 ? '' : `(${ends.join(', ')})`}`
}

/** `name = expression   over [axes]`. */
/** `[pattern = new, level = v]` */
function placesText({ places }: Rule): string {
  const texts = places.map(({ axis, index }) => `${axis} = ${index === 'new' ? 'new' : printTyped(index)}`)
  return texts.length === 0 ? '' : `[${texts.join(', ')}]`
}

function withAxes(name: string, value: Typed): string {
  return `${name} = ${printTyped(value)}   ${axesNote(value)}`
}

function axesNote(t: Typed): string {
  const element = t.element === undefined ? '' : `, elements of ${t.element}`
  return `${t.axes.length === 0 ? 'scalar' : `over [${t.axes.join(', ')}]`}${element}`
}

function printTerm(term: Term): string {
  return term.kind === 'energy' ? withAxes(term.name, term.value) : printDensity(term)
}

function printDensity(term: DensityTerm): string {
  const args = term.args.map((a) => `${printTyped(a)}${a.axes.length === 0 ? '' : ` over [${a.axes.join(', ')}]`}`).join(', ')
  const interval = (word: string, ends: DensityTerm['range']): string =>
    ends === undefined ? '' : ` ${word} (${printTyped(ends.lower)}, ${printTyped(ends.upper)})`
  const range = `${interval('in', term.range)}${interval('censored', term.censored)}`
  const left = printTyped(term.left)
  return `${left === term.name ? '' : `${term.name} : `}${left} ~ ${term.family}${brackets(term.over)}(${args})${range}   ${axesNote(term.left)}`
}

function list(args: readonly Typed[]): string {
  return args.map((a) => printTyped(a)).join(', ')
}

interface PrintedOperator {
  readonly symbol: string
  readonly strength: number
}

const operators: Readonly<Record<string, PrintedOperator>> = {
  or: { symbol: ' or ', strength: 1 },
  and: { symbol: ' and ', strength: 2 },
  equal: { symbol: ' == ', strength: 4 },
  not_equal: { symbol: ' != ', strength: 4 },
  less: { symbol: ' < ', strength: 4 },
  less_equal: { symbol: ' <= ', strength: 4 },
  greater: { symbol: ' > ', strength: 4 },
  greater_equal: { symbol: ' >= ', strength: 4 },
  add: { symbol: ' + ', strength: 5 },
  sub: { symbol: ' - ', strength: 5 },
  mul: { symbol: ' * ', strength: 6 },
  div: { symbol: ' / ', strength: 6 },
  pow: { symbol: '^', strength: 8 },
}

const prefixes: Readonly<Record<string, PrintedOperator>> = {
  not: { symbol: 'not ', strength: 3 },
  neg: { symbol: '-', strength: 7 },
}

const comparison = 4
const atom = 10

/** An expression in the language's own notation; parentheses only where the operators need them. */
export function printTyped(t: Typed): string {
  return shown(t).text
}

interface Shown {
  readonly text: string
  readonly strength: number
}

function shown(t: Typed): Shown {
  if (t.kind === 'apply') return showApply(t)
  if (t.kind === 'number' && t.value < 0) return { text: numberText(t.value), strength: 7 }
  return { text: showAtom(t), strength: atom }
}

/** `least` is how strongly the operator outside binds: anything weaker gets parentheses. */
function operand(t: Typed, least: number): string {
  const { text, strength } = shown(t)
  return strength < least ? `(${text})` : text
}

function showApply(t: Extract<Typed, { kind: 'apply' }>): Shown {
  const [a, b] = t.args
  const binary = operators[t.fn]
  if (binary !== undefined && a !== undefined && b !== undefined) {
    const { symbol, strength } = binary
    // Operators read from left to right, the power from right to left; comparisons do not chain.
    const left = t.fn === 'pow' || strength === comparison ? strength + 1 : strength
    const right = t.fn === 'pow' ? strength : strength + 1
    return { text: `${operand(a, left)}${symbol}${operand(b, right)}`, strength }
  }
  const prefix = prefixes[t.fn]
  if (prefix !== undefined && a !== undefined) {
    return { text: `${prefix.symbol}${operand(a, prefix.strength)}`, strength: prefix.strength }
  }
  return { text: `${t.fn}(${list(t.args)})`, strength: atom }
}

/** A named element, `"treated" of group`, as it is written in expressions. */
function quotedPart(name: string): string | undefined {
  return /^"(?:[^"\\]|\\.)*"/.exec(name)?.[0]
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf'
  return value === Number.NEGATIVE_INFINITY ? '-inf' : String(value)
}

function fill(t: Typed | undefined): string {
  return t === undefined ? '' : ` else ${printTyped(t)}`
}

function showAtom(t: Exclude<Typed, { kind: 'apply' }>): string {
  switch (t.kind) {
    case 'number':
      return numberText(t.value)
    case 'variable':
      return quotedPart(t.name) ?? t.name
    case 'let':
    case 'parameter':
      return t.name
    case 'prev':
      return 'prev'
    case 'size':
    case 'index':
    case 'weight':
      return `${t.kind}(${t.axis})`
    case 'act':
      return `act(${t.state})`
    case 'call':
      return `${t.def}${brackets(t.along)}(${list(t.bindings.map((b) => b.value))})`
    case 'reduce':
      return `${t.fn}[${t.over.join(', ')}](${list(parts(t))})`
    case 'along':
      return `${t.fn}[${t.axis}](${list(parts(t))})`
    case 'pick':
      return `${operand(t.target, atom)}[${t.axis} = ${printTyped(t.index)}]`
    case 'rename':
      return `${operand(t.target, atom)}[${t.from} -> ${t.to}]`
    case 'shift':
      return `${operand(t.target, atom)}[${t.axis} = ${t.axis} ${t.by < 0 ? '+' : '-'} ${Math.abs(t.by)}${fill(t.fill)}]`
    case 'scan':
      return `${t.form === 'fold' ? 'fold' : 'scan'}[${t.axis}](${t.form === 'first' ? 'first' : 'from'} = ${printTyped(t.first)}, next = ${printTyped(t.next)})`
    case 'matrix':
      return `${t.fn}[${t.rows}, ${t.columns}](${list(t.args)})`
    case 'log_density':
      return `${logDensityName(t.family)}${brackets(t.over)}(${list([t.left, ...t.args])})`
  }
}

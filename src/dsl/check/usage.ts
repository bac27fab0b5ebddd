import { suggest } from '../../base/suggest.ts'
import { boundExpressions } from '../../middle/kinds.ts'
import { indicesOf, isMotion, type Model, partsOfRule, partsOfStart, type Typed } from '../../middle/model.ts'
import type { Program } from '../ast.ts'
import { checkConfined } from './confined.ts'
import { checkConstantTerms } from './constant.ts'
import { moves } from './motion.ts'
import { tell } from './report.ts'
import type { AxisEntry, CheckContext } from './scope.ts'
import { nodesWithin } from './typed.ts'
import { axisMentions, expressionsOf, within } from './walk.ts'
import { quote } from './words.ts'

/** Warnings about what is declared and never used, or used in a way that suggests a slip. */
export function checkUsage(c: CheckContext, program: Program, model: Model): void {
  checkVariables(c, program, model)
  checkInputs(c, model)
  checkConstantTerms(c, model.terms)
  checkConfined(c, model)
}

/** Axes that are named once: declared for nothing, or misspelled. Said beside errors too, since it may explain them. */
export function checkAxesUsed(c: CheckContext, program: Program): void {
  const mentions = new Map<string, number>()
  for (const s of program.statements) for (const n of axisMentions(s)) mentions.set(n.text, (mentions.get(n.text) ?? 0) + 1)
  const declared = new Map<string, readonly (readonly string[])[]>()
  for (const { axes } of c.scope.variables.values()) for (const a of axes) declared.set(a, [...(declared.get(a) ?? []), axes])
  for (const axis of c.scope.axes.values()) {
    if (mentions.get(axis.name) !== 1) {
      const close = axis.statement === undefined ? slipOf(c, axis.name, declared) : undefined
      if (close !== undefined) tellMisspelled(c, axis, close, 'is declared only here')
      continue
    }
    if (axis.statement !== undefined) {
      tell(c.report, 'AMP317', `nothing varies over the axis ${quote(axis.name)}`, {
        span: axis.span,
        ...closeHint(c, axis.name, 'leave out the statement, or declare a variable that has the axis'),
      })
      continue
    }
    const close = suggest(axis.name, [...c.scope.axes.keys()])
    if (close !== undefined) tellMisspelled(c, axis, close, 'is named only here')
  }
}

function tellMisspelled(c: CheckContext, { name, span }: AxisEntry, close: string, where: string): void {
  const other = c.scope.axes.get(close)
  tell(c.report, 'AMP316', `the axis ${quote(name)} ${where}: is it ${quote(close)}?`, {
    span,
    hint: `did you mean '${close}'? If not, declare it on a line of its own: axis ${name}`,
    ...(other === undefined ? {} : { related: [{ span: other.span, message: `${quote(close)} is introduced here` }] }),
  })
}

/**
 * The axis that another, which a single variable brings in, is one slip of the keyboard away from: so the two are never the
 * axes of one variable. Names that are told apart by a digit, by a capital or by their last letter are told apart on purpose.
 */
function slipOf(c: CheckContext, name: string, declared: ReadonlyMap<string, readonly (readonly string[])[]>): string | undefined {
  const [only, second] = declared.get(name) ?? []
  if (only === undefined || second !== undefined || name.length < 4) return undefined
  const others = [...c.scope.axes.keys()].filter((a) => !only.includes(a) && isSlip(name, a))
  const close = suggest(name, others)
  // Of two that are alike the later is taken for the slip.
  const isFirst = (c.scope.axes.get(close ?? '')?.span.start ?? 0) > (c.scope.axes.get(name)?.span.start ?? 0)
  return isFirst && declared.get(close ?? '')?.length === 1 ? undefined : close
}

function isSlip(name: string, other: string): boolean {
  if (other.length < 4 || /[\d_\p{Lu}']/u.test(`${name}${other}`) || Math.abs(name.length - other.length) > 1) return false
  return name.length !== other.length || name.slice(0, -1) !== other.slice(0, -1)
}

function closeHint(c: CheckContext, name: string, otherwise: string): { hint: string } {
  const close = suggest(name, [...c.scope.axes.keys()])
  return { hint: close === undefined ? otherwise : `did you mean '${close}'?` }
}

function checkVariables(c: CheckContext, program: Program, model: Model): void {
  const read = namesRead(program)
  const touched = namesTouched(c, model)
  for (const [name, { declaration: d }] of c.scope.variables) {
    if (d.role === 'state') {
      if (touched.has(name)) continue
      tell(c.report, 'AMP224', `no term or rule depends on the state ${quote(name)}`, {
        span: d.name.span,
        hint: 'it is flat over its support: use it, give it a prior, or leave it out',
      })
    } else if (!read.has(name) && !touched.has(name)) {
      tell(c.report, 'AMP225', `nothing uses the ${d.role} ${quote(name)}`, { span: d.name.span, hint: 'use it, or leave it out' })
    }
  }
}

/** Names that some expression mentions. */
function namesRead(program: Program): ReadonlySet<string> {
  const names = new Set<string>()
  for (const s of program.statements) {
    if (s.kind === 'density' && s.left.kind === 'name') names.add(s.left.name.text)
    for (const root of expressionsOf(s)) for (const e of within(root)) if (e.kind === 'name') names.add(e.name.text)
  }
  return names
}

/** Variables that the terms, rules, weights and Lagrangians depend on, through `let`s and defs too. */
function namesTouched(c: CheckContext, model: Model): ReadonlySet<string> {
  const names = new Set<string>()
  for (const rule of model.rules) if (isMotion(rule)) names.add(rule.target)
  for (const v of model.variables) if (v.lagrangian !== undefined || hasWeights(model, v.type)) names.add(v.name)
  for (const node of nodesWithin(rootsOf(model), c.lets)) {
    if (node.kind === 'variable') names.add(node.name)
    if (node.kind === 'act') names.add(node.state)
  }
  return names
}

function hasWeights(model: Model, type: Model['variables'][number]['type']): boolean {
  return type.kind === 'element' && model.axes.some((a) => a.name === type.axis && a.weights !== undefined)
}

function rootsOf(model: Model): readonly Typed[] {
  return [
    ...model.terms.flatMap((t) =>
      t.kind === 'energy' ? [t.value] : [t.left, ...t.args, ...(t.range ? [t.range.lower, t.range.upper] : [])],
    ),
    ...model.rules.flatMap((r) => [...partsOfRule(r), ...indicesOf(r)]),
    ...model.objectives.map((o) => o.value),
    ...(model.temperature === undefined ? [] : [model.temperature.value]),
    ...model.axes.flatMap((a) => a.weights?.args ?? []),
    ...model.variables.flatMap((v) =>
      [v.lagrangian, v.tau, ...partsOfStart(v.start), ...boundExpressions(v.type)].filter((t) => t !== undefined),
    ),
  ]
}

function checkInputs(c: CheckContext, model: Model): void {
  if (moves(model.rules)) return
  for (const v of model.variables) {
    if (v.role !== 'input') continue
    tell(c.report, 'AMP226', `${quote(v.name)} is an input over time, but the model has no flow: it is treated as data`, {
      span: v.nameSpan,
      hint: `declare it as data ${v.name}; either way it is given with --data`,
    })
  }
}

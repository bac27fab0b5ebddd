import { kindOf } from '../../middle/kinds.ts'
import { isMotion, type Rule, type Typed } from '../../middle/model.ts'
import type { BinaryOperator, Expr, RuleStatement } from '../ast.ts'
import { wantsNumber } from './elementwise.ts'
import { tell } from './report.ts'
import { type CheckContext, outermost, type VariableEntry } from './scope.ts'
import { fitsWithin } from './types.ts'
import { bare } from './walk.ts'
import { quote } from './words.ts'

/** What sets a state in motion besides its value; undefined where that is wrong. */
export function motionOf(c: CheckContext, s: RuleStatement, entry: VariableEntry): Pick<Rule, 'noise' | 'excess'> | undefined {
  if (s.noise !== undefined) {
    const noise = c.infer(c, s.noise, outermost)
    return noise !== undefined && fitsWithin(c, noise, entry, 'the noise') && isNumber(c, noise) ? { noise } : undefined
  }
  if (s.when === undefined) return {}
  const excess = excessOf(c, s.when)
  return excess && { excess }
}

/** The axes that the value of a rule may have: a jump of one element may change many, each by its own part of the value. */
export function axesOfValue(entry: VariableEntry, { excess }: Pick<Rule, 'excess'>): VariableEntry {
  return excess === undefined ? entry : { ...entry, axes: [...new Set([...entry.axes, ...excess.axes])].sort() }
}

const signs: { readonly [K in BinaryOperator]?: 'above' | 'below' } = { '>': 'above', '>=': 'above', '<': 'below', '<=': 'below' }

/** How far above 0 what is compared is; of several conditions the one that is furthest from it, or nearest to it. */
function excessOf(c: CheckContext, when: Expr): Typed | undefined {
  const excess = excessExpr(when)
  if (excess !== undefined) return c.infer(c, excess, outermost)
  c.infer(c, when, outermost)
  return tell(c.report, 'AMP242', 'a jump happens where one number comes to be above another', {
    span: when.span,
    expected: 'a comparison, such as v > threshold, or several with and, or',
  })
}

const joined: { readonly [K in BinaryOperator]?: 'min' | 'max' } = { and: 'min', or: 'max' }

function excessExpr(when: Expr): Expr | undefined {
  const condition = bare(when)
  if (condition.kind !== 'binary') return undefined
  const { left, right, span, operator } = condition
  const fn = joined[operator]
  if (fn !== undefined) {
    const both = [excessExpr(left), excessExpr(right)].filter((e) => e !== undefined)
    const args = both.map((value) => ({ value }))
    return both.length === 2 ? { kind: 'call', callee: { text: fn, span }, axes: [], args, span } : undefined
  }
  const sign = signs[operator]
  if (sign === undefined) return undefined
  const [larger, smaller] = sign === 'above' ? [left, right] : [right, left]
  return { kind: 'binary', operator: '-', left: larger, right: smaller, span }
}

function isNumber(c: CheckContext, value: Typed): boolean {
  if (value.element !== undefined) wantsNumber(c, value)
  return value.element === undefined
}

/** Whether a state of this type can move so. */
export function canMove(c: CheckContext, s: RuleStatement, { declaration, type }: VariableEntry): boolean {
  const name = quote(declaration.name.text)
  const related = [{ span: declaration.name.span, message: `${name} is declared here` }]
  if (declaration.lagrangian !== undefined && s.kind !== 'jump') {
    tell(c.report, 'AMP229', `${name} has a Lagrangian, which sets its motion already`, {
      span: s.target.span,
      hint: `keep the Lagrangian or the ${s.kind}, not both`,
      related,
    })
    return false
  }
  if (s.kind !== 'flow' || type === undefined || !kindOf(type).discrete) return true
  tell(c.report, 'AMP243', `${name} has single values and nothing between them, so it cannot flow`, {
    span: s.target.span,
    hint: `let it move in steps: step ${declaration.name.text} = ...; or by jumps`,
    related,
  })
  return false
}

/** A model keeps one clock: it flows, or goes from step to step. */
export function checkOneClock(c: CheckContext, rules: readonly Rule[]): void {
  const flow = rules.find((r) => r.kind === 'flow')
  const step = rules.find((r) => r.kind === 'step')
  if (flow === undefined || step === undefined) return
  const [first, second] = flow.span.start < step.span.start ? [flow, step] : [step, flow]
  tell(c.report, 'AMP241', `${quote(second.target)} has a ${second.kind}, and ${quote(first.target)} a ${first.kind}`, {
    span: second.span,
    hint: 'time flows, or goes on in steps: write all of them as flows, or all as steps',
    related: [{ span: first.span, message: `the ${first.kind} is here` }],
  })
}

/** Whether anything of the model moves in time. */
export function moves(rules: readonly Rule[]): boolean {
  return rules.some(isMotion)
}

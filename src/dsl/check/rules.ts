import type { Model, Rule } from '../../middle/model.ts'
import type { ObjectiveStatement, Program, RuleStatement } from '../ast.ts'
import { wantsNumber } from './elementwise.ts'
import { didYouMean } from './names.ts'
import { tell } from './report.ts'
import { isScalar } from './scalar.ts'
import type { CheckContext } from './scope.ts'
import { outermost } from './scope.ts'
import { fitsWithin } from './types.ts'
import { mayBe } from './unknown.ts'
import { quote, roleInWords } from './words.ts'

/** What each rule may move, and what it does with it. */
const targets = { flow: 'state', write: 'memory', forget: 'memory' } as const

export function settleRules(c: CheckContext, program: Program): readonly Rule[] {
  const rules: Rule[] = []
  for (const s of program.statements) {
    if (s.kind !== 'flow' && s.kind !== 'write' && s.kind !== 'forget') continue
    const rule = settleRule(c, s)
    const before = rules.find((r) => r.kind === s.kind && r.target === s.target.text)
    if (before !== undefined) {
      tell(c.report, 'AMP217', `${quote(s.target.text)} has two ${s.kind} rules`, {
        span: s.target.span,
        hint: 'put both into one expression',
        related: [{ span: before.span, message: 'the first is here' }],
      })
    }
    if (rule !== undefined) rules.push(rule)
  }
  return rules
}

function settleRule(c: CheckContext, s: RuleStatement): Rule | undefined {
  const value = c.infer(c, s.value, outermost)
  const entry = c.scope.variables.get(s.target.text)
  const role = targets[s.kind]
  if (entry === undefined) return unknownTarget(c, s, role)
  const d = entry.declaration
  const related = [{ span: d.name.span, message: `${quote(d.name.text)} is declared here` }]
  if (d.role !== role) {
    return tell(c.report, 'AMP216', `${s.kind} is for a ${role}, and ${quote(d.name.text)} is ${roleInWords(d.role)}`, {
      span: s.target.span,
      hint: `declare it as ${role} ${d.name.text}`,
      related,
    })
  }
  if (s.kind === 'flow' && d.lagrangian !== undefined) {
    return tell(c.report, 'AMP229', `${quote(d.name.text)} has a Lagrangian, which sets its motion already`, {
      span: s.target.span,
      hint: 'keep the Lagrangian or the flow, not both',
      related,
    })
  }
  if (value === undefined || !fitsWithin(c, value, entry, `the ${s.kind}`)) return undefined
  if (value.element !== undefined) return wantsNumber(c, value)
  return { kind: s.kind, target: d.name.text, value, span: s.span }
}

function unknownTarget(c: CheckContext, s: RuleStatement, role: string): undefined {
  const names = [...c.scope.variables].filter(([, v]) => v.declaration.role === role).map(([name]) => name)
  if (mayBe(c.scope, s.target.text, 'value')) return undefined
  if (c.scope.lets.has(s.target.text)) {
    return tell(c.report, 'AMP216', `${s.kind} is for a ${role}, and ${quote(s.target.text)} is a let`, { span: s.target.span })
  }
  return tell(c.report, 'AMP201', `there is nothing called ${quote(s.target.text)}`, {
    span: s.target.span,
    ...didYouMean(s.target.text, names, `declare it as ${role} ${s.target.text}`),
  })
}

export function settleObjectives(c: CheckContext, program: Program): Model['objectives'] {
  return program.statements.filter((s) => s.kind === 'objective').flatMap((s) => objective(c, s))
}

function objective(c: CheckContext, s: ObjectiveStatement): Model['objectives'] {
  const value = c.infer(c, s.value, outermost)
  if (value === undefined || !isScalar(c, value, `the objective ${quote(s.name.text)}`)) return []
  return [{ name: s.name.text, value, span: s.span }]
}

import { isMotion, type Model, type Rule, type Typed } from '../../middle/model.ts'
import type { Name, ObjectiveStatement, Program, RuleStatement } from '../ast.ts'
import { wantsNumber } from './elementwise.ts'
import { axesOfValue, canMove, checkOneClock, motionOf } from './motion.ts'
import { didYouMean } from './names.ts'
import { tell } from './report.ts'
import { placesOf } from './rule-places.ts'
import { isScalar } from './scalar.ts'
import type { CheckContext, VariableEntry } from './scope.ts'
import { outermost } from './scope.ts'
import { isElementOf } from './subscript.ts'
import { without } from './typed.ts'
import { fitsWithin } from './types.ts'
import { mayBe } from './unknown.ts'
import { axesInWords, quote, roleInWords } from './words.ts'

/** What each rule may move, and what it does with it. */
const targets = { flow: 'state', step: 'state', jump: 'state', write: 'memory', forget: 'memory' } as const

export function settleRules(c: CheckContext, program: Program): readonly Rule[] {
  const rules: Rule[] = []
  for (const s of program.statements) {
    if (!('target' in s)) continue
    const rule = settleRule(c, s)
    const before = s.kind === 'jump' ? undefined : rules.find((r) => r.kind === s.kind && r.target === s.target.text)
    if (before !== undefined) {
      tell(c.report, 'AMP217', `${quote(s.target.text)} has two ${s.kind} rules`, {
        span: s.target.span,
        hint: 'put both into one expression',
        related: [{ span: before.span, message: 'the first is here' }],
      })
    }
    if (rule !== undefined) rules.push(rule)
  }
  checkOneClock(c, rules)
  return rules
}

function settleRule(c: CheckContext, s: RuleStatement): Rule | undefined {
  const entry = c.scope.variables.get(s.target.text)
  const elementOf = entry?.type?.kind === 'element' ? entry.type.axis : undefined
  const value = c.infer(c, s.value, { ...outermost, elementOf })
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
  const motion = motionOf(c, s, entry)
  if (isMotion(s) && !canMove(c, s, entry)) return undefined
  const places = placesOf(c, s, entry)
  if (value === undefined || places === undefined || motion === undefined) return undefined
  const picked = places.map((p) => p.axis)
  const filled = axesOfValue({ ...entry, axes: without(entry.axes, picked) }, motion)
  if (!fitsWithin(c, value, filled, `the ${s.kind}`) || !fills(c, s, value, filled, picked) || !isOfItsType(c, value, entry))
    return undefined
  return { kind: s.kind, target: d.name.text, places, value, ...motion, span: s.span }
}

/** A memory keeps what it is told, element by element: a value that is the same along an axis is a slip, or says so. */
function fills(c: CheckContext, s: RuleStatement, value: Typed, { axes }: VariableEntry, picked: readonly string[]): boolean {
  const missing = isMotion(s) ? [] : without(axes, value.axes)
  const [first] = missing
  if (first === undefined) return true
  const name = s.target.text
  const grows = picked.length === 0 && axes.length === missing.length + value.axes.length ? `${name}[${first} = new]` : undefined
  tell(c.report, 'AMP341', `the ${s.kind} of ${quote(name)} is the same for all of ${axesInWords(missing)}`, {
    span: value.span,
    expected: `a value that varies over ${axesInWords(axes)}`,
    hint:
      s.kind === 'write' && grows !== undefined
        ? `to append an element, write ${grows} = ...; if every one is to become this, add 0 * index(${first})`
        : `if every one is to become this, add 0 * index(${first})`,
  })
  return false
}

/** A memory of elements of an axis is given such elements, every other one numbers. */
function isOfItsType(c: CheckContext, value: Typed, { type }: VariableEntry): boolean {
  if (type?.kind === 'element') return isElementOf(c, type.axis, value)
  if (value.element !== undefined) wantsNumber(c, value)
  return value.element === undefined
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
  const over = s.over?.flatMap((name) => movedBy(c, name))
  return [{ name: s.name.text, ...(over === undefined ? {} : { over }), value, span: s.span }]
}

/** What an objective moves is a variable. */
function movedBy(c: CheckContext, { text, span }: Name): readonly string[] {
  if (c.scope.variables.has(text)) return [text]
  if (c.scope.lets.has(text)) return tell(c.report, 'AMP216', `an objective moves variables, and ${quote(text)} is a let`, { span }) ?? []
  if (mayBe(c.scope, text, 'value')) return []
  const names = [...c.scope.variables.keys()]
  return (
    tell(c.report, 'AMP201', `there is nothing called ${quote(text)}`, {
      span,
      ...didYouMean(text, names, `declare it as param ${text}`),
    }) ?? []
  )
}

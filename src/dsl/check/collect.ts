import type { Span } from '../../base/source.ts'
import type { Declaration, Name, Program, Statement } from '../ast.ts'
import type { Report } from './report.ts'
import { tell } from './report.ts'
import type { Scope } from './scope.ts'
import { nothingUnknown, unknownOf } from './unknown.ts'
import { callNames, reservedNames } from './vocabulary.ts'
import { quote } from './words.ts'

/** Everything the program declares, in one pass over its statements; order does not matter for use. */
export function collect(report: Report, program: Program): Scope {
  const declared = { axes: new Map(), variables: new Map(), lets: new Map(), defs: new Map() }
  const scope: Scope = { ...declared, circular: new Set(), unknown: nothingUnknown }
  for (const s of program.statements) if (s.kind === 'axis') addAxisStatement(report, scope, s)
  const values = new Map<string, Span>()
  for (const s of program.statements) addNamed(report, scope, values, s)
  inTextOrder(scope)
  return { ...scope, unknown: unknownOf(program.broken, (name) => Object.values(declared).some((names) => names.has(name))) }
}

function addAxisStatement(report: Report, scope: Scope, s: Extract<Statement, { kind: 'axis' }>): void {
  const { text, span } = s.name
  const before = scope.axes.get(text)
  if (before !== undefined) {
    tell(report, 'AMP315', `the axis ${quote(text)} is declared twice, so it would have two sizes`, {
      span,
      hint: 'keep one of the two statements, or name the second axis differently',
      related: [{ span: before.span, message: 'first declared here' }],
    })
    return
  }
  scope.axes.set(text, { name: text, span, statement: s, size: { kind: 'open' } })
}

function addNamed(report: Report, scope: Scope, values: Map<string, Span>, s: Statement): void {
  if (s.kind === 'declaration') {
    const axes = introduceAxes(report, scope, s)
    if (claim(report, values, s.name)) scope.variables.set(s.name.text, { declaration: s, axes, type: undefined })
  }
  if (s.kind === 'let' && claim(report, values, s.name)) scope.lets.set(s.name.text, s)
  if (s.kind === 'def') addDef(report, scope, values, s)
}

function addDef(report: Report, scope: Scope, values: Map<string, Span>, s: Extract<Statement, { kind: 'def' }>): void {
  const { text, span } = s.name
  if (callNames.includes(text)) {
    tell(report, 'AMP206', `${quote(text)} is a function of the language and cannot be redefined`, { span, hint: 'choose another name' })
    return
  }
  checkParameters(report, [...s.axes, ...s.parameters])
  if (claim(report, values, s.name)) scope.defs.set(text, s)
}

function checkParameters(report: Report, parameters: readonly Name[]): void {
  parameters.forEach((p, i) => {
    if (reservedNames.includes(p.text)) reserved(report, p)
    const before = parameters.slice(0, i).find((q) => q.text === p.text)
    if (before !== undefined) twice(report, p, before.span)
  })
}

/** Takes a name for a variable, let or def; false where it is taken already. */
function claim(report: Report, values: Map<string, Span>, name: Name): boolean {
  if (reservedNames.includes(name.text)) return reserved(report, name)
  const before = values.get(name.text)
  if (before !== undefined) return twice(report, name, before)
  values.set(name.text, name.span)
  return true
}

function reserved(report: Report, name: Name): false {
  tell(report, 'AMP206', `${quote(name.text)} has a meaning in the language and cannot be declared`, {
    span: name.span,
    hint: 'choose another name',
  })
  return false
}

function twice(report: Report, name: Name, before: Span): false {
  tell(report, 'AMP205', `${quote(name.text)} is declared twice`, {
    span: name.span,
    hint: 'give one of them another name',
    related: [{ span: before, message: 'first declared here' }],
  })
  return false
}

/** Naming an axis in a declaration introduces it. */
function introduceAxes(report: Report, scope: Scope, d: Declaration): readonly string[] {
  const axes: string[] = []
  for (const name of d.axes) {
    if (axes.includes(name.text)) {
      tell(report, 'AMP307', `${quote(d.name.text)} names the axis ${quote(name.text)} twice`, {
        span: name.span,
        hint: `axes are identified by name: give the second one another name, with ${quote(`axis other = size(${name.text})`)}`,
      })
      continue
    }
    axes.push(name.text)
    if (!scope.axes.has(name.text)) scope.axes.set(name.text, { name: name.text, span: name.span, size: { kind: 'open' } })
  }
  return axes
}

/** `axis` statements were collected first; the model lists the axes in the order of the text. */
function inTextOrder(scope: Scope): void {
  const sorted = [...scope.axes.values()].sort((a, b) => a.span.start - b.span.start)
  scope.axes.clear()
  for (const axis of sorted) scope.axes.set(axis.name, axis)
}

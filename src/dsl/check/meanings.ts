import { isFamily } from '../../families/tables/signatures.ts'
import { typeNames } from '../../middle/kinds.ts'
import type { Analysis, Declared, Meaning, Mention, OfLanguage } from '../analysis.ts'
import type { Argument, DefStatement, Expr, FamilyCall, Name, Program, Statement, Subscript, TypeSyntax } from '../ast.ts'
import { type Declarations, declarationsOf } from './declarations.ts'
import { type CheckContext, outermost } from './scope.ts'
import { weightFamilies } from './sizes.ts'
import { isAxisOnly } from './subscript.ts'
import { callNames, constants, isFunction, reservedNames } from './vocabulary.ts'
import { axisArguments, bare, expressionsOf, within } from './walk.ts'

interface MeaningsWork {
  readonly c: CheckContext
  readonly declared: Declarations
  readonly mentions: Mention[]
  /** One object for each word of the language. */
  readonly language: Map<string, OfLanguage>
}

type Parameters = ReadonlyMap<string, Declared>

const none: Parameters = new Map()

/** What every name of a program means, as the checker takes it, also in parts that it did not come to. */
export function meaningsIn(c: CheckContext, program: Program): Pick<Analysis, 'declarations' | 'mentions'> {
  const declared = declarationsOf(c, program)
  const w: MeaningsWork = { c, declared, mentions: [], language: new Map() }
  for (const s of program.statements) statement(w, s)
  for (const { name, words } of program.broken) {
    for (const word of name === undefined ? words : [name, ...words]) mention(w, word, value(w, word.text, none) ?? callee(w, word.text))
  }
  const mentions = w.mentions.sort((a, b) => a.span.start - b.span.start)
  return { declarations: declared.all, mentions }
}

function mention(w: MeaningsWork, { span }: Name, means: Meaning | undefined): void {
  w.mentions.push({ span, ...(means === undefined ? {} : { means }) })
}

function statement(w: MeaningsWork, s: Statement): void {
  names(w, s)
  const parameters = s.kind === 'def' ? w.declared.parameters.get(s) : undefined
  for (const e of expressionsOf(s)) expression(w, e, parameters ?? none)
}

/** The names outside of expressions. */
function names(w: MeaningsWork, s: Statement): void {
  const { axes, values, own, parameters } = w.declared
  switch (s.kind) {
    case 'axis':
      mention(w, s.name, axes.get(s.name.text))
      if (s.prior) family(w, s.prior)
      break
    case 'declaration':
      mention(w, s.name, values.get(s.name.text))
      axisNames(w, s.axes)
      if (s.type) type(w, s.type)
      if (s.prior) family(w, s.prior)
      break
    case 'density':
      family(w, s.right)
      break
    case 'let':
    case 'def':
      mention(w, s.name, values.get(s.name.text))
      for (const p of s.kind === 'def' ? [...s.axes, ...s.parameters] : []) mention(w, p, parameters.get(s as DefStatement)?.get(p.text))
      break
    case 'flow':
    case 'step':
    case 'jump':
    case 'write':
    case 'forget':
      mention(w, s.target, value(w, s.target.text, none))
      for (const one of s.subscripts) subscript(w, one, none)
      break
    case 'temperature':
      break
    default:
      for (const name of s.kind === 'objective' ? (s.over ?? []) : []) mention(w, name, value(w, name.text, none))
      if (s.name) mention(w, s.name, own.get(s))
  }
}

function family(w: MeaningsWork, { family: { text, span }, axes, args }: FamilyCall): void {
  const isKnown = isFamily(text) || Object.hasOwn(weightFamilies, text)
  mention(w, { text, span }, isKnown ? word(w, 'family', text) : undefined)
  axisNames(w, axes)
  argumentNames(w, args)
}

/** A type of the language, or an axis, of which the values are elements. */
function type(w: MeaningsWork, { name, axes, args }: TypeSyntax): void {
  const own = Object.hasOwn(typeNames, name.text) ? typeNames[name.text] : undefined
  const isAxis = w.declared.axes.has(name.text) && (own === undefined || (own > 0 && axes.length === 0))
  mention(w, name, isAxis || own === undefined ? axis(w, name.text) : word(w, 'type', name.text))
  axisNames(w, axes)
  argumentNames(w, args)
}

function argumentNames(w: MeaningsWork, args: readonly Argument[], parameters?: Parameters): void {
  for (const { name } of args) if (name) mention(w, name, parameters?.get(name.text) ?? word(w, 'argument', name.text))
}

/** A parent comes before its parts: it says which of them are names of axes. */
function expression(w: MeaningsWork, root: Expr, parameters: Parameters): void {
  const asAxes = new Set<Expr>()
  for (const e of within(root)) {
    if (e.kind === 'name') mention(w, e.name, asAxes.has(e) ? axis(w, e.name.text) : value(w, e.name.text, parameters))
    if (e.kind === 'call') {
      mention(w, e.callee, callee(w, e.callee.text))
      axisNames(w, e.axes, parameters)
      for (const name of e.axisNames ?? []) if (name) mention(w, name, w.declared.parametersOf(e.callee.text)?.get(name.text))
      argumentNames(w, e.args, w.declared.parametersOf(e.callee.text))
      if (axisArguments.has(e.callee.text)) for (const { value: arg } of e.args) asAxes.add(arg)
    }
    if (e.kind !== 'index') continue
    for (const s of e.subscripts) for (const part of subscript(w, s, parameters)) asAxes.add(part)
  }
}

/** The names of axes in a subscript; returns those that are written as values are, `k` and the `t` of `t = t - 1`. */
function subscript(w: MeaningsWork, s: Subscript, parameters: Parameters): readonly Expr[] {
  if (s.kind === 'rename') {
    axisNames(w, [s.from, s.to], parameters)
    return []
  }
  if (s.kind === 'at') axisNames(w, [s.axis], parameters)
  const index = bare(s.index)
  return [index, leftOf(index)].filter((part) => {
    if (part.kind !== 'name' || parameters.has(part.name.text)) return false
    const mayBeAxis = s.kind === 'by' ? part === index : part.name.text === s.axis.text
    return mayBeAxis && isAxisOnly(w.c, part.name.text, outermost)
  })
}

/** `t` of `t - 1`. */
function leftOf(e: Expr): Expr {
  return e.kind === 'binary' ? bare(e.left) : e
}

function axisNames(w: MeaningsWork, names: readonly Name[], parameters: Parameters = none): void {
  for (const name of names) mention(w, name, parameters.get(name.text) ?? axis(w, name.text))
}

function axis({ declared: { axes, values, unknown } }: MeaningsWork, name: string): Meaning | undefined {
  return axes.get(name) ?? values.get(name) ?? unknown.get(name)
}

function value(w: MeaningsWork, name: string, parameters: Parameters): Meaning | undefined {
  const { axes, values, unknown } = w.declared
  const own = parameters.get(name)
  if (own !== undefined) return own
  if (reservedNames.includes(name)) return word(w, 'constant', name)
  const found = values.get(name)
  if (found !== undefined && found.kind !== 'def') return found
  if (Object.hasOwn(constants, name)) return word(w, 'constant', name)
  return unknown.get(name) ?? axes.get(name) ?? found ?? (isFunction(name) ? word(w, 'function', name) : undefined)
}

function callee(w: MeaningsWork, name: string): Meaning | undefined {
  const own = w.declared.values.get(name)
  if (callNames.includes(name) || (isFunction(name) && own?.kind !== 'def')) return word(w, 'function', name)
  // A start is drawn from a family that is written as a function is called.
  return own ?? w.declared.unknown.get(name) ?? (isFamily(name) ? word(w, 'family', name) : undefined)
}

function word({ language }: MeaningsWork, kind: OfLanguage['kind'], name: string): OfLanguage {
  const key = `${kind} ${name}`
  const known = language.get(key) ?? { kind, name }
  language.set(key, known)
  return known
}

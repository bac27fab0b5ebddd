import type { Checked } from '../base/diagnostic.ts'
import { hasErrors } from '../base/diagnostic.ts'
import type { SourceFile, Span } from '../base/source.ts'
import type { Program } from './ast.ts'
import { settleVariable } from './check/attributes.ts'
import { collect } from './check/collect.ts'
import { checkUncalled } from './check/def.ts'
import { infer } from './check/expression.ts'
import { orderLets } from './check/order.ts'
import type { Report } from './check/report.ts'
import { inOrder, newReport, tell } from './check/report.ts'
import { settleObjectives, settleRules } from './check/rules.ts'
import type { Context } from './check/scope.ts'
import { outermost } from './check/scope.ts'
import { settleSizes, weightsOf } from './check/sizes.ts'
import { settleTerms } from './check/terms.ts'
import { settleBounds, settleTypes } from './check/types.ts'
import { checkUsage } from './check/usage.ts'
import { quote } from './check/words.ts'
import type { Axis, Let, Model } from './model.ts'

/** How many expressions are looked at before the program counts as too large. */
const fuel = 2_000_000

/**
 * The checked model of a program. Everything that is wrong is said, in the order of the text; the model is there only
 * when nothing is an error, and is then complete: no later stage has to doubt a name, an axis or a type.
 */
export function check(program: Program, source: SourceFile): Checked<Model> {
  const report = newReport()
  const scope = collect(report, program)
  const c: Context = {
    report,
    scope,
    text: source.text,
    lets: new Map(),
    bodies: new Map(),
    ranges: new WeakMap(),
    nodes: new WeakMap(),
    fuel: { left: fuel },
  }
  const model = build(c, program, source)
  if (!hasErrors(report.found)) checkUsage(c, program, model)
  const diagnostics = inOrder(report)
  return hasErrors(diagnostics) ? { diagnostics } : { value: model, diagnostics }
}

/** Each step relies on those above it: sizes and types before expressions, `let`s before what uses them. */
function build(c: Context, program: Program, source: SourceFile): Model {
  const name = nameOf(c.report, program, source)
  settleSizes(c)
  settleTypes(c)
  settleBounds(c, 'before lets')
  const lets = settleLets(c, program)
  settleBounds(c, 'after lets')
  const variables = [...c.scope.variables.values()].flatMap((entry) => settleVariable(c, entry) ?? [])
  const weights = new Map([...c.scope.axes.values()].map((a) => [a.name, a.statement && weightsOf(c, a.statement)]))
  const terms = settleTerms(c, program)
  const rules = settleRules(c, program)
  const objectives = settleObjectives(c, program)
  for (const def of c.scope.defs.values()) checkUncalled(c, def, outermost)
  const axes = [...c.scope.axes.values()].map((a): Axis => {
    const random = weights.get(a.name)
    return { name: a.name, span: a.span, size: a.size, ...(random === undefined ? {} : { weights: random }) }
  })
  const model: Model = { source, name, axes, variables, lets, terms, rules, objectives }
  saysSomething(c, program, model)
  return model
}

function nameOf(report: Report, program: Program, source: SourceFile): string {
  let first: { text: string; span: Span } | undefined
  for (const s of program.statements) {
    if (s.kind !== 'model') continue
    if (first !== undefined) {
      tell(report, 'AMP211', `the model is named twice: ${quote(first.text)} and ${quote(s.name.text)}`, {
        span: s.name.span,
        hint: 'a file holds one model',
        related: [{ span: first.span, message: 'first named here' }],
      })
    }
    first ??= s.name
  }
  return first?.text ?? fileStem(source.name)
}

function fileStem(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? path
  return file.replace(/\.amp$/, '').replace(/\W+/g, '_') || 'model'
}

function settleLets(c: Context, program: Program): readonly Let[] {
  const lets: Let[] = []
  for (const s of orderLets(c.report, c.scope)) {
    const value = c.scope.circular.has(s.name.text) ? undefined : infer(c, s.value, outermost)
    c.lets.set(s.name.text, value)
    if (value !== undefined) lets.push({ name: s.name.text, value, span: s.span })
  }
  // A second let of the same name counts for nothing, but its mistakes are worth saying.
  for (const s of program.statements) if (s.kind === 'let' && c.scope.lets.get(s.name.text) !== s) infer(c, s.value, outermost)
  return lets
}

/** A model without a term or a rule has no energy and nothing that moves: both readings are empty. */
function saysSomething(c: Context, program: Program, model: Model): void {
  if (hasErrors(c.report.found) || model.terms.length > 0 || model.rules.some((r) => r.kind === 'flow')) return
  if (model.variables.some((v) => v.lagrangian !== undefined)) return
  const last = program.statements.at(-1)
  tell(c.report, 'AMP227', 'the model says nothing: it has no energy, no density and no flow', {
    span: last?.span ?? program.span,
    hint: 'add energy ..., x ~ family(...), or flow x = ...',
  })
}

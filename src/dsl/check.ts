import { checked, type Diagnostic, hasErrors } from '../base/diagnostic.ts'
import { InternalError } from '../base/internal-error.ts'
import type { SourceFile, Span } from '../base/source.ts'
import type { Axis, Let, Model } from '../middle/model.ts'
import type { Analysis } from './analysis.ts'
import type { Program } from './ast.ts'
import { settleVariable } from './check/attributes.ts'
import { checkBoundCircles } from './check/bound-circles.ts'
import { collect } from './check/collect.ts'
import { checkUncalled } from './check/def.ts'
import { infer } from './check/expression.ts'
import { namedVariables } from './check/labels.ts'
import { meaningsIn } from './check/meanings.ts'
import { moves } from './check/motion.ts'
import { nodeTypes } from './check/node-types.ts'
import { orderLets } from './check/order.ts'
import { rangeOf } from './check/range.ts'
import type { Report } from './check/report.ts'
import { inOrder, newReport, tell } from './check/report.ts'
import { settleObjectives, settleRules } from './check/rules.ts'
import type { CheckContext } from './check/scope.ts'
import { newContext, outermost } from './check/scope.ts'
import { settleSizes, weightsOf } from './check/sizes.ts'
import { checkStartCircles } from './check/start.ts'
import { settleTemperature } from './check/temperature.ts'
import { settleTerms } from './check/terms.ts'
import { checkSquare, settleBounds, settleTypes } from './check/types.ts'
import { checkAxesUsed, checkUsage } from './check/usage.ts'
import { quote } from './check/words.ts'

/**
 * What a program says: of everything, what is known. What is wrong is reported, in the order of the text and with what was
 * misread in it; the model is there only
 * when nothing is an error, and is then complete: no later stage has to doubt a name, an axis or a type.
 */
export function check(program: Program, source: SourceFile, misread: readonly Diagnostic[] = []): Analysis {
  const report = newReport()
  const scope = collect(report, program)
  const c = newContext(report, scope, source.text, infer)
  const model = build(c, program, source)
  ranOut(c)
  if (program.broken.length === 0) checkAxesUsed(c, program)
  if (program.broken.length === 0 && !hasErrors(report.found)) {
    nothingLost(c, program, model)
    checkUsage(c, program, model)
  }
  const diagnostics = inOrder([...misread, ...report.found])
  return { ...checked(model, diagnostics), source, program, ...meaningsIn(c, program), types: nodeTypes(c) }
}

/** Each step relies on those above it: sizes and types before expressions, `let`s before what uses them. */
function build(c: CheckContext, program: Program, source: SourceFile): Model {
  const name = nameOf(c.report, program, source)
  settleTypes(c)
  settleSizes(c)
  checkSquare(c)
  settleBounds(c, 'before lets')
  const lets = settleLets(c, program)
  settleBounds(c, 'after lets')
  checkBoundCircles(c)
  const declared = [...c.scope.variables.values()].flatMap((entry) => settleVariable(c, entry) ?? [])
  checkStartCircles(c, declared)
  const weights = new Map([...c.scope.axes.values()].map((a) => [a.name, a.statement && weightsOf(c, a.statement)]))
  const terms = settleTerms(c, program)
  const rules = settleRules(c, program)
  const objectives = settleObjectives(c, program)
  const temperature = settleTemperature(c, program)
  for (const def of c.scope.defs.values()) checkUncalled(c, def, outermost)
  const axes = [...c.scope.axes.values()].map((a): Axis => {
    const random = weights.get(a.name)
    const labels = a.labels === undefined ? {} : { labels: a.labels }
    return { name: a.name, span: a.span, size: a.size, ...labels, ...(random === undefined ? {} : { weights: random }) }
  })
  const variables = [...declared, ...namedVariables(c)]
  const model: Model = { source, name, axes, variables, lets, terms, rules, objectives, ...(temperature && { temperature }) }
  if (program.broken.length === 0) saysSomething(c, program, model)
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

function settleLets(c: CheckContext, program: Program): readonly Let[] {
  const lets: Let[] = []
  for (const s of orderLets(c.report, c.scope)) {
    const value = c.scope.circular.has(s.name.text) ? undefined : c.infer(c, s.value, outermost)
    c.lets.set(s.name.text, value)
    if (value === undefined) continue
    lets.push({ name: s.name.text, value, span: s.span })
    // Each let's range from those before it, so that a long row of lets is no deep recursion later.
    rangeOf(c, value)
  }
  // A second let of the same name counts for nothing, but its mistakes are worth saying.
  for (const s of program.statements) if (s.kind === 'let' && c.scope.lets.get(s.name.text) !== s) c.infer(c, s.value, outermost)
  return lets
}

function ranOut(c: CheckContext): void {
  if (c.fuel.left > 0) return
  tell(c.report, 'AMP222', 'the program is too large to check', {
    ...(c.fuel.ranOutAt === undefined ? {} : { span: c.fuel.ranOutAt }),
    hint: 'use fewer nested defs and scans',
  })
}

/** What was wrong is left out of the model, and then something was said: with no error, every statement is there. */
function nothingLost(c: CheckContext, program: Program, model: Model): void {
  const count = (kind: Program['statements'][number]['kind']) => program.statements.filter((s) => s.kind === kind).length
  const priors = program.statements.filter((s) => s.kind === 'declaration' && s.prior !== undefined).length
  const terms = count('energy') + count('density') + priors
  const rules = program.statements.filter((s) => 'target' in s).length
  const all =
    (model.temperature === undefined) === (count('temperature') === 0) &&
    model.terms.length === terms &&
    model.rules.length === rules &&
    model.objectives.length === count('objective')
  if (all && model.lets.length === count('let') && model.variables.length === c.scope.variables.size + c.named.size) return
  throw new InternalError(`the checker lost a statement of ${model.name} without saying why`)
}

/** A model without a term or a rule has no energy and nothing that moves: both readings are empty. */
function saysSomething(c: CheckContext, program: Program, model: Model): void {
  if (hasErrors(c.report.found) || model.terms.length > 0 || moves(model.rules)) return
  if (model.variables.some((v) => v.lagrangian !== undefined)) return
  // Without a state it is a model of lets, which a simulation reports.
  if (model.lets.length > 0 && model.variables.every((v) => v.role !== 'state')) return
  const last = program.statements.at(-1)
  tell(c.report, 'AMP227', 'the model is empty: it has no energy, no density and no flow', {
    span: last?.span ?? program.span,
    hint: 'add energy ..., x ~ family(...), or flow x = ...',
  })
}

import type { NodeId } from '../../ir/graph.ts'
import { simplify } from '../../ir/simplify.ts'
import { dependents, reachable } from '../../ir/walk.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import { levelsOf } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import { statesOf } from '../../middle/situation.ts'
import type { AxisMaker } from '../curvature/entries.ts'
import { inferable } from '../inferable.ts'
import { analysis, isFailure, type NotLinear } from './analysis.ts'
import { categorical } from './categorical.ts'
import { precisionOf, weightOf } from './coefficients.ts'
import type { LinearAlgebra } from './entries.ts'
import { barredType, formOf, isPositive, statisticAxes, statisticName } from './forms.ts'
import type { Conditional, FormDraft, NoForm } from './found.ts'
import { gradientOf } from './gradient.ts'
import { free, isAffine, type Linear, plus } from './linear.ts'
import { matrixAnalysis } from './matrices.ts'
import { interiorOf, type Opened, type OpenTerm, open } from './statements.ts'
import { operationWords } from './words.ts'

/** The conditional form of every variable that a density is about or that is a state, in the order of the text. */
export function conditionals(energy: Energy): readonly (Conditional | NoForm)[] {
  const { statements: terms, variables } = energy
  const mayMove = new Set([...statesOf(energy), ...inferable({ terms, variables })])
  return variables.filter((v) => mayMove.has(v.name)).map((v) => conditionalOf(energy, v))
}

export function hasForm(c: Conditional | NoForm): c is Conditional {
  return 'form' in c
}

export function conditionalOf(energy: Energy, variable: EnergyVariable): Conditional | NoForm {
  const found = openConditional(energy, variable)
  return 'reason' in found ? found : found.conditional
}

/** A form with what it was found on: what eliminates the variable takes the energy apart by it. */
export interface OpenConditional {
  readonly conditional: Conditional
  readonly draft: FormDraft
  readonly opened: Opened
  /** The variable, and the terms that mention it. */
  readonly state: NodeId
  readonly terms: readonly OpenTerm[]
  readonly a: LinearAlgebra
}

export function openConditional(energy: Energy, variable: EnergyVariable): OpenConditional | NoForm {
  const scene = openScene(energy)(variable)
  const { state } = scene
  const terms = mentioning(scene)
  if (terms.length === 0) return { variable, reason: 'no statement mentions it', span: variable.span }
  if (levelsOf(variable.type) !== undefined) return finished(scene, terms, categorical(scene.a, variable, state, terms))
  const barred = barredType(variable.type) ?? boundedBy(scene)
  return barred === undefined ? continuous(scene, terms) : { variable, reason: barred, span: variable.span }
}

export interface ConditionalScene {
  readonly opened: Opened
  readonly variable: EnergyVariable
  readonly state: NodeId
  readonly a: LinearAlgebra
}

/** An energy on one builder, to look at it as a function of one variable or another. */
export function openScene(energy: Energy): (variable: EnergyVariable) => ConditionalScene {
  const opened = open(energy)
  const maker: AxisMaker = { made: [], taken: new Set(energy.axes.map((a) => a.name)) }
  const a = { m: opened.m, maker }
  return (variable) => ({ opened, variable, state: opened.m.builder.input(variable.name, variable.axes), a })
}

export function mentioning({ opened, state }: ConditionalScene): readonly OpenTerm[] {
  const { builder } = opened.m
  const ids = reachable(
    builder,
    opened.terms.map((t) => t.node),
  )
  const moving = dependents(builder, ids, new Set([state]))
  return opened.terms.filter((t) => moving.has(t.node))
}

/** The variables whose types are bounded by this one, which its own density knows nothing of, as a reason. */
function boundedBy({ opened, variable, a, state }: ConditionalScene): string | undefined {
  const moves = dependsOn(a, state)
  const bounded = opened.energy.variables.find((v) => v !== variable && boundsOf(opened, v).some(moves))
  return bounded && `it is a bound of "${bounded.name}"`
}

/** The bounds of a type, where they are expressions. */
function boundsOf(opened: Opened, { name }: EnergyVariable): readonly NodeId[] {
  return (['lower', 'upper'] as const).flatMap((end) => opened.output(ports.bound(name, end))?.node ?? [])
}

function dependsOn({ m }: LinearAlgebra, state: NodeId): (id: NodeId) => boolean {
  return (id) => reachable(m.builder, [id]).includes(state)
}

/** A term as a combination of statistics: as it stands, or else inside the support of its family. */
interface Analysed {
  readonly term: OpenTerm
  readonly node: NodeId
  readonly linear: Linear
}

/** All terms that mention the variable, and what any node is as a function of it. */
export interface AnalysedTerms {
  readonly found: readonly Analysed[]
  readonly look: (id: NodeId) => Linear | NotLinear
}

function continuous(scene: ConditionalScene, terms: readonly OpenTerm[]): OpenConditional | NoForm {
  const all = analysedTerms(scene, terms)
  return 'found' in all ? fromStatistics(scene, terms, all) : all
}

/** What each node is as a function of a variable of a type. */
export function lookAt(a: LinearAlgebra, state: NodeId, { type, axes }: EnergyVariable): (id: NodeId) => Linear | NotLinear {
  if (type.kind === 'covariance') return matrixAnalysis(a, state, axes, [type.rows, type.columns])
  return analysis(a, state, axes, isPositive(type))
}

export function analysedTerms(scene: ConditionalScene, terms: readonly OpenTerm[]): AnalysedTerms | NoForm {
  const { variable, a, state, opened } = scene
  const look = lookAt(a, state, variable)
  const holds = dependsOn(a, state)
  const found: Analysed[] = []
  for (const term of terms) {
    const whole = look(term.node)
    if (!isFailure(whole)) {
      found.push({ term, node: term.node, linear: whole })
      continue
    }
    const node = interiorOf(opened, term, new Set([variable.name]), holds)
    const inside = node === undefined ? undefined : look(node)
    if (node === undefined || inside === undefined) return failedAt(scene, term, whole, node)
    if (isFailure(inside)) return failedAt(scene, term, inside, node)
    found.push({ term, node, linear: inside })
  }
  return { found, look }
}

function fromStatistics(scene: ConditionalScene, terms: readonly OpenTerm[], all: AnalysedTerms): OpenConditional | NoForm {
  const { variable, a } = scene
  const { found } = all
  const total = found.reduce((sum, f) => plus(a, sum, f.linear), free(a, a.m.k(0)))
  const chosen = formOf(variable.type, total)
  if (chosen === undefined) return { variable, reason: mismatch(variable, total, found), span: variable.span }
  const { form } = chosen
  const cut = terms.some((t) => t.density?.truncated === true && t.density.variable === variable.name)
  const truncated = chosen.truncated || cut
  const parts = found.map((f) => f.linear)
  if (form !== 'gaussian') {
    const coefficients = [...total.parts.keys()].map((statistic) => ({
      ...{ statistic: statisticName(statistic, 'x'), node: weightOf(a, total, statistic), axes: statisticAxes(variable, statistic) },
    }))
    return finished(scene, terms, { form, truncated, mixing: [], coefficients, parts })
  }
  const gradient = linearGradient(scene, all)
  if (gradient === undefined) return { variable, reason: 'powers of it cancel in a way that is not looked into' }
  const { node, mixing } = precisionOf(a, gradient, variable.axes)
  const coefficients = [
    { statistic: 'precision', node, axes: [...a.m.builder.axes(node)] },
    { statistic: 'linear', node: a.m.sub(a.m.k(0), gradient.constant), axes: variable.axes },
  ]
  return finished(scene, terms, { form, truncated, mixing, coefficients, parts })
}

/** Of terms that are quadratic in the variable; undefined where powers of it cancel in a way that is not looked into. */
export function linearGradient({ a, state }: ConditionalScene, { found, look }: AnalysedTerms): Linear | undefined {
  const roots = found.map((f) => f.node)
  const gradient = gradientOf(a, roots, state, (id) => look(id) as Linear)
  return gradient !== undefined && isAffine(gradient) ? gradient : undefined
}

function finished({ opened, variable, a, state }: ConditionalScene, terms: readonly OpenTerm[], draft: FormDraft): OpenConditional {
  const { builder } = opened.m
  const outputs = draft.coefficients.map(({ statistic, node, axes }) => ({
    ...{ name: ports.coefficient(variable.name, statistic), node, axes },
  }))
  const graph = simplify(builder.part(outputs))
  const mixed = draft.mixing.map((m) => m.axis)
  const nodes = reachable(builder, boundsOf(opened, variable)).map((id) => builder.node(id))
  const inBounds = nodes.flatMap((n) => (n.op === 'input' ? [n.name] : []))
  const conditional: Conditional = {
    ...{ variable, form: draft.form, truncated: draft.truncated, graph, mixing: draft.mixing },
    coefficients: draft.coefficients.map(({ statistic }) => ({ statistic, port: ports.coefficient(variable.name, statistic) })),
    dependsOn: [...new Set([...graph.inputs.map((p) => p.name), ...inBounds])].filter((name) => name !== variable.name),
    apart: variable.axes.filter((axis) => !mixed.includes(axis)),
    terms: terms.map(({ name, span }) => ({ name, span })),
    axes: [...(draft.axes ?? []), ...a.maker.made],
  }
  return { conditional, draft, opened, state, terms, a }
}

/** Why a term has no form: what is done to the variable there, or the family that it is in. */
function failedAt(
  { variable, opened }: ConditionalScene,
  { name, span, density }: OpenTerm,
  { failed }: NotLinear,
  interior: NodeId | undefined,
): NoForm {
  const how = density === undefined || interior !== undefined ? operationWords(failed) : densityWords(density)
  // What a pass left is no statement of the text.
  const what = opened.energy.statements.some((s) => s.name === name) ? 'statement' : 'term'
  return { variable, reason: `in the ${what} "${name}" it goes through ${how}`, span }
}

function densityWords({ family, truncated, censored }: NonNullable<OpenTerm['density']>): string {
  return `the density of ${family}${censored ? ', censored' : truncated ? ', truncated' : ''}`
}

function mismatch({ name }: EnergyVariable, { parts, quadratic }: Linear, found: readonly Analysed[]): string {
  const all = [...parts.keys()].map((statistic) => statisticName(statistic, name))
  const together = [...all, ...(quadratic ? [`products of ${name}`] : [])]
  const where = found.map((f) => `"${f.term.name}"`).join(', ')
  return `${together.join(', ') || 'nothing'} (in ${where}) ${together.length > 1 || quadratic ? 'do' : 'does'} not make one of the forms of its type`
}

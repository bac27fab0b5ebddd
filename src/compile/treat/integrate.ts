import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { InternalError, must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import { simplify } from '../../ir/simplify.ts'
import { dependents, reachable, replaced } from '../../ir/walk.ts'
import type { Eliminated, Energy, EnergyVariable, FormDraw, Told } from '../../middle/energy.ts'
import { ownAxes } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import type { Mixing } from '../conditionals/coefficients.ts'
import { type OpenConditional, openConditional } from '../conditionals/conditional.ts'
import { conditionalDraw } from '../conditionals/draws.ts'
import type { FormName } from '../conditionals/forms.ts'
import { freshAxis, productAxis } from '../curvature/entries.ts'
import { inTurn } from './in-turn.ts'
import type { Integral } from './integral.ts'
import { integrals } from './integrals.ts'
import type { TreatmentPass } from './rule.ts'
import { totalMoments } from './total-moments.ts'
import { updatedIntegral } from './updated-integral.ts'
import { updatedForm } from './updates.ts'

/**
 * Continuous variables integrated out of the energy, exactly and at the temperature of the input `temperature`, by their conditional
 * forms: `-T log` of the integral of exp(-E/T) takes the place of all that depended on each, as the term `marginal NAME`. One after
 * the other, the last declared first; each given what is left by those before it.
 */
export const integrate: TreatmentPass = (energy, names, { temperature }) => {
  const variables = energy.variables.filter((v) => names.includes(v.name))
  return inTurn(energy, variables.toReversed(), (e, v) => integrated(e, v, temperature))
}

function integrated(energy: Energy, variable: EnergyVariable, temperature: number | undefined): Checked<Energy> {
  const found = openConditional(energy, variable)
  if ('reason' in found) return unmade([refused(variable, found.reason, found.span)])
  const { form, truncated, terms } = found.conditional
  const span = terms[0]?.span
  const isSmooth = (name: FormName): name is SmoothForm => Object.hasOwn(integrals, name)
  if (!isSmooth(form)) return unmade([refused(variable, 'it is discrete')])
  if (truncated) return unmade([refused(variable, 'its density is cut off by bounds, so that the integral has no closed form', span)])
  const driven = otherInTheWay(found)
  if (driven !== undefined) return unmade([refused(variable, driven)])
  const integral = integralOf(found, form)
  if (isNever(found, integral, temperature)) return unmade([improper(found, temperature)])
  return made(withoutVariable(energy, found, integral))
}

/** Whether there is no integral whatever the values are: from constants alone, and the temperature where it is known. */
function isNever({ opened }: OpenConditional, { proper }: Integral, temperature: number | undefined): boolean {
  const { m } = opened
  const t = m.builder.input(ports.temperature, [])
  const known = temperature === undefined ? [proper] : replaced(m.builder, [proper], new Map([[t, m.k(temperature)]]))
  const { nodes, outputs } = simplify(
    m.builder.part([{ name: ports.result, node: must(known[0], 'condition'), axes: m.builder.axes(proper) }]),
  )
  const node = nodes[must(outputs[0], 'condition').node]
  return node?.op === 'const' && node.value === 0
}

function improper({ conditional: { variable, terms } }: OpenConditional, temperature: number | undefined): Diagnostic {
  const [first, ...others] = terms
  const at = temperature === undefined || temperature === 1 ? '' : ` at T = ${temperature}`
  return diagnostic('AMP603', `The density of "${variable.name}" cannot be normalised${at}, so the integral over it is infinite.`, {
    span: first?.span ?? variable.span,
    hint: `Give "${variable.name}" a prior, bounds, or a term of the energy that grows with it; or choose a temperature nearer to 1.`,
    related: others.slice(0, 3).map(({ span }) => ({ span, message: `"${variable.name}" is here, too` })),
  })
}

function refused({ name, span }: EnergyVariable, reason: string, at = span): Diagnostic {
  return diagnostic('AMP611', `"${name}" cannot be integrated out: ${reason}.`, {
    span: at,
    hint: `Leave out --integrate ${name}: it moves, or is given. amp show --stage conditionals prints the conditional form of every variable.`,
  })
}

/** What else depends on a variable and has no value without it. */
function otherInTheWay({ opened, state }: OpenConditional): string | undefined {
  const { builder } = opened.m
  const told = new Set(opened.energy.eliminated.flatMap(({ name, told: all }) => all.map((t) => ports.told(t.what, name))))
  const roots = opened.others.filter((o) => !told.has(o.name))
  const ids = reachable(
    builder,
    roots.map((o) => o.node),
  )
  const moving = dependents(builder, ids, new Set([state]))
  const other = roots.find((o) => moving.has(o.node))
  if (other === undefined) return undefined
  const summed = ports.responsibilityOf(other.name)
  return summed === undefined ? 'a neuron is driven by it' : `the probabilities of "${summed}", which is summed out before it, depend on it`
}

/** All of E that mentions the variable, integrated over it. */
function integralOf(found: OpenConditional, form: SmoothForm): Integral {
  const { opened, conditional, draft, state } = found
  const { m } = opened
  const { variable, mixing } = conditional
  const scene = { m, t: m.builder.input(ports.temperature, []), axes: variable.axes }
  const updated = updatedForm(found)
  if (updated !== undefined) return updatedIntegral({ ...scene, state }, updated)
  const coefficients = new Map(draft.coefficients.map((c) => [c.statistic, c.node]))
  const integral = integrals[form]({
    ...{ ...scene, own: ownAxes(variable.type), mixing },
    ...(mixing.length > 1 && { stack: stackIn(found) }),
    coefficient: (statistic) => coefficients.get(statistic) ?? m.k(0),
  })
  return { ...integral, energy: m.add(constantOf(found, form), integral.energy) }
}

function stackIn({ a: { maker }, conditional }: OpenConditional): Mixing {
  const axis = productAxis(maker, conditional.mixing.map((p) => p.axis)) // biome-ignore format: one thought
  return { axis, other: freshAxis(maker, axis) }
}

function withoutVariable(energy: Energy, found: OpenConditional, integral: Integral): Energy {
  const { opened, conditional, terms } = found
  const { variable } = conditional
  const { m } = opened
  const marginal = { name: `marginal ${variable.name}`, span: variable.span, kind: 'density', node: integral.energy } as const
  const gone = new Set(terms.map((t) => t.name))
  const first = opened.terms.findIndex((t) => gone.has(t.name))
  const kept = energy.terms.map((t, i) => ({ ...t, node: must(opened.terms[i], t.name).node }))
  const left = [...kept.slice(0, first), marginal, ...kept.slice(first).filter((t) => !gone.has(t.name))]
  const earlier = totalMoments(found, integral)
  const told = toldOf(conditional.mixing, variable, integral)
  const own = told.map(({ what, axes, node }) => ({ name: ports.told(what, variable.name), axes, node }))
  const others = opened.others.filter((o) => !earlier.gone.has(o.name)).map((o) => ({ ...o, node: earlier.nodes.get(o.name) ?? o.node }))
  const outputs = [...left.map((t) => ({ name: ports.term(t.name), node: t.node, axes: [] })), ...others, ...own]
  const eliminated: Eliminated = {
    ...{ name: variable.name, axes: variable.axes, type: variable.type, how: 'integrate' },
    told: told.map(({ what, axes }) => ({ what, axes })),
  }
  return {
    ...energy,
    graph: simplify(m.builder.part(outputs)),
    terms: left.map(({ node: _, ...term }) => term),
    variables: energy.variables.filter((v) => v.name !== variable.name),
    axes: [...energy.axes, ...found.a.maker.made],
    eliminated: [...earlier.eliminated, eliminated],
    joint: [drawOf(energy, found), ...energy.joint],
  }
}

function drawOf(energy: Energy, { conditional }: OpenConditional): FormDraw {
  const { name, axes, type } = conditional.variable
  const draw = conditionalDraw(energy, conditional)
  // What is truncated was refused.
  if ('reason' in draw) throw new InternalError(`${name} cannot be drawn: ${draw.reason}`)
  return { by: 'form', name, axes, type, draw }
}

type SmoothForm = keyof typeof integrals

type ToldNode = Told & { readonly node: NodeId }

function toldOf(mixing: OpenConditional['conditional']['mixing'], { axes }: EnergyVariable, integral: Integral): readonly ToldNode[] {
  const { mean, variance, covariance } = integral
  return [
    { what: 'mean', axes, node: mean },
    ...(variance === undefined ? [] : [{ what: 'variance', axes, node: variance } as const]),
    ...(covariance === undefined
      ? []
      : [{ what: 'covariance', axes: [...axes, ...mixing.map((x) => x.other)], node: covariance } as const]),
  ]
}

/** What of the terms that mention the variable does not depend on it. */
function constantOf({ opened: { m }, state, terms, draft }: OpenConditional, form: SmoothForm): NodeId {
  if (form !== 'gaussian') return m.plus(...must(draft.parts, 'parts').map((linear) => linear.constant))
  const roots = replaced(m.builder, terms.map((t) => t.node), new Map([[state, m.k(0)]])) // biome-ignore format: one thought
  return m.plus(...roots)
}

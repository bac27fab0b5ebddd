import type { Span } from '../../base/source.ts'
import { cover } from '../../base/source.ts'
import { type DensityTerm, partsOf, type Term } from '../../middle/model.ts'
import type { Declaration, DensityStatement, EnergyStatement, FamilyCall, Program } from '../ast.ts'
import { densityTerm, leftOf } from './density.ts'
import { tell } from './report.ts'
import { isScalar } from './scalar.ts'
import type { CheckContext } from './scope.ts'
import { outermost } from './scope.ts'
import type { Left } from './settled.ts'
import { nodesWithin, typed } from './typed.ts'
import { quote } from './words.ts'

/** The terms of the energy in the order of the text: energies, and densities of declarations and statements. */
export function settleTerms(c: CheckContext, program: Program): readonly Term[] {
  const terms: Term[] = []
  const taken = explicitNames(c, program)
  const stated = new Map<string, DensityTerm>()
  const hasNeurons = [...c.scope.variables.values()].some((v) => v.declaration.lagrangian !== undefined)
  for (const s of program.statements) {
    const term =
      s.kind === 'energy' ? energy(c, s) : s.kind === 'density' ? density(c, s) : s.kind === 'declaration' ? prior(c, s) : undefined
    if (term === undefined) continue
    const named = s.kind === 'energy' && s.name !== undefined
    const name = named ? term.name : unused(term.name, taken)
    taken.add(name)
    if (hasNeurons) noNeurons(c, term)
    if (term.kind === 'density') noteSecond(c, stated, term)
    terms.push({ ...term, name })
  }
  return terms
}

/** Names written by the user; two energies of one name would be shown as one. */
function explicitNames(c: CheckContext, program: Program): Set<string> {
  const seen = new Map<string, Span>()
  for (const s of program.statements) {
    if ((s.kind !== 'energy' && s.kind !== 'objective') || s.name === undefined) continue
    const before = seen.get(s.name.text)
    if (before !== undefined) {
      tell(c.report, 'AMP212', `two terms are called ${quote(s.name.text)}`, {
        span: s.name.span,
        hint: 'they would both be counted: give one another name',
        related: [{ span: before, message: 'the first is here' }],
      })
    }
    seen.set(s.name.text, s.name.span)
  }
  return new Set(seen.keys())
}

function unused(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  let n = 2
  while (taken.has(`${name}_${n}`)) n += 1
  return `${name}_${n}`
}

function energy(c: CheckContext, s: EnergyStatement): Term | undefined {
  const value = c.infer(c, s.value, outermost)
  if (value === undefined || !isScalar(c, value, s.name === undefined ? 'the energy' : `the energy ${quote(s.name.text)}`)) return undefined
  return { kind: 'energy', name: s.name?.text ?? 'energy', value, span: s.span }
}

function density(c: CheckContext, s: DensityStatement): Term | undefined {
  const value = c.infer(c, s.left, outermost)
  return termOf(c, value && leftOf(c, value), s.right, s.span)
}

/** The prior in a declaration is a density like any other, with the variable on the left. */
function prior(c: CheckContext, d: Declaration): Term | undefined {
  if (d.prior === undefined) return undefined
  const entry = c.scope.variables.get(d.name.text)
  const type = entry?.declaration === d ? entry.type : undefined
  const element = type?.kind === 'element' ? type.axis : undefined
  const left: Left | undefined =
    entry === undefined || type === undefined
      ? undefined
      : { value: typed({ kind: 'variable', name: d.name.text }, entry.axes, d.name.span, element), entry, text: d.name.text }
  return termOf(c, left, d.prior, cover(d.name.span, d.prior.span))
}

function termOf(c: CheckContext, left: Left | undefined, call: FamilyCall, span: Span): Term | undefined {
  const term = densityTerm(c, left, call, span)
  return term && { ...term, name: term.variable ?? nameFor(left?.text ?? '') }
}

/** `log(y)` becomes `log_y`. */
function nameFor(text: string): string {
  const words = text.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '')
  return words === '' ? 'density' : words
}

/** Neurons speak to each other through their activations. */
function noNeurons(c: CheckContext, term: Term): void {
  const roots = term.kind === 'energy' ? [term.value] : partsOf(term)
  for (const node of nodesWithin(roots, c.lets)) {
    const declaration = node.kind === 'variable' ? c.scope.variables.get(node.name)?.declaration : undefined
    if (declaration?.role !== 'state' || declaration.lagrangian === undefined) continue
    const name = declaration.name.text
    tell(c.report, 'AMP220', `${quote(name)} has a Lagrangian, so it enters the energy through its activation only`, {
      span: node.span,
      hint: `write act(${name})`,
      related: [{ span: declaration.name.span, message: `${quote(name)} is declared here` }],
    })
  }
}

/** `stated`: the first density of each variable. */
function noteSecond(c: CheckContext, stated: Map<string, DensityTerm>, term: DensityTerm): void {
  const { variable } = term
  if (variable === undefined) return
  const first = stated.get(variable)
  if (first === undefined) {
    stated.set(variable, term)
    return
  }
  tell(c.report, 'AMP415', `${quote(variable)} has a density already: the two multiply, and neither replaces the other`, {
    span: term.span,
    hint: 'their product has no normalising constant of its own; leave one out if only one is meant',
    related: [{ span: first.span, message: 'the first is here' }],
  })
}

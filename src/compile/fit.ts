import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { InternalError, must } from '../base/internal-error.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import type { FitBlock, FitProgram, FittedForm, Sharing } from '../middle/fit-program.ts'
import { levelsOf } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import { type Situation, situationOf } from '../middle/situation.ts'
import { conditionalOf, hasForm, openConditional } from './conditionals/conditional.ts'
import { type FormName, isMatrixForm } from './conditionals/forms.ts'
import type { Conditional } from './conditionals/found.ts'
import { gaussianGroups } from './conditionals/joint.ts'
import { familyBlock, gaussianBlock, levelBlock, type MeanGraph, meanGraph, meanOutput } from './fit/blocks.ts'
import { insideSupports } from './fit/inside.ts'
import { meanOverForm, meanOverGaussians } from './fit/means.ts'
import { type OverRows, overRows } from './fit/row-sums.ts'
import { relax } from './relax.ts'
import { treat, treatAsAsked } from './treat.ts'

/**
 * Mean field: q is a product over blocks, each in the family of its conditional form (Beal 2003; Hoffman, Johnson and Tran 2018 find
 * those as `conditionals/` does). The mean of E under q is exact and a graph of the means of statistics, and its derivative by those
 * of a block is the coefficients of the best q of that block: a step that never lowers the ELBO. What moves and has no form is
 * refused.
 */
export function readFit(
  energy: Energy,
  situation: Situation = situationOf(energy),
  shared: Sharing = { axes: [], grows: false },
): Checked<FitProgram> {
  const treated = treatAsAsked(energy, situation)
  const exact = treat(energy, situation)
  if (!treated.ok || !exact.ok) return unmade([...treated.diagnostics, ...exact.diagnostics])
  const moving = treated.value.variables.filter((v) => situation.moving.has(v.name))
  if (moving.length === 0) return unmade([nothingMoves()])
  const discrete = moving.filter((v) => levelsOf(v.type) !== undefined)
  const plain = insideSupports(treated.value, new Set(moving.map((v) => v.name)))
  const relaxed = relax(plain, discrete.map((v) => v.name), situation) // biome-ignore format: one thought
  if (!relaxed.ok) return unmade(relaxed.diagnostics.map(notByLevels))
  const continuous = moving.filter((v) => !discrete.includes(v))
  const means = meansOver(relaxed.value, continuous, plain)
  if (!means.ok) return unmade(means.diagnostics)
  const { energy: all, parts } = means.value
  const entropies = new Set(relaxed.value.terms.slice(plain.terms.length).map((t) => ports.term(t.name)))
  const whole = meanGraph(all, (term) => !entropies.has(term))
  const axes = [...all.axes, ...exact.value.axes.filter((a) => all.axes.every((b) => b.name !== a.name))]
  const fixed = treated.value.variables.filter((v) => !situation.moving.has(v.name))
  const candidates = {
    // Rows of discrete variables are many, and have most to gain.
    axes: axesOf([...discrete, ...(shared.inBatches === true ? [...moving, ...fixed] : [])]),
    given: new Set([...fixed.map((v) => v.name), ports.temperature]),
    all: axes,
  }
  const over = sumOverRows(whole, candidates)
  const mean = over?.summed ?? whole
  const inRows = (names: readonly string[]): boolean => over !== undefined && names.some((n) => isOfRow(over.rows.axis, moving)(n))
  const meanFor = (names: readonly string[]): MeanGraph => (over !== undefined && inRows(names) ? over.inline : mean)
  const levels = discrete.map((v): FitBlock => {
    const q = must(relaxed.value.variables.find((r) => r.name === v.name), v.name) // biome-ignore format: one thought
    return levelBlock(meanFor([v.name]), q, must(relaxed.value.relaxed.find((r) => r.name === v.name), v.name)) // biome-ignore format: one thought
  })
  return made({
    kind: 'fit',
    mean: meanOutput(mean),
    axes,
    fixed,
    shared,
    gone: [...treated.value.marginalised, ...treated.value.eliminated].map((v) => v.name),
    blocks: [...parts.map(({ names, part }) => part(meanFor(names))), ...levels],
    exact: meanOutput(meanGraph(exact.value, () => true)),
    ...(over === undefined ? {} : { rows: over.rows }),
    meeting: over !== undefined || shared.inBatches !== true ? [] : meetingIn(all, candidates),
  })
}

const isOfRow =
  (row: string, variables: readonly EnergyVariable[]) =>
  (name: string): boolean =>
    must(variables.find((v) => v.name === name), name).axes.includes(row) // biome-ignore format: one thought

const axesOf = (variables: readonly EnergyVariable[]): readonly string[] => [...new Set(variables.flatMap((v) => v.axes))]

/** The statements that are no sums over the rows of the first axis that might be one of rows. */
function meetingIn(energy: Energy, candidates: RowCandidates): readonly string[] {
  const axes = candidates.axes.slice(0, 1)
  const isNone = (name: string): boolean =>
    sumOverRows(meanGraph(energy, (term) => term === ports.term(name)), { ...candidates, axes }) === undefined // biome-ignore format: one thought
  return energy.terms.map((t) => t.name).filter(isNone)
}

interface RowCandidates {
  readonly axes: readonly string[]
  readonly given: ReadonlySet<string>
  readonly all: Energy['axes']
}

/** Along the first of these axes that allows it. */
function sumOverRows(mean: MeanGraph, { axes, given, all }: RowCandidates): OverRows | undefined {
  const { builder } = mean.m
  const isGiven = (name: string): boolean => given.has(name)
  for (const axis of axes) {
    const isShared = (name: string): boolean => !isGiven(name) && !builder.port(name).axes.includes(axis)
    const found = overRows(mean, { axis, isGiven, isShared }, all)
    if (found !== undefined) return found
  }
  return undefined
}

interface Means {
  readonly energy: Energy
  readonly parts: readonly MeanPart[]
}

/** The mean of E over one block after the other; what has no form is refused as it is in the text, in `plain`. */
function meansOver(energy: Energy, variables: readonly EnergyVariable[], plain: Energy): Checked<Means> {
  let now = energy
  let left = variables
  const parts: MeanPart[] = []
  while (left.length > 0) {
    const next = nextBlock(now, left)
    if (next === undefined) return unmade(left.map((v) => formless(v, plain, now)))
    now = next.energy
    parts.push(next)
    left = left.filter((v) => !next.names.includes(v.name))
  }
  return made({ energy: now, parts })
}

/** The variables of a block, and the block once the mean of E is there. */
interface MeanPart {
  readonly names: readonly string[]
  readonly part: (mean: MeanGraph) => FitBlock
}

interface NextBlock extends MeanPart {
  readonly energy: Energy
}

/** All Gaussians that are so together, or else one variable of another form; undefined where none of them has one. */
function nextBlock(energy: Energy, left: readonly EnergyVariable[]): NextBlock | undefined {
  const found = left.flatMap((v) => {
    const open = openConditional(energy, v)
    return 'reason' in open || open.conditional.truncated || isMatrixForm(open.conditional.form) ? [] : [open]
  })
  const gaussian = found.filter((f) => f.conditional.form === 'gaussian').map((f) => f.conditional.variable)
  const [group] = gaussianGroups(energy, gaussian)
  if (group !== undefined) {
    const own = group.map((member) => member.scene.variable)
    const { energy: after, inputs } = meanOverGaussians(energy, group)
    return { energy: after, names: own.map((v) => v.name), part: (mean) => gaussianBlock(mean, own, inputs) }
  }
  const [first] = found
  if (first === undefined) return undefined
  const { variable, form } = first.conditional
  const { energy: after, inputs } = meanOverForm(energy, first)
  return {
    energy: after,
    names: [variable.name],
    part(mean) {
      const block = familyBlock(mean, after, { variable, form: must(fitted[form], form) }, inputs)
      if ('reason' in block) throw new InternalError(`${variable.name}: ${block.reason}`)
      return block
    },
  }
}

const fitted: Readonly<Record<FormName, FittedForm | undefined>> = {
  gaussian: undefined,
  categorical: undefined,
  gamma: 'gamma',
  inverse_gamma: 'inverse_gamma',
  beta: 'beta',
  dirichlet: 'dirichlet',
  von_mises_fisher: 'von_mises_fisher',
  wishart: undefined,
  inverse_wishart: undefined,
}

function nothingMoves(): Diagnostic {
  return diagnostic('AMP607', 'Every state is observed, or the model has none: there is nothing to fit.', {
    hint: 'Leave at least one state unobserved, or name a param that has a prior: --infer NAME.',
  })
}

function unfitted(found: Conditional | undefined): string {
  return found !== undefined && isMatrixForm(found.form)
    ? 'its conditional form is of a matrix, which it has no moments of yet'
    : 'bounds cut its conditional form off'
}

function formless(variable: EnergyVariable, ...energies: readonly Energy[]): Diagnostic {
  const { name, span } = variable
  const [found] = energies.map((e) => conditionalOf(e, variable)).filter((c) => !hasForm(c) || c.truncated || isMatrixForm(c.form))
  const why = found === undefined || hasForm(found) ? unfitted(found) : found.reason
  const at = found !== undefined && !hasForm(found) ? (found.span ?? span) : span
  return diagnostic('AMP614', `"${name}" cannot be fitted by coordinate ascent: ${why}.`, {
    span: at,
    hint: `Use a method that goes by gradients, such as --by mean-field, or draw from the model: amp sample. amp show --stage conditionals prints the conditional form of "${name}", or why it has none.`,
  })
}

/** What cannot be relaxed cannot be fitted, and it is this that was asked for. */
function notByLevels(d: Diagnostic): Diagnostic {
  const message = d.message.replace('cannot be relaxed', 'cannot be fitted by coordinate ascent')
  return {
    ...d,
    message,
    hint: 'Observe all of it, sum it out (--sum-out), use a method that goes by gradients, such as --by mean-field, or draw from the model: amp sample.',
  }
}

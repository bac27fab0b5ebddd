import { type Checked, checked, type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { digestOf } from '../../base/digest.ts'
import { must } from '../../base/internal-error.ts'
import { bind } from '../../bind/bind.ts'
import type { Bound, GivenByRole } from '../../bind/bound.ts'
import type { Given } from '../../bind/given.ts'
import { drawPrior } from '../../inference/draws/prior-draw.ts'
import type { ConstantFact } from '../../memory/store/document.ts'
import type { Shelf } from '../../memory/store/shelf.ts'
import { madeSizes } from '../../middle/derived-sizes.ts'
import type { EnergyVariable } from '../../middle/energy.ts'
import type { Target } from '../../middle/executable.ts'
import { complete } from '../../run/complete.ts'
import { loopsFor } from '../backend.ts'
import type { Loaded } from '../load.ts'
import { bindable, concerning, labelsIn, optionOf } from './facts.ts'
import type { StoreRules } from './rules.ts'

/** What rules read besides patterns and memories: given, by default, or drawn under the seed of the store. */
export interface RuleConstants {
  /** Elements are numbered from 0. */
  readonly values: ReadonlyMap<string, Float64Array>
  /** What was drawn, as if it came from a file. */
  readonly drawn: readonly Given[]
  /** What is kept of each, so that another is noticed. */
  readonly facts: Readonly<Record<string, ConstantFact>>
}

/** AMP501 where one has no value, AMP808 where one is not what the store was written with. `sizes` are those of the store, too. */
export function constantsFor(loaded: Loaded, rules: StoreRules, shelf: Shelf, bound: Bound, target: Target): Checked<RuleConstants> {
  const { about } = must(shelf.head(), 'head of the store')
  // Not those of memories, which change.
  const defaults = rules.origins.defaults.filter((d) => rules.read.has(d.name))
  const priors = rules.origins.priors.filter((p) => rules.read.has(p.name))
  const fixed = loaded.energy.declared.filter((v) => rules.read.has(v.name))
  const of = { sizes: madeSizes(loaded.energy.axes, bound.sizes), values: bound.values, observed: {} }
  const done = complete(fixed, { defaults, priors, checks: [] }, { ...bound, ...of }, target, { seed: about.seed, draw: drawPrior })
  if (!done.ok) return unmade(done.diagnostics)
  const { inputs, drawn } = done.value
  const kept = new Set(about.given.map((k) => k.name))
  const facts = fixed
    .filter((v) => !kept.has(v.name))
    .map(({ name, axes }): readonly [string, ConstantFact] => {
      const data = must(inputs.get(name), name)
      const shape = axes.map((axis) => must(of.sizes[axis], `size of ${axis}`))
      const seed = drawn[name] === undefined ? {} : { seed: about.seed }
      return [name, { shape, digest: digestOf(data), ...(data.length === 1 ? { number: data[0] as number } : {}), ...seed }]
    })
  const before = factsIn(shelf)
  const changed = facts.flatMap(([name, fact]) => {
    const variable = must(
      fixed.find((v) => v.name === name),
      name,
    )
    return otherwise(variable, bound.values[name] !== undefined, before[name], fact, about.amp)
  })
  if (changed.length > 0) return unmade([...done.diagnostics, ...changed])
  const given = Object.entries(drawn).map(([name, { shape, data }]): Given => {
    return { name, from: 'the store', value: { kind: 'numbers', shape, data } }
  })
  return checked({ values: inputs, drawn: given, facts: Object.fromEntries(facts) }, done.diagnostics)
}

/** What a reading is given of what was drawn when the store was written; refused where it has other values of what rules read. */
export function drawnFor(loaded: Loaded, rules: StoreRules, shelf: Shelf, given: GivenByRole): Checked<readonly Given[]> {
  const known = factsIn(shelf)
  if (Object.keys(known).length === 0) return made([])
  const fixed = loaded.energy.declared.filter((v) => rules.read.has(v.name))
  const own = bindable(fixed, loaded.energy.axes, shelf)
  const labels = labelsIn(own.axes, shelf)
  const bound = bind(own, { ...concerning(loaded, given, fixed), observed: [], cues: [], labels }, new Set())
  if (!bound.ok) return unmade(bound.diagnostics)
  const constants = constantsFor(loaded, rules, shelf, bound.value, loopsFor({}).target)
  return constants.ok ? made(constants.value.drawn) : unmade(constants.diagnostics)
}

export function factsIn(shelf: Shelf): Readonly<Record<string, ConstantFact>> {
  return Object.fromEntries([...shelf.values('constants')].map(([[, , name], fact]) => [name, fact]))
}

/** AMP808 with what changed. */
function otherwise(
  variable: EnergyVariable,
  isGiven: boolean,
  before: ConstantFact | undefined,
  now: ConstantFact,
  amp: string,
): readonly Diagnostic[] {
  const { name } = variable
  if (before === undefined || (before.digest === now.digest && before.shape.join() === now.shape.join())) return []
  const isDrawn = before.seed !== undefined && now.seed === before.seed
  const message = isDrawn
    ? `"${name}" is drawn with seed ${before.seed} as other numbers than amp ${amp} drew, which the store was written with.`
    : `"${name}" is ${inWords(now)}, and the store was written with ${inWords(before)}.`
  const hint = isDrawn
    ? `Give the values that it had, or read the store with amp ${amp}.`
    : before.seed === undefined
      ? `${isGiven ? `Leave out ${optionOf(variable)}: rules` : 'Rules'} read it, so the memories are of that value. Another needs a store of its own.`
      : `Leave out ${optionOf(variable)}: the store draws it again. Other values need a store of their own.`
  return [diagnostic('AMP808', message, { hint })]
}

function inWords({ shape, digest, number, seed }: ConstantFact): string {
  if (number !== undefined && shape.length === 0) return String(number)
  const what = `${shape.join(' x ') || '1'} numbers with the digest ${digest}`
  return seed === undefined ? what : `what is drawn with seed ${seed}: ${what}`
}

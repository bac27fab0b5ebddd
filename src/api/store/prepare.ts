import { type Checked, checked, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { bind } from '../../bind/bind.ts'
import type { Bound, GivenByRole } from '../../bind/bound.ts'
import { drawPrior } from '../../inference/draws/prior-draw.ts'
import { sizesIn } from '../../memory/store/patterns.ts'
import type { Shelf } from '../../memory/store/shelf.ts'
import { madeSizes } from '../../middle/derived-sizes.ts'
import type { WritingProgram } from '../../middle/program.ts'
import { complete } from '../../run/complete.ts'
import { openSession, readsGrowth, type WritingSession } from '../../run/writing-session.ts'
import { loopsFor } from '../backend.ts'
import type { Loaded } from '../load.ts'
import { constantsFor, type RuleConstants } from './constants.ts'
import { bindable, concerning, labelsIn, memoriesOf } from './facts.ts'
import type { StoreRules } from './rules.ts'

/** Patterns with numbers: what the rules of a program need of what is given. */
export function bindPatterns(
  loaded: Loaded,
  shelf: Shelf,
  program: Pick<WritingProgram, 'fixed' | 'memories' | 'states' | 'growing'>,
  given: GivenByRole,
): Checked<Bound> {
  const variables = [...program.fixed, ...program.memories.filter((v) => program.growing[v.name] === undefined), ...program.states]
  const own = bindable(variables, loaded.energy.axes, shelf)
  const axes = new Set(own.axes.map((a) => a.name))
  const labels = labelsIn(
    own.axes,
    shelf,
    (given.labels ?? []).filter((l) => axes.has(l.axis) || !loaded.energy.axes.some((a) => a.name === l.axis)),
  )
  return bind(own, { ...concerning(loaded, given, variables), labels }, new Set(program.states.map((v) => v.name)))
}

/** Rules with their values, ready for the first pattern. */
export interface OpenedRules {
  readonly session: WritingSession
  readonly constants: RuleConstants
}

/** Parameters of posteriors that are these now, or those of their priors where none are said. */
interface StartingAt {
  readonly parameters: readonly string[]
  readonly numbers: ReadonlyMap<string, Float64Array>
}

/** `wholly`: all memories are followed, since somebody reads them. `at`: parameters are not those of the store. */
export function sessionFor(
  loaded: Loaded,
  rules: StoreRules,
  shelf: Shelf,
  program: WritingProgram,
  bound: Bound,
  wholly: boolean,
  at?: StartingAt,
): Checked<OpenedRules> {
  const { target, diagnostics: said } = loopsFor(madeSizes(program.axes, {}))
  const follow = wholly || readsGrowth(program)
  const all = memoriesOf(loaded, shelf, (_, grows) => follow || !grows)
  const grown = all.flatMap(({ variable, grows, value }) => {
    return grows === undefined || value === undefined ? [] : [[variable.name, value] as const]
  })
  const inside = all.flatMap(({ variable, grows, value }) => {
    if (grows !== undefined || value === undefined || at?.parameters.includes(variable.name)) return []
    return [[variable.name, variable.type.kind === 'element' ? value.data.map((v) => v - 1) : value.data] as const]
  })
  const { value: constants, diagnostics: found } = constantsFor(loaded, rules, shelf, bound, target)
  if (constants === undefined) return unmade(found)
  const sizes = madeSizes(program.axes, { ...sizesIn(shelf), ...bound.sizes })
  const values = {
    ...bound.values,
    ...Object.fromEntries(constants.values),
    ...Object.fromEntries(inside),
    ...Object.fromEntries(at?.numbers ?? []),
  }
  const still = program.memories.filter((v) => program.growing[v.name] === undefined)
  const { defaults, priors } = rules.origins
  const under = { seed: must(shelf.head(), 'head of the store').about.seed, draw: drawPrior }
  const done = complete(still, { defaults, priors, checks: [] }, { ...bound, sizes, values, observed: {} }, target, under)
  if (done.value === undefined) return unmade(done.diagnostics)
  const inputs = new Map([...constants.values, ...done.value.inputs])
  const start = { sizes, values: inputs, ...(follow ? { grown: new Map(grown) } : {}) }
  return checked({ session: openSession(program, target, start), constants }, [...said, ...found, ...done.diagnostics])
}

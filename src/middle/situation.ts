import type { Energy, EnergyVariable } from './energy.ts'

/**
 * What a reading gets besides the model, at run time. Which variables move is said here and nowhere else: roles are defaults,
 * and nothing behind `situationOf` asks for them.
 */
export interface Situation {
  /** Variables that would move, and are given whole: inputs like data. */
  readonly observed: ReadonlySet<string>
  /** Everything else that is to be found. A part of it may be observed. */
  readonly moving: ReadonlySet<string>
  /** Discrete ones of these of which a part is observed, so that it is not to be lost where they are summed out. */
  readonly inPart: ReadonlySet<string>
  /** What becomes of variables that are not shown, in this order; all others go by default. */
  readonly treatments: readonly Treatment[]
  /** What is made of the levels of discrete states that go: their sum, or the least energy, where the joint mode is looked for. */
  readonly over: 'sum' | 'least'
  /** T of exp(-E/T); absent where it is said only when a compiled module runs. */
  readonly temperature?: number
}

/**
 * What becomes of a variable that is not shown. `compile/treat/table.ts` has a row for each kind.
 * - `sum-out`: the sum over its levels, or an error where it has too many terms;
 * - `integrate`: the integral over its values, where its conditional form has one;
 * - `plug-in`: its most likely value, by what is known of it alone;
 * - `minimise`: the minimum over its values;
 * - `relax`: a distribution over its levels stands in its place;
 * - `keep`: not summed out by default, but minimised over or drawn.
 */
export interface Treatment {
  readonly kind: TreatmentKind
  readonly name: string
}

export const treatmentKinds = ['sum-out', 'integrate', 'plug-in', 'minimise', 'relax', 'keep'] as const
export type TreatmentKind = (typeof treatmentKinds)[number]

/** What is asked of a reading, by name. */
export interface Asked {
  readonly observed?: Iterable<string>
  /** What moves besides the states. */
  readonly infer?: readonly string[]
  /** In the order in which they are done. */
  readonly treatments?: readonly Treatment[]
  readonly sumOut?: readonly string[]
  readonly integrate?: readonly string[]
  readonly plugIn?: readonly string[]
  readonly minimise?: readonly string[]
  readonly relax?: readonly string[]
  readonly keep?: readonly string[]
  readonly temperature?: number
}

/** What is asked for by name alone: one kind after the other, after all that is in `treatments`. */
const shortcuts = {
  'sum-out': 'sumOut',
  integrate: 'integrate',
  'plug-in': 'plugIn',
  minimise: 'minimise',
  relax: 'relax',
  keep: 'keep',
} as const

/** All treatments that are asked for, each once, in the order in which they are done. */
export function treatmentsIn(asked: Pick<Asked, 'treatments' | (typeof shortcuts)[TreatmentKind]>): readonly Treatment[] {
  const byName = treatmentKinds.flatMap((kind) => (asked[shortcuts[kind]] ?? []).map((name): Treatment => ({ kind, name })))
  const all = [...(asked.treatments ?? []), ...byName]
  return all.filter((t, i) => all.findIndex((u) => u.kind === t.kind && u.name === t.name) === i)
}

/** States move unless they are observed; everything else stands still unless it is inferred, or eliminated by a treatment. */
export function situationOf(energy: Pick<Energy, 'variables'>, asked: Asked = {}): Situation {
  const { observed = [], infer = [], temperature } = asked
  const treatments = treatmentsIn(asked)
  const named = new Set(treatments.flatMap((t) => (t.kind === 'keep' ? [] : [t.name])))
  const eliminated = energy.variables.filter((v) => (v.role === 'param' || v.role === 'memory') && named.has(v.name))
  const situation: Situation = {
    observed: new Set(),
    moving: new Set([...statesOf(energy), ...infer, ...eliminated.map((v) => v.name)]),
    inPart: new Set(),
    over: 'sum',
    treatments,
    ...(temperature === undefined ? {} : { temperature }),
  }
  return observing(situation, observed)
}

/** What moves by default. */
export function statesOf({ variables }: { readonly variables: readonly Pick<EnergyVariable, 'name' | 'role'>[] }): ReadonlySet<string> {
  return new Set(variables.flatMap((v) => (v.role === 'state' ? [v.name] : [])))
}

/** What may change over time in a simulation, being given. */
export function inputsOf<V extends Pick<EnergyVariable, 'role'>>({ declared }: { readonly declared: readonly V[] }): readonly V[] {
  return declared.filter((v) => v.role === 'input')
}

/** The same with some of what moves given whole. */
export function observing(situation: Situation, names: Iterable<string>): Situation {
  const observed = new Set([...situation.observed, ...[...names].filter((name) => situation.moving.has(name))])
  return { ...situation, observed, moving: new Set([...situation.moving].filter((name) => !observed.has(name))) }
}

/** The same with some discrete variables kept that nothing else was asked for. */
export function keeping(situation: Situation, names: readonly string[]): Situation {
  const asked = new Set(situation.treatments.map((t) => t.name))
  const more = names.filter((name) => !asked.has(name)).map((name) => ({ kind: 'keep', name }) as const)
  return { ...situation, treatments: [...situation.treatments, ...more] }
}

/** All that is to be found where it is not observed: what starts and observations may be given for. */
export function unknownsOf({ observed, moving }: Situation): ReadonlySet<string> {
  return new Set([...observed, ...moving])
}

/** The names of what is treated so, in order. */
export function treated({ treatments }: Situation, kind: Treatment['kind']): readonly string[] {
  return treatments.flatMap((t) => (t.kind === kind ? [t.name] : []))
}

import type { Energy } from './energy.ts'

/**
 * What a reading gets besides the model, at run time. Which variables move is said here and nowhere else: roles are defaults,
 * and nothing behind `situationOf` asks for them.
 */
export interface Situation {
  /** Variables that would move, and are given whole: inputs like data. */
  readonly observed: ReadonlySet<string>
  /** Everything else that is to be found. A part of it may be observed. */
  readonly moving: ReadonlySet<string>
  /** What becomes of variables that are not shown, in this order; all others go by default. */
  readonly treatments: readonly Treatment[]
  /** T of exp(-E/T); absent where it is said only when a compiled module runs. */
  readonly temperature?: number
}

/** `sum-out`: before any other, or an error where it cannot be. `keep`: not summed out, but minimised over or drawn. */
export interface Treatment {
  readonly kind: 'sum-out' | 'keep'
  /** Of a discrete variable that moves. */
  readonly name: string
}

/** What is asked of a reading, by name. */
export interface Asked {
  readonly observed?: Iterable<string>
  /** What moves besides the states. */
  readonly infer?: readonly string[]
  readonly keep?: readonly string[]
  readonly sumOut?: readonly string[]
  readonly temperature?: number
}

/** States move unless they are observed; everything else stands still unless it is inferred. */
export function situationOf(energy: Pick<Energy, 'variables'>, asked: Asked = {}): Situation {
  const { observed = [], infer = [], keep = [], sumOut = [], temperature } = asked
  const situation: Situation = {
    observed: new Set(),
    moving: new Set([...statesOf(energy), ...infer]),
    treatments: [...sumOut.map((name) => ({ kind: 'sum-out', name }) as const), ...keep.map((name) => ({ kind: 'keep', name }) as const)],
    ...(temperature === undefined ? {} : { temperature }),
  }
  return observing(situation, observed)
}

/** What moves by default. */
export function statesOf({ variables }: Pick<Energy, 'variables'>): ReadonlySet<string> {
  return new Set(variables.flatMap((v) => (v.role === 'state' ? [v.name] : [])))
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

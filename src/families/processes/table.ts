import type { PartitionLaw } from './partitions.ts'

/** A parameter of a process: a single number, and where it may lie. */
export interface ProcessParameter {
  readonly name: string
  /** A number, or minus the parameter of this position. */
  readonly low: number | { readonly minus: number }
  readonly high: number
  /** Whether `low` itself is allowed. */
  readonly closed: boolean
  readonly words: string
}

/** A process that makes elements of an axis as they are needed. */
export interface Process {
  readonly parameters: readonly ProcessParameter[]
  /** What its arguments say of partitions, be they numbers or nodes of a graph. */
  readonly law: <T>(args: readonly T[], zero: T) => PartitionLaw<T>
  readonly doc: string
}

const endless = Number.POSITIVE_INFINITY

/** The processes of the language: `axis k ~ dp(alpha)`. What follows from their law is in `partitions.ts`, the same for all. */
export const processes = {
  dp: {
    parameters: [{ name: 'alpha', low: 0, high: endless, closed: false, words: 'above 0' }],
    law: ([alpha], zero) => ({ discount: zero, concentration: alpha ?? zero }),
    doc: 'Dirichlet process: an element is taken in proportion to how often it was, a new one in proportion to alpha',
  },
  pitman_yor: {
    parameters: [
      { name: 'd', low: 0, high: 1, closed: true, words: 'at least 0 and below 1' },
      { name: 'alpha', low: { minus: 0 }, high: endless, closed: false, words: 'above -d' },
    ],
    law: ([d, alpha], zero) => ({ discount: d ?? zero, concentration: alpha ?? zero }),
    doc: 'Pitman-Yor process: each element is taken less often by d, and new ones more often, so their number grows as a power',
  },
} as const satisfies Readonly<Record<string, Process>>

export type ProcessName = keyof typeof processes

export function isProcess(name: string): name is ProcessName {
  return Object.hasOwn(processes, name)
}

/** The first argument that is outside its domain. */
export function processTrouble(name: ProcessName, args: readonly number[]): ProcessParameter | undefined {
  const { parameters }: Process = processes[name]
  return parameters.find((p, i) => !isWithin(p, args[i] ?? Number.NaN, args.slice(0, i)))
}

/** Where a parameter begins, given those before it. */
export function lowest({ low }: Pick<ProcessParameter, 'low'>, before: readonly number[]): number {
  return typeof low === 'number' ? low : -(before[low.minus] ?? 0)
}

function isWithin(parameter: ProcessParameter, value: number, before: readonly number[]): boolean {
  const { high, closed } = parameter
  const least = lowest(parameter, before)
  return (closed ? value >= least : value > least) && value < high
}

import type { EnergyParts } from '../../run/energy.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { stringLiteral } from '../../targets/kernel/literal.ts'
import { drawnLines, eliminatedLines, object, tensorLines, tensors } from './declared-results.ts'

/** The energy at given values, of the states that this module is given and those that it sums out. */
export function energyLines({ program, priors }: EnergyParts): readonly string[] {
  const levels = program.responsibilities.map(({ name, axes, level }) => ({ name, axes: [...axes, level] }))
  const point = program.states.length === 0 ? 'Readonly<Record<string, never>>' : "NonNullable<Inputs['cue']>"
  return [
    ...tensorLines,
    'export interface Point {',
    '  /** Nats; the terms add up to it. */',
    '  readonly energy: number',
    `  readonly terms: ${object(program.terms.map((name) => `readonly ${stringLiteral(name)}: number`))}`,
    '  /** By the values of the continuous states. */',
    `  readonly gradient: ${tensors(program.states.filter((s) => s.smooth))}`,
    '  /** The chances of the levels of the discrete states that were summed out. */',
    `  readonly responsibilities: ${tensors(levels)}`,
    '  /** Why the energy is infinite, or it or a slope is no number. */',
    '  readonly trouble: string | undefined',
    '}',
    'export interface KeptPoint extends Point {',
    ...eliminatedLines(program.eliminated),
    '}',
    ...valuesLines(program.states),
    'export interface OpenEnergy {',
    '  readonly states: readonly { readonly name: string; readonly axes: readonly string[]; readonly shape: readonly number[] }[]',
    '  readonly summedOut: readonly string[]',
    '  readonly defaulted: readonly string[]',
    ...drawnLines(priors),
    '  /** Allocates nothing: the next call overwrites the result. */',
    '  at(values?: Values): Point',
    '  /** Of the point asked for last. */',
    "  eliminated(): KeptPoint['eliminated']",
    '}',
    '/** The energy at one point: the values of `point`, else those observed or given as cues. Throws a TypeError that lists what is wrong. */',
    `export declare function energyAt(inputs?: Inputs, point?: ${point}, options?: Options): KeptPoint`,
    '/** The same for each row of the values of states. */',
    'export declare function energies(inputs?: Inputs, options?: Options): readonly KeptPoint[]',
    '/** The energy made ready to be evaluated at many points. */',
    'export declare function openEnergy(inputs?: Inputs, options?: Options): OpenEnergy',
  ]
}

/** The density over the coordinates of the states that this module moves. */
export function densityLines({ program, priors }: SamplingParts): readonly string[] {
  return [
    ...tensorLines,
    ...valuesLines(program.states),
    'export interface LogDensity {',
    '  readonly dimension: number',
    '  /** One name a coordinate. */',
    '  readonly names: readonly string[]',
    '  readonly summedOut: readonly string[]',
    ...drawnLines(priors),
    '  /** Nats, with the Jacobian; minus infinity where the density is 0 or cannot be computed. */',
    '  value(q: ArrayLike<number>): number',
    '  /** The same; writes the gradient into `out`. */',
    '  gradient(q: ArrayLike<number>, out: Float64Array): number',
    `  constrain(q: ArrayLike<number>): ${tensors(program.states)}`,
    '  /** Throws a TypeError where values are not of their types. */',
    '  unconstrain(values: Values): Float64Array',
    '}',
    '/** The log density of exp(-E/T) in unconstrained coordinates; throws a TypeError that lists what is wrong with the inputs. */',
    'export declare function logDensity(inputs?: Inputs, options?: Options): LogDensity',
  ]
}

function valuesLines(states: readonly { readonly name: string }[]): readonly string[] {
  return [
    '/** Numbers of each state, the last axis fastest. */',
    `export type Values = ${object(states.map(({ name }) => `readonly ${stringLiteral(name)}?: number | ArrayLike<number>`))}`,
  ]
}

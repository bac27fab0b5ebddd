import type { Role } from '../middle/model.ts'
import type { ReadingName } from '../middle/options.ts'
import type { StatementKind } from './unused.ts'

/** The values themselves where they may move as they are, or all of the real line for every number. */
export type CoordinateSystem = 'own' | 'unconstrained'

/**
 * What readings differ in, a row each: `reading.ts` goes the way that they share, and `retrieval.ts` and `sampling.ts` add
 * what only one of them has (bounds of the curvature; exact draws).
 */
export interface ReadingRow {
  /** Roles of what it moves besides the states, where that is asked for and has a prior. */
  readonly infers: readonly Role[]
  /** Whether memories that have a prior and no value are integrated out where that can be done, or move in any case. */
  readonly integrates: boolean
  /** Whether E is divided by T. */
  readonly scale: 'one' | 'temperature'
  /** In which everything continuous that moves does so. */
  readonly coordinates: CoordinateSystem
  /** Whether the log Jacobian of the coordinates is taken off, so that the scalar is minus the log density of them. */
  readonly jacobian: boolean
  /** Whether it shares out the elements of random axes among rows. */
  readonly sharesOut: boolean
  /** Which statements it uses besides those that add a term to E; a command says which of the others a model has. */
  readonly uses: readonly StatementKind[]
}

export const readings = {
  retrieve: { infers: [], integrates: true, scale: 'one', coordinates: 'own', jacobian: false, sharesOut: false, uses: [] },
  sample: {
    infers: ['param', 'memory'],
    integrates: true,
    scale: 'temperature',
    coordinates: 'unconstrained',
    jacobian: true,
    sharesOut: true,
    uses: [],
  },
  fit: {
    infers: ['param', 'memory'],
    integrates: false,
    scale: 'temperature',
    coordinates: 'own',
    jacobian: false,
    sharesOut: false,
    uses: [],
  },
  // What it moves is asked for by --params: it needs no prior.
  learn: {
    infers: [],
    integrates: false,
    scale: 'temperature',
    coordinates: 'unconstrained',
    jacobian: false,
    sharesOut: false,
    uses: ['objective'],
  },
  energy: { infers: [], integrates: true, scale: 'one', coordinates: 'own', jacobian: false, sharesOut: false, uses: [] },
  simulate: {
    infers: [],
    integrates: false,
    scale: 'one',
    coordinates: 'own',
    jacobian: false,
    sharesOut: false,
    uses: ['flow', 'step', 'jump'],
  },
  density: {
    infers: ['param', 'memory'],
    integrates: true,
    scale: 'temperature',
    coordinates: 'unconstrained',
    jacobian: true,
    sharesOut: false,
    uses: [],
  },
  evidence: {
    infers: ['param', 'memory'],
    integrates: true,
    scale: 'temperature',
    coordinates: 'unconstrained',
    jacobian: true,
    sharesOut: false,
    uses: [],
  },
  sweep: {
    infers: ['param', 'memory'],
    integrates: false,
    scale: 'temperature',
    coordinates: 'unconstrained',
    jacobian: true,
    sharesOut: false,
    uses: [],
  },
} as const satisfies Readonly<Record<ReadingName, ReadingRow>>

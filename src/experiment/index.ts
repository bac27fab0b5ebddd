/** For those who write experiments: `amp reproduce` runs them. */
export type { Figure, FigureAxis, FigurePoint, Panel, Series } from '../plot/figure.ts'
export type { FigureLayer } from '../plot/layers.ts'
export {
  type Claim,
  type ClaimBound,
  type ClaimRange,
  type Estimate,
  type Experiment,
  experiment,
  type Findings,
  type Measured,
} from './experiment.ts'
export type { Lab, LabParams, LabValues, Random } from './lab.ts'
export type { LabReadings } from './lab-readings.ts'
export type { LabStore, LabStoreOptions } from './lab-store.ts'
export {
  estimate,
  type FittedLine,
  fitLine,
  furthest,
  furthestRelative,
  largestRise,
  mutualInformation,
  slopeFrom,
  smallestRise,
} from './measures.ts'
export {
  blend,
  dot,
  logSumExp,
  minus,
  norm,
  normals,
  numbersOf,
  ofLength,
  plus,
  rowsOf,
  scaled,
  signs,
  softmax,
  type Vector,
} from './vectors.ts'

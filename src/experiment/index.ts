/** For those who write experiments: `amp reproduce` runs them. */
export type { Axis, Figure, Panel, Point, Series } from '../plot/figure.ts'
export {
  type Bound,
  type Claim,
  type Estimate,
  type Experiment,
  experiment,
  type Findings,
  type Interval,
  type Measured,
} from './experiment.ts'
export type { Lab, Random } from './lab.ts'
export {
  estimate,
  fitLine,
  furthest,
  furthestRelative,
  type Line,
  largestRise,
  mutualInformation,
  slopeFrom,
  smallestRise,
} from './measures.ts'
export { blend, dot, logSumExp, minus, norm, normals, numbersOf, ofLength, plus, scaled, signs, softmax, type Vector } from './vectors.ts'

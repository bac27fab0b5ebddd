/**
 * Particles on a path of unnormalised densities f_b, 0 <= b <= 1, from one that can be drawn from and whose integral is known (b = 0) to
 * the one whose integral is looked for (b = 1).
 */
export interface Population {
  readonly count: number
  /** log of the integral of f_0. */
  readonly logBase: number
  /** log f_b at particle i, where it is. */
  log(i: number, b: number): number
  /** One transition of every particle that leaves f_b as it is; the mean acceptance, NaN where nothing can be refused. */
  move(b: number, tuning: MoveTuning): number
  /** Particle i becomes what particle `from[i]` was. */
  copy(from: Int32Array): void
  /** How many of the numbers of a particle are coordinates, and their standard deviations over the particles. */
  readonly dimension: number
  spread(): Float64Array
}

/** Of trajectories: the step, in units of the spread of each coordinate. */
export interface MoveTuning {
  readonly step: number
  readonly scales: Float64Array
}

/** Makes so many particles, drawn from f_0. `stream`: by which its random numbers differ from those of other populations of a run. */
export type OpenPopulation = (count: number, stream: string) => Population

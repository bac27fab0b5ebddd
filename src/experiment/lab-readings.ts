import {
  type CapacityOptions,
  type CapacityResult,
  type Checked,
  capacity,
  type Energies,
  type EnergyOptions,
  energies,
  type givenOf,
  type Inputs,
  type InputsInTime,
  type LearnOptions,
  type LearnResult,
  type Loaded,
  learn,
  type Made,
  type RetrieveOptions,
  type RetrieveResult,
  retrieve,
  type SampleOptions,
  type SampleResult,
  type SimulateOptions,
  type SimulateResult,
  type SweepOptions,
  type SweepResult,
  sample,
  simulate,
  sweep,
} from '../index.ts'

/** What may be asked of a model, or of a store of it. */
export interface LabReadings {
  /** One result a cue, computed in float64. */
  retrieve(inputs: Inputs, options?: RetrieveOptions): Promise<RetrieveResult['retrievals']>
  /** How many patterns are recalled, patterns drawn by what memories come from. */
  capacity(inputs: Inputs, options: CapacityOptions): Promise<CapacityResult>
  sample(inputs: Inputs, options?: SampleOptions): Promise<SampleResult>
  /** Params learned from patterns. */
  learn(inputs: Inputs, options?: LearnOptions): Promise<LearnResult>
  /** Forward in time: a trajectory for each start and path. */
  simulate(inputs: InputsInTime, options?: SimulateOptions): SimulateResult['trajectories']
  /** Energy, heat capacity and order parameters along temperatures, a row each. */
  sweep(inputs: Inputs, options: SweepOptions): Promise<SweepResult['rows']>
  /** The energy at each cue, nats. */
  energies(inputs: Inputs): Promise<readonly number[]>
  /** The energy at each cue with its terms and its gradient. */
  points(inputs: Inputs, options?: EnergyOptions): Energies['points']
}

type LabGiven = Extract<ReturnType<typeof givenOf>, Made<unknown>>['value']

export function readingsOf(
  model: Loaded,
  given: (inputs: InputsInTime) => LabGiven,
  seed: number,
  sure: <T>(checked: Checked<T>) => T,
): LabReadings {
  const found: LabReadings['retrieve'] = async (inputs, options) =>
    sure(await retrieve(model, given(inputs), { backend: 'kernel', seed, ...options })).retrievals
  return {
    retrieve: found,
    capacity: async (inputs, options) =>
      sure(await capacity(model, given(inputs), { seed, ...options, retrieve: { backend: 'kernel', ...options.retrieve } })),
    sample: async (inputs, options) => sure(await sample(model, given(inputs), { seed, ...options })),
    learn: async (inputs, options) => sure(await learn(model, given(inputs), { seed, ...options })),
    simulate: (inputs, options) => sure(simulate(model, given(inputs), { seed, ...options })).trajectories,
    sweep: async (inputs, options) => sure(await sweep(model, given(inputs), { seed, ...options })).rows,
    energies: async (inputs) => (await found(inputs, { maxSteps: 0 })).map((r) => r.energy),
    points: (inputs, options) => sure(energies(model, given(inputs), { seed, ...options })).points,
  }
}

import { must } from '../base/internal-error.ts'
import type { LogDensity } from '../inference/density/density.ts'
import { discreteField } from '../inference/density/discrete-field.ts'
import { count } from '../inference/density/program-density.ts'
import { freeOf, restrict } from '../inference/density/restrict.ts'
import type { DiscreteField } from '../inference/samplers/gibbs.ts'
import type { Sampler } from '../inference/samplers/sampler.ts'
import { schedule } from '../inference/samplers/schedule.ts'
import { stillSampler } from '../inference/samplers/still-sampler.ts'
import { drawnBy } from '../middle/conditional-draw.ts'
import { defaults } from '../middle/options.ts'
import type { ChainStart } from './chain-start.ts'
import { exactBlock } from './exact-blocks.ts'
import { partitionBlock } from './partition-block.ts'
import type { Run } from './run.ts'
import { blockOf, type Material, type Plan, type PlannedBlock } from './samplers.ts'
import type { RunSampleOptions, SamplingParts } from './sampling.ts'

/** What the sampler of one chain is made with. */
export interface ChainBench {
  readonly run: Run<SamplingParts>
  /** Of all coordinates. */
  readonly density: LogDensity
  /** Buffers that all executables work in. */
  readonly shared: Map<string, Float64Array>
  readonly start: ChainStart
  readonly options: RunSampleOptions
}

/** The blocks of a plan, each given what it moves; with nothing to move, the one point that there is. */
export function samplerOf(bench: ChainBench, plan: Plan): Sampler {
  const { density, start } = bench
  if (!('blocks' in plan)) return stillSampler(restrict(density, start.restriction))
  // Each block writes those that it moves.
  const coordinates = Float64Array.from(start.restriction.at)
  const blocks = plan.blocks.map((planned) => blockOf(planned, materialOf(bench, planned, coordinates)))
  const [only] = blocks
  if (blocks.length === 1 && only !== undefined) return only
  const free = freeOf(start.restriction.held)
  // Draws hold the free coordinates in the order of the states, then the discrete states.
  return schedule(
    blocks,
    blocks.map((_, b) => {
      const planned = must(plan.blocks[b], 'planned block')
      const own = [...placesOf(bench, planned)].map((place) => free.indexOf(place))
      const jumping = discretePlaces(bench, planned).map((place) => free.length + place)
      return Int32Array.from([...own, ...jumping])
    }),
  )
}

/** The free coordinates of what a block moves. */
function placesOf(bench: ChainBench, { moves }: PlannedBlock): Int32Array {
  const { held } = bench.start.restriction
  return Int32Array.from(moves.flatMap((name) => [...rangeOf(bench, name)].filter((i) => held[i] !== 1))).sort()
}

/** The places of the elements of what a block moves by jumps, among those of all discrete states. */
function discretePlaces({ run: { parts, sizes } }: ChainBench, { moves }: PlannedBlock): readonly number[] {
  let from = 0
  return parts.program.discrete.flatMap(({ name, axes }) => {
    const own = Array.from({ length: count(axes, sizes) }, (_, i) => from + i)
    from += own.length
    return moves.includes(name) ? own : []
  })
}

/** The coordinates of a continuous state; none of a discrete one. */
function rangeOf({ run: { parts, sizes } }: ChainBench, name: string): Int32Array {
  let from = 0
  for (const state of parts.program.states) {
    const length = count(state.coordinateAxes, sizes)
    if (state.name === name) return Int32Array.from({ length }, (_, i) => from + i)
    from += length
  }
  return new Int32Array(0)
}

function materialOf(bench: ChainBench, planned: PlannedBlock, coordinates: Float64Array): Material {
  const { run, density, shared, start, options } = bench
  const { restriction, initial } = start
  const { initRadius: radius = defaults.initRadius } = options
  const own = placesOf(bench, planned)
  const held = restriction.held.map((_, i) => (own.includes(i) ? 0 : 1))
  const free = freeOf(restriction.held)
  const ofOwn = (values: Float64Array | undefined): Float64Array | undefined => values?.filter((_, i) => held[free[i] as number] === 0)
  const [at, around] = [ofOwn(initial.at), ofOwn(initial.around)]
  const beginning = { radius, ...(at && { at }), ...(around && { around }) }
  const ownDensity = restrict(density, { held, at: coordinates }, coordinates)
  const values = { shared, coordinates, held: restriction.held, placesOf: (name: string) => rangeOf(bench, name) }
  return {
    moves: planned.moves,
    density: ownDensity,
    initial: beginning,
    exact: () => {
      const draws = run.parts.exact.filter((d) => drawnBy(d).some((name) => planned.moves.includes(name)))
      return exactBlock(run, { ...values, draws, density: ownDensity, initial: beginning })
    },
    partition: () => partitionBlock(run, planned.moves, { ...values, initial: beginning }),
    fields: () => fieldsOf(bench, planned),
    at: start.discrete && Float64Array.from(discretePlaces(bench, planned), (place) => start.discrete?.[place] as number),
    options,
    temperature: () => run.temperature,
  }
}

function fieldsOf({ run: { parts, target, sizes }, shared, start }: ChainBench, { moves }: PlannedBlock): readonly DiscreteField[] {
  const own = parts.program.discrete.filter((state) => moves.includes(state.name))
  return own.map((state) => {
    const held = start.discreteHeld.get(state.name)
    return { ...discreteField(state, target, sizes, shared), ...(held === undefined ? {} : { held }) }
  })
}

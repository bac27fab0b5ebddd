import { InternalError, must } from '../base/internal-error.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import type { Graph } from '../ir/graph.ts'
import { volumeOver } from '../ir/layout.ts'
import * as ports from '../middle/ports.ts'
import type { SimulationProgram } from '../middle/simulation-program.ts'
import { type RunSimulateOptions, runSimulation, type Trajectory } from '../run/simulate.ts'
import type { SimulationParts } from '../run/simulation/field.ts'
import { elementName } from './scene.ts'
import type { Subject } from './subject.ts'
import { interpreted, type Numbers, type Trial } from './trial.ts'

/** Why a model does not move in time by flows. */
export function needsFlow({ simulation }: Subject): string | undefined {
  if ('why' in simulation) return `nothing moves in time: ${simulation.why}`
  return simulation.parts.program.clock === 'time' ? undefined : 'nothing flows'
}

export function motionOf({ simulation }: Subject): SimulationParts {
  return must('parts' in simulation ? simulation.parts : undefined, 'simulation')
}

/** The states that move, as the case has them. */
export function startOf(trial: Trial): Numbers {
  const { values } = trial.example
  return Object.fromEntries(motionOf(trial.subject).program.states.map(({ name }) => [name, must(values[name], name)]))
}

export interface FollowedMotion extends Trajectory {
  readonly temperature: number
}

/** The way from `start` on, inputs as the case has them; undefined where it does not come to its end. */
export function followed(trial: Trial, start: Numbers, options: RunSimulateOptions): FollowedMotion | undefined {
  const { subject, sizes, example } = trial
  const parts = motionOf(subject)
  const values = Object.fromEntries(Object.entries(example.values).filter(([name]) => start[name] === undefined))
  const observed = Object.fromEntries(Object.entries(start).map(([name, data]) => [name, { count: 1, data }]))
  const bound = { sizes, labels: {}, values, observed, cues: {}, count: 1 }
  const { value } = runSimulation(parts, subject.kernel, bound, [], { begin: 0, ...options }, drawPrior)
  const trajectory = value?.trajectories[0]
  const ended = trajectory?.outcome.kind === 'ended' || trajectory?.outcome.kind === 'outside'
  return value === undefined || trajectory === undefined || !ended ? undefined : { ...trajectory, temperature: value.temperature }
}

/** The states in the last row, one after the other. */
export function lastOf({ recording }: Trajectory): Float64Array {
  const states = recording.traces.filter((t) => t.kind === 'state')
  return Float64Array.from(states.flatMap(({ values, width }) => [...values.subarray(values.length - width)]))
}

/** What the number at a place of the last row is called. */
export function nameAt(trial: Trial, at: number): string {
  let offset = 0
  for (const { name, axes } of motionOf(trial.subject).program.states) {
    const length = volumeOver(axes, trial.sizes)
    if (at < offset + length) return elementName(name, axes, trial.sizes, at - offset)
    offset += length
  }
  throw new InternalError('there is no such number')
}

/** The last row as a start. */
export function endOfMotion({ recording }: Trajectory, { states }: SimulationProgram): Numbers {
  return Object.fromEntries(
    states.map(({ name, type }) => {
      const { values, width } = must(
        recording.traces.find((t) => t.kind === 'state' && t.name === name),
        name,
      )
      const minus = type.kind === 'element' ? 1 : 0
      return [name, values.slice(values.length - width).map((v) => v - minus)]
    }),
  )
}

/** dx/dt of each state that flows, by its definition. */
export function ratesAt(trial: Trial, at: Numbers): Numbers {
  return byState(trial, motionOf(trial.subject).program.rates, ports.gradient, at)
}

/** The noise of each state that is shaken. */
export function noiseAt(trial: Trial, at: Numbers): Numbers {
  const { noise } = motionOf(trial.subject).program
  return noise === undefined ? {} : byState(trial, noise.graph, ports.shaking, at)
}

function byState(trial: Trial, graph: Graph, port: (state: string) => string, at: Numbers): Numbers {
  const outputs = interpreted(trial, graph, at)
  const { states } = motionOf(trial.subject).program
  return Object.fromEntries(
    states.flatMap(({ name }) => {
      const values = outputs[port(name)]
      return values === undefined ? [] : [[name, values] as const]
    }),
  )
}

/** A time in which the case's flow goes about as far as its numbers are large: 1 over the largest rate, or over how rates change. */
export function timeScale(trial: Trial, start: Numbers): number {
  const here = ratesAt(trial, start)
  let fastest = 1e-3
  for (const [name, rate] of Object.entries(here)) {
    const values = must(start[name], name)
    rate.forEach((r, i) => {
      const size = 1 + Math.abs(values[i] as number)
      const moved = ratesAt(trial, { ...start, [name]: values.with(i, (values[i] as number) + 1e-4 * size) })
      const change = Object.entries(moved).flatMap(([n, m]) => [...m].map((x, k) => Math.abs(x - ((here[n] as Float64Array)[k] as number))))
      fastest = Math.max(fastest, Math.abs(r) / size, Math.max(...change) / (1e-4 * size))
    })
  }
  return 1 / fastest
}

import { must } from '../base/internal-error.ts'
import { type Machine, openMachine } from '../memory/machine.ts'
import { type Cue, type Retrieval, retrieve } from '../memory/retrieve.ts'
import * as ports from '../middle/ports.ts'
import type { RetrievalParts } from '../run/retrieval.ts'
import { openScene } from './scene.ts'
import type { Subject } from './subject.ts'
import { inputAt, type Trial } from './trial.ts'

/** Enough for random small models; what still moves then is not asked about its rest. */
const MOST_STEPS = 2000

export function needsRetrieval({ retrieval }: Subject): string | undefined {
  return 'why' in retrieval ? `there is no retrieval: ${retrieval.why}` : undefined
}

export function retrievalOf({ retrieval }: Subject): RetrievalParts {
  return must('parts' in retrieval ? retrieval.parts : undefined, 'retrieval')
}

/** The retrieval program opened in a case, and the case's states as a cue. */
export function machineFor(trial: Trial, temperature = trial.temperature): { readonly machine: Machine; readonly cue: Cue } {
  const { subject, sizes } = trial
  const parts = retrievalOf(subject)
  const fixed = new Map(parts.program.fixed.map((v) => [v.name, inputAt(trial, v.name).slice()]))
  fixed.set(ports.temperature, Float64Array.of(temperature))
  const machine = openMachine(parts.program, subject.kernel, sizes, fixed)
  const scene = openScene(trial, parts, subject.kernel)
  const continuous = scene.blocks.map((b) => [b.state.name, scene.start.slice(b.offset, b.offset + b.length)] as const)
  const discrete = parts.program.discrete.map((d) => [d.name, inputAt(trial, d.name).slice()] as const)
  return { machine, cue: Object.fromEntries([...continuous, ...discrete]) }
}

export function relax(machine: Machine, cue: Cue): Retrieval {
  return retrieve(machine, cue, { maxSteps: MOST_STEPS })
}

/** Where a retrieval ended, as a cue to go on from. */
export function endOf(retrieval: Retrieval): Cue {
  const discrete = Object.entries(retrieval.states).filter(([name]) => !(name in retrieval.coordinates))
  return { ...Object.fromEntries(discrete.map(([name, t]) => [name, t.data.slice()])), ...retrieval.coordinates }
}

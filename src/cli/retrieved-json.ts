import type { RetrieveResult } from '../api/retrieve.ts'
import type { Tensor } from '../base/tensor.ts'
import { unusedJson } from '../compile/unused.ts'
import type { Moment } from '../memory/path.ts'
import type { Retrieved } from '../run/retrieval.ts'
import { drawnJson } from './drawn.ts'
import { eliminatedJson } from './eliminated.ts'
import { nested } from './nested.ts'

/** Cues that were not at their end when a signal came are null. */
export function retrievedJson(result: RetrieveResult): unknown {
  const { retrievals, bound, backend, modes, unused, temperature, started } = result
  const drawn = drawnJson(retrievals[0]?.drawn ?? {})
  const cues = everyCue(result, (r) => (r === undefined ? null : cueJson(r)))
  return { sizes: bound.sizes, labels: bound.labels, backend, modes, temperature, started, unused: unusedJson(unused), ...drawn, cues }
}

/** Something of each cue, in order, whether it was retrieved or not. */
export function everyCue<T>({ retrievals, cues, bound }: RetrieveResult, of: (retrieval: Retrieved | undefined) => T): readonly T[] {
  const found = new Map(cues.map((cue, i) => [cue, retrievals[i]]))
  return Array.from({ length: bound.count }, (_, cue) => of(found.get(cue)))
}

function tensors(set: Readonly<Record<string, Tensor>>): unknown {
  return Object.fromEntries(Object.entries(set).map(([name, t]) => [name, nested(t)]))
}

function momentJson({ states, ...moment }: Moment): unknown {
  return { ...moment, ...(states !== undefined && { states: tensors(states) }) }
}

function cueJson(r: Retrieved): unknown {
  return {
    outcome: r.outcome,
    steps: r.steps,
    evaluations: r.evaluations,
    time: r.time,
    energy: r.energy,
    terms: r.terms,
    slope: r.slope,
    trace: r.trace,
    ...(r.path.length > 0 && { path: r.path.map(momentJson) }),
    ...(r.starts.length > 1 && { starts: r.starts }),
    ...(r.rungs.length > 0 && { rungs: r.rungs }),
    flows: r.flows,
    states: tensors(r.states),
    likeliest: tensors(r.likeliest),
    marginal: tensors(r.marginal),
    ...(r.joint && { joint: tensors(r.joint) }),
    reported: tensors(r.reported),
    activations: tensors(r.activations),
    eliminated: eliminatedJson(r.eliminated),
    responsibilities: { cue: tensors(r.responsibilities.cue), end: tensors(r.responsibilities.end) },
  }
}

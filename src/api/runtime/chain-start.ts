import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Bound } from '../../compile/bind.ts'
import type { Target } from '../../compile/executable.ts'
import type { Restriction } from '../../inference/restrict.ts'
import type { SamplingParts } from './sample.ts'
import { startingPoint } from './start.ts'

/** Where a chain starts and what of it is held. */
export interface ChainStart {
  readonly restriction: Restriction
  /** Whether a cue says where to start; else the sampler finds a point. */
  readonly cued: boolean
  /** Values of the discrete states, one after the other. */
  readonly discrete: Float64Array | undefined
}

export function chainStart(
  parts: SamplingParts,
  target: Target,
  bound: Bound,
  fixed: ReadonlyMap<string, Float64Array>,
  i: number,
  seed: number,
  diagnostics: Diagnostic[],
): ChainStart {
  const points = parts.program.states.map((state) => ({ state, ...startingPoint(parts, state, target, bound, fixed, i, seed) }))
  for (const { state, held } of points) {
    if (held.includes(1) && state.coordinateAxes.join() !== state.axes.join()) diagnostics.push(partial(state.name, state.type.kind))
  }
  const at = Float64Array.from(points.flatMap((p) => [...p.coordinates]))
  const held = Uint8Array.from(
    points.flatMap((p) => (p.held.length === p.coordinates.length ? [...p.held] : new Array<number>(p.coordinates.length).fill(0))),
  )
  const jumping = parts.program.discrete.map((state) => ({ state, ...startingPoint(parts, state, target, bound, fixed, i, seed) }))
  for (const { state, held: h } of jumping) if (h.includes(1)) diagnostics.push(partial(state.name, state.type.kind))
  const cued = Object.keys(bound.cues).length > 0
  return { restriction: { held, at }, cued, discrete: cued ? Float64Array.from(jumping.flatMap((p) => [...p.values])) : undefined }
}

function partial(name: string, kind: string): Diagnostic {
  return diagnostic('AMP511', `Some elements of "${name}" are observed and some are not.`, {
    expected: `all of "${name}" or nothing, since its elements (${kind}) cannot be sampled apart`,
  })
}

import type { Energies } from '../api/energy.ts'
import { unusedJson } from '../compile/unused.ts'
import { indices } from '../inference/draws/draws.ts'
import type { EnergyPoint, KeptPoint } from '../run/energy.ts'
import { drawnJson } from './drawn.ts'
import { eliminatedJson } from './eliminated.ts'
import { elementName, type Labels } from './labels.ts'
import { nested } from './nested.ts'

/** What of each point is told. */
export interface Wanted {
  readonly terms?: boolean
  readonly gradient?: boolean
}

/** The results as JSON: a point for each row that was given, with null where a number is not finite. */
export function energiesJson({ points, bound, backend, temperature, summedOut, drawn, unused }: Energies, wanted: Wanted): unknown {
  const some = {
    sizes: bound.sizes,
    labels: bound.labels,
    backend,
    temperature,
    summedOut,
    unused: unusedJson(unused),
    ...drawnJson(drawn),
  }
  return { ...some, points: points.map((p) => pointJson(p, wanted)) }
}

function pointJson({ energy, terms, gradient, responsibilities, eliminated, trouble }: KeptPoint, wanted: Wanted): unknown {
  const tensors = (set: EnergyPoint['gradient']): unknown => Object.fromEntries(Object.entries(set).map(([name, t]) => [name, nested(t)]))
  return {
    energy,
    ...(wanted.terms && { terms }),
    ...(wanted.gradient && { gradient: tensors(gradient) }),
    responsibilities: tensors(responsibilities),
    ...(Object.keys(eliminated).length > 0 && { eliminated: eliminatedJson(eliminated) }),
    ...(trouble !== undefined && { trouble }),
  }
}

/** A column for the energy, each term (under its name) and each slope (`dE/dx[1]`), a row for each point. */
export interface Columns {
  readonly names: readonly string[]
  readonly rows: readonly Float64Array[]
}

export function columnsOf({ points, bound }: Energies, { terms = false, gradient = false }: Wanted): Columns {
  const [first] = points
  const names = [
    'energy',
    ...(terms ? Object.keys(first?.terms ?? {}) : []),
    ...(gradient && first !== undefined ? slopesOf(first, bound.labels).map(([name]) => `dE/d${name}`) : []),
  ]
  const rows = points.map((p) => {
    const slopes = gradient ? Object.values(p.gradient).flatMap((t) => [...t.data]) : []
    return Float64Array.from([p.energy, ...(terms ? Object.values(p.terms) : []), ...slopes])
  })
  return { names, rows }
}

/** `x[left,2]` and the slope by it, for every number of every continuous state. */
export function slopesOf({ gradient }: EnergyPoint, labels: Labels): readonly (readonly [string, number])[] {
  return Object.entries(gradient).flatMap(([name, { axes, shape, data }]) =>
    indices(shape).map((at, i) => [elementName(name, axes, at, labels), data[i] as number] as const),
  )
}

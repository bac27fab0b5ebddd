import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Sizes } from '../../ir/graph.ts'
import { offsets, sizeOf } from '../../ir/layout.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import { namedAxes } from '../../middle/kinds.ts'
import type { SamplingState } from '../../middle/program.ts'

/**
 * Axes of units that nothing given tells apart, along which all weights start alike: their slopes are the same at every step, and so they
 * stay alike (AMP635).
 */
export function flatStarts(
  energy: Pick<Energy, 'axes' | 'variables'>,
  given: ReadonlySet<string>,
  params: readonly SamplingState[],
  { sizes, coordinates }: { readonly sizes: Sizes; readonly coordinates: ReadonlyMap<string, Float64Array> },
): readonly Diagnostic[] {
  const original = (axis: string): string => {
    const size = energy.axes.find((a) => a.name === axis)?.size
    return size?.kind === 'same' ? original(size.as) : axis
  }
  const told = new Set(energy.variables.flatMap((v) => (given.has(v.name) ? [...v.axes, ...namedAxes(v.type)].map(original) : [])))
  const hidden = [...new Set(params.flatMap((p) => p.coordinateAxes))].filter((a) => !told.has(original(a)) && sizeOf(a, sizes) > 1)
  return hidden.flatMap((axis) => {
    const own = params.filter((p) => p.coordinateAxes.includes(axis))
    if (!own.every((p) => isFlat(coordinates.get(p.name) ?? new Float64Array(0), p.coordinateAxes, axis, sizes))) return []
    const names = own.map((p) => `"${p.name}"`)
    const start = names.length === 1 ? `${names[0]} starts` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} start`
    const { span } = energy.variables.find((v) => v.name === own[0]?.name) as EnergyVariable
    return [
      diagnostic('AMP635', `${start} the same for every element of ${axis}, so these stay alike.`, {
        span,
        hint: `Let one start from small random numbers: param ${own[0]?.name}[...] from normal(0, 0.1).`,
      }),
    ]
  })
}

function isFlat(values: Float64Array, axes: readonly string[], axis: string, sizes: Sizes): boolean {
  const along = offsets(axes, sizes, new Map([[axis, 1]]))
  const stride = axes.slice(axes.indexOf(axis) + 1).reduce((n, a) => n * sizeOf(a, sizes), 1)
  return values.every((v, i) => (along[i] as number) === 0 || v === values[i - (along[i] as number) * stride])
}

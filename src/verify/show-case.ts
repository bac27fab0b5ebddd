import { must } from '../base/internal-error.ts'
import type { Energy } from '../middle/energy.ts'
import type { ModelCase } from './generators/model-case.ts'

/** More numbers than this of one variable are abbreviated. */
const MOST = 24

/** A case for people: sizes, then every variable by its name, elements counted from 1. */
export function showCase(energy: Energy, { sizes, values, temperature, seed }: ModelCase): readonly string[] {
  const axes = Object.entries(sizes).map(([name, size]) => `${name} = ${size}`)
  return [
    ...(axes.length === 0 ? [] : [`sizes: ${axes.join(', ')}`]),
    ...energy.variables.map((v) => {
      const data = must(values[v.name], v.name)
      const outside = v.type.kind === 'element' ? data.map((x) => x + 1) : data
      const shape = v.axes.map((a) => must(sizes[a], a))
      return `${v.role} ${v.name}${v.axes.length === 0 ? '' : `[${v.axes.join(', ')}]`} = ${nested(outside, shape)}`
    }),
    ...(temperature === 1 ? [] : [`temperature = ${temperature}`]),
    `(seed of the case: ${seed})`,
  ]
}

function nested(data: Float64Array, shape: readonly number[]): string {
  if (data.length > MOST) return `[${[...data.subarray(0, 6)].map(shown).join(', ')}, ... ${data.length} numbers]`
  const [size, ...rest] = shape
  if (size === undefined) return shown(data[0] as number)
  const step = data.length / Math.max(1, size)
  return `[${Array.from({ length: size }, (_, i) => nested(data.subarray(i * step, (i + 1) * step), rest)).join(', ')}]`
}

function shown(x: number): string {
  return String(Number(x.toPrecision(6)))
}

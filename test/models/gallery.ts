import { readFileSync } from 'node:fs'
import { type Loaded, load } from '../../src/api/load.ts'
import { type RetrieveOptions, retrieve } from '../../src/api/retrieve.ts'
import { type SampleOptions, type SampleResult, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import type { GivenByRole } from '../../src/bind/bound.ts'
import { type Given, numbers } from '../../src/bind/given.ts'
import { readNamed, readOne } from '../../src/cli/files/read.ts'
import type { Retrieval } from '../../src/memory/retrieve.ts'

/** A model of the gallery, `folder/name.amp`; the name is the folder's unless given. */
export function model(folder: string, name = folder): Loaded {
  const path = `models/${folder}/${name}.amp`
  return must(load({ name: path, text: readFileSync(path, 'utf8') }).value, path)
}

/** One variable from a file of the gallery or a number. */
export const from = (name: string, file: string | number): Given =>
  must(readOne(name, typeof file === 'number' ? String(file) : `models/${file}`).value, name)

/** Variables by their names in a file. */
export const all = (file: string): readonly Given[] => must(readNamed(`models/${file}`).value, file)

export const value = (name: string, shape: readonly number[], data: ArrayLike<number>): Given => ({
  name,
  from: 'the test',
  value: numbers(shape, Float64Array.from(data)),
})

export const given = (fixed: readonly Given[], rest: Partial<GivenByRole> = {}): GivenByRole => ({ fixed, observed: [], cues: [], ...rest })

export async function retrieved(loaded: Loaded, values: GivenByRole, options: RetrieveOptions = {}): Promise<readonly Retrieval[]> {
  const result = await retrieve(loaded, values, { backend: 'kernel', ...options })
  return must(result.value, result.diagnostics.map((d) => d.message).join()).retrievals
}

export async function sampled(loaded: Loaded, values: GivenByRole, options: SampleOptions = {}): Promise<SampleResult> {
  const result = await sample(loaded, values, { backend: 'kernel', seed: 11, ...options })
  return must(result.value, result.diagnostics.map((d) => d.message).join())
}

/** The numbers of one variable of the gallery, row-major. */
export function table(file: string): { readonly data: Float64Array; readonly shape: readonly number[] } {
  const read = from('x', file).value
  if (read.kind !== 'numbers') throw new Error(`${file} holds texts`)
  return { data: read.data, shape: read.shape }
}

export const rows = ({ data, shape }: { readonly data: Float64Array; readonly shape: readonly number[] }): Float64Array[] => {
  const width = must(shape[1], 'width')
  return Array.from({ length: must(shape[0], 'rows') }, (_, i) => data.slice(i * width, (i + 1) * width))
}

/** All draws of one quantity, chains after one another. */
export function drawsOf({ draws }: SampleResult, name: string): number[] {
  const at = draws.names.indexOf(name)
  if (at < 0) throw new Error(`no draws of ${name}`)
  return draws.chains.flatMap((c) => Array.from({ length: c.count }, (_, d) => c.values[d * draws.names.length + at] as number))
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, v, i) => sum + v * (b[i] as number), 0)
export const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length
export const logSumExp = (values: readonly number[]): number => {
  const top = values.reduce((a, b) => Math.max(a, b), -Infinity)
  return top + Math.log(values.reduce((sum, v) => sum + Math.exp(v - top), 0))
}
export const softmax = (values: readonly number[]): number[] => {
  const total = logSumExp(values)
  return values.map((v) => Math.exp(v - total))
}
/** sum of `weights[i]` times `points[i]`. */
export const blend = (weights: readonly number[], points: readonly ArrayLike<number>[]): number[] =>
  Array.from(must(points[0], 'point'), (_, p) =>
    weights.reduce((sum, w, i) => sum + w * ((points[i] as ArrayLike<number>)[p] as number), 0),
  )
export const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - (b[i] as number))), 0)

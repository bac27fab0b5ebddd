import type { Diagnostic } from '../../base/diagnostic.ts'
import type { Draws } from '../../inference/draws/draws.ts'
import { exactLabelledNames, type Labels } from '../labels.ts'
import { cellOf } from './cells.ts'
import { arrayOf } from './drawn-array.ts'
import { placeIfAny } from './place.ts'
import { writeInTurns } from './write.ts'

/** Cells of a header for the columns that have labels, by their numbered names; all others are called as CmdStan does. */
export function labelledCells(draws: Draws, labels: Labels): ReadonlyMap<string, string> {
  return new Map([...exactLabelledNames(draws.variables, labels)].map(([numbered, name]) => [numbered, cellOf(name)]))
}

/** Draws as an array, [chain, draw, name], and beside it, where it becomes a file, what its dimensions mean. */
export async function writeArray(path: string, draws: Draws, labels: Labels, patient?: () => boolean): Promise<readonly Diagnostic[]> {
  const troubles = await writeInTurns(path, arrayOf(draws), patient)
  const beside = coordinatesBeside(path)
  if (beside === undefined || troubles.length > 0) return troubles
  return writeInTurns(beside, `${JSON.stringify(coordinatesOf(draws, labels), null, 1)}\n`, patient)
}

/** `draws.coords.json` for `draws.npy`; none for a pipe or a device, which has no place beside it. */
export function coordinatesBeside(path: string): string | undefined {
  return placeIfAny(path)?.kind === 'file' ? path.replace(/(\.npy)?$/i, '.coords.json') : undefined
}

/** What xarray calls dimensions and coordinates: which chain, draw and element a number of the array belongs to. */
function coordinatesOf(draws: Draws, labels: Labels): Readonly<Record<string, unknown>> {
  const called = exactLabelledNames(draws.variables, labels)
  const counts = draws.chains.map((c) => c.count)
  const own = Object.entries(labels).filter(([axis]) => draws.variables.some((v) => v.axes.includes(axis)))
  let from = 0
  const variables = draws.variables.map(({ name, axes, shape }) => {
    const first = from
    from += shape.reduce((n, size) => n * size, 1)
    return { name, axes, shape, columns: [first, from] }
  })
  return {
    dims: ['chain', 'draw', 'name'],
    coords: {
      chain: draws.chains.map((c) => c.chain + 1),
      draw: Array.from({ length: Math.max(0, ...counts) }, (_, i) => i + 1),
      name: draws.names.map((name) => called.get(name) ?? name),
    },
    counts,
    variables,
    labels: Object.fromEntries(own),
  }
}

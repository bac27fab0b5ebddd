import type { RetrieveResult } from '../../api/retrieve.ts'
import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { Retrieved } from '../../run/retrieval.ts'
import { pathColumns } from '../paths.ts'
import { everyCue, retrievedJson } from '../retrieved-json.ts'
import { cellOf } from './cells.ts'
import { writeNpy } from './npy.ts'
import { endingOf, endless } from './out.ts'
import { rescued } from './rescue.ts'
import { writeInTurns } from './write.ts'
import type { FileContents } from './writing.ts'

/** What cannot be written goes elsewhere, as JSON, rather than be lost. */
export async function writeRetrieved(path: string | undefined, result: RetrieveResult): Promise<readonly Diagnostic[]> {
  if (path === undefined) return []
  const { value, diagnostics } = contentsOf(path, result)
  const troubles = value === undefined ? diagnostics : await writeInTurns(path, value)
  return rescued(troubles, 'The results', 'retrieved.json', () => jsonText(result))
}

function jsonText(result: RetrieveResult): string {
  return `${JSON.stringify(retrievedJson(result), null, 2)}\n`
}

/** A row for each place on the way, under a header; as an array without one. */
function waysIn(kind: '.csv' | '.npy', { retrievals, cues, bound }: RetrieveResult): FileContents {
  const { names, rows } = pathColumns(retrievals, bound.labels, cues)
  if (kind === '.csv') return linesOf(names, rows)
  const all = [...rows]
  return writeNpy([all.length, names.length], joined(all))
}

function* linesOf(names: readonly string[], rows: Iterable<Float64Array>): Generator<string> {
  yield `${names.map(cellOf).join(',')}\n`
  for (const row of rows) yield `${row.join(',')}\n`
}

/** All as JSON; the ways, where they were written down; or the values as one array, a row a cue, for a model with one state that moved or was summed out. */
function contentsOf(path: string, result: RetrieveResult): Checked<FileContents> {
  const kind = endingOf(path)
  if (kind === undefined) return unmade([endless(path)])
  if (kind === '.json') return made(jsonText(result))
  if (result.retrievals.some((r) => r.path.length > 0)) return made(waysIn(kind, result))
  const found = result.retrievals.map(valuesOf)
  const states = [...Object.keys(found[0] ?? {}), ...Object.keys(result.retrievals[0]?.reported ?? {})]
  const [name] = states
  if (name === undefined || states.length > 1) {
    const message = `${path} holds one array, but there are ${states.length} to be written: ${states.join(', ')}.`
    return unmade([diagnostic('AMP703', message, { hint: 'Write .json.' })])
  }
  const { shape, data } = must(found[0]?.[name], name)
  const missing = new Float64Array(data.length).fill(Number.NaN)
  const rows = everyCue(result, (r) => (r === undefined ? missing : must(valuesOf(r)[name], name).data))
  const value = kind === '.npy' ? writeNpy([rows.length, ...shape], joined(rows)) : `${rows.map((row) => row.join(',')).join('\n')}\n`
  return made(value)
}

function valuesOf({ states, likeliest }: Retrieved): Retrieved['states'] {
  return Object.keys(states).length > 0 ? states : likeliest
}

function joined(rows: readonly Float64Array[]): Float64Array {
  const size = rows[0]?.length ?? 0
  const out = new Float64Array(rows.length * size)
  for (const [r, row] of rows.entries()) out.set(row, r * size)
  return out
}

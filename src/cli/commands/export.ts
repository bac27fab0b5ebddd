import { extname } from 'node:path'
import { withPosteriors } from '../../api/store/conditioned.ts'
import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import type { Given } from '../../bind/given.ts'
import { shapeOf } from '../../bind/given.ts'
import { writeNpy } from '../files/npy.ts'
import { placeTrouble } from '../files/out.ts'
import { writeInTurns } from '../files/write.ts'
import type { FileContents } from '../files/writing.ts'
import { nested } from '../nested.ts'
import { openFolder } from '../open-store.ts'
import { print, report } from '../terminal.ts'

export interface ExportCommandOptions {
  readonly memory?: string
  readonly out: string
}

/** Writes the memories of a store to a file as other programs read them, or all of it as one file for the library. */
export async function exportStore(path: string, { memory, out }: ExportCommandOptions): Promise<number> {
  const opened = await openFolder(path, { write: false })
  if (typeof opened === 'number') return opened
  const { source, loaded, store, before, close } = opened
  const memories = new Set(withPosteriors(loaded).energy.declared.flatMap((v) => (v.role === 'memory' ? [v.name] : [])))
  const given = extname(out) === '.store' ? made({ fixed: [] }) : store.given()
  const contents = given.ok ? contentsOf(out, memory, given.value.fixed.filter((item) => memories.has(item.name)), () => store.export()) : given // biome-ignore format: a call
  close()
  const troubles = contents.ok ? [...placeTrouble(out), ...(await write(out, contents.value))] : contents.diagnostics
  const code = report([...before, ...troubles], source)
  if (code === 0) print(`Wrote ${out}.`)
  return code
}

async function write(out: string, contents: FileContents): Promise<readonly Diagnostic[]> {
  return placeTrouble(out).length > 0 ? [] : writeInTurns(out, contents)
}

function contentsOf(out: string, memory: string | undefined, all: readonly Given[], whole: () => Uint8Array): Checked<FileContents> {
  const ending = extname(out).toLowerCase()
  if (ending === '.store') return made(whole())
  const chosen = memory === undefined ? all : all.filter((item) => item.name === memory)
  if (memory !== undefined && chosen.length === 0) {
    return unmade([
      diagnostic('AMP720', `"${memory}" is not a memory of the store.`, { hint: `It has ${all.map((a) => a.name).join(', ')}.` }),
    ])
  }
  if (ending === '.json') return made(`${JSON.stringify(Object.fromEntries(chosen.map((item) => [item.name, nestedOf(item)])))}\n`)
  const [only, second] = chosen
  if (ending !== '.npy' && ending !== '.csv') {
    return unmade([
      diagnostic('AMP708', `${out} does not say how to write it.`, { expected: 'a file ending in .json, .csv, .npy or .store' }),
    ])
  }
  if (only === undefined || second !== undefined || only.value.kind !== 'numbers') {
    const message = `${out} holds one array, but the store has ${all.length} memories: ${all.map((a) => a.name).join(', ')}.`
    return unmade([diagnostic('AMP703', message, { hint: 'Say which with --memory NAME, or write .json.' })])
  }
  const { shape, data } = only.value
  if (ending === '.npy') return made(writeNpy(shape, data))
  const width = shape.slice(1).reduce((n, size) => n * size, 1)
  const rows = Array.from({ length: data.length / Math.max(1, width) }, (_, r) => data.subarray(r * width, (r + 1) * width).join(','))
  return made(`${rows.join('\n')}\n`)
}

function nestedOf({ value }: Given): unknown {
  return value.kind === 'numbers' ? nested({ shape: shapeOf(value), data: value.data }) : value.labels
}

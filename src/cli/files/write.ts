import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { systemReason } from './bytes.ts'

/** What keeps a result from being written to `path`, known before it is worked out. */
export function outTrouble(path: string | undefined): readonly Diagnostic[] {
  if (path === undefined) return []
  const ending = extname(path)
  if (!['.json', '.csv', '.npy'].includes(ending.toLowerCase())) {
    const why = ending === '' ? `${path} has no ending` : `${path} ends in "${ending}"`
    return [diagnostic('AMP708', `${why}, which does not say how to write it.`, { expected: 'a file ending in .json, .csv or .npy' })]
  }
  const folder = dirname(path)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  return [diagnostic('AMP702', `${path} could not be written: there is no folder ${folder}.`, { place: path })]
}

/** Writes a file whole or not at all: into a neighbour first, then renamed over the target. */
export function writeWhole(path: string, contents: string | Uint8Array | Iterable<string>): readonly Diagnostic[] {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`)
  try {
    writePieces(temporary, typeof contents === 'string' || contents instanceof Uint8Array ? [contents] : contents)
    renameSync(temporary, path)
    return []
  } catch (error) {
    rmSync(temporary, { force: true })
    return [
      diagnostic('AMP702', `${path} could not be written: ${systemReason(error).replace('no such file', 'no such folder')}.`, {
        place: path,
      }),
    ]
  }
}

function writePieces(path: string, pieces: Iterable<string | Uint8Array>): void {
  const file = openSync(path, 'wx')
  try {
    for (const piece of pieces) writeFileSync(file, piece)
  } finally {
    closeSync(file)
  }
}

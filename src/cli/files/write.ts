import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { systemReason } from './read.ts'

/** Writes a file whole or not at all: into a neighbour first, then renamed over the target. */
export function writeWhole(path: string, contents: string | Uint8Array): readonly Diagnostic[] {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`)
  try {
    writeFileSync(temporary, contents)
    renameSync(temporary, path)
    return []
  } catch (error) {
    rmSync(temporary, { force: true })
    return [diagnostic('AMP702', `${path} could not be written: ${systemReason(error)}.`, { place: path })]
  }
}

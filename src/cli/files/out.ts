import { statSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { placeIfAny } from './place.ts'
import { unwritten } from './write.ts'
import { tryWriting } from './writing.ts'

const endings = ['.json', '.csv', '.npy'] as const
export type FileEnding = (typeof endings)[number]

/** How a result is written to `path`: as its ending says; into a device or a pipe, whose names have none, as JSON. */
export function endingOf(path: string): FileEnding | undefined {
  const ending = extname(path).toLowerCase()
  const known = endings.find((e) => e === ending)
  if (known !== undefined || ending !== '') return known
  const kind = placeIfAny(path)?.kind
  return kind === 'device' || kind === 'pipe' || kind === 'descriptor' ? '.json' : undefined
}

/** Whether the result takes standard output for itself, so that what is said besides goes elsewhere. */
export function isStandardOutput(path: string | undefined): boolean {
  const place = path === undefined ? undefined : placeIfAny(path)
  return place?.kind === 'descriptor' && place.number === 1
}

/** What keeps a result from being written to `path`, known before it is worked out: it is tried. */
export function outTrouble(path: string | undefined): readonly Diagnostic[] {
  if (path === undefined) return []
  if (endingOf(path) === undefined) return [endless(path)]
  return placeTrouble(path)
}

/** The same for a file whose kind is known. */
export function placeTrouble(path: string): readonly Diagnostic[] {
  const folder = dirname(path)
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return [diagnostic('AMP702', `${path} could not be written: there is no folder ${folder}.`, { place: path })]
  try {
    tryWriting(path)
    return []
  } catch (error) {
    return [unwritten(path, error)]
  }
}

export function endless(path: string): Diagnostic {
  const ending = extname(path)
  const why = ending === '' ? `${path} has no ending` : `${path} ends in "${ending}"`
  return diagnostic('AMP708', `${why}, which does not say how to write it.`, { expected: 'a file ending in .json, .csv or .npy' })
}

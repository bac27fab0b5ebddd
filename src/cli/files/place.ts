import { lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** What a path leads to that is to be written, links followed. */
export type OutputPlace =
  /** `before`: the file that is there already. */
  | { readonly kind: 'file'; readonly path: string; readonly before: Stats | undefined }
  | { readonly kind: 'folder'; readonly path: string }
  /** Written to as they stand, since nothing can be put in their place; the second is a pipe or a socket. */
  | { readonly kind: 'device' | 'pipe'; readonly path: string }
  /** An open file of this process: /dev/stdout, /dev/fd/3. */
  | { readonly kind: 'descriptor'; readonly number: number }

/** Throws a system error where a part of the path is not there. A link whose target is not there yet leads to that target. */
export function placeOf(path: string): OutputPlace {
  let here = path
  for (let links = 0; links <= MOST_LINKS; links += 1) {
    const folder = realpathSync(dirname(here))
    here = join(folder, basename(here))
    const descriptor = descriptors.exec(here)
    if (descriptor !== null) return { kind: 'descriptor', number: Number(descriptor[1]) }
    const before = lstatSync(here, { throwIfNoEntry: false })
    if (before?.isSymbolicLink() !== true) return placeAt(here, before)
    here = resolve(folder, readlinkSync(here))
  }
  throw Object.assign(new Error('too many links'), { code: 'ELOOP' })
}

/** As systems count them. */
const MOST_LINKS = 40

const descriptors = new RegExp(`^/(?:dev|proc/(?:self|${process.pid}))/fd/(\\d+)$`)

function placeAt(path: string, before: Stats | undefined): OutputPlace {
  if (before === undefined || before.isFile()) return { kind: 'file', path, before }
  return { kind: before.isDirectory() ? 'folder' : before.isFIFO() || before.isSocket() ? 'pipe' : 'device', path }
}

/** The same where nothing is there to be found out. */
export function placeIfAny(path: string): OutputPlace | undefined {
  try {
    return placeOf(path)
  } catch {
    return undefined
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type Checked, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { suggest } from '../../base/suggest.ts'

/** A file as it is; `-` is standard input. */
export function readBytes(path: string): Checked<Buffer> {
  try {
    return made(readFileSync(path === '-' ? 0 : path))
  } catch (error) {
    const hint = neighbour(path)
    return unmade([
      diagnostic('AMP701', `${path} could not be read: ${systemReason(error)}.`, {
        place: path,
        ...(hint === undefined ? {} : { hint }),
      }),
    ])
  }
}

/** A file of almost the same name beside the one that was asked for. */
function neighbour(path: string): string | undefined {
  try {
    const name = basename(path)
    const near = suggest(name, readdirSync(dirname(path)))
    return near === undefined ? undefined : `did you mean '${path.slice(0, path.length - name.length)}${near}'?`
  } catch {
    return undefined
  }
}

/** A system error in words. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return words[code] ?? (error instanceof Error ? error.message : String(error))
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be opened',
  EPERM: 'that is not allowed',
  ENOTDIR: 'a part of the path is not a folder',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it would be too large for its disk',
  EROFS: 'the disk is read-only',
  EIO: 'the device reports an error',
  EPIPE: 'nobody reads from it any more',
  ETXTBSY: 'it is a program that is running',
  EBUSY: 'it is in use',
  ERR_FS_FILE_TOO_LARGE: 'it has more than 2 GiB',
}

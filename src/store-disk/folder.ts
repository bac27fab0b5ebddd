import fs, { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'

/** The one file of a store besides its lock. */
export const DATA = 'data.mdb'

/** What stands in the way of a store in this folder. With `begins` the folder is made where it is not there. */
export function folderTrouble(path: string, begins: boolean): Diagnostic | undefined {
  if (existsSync(path) && !statSync(path).isDirectory()) return unusable(path, 'it is a file, and a store is a folder')
  if (!existsSync(path)) {
    if (!begins) return diagnostic('AMP801', `There is no store ${path}.`, { place: path, hint: 'amp write begins one.' })
    if (!existsSync(dirname(resolve(path)))) return unusable(path, `there is no folder ${dirname(path)}`)
  } else if (!existsSync(join(path, DATA))) {
    if (!begins || readdirSync(path).length > 0)
      return diagnostic('AMP801', `${path} is a folder, but not a store.`, {
        place: path,
        hint: 'A store begins in a folder that is empty or not there.',
      })
  }
  const network = networkOf(existsSync(path) ? path : dirname(resolve(path)))
  if (network === undefined) return undefined
  return unusable(path, `it lies on a network (${network}), where processes do not see each other's locks`)
}

export function makeFolder(path: string): void {
  if (!existsSync(path)) mkdirSync(path)
}

export function unusable(path: string, why: string): Diagnostic {
  return diagnostic('AMP806', `${path} cannot be used as a store: ${why}.`, { place: path, expected: 'a folder on a disk of this machine' })
}

/** Types of file systems by their number in `statfs` of Linux (linux/magic.h): those of other machines. */
const networks: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB 2',
  16914839: '9P',
  1397113167: 'AFS',
  1937076805: 'Coda',
  12805120: 'Ceph',
  198183888: 'Lustre',
}

/** The network that a folder lies on, as far as the system tells: Linux by the type, Windows by the name. */
function networkOf(folder: string): string | undefined {
  if (process.platform === 'win32') return /^[\\/]{2}(?![?.])/.test(resolve(folder)) ? 'SMB' : undefined
  return process.platform === 'linux' ? networks[fs.statfsSync(folder).type >>> 0] : undefined
}

export function damaged(folder: string, why: string): Diagnostic {
  return diagnostic('AMP807', `The store ${folder} is damaged: ${why}.`, {
    place: folder,
    expected: 'the file as it was written',
    hint: 'Restore it from a copy.',
  })
}

/** A system error, or one of LMDB's, in words. A write that a full disk cuts short is one of the device to LMDB. */
export function reasonOf(error: unknown, folder?: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = (words as Readonly<Record<string, string>>)[code] ?? (error instanceof Error ? error.message : String(error))
  return isOfDevice.test(reason) && folder !== undefined && isFull(folder) ? words.ENOSPC : reason
}

const isOfDevice = /input\/output|no space|device reports/i

/** Whether less is left than a transaction needs. */
function isFull(folder: string): boolean {
  const { bavail, bsize } = fs.statfsSync(folder)
  return bavail * bsize < 1 << 20
}

const words = {
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'its disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it would be too large for its disk',
  EIO: 'the device reports an error',
} as const satisfies Readonly<Record<string, string>>

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { systemReason } from './bytes.ts'
import { placeOf } from './place.ts'

export type FileContents = string | Uint8Array | Iterable<string | Uint8Array>

/** Where writing can rest: `turn` between pieces, `wait` while the other side does not take more. */
export type Pause = 'turn' | 'wait'

/** Writes step by step, throwing a system error where it cannot. */
export function* writing(path: string, contents: FileContents): Generator<Pause, void> {
  const pieces = typeof contents === 'string' || contents instanceof Uint8Array ? [contents] : contents
  const place = placeOf(path)
  switch (place.kind) {
    case 'folder':
      throw coded('EISDIR')
    case 'descriptor':
      return yield* pour(place.number, pieces)
    case 'device':
    case 'pipe':
      return yield* intoStream(place.path, pieces)
    case 'file':
      return yield* intoFile(place.path, place.before, pieces)
  }
}

/** What a result cannot be written into is known before it is worked out: tries it with nothing, or a page that is taken away again. */
export function tryWriting(path: string): void {
  const place = placeOf(path)
  if (place.kind === 'folder') throw coded('EISDIR')
  if (place.kind === 'descriptor') writeSync(place.number, '')
  if (place.kind === 'device') tryDevice(place.path)
  // A pipe may have no reader yet.
  if (place.kind !== 'file') return
  if (place.before !== undefined) closeSync(openSync(place.path, 'r+'))
  const { descriptor, path: temporary } = aside(place.path, place.before)
  try {
    writeSync(descriptor, new Uint8Array(4096))
  } finally {
    closeSync(descriptor)
    discard(temporary)
  }
}

function tryDevice(path: string): void {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  try {
    writeSync(descriptor, '')
  } finally {
    closeSync(descriptor)
  }
}

/** Into a neighbour first, which then takes the file's place. */
function* intoFile(path: string, before: Stats | undefined, pieces: Iterable<string | Uint8Array>): Generator<Pause, void> {
  if (before !== undefined) closeSync(openSync(path, 'r+'))
  const { descriptor, path: temporary } = aside(path, before)
  try {
    try {
      yield* pour(descriptor, pieces)
      if (before !== undefined) resemble(descriptor, before)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    if (before === undefined || (before.nlink <= 1 && dirname(temporary) === dirname(path))) moveOver(temporary, path, before)
    else copyOver(temporary, path)
  } finally {
    if (unfinished.has(temporary)) discard(temporary)
  }
}

interface Temporary {
  readonly descriptor: number
  readonly path: string
}

/** A new file beside `path`; for one that is there, in a folder that takes no other, in the system's folder for such. */
function aside(path: string, before: Stats | undefined): Temporary {
  try {
    return temporaryIn(dirname(path))
  } catch (error) {
    if (before === undefined || !['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) throw error
    return temporaryIn(tmpdir())
  }
}

/** Its name is short, however long the other is: names have at most 255 bytes. */
function temporaryIn(folder: string): Temporary {
  const path = join(folder, `.amp-${randomBytes(6).toString('hex')}.part`)
  const descriptor = openSync(path, 'wx')
  if (unfinished.size === 0) process.once('exit', discardAll)
  unfinished.add(path)
  return { descriptor, path }
}

const unfinished = new Set<string>()

function discard(temporary: string): void {
  unfinished.delete(temporary)
  if (unfinished.size === 0) process.off('exit', discardAll)
  rmSync(temporary, { force: true })
}

function discardAll(): void {
  for (const path of unfinished) rmSync(path, { force: true })
}

/** The mode and, where that is allowed, the owner of the file that is replaced. */
function resemble(descriptor: number, { mode, uid, gid }: Stats): void {
  const now = fstatSync(descriptor)
  if (now.uid !== uid || now.gid !== gid) {
    try {
      fchownSync(descriptor, uid, gid)
    } catch {
      // Only root gives files away.
    }
  }
  if (now.mode !== mode) fchmodSync(descriptor, mode & 0o7777)
}

/** Where something is mounted on the file, its contents are replaced instead. */
function moveOver(temporary: string, path: string, before: Stats | undefined): void {
  try {
    renameSync(temporary, path)
  } catch (error) {
    if (before === undefined || !['EBUSY', 'EACCES', 'EPERM'].includes(codeOf(error))) throw error
    copyOver(temporary, path)
    return
  }
  settle(dirname(path))
}

/** Another name of the same file, or a file that cannot be renamed over: here a loss of power can tear it. */
function copyOver(temporary: string, path: string): void {
  const [from, to] = [openSync(temporary, 'r'), openSync(path, 'r+')]
  try {
    const bytes = Buffer.alloc(TURN)
    let at = 0
    for (let read = readSync(from, bytes); read > 0; read = readSync(from, bytes)) {
      for (let done = 0; done < read; ) done += writeSync(to, bytes, done, read - done, at + done)
      at += read
    }
    ftruncateSync(to, at)
    fsyncSync(to)
  } catch (error) {
    unfinished.delete(temporary)
    throw new Error(`${systemReason(error)}, and it is broken now; what was to be written is in ${temporary}`)
  } finally {
    closeSync(from)
    closeSync(to)
  }
}

/** The folder's entry too shall outlive a loss of power, where the system can be asked for that. */
function settle(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // Not every system opens folders.
  }
}

/** A pipe is waited for until someone reads it. */
function* intoStream(path: string, pieces: Iterable<string | Uint8Array>): Generator<Pause, void> {
  let descriptor: number | undefined
  while (descriptor === undefined) {
    try {
      descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch (error) {
      if (codeOf(error) !== 'ENXIO') throw error
      yield 'wait'
    }
  }
  try {
    yield* pour(descriptor, pieces)
  } finally {
    closeSync(descriptor)
  }
}

/** So many bytes are written in a turn. */
const TURN = 1 << 20

function* pour(descriptor: number, pieces: Iterable<string | Uint8Array>): Generator<Pause, void> {
  let written = 0
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(descriptor, bytes, at)
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN') throw error
        yield 'wait'
      }
    }
    written += bytes.length
    if (written >= TURN) {
      written = 0
      yield 'turn'
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code })
}

import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type Checked, unmade } from '../../base/diagnostic.ts'
import { readBytes } from './bytes.ts'

/** Bytes that are read in pieces, so that they may be more than one buffer or one string holds. */
export interface ByteSource {
  readonly size: number
  /** The bytes from one place to another, as far as there are some. */
  read(from: number, to: number): Uint8Array
}

export function sourceOf(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (from, to) => bytes.subarray(from, to) }
}

/** What `use` makes of a file, open as long as it works on it; a pipe or standard input is read at once. */
export function withSource<T>(path: string, use: (source: ByteSource) => Checked<T>): Checked<T> {
  const descriptor = openedFile(path)
  if (descriptor === undefined) {
    const bytes = readBytes(path)
    return bytes.value === undefined ? unmade(bytes.diagnostics) : use(sourceOf(bytes.value))
  }
  try {
    return use({ size: fstatSync(descriptor).size, read: (from, to) => bytesAt(descriptor, from, to) })
  } finally {
    closeSync(descriptor)
  }
}

/** Whatever is no plain file, or cannot be opened, is left to who says why. */
function openedFile(path: string): number | undefined {
  if (path === '-') return undefined
  try {
    const descriptor = openSync(path, 'r')
    if (fstatSync(descriptor).isFile()) return descriptor
    closeSync(descriptor)
    return undefined
  } catch {
    return undefined
  }
}

function bytesAt(descriptor: number, from: number, to: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(Math.max(0, to - from))
  let done = 0
  while (done < bytes.length) {
    const read = readSync(descriptor, bytes, done, bytes.length - done, from + done)
    if (read === 0) break
    done += read
  }
  return bytes.subarray(0, done)
}

/** So many bytes are read at once. */
export const PIECE = 1 << 22

/** All bytes up to a place, piece by piece. */
export function* piecesOf(source: ByteSource, to = source.size, piece = PIECE): Generator<Uint8Array> {
  for (let at = 0; at < to; at += piece) yield source.read(at, Math.min(to, at + piece))
}

/** All bytes in one buffer, for what is short enough. */
export function allOf(source: ByteSource): Uint8Array {
  return source.read(0, source.size)
}

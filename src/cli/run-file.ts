import { createHash } from 'node:crypto'
import { type Checked, checked, type Diagnostic, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { versions } from '../base/versions.ts'
import { allOf, type ByteSource, piecesOf, sourceOf } from './files/byte-source.ts'
import { parseJson } from './files/json.ts'
import { parseLongJson } from './files/long-json.ts'
import { textOf } from './files/text.ts'

/** What stands in front of a run's results: what wrote it. */
export function runHeader(): Readonly<Record<string, unknown>> {
  return { format: versions.run, amp: versions.amp, engine: { node: process.versions.node, v8: process.versions.v8 } }
}

/** AMP726 where a run was drawn by another amp, or on another major version of Node. */
export function otherMaker({ amp, engine }: RunFile['root'], path: string): readonly Diagnostic[] {
  const { node } = (engine ?? {}) as Readonly<Record<string, unknown>>
  const others = [
    ...(typeof amp === 'string' && amp !== versions.amp ? [`by amp ${amp}`] : []),
    ...(typeof node === 'string' && major(node) !== major(process.versions.node) ? [`on Node ${node}`] : []),
  ]
  if (others.length === 0) return []
  const hint = 'The draws are valid. Those of an uninterrupted run might differ in the last digits.'
  return [diagnostic('AMP726', `${path} was drawn ${others.join(' ')}; a different version resumes it now.`, { place: path, hint })]
}

function major(node: string): string | undefined {
  return node.split('.')[0]
}

export interface RunFile {
  readonly root: Readonly<Record<string, unknown>>
}

/**
 * The text of a run's file, piece by piece, from the pieces of one JSON object that lack its closing brace: the last
 * member is a checksum of everything before it.
 */
export function* sealed(pieces: Iterable<string>): Generator<string> {
  const hash = createHash('sha256')
  for (const piece of pieces) {
    hash.update(piece)
    yield piece
  }
  yield `,"sha256":"${hash.digest('hex')}"}\n`
}

const seal = /,"sha256":"([0-9a-f]{64})"\}\n$/
/** How many bytes the seal has. */
const SEAL = `,"sha256":"${'0'.repeat(64)}"}\n`.length

/** Whether this is a run's file, whole or not. */
export function isRunFile(bytes: Uint8Array | ByteSource): boolean {
  const source = asSource(bytes)
  return latin(source.read(0, 64)).startsWith(`{"format":"${versions.run}"`) || sealOf(source) !== undefined
}

function asSource(bytes: Uint8Array | ByteSource): ByteSource {
  return bytes instanceof Uint8Array ? sourceOf(bytes) : bytes
}

/**
 * What a run's file holds, once its checksum is found to be right. It is read in pieces, and long lists of numbers become
 * arrays of numbers, since all of it may be longer than a string.
 */
export function openRunFile(bytes: Uint8Array | ByteSource, path: string, piece?: number): Checked<RunFile> {
  const source = asSource(bytes)
  const isSealed = isRunFile(source)
  const why = isSealed ? damage(source, piece) : undefined
  if (why !== undefined) return unmade([damaged(path, why)])
  const parsed = isSealed ? sealedJson(source, path, piece) : unsealedJson(source, path)
  if (parsed.value === undefined) return unmade(parsed.diagnostics)
  const { root } = parsed.value
  if (typeof root !== 'object' || root === null || Array.isArray(root)) return unmade([notARun(path, 'does not hold a run')])
  const file = { root: root as RunFile['root'] }
  if (!('format' in root)) return checked(file, [unsealed(path)])
  if (root.format === versions.run) return made(file)
  return unmade([notARun(path, `is in the format "${String(root.format)}", which this amp (${versions.amp}) does not read`)])
}

function sealedJson(source: ByteSource, path: string, piece?: number): Checked<{ readonly root: unknown }> {
  try {
    return made({ root: parseLongJson(piecesOf(source, source.size, piece)) })
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return unmade([notARun(path, 'is not JSON')])
  }
}

function unsealedJson(source: ByteSource, path: string): Checked<{ readonly root: unknown }> {
  const text = textOf(allOf(source), path)
  if (text.value === undefined) return unmade(text.diagnostics)
  const { value } = parseJson(text.value, path)
  return value === undefined ? unmade([notARun(path, 'is not JSON')]) : made(value)
}

export function notARun(path: string, why: string): Diagnostic {
  return diagnostic('AMP715', `${path} ${why}.`, { place: path, expected: 'a file that `amp sample --out run.json` wrote' })
}

function damage(source: ByteSource, piece?: number): string | undefined {
  const said = sealOf(source)
  if (said === undefined) return 'is not complete: it does not end with the checksum that amp writes'
  const hash = createHash('sha256')
  for (const bytes of piecesOf(source, source.size - SEAL, piece)) hash.update(bytes)
  return hash.digest('hex') === said ? undefined : 'is not as amp wrote it: its contents do not match its checksum'
}

function sealOf(source: ByteSource): string | undefined {
  return seal.exec(latin(source.read(Math.max(0, source.size - SEAL), source.size)))?.[1]
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function damaged(path: string, why: string): Diagnostic {
  return diagnostic('AMP718', `${path} ${why}.`, {
    place: path,
    hint: 'It was cut off, edited or damaged, so its contents cannot be trusted. Use another copy, or draw again.',
  })
}

function unsealed(path: string): Diagnostic {
  return diagnostic('AMP719', `${path} has no checksum: an older amp wrote it.`, {
    place: path,
    hint: 'amp cannot tell whether it is complete and unchanged. Files that --out writes now have a checksum.',
  })
}

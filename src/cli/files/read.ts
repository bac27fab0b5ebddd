import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, extname } from 'node:path'
import { type Checked, diagnostic } from '../../base/diagnostic.ts'
import type { SourceFile } from '../../base/source.ts'
import { suggest } from '../../base/suggest.ts'
import { type Given, type GivenValue, numbers } from '../../compile/given.ts'
import { readCsvColumns, readCsvMatrix } from './csv.ts'
import { readJsonObject, readJsonValue } from './json.ts'
import { readNpy } from './npy.ts'
import { textOf } from './text.ts'

/** An `.amp` file; `-` is standard input. */
export function readSource(path: string): Checked<SourceFile> {
  const bytes = readBytes(path)
  if (bytes.value === undefined) return { diagnostics: bytes.diagnostics }
  const name = path === '-' ? 'standard input' : path
  const text = textOf(bytes.value, name)
  return text.value === undefined ? { diagnostics: text.diagnostics } : { value: { name, text: text.value }, diagnostics: [] }
}

/** `FILE` (variables by name: a JSON object or a CSV table with a header). */
export function readNamed(path: string): Checked<readonly Given[]> {
  const bytes = readBytes(path)
  if (bytes.value === undefined) return { diagnostics: bytes.diagnostics }
  switch (extname(path).toLowerCase()) {
    case '.json':
      return asText(bytes.value, path, readJsonObject)
    case '.csv':
      return asText(bytes.value, path, readCsvColumns)
    case '.npy':
      return {
        diagnostics: [
          diagnostic('AMP703', `${path} holds one array, so it needs the name of its variable.`, { place: path, expected: `NAME=${path}` }),
        ],
      }
    default:
      return unknownKind(path)
  }
}

/** `NAME=FILE` or `NAME=NUMBER`: one variable. */
export function readOne(name: string, text: string, option = 'data'): Checked<Given> {
  const number = Number(text)
  if (text.trim() !== '' && !Number.isNaN(number))
    return { value: { name, from: `--${option} ${name}=${text}`, value: numbers([], Float64Array.of(number)) }, diagnostics: [] }
  const bytes = readBytes(text)
  if (bytes.value === undefined) return { diagnostics: bytes.diagnostics }
  const read = readArray(text, bytes.value, name)
  return read.value === undefined
    ? { diagnostics: read.diagnostics }
    : { value: { name, from: text, value: read.value }, diagnostics: read.diagnostics }
}

function readArray(path: string, bytes: Buffer, name: string): Checked<GivenValue> {
  switch (extname(path).toLowerCase()) {
    case '.json':
      return asText(bytes, path, (text) => readJsonValue(text, path, name))
    case '.csv':
      return asText(bytes, path, readCsvMatrix)
    case '.npy':
      return readNpy(bytes, path)
    default:
      return unknownKind(path)
  }
}

function asText<T>(bytes: Uint8Array, path: string, read: (text: string, path: string) => Checked<T>): Checked<T> {
  const text = textOf(bytes, path)
  return text.value === undefined ? { diagnostics: text.diagnostics } : read(text.value, path)
}

function unknownKind(path: string): { readonly diagnostics: readonly ReturnType<typeof diagnostic>[] } {
  const ending = extname(path) === '' ? 'has no ending' : `ends in "${extname(path)}"`
  return {
    diagnostics: [
      diagnostic('AMP708', `${path} ${ending}, which says nothing about what it holds.`, {
        place: path,
        expected: 'a file ending in .json, .csv or .npy',
      }),
    ],
  }
}

function readBytes(path: string): Checked<Buffer> {
  try {
    return { value: readFileSync(path === '-' ? 0 : path), diagnostics: [] }
  } catch (error) {
    const hint = neighbour(path)
    return {
      diagnostics: [
        diagnostic('AMP701', `${path} could not be read: ${systemReason(error)}.`, {
          place: path,
          ...(hint === undefined ? {} : { hint }),
        }),
      ],
    }
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
  const words: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'it may not be opened',
    ENOTDIR: 'a part of the path is not a folder',
    ENOSPC: 'the disk is full',
    EROFS: 'the disk is read-only',
    ERR_FS_FILE_TOO_LARGE: 'it has more than 2 GiB',
  }
  return words[code] ?? (error instanceof Error ? error.message : String(error))
}

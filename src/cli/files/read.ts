import { extname } from 'node:path'
import { type Checked, checked, diagnostic, made, type Unmade, unmade } from '../../base/diagnostic.ts'
import { type Given, type GivenValue, numbers, strayTrouble } from '../../bind/given.ts'
import { readBytes } from './bytes.ts'
import { readCsvColumns, readCsvMatrix } from './csv.ts'
import { readJsonObject, readJsonValue } from './json.ts'
import { readNpy } from './npy.ts'
import { plainColumns, plainMatrix } from './plain-table.ts'
import { textOf } from './text.ts'

/** `FILE` (variables by name: a JSON object or a CSV table with a header). */
export function readNamed(path: string): Checked<readonly Given[]> {
  const { value: bytes, diagnostics } = readBytes(path)
  if (bytes === undefined) return unmade(diagnostics)
  switch (extname(path).toLowerCase()) {
    case '.json':
      return asText(bytes, path, readJsonObject)
    case '.csv':
      return or(plainColumns(bytes, path), () => asText(bytes, path, readCsvColumns))
    case '.npy':
      return unmade([
        diagnostic('AMP703', `${path} holds one array, so it needs the name of its variable.`, { place: path, expected: `NAME=${path}` }),
      ])
    default:
      return unknownKind(path)
  }
}

/** `NAME=FILE` or `NAME=NUMBER`: one variable. */
export function readOne(name: string, text: string, option = 'data'): Checked<Given> {
  const number = numberIn(text)
  if (number !== undefined) return made({ name, from: `--${option} ${name}=${text}`, value: numbers([], Float64Array.of(number)) })
  const bytes = readBytes(text)
  if (bytes.value === undefined) return unmade(bytes.diagnostics)
  const read = readArray(text, bytes.value, name)
  return read.value === undefined ? unmade(read.diagnostics) : checked({ name, from: text, value: read.value }, read.diagnostics)
}

/** `FILE` of numbers alone, as one array. */
export function readNumbers(path: string): Checked<{ readonly shape: readonly number[]; readonly data: Float64Array }> {
  const { value: bytes, diagnostics } = readBytes(path)
  if (bytes === undefined) return unmade(diagnostics)
  const { value, diagnostics: said } = readArray(path, bytes, path)
  if (value === undefined) return unmade(said)
  if (value.kind === 'numbers') return checked(value, [...said, ...strayTrouble(path, value.strays ?? [], () => path)])
  return unmade([diagnostic('AMP506', `${path} holds texts.`, { place: path, expected: 'numbers alone' })])
}

/** A number as JavaScript writes it; `inf` and `nan` as CSV files do, so that they are refused as numbers, not sought as files. */
function numberIn(text: string): number | undefined {
  const [, sign, word] = /^\s*([-+]?)(nan|inf|infinity)\s*$/i.exec(text) ?? []
  if (word !== undefined) return word.toLowerCase() === 'nan' ? Number.NaN : Number(`${sign}Infinity`)
  const number = Number(text)
  return text.trim() === '' || Number.isNaN(number) ? undefined : number
}

function readArray(path: string, bytes: Buffer, name: string): Checked<GivenValue> {
  switch (extname(path).toLowerCase()) {
    case '.json':
      return asText(bytes, path, (text) => readJsonValue(text, path, name))
    case '.csv':
      return or(plainMatrix(bytes), () => asText(bytes, path, readCsvMatrix))
    case '.npy':
      return readNpy(bytes, path)
    default:
      return unknownKind(path)
  }
}

/** What was read the short way, else the long one. */
function or<T>(value: T | undefined, long: () => Checked<T>): Checked<T> {
  return value === undefined ? long() : made(value)
}

function asText<T>(bytes: Uint8Array, path: string, read: (text: string, path: string) => Checked<T>): Checked<T> {
  const text = textOf(bytes, path)
  return text.value === undefined ? unmade(text.diagnostics) : read(text.value, path)
}

function unknownKind(path: string): Unmade {
  const ending = extname(path) === '' ? 'has no ending' : `ends in "${extname(path)}"`
  return unmade([
    diagnostic('AMP708', `${path} ${ending}, which does not say what it holds.`, {
      place: path,
      expected: 'a file ending in .json, .csv or .npy',
    }),
  ])
}

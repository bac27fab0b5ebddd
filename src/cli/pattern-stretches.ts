import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import type { Stretches } from '../api/store/write.ts'
import { type Checked, checked, diagnostic, made, unmade } from '../base/diagnostic.ts'
import type { GivenByRole } from '../bind/bound.ts'
import { type Given, type GivenValue, strayTrouble } from '../bind/given.ts'
import { systemReason } from './files/bytes.ts'
import { readCsvMatrix } from './files/csv.ts'
import { numbersOf, rowsOf } from './files/npy.ts'
import { plainMatrix } from './files/plain-table.ts'
import { readOption } from './values.ts'

export interface StretchSizes {
  /** Bytes of a file that is read at once: labels in it may be in any order, and columns may be several states. */
  readonly atOnce: number
  /** So many bytes of a longer file are read together. */
  readonly stretch: number
}

const usual: StretchSizes = { atOnce: 32 << 20, stretch: 8 << 20 }

/** What is observed, a stretch at a time where it is one large array of numbers (NPY, CSV), so that a file of any length fits. */
export function patternStretches(observed: readonly string[], given: GivenByRole, { atOnce, stretch }: StretchSizes = usual): Stretches {
  const [, name, file] = (observed.length === 1 && /^([\p{L}_][\p{L}\p{N}_]*)=(.+)$/su.exec(observed[0] ?? '')) || []
  const read = readers[extname(file ?? '').toLowerCase()]
  const isLong = file !== undefined && (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > atOnce
  if (!isLong || read === undefined || name === undefined) return () => [together(observed, given)]
  return function* () {
    for (const value of inStretches(file, stretch, read)) {
      if (value === undefined) yield together(observed, given)
      else if (!value.ok) yield unmade(value.diagnostics)
      else yield made({ ...given, observed: [{ name, from: file, value: value.value }] })
    }
  }
}

/** How a kind of file is read stretch by stretch; undefined where this one cannot be. */
type Reader = (file: string, descriptor: number, stretch: number) => Iterable<Checked<GivenValue>> | undefined

const readers: Readonly<Record<string, Reader>> = { '.npy': npyStretches, '.csv': csvStretches }

/** What the system has against a file is among the diagnostics. */
function* inStretches(file: string, stretch: number, read: Reader): Generator<Checked<GivenValue> | undefined> {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, 'r')
    yield* read(file, descriptor, stretch) ?? [undefined]
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    yield unmade([diagnostic('AMP701', `${file} could not be read: ${systemReason(error)}.`, { place: file })])
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function together(observed: readonly string[], given: GivenByRole): Checked<GivenByRole> {
  const read = observed.map((text) => readOption('observed', text))
  const all: readonly Given[] = read.flatMap((r) => r.value ?? [])
  return checked({ ...given, observed: all }, read.flatMap((r) => r.diagnostics)) // biome-ignore format: a call
}

/** Rows of an array; undefined where it is none that can be read by rows. */
function npyStretches(file: string, descriptor: number, stretch: number): Iterable<Checked<GivenValue>> | undefined {
  const head = new Uint8Array(4096)
  const length = readSync(descriptor, head, 0, head.length, 0)
  const rows = rowsOf(head.subarray(0, length), fstatSync(descriptor).size)
  if (rows === undefined) return undefined
  const { from, count, bytes, shape, type } = rows
  const each = Math.max(1, Math.floor(stretch / bytes))
  return (function* (): Generator<Checked<GivenValue>> {
    for (let first = 0; first < count; first += each) {
      const size = Math.min(each, count - first)
      const buffer = new Uint8Array(size * bytes)
      if (readSync(descriptor, buffer, 0, buffer.length, from + first * bytes) < buffer.length) {
        yield cutOff(file, first, count)
        return
      }
      const data = numbersOf(buffer, buffer.length / type.size, type)
      yield made<GivenValue>({ kind: 'numbers', shape: [size, ...shape], data })
    }
  })()
}

/** Somebody has made the file shorter meanwhile. */
function cutOff(file: string, read: number, count: number): Checked<never> {
  const message = `${file} ends in the middle: it had ${count} rows, and there are no more than ${read} whole ones left.`
  return unmade([diagnostic('AMP707', message, { place: file, expected: 'a file that stays as it is while it is read' })])
}

/** Lines of a table, of which the first stretch alone may have a header. */
function* csvStretches(file: string, descriptor: number, stretch: number): Generator<Checked<GivenValue>> {
  let rest = new Uint8Array(0)
  let line = 1
  for (let at = 0, more = true; more; ) {
    const buffer = new Uint8Array(stretch)
    const read = readSync(descriptor, buffer, 0, buffer.length, at)
    at += read
    more = read > 0
    const bytes = joined(rest, buffer.subarray(0, read))
    const end = more ? bytes.lastIndexOf(FEED) + 1 : bytes.length
    rest = bytes.slice(end)
    const whole = bytes.subarray(0, end)
    if (whole.every((b) => b <= SPACE)) continue
    yield matrixIn(whole, file, line)
    line += whole.reduce((n, b) => n + (b === FEED ? 1 : 0), 0)
  }
}

const [FEED, SPACE] = [0x0a, 0x20]

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

function matrixIn(bytes: Uint8Array, file: string, line: number): Checked<GivenValue> {
  const from = line === 1 ? file : `${file}, from line ${line} on`
  const plain = plainMatrix(bytes)
  const value = plain === undefined ? readCsvMatrix(new TextDecoder().decode(bytes), from) : made(plain)
  if (!value.ok) return value
  const strays = value.value.kind === 'numbers' ? (value.value.strays ?? []) : []
  if (strays.length > 0) return unmade(strayTrouble(from, strays, () => from))
  if (line === 1) return value
  if (value.value.kind === 'numbers' && value.value.columns === undefined) return value
  const message = `${from} has a text where numbers are expected: ${value.value.kind === 'numbers' ? value.value.columns?.join(', ') : value.value.labels[0]}.`
  return unmade([diagnostic('AMP506', message, { place: from, expected: 'a number in every cell' })])
}

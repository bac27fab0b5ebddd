import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import type { Stretches } from '../api/store/write.ts'
import { type Checked, checked, diagnostic, made, unmade } from '../base/diagnostic.ts'
import type { GivenByRole } from '../bind/bound.ts'
import type { Given, GivenValue } from '../bind/given.ts'
import { readCsvMatrix } from './files/csv.ts'
import { numbersOf, rowsOf } from './files/npy.ts'
import { plainMatrix } from './files/plain-table.ts'
import { readOption } from './values.ts'

/** A file up to this size is read at once: labels in it may be in any order, and columns may be several states. */
const AT_ONCE = 32 << 20

/** So many bytes of a longer file are read together. */
const STRETCH = 8 << 20

/** What is observed, a stretch at a time where it is one large array of numbers (NPY, CSV), so that a file of any length fits. */
export function patternStretches(observed: readonly string[], given: GivenByRole): Stretches {
  const [, name, file] = (observed.length === 1 && /^([\p{L}_][\p{L}\p{N}_]*)=(.+)$/su.exec(observed[0] ?? '')) || []
  const ending = extname(file ?? '').toLowerCase()
  const isLong =
    file !== undefined && (ending === '.npy' || ending === '.csv') && (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > AT_ONCE
  if (!isLong || name === undefined) return () => [together(observed, given)]
  return function* () {
    const values = ending === '.npy' ? npyStretches(file) : csvStretches(file)
    for (const value of values ?? [undefined]) {
      if (value === undefined) yield together(observed, given)
      else if (!value.ok) yield unmade(value.diagnostics)
      else yield made({ ...given, observed: [{ name, from: file, value: value.value }] })
    }
  }
}

function together(observed: readonly string[], given: GivenByRole): Checked<GivenByRole> {
  const read = observed.map((text) => readOption('observed', text))
  const all: readonly Given[] = read.flatMap((r) => r.value ?? [])
  return checked({ ...given, observed: all }, read.flatMap((r) => r.diagnostics)) // biome-ignore format: a call
}

/** Rows of an array; undefined where it is none that can be read by rows. */
function npyStretches(file: string): Iterable<Checked<GivenValue>> | undefined {
  const descriptor = openSync(file, 'r')
  const head = new Uint8Array(4096)
  readSync(descriptor, head, 0, head.length, 0)
  const rows = rowsOf(head, statSync(file).size)
  if (rows === undefined) {
    closeSync(descriptor)
    return undefined
  }
  const { from, count, bytes, shape, type } = rows
  const each = Math.max(1, Math.floor(STRETCH / bytes))
  return (function* () {
    try {
      for (let first = 0; first < count; first += each) {
        const size = Math.min(each, count - first)
        const buffer = new Uint8Array(size * bytes)
        readSync(descriptor, buffer, 0, buffer.length, from + first * bytes)
        const data = numbersOf(buffer, buffer.length / type.size, type)
        yield made<GivenValue>({ kind: 'numbers', shape: [size, ...shape], data })
      }
    } finally {
      closeSync(descriptor)
    }
  })()
}

/** Lines of a table, of which the first stretch alone may have a header. */
function* csvStretches(file: string): Generator<Checked<GivenValue>> {
  const descriptor = openSync(file, 'r')
  try {
    let rest = new Uint8Array(0)
    let line = 1
    for (let at = 0, more = true; more; ) {
      const buffer = new Uint8Array(STRETCH)
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
  } finally {
    closeSync(descriptor)
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
  if (!value.ok || line === 1) return value
  if (value.value.kind === 'numbers' && value.value.columns === undefined) return value
  const message = `${from} has a text where numbers are expected: ${value.value.kind === 'numbers' ? value.value.columns?.join(', ') : value.value.labels[0]}.`
  return unmade([diagnostic('AMP506', message, { place: from, expected: 'a number in every cell' })])
}

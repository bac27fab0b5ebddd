import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeNpy } from '../../src/cli/files/npy.ts'
import { readNamed, readOne } from '../../src/cli/files/read.ts'
import { nearestRows } from '../../src/memory/nearest-rows.ts'
import { inTurns, timed } from '../measure.ts'
import { normals } from '../models/pair.ts'

export interface AgainstLoops {
  readonly name: string
  /** Milliseconds. */
  readonly amp: number
  readonly byHand: number
  readonly ratio: number
}

const ROUNDS = 5

/** What a retrieval does besides looks: files of numbers to arrays, and which stored row each cue came nearest to. */
export function aroundRetrieval(): readonly AgainstLoops[] {
  const folder = mkdtempSync(join(tmpdir(), 'amp-bench-'))
  const at = (name: string): string => join(folder, name)
  const stored = normals(4000 * 784, 1)
  writeFileSync(at('stored.npy'), writeNpy([4000, 784], stored))
  const rows = Array.from({ length: 20_000 }, (_, r) => Array.from(stored.subarray(50 * r, 50 * (r + 1))))
  const header = Array.from({ length: 50 }, (_, c) => `c${c}`).join()
  writeFileSync(at('table.csv'), `${header}\n${rows.map((row) => row.join()).join('\n')}\n`)
  writeFileSync(at('table.json'), JSON.stringify({ y: rows }))
  const cues = Array.from({ length: 40 }, (_, k) => stored.subarray(784 * k, 784 * (k + 1)))
  try {
    return [
      against(
        'NPY, 4000 x 784, against a typed array',
        () => readOne('xi', at('stored.npy')),
        () => asTypedArray(at('stored.npy')),
      ),
      against(
        'CSV, 20000 x 50, against split and Number',
        () => readNamed(at('table.csv')),
        () => bySplitting(at('table.csv')),
      ),
      against(
        'JSON, 20000 x 50, against JSON.parse',
        () => readNamed(at('table.json')),
        () => JSON.parse(readFileSync(at('table.json'), 'utf8')),
      ),
      against(
        'nearest of 4000 x 784, 40 cues, against loops',
        () => nearestRows({ data: stored, count: 4000, size: 784 }, cues),
        () => cues.map((cue) => nearestByLoops(stored, cue)),
      ),
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function against(name: string, amp: () => unknown, byHand: () => unknown): AgainstLoops {
  const time = (work: () => unknown) => () => timed(work) / 1000
  for (const warm of [amp, byHand]) warm()
  const { a, b, ratio } = inTurns(time(amp), time(byHand), ROUNDS)
  return { name, amp: a, byHand: b, ratio }
}

/** What numpy.load does. */
function asTypedArray(path: string): Float64Array {
  const { buffer, byteOffset, byteLength } = readFileSync(path)
  const from = byteOffset + 10 + new DataView(buffer, byteOffset).getUint16(8, true)
  return new Float64Array(buffer, from, (byteOffset + byteLength - from) / 8)
}

function bySplitting(path: string): Float64Array {
  const lines = readFileSync(path, 'latin1').trimEnd().split('\n').slice(1)
  return Float64Array.from(
    lines.flatMap((line) => line.split(',')),
    Number,
  )
}

/** `argmax(xi @ x / norm(xi, axis=1))`, with the norms worked out on the way. */
function nearestByLoops(rows: Float64Array, x: Float64Array): number {
  let [best, most] = [0, Number.NEGATIVE_INFINITY]
  for (let r = 0; r * x.length < rows.length; r++) {
    let [product, square] = [0, 0]
    for (let i = 0; i < x.length; i++) {
      const v = rows[r * x.length + i] as number
      product += v * (x[i] as number)
      square += v * v
    }
    const overlap = product / Math.sqrt(square)
    if (overlap > most) [best, most] = [r, overlap]
  }
  return best
}

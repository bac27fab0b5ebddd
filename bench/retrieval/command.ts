import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeNpy } from '../../src/cli/files/npy.ts'
import { inTurns, timed } from '../measure.ts'
import { normals } from '../models/pair.ts'
import type { AgainstLoops } from './files.ts'

const ROUNDS = 3

/** The whole process, `amp retrieve` from files to the table, against one that loads typed arrays and takes the same step by loops. */
export function command(cues: number, patterns: number, pixels: number): AgainstLoops {
  const folder = mkdtempSync(join(tmpdir(), 'amp-bench-'))
  const at = (name: string): string => join(folder, name)
  const xi = normals(patterns * pixels, 1)
  const x = normals(cues * pixels, 2).map((e, i) => (xi[i] as number) + 0.5 * e)
  writeFileSync(at('xi.npy'), writeNpy([patterns, pixels], xi))
  writeFileSync(at('x.npy'), writeNpy([cues, pixels], x))
  writeFileSync(at('by-hand.mjs'), byHand)
  const run = (args: readonly string[]) => () =>
    timed(() => {
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      if (status !== 0) throw new Error(stderr)
    }) / 1000
  try {
    const amp = [
      'dist/amp.js',
      'retrieve',
      'test/language/modern_hopfield.amp',
      '--memory',
      `xi=${at('xi.npy')}`,
      '--cue',
      `x=${at('x.npy')}`,
    ]
    const { a, b, ratio } = inTurns(run(amp), run([at('by-hand.mjs'), folder]), ROUNDS)
    return { name: `amp retrieve, ${cues} x ${patterns} x ${pixels}, against loops`, amp: a, byHand: b, ratio }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Looks at each cue and at where one step leads, energies and gradients, as a retrieval that needs one step does. */
const byHand = `
import { readFileSync } from 'node:fs'
const load = (name) => {
  const { buffer, byteOffset, byteLength } = readFileSync(process.argv[2] + '/' + name)
  const from = byteOffset + 10 + new DataView(buffer, byteOffset).getUint16(8, true)
  const shape = new TextDecoder().decode(new Uint8Array(buffer, byteOffset, 128)).match(/\\d+(?=,)/g).map(Number)
  return { data: new Float64Array(buffer, from, (byteOffset + byteLength - from) / 8), columns: shape.at(-1) }
}
const [{ data: xi, columns }, { data: x }] = [load('xi.npy'), load('x.npy')]
const rows = xi.length / columns
const weights = new Float64Array(rows)
const beta = 8
let total = 0
for (let from = 0; from < x.length; from += columns) {
  const here = x.slice(from, from + columns)
  for (let look = 0; look < 2; look++) {
    let most = -Infinity
    for (let r = 0; r < rows; r++) {
      let sum = 0
      for (let i = 0; i < columns; i++) sum += xi[r * columns + i] * here[i]
      weights[r] = beta * sum
      most = Math.max(most, weights[r])
    }
    let norm = 0
    for (let r = 0; r < rows; r++) norm += weights[r] = Math.exp(weights[r] - most)
    let square = 0
    for (let i = 0; i < columns; i++) square += here[i] * here[i]
    total += square / 2 - (most + Math.log(norm)) / beta
    here.fill(0)
    for (let r = 0; r < rows; r++) for (let i = 0; i < columns; i++) here[i] += (weights[r] / norm) * xi[r * columns + i]
  }
}
if (!Number.isFinite(total)) process.exit(1)
`

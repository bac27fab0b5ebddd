import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { bind } from '../../src/bind/bind.ts'
import type { Given, GivenValue } from '../../src/bind/given.ts'
import { readCsvColumns, readCsvMatrix } from '../../src/cli/files/csv.ts'
import { readJsonObject, readJsonValue } from '../../src/cli/files/json.ts'
import { readNpy, writeNpy } from '../../src/cli/files/npy.ts'
import { textOf } from '../../src/cli/files/text.ts'

/** Variables of many types, so that whatever a file holds meets some of them. */
const { energy } = must(
  load({
    name: 'm.amp',
    text: `
axis  e = size(d)
data  y[row]
data  n[row] : count
data  z[row] : k
data  p[row, k] : simplex[k]
data  S[d, e] : covariance[d, e]
param b : positive = 1
state mu[k] ~ normal(0, 1)
y ~ normal(mu[z] * b + sum[k](p) * n, 1)
energy sum[d, e](S)
`,
  }).value,
  'model',
)

const seeds: readonly string[] = [
  'y,n,z\n1.5,2,1\n-2,0,2\n3e2,7,1\n',
  'k,y\nlions,1\nbears,2\n',
  'row,z,y\na,lions,1\nb,"big, bears",\nc,lions,NA\n',
  '1,2\n2,1\n',
  '{"y": [1, 2], "n": [0, 3], "z": [1, 2], "p": [[0.5, 0.5], [1, 0]], "S": [[2, 0.5], [0.5, 1]]}',
  '{"y": [1, null], "z": ["a", "b"], "k": ["a", "b"], "b": 3}',
  '[[1, [2, null]], {"__proto__": 1}]',
]
const pieces = [
  ',',
  '"',
  '\n',
  '\r',
  '[',
  ']',
  '{',
  '}',
  ':',
  '1e999',
  '-',
  'NaN',
  'null',
  '[[',
  ']]',
  '""',
  'x',
  '\ufeff',
  '9007199254740993',
  '-1',
  '0',
  '#',
  ';',
  '\t',
  '__proto__',
  'constructor',
  '[]',
  '1.5.2',
  'é',
  '\0',
]
const names = ['y', 'n', 'z', 'p', 'S', 'b', 'mu', 'k', 'row', 'q', '__proto__', 'constructor']

/** A file that was right, cut off, with pieces put in or bytes changed. */
function changed(draw: Stream): Uint8Array {
  let text = must(seeds[draw.integer(seeds.length)], 'seed')
  for (let edits = draw.integer(4); edits > 0; edits -= 1) {
    const at = draw.integer(text.length + 1)
    text = text.slice(0, at) + must(pieces[draw.integer(pieces.length)], 'piece') + text.slice(at + draw.integer(3))
  }
  const bytes = new TextEncoder().encode(draw.integer(5) === 0 ? text.slice(0, draw.integer(text.length + 1)) : text)
  if (draw.integer(8) === 0 && bytes.length > 0) bytes[draw.integer(bytes.length)] = draw.integer(256)
  return bytes
}

function changedArray(draw: Stream): Uint8Array {
  const shape = Array.from({ length: draw.integer(4) }, () => draw.integer(4))
  const bytes = writeNpy(shape, new Float64Array(shape.reduce((n, s) => n * s, 1)).fill(draw.integer(3)))
  for (let edits = draw.integer(4); edits > 0; edits -= 1) bytes[draw.integer(bytes.length)] = draw.integer(256)
  return draw.integer(4) === 0 ? bytes.subarray(0, draw.integer(bytes.length + 1)) : bytes
}

const one = (name: string, value: GivenValue | undefined): readonly Given[] => (value === undefined ? [] : [{ name, from: 'file', value }])

/** Every way to read the bytes; what was told, and what was read. */
function readings(draw: Stream): readonly { readonly value?: readonly Given[]; readonly told: number }[] {
  const name = must(names[draw.integer(names.length)], 'name')
  const array = readNpy(changedArray(draw), 'd.npy')
  const text = textOf(changed(draw), 'd')
  const arrays = [{ value: one(name, array.value), told: array.diagnostics.length }]
  if (text.value === undefined) return [...arrays, { told: text.diagnostics.length }]
  const bundles = [readCsvColumns(text.value, 'd.csv'), readJsonObject(text.value, 'd.json')]
  const singles = [readCsvMatrix(text.value, 'd.csv'), readJsonValue(text.value, 'd.json', name)]
  return [
    ...arrays,
    ...bundles.map(({ value, diagnostics }) => ({ ...(value === undefined ? {} : { value }), told: diagnostics.length })),
    ...singles.map(({ value, diagnostics }) => ({ value: one(name, value), told: diagnostics.length })),
  ]
}

/** `AMP_FUZZ_DATA=200000 npx vitest run test/fuzz/data.test.ts` goes through more. */
const count = Number(process.env.AMP_FUZZ_DATA ?? 3000)

describe('whatever a file of data holds, it is read and bound without an exception', () => {
  it(`${count} files of each kind`, { timeout: 3_600_000 }, () => {
    const seen = { refused: 0, bound: 0 }
    for (let i = 0; i < count; i += 1) {
      const draw = new Stream(fold(keyFromSeed(31), i))
      for (const { value, told } of readings(draw)) {
        expect(value !== undefined || told > 0, `file ${i}: a value or why not`).toBe(true)
        const halves = { fixed: value ?? [], observed: draw.integer(3) === 0 ? (value ?? []) : [], cues: [] }
        const bound = bind(energy, halves)
        expect(bound.value !== undefined || bound.diagnostics.length > 0, `file ${i}: bound or why not`).toBe(true)
        for (const { message } of bound.diagnostics) expect(message).not.toMatch(/\[object |has (?:NaN|undefined) /)
        seen[bound.value === undefined ? 'refused' : 'bound'] += 1
      }
    }
    // Most give not enough; that some are bound shows that the last phase is reached too.
    expect(seen.refused).toBeGreaterThan(count)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsvColumns, readCsvMatrix } from '../../src/cli/files/csv.ts'
import { plainColumns, plainMatrix } from '../../src/cli/files/plain-table.ts'
import { folderWith, program } from './amp.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')
/** Typed arrays as lists; NaN and -0 stay what they are. */
const plainly = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, v) => (ArrayBuffer.isView(v) ? [...(v as never)].map(String) : Object.is(v, -0) ? '-0' : v)))

/** Both ways read the same, if the short way reads it at all. */
function same(text: string): boolean {
  const columns = plainColumns(bytes(text), 'f.csv')
  if (columns !== undefined) {
    const right = readCsvColumns(text, 'f.csv').value
    expect(plainly(columns)).toEqual(plainly(right?.map((g) => ({ ...g, lines: Uint32Array.from(g.lines ?? []) }))))
  }
  const matrix = plainMatrix(bytes(text))
  if (matrix !== undefined) expect(plainly(matrix)).toEqual(plainly(readCsvMatrix(text, 'f.csv').value))
  return columns !== undefined || matrix !== undefined
}

describe('a plain table is read straight into numbers', () => {
  it.each([
    'x,y\n1,2\n3,4\n',
    'x,y\n1,2\n3,4',
    '\ufeffx,y\r\n1,2\r\n\r\n3,4\r\n',
    '\n  \nx , y\n 1 , 2\n\n\n3,\t4\n  \n',
    'x\n1\n\n2\n',
    'x,y\n,\nNA,nan\nnull,-inf\n+Infinity,inf\n',
    '1,2\n3,4\n',
    '7\n8\n',
    'größe,naïve\n1,-0\n',
    'x\n0.1\n.5\n5.\n1e5\n1E-5\n-2.5e+3\n123456789012345.6\n1e400\n4.9e-324\n0.30000000000000004\n9007199254740993.0\n',
  ])('like the whole format: %j', (text) => {
    expect(same(text)).toBe(true)
  })

  it.each([
    'x,y\n1,a\n',
    'x,y\n"1",2\n',
    'x,y\n1\n',
    'x,y\n1,2,3\n',
    '"x",y\n1,2\n',
    'x;y\n1;2\n',
    'x\ty\n1\t2\n',
    '#x\n1\n',
    'x\r1\r2\r',
    'x,y\n',
    '',
    '\n\n',
    'x\n02139\n10001\n',
    'x\n12345678901234567890\n',
    'x\n1\n1_000\n',
    'x\n0x10\n',
    'x\n1e\n',
    'x\n--1\n',
    'x\n1 2\n',
    'x\n.\n',
    'TRUE,FALSE\nTRUE,TRUE\n',
  ])('and anything else is left to the parser of the whole format: %j', (text) => {
    expect(same(text)).toBe(false)
  })

  it('whatever the numerals are', () => {
    const digits = fc.stringMatching(/^[0-9]{0,20}$/)
    const numeral = fc
      .tuple(
        fc.constantFrom('', '-', '+'),
        digits,
        fc.constantFrom('', '.'),
        digits,
        fc.constantFrom('', 'e', 'E'),
        fc.integer({ min: -400, max: 400 }),
      )
      .map(([sign, a, point, b, e, power]) => `${sign}${a}${point}${point === '' ? '' : b}${e}${e === '' ? '' : power}`)
    const cell = fc.oneof({ weight: 4, arbitrary: numeral }, fc.double().map(String), fc.constantFrom('', 'NA', 'inf', ' 1 ', '"2"', 'a'))
    const table = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
      .chain(([width, end, header]) =>
        fc
          .array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 4 })
          .map((rows) => [...(header ? [['x', 'y', 'z'].slice(0, width)] : []), ...rows].map((row) => row.join(',')).join(end)),
      )
    let plain = 0
    fc.assert(
      fc.property(table, (text) => {
        if (same(text)) plain += 1
      }),
      { seed: 7, numRuns: 2000 },
    )
    expect(plain).toBeGreaterThan(200)
  })

  it('in little more than the numbers take', () => {
    const rows = Array.from({ length: 400_000 }, (_, i) => `${(i % 97) / 7},${(i % 31) / 3}`)
    const folder = folderWith({
      'big.csv': `x,y\n${rows.join('\n')}\n`,
      'big.amp': 'data x[row]\ndata y[row]\nstate b ~ normal(0, 10)\ny ~ normal(b * x, 1)\n',
    })
    const args = ['sample', 'big.amp', '--data', 'big.csv', '--draws', '4', '--warmup', '4', '--chains', '1', '--depth', '1']
    // Arrays of numbers are not counted among the 40 MB; a list of texts for each row would be, and would not fit.
    const ran = spawnSync(process.execPath, ['--max-old-space-size=40', program, ...args], { cwd: folder, encoding: 'utf8' })
    expect(ran.stderr).not.toContain('heap')
    expect(ran.stdout).toContain('4 draws from 1 chain')
  })
})

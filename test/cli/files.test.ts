import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellsOf } from '../../src/cli/files/cells.ts'
import { readCsvColumns, readCsvMatrix } from '../../src/cli/files/csv.ts'
import { readJsonObject, readJsonValue } from '../../src/cli/files/json.ts'
import { readNpy, writeNpy } from '../../src/cli/files/npy.ts'
import { readNamed, readOne } from '../../src/cli/files/read.ts'
import { readSource } from '../../src/cli/files/source.ts'
import { textOf } from '../../src/cli/files/text.ts'
import { writeWhole } from '../../src/cli/files/write.ts'

const codes = (checked: { readonly diagnostics: readonly { readonly code: string }[] }): string[] => checked.diagnostics.map((d) => d.code)

describe('text', () => {
  it('is UTF-8, with or without a mark of it', () => {
    const bytes = new TextEncoder().encode('\ufeffgröße 𝜃\0')
    expect(textOf(bytes, 'm.amp').value).toBe('\ufeffgröße 𝜃\0')
    expect(textOf(new Uint8Array(0), 'm.amp').value).toBe('')
  })

  it.each([
    ['Latin-1', Buffer.from('a,b\nM\u00fcller,1\n', 'latin1'), /line 2 holds bytes .*/, /iconv -f WINDOWS-1252/],
    ['a letter that is cut off', new TextEncoder().encode('a\nb\nü').subarray(0, 5), /line 3 holds bytes/, /UTF-8/],
    ['half of a surrogate pair', Uint8Array.of(0x61, 0xed, 0xa0, 0x80), /line 1 holds bytes/, /UTF-8/],
    ['UTF-16', Buffer.from('\ufeffstate x', 'utf16le'), /it is UTF-16/, /iconv -f UTF-16/],
    ['UTF-16 the other way round', Buffer.from('\ufeffstate x', 'utf16le').swap16(), /it is UTF-16/, /iconv -f UTF-16/],
  ])('refuses %s', (_, bytes, why, how) => {
    const read = textOf(bytes, 'd.csv')
    expect(read.value).toBeUndefined()
    expect(codes(read)).toEqual(['AMP701'])
    expect(read.diagnostics[0]?.message).toMatch(why)
    expect(read.diagnostics[0]?.hint).toMatch(how)
  })

  it('is asked of models and data alike', () => {
    const folder = mkdtempSync(join(tmpdir(), 'amp-text-'))
    const at = (name: string) => join(folder, name)
    for (const name of ['m.amp', 'd.csv', 'd.json']) writeFileSync(at(name), Uint8Array.of(0x41, 0xff, 0x42))
    expect(codes(readSource(at('m.amp')))).toEqual(['AMP701'])
    for (const name of ['d.csv', 'd.json']) {
      expect(codes(readNamed(at(name)))).toEqual(['AMP701'])
      expect(codes(readOne('y', at(name)))).toEqual(['AMP701'])
    }
  })
})

describe('JSON', () => {
  it('nests in declared order, with null for what is missing', () => {
    const read = readJsonObject('{"y": [[1, 2, 3], [4, null, 6]], "n": 7, "who": ["a", "b"], "__proto__": 1}', 'd.json')
    expect(codes(read)).toEqual([])
    expect(read.value?.map((g) => g.name)).toEqual(['y', 'n', 'who', '__proto__'])
    expect(read.value?.[0]?.value).toEqual({ kind: 'numbers', shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, Number.NaN, 6) })
    expect(read.value?.[1]?.value).toEqual({ kind: 'numbers', shape: [], data: Float64Array.of(7) })
    expect(read.value?.[2]?.value).toEqual({ kind: 'labels', labels: ['a', 'b'] })
  })

  it.each([
    ['not JSON', '{"y": NaN}', 'AMP704'],
    ['a bare list', '[1, 2]', 'AMP705'],
    ['ragged lists', '{"y": [[1, 2], [3]]}', 'AMP507'],
    ['a list where a number is', '{"y": [1, [2]]}', 'AMP506'],
    ['a number where a list is', '{"y": [[1], 2]}', 'AMP507'],
  ])('tells %s', (_, text, code) => {
    expect(codes(readJsonObject(text, 'd.json'))).toEqual([code])
  })

  it('marks what is no number, and says where in a nested list', () => {
    const read = readJsonObject('{"y": [[1, "two"], [3, true], [5, {}]]}', 'd.json')
    expect(codes(read)).toEqual([])
    expect(read.value?.[0]?.value).toEqual({
      kind: 'numbers',
      shape: [3, 2],
      data: Float64Array.of(1, Number.NaN, 3, 1, 5, Number.NaN),
      strays: [
        { at: 1, text: 'the text "two"', inWords: true, place: 'd.json, key "y"[1][2]' },
        { at: 5, text: 'an object', inWords: true, place: 'd.json, key "y"[3][2]' },
      ],
    })
  })

  it('takes one variable bare or under its name', () => {
    const bare = readJsonValue('[1, 2]', 'x.json', 'x').value
    expect(readJsonValue('{"x": [1, 2]}', 'x.json', 'x').value).toEqual(bare)
  })
})

describe('CSV', () => {
  it('reads columns by name: numbers, missing cells and labels', () => {
    const read = readCsvColumns('county,y\nAITKIN,1.5\n"BIG, STONE",\nAITKIN,NA\n', 'd.csv')
    expect(codes(read)).toEqual([])
    expect(read.value?.[0]?.value).toEqual({ kind: 'labels', labels: ['AITKIN', 'BIG, STONE', 'AITKIN'] })
    expect(read.value?.[1]?.value).toEqual({ kind: 'numbers', shape: [3], data: Float64Array.of(1.5, Number.NaN, Number.NaN) })
  })

  it('leaves it to the model what a column of texts and numbers means', () => {
    const read = readCsvColumns('a,b\n1,1\n2,x\n', 'd.csv')
    expect(codes(read)).toEqual([])
    expect(read.value?.[1]).toMatchObject({ value: { kind: 'labels', labels: ['1', 'x'] }, lines: [2, 3] })
  })

  it('reads a matrix with or without a header', () => {
    const data = Float64Array.of(1, 2, 3, 4)
    expect(readCsvMatrix('1,2\n3,4\n', 'm.csv').value).toEqual({ kind: 'numbers', shape: [2, 2], data })
    expect(readCsvMatrix('a,b\n1,2\n3,4\n', 'm.csv').value).toEqual({ kind: 'numbers', shape: [2, 2], data, columns: ['a', 'b'] })
    expect(readCsvMatrix('1\n2\n', 'm.csv').value).toEqual({ kind: 'numbers', shape: [2], data: Float64Array.of(1, 2) })
  })

  it('tells uneven lines, empty files and columns without names', () => {
    expect(codes(readCsvMatrix('1,2\n3\n', 'm.csv'))).toEqual(['AMP706'])
    expect(codes(readCsvMatrix('', 'm.csv'))).toEqual(['AMP706'])
    expect(codes(readCsvColumns('1,2\n3,4\n', 'm.csv'))).toEqual(['AMP706'])
  })
})

describe('keys of JSON', () => {
  const names = (text: string) => readJsonObject(text, 'd.json').value?.map((g) => g.name)
  it('count as given twice wherever they are, and only as keys', () => {
    expect(names('{"y": 1, "z": 2, "y": 3}')).toEqual(['y', 'z', 'y'])
    expect(names('{"\\u0079": 1, "y": 3}')).toEqual(['y', 'y'])
    expect(names(`{"y"${' '.repeat(100)}: 1, "y"\n:3}`)).toEqual(['y', 'y'])
    expect(names('{"y": ["y", "y"], "z": ["\\"y\\": 1", "\\\\"]}')).toEqual(['y', 'z'])
    expect(names('{"a\\"": 1, "a\\\\": 2, "a\\\\": 2}')).toEqual(['a"', 'a\\', 'a\\'])
  })
})

describe('NPY', () => {
  it('reads what it writes, whatever the shape', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), fc.integer(), (shape, seed) => {
        const size = shape.reduce((p, n) => p * n, 1)
        const data = Float64Array.from({ length: size }, (_, i) => Math.sin(seed + i))
        const read = readNpy(writeNpy(shape, data), 'x.npy')
        expect(read.value).toEqual({ kind: 'numbers', shape, data })
      }),
      { seed: 1, numRuns: 50 },
    )
  })

  it('turns Fortran order into rows', () => {
    const bytes = Buffer.from(writeNpy([2, 3], Float64Array.of(1, 4, 2, 5, 3, 6)))
    const fortran = Buffer.from(bytes.toString('latin1').replace("'fortran_order': False", "'fortran_order': True "), 'latin1')
    expect(readNpy(fortran, 'x.npy').value).toEqual({ kind: 'numbers', shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) })
  })

  it('turns Fortran order of any number of axes into rows', () => {
    const shape = [2, 3, 4]
    const data = Float64Array.from({ length: 24 }, (_, at) => {
      const [i, j, k] = [at % 2, Math.floor(at / 2) % 3, Math.floor(at / 6)]
      return 100 * i + 10 * j + k
    })
    const bytes = Buffer.from(writeNpy(shape, data))
    const fortran = Buffer.from(bytes.toString('latin1').replace("'fortran_order': False", "'fortran_order': True "), 'latin1')
    const rows = [0, 1].flatMap((i) => [0, 1, 2].flatMap((j) => [0, 1, 2, 3].map((k) => 100 * i + 10 * j + k)))
    expect(readNpy(fortran, 'x.npy').value).toEqual({ kind: 'numbers', shape, data: Float64Array.from(rows) })
  })

  const kinds: readonly (readonly [
    string,
    number,
    (view: DataView, at: number, value: number, little: boolean) => void,
    readonly number[],
  ])[] = [
    ['b1', 1, (v, at, x) => v.setUint8(at, x), [0, 1, 1]],
    ['i1', 1, (v, at, x) => v.setInt8(at, x), [-128, 0, 127]],
    ['u1', 1, (v, at, x) => v.setUint8(at, x), [0, 128, 255]],
    ['i2', 2, (v, at, x, little) => v.setInt16(at, x, little), [-32768, -2, 32767]],
    ['u2', 2, (v, at, x, little) => v.setUint16(at, x, little), [0, 258, 65535]],
    ['i4', 4, (v, at, x, little) => v.setInt32(at, x, little), [-(2 ** 31), -3, 2 ** 31 - 1]],
    ['u4', 4, (v, at, x, little) => v.setUint32(at, x, little), [0, 66051, 2 ** 32 - 1]],
    ['i8', 8, (v, at, x, little) => v.setBigInt64(at, BigInt(x), little), [-(2 ** 63), -(2 ** 53) + 1, -1, 2 ** 40 + 7]],
    ['u8', 8, (v, at, x, little) => v.setBigUint64(at, BigInt(x), little), [0, 2 ** 53 - 1, 2 ** 63]],
    ['f4', 4, (v, at, x, little) => v.setFloat32(at, x, little), [-1.5, 2 ** -149, Infinity, Number.NaN]],
    ['f8', 8, (v, at, x, little) => v.setFloat64(at, x, little), [-0.1, 5e-324, -Infinity, Number.NaN]],
    // 1, -2, 65504, the smallest, the smallest that is normal, infinity, a third.
    ['f2', 2, (v, at, x, little) => v.setUint16(at, x, little), [0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0xfc00, 0x3555, 0x7e00]],
  ]
  const halves = [1, -2, 65504, 2 ** -24, 2 ** -14, -Infinity, 0.333251953125, Number.NaN]

  /** An array of one axis as NumPy writes it, `shift` bytes behind where its bytes begin. */
  const written = (descr: string, count: number, content: Uint8Array, shift = 0): Uint8Array => {
    const header = Buffer.from(writeNpy([count], new Float64Array(0)).subarray(0, 128))
      .toString('latin1')
      .replace('<f8', descr)
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(header.slice(0, 127 + 3 - descr.length), 'latin1'), content])
    bytes.writeUInt16LE(bytes.length - content.length - shift - 10, shift + 8)
    return bytes.subarray(shift)
  }

  it.each(kinds)('reads %s in either order of bytes, aligned or not', (code, size, set, values) => {
    for (const order of size === 1 ? ['|'] : ['<', '>']) {
      for (const shift of [0, 1]) {
        const content = new Uint8Array(size * values.length)
        values.forEach((value, i) => {
          set(new DataView(content.buffer), i * size, value, order === '<')
        })
        const expected = Float64Array.from(code === 'f2' ? halves : code === 'f4' ? values.map(Math.fround) : values)
        const { value } = readNpy(written(order + code, values.length, content, shift), 'x.npy')
        expect(value, order + code).toEqual({ kind: 'numbers', shape: [values.length], data: expected })
      }
    }
  })

  it('rounds whole numbers that are no doubles as a BigInt is', () => {
    const whole = [2n ** 53n + 1n, -(2n ** 53n) - 3n, 2n ** 63n - 1n, 2n ** 62n + 257n]
    const { value } = readNpy(written('<i8', whole.length, new Uint8Array(BigInt64Array.from(whole).buffer)), 'x.npy')
    expect(value).toMatchObject({ data: Float64Array.from(whole, Number) })
  })

  it('does not copy float64', () => {
    const bytes = writeNpy([3], Float64Array.of(1, 2, 3))
    const { value } = readNpy(bytes, 'x.npy')
    expect(value?.kind === 'numbers' && value.data.buffer).toBe(bytes.buffer)
  })

  it('reads texts as labels', () => {
    const points = Uint32Array.from([...'ab\0cd\0e\0\0'].map((letter) => letter.codePointAt(0) as number))
    const { value } = readNpy(written('<U3', 3, new Uint8Array(points.buffer)), 'x.npy')
    expect(value).toEqual({ kind: 'labels', labels: ['ab', 'cd', 'e'], shape: [3] })
  })

  it('refuses complex numbers, objects and what is cut off', () => {
    for (const descr of ['<c8', '|O', '<f3'])
      expect(codes(readNpy(written(descr, 1, new Uint8Array(8)), 'x.npy')), descr).toEqual(['AMP707'])
    const whole = writeNpy([3], Float64Array.of(1, 2, 3))
    for (let length = 0; length < whole.length; length += 1) expect(codes(readNpy(whole.subarray(0, length), 'x.npy'))).toEqual(['AMP707'])
  })

  it('refuses a shape that is none, or of other numbers than there are', () => {
    const withShape = (shape: string) => {
      const bytes = writeNpy([2, 3], new Float64Array(6))
      const at = Buffer.from(bytes).indexOf('(2, 3,)')
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(shape.padEnd(7)), bytes.subarray(at + 7)])
    }
    expect(readNpy(withShape('(2, 3,)'), 'x.npy').value).toMatchObject({ shape: [2, 3] })
    for (const shape of ['(2x3,)', '(7, 3,)', '(9999,)']) expect(codes(readNpy(withShape(shape), 'x.npy'))).toEqual(['AMP707'])
  })

  it('refuses other bytes', () => {
    expect(codes(readNpy(new TextEncoder().encode('hello'), 'x.npy'))).toEqual(['AMP707'])
  })
})

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'amp-files-'))

  it('reads a number, or a file by its ending', () => {
    writeFileSync(join(folder, 'x.csv'), '1,2\n')
    expect(readOne('x', '0.5').value?.value).toEqual({ kind: 'numbers', shape: [], data: Float64Array.of(0.5) })
    expect(readOne('x', join(folder, 'x.csv')).value?.value).toMatchObject({ shape: [1, 2] })
    expect(codes(readOne('x', join(folder, 'none.csv')))).toEqual(['AMP701'])
    expect(codes(readOne('x', folder))).toEqual(['AMP701'])
    expect(codes(readNamed(join(folder, 'x.csv')))).toEqual(['AMP706'])
  })

  it('writes whole or not at all', () => {
    const path = join(folder, 'out.txt')
    expect(writeWhole(path, 'first')).toEqual([])
    expect(writeWhole(path, 'second')).toEqual([])
    expect(readFileSync(path, 'utf8')).toBe('second')
    expect(writeWhole(join(folder, 'no', 'such', 'folder.txt'), 'x').map((d) => d.code)).toEqual(['AMP702'])
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

describe('tables of other programs', () => {
  const why = (text: string): readonly string[] =>
    [readCsvColumns(text, 'd.csv'), readCsvMatrix(text, 'd.csv')].map((r) => r.diagnostics[0]?.message ?? 'read')
  const refused = (text: string, sign: string): void => {
    for (const said of why(text)) expect(said).toBe(`d.csv is not a table: its cells are separated by ${sign}.`)
  }

  it.each([
    ['quoted names', '"a";"b"\n"x";0.5\n"y";1.5\n'],
    ['decimal commas', 'a;b\n0,5;1,5\n2,5;3\n'],
    ['decimal commas, quoted names', '"a";"b"\n0,5;1,5\n'],
    ['decimal commas, no names', '0,5;1,5\n2,5;3,5\n'],
    ['names with commas in quotes', '"a, b";"c"\n1;2\n'],
    ['names with commas', 'mass (g, dry);b\n1;2\n2;3\n'],
    ['texts with commas', 'a;b\nx, y;2\nz;3\n'],
    ['a mark of UTF-8', '\ufeff"a";"b"\n1;2\n'],
    ['line ends of Windows', '"a";"b"\r\n1;2\r\n'],
    ['quoted cells over lines', '"a";"b"\n"one\ntwo";2\n'],
    ['an uneven line', 'a;b\n1;2\n3\n'],
  ])('are refused with semicolons: %s', (_, text) => refused(text, 'semicolons'))

  it('are refused with tabs, bars and spaces', () => {
    refused('"a"\t"b"\n1,5\t2\n', 'tabs')
    refused('a|b\n1|2\n', 'vertical bars')
    refused('"a" "b"\n"1" 0.5 2\n"2" 1.5 NA\n', 'spaces')
    refused('a b\n1 2\n3 4\n', 'spaces')
  })

  it('are read where such signs stand in texts', () => {
    const texts = (text: string): unknown => readCsvColumns(text, 'd.csv').value?.map((g) => [g.name, g.value.kind])
    expect(texts('coat,n\nblue; tabby,1\nblack; white,2\n')).toEqual([
      ['coat', 'labels'],
      ['n', 'numbers'],
    ])
    expect(texts('coat colour\nBlue Tabby\nBlack White\n')).toEqual([['coat colour', 'labels']])
    expect(texts('P(a|b),n\n0.5,1\n0.25,2\n')).toEqual([
      ['P(a|b)', 'numbers'],
      ['n', 'numbers'],
    ])
    expect(texts('"a;b","c"\n1,2\n')).toEqual([
      ['a;b', 'numbers'],
      ['c', 'numbers'],
    ])
  })
})

describe('TRUE and FALSE', () => {
  const column = (...cells: string[]): unknown =>
    readCsvColumns(`y,z\n${cells.map((c) => `${c},1`).join('\n')}\n`, 'd.csv').value?.[0]?.value

  it.each([
    ['TRUE', 'FALSE'],
    ['True', 'False'],
    ['true', 'false'],
    ['T', 'F'],
  ])('are 1 and 0, written %s and %s', (yes, no) => {
    expect(column(yes, no, 'NA', yes)).toEqual({
      kind: 'numbers',
      shape: [4],
      data: Float64Array.of(1, 0, Number.NaN, 1),
      texts: [yes, no, '', yes],
    })
    expect(readCsvMatrix(`a,b\n${yes},0.5\n${no},2\n`, 'm.csv').value).toMatchObject({ data: Float64Array.of(1, 0.5, 0, 2) })
    expect(readCsvMatrix(`${yes},${no}\n${no},${yes}\n`, 'm.csv').value).toMatchObject({ shape: [2, 2], data: Float64Array.of(1, 0, 0, 1) })
  })

  it('stand beside 1 and 0', () => {
    expect(column('TRUE', '0', '', '1')).toMatchObject({ kind: 'numbers', data: Float64Array.of(1, 0, Number.NaN, 1) })
    expect(column('TRUE', '2')).toEqual({ kind: 'labels', labels: ['TRUE', '2'] })
    expect(column('FALSE', '-1')).toEqual({ kind: 'labels', labels: ['FALSE', '-1'] })
  })

  it('are texts among other texts, and names above numbers', () => {
    expect(column('T', 'F', 'M')).toEqual({ kind: 'labels', labels: ['T', 'F', 'M'] })
    expect(readCsvMatrix('T,F\n1,2\n3,4\n', 'm.csv').value).toMatchObject({ shape: [2, 2], columns: ['T', 'F'] })
  })

  it('keep their words in JSON, too', () => {
    const read = readJsonObject('{"y": [true, null, false], "x": [true, 2], "s": false}', 'd.json').value?.map((g) => g.value)
    expect(read?.[0]).toEqual({ kind: 'numbers', shape: [3], data: Float64Array.of(1, Number.NaN, 0), texts: ['true', '', 'false'] })
    expect(read?.[1]).toEqual({ kind: 'numbers', shape: [2], data: Float64Array.of(1, 2) })
    expect(read?.[2]).toEqual({ kind: 'numbers', shape: [], data: Float64Array.of(0), texts: ['false'] })
  })
})

describe('a line of labels', () => {
  it.each([
    ['low,mid,high', ['low', 'mid', 'high']],
    [' low , mid', ['low', 'mid']],
    ['"a, b",c', ['a, b', 'c']],
    ['"say ""no""",3', ['say "no"', '3']],
    ['a,,b', ['a', '', 'b']],
    ['Black/White', ['Black/White']],
  ])('%s', (line, cells) => expect(cellsOf(line)).toEqual(cells))
})

describe('texts', () => {
  it('may nest, stand alone and be missing', () => {
    const read = readJsonObject('{"g": [["a", "b"], [null, "a"]], "r": "a", "h": ["a", null]}', 'd.json').value?.map((g) => g.value)
    expect(read?.[0]).toEqual({ kind: 'labels', labels: ['a', 'b', '', 'a'], shape: [2, 2] })
    expect(read?.[1]).toEqual({ kind: 'labels', labels: ['a'], shape: [] })
    expect(read?.[2]).toEqual({ kind: 'labels', labels: ['a', ''] })
    expect(readCsvColumns('g,y\na,1\nNA,2\n', 'd.csv').value?.[0]?.value).toEqual({ kind: 'labels', labels: ['a', ''] })
  })

  it('stay beside numbers that lose their digits', () => {
    const value = (text: string): unknown => readCsvColumns(text, 'd.csv').value?.[0]?.value
    expect(value('zip,y\n02139,1\n10001,2\n')).toMatchObject({ data: Float64Array.of(2139, 10001), texts: ['02139', '10001'] })
    expect(value('id,y\n12345678901234567890,1\n12345678901234567891,2\n')).toMatchObject({
      texts: ['12345678901234567890', '12345678901234567891'],
    })
    expect(value('n,y\n0.5,1\n10,2\n')).toEqual({ kind: 'numbers', shape: [2], data: Float64Array.of(0.5, 10) })
  })
})

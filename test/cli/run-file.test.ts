import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readInits } from '../../src/cli/init-files.ts'
import { isRunFile, openRunFile, runHeader, sealed } from '../../src/cli/run-file.ts'
import { readRun } from '../../src/cli/saved-run.ts'
import { amp, codesOf, folderWith } from './amp.ts'

const folder = folderWith({ 'm.amp': 'state x\nx ~ normal(0, 1)\n' })
const at = (name: string): string => join(folder, name)
const args = ['sample', 'm.amp', '--sampler', 'nuts', '--warmup', '50', '--draws', '20', '--chains', '2', '--seed', '3']

let whole: Buffer
beforeAll(() => {
  amp(folder, [...args, '--out', 'run.json'])
  whole = readFileSync(at('run.json'))
})

const codes = (checked: { readonly diagnostics: readonly { readonly code: string }[] }): string[] => checked.diagnostics.map((d) => d.code)

describe('a run in a file', () => {
  it('is JSON that says what wrote it, sealed by a checksum', () => {
    expect(JSON.parse(whole.toString())).toMatchObject({ ...runHeader(), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(codes(readRun(at('run.json')))).toEqual([])
  })

  it('is refused with any one byte changed, wherever it is', () => {
    // Every place but for a stride of a prime in the middle, every place at the ends; two ways to change it each.
    const places = Array.from({ length: whole.length }, (_, i) => i).filter((i) => i < 80 || i >= whole.length - 90 || i % 37 === 0)
    const passed = places.filter((place) =>
      [1, 0x20].some((flip) => {
        const bytes = Buffer.from(whole)
        bytes[place] = (bytes[place] as number) ^ flip
        return openRunFile(bytes, 'run.json').value !== undefined
      }),
    )
    expect(passed).toEqual([])
  })

  it('is refused wherever it is cut off, and with something added', () => {
    for (let length = 0; length < whole.length; length += length < 80 || length > whole.length - 90 ? 1 : 41)
      expect(openRunFile(whole.subarray(0, length), 'run.json').value, `${length} bytes`).toBeUndefined()
    expect(codes(openRunFile(Buffer.concat([whole, Buffer.from(' ')]), 'run.json'))).toEqual(['AMP718'])
  })

  it.each(['--resume', '--init'])('says so to %s, with the name of the file and what is wrong', (option) => {
    writeFileSync(at('edited.json'), whole.toString().replace('"count":20', '"count":19'))
    writeFileSync(at('cut.json'), whole.subarray(0, whole.length / 2))
    const edited = amp(folder, [...args, option, 'edited.json'])
    expect([edited.code, codesOf(edited)]).toEqual([1, ['AMP718']])
    expect(edited.err).toContain('edited.json is not as amp wrote it')
    const cut = amp(folder, [...args, option, 'cut.json'])
    expect([cut.code, codesOf(cut)]).toEqual([1, ['AMP718']])
    expect(cut.err).toContain('cut.json is not complete')
  })

  it.each([
    ['here', `"node":"${process.versions.node}"`, []],
    ['on Node 18.20.4;', '"node":"18.20.4"', ['AMP726']],
    ['on Node 1.2.3;', '"node":"1.2.3"', ['AMP726']],
  ])('names the Node that drew it, and says where another goes on: %s', (said, node, wanted) => {
    const text = whole.toString().replace(/,"sha256":.*\n$/, '')
    expect(text).toContain(`"node":"${process.versions.node}","v8":"${process.versions.v8}"`)
    writeFileSync(at('other.json'), [...sealed([text.replace(/"node":"[^"]*"/, node)])].join(''))
    const ran = amp(folder, [...args.slice(0, 2), '--resume', 'other.json', '--draws', '21'])
    expect(codesOf(ran)).toEqual(wanted)
    if (wanted.length > 0) expect(ran.err).toContain(`other.json was drawn ${said}`)
    expect(ran.out).toContain('42 draws from 2 chains')
  })

  it('says where another amp goes on', () => {
    const text = whole
      .toString()
      .replace(/,"sha256":.*\n$/, '')
      .replace('"amp":"0.1.0"', '"amp":"0.0.7"')
    writeFileSync(at('other.json'), [...sealed([text])].join(''))
    expect(readRun(at('other.json')).diagnostics.map((d) => d.message)).toEqual([
      `${at('other.json')} was drawn by amp 0.0.7; a different version resumes it now.`,
    ])
  })

  it('without a checksum is read with a warning: an older amp wrote it', () => {
    const { format, sha256, ...older } = JSON.parse(whole.toString())
    writeFileSync(at('older.json'), JSON.stringify(older))
    expect(codes(readRun(at('older.json')))).toEqual(['AMP719'])
    const inits = readInits([at('older.json')], new Set())
    expect([codes(inits), inits.value]).toEqual([['AMP719'], []])
    const resumed = amp(folder, ['sample', 'm.amp', '--resume', 'older.json', '--draws', '30', '--out', 'more.json'])
    expect(codesOf(resumed)).toEqual(['AMP719'])
    amp(folder, [...args, '--draws', '30', '--out', 'once.json'])
    expect(JSON.parse(readFileSync(at('more.json'), 'utf8')).draws).toEqual(JSON.parse(readFileSync(at('once.json'), 'utf8')).draws)
  })

  it('of a format to come is refused as that', () => {
    const text = [...sealed([`{"format":"amp run 3","draws":{}`])].join('')
    const read = openRunFile(Buffer.from(text), 'run.json')
    expect(codes(read)).toEqual(['AMP715'])
    expect(read.diagnostics[0]?.message).toContain('in the format "amp run 3"')
  })

  it('is told from other JSON', () => {
    expect(isRunFile(Buffer.from('{"x": 1}'))).toBe(false)
    expect(isRunFile(whole)).toBe(true)
  })
})

describe('a run of any length', () => {
  it('is read in pieces, to the same draws and states', () => {
    const once = openRunFile(whole, 'run.json').value?.root
    expect(openRunFile(whole, 'run.json', 11).value?.root).toEqual(once)
    const { draws } = JSON.parse(whole.toString())
    expect(JSON.stringify(once, (_, value) => (value instanceof Float64Array ? [...value] : value))).toContain(
      JSON.stringify(draws.chains[1].values),
    )
  })

  it('has damage found in any of its pieces', () => {
    const bytes = Buffer.from(whole)
    bytes[whole.length >> 1] = (bytes[whole.length >> 1] as number) ^ 1
    expect(codes(openRunFile(bytes, 'run.json', 100))).toEqual(['AMP718'])
  })

  it('goes on as one that never stopped, its long lists being arrays', () => {
    amp(folder, [...args.slice(0, 4), '--warmup', '50', '--draws', '600', '--chains', '1', '--seed', '3', '--out', 'long.json'])
    amp(folder, [...args.slice(0, 2), '--resume', 'long.json', '--draws', '650', '--out', 'longer.json'])
    amp(folder, [...args.slice(0, 4), '--warmup', '50', '--draws', '650', '--chains', '1', '--seed', '3', '--out', 'straight.json'])
    expect(JSON.parse(readFileSync(at('longer.json'), 'utf8')).draws).toEqual(JSON.parse(readFileSync(at('straight.json'), 'utf8')).draws)
    const inits = readInits([at('long.json')], new Set(['x']))
    const last = JSON.parse(readFileSync(at('long.json'), 'utf8')).draws.chains[0].values.at(-1)
    expect(inits.value?.[0]?.value).toMatchObject({ shape: [1], data: Float64Array.of(last) })
  })
})

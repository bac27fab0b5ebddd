import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { outTrouble } from '../../src/cli/files/out.ts'
import { placeOf } from '../../src/cli/files/place.ts'
import { writeInTurns, writeWhole } from '../../src/cli/files/write.ts'
import { readRun } from '../../src/cli/saved-run.ts'
import { ampProcess as amp, codesOf, folderWith, program } from './amp.ts'

const folder = folderWith({ 'm.amp': 'state x\nx ~ normal(0, 1)\n', 'loose.amp': 'state   x\nx ~ normal( 0,1 )\n' })
const at = (name: string): string => join(folder, name)
const sampling = ['sample', 'm.amp', '--sampler', 'nuts', '--warmup', '100', '--draws', '300', '--chains', '2', '--seed', '3']
/** Root may do anything; tests of permissions run as somebody else. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

describe('writing a file', () => {
  it('follows links, and keeps them, whether their target is there or not', async () => {
    mkdirSync(at('links'))
    writeFileSync(at('target.txt'), 'before')
    symlinkSync('../target.txt', at('links/one'))
    symlinkSync('one', at('links/two'))
    symlinkSync('../new.txt', at('links/dangling'))
    expect(writeWhole(at('links/two'), 'after')).toEqual([])
    expect(await writeInTurns(at('links/dangling'), ['new', ' text'])).toEqual([])
    expect(readFileSync(at('target.txt'), 'utf8')).toBe('after')
    expect(readFileSync(at('new.txt'), 'utf8')).toBe('new text')
    expect([readlinkSync(at('links/one')), readlinkSync(at('links/two'))]).toEqual(['../target.txt', 'one'])
    expect(lstatSync(at('links/dangling')).isSymbolicLink()).toBe(true)
  })

  it('says that links lead in a circle', () => {
    symlinkSync('round', at('round'))
    expect(writeWhole(at('round'), 'x')[0]?.message).toContain('its links lead in a circle')
  })

  it.each([0o600, 0o640, 0o755, 0o444])('keeps the mode %o', (mode) => {
    writeFileSync(at('moded'), 'before')
    chmodSync(at('moded'), mode)
    // Who is not root may not write where nobody may.
    const trouble = writeWhole(at('moded'), 'after')
    expect(trouble.length === 0).toBe((mode & 0o200) !== 0 || process.getuid?.() === 0)
    expect(statSync(at('moded')).mode & 0o7777).toBe(mode)
    rmSync(at('moded'))
  })

  it('keeps all names of a file with several, longer or shorter', () => {
    writeFileSync(at('name-1'), 'before')
    linkSync(at('name-1'), at('name-2'))
    for (const text of ['a longer text than before', 'short']) {
      expect(writeWhole(at('name-1'), text)).toEqual([])
      expect(readFileSync(at('name-2'), 'utf8')).toBe(text)
    }
    expect(statSync(at('name-1')).nlink).toBe(2)
  })

  it('takes names of 255 bytes', () => {
    const long = `${'ü'.repeat(125)}.json`
    expect(writeWhole(at(long), 'x')).toEqual([])
    expect(outTrouble(at(long))).toEqual([])
    expect(outTrouble(at(`x${long}`))[0]?.message).toContain('its name is too long')
  })

  it('leaves the file as it was, and nothing beside it, where what is to be written breaks off', async () => {
    writeFileSync(at('kept.txt'), 'before')
    function* broken(): Generator<string> {
      yield 'half of '
      throw new Error('no more')
    }
    expect(writeWhole(at('kept.txt'), broken())[0]?.message).toContain('no more')
    expect(await writeInTurns(at('kept.txt'), broken())).toHaveLength(1)
    expect(readFileSync(at('kept.txt'), 'utf8')).toBe('before')
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('knows devices, pipes and its own open files from files', () => {
    execFileSync('mkfifo', [at('pipe')])
    expect(placeOf('/dev/null').kind).toBe('device')
    expect(placeOf(at('pipe')).kind).toBe('pipe')
    expect(placeOf('/dev/fd/1')).toEqual({ kind: 'descriptor', number: 1 })
    expect(placeOf(folder).kind).toBe('folder')
    rmSync(at('pipe'))
  })
})

describe('amp fmt', () => {
  it('formats the file that a link points at, and keeps link and mode', () => {
    writeFileSync(at('secret.amp'), readFileSync(at('loose.amp')), { mode: 0o600 })
    symlinkSync('secret.amp', at('link.amp'))
    expect(amp(folder, ['fmt', 'link.amp']).code).toBe(0)
    expect(readFileSync(at('secret.amp'), 'utf8')).toContain('normal(0, 1)')
    expect(lstatSync(at('link.amp')).isSymbolicLink()).toBe(true)
    expect(statSync(at('secret.amp')).mode & 0o777).toBe(0o600)
  })
})

describe('--out', () => {
  it.each([
    ['a missing folder', 'no/such/x.json', 'there is no folder no/such'],
    ['a folder', 'folder.json', 'it is a folder'],
    ['a file that is taken for a folder', 'm.amp/x.json', 'there is no folder m.amp'],
    ['a full disk', '/dev/full', 'the disk is full'],
    ['a link to a full disk', 'full.npy', 'the disk is full'],
    ['files of which one cannot be written', 'two.csv', 'it is a folder'],
  ])('is tried before any work: %s', (_, out, why) => {
    mkdirSync(at('folder.json'), { recursive: true })
    mkdirSync(at('two_2.csv'), { recursive: true })
    rmSync(at('full.npy'), { force: true })
    symlinkSync('/dev/full', at('full.npy'))
    // So many draws would take an hour.
    const ran = amp(folder, [...sampling, '--draws', '100000000', '--out', out])
    expect([ran.code, codesOf(ran), ran.out]).toEqual([1, ['AMP702'], ''])
    expect(ran.err).toContain(why)
  })

  it('is refused where it may not be written', () => {
    mkdirSync(at('closed'))
    writeFileSync(at('closed/there.json'), '{}', { mode: 0o644 })
    writeFileSync(at('closed/open.json'), '{}')
    chmodSync(at('closed/open.json'), 0o666)
    chmodSync(at('closed'), 0o555)
    chmodSync(folder, 0o755)
    const run = (out: string) =>
      spawnSync(process.execPath, [program, ...sampling, '--out', out], { cwd: folder, encoding: 'utf8', ...nobody })
    if (process.getuid?.() === 0) expect(run('closed/there.json').stderr).toContain('it may not be opened')
    expect(run('closed/new.json').stderr).toContain('it may not be opened')
    // The folder takes no new file, but this one may be changed.
    expect(run('closed/open.json').stderr).toBe('')
    expect(readRun(at('closed/open.json')).diagnostics).toEqual([])
    chmodSync(at('closed'), 0o755)
  })

  it('/dev/stdout has the run alone; the table is beside it', () => {
    const ran = amp(folder, [...sampling, '--out', '/dev/stdout'])
    writeFileSync(at('from-stdout.json'), ran.out)
    expect(readRun(at('from-stdout.json')).diagnostics).toEqual([])
    expect(ran.err).toMatch(/600 draws from 2 chains/)
    expect(amp(folder, [...sampling, '--out', '/dev/null']).code).toBe(ran.code)
  })

  it('a pipe waits for its reader', () => {
    execFileSync('mkfifo', [at('later')])
    const script = `(sleep 0.3; cat later > read.json) & "$0" "$@" --out later; code=$?; wait; exit $code`
    const ran = spawnSync('sh', ['-c', script, process.execPath, program, ...sampling], { cwd: folder, encoding: 'utf8' })
    expect(ran.stderr).toBe('')
    expect(readRun(at('read.json')).diagnostics).toEqual([])
  })

  it('that fails at the end loses nothing: the table is printed, and the draws are in a place that is said', () => {
    execFileSync('mkfifo', [at('leaky')])
    const script = `(head -c 10 leaky > head) & "$0" "$@" --out leaky`
    const ran = spawnSync('sh', ['-c', script, process.execPath, program, ...sampling], { cwd: folder, encoding: 'utf8' })
    expect(ran.status).toBe(1)
    expect(ran.stderr).toContain('nobody reads from it any more')
    expect(ran.stdout).toContain('600 draws from 2 chains')
    const place = /The draws are in (\S+\.json)\./.exec(ran.stderr)?.[1] ?? ''
    expect(readRun(place).value?.chains.map((c) => c.draws.count)).toEqual([300, 300])
    rmSync(dirname(place), { recursive: true })
  })
})

describe('standard output and error', () => {
  const outcome = (args: readonly string[], ends: string): Promise<{ code: number | null; err: string }> => {
    const child = spawn('sh', ['-c', `exec "$0" "$@" ${ends}`, process.execPath, program, ...args], { cwd: folder })
    let err = ''
    child.stderr.on('data', (text) => {
      err += text
    })
    child.stdout.destroy()
    return new Promise((done) => child.on('close', (code) => done({ code, err })))
  }

  it('that nobody reads any more are no error, and the code is what it would have been', async () => {
    const usual = amp(folder, [...sampling, '--json'])
    expect(await outcome([...sampling, '--json'], '')).toEqual({ code: usual.code, err: '' })
    expect((await outcome(['check', 'none.amp'], '')).code).toBe(1)
  })

  it('that are full are told in a sentence', async () => {
    expect(await outcome(sampling, '> /dev/full')).toEqual({ code: 1, err: 'Standard output could not be written: the disk is full.\n' })
    expect((await outcome(['check', 'none.amp'], '2> /dev/full')).code).toBe(1)
  })
})

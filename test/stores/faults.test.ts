import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../src/api/store/open.ts'
import { importedShelf } from '../../src/api/store/portable.ts'
import { must } from '../../src/base/internal-error.ts'
import { onDisk } from '../../src/store-disk/open.ts'
import { given, loadedOf, newFolder, numbersOf } from './setting.ts'

const text = 'memory xi[pattern, pixel]\nstate x[pixel]\nenergy sum[pixel](x^2) - logsumexp[pattern](sum[pixel](xi * x))'
const loaded = loadedOf(text)

async function onFolder(folder: string, model = loaded) {
  const shelf = must((await onDisk(folder, { write: true })).value, 'shelf')
  return must(openStore(model, undefined, { shelf }).value, 'store')
}

/** A store with two patterns, closed. */
async function begun(): Promise<string> {
  const folder = newFolder()
  const store = await onFolder(folder)
  await store.write(given({ observed: { x: [[1, 0], [0, 1]] } })) // biome-ignore format: rows
  store.close()
  return folder
}

const codesOf = ({ diagnostics }: { readonly diagnostics: readonly { readonly code: string }[] }): readonly string[] =>
  diagnostics.map((d) => d.code)

/** What a folder holds once it is opened again. */
async function left(folder: string): Promise<readonly number[] | undefined> {
  const store = await onFolder(folder)
  const numbers = numbersOf(store, 'xi')
  store.close()
  return numbers
}

describe('what is wrong with patterns', () => {
  it.each([
    [
      'of another width',
      [
        [1, 0],
        [1, 1],
      ].map((row) => [...row, 2]),
      'AMP503',
    ],
    ['that are none', [], 'AMP501'],
    ['that are infinite', [[Number.POSITIVE_INFINITY, 0]], 'AMP505'],
  ])('leaves the store as it was: patterns %s', async (_, x, code) => {
    const folder = await begun()
    const store = await onFolder(folder)
    const written = await store.write(given({ observed: { x: { shape: [x.length, x[0]?.length ?? 2], data: x.flat() } } }))
    expect(codesOf(written)).toContain(code)
    expect(store.contents().changes).toBe(1)
    store.close()
    expect(await left(folder)).toEqual([1, 0, 0, 1])
  })

  it('takes back a batch of which one pattern makes a number that is none', async () => {
    const model = loadedOf(`${text}\nmemory total = 0\nenergy total * 0\nwrite total = total + 1 / x[pixel = 1]`)
    const store = must(openStore(model).value, 'store')
    const written = await store.write(given({ observed: { x: [[1, 0], [0, 1]] } })) // biome-ignore format: rows
    expect(codesOf(written)).toEqual(['AMP805'])
    expect(written.diagnostics[0]?.place).toBe('pattern 2 of those given')
    expect([store.contents().patterns, store.history().length]).toEqual([0, 0])
  })
})

describe('another model', () => {
  it('is refused with what changed, comments aside', async () => {
    const folder = await begun()
    const shelf = must((await onDisk(folder)).value, 'shelf')
    const other = openStore(loadedOf(text.replace('x^2', '2 * x^2')), undefined, { shelf })
    expect(codesOf(other)).toEqual(['AMP802'])
    expect(other.diagnostics[0]?.message).toContain('2 * x^2')
    expect(openStore(loadedOf(`# the same\n${text}`), undefined, { shelf }).ok).toBe(true)
    shelf.close()
  })
})

describe('a folder', () => {
  it('that is not there, a file, or something else is no store', async () => {
    const folder = newFolder()
    expect(codesOf(await onDisk(folder))).toEqual(['AMP801'])
    writeFileSync(folder, 'text')
    expect(codesOf(await onDisk(folder, { write: true }))).toEqual(['AMP806'])
    const parent = join(folder, '..')
    expect(codesOf(await onDisk(parent, { write: true }))).toEqual(['AMP801'])
    expect(codesOf(await onDisk(join(folder, 'deeper', 'store'), { write: true }))).toEqual(['AMP806'])
  })

  // The superuser may write everywhere.
  it.skipIf(process.getuid?.() === 0)('that may not be written to is read, and not written', async () => {
    const folder = await begun()
    chmodSync(join(folder, 'data.mdb'), 0o444)
    expect(codesOf(await onDisk(folder, { write: true }))).toEqual(['AMP806'])
    chmodSync(join(folder, 'data.mdb'), 0o644)
  })

  it('whose file was cut off, or is another, is damaged', async () => {
    const folder = await begun()
    const file = join(folder, 'data.mdb')
    const whole = readFileSync(file)
    // Room for the next change is behind the last page, and not missed.
    truncateSync(file, Math.floor(statSync(file).size / 2))
    expect(await left(folder)).toEqual([1, 0, 0, 1])
    for (const length of [20_000, 5000, 100]) {
      truncateSync(file, length)
      for (const write of [false, true]) expect(codesOf(await onDisk(folder, { write }))).toEqual(['AMP807'])
      expect(statSync(file).size).toBe(length)
    }
    // A file system that was repaired may have put zeros behind.
    truncateSync(file, whole.length)
    expect(codesOf(await onDisk(folder, { write: true }))).toEqual(['AMP807'])
    writeFileSync(file, 'not a store at all')
    expect(codesOf(await onDisk(folder, { write: true }))).toEqual(['AMP807'])
    writeFileSync(file, whole)
    expect(await left(folder)).toEqual([1, 0, 0, 1])
  })

  it('has one writer at a time, and a write on what another changed begins again', async () => {
    const model = loadedOf('axis dim = 1\nmemory T[dim] = 0\nstate x[dim]\nenergy sum[dim]((x - T)^2)\nwrite T = T + x')
    const folder = newFolder()
    const [one, two] = [await onFolder(folder, model), await onFolder(folder, model)]
    for (let k = 1; k <= 3; k += 1) {
      // Both read the memory before either commits.
      const written = await Promise.all([one.write(given({ observed: { x: [k] } })), two.write(given({ observed: { x: [10 * k] } }))])
      expect(written.flatMap(codesOf)).toEqual([])
    }
    expect([numbersOf(one, 'T'), numbersOf(two, 'T')]).toEqual([[66], [66]])
    expect(one.history().length).toBe(6)
    one.close()
    two.close()
  })

  it('is read beside who writes, as it was when it was looked at', async () => {
    const folder = await begun()
    const writer = await onFolder(folder)
    const reader = must(openStore(loaded, undefined, { shelf: must((await onDisk(folder)).value, 'shelf') }).value, 'store')
    expect(numbersOf(reader, 'xi')).toEqual([1, 0, 0, 1])
    // More than one map of memory holds, so that it grows under the reader.
    const big = Float64Array.from({ length: 2 * 20_000 }, (_, i) => i)
    await writer.write(given({ observed: { x: { shape: [20_000, 2], data: big } } }))
    await new Promise((done) => setTimeout(done, 5))
    expect(numbersOf(reader, 'xi')?.length).toBe(40_004)
    reader.close()
    writer.close()
  })
})

describe('bytes', () => {
  it('that were not exported are refused', () => {
    const store = must(openStore(loaded, given({ memory: { xi: [[1, 0]] } })).value, 'store')
    const bytes = store.export()
    expect(codesOf(importedShelf(bytes.subarray(0, bytes.length - 9)))).toEqual(['AMP807'])
    expect(codesOf(importedShelf(new Uint8Array(3)))).toEqual(['AMP807'])
    expect(importedShelf(bytes).ok).toBe(true)
  })
})

// A small disk of its own takes the rights of the superuser.
const mayMount = process.getuid?.() === 0 && process.platform === 'linux' && mounted('true')

function mounted(command: string): boolean {
  try {
    execFileSync('unshare', ['-m', 'sh', '-c', command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

it.skipIf(!mayMount)('says that the disk is full, and the store is as it was', () => {
  const folder = newFolder()
  const program = join(import.meta.dirname, 'full-disk.mjs')
  const dist = join(process.cwd(), process.env.AMP_DIST ?? 'dist')
  const shell = `mkdir -p ${folder} && mount -t tmpfs -o size=4m none ${folder} && exec ${process.execPath} ${program} ${dist} ${folder}/store`
  const said = JSON.parse(execFileSync('unshare', ['-m', 'sh', '-c', shell], { encoding: 'utf8' }))
  expect(said).toEqual({ code: 'AMP806', message: expect.stringContaining('the disk is full'), before: 10, after: 10, later: 11 })
})

it.skipIf(!mayMount)('says that the disk is read-only, and reads what is there', () => {
  const folder = newFolder()
  const program = join(import.meta.dirname, 'read-only.mjs')
  const dist = join(process.cwd(), process.env.AMP_DIST ?? 'dist')
  const run = (what: string) => `${process.execPath} ${program} ${dist} ${folder}/store ${what}`
  const shell = `mkdir -p ${folder} && mount -t tmpfs -o size=8m none ${folder} && ${run('begin')} && mount -o remount,ro ${folder} && exec ${run('look')}`
  const said = JSON.parse(execFileSync('unshare', ['-m', 'sh', '-c', shell], { encoding: 'utf8' }))
  const readOnly = expect.stringContaining('its disk is read-only')
  expect(said).toEqual({ patterns: 1, code: 'AMP806', message: readOnly, begun: readOnly })
})

it('keeps what is acknowledged when processes are killed', () => {
  const script = join(process.cwd(), 'scripts', 'store-kills.mjs')
  const said = execFileSync(process.execPath, [script, '4', '5'], { encoding: 'utf8', env: { ...process.env, AMP_SHM: '1' } })
  expect(said).toContain('nothing lost')
}, 120_000)

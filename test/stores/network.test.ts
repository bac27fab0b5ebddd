import fs, { existsSync } from 'node:fs'
import { afterEach, expect, it, vi } from 'vitest'
import { openStore } from '../../src/api/store/open.ts'
import { must } from '../../src/base/internal-error.ts'
import { onDisk } from '../../src/store-disk/open.ts'
import { given, loadedOf, newFolder, numbersOf } from './setting.ts'

/** What the system says of a file system, with another type. */
function lieOnA(type: number): void {
  const say = fs.statfsSync
  vi.spyOn(fs, 'statfsSync').mockImplementation(((path: string) => ({ ...say(path), type })) as typeof fs.statfsSync)
}

afterEach(() => {
  vi.restoreAllMocks()
})

const loaded = loadedOf('memory xi[pattern, pixel]\nstate x[pixel]\nenergy sum[pixel](x^2) - logsumexp[pattern](sum[pixel](xi * x))')

// The types are those of Linux, statfs(2); SMB 2 is negative as a signed number.
it.skipIf(process.platform !== 'linux').each([
  ['NFS', 0x6969],
  ['9P', 0x01021997],
  ['SMB 2', 0xfe534d42 | 0],
])('a folder on a network is refused, and left as it is: %s', async (name, type) => {
  const folder = newFolder()
  const store = must(openStore(loaded, undefined, { shelf: must((await onDisk(folder, { write: true })).value, 'shelf') }).value, 'store')
  await store.write(given({ observed: { x: [1, 2] } }))
  store.close()
  const other = newFolder()
  lieOnA(type)
  for (const [path, write] of [
    [folder, true],
    [folder, false],
    [other, true],
  ] as const) {
    // biome-ignore format: rows
    const [trouble] = (await onDisk(path, { write })).diagnostics
    expect(trouble?.code).toBe('AMP806')
    expect(trouble?.message).toContain(`it lies on a network (${name})`)
  }
  expect(existsSync(other)).toBe(false)
  vi.restoreAllMocks()
  const again = must(openStore(loaded, undefined, { shelf: must((await onDisk(folder)).value, 'shelf') }).value, 'store')
  expect(numbersOf(again, 'xi')).toEqual([1, 2])
  again.close()
})

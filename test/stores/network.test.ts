import { existsSync } from 'node:fs'
import { afterEach, expect, it, vi } from 'vitest'
import { openStore } from '../../src/api/store/open.ts'
import { must } from '../../src/base/internal-error.ts'
import { onDisk } from '../../src/store-disk/open.ts'
import { given, loadedOf, newFolder, numbersOf } from './setting.ts'

/** What the system says of the type of every file system. */
const types = vi.hoisted(() => ({ said: undefined as number | undefined }))

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  return { ...fs, statfsSync: (path: string) => ({ ...fs.statfsSync(path), ...(types.said === undefined ? {} : { type: types.said }) }) }
})

afterEach(() => {
  types.said = undefined
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
  types.said = type
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
  types.said = undefined
  const again = must(openStore(loaded, undefined, { shelf: must((await onDisk(folder)).value, 'shelf') }).value, 'store')
  expect(numbersOf(again, 'xi')).toEqual([1, 2])
  again.close()
})

import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../src/api/store/open.ts'
import type { Stretches } from '../../src/api/store/write.ts'
import { must } from '../../src/base/internal-error.ts'
import { writeNpy } from '../../src/cli/files/npy.ts'
import { patternStretches } from '../../src/cli/pattern-stretches.ts'
import { given, loadedOf, numbersOf } from '../stores/setting.ts'

const loaded = loadedOf('memory xi[pattern, pixel]\nstate x[pixel]\nenergy sum[pixel](x^2) - logsumexp[pattern](sum[pixel](xi * x))')
/** So that a file of a few lines takes several stretches. */
const small = { atOnce: 0, stretch: 64 }
const rows = Array.from({ length: 40 }, (_, i) => [i, i + 0.5, -i - 1])
const csv = `${rows.map((row) => row.join(',')).join('\n')}\n`
const npy = writeNpy([40, 3], Float64Array.from(rows.flat()))
const folder = mkdtempSync(join(tmpdir(), 'amp-streams-'))

function file(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, contents)
  return path
}

/** What a write of these stretches says, to a store with one pattern, which is as it was where the write is refused. */
async function written(stretches: Stretches) {
  const store = must(openStore(loaded).value, 'store')
  await store.write(given({ observed: { x: [7, 7, 7] } }))
  const before = store.export()
  const done = await store.write(stretches)
  if (!done.ok) expect(store.export()).toEqual(before)
  return { done, numbers: numbersOf(store, 'xi')?.slice(3), said: done.diagnostics.map((d) => `${d.code} ${d.message}`).join('\n') }
}

const ofFile = (path: string) => written(patternStretches([`x=${path}`], given({}), small))

describe('a stream', () => {
  it.each([
    ['whole.csv', csv],
    ['whole without an end of the last line.csv', csv.trimEnd()],
    ['whole with a header.csv', `a,b,c\n${csv}`],
    ['whole.npy', npy],
  ])('is read stretch by stretch as at once: %s', async (name, contents) => {
    const path = file(name, contents)
    const { done, numbers } = await ofFile(path)
    expect(done.value?.count).toBe(40)
    expect(numbers).toEqual(rows.flat())
    expect((await written(patternStretches([`x=${path}`], given({})))).numbers).toEqual(numbers)
  })

  it.each([
    ['cut within a row', csv.slice(0, csv.lastIndexOf(',')), /AMP(706|503)/],
    ['cut in its first cell', csv.slice(0, csv.lastIndexOf('\n39,') + 2), /AMP(706|503)/],
    ['a row that is longer in the middle', csv.replace('\n20,', '\n20,1,'), /AMP(706|503)/],
    ['rows that get longer', csv + csv.replaceAll('\n', ',1\n'), /AMP(706|503)/],
    ['cut within a cell of letters', `${csv}40,nu`, /AMP506/],
    ['a text in the middle', csv.replace('\n20,', '\nn.a.x,'), /AMP506/],
    ['an infinite number in the middle', csv.replace('\n20,', '\ninf,'), /AMP505/],
    ['no pattern', '   \n\n', /AMP(501|706)/],
  ])('that is broken leaves the store as it was: CSV, %s', async (name, contents, code) => {
    const { said } = await ofFile(file(`${name}.csv`, contents))
    expect(said).toMatch(code)
  })

  it.each([
    ['shorter than its header says', npy.slice(0, npy.length - 12), 'AMP707'],
    ['longer than its header says', Uint8Array.from([...npy, 0, 0, 0]), 'AMP707'],
    ['cut in its header', npy.slice(0, 40), 'AMP707'],
    ['empty', new Uint8Array(0), 'AMP707'],
  ])('that is broken leaves the store as it was: NPY, %s', async (name, contents, code) => {
    const { said } = await ofFile(file(`${name}.npy`, contents))
    expect(said).toContain(code)
    expect(said).toContain('is not a NumPy array that can be read: it')
  })

  it('that gets shorter while it is read says so', async () => {
    const path = file('shrinking.npy', npy)
    const { said } = await written(function* () {
      let first = true
      for (const stretch of patternStretches([`x=${path}`], given({}), small)()) {
        if (first) truncateSync(path, npy.length - 200)
        first = false
        yield stretch
      }
    })
    expect(said).toMatch(/AMP707 .*shrinking.npy ends in the middle: it had 40 rows, and there are no more than 30 whole ones left/)
  })

  it('whose file may not be read says so', async () => {
    const path = file('gone.npy', npy)
    const { said } = await written(function* () {
      const stretches = patternStretches([`x=${path}`], given({}), small)
      rmSync(path)
      yield* stretches()
    })
    expect(said).toMatch(/AMP701 .*gone.npy could not be read: there is no such file/)
    // No file is left open.
    const descriptor = openSync(file('probe.csv', csv), 'r')
    expect(descriptor).toBeLessThan(100)
    closeSync(descriptor)
    expect(readFileSync(file('probe.csv', csv), 'utf8')).toBe(csv)
  })
})

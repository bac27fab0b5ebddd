import { describe, expect, it } from 'vitest'
import { retrieve } from '../../src/api/retrieve.ts'
import { type OpenStoreOptions, openStore } from '../../src/api/store/open.ts'
import { digestOf } from '../../src/base/digest.ts'
import { must } from '../../src/base/internal-error.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import { onDisk } from '../../src/store-disk/open.ts'
import { given, loadedOf, newFolder, numbersOf, ways } from './setting.ts'

const loaded = loadedOf(`axis feature = 7
param scale : positive = 0.5
param power : positive = 2 * scale
data S[feature, dim] from normal(0, power)
memory T[feature] = 0
state x[dim]
energy sum[feature]((T - sum[dim](S * x))^2)
write T = T + sum[dim](S * x)
forget T = T - sum[dim](S * x)`)

type Checkable = { readonly diagnostics: readonly { readonly code: string; readonly message: string }[] }
const said = ({ diagnostics }: Checkable): readonly string[] => diagnostics.map((d) => `${d.code} ${d.message}`)
const patterns = [[1, 0, 2], [0, -1, 1]] // biome-ignore format: rows

/** What a reading of the model alone draws under a seed. */
async function drawn(seed: number, inputs: Inputs = {}): Promise<readonly number[]> {
  const { value } = await retrieve(loaded, given({ ...inputs, cue: { x: [0, 0, 0] }, memory: { T: [0, 0, 0, 0, 0, 0, 0] } }), { seed })
  return Array.from(must(value?.retrievals[0]?.drawn.S, 'S').data)
}

const begun = async (options: OpenStoreOptions, inputs: Inputs = {}) => {
  const store = must(openStore(loaded, given(inputs), options).value, 'store')
  return { store, written: await store.write(given({ observed: { x: patterns } })) }
}

describe('what rules read and nobody gives', () => {
  it('is drawn as readings draw it, under the seed of the store', async () => {
    const S = await drawn(6)
    const { store, written } = await begun({ seed: 6 })
    expect(written.value?.drawn).toEqual(['S'])
    // T = S (x1 + x2), by hand.
    const sum = [1, -1, 3]
    const T = Array.from({ length: 7 }, (_, f) => sum.reduce((all, v, i) => all + v * (S[f * 3 + i] as number), 0))
    for (const [f, v] of must(numbersOf(store, 'T'), 'T').entries()) expect(v).toBeCloseTo(T[f] as number, 12)
    expect(store.contents()).toMatchObject({
      seed: 6,
      constants: { S: { shape: [7, 3], seed: 6, digest: digestOf(Float64Array.from(S)) } },
    })
  })

  it.each(Object.entries(ways))('is the same for who opens the store again, %s', async (_, opened) => {
    let kept = await opened(loaded)
    for (const x of patterns) {
      expect(said(await kept.store.write(given({ observed: { x } })))).toEqual([])
      kept = await kept.again()
    }
    const both = (await begun({})).store
    expect(numbersOf(kept.store, 'T')).toEqual(numbersOf(both, 'T'))
    for (const label of ['1', '2']) expect(said(kept.store.forget(given({}), { label }))).toEqual([])
    for (const v of must(numbersOf(kept.store, 'T'), 'T')) expect(Math.abs(v)).toBeLessThan(1e-12)
  })

  it('goes to readings whatever their own seed, and is refused where it is another', async () => {
    const { store } = await begun({ seed: 6 })
    const of = async (seed: number) => {
      const result = await retrieve(loaded, must(store.given(given({ observed: { x: must(patterns[0], 'pattern') } })).value, 'given'), {
        seed,
      })
      return result.value?.retrievals[0]?.energy
    }
    expect(await of(1)).toBe(await of(2))
    expect(said(store.given(given({ data: { S: [[1, 2, 3]].concat(Array.from({ length: 6 }, () => [0, 0, 0])) } })))).toEqual([
      expect.stringMatching(
        /^AMP808 "S" is 7 x 3 numbers with the digest \w{16}, and the store was written with what is drawn with seed 6/,
      ),
    ])
    // The values that it drew are no others.
    const S = await drawn(6)
    expect(said(store.given(given({ data: { S: { shape: [7, 3], data: Float64Array.from(S) } } })))).toEqual([])
  })

  it('may come from params, which are held to as well', async () => {
    const { store } = await begun({})
    const other = await store.write(given({ param: { scale: 2 }, observed: { x: patterns } }))
    expect(other.diagnostics.map((d) => d.hint).slice(0, 2)).toEqual([
      'Leave out --param scale: rules read it, so the memories are of that value. Another needs a store of its own.',
      'Rules read it, so the memories are of that value. Another needs a store of its own.',
    ])
    expect(said(other)).toEqual([
      'AMP808 "scale" is 2, and the store was written with 0.5.',
      'AMP808 "power" is 4, and the store was written with 1.',
      expect.stringMatching(/^AMP808 "S" is drawn with seed 1 as other numbers/),
    ])
    const given2 = (await begun({}, { param: { scale: 2 } })).store
    const [one, two] = [store, given2].map((s) => must(numbersOf(s, 'T'), 'T'))
    for (const [f, v] of must(two, 'T').entries()) expect(v).toBeCloseTo(4 * (one?.[f] as number), 12)
    expect(said(await given2.write(given({ param: { scale: 0.5 }, observed: { x: patterns } })))).toEqual([
      'AMP808 "scale" is 0.5, and the store was written with 2.',
    ])
  })

  it('cannot come from a memory, which changes', async () => {
    const model = loadedOf(`memory T[dim] = 0
param w[dim] from T + 1
state x[dim]
energy sum[dim]((T - x)^2)
write T = T + w * x`)
    const store = must(openStore(model).value, 'store')
    expect(said(await store.write(given({ observed: { x: [1, 2] } })))).toEqual([
      'AMP501 The param "w" was not given, and its `from` depends on "T", which has no value before the run.',
    ])
  })

  it('is forgotten with the write that drew it', async () => {
    const { store } = await begun({})
    store.undo()
    expect(store.contents().constants).toEqual({})
    expect(said(await store.write(given({ param: { scale: 2 }, observed: { x: [1, 2] } })))).toEqual([])
  })
})

describe('two that begin a store at one moment', () => {
  const model = loadedOf(
    'memory xi[pattern, dim]\nparam w = 1\nstate x[dim]\nenergy sum[dim]((x - sum[pattern](xi))^2)\nwrite xi[pattern = new] = w * x',
  )
  const both = async () => {
    const folder = newFolder()
    const opened = async () =>
      must(openStore(model, undefined, { shelf: must((await onDisk(folder, { write: true })).value, 'shelf') }).value, 'store')
    return [await opened(), await opened()] as const
  }

  it('agree on sizes and on what rules read', async () => {
    const [one, two] = await both()
    const width = await Promise.all([one.write(given({ observed: { x: [1, 2] } })), two.write(given({ observed: { x: [1, 2, 3] } }))])
    expect(width.flatMap(said)).toEqual([expect.stringMatching(/^AMP503/)])
    const again = await Promise.all([
      one.write(given({ observed: { x: [1, 2] } })),
      two.write(given({ param: { w: 2 }, observed: { x: [1, 2] } })),
    ])
    expect(again.flatMap(said)).toEqual(['AMP808 "w" is 2, and the store was written with 1.'])
    expect(numbersOf(two, 'xi')).toEqual([1, 2, 1, 2])
  })

  it('do not give the same label', async () => {
    const [one, two] = await both()
    const [first, second] = await Promise.all([one, two].map((store) => store.write(given({ observed: { x: [1, 2] } }), { label: 'a' })))
    expect([first, second].flatMap((w) => said(must(w, 'written')))).toEqual(['AMP804 "a" is the label of other patterns.'])
    expect(one.contents().patterns).toBe(1)
  })
})

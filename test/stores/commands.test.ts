import fc from 'fast-check'
import { expect, it } from 'vitest'
import { given, type Kept, loadedOf, numbersOf, ways } from './setting.ts'

/** Patterns one by one, what adds up, and what counts. */
const loaded = loadedOf(`axis level = 3
memory xi[pattern, pixel]
memory T[pixel] = 0
memory R[level] : nonnegative = 0
state x[pixel]
state v : level
energy sum[pixel]((x - T)^2) - logsumexp[pattern](sum[pixel](xi * x)) - log(R + 1)[level = v]
write xi[pattern = new] = x
write T = T + x
write R[level = v] = R[level = v] + 1
forget T = T - x
forget R[level = v] = R[level = v] - 1
`)

interface Pattern {
  readonly number: number
  readonly x: readonly number[]
  readonly v: number
}

/** A store as plain lists: what is there, labels, and what was there before each change. */
interface Plain {
  now: { readonly patterns: readonly Pattern[]; readonly labels: Readonly<Record<string, readonly number[]>> }
  readonly past: Plain['now'][]
  next: number
}

interface Real {
  kept: readonly Kept[]
}

type Command = fc.AsyncCommand<Plain, Real>

const changed = (m: Plain, now: Plain['now']): void => {
  m.past.push(m.now)
  m.now = now
}

/** Whole numbers, so that sums do not depend on their order. */
const shown = fc.record({
  x: fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })),
  v: fc.integer({ min: 1, max: 3 }),
})

async function agree({ now: { patterns } }: Plain, { kept }: Real): Promise<void> {
  for (const { store } of kept) {
    expect(store.contents().patterns).toBe(patterns.length)
    if (patterns.length === 0) {
      expect(store.given().diagnostics.map((d) => d.code)).toEqual(['AMP804'])
      continue
    }
    expect(numbersOf(store, 'xi')).toEqual(patterns.flatMap((p) => p.x))
    expect(numbersOf(store, 'T')).toEqual([0, 1].map((i) => patterns.reduce((sum, p) => sum + (p.x[i] as number), 0)))
    expect(numbersOf(store, 'R')).toEqual([1, 2, 3].map((v) => patterns.filter((p) => p.v === v).length))
  }
}

const write = (all: readonly { readonly x: readonly number[]; readonly v: number }[], label?: string): Command => ({
  check: (m) => label === undefined || m.now.labels[label] === undefined,
  async run(m, r) {
    const observed = { x: all.map((p) => p.x), v: all.map((p) => p.v) }
    for (const { store } of r.kept) {
      const { value, diagnostics } = await store.write(given({ observed }), label === undefined ? {} : { label })
      expect(diagnostics).toEqual([])
      expect([value?.first, value?.count]).toEqual([m.next, all.length])
    }
    const patterns = all.map((p, i) => ({ ...p, number: m.next + i }))
    const labels = label === undefined ? {} : { [label]: patterns.map((p) => p.number) }
    changed(m, { patterns: [...m.now.patterns, ...patterns], labels: { ...m.now.labels, ...labels } })
    m.next += all.length
    await agree(m, r)
  },
  toString: () => `write ${JSON.stringify(all)} ${label ?? ''}`,
})

const forget = (which: number): Command => ({
  check: (m) => m.now.patterns.length > 0,
  async run(m, r) {
    const { patterns, labels } = m.now
    const there = (label: string): boolean => labels[label]?.some((n) => patterns.some((p) => p.number === n)) ?? false
    const names = [...Object.keys(labels).filter(there), ...patterns.map((p) => String(p.number))]
    const name = names[which % names.length] as string
    const gone = labels[name] ?? [Number(name)]
    for (const { store } of r.kept) expect(store.forget(given({}), { label: name }).diagnostics).toEqual([])
    const { [name]: _, ...left } = labels
    changed(m, { patterns: patterns.filter((p) => !gone.includes(p.number)), labels: left })
    await agree(m, r)
  },
  toString: () => `forget ${which}`,
})

const forgetNobody: Command = {
  check: () => true,
  async run(m, r) {
    for (const { store } of r.kept)
      expect(store.forget(given({}), { label: String(m.next) }).diagnostics.map((d) => d.code)).toEqual(['AMP804'])
  },
  toString: () => 'forget nobody',
}

const undo: Command = {
  check: () => true,
  async run(m, r) {
    const before = m.past.pop()
    for (const { store } of r.kept) expect(store.undo().diagnostics.map((d) => d.code)).toEqual(before === undefined ? ['AMP809'] : [])
    m.now = before ?? m.now
    await agree(m, r)
  },
  toString: () => 'undo',
}

const openAgain: Command = {
  check: () => true,
  async run(m, r) {
    r.kept = await Promise.all(r.kept.map((k) => k.again()))
    await agree(m, r)
    const histories = r.kept.map(({ store }) => store.history())
    expect(histories[0]?.length).toBe(m.past.length)
    // The journal of a change is the same data, wherever it is kept.
    for (const history of histories) expect(history).toEqual(histories[0])
  },
  toString: () => 'open again',
}

async function begun(): Promise<{ model: Plain; real: Real }> {
  const kept = await Promise.all(Object.values(ways).map((way) => way(loaded)))
  return { model: { now: { patterns: [], labels: {} }, past: [], next: 1 }, real: { kept } }
}

const commands = fc.commands(
  [
    fc
      .tuple(fc.array(shown, { minLength: 1, maxLength: 3 }), fc.option(fc.constantFrom('a', 'b'), { nil: undefined }))
      .map(([all, label]) => write(all, label)),
    shown.map((one) => write([one])),
    fc.nat().map((which) => forget(which)),
    fc.constant(undo),
    fc.constant(openAgain),
    fc.constant(forgetNobody),
  ],
  { maxCommands: 16, size: 'max' },
)

it('is what a run of every kind of change leaves, in memory, exported and on disk', async () => {
  const some = (n: number) => Array.from({ length: n }, (_, i) => ({ x: [i + 1, -i], v: (i % 3) + 1 }))
  const first = [write(some(3)), write(some(2), 'a'), forget(1), undo, forget(2), openAgain]
  await fc.asyncModelRun(begun, [...first, forget(0), write(some(1)), forgetNobody, undo, undo, openAgain, undo])
}, 60_000)

it(
  'is a list of patterns that any run of writes, forgettings and undoings leaves, in memory, exported and on disk',
  async () => {
    const runs = fc.asyncProperty(commands, (run) => fc.asyncModelRun(begun, run))
    await fc.assert(runs, { numRuns: Number(process.env.AMP_STORES ?? 8), seed: 5 })
  },
  60_000 + 10_000 * Number(process.env.AMP_STORES ?? 4),
)

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { load } from '../src/api/load.ts'
import { openStore } from '../src/api/store/open.ts'
import { must } from '../src/base/internal-error.ts'
import { givenOf } from '../src/run/inputs.ts'
import { onDisk } from '../src/store-disk/open.ts'

/** A store on disk of patterns of 784 numbers: seconds by the clock, megabytes. */
export interface StoreFigures {
  readonly patterns: number
  readonly batch: number
  readonly megabytes: number
  readonly open: number
  readonly read: number
  /** Writes of one pattern each in a second. */
  readonly singles: number
  /** Transactions of LMDB alone with the same numbers in a second, in the same run: what the disk allows. */
  readonly transactions: number
  /** Resident memory at the end of the batch. */
  readonly resident: number
}

const WIDTH = 784
const STRETCH = 1000
const SINGLES = 2000

export async function stores(patterns: number): Promise<StoreFigures> {
  const text = `axis pixel = ${WIDTH}
memory xi[pattern, pixel]
state x[pixel]
energy -logsumexp[pattern](sum[pixel](xi * x)) + sum[pixel](x^2) / 2`
  const loaded = must(load({ name: 'pixels.amp', text }).value, 'model')
  const base = mkdtempSync(join(tmpdir(), 'amp-bench-'))
  const folder = join(base, 'store')
  const data = Float64Array.from({ length: STRETCH * WIDTH }, (_, i) => (i * 31) % 97)
  const given = (count: number) => givenOf({ observed: { x: { shape: [count, WIDTH], data: data.subarray(0, count * WIDTH) } } })
  const opened = async (write: boolean) =>
    must(openStore(loaded, undefined, { shelf: must((await onDisk(folder, { write })).value, 'shelf') }).value, 'store')
  const store = await opened(true)
  const batch = await seconds(() =>
    store.write(function* () {
      for (let k = 0; k < patterns; k += STRETCH) yield given(STRETCH)
    }),
  )
  const resident = process.memoryUsage().rss / 1e6
  const one = must(given(1).value, 'pattern')
  const alone = await seconds(async () => {
    for (let k = 0; k < SINGLES; k += 1) await store.write(one)
  })
  store.close()
  const transactions = await bareTransactions(join(base, 'bare'), data.subarray(0, WIDTH))
  let again = await opened(false)
  again.close()
  const opening = await seconds(async () => {
    again = await opened(false)
    again.contents()
  })
  const read = await seconds(() => must(again.given().value, 'memory'))
  again.close()
  rmSync(base, { recursive: true })
  return { patterns, batch, megabytes: (patterns * WIDTH * 8) / 1e6, open: opening, read, singles: SINGLES / alone, transactions, resident }
}

async function bareTransactions(path: string, numbers: Float64Array): Promise<number> {
  const env = open({ path, noSubdir: false, encoding: 'binary', overlappingSync: false })
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)
  const taken = await seconds(() => {
    for (let k = 0; k < SINGLES; k += 1) env.transactionSync(() => env.putSync(k, bytes))
  })
  await env.close()
  return SINGLES / taken
}

async function seconds(work: () => unknown): Promise<number> {
  const before = performance.now()
  await work()
  return (performance.now() - before) / 1000
}

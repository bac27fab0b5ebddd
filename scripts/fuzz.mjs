// Puts many texts through parse, check, format, lower and compile (nothing of them is run) and reports what threw, hung or
// exhausted the stack. node scripts/fuzz.mjs [--count 1000000] [--from 0] [--seed 1] [--jobs 2] [--limit 30]
// --show N prints input N and what becomes of it.
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

const bundle = new URL('../out/fuzz/subject.mjs', import.meta.url)
const whole = (text) => Number.parseInt(text, 10)

if (isMainThread) await main()
else await work(workerData)

async function main() {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '1000000' },
      from: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '2' },
      limit: { type: 'string', default: '30' },
      show: { type: 'string' },
    },
  })
  const { build } = await import('esbuild')
  const { runtimeTexts } = await import('./runtime-texts.mjs')
  await build({
    entryPoints: ['test/fuzz/subject.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: bundle.pathname,
    external: ['@tensorflow/*', 'fast-check'],
    plugins: [runtimeTexts()],
    logLevel: 'warning',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
  if (values.show !== undefined) return show(whole(values.show), whole(values.seed))
  process.exitCode = (await fuzz(whole(values.from), whole(values.count), whole(values.seed), whole(values.jobs), Number(values.limit)))
    ? 0
    : 1
}

async function show(i, seed) {
  const { input, putThrough } = await import(bundle)
  const { kind, text } = input(i, seed)
  const unit = typeof text === 'string' ? 'characters' : 'bytes'
  console.log(`${kind}, ${text.length} ${unit}\n${text.length > 20_000 ? `${text.slice(0, 200)} ...` : text}\n---`)
  console.log(putThrough(text))
}

/** Whether every input was put through without trouble. */
async function fuzz(from, count, seed, jobs, limit) {
  const began = performance.now()
  const totals = new Map()
  const failures = []
  let done = 0
  let slowest = { i: -1, kind: '', seconds: 0 }
  const progress = setInterval(() => {
    const rate = done / ((performance.now() - began) / 1000)
    console.error(`${done} of ${count} (${rate.toFixed(0)} a second), ${failures.length} failed`)
  }, 60_000)

  const fail = (i, why) => {
    failures.push({ i, why })
    if (failures.length <= 50) console.error(`input ${i}: ${why}`)
  }

  const job = (first) =>
    new Promise((resolve) => {
      let next = first
      const start = () => {
        // Two words: the input being worked on, and when it was begun, in milliseconds.
        const clock = new Float64Array(new SharedArrayBuffer(16))
        clock[1] = performance.now() + 10_000
        // As much stack as the main thread has.
        const worker = new Worker(new URL(import.meta.url), {
          workerData: { next, end: from + count, jobs, seed, clock },
          resourceLimits: { stackSizeMb: 1, maxOldGenerationSizeMb: 2048 },
        })
        const restart = (i, why) => {
          clearInterval(watch)
          worker.removeAllListeners()
          worker.terminate()
          fail(i, why)
          next = i + jobs
          start()
        }
        const watch = setInterval(() => {
          const now = performance.timeOrigin + performance.now()
          if (clock[1] > performance.timeOrigin && now - clock[1] > limit * 1000) restart(clock[0], `took more than ${limit} s`)
        }, 250)
        worker.on('message', (batch) => {
          done += batch.done
          for (const [key, n] of batch.counts) totals.set(key, (totals.get(key) ?? 0) + n)
          for (const { i, why } of batch.failures) fail(i, why)
          if (batch.slowest.seconds > slowest.seconds) slowest = batch.slowest
        })
        worker.on('error', (error) => restart(clock[0], String(error)))
        worker.on('exit', () => {
          clearInterval(watch)
          resolve()
        })
      }
      start()
    })
  await Promise.all(Array.from({ length: jobs }, (_, j) => job(from + j)))
  clearInterval(progress)
  const seconds = (performance.now() - began) / 1000
  const rows = [...totals].sort(([a], [b]) => a.localeCompare(b)).map(([key, n]) => `  ${String(n).padStart(8)}  ${key}`)
  console.log(rows.join('\n'))
  console.log(`slowest: input ${slowest.i} (${slowest.kind}), ${slowest.seconds.toFixed(2)} s`)
  const rate = (done / seconds).toFixed(0)
  console.log(`${done} inputs under seed ${seed} in ${seconds.toFixed(0)} s (${rate} a second, ${jobs} threads): ${failures.length} failed`)
  return failures.length === 0 && done === count
}

async function work({ next, end, jobs, seed, clock }) {
  const { input, putThrough } = await import(bundle)
  const fresh = () => ({ done: 0, counts: new Map(), failures: [], slowest: { i: -1, kind: '', seconds: 0 } })
  let batch = fresh()
  const send = () => {
    parentPort.postMessage(batch)
    batch = fresh()
  }
  for (let i = next; i < end; i += jobs) {
    const { kind, text } = input(i, seed)
    const began = performance.now()
    clock[0] = i
    clock[1] = performance.timeOrigin + began
    let stage
    try {
      stage = putThrough(text)
    } catch (error) {
      stage = 'FAILED'
      batch.failures.push({ i, why: `${kind}: ${error?.stack?.split('\n').slice(0, 4).join(' | ') ?? error}` })
    }
    const seconds = (performance.now() - began) / 1000
    if (seconds > batch.slowest.seconds) batch.slowest = { i, kind, seconds }
    for (const key of [`${kind}: ${stage}`, `all: ${stage}`]) batch.counts.set(key, (batch.counts.get(key) ?? 0) + 1)
    batch.done += 1
    // Failures go at once, lest a later hang lose them.
    if (batch.done % 500 === 0 || batch.failures.length > 0) send()
  }
  if (Object.keys(Object.prototype).length > 0) batch.failures.push({ i: -1, why: 'Object.prototype was written to' })
  clock[1] = 0
  send()
}

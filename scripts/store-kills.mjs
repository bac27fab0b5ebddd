// Kills processes that write to a store and forget from it, at random moments and several at a time, and looks after each kill
// whether the store is whole: nothing that was acknowledged is lost, no change is there by half, undoing works.
//
//     node scripts/store-kills.mjs [kills] [seed]
//
// 1000 kills take about ten minutes on two cores that do nothing else, and half an hour on busy ones. Where it is ended before (ctrl-C), it says what it has seen so far.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const dist = resolve(process.env.AMP_DIST ?? 'dist')
const { givenOf, load, openStore } = await import(pathToFileURL(join(dist, 'library', 'index.js')))
const { onDisk } = await import(pathToFileURL(join(dist, 'disk.js')))

const DIM = 16
const model = load({
  name: 'kills.amp',
  text: `axis dim = ${DIM}
memory xi[pattern, dim]
memory T[dim] = 0
state x[dim]
write xi[pattern = new] = x
write T = T + x
forget T = T - x
energy sum[dim]((x - T)^2) - logsumexp[pattern](sum[dim](xi * x))`,
}).value

/** A pattern says who wrote it and as which of its own: whole numbers, so that sums are exact. */
const pattern = (writer, own) =>
  Array.from({ length: DIM }, (_, i) => (i === 0 ? writer : i === 1 ? own : (writer * 31 + own * 17 + i * i) % 101))
const given = (observed) => givenOf({ observed }).value

/** Mulberry32: the same kills for the same seed, as far as the clock allows. */
function randomFrom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

async function opened(folder, write) {
  const shelf = await onDisk(folder, { write })
  if (!shelf.ok) throw new Error(`the store does not open: ${shelf.diagnostics[0].message}`)
  return openStore(model, undefined, { shelf: shelf.value }).value
}

/** Writes and forgets until it is killed; each line is an acknowledgement. */
async function work(folder, writer) {
  process.on('SIGWINCH', () => {})
  const store = await opened(folder, true)
  const random = randomFrom(writer)
  const mine = []
  console.log('ready')
  for (let own = 0; ; ) {
    if (mine.length > 0 && random() < 0.3) {
      const [number] = mine.splice(Math.floor(random() * mine.length), 1)
      console.log(`try forget ${number}`)
      if (store.forget(given({}), { label: String(number) }).ok) console.log(`forgot ${number}`)
    } else {
      const count = random() < 0.5 ? 1 : 1 + Math.floor(random() * 60)
      const all = Array.from({ length: count }, (_, i) => pattern(writer, own + i))
      const written = await store.write(given({ x: all }))
      if (!written.ok) throw new Error(written.diagnostics[0].message)
      const { first } = written.value
      console.log(`wrote ${first} ${count} ${own}`)
      for (let i = 0; i < count; i += 1) mine.push(first + i)
      own += count
    }
    await new Promise((done) => setImmediate(done))
  }
}

/**
 * A process that waits for its turn to write waits in a mutex of the C library, which is robust where its owner is killed. Where
 * another that waits is killed just after it was woken, nobody wakes this one, though the next to come finds the mutex free. A
 * signal makes it look again (this one does nothing to a process that has not got as far).
 */
const STUCK = 20_000
let woken = 0

/** Runs a writer and kills it after a while; what it acknowledged. */
function killed(folder, writer, after) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [process.argv[1], 'work', folder, String(writer)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: process.env,
    })
    let said = ''
    let trouble = ''
    const watch = setInterval(() => {
      if (said === '' && child.kill('SIGWINCH')) woken += 1
    }, STUCK)
    child.stdout.on('data', (text) => {
      if (said === '') setTimeout(() => child.kill('SIGKILL'), after)
      said += text
    })
    child.stderr.on('data', (text) => {
      trouble += text
    })
    child.on('close', (_, signal) => {
      clearInterval(watch)
      done({ lines: said.split('\n').slice(0, -1), trouble: signal === 'SIGKILL' ? '' : trouble || 'it ended by itself' })
    })
  })
}

function numbers(store, name) {
  const found = store.given().value?.fixed.find((item) => item.name === name)
  return found === undefined ? new Float64Array(0) : found.value.data
}

/** What is wrong with a store; `known` holds what was acknowledged: by number, who wrote it and as which. */
function wrong(store, known, forgotten, doubtful) {
  const xi = numbers(store, 'xi')
  const T = numbers(store, 'T')
  const labels = store.given().value?.labels?.find((l) => l.axis === 'pattern')?.names
  const count = xi.length / DIM
  const there = new Map(Array.from({ length: count }, (_, k) => [Number(labels?.[k] ?? k + 1), xi.subarray(k * DIM, (k + 1) * DIM)]))
  const sum = new Float64Array(DIM)
  for (const [number, row] of there) {
    const expected = pattern(row[0], row[1])
    if (expected.some((v, i) => v !== row[i])) return `pattern ${number} is not one that was written`
    for (let i = 0; i < DIM; i += 1) sum[i] += row[i]
    if (forgotten.has(number)) return `pattern ${number} was forgotten and is there`
  }
  for (const [number, [writer, own]] of known) {
    const row = there.get(number)
    if (row === undefined && !forgotten.has(number) && !doubtful.has(number)) return `pattern ${number} was acknowledged and is not there`
    if (row !== undefined && (row[0] !== writer || row[1] !== own)) return `pattern ${number} is another one`
  }
  if (count > 0 && sum.some((v, i) => v !== T[i])) return `T is not the sum of the patterns`
  return undefined
}

/** So many kills a store: each of its patterns is looked at after every kill, and a store that grew for ever would take all the time. */
const EACH = 25

/** So many processes write at a time at most, each for so long at most, milliseconds. */
const [MOST, LONGEST] = [4, 300]

async function main(kills, seed) {
  const begun = performance.now()
  const summary = () =>
    `${done} kills, ${acknowledged} acknowledged changes, ${undone} undone, ${patterns} patterns in ${stores} stores: nothing lost. ${woken} times a writer that said nothing for ${STUCK / 1000} s was sent a signal. ${seconds()}`
  const seconds = () => `${Math.round((performance.now() - begun) / 1000)} s`
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      console.log(`Ended before ${kills}: ${summary()}`)
      process.exit(1)
    })
  const base = mkdtempSync(join(existsSync('/dev/shm') && process.env.AMP_SHM ? '/dev/shm' : tmpdir(), 'amp-kills-'))
  const random = randomFrom(seed)
  let [done, writer, acknowledged, undone, patterns, stores] = [0, 0, 0, 0, 0, 0]
  let folder = ''
  let [known, forgotten, doubtful] = [new Map(), new Set(), new Set()]
  while (done < kills) {
    if (done >= stores * EACH) {
      rmSync(folder, { recursive: true, force: true })
      stores += 1
      folder = join(base, `store ${stores}`)
      ;[known, forgotten, doubtful] = [new Map(), new Set(), new Set()]
    }
    const several = Math.min(kills - done, 1 + Math.floor(random() * MOST))
    const runs = Array.from({ length: several }, () => {
      writer += 1
      return { writer, run: killed(folder, writer, Math.floor(random() * LONGEST)) }
    })
    for (const { writer: by, run } of runs) {
      const { lines, trouble } = await run
      if (trouble !== '') throw new Error(`writer ${by}: ${trouble}`)
      done += 1
      for (const [i, line] of lines.entries()) {
        const [word, a, b, c] = line.split(' ')
        if (word === 'wrote') for (let k = 0; k < Number(b); k += 1) known.set(Number(a) + k, [by, Number(c) + k])
        if (word === 'wrote') patterns += Number(b)
        if (word === 'forgot') forgotten.add(Number(a))
        // Killed in between, it may have happened or not.
        if (word === 'try' && !lines[i + 1]?.startsWith('forgot')) doubtful.add(Number(b))
        if (word === 'wrote' || word === 'forgot') acknowledged += 1
      }
    }
    const store = await opened(folder, true)
    const trouble = wrong(store, known, forgotten, doubtful)
    if (trouble !== undefined) throw new Error(`after ${done} kills: ${trouble} (${folder})`)
    store.close()
    if (done % 50 < several) console.log(`${done} kills, ${seconds()}`)
    if (random() < 0.1 && store.contents !== undefined) {
      const copy = join(base, 'copy')
      cpSync(folder, copy, { recursive: true })
      const other = await opened(copy, true)
      for (let k = 0; k < 3 && other.contents().changes > 0; k += 1) {
        const before = other.contents()
        if (!other.undo().ok || other.contents().changes !== before.changes - 1) throw new Error('undoing does not work')
        undone += 1
        const left = wrong(other, new Map(), new Set(), new Set())
        if (left !== undefined) throw new Error(`after undoing: ${left}`)
      }
      other.close()
      rmSync(copy, { recursive: true })
    }
  }
  rmSync(base, { recursive: true })
  console.log(summary())
}

const [first, second, third] = process.argv.slice(2)
if (first === 'work') await work(second, Number(third))
else await main(Number(first ?? 1000), Number(second ?? 1))

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { openRunFile } from '../../src/cli/run-file.ts'

/** What is sampled: a name, the model, its data and the options of `amp sample`. */
export interface Subject {
  readonly name: string
  readonly model: string
  readonly data: unknown
  readonly args: readonly string[]
}

/** NUTS, NUTS beside Gibbs, and NUTS with a state that is summed out (whose shares are sums over all draws). */
export const subjects = (scale: number): readonly Subject[] => [
  {
    name: 'schools',
    model:
      'data y[school]\ndata sigma[school] : positive\nstate mu ~ normal(0, 5)\nstate tau : positive ~ half_cauchy(5)\nstate z[school] ~ normal(0, 1)\ny ~ normal(mu + tau * z, sigma)\n',
    data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] },
    args: ['--draws', String(12000 * scale), '--warmup', '300', '--chains', '3', '--seed', '11'],
  },
  {
    name: 'spins',
    model: 'state h ~ normal(0, 1)\nstate s[site] : spin\nenergy -sum[site](0.3 * s * (h + field))\ndata field[site]\n',
    data: { field: [0.5, -1, 0.25, 2, -0.5, 1, 0, -2] },
    args: ['--keep', 's', '--draws', String(12000 * scale), '--warmup', '200', '--chains', '2', '--seed', '12'],
  },
  {
    name: 'mixture',
    model:
      'data y[row]\nstate mu[part] ~ normal(0, 3)\nstate z[row] : part\ndata w[part]\nz ~ categorical(w)\ny ~ normal(mu[part = z], 1)\n',
    data: { w: [0.4, 0.6], y: [-2.1, -1.7, 2.2, 1.9, -2.4, 2.6, 1.4, -1.2, 2.0, -1.9] },
    args: ['--draws', String(6000 * scale), '--warmup', '300', '--chains', '3', '--seed', '13'],
  },
]

export const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** A run that nothing disturbed. */
export interface Reference {
  readonly bytes: Buffer
  /** Of all chains. */
  readonly draws: number
}

export interface Trial {
  readonly subject: string
  readonly signal: (typeof signals)[number]
  /** When the signal was sent, as a share of the draws that were reported by then; below 0: in warm-up. */
  readonly at: number
  /** Draws of all chains that worker threads had reported. */
  readonly reported: number
  /** Draws of all chains in the file. */
  readonly inFile: number
  readonly code: number | null
  /** Milliseconds from the signal to the end. */
  readonly ended: number
  /** Nothing, if all is right. */
  readonly troubles: readonly string[]
}

/** Tells on file 3 when the program listens, and how many draws each report of a worker brings its chain to. */
const preload = `data:text/javascript,${encodeURIComponent(`
import { writeSync } from 'node:fs'
import { isMainThread, Worker } from 'node:worker_threads'
if (isMainThread) {
  process.on('newListener', (name) => name === 'SIGHUP' && writeSync(3, 'listening\\n'))
  const { emit } = Worker.prototype
  Worker.prototype.emit = function (name, ...rest) {
    const result = emit.call(this, name, ...rest)
    const draws = rest[0]?.stretch?.draws
    if (name === 'message' && draws) writeSync(3, draws.chain + ' ' + draws.count + '\\n')
    return result
  }
}`)}`

interface Running {
  readonly child: ChildProcess
  readonly listening: Promise<void>
  readonly reported: ReadonlyMap<number, number>
  /** When so many draws were reported, or the program has ended. */
  reach(draws: number): Promise<void>
  readonly closed: Promise<{ readonly code: number | null; readonly when: number; readonly err: string }>
}

function start(program: string, folder: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, ['--import', preload, program, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const reported = new Map<number, number>()
  let heard: () => void = () => {}
  const listening = new Promise<void>((done) => {
    heard = done
  })
  let [rest, err] = ['', '']
  let wanted: { readonly draws: number; readonly done: () => void } | undefined
  const look = (isOver: boolean): void => {
    if (wanted !== undefined && (isOver || sumOf(reported) >= wanted.draws)) wanted.done()
  }
  child.stdio[3]?.on('data', (text) => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [chain, count] = line.split(' ').map(Number)
      if (line === 'listening') heard()
      else if (chain !== undefined) reported.set(chain, (reported.get(chain) ?? 0) + (count ?? 0))
    }
    look(false)
  })
  child.stderr?.on('data', (text) => {
    err += text
  })
  const closed = new Promise<Awaited<Running['closed']>>((done) => {
    child.on('close', (code) => {
      heard()
      look(true)
      done({ code, when: performance.now(), err })
    })
  })
  const reach = (draws: number): Promise<void> =>
    new Promise((done) => {
      wanted = { draws, done }
      look(child.exitCode !== null)
    })
  return { child, listening, reported, reach, closed }
}

function sumOf(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((a, b) => a + b, 0)
}

function prepared(folder: string, { name, model, data, args }: Subject): readonly string[] {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.amp`), model)
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(data))
  return ['sample', `${name}.amp`, '--data', `${name}.json`, ...args]
}

export async function referenceOf(program: string, folder: string, subject: Subject): Promise<Reference> {
  const out = `${subject.name}-whole.json`
  const { err } = await start(program, folder, [...prepared(folder, subject), '--out', out]).closed
  if (!existsSync(join(folder, out))) throw new Error(err)
  const bytes = readFileSync(join(folder, out))
  return { bytes, draws: sumOf(countsIn(bytes, [])) }
}

/** Interrupts a run at a moment drawn under `seed`, looks at what is left of it, and goes on from there to the end. */
export async function trial(program: string, folder: string, subject: Subject, reference: Reference, seed: number): Promise<Trial> {
  const random = new Stream(fold(keyFromSeed(seed), 'signals'))
  const signal = signals[random.integer(signals.length)] as (typeof signals)[number]
  // A fifth of them come in warm-up; the others up to the last draw, somewhat later than a report.
  const at = random.uniform() * 1.25 - 0.25
  const later = random.uniform() * 60
  const out = `${subject.name}-${seed}.json`
  const args = prepared(folder, subject)
  const running = start(program, folder, [...args, '--out', out])
  await running.listening
  if (at >= 0) await running.reach(at * reference.draws)
  await new Promise((done) => setTimeout(done, later))
  const sent = performance.now()
  running.child.kill(signal)
  const { code, when, err } = await running.closed
  const troubles: string[] = []
  const reported = sumOf(running.reported)
  const counts = existsSync(join(folder, out)) ? countsIn(readFileSync(join(folder, out)), troubles) : new Map<number, number>()
  for (const [chain, count] of running.reported) {
    const there = counts.get(chain) ?? 0
    if (there < count) troubles.push(`chain ${chain + 1}: ${count} draws were reported, ${there} are in the file`)
  }
  const isWhole = existsSync(join(folder, out)) && readFileSync(join(folder, out)).equals(reference.bytes)
  if (code !== codes[signal] && !isWhole) troubles.push(`exit code ${code}: ${err}`)
  if (existsSync(join(folder, out))) {
    const resumed = start(program, folder, [...args, '--resume', out, '--out', out])
    const end = await resumed.closed
    if (!readFileSync(join(folder, out)).equals(reference.bytes))
      troubles.push(`resumed, it is not the run that nothing disturbed ${end.err}`)
  } else if (reported > 0) troubles.push('there is no file')
  const inFile = sumOf(counts)
  return { subject: subject.name, signal, at, reported, inFile, code, ended: Math.max(0, when - sent), troubles }
}

function countsIn(bytes: Buffer, troubles: string[]): ReadonlyMap<number, number> {
  const file = openRunFile(bytes, 'run.json')
  troubles.push(...file.diagnostics.map((d) => d.message))
  const chains = (file.value?.root as { draws?: { chains: readonly { chain: number; count: number }[] } })?.draws?.chains ?? []
  return new Map(chains.map((c) => [c.chain, c.count]))
}

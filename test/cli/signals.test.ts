import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readNpy } from '../../src/cli/files/npy.ts'
import { readRun } from '../../src/cli/saved-run.ts'
import { amp, folderWith, program } from './amp.ts'
import { referenceOf, subjects, trial } from './signalled.ts'

/** Sums over all pairs: an evaluation takes the better part of a second, in which nothing else happens. */
const slow = `data a[i]
data b[j]
state x
x ~ normal(0, 1)
energy sum[i, j](exp(-(x - a * b)^2)) * 1e-9
`
const slowSpins = `data a[i]
data b[j]
data w[k]
state s[k] : spin
let m = sum[k](w * s)
energy sum[i, j](exp(-(m - a * b)^2)) * 1e-9
`
const series = (n: number): string =>
  JSON.stringify({ a: Array.from({ length: n }, (_, i) => Math.sin(i)), b: Array.from({ length: n }, (_, i) => Math.cos(i)) })
const folder = folderWith({
  'slow.amp': slow,
  'slow-spins.amp': slowSpins,
  'w.json': '{"w": [1, 0.5, 0.25]}',
  'slow.json': series(8_000),
  // One look at all pairs takes far longer than a second, on any machine.
  'slower.json': series(60_000),
  'start.json': '{"x": 0.5}',
  // Many cues, of which each takes a good part of a second.
  'quicker.json': series(1_500),
  'starts.json': JSON.stringify({ x: Array.from({ length: 400 }, (_, i) => 2 + i / 400) }),
  'm.amp': 'state x\nx ~ normal(0, 1)\n',
  'huge.csv': '0.5,0.25,0.125\n'.repeat(2_000_000),
})

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** Milliseconds from the last signal to the end. */
  readonly took: number
}

/** Says on file 3 when work begins that keeps the thread busy, counted, and when signals are listened to. */
const preload = `data:text/javascript,${encodeURIComponent(`
import { writeSync } from 'node:fs'
import { Script } from 'node:vm'
import { isMainThread } from 'node:worker_threads'
let count = 0
const { runInThisContext } = Script.prototype
Script.prototype.runInThisContext = function (...args) {
  if (isMainThread) writeSync(3, '<busy ' + ++count + '>')
  return runInThisContext.apply(this, args)
}
if (isMainThread) process.on('newListener', (name) => name === 'SIGHUP' && writeSync(3, '<listening>'))
`)}`

/** Runs amp and sends each signal so many milliseconds after the one before; the first, after `mark` was said. */
function signalled(args: readonly string[], mark: string, sends: readonly (readonly [NodeJS.Signals, number])[]): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', preload, program, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let [out, err, marks, sent] = ['', '', '', 0]
  const send = ([next, ...rest]: typeof sends): void => {
    if (next === undefined) return
    setTimeout(() => {
      sent = performance.now()
      child.kill(next[0])
      send(rest)
    }, next[1])
  }
  child.stdio[3]?.on('data', (text) => {
    const before = marks.includes(mark)
    marks += text
    if (!before && marks.includes(mark)) send(sends)
  })
  child.stdout?.on('data', (text) => {
    out += text
  })
  child.stderr?.on('data', (text) => {
    err += text
  })
  return new Promise((done) => child.on('close', (code) => done({ code, out, err, took: performance.now() - sent })))
}

describe('signals at random moments of sampling', () => {
  // `npm run signals` does so fifty times.
  it.each(subjects(0.1))('lose no draw of $name, and the run can be gone on with to the same bytes', async (subject) => {
    const reference = await referenceOf(program, folder, subject)
    for (const seed of [1, 2]) expect((await trial(program, folder, subject, reference, seed)).troubles).toEqual([])
  })
})

describe('Ctrl-C', () => {
  // The machine of the tests may be busy; a second is meant for one that is not.
  const soon = 4000
  it.each([
    [
      'sample, while it reads',
      ['sample', 'slow.amp', '--data', 'slow.json', '--data', 'b=huge.csv'],
      3,
      /^Interrupted while reading what is given\.$/m,
    ],
    ['sample, before its first draw', ['sample', 'slow.amp', '--data', 'slow.json'], 6, /^Interrupted while .*nothing was drawn\.$/m],
    ['retrieve', ['retrieve', 'slow.amp', '--data', 'slow.json', '--cue', 'start.json'], 4, /^Interrupted while .*nothing was written\.$/m],
    ['verify', ['verify', 'm.amp', '--runs', '10000000'], 3, /^Interrupted while the laws were tested on m\.amp\.$/m],
  ])('ends %s with a sentence, in the middle of whatever it does', async (_, args, phase, sentence) => {
    const { code, err, took } = await signalled(args, `<busy ${phase}>`, [['SIGINT', 60]])
    expect([code, err]).toEqual([130, expect.stringMatching(sentence)])
    expect(took).toBeLessThan(soon)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('keeps the cues that are at their end: %s', async (signal, expected) => {
    const out = `kept-${signal}.npy`
    const args = ['retrieve', 'slow.amp', '--data', 'quicker.json', '--cue', 'starts.json', '--out', out]
    const ended = await signalled(args, '<listening>', [[signal, 2500]])
    expect([ended.code, ended.err]).toEqual([expected, ''])
    const kept = Number(/Interrupted: (\d+) of 400 cues/.exec(ended.out)?.[1])
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(400)
    const { value } = readNpy(readFileSync(join(folder, out)), out)
    if (value?.kind !== 'numbers') throw new Error('no numbers')
    expect(value.shape).toEqual([400])
    expect(value.data.findIndex(Number.isNaN)).toBe(kept)
    expect(value.data.slice(kept).every(Number.isNaN)).toBe(true)
    expect(ended.took).toBeLessThan(soon)
  })

  it('ends chains in workers that are in one long evaluation', async () => {
    const args = ['sample', 'slow-spins.amp', '--data', 'slower.json', '--data', 'w.json', '--workers', '2', '--out', 'slow-run.json']
    const { code, out, err, took } = await signalled(args, '<listening>', [['SIGINT', 1000]])
    expect([code, out, err]).toEqual([130, expect.stringContaining('nothing was drawn'), ''])
    expect(took).toBeLessThan(soon)
    expect(existsSync(join(folder, 'slow-run.json'))).toBe(false)
  })

  it('a second time ends at once, with what was written before left as it was', async () => {
    const args = ['sample', 'slow-spins.amp', '--data', 'slower.json', '--data', 'w.json', '--workers', '2']
    const { code, took } = await signalled(args, '<listening>', [
      ['SIGINT', 1000],
      ['SIGTERM', 30],
    ])
    expect(code).toBe(143)
    expect(took).toBeLessThan(soon)
  })
})

describe('what was drawn', () => {
  const args = ['sample', 'm.amp', '--sampler', 'nuts', '--warmup', '100', '--chains', '2', '--seed', '7']
  const endless = ['--draws', '3000000', '--checkpoint', '0.2']

  it('is beside --out from checkpoint to checkpoint, though the program is killed', async () => {
    const killed = await signalled([...args, ...endless, '--out', 'killed.json'], '<listening>', [['SIGKILL', 1500]])
    expect(killed.code).toBe(null)
    expect(existsSync(join(folder, 'killed.json'))).toBe(false)
    const run = readRun(join(folder, 'killed.checkpoint.json'))
    const counts = (run.value?.chains ?? []).map((c) => c.draws.count)
    expect(run.diagnostics).toEqual([])
    expect(Math.max(...counts)).toBeGreaterThan(0)
    const draws = ['--draws', String(Math.max(...counts) + 5)]
    amp(folder, [...args, '--resume', 'killed.checkpoint.json', ...draws, '--out', 'resumed.json'])
    amp(folder, [...args, ...draws, '--out', 'straight.json'])
    expect(readFileSync(join(folder, 'resumed.json'))).toEqual(readFileSync(join(folder, 'straight.json')))
  })

  it('can be gone on with where --out is no run, or is not given', async () => {
    const table = await signalled([...args, ...endless, '--out', 'draws.csv'], '<listening>', [['SIGTERM', 1000]])
    expect(table.code).toBe(143)
    expect(table.out).toContain('To continue, run the same command with --resume draws.checkpoint.json.')
    expect(readRun(join(folder, 'draws.checkpoint.json')).diagnostics).toEqual([])
    const { code, out } = await signalled([...args, ...endless], '<listening>', [['SIGHUP', 1000]])
    const place = /--resume (\S+\.json)/.exec(out)?.[1] ?? ''
    expect(code).toBe(129)
    expect(readRun(place).diagnostics).toEqual([])
  })

  it('leaves no checkpoint where all was drawn', () => {
    amp(folder, [...args, '--draws', '60000', '--checkpoint', '0.1', '--out', 'done.json'])
    expect(existsSync(join(folder, 'done.json'))).toBe(true)
    expect(existsSync(join(folder, 'done.checkpoint.json'))).toBe(false)
  })
})

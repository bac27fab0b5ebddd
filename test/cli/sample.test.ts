import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PassThrough } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { type SampleOptions, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { readNamed } from '../../src/cli/files/read.ts'
import { openProgress } from '../../src/cli/progress.ts'
import { exactly } from '../../src/cli/saved-run.ts'
import { runChainsIn } from '../../src/workers/run-chains.ts'

const built = resolve('out/test-cli-sample')
const folder = mkdtempSync(join(tmpdir(), 'amp-sample-'))
const model = 'models/posteriors/eight_schools_noncentered.amp'
const data = 'models/posteriors/eight_schools_noncentered.json'

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build.mjs', '--out', built], { stdio: 'inherit' })
})

const file = (name: string): string => join(folder, name)
const json = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'))

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs `amp sample`; with `interrupt`, sends SIGINT so many milliseconds after the program began to listen for it. */
function amp(args: readonly string[], interrupt?: number): Promise<Ran> {
  const tell = "data:text/javascript,process.on('newListener', (name) => name === 'SIGINT' && process.stderr.write('listening'))"
  const child = spawn(process.execPath, ['--import', tell, join(built, 'amp.js'), 'sample', model, '--data', data, ...args])
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    if (!err.includes('listening') && `${err}${text}`.includes('listening') && interrupt !== undefined)
      setTimeout(() => child.kill('SIGINT'), interrupt)
    err += text
  })
  return new Promise((done) => {
    child.on('close', (code) => done({ code, out, err: err.replace('listening', '') }))
  })
}

const small = ['--warmup', '200', '--draws', '300', '--seed', '5', '--chains', '3']

describe('amp sample in worker threads', () => {
  it('gives the same file for any number of workers', async () => {
    const runs = await Promise.all(
      [1, 2, 3].map(async (n) => {
        const { err } = await amp([...small, '--workers', String(n), '--out', file(`w${n}.json`)])
        expect(err).not.toContain('chain')
        return readFileSync(file(`w${n}.json`), 'utf8')
      }),
    )
    await amp([...small, '--out', file('auto.json')])
    expect(runs[1]).toBe(runs[0])
    expect(runs[2]).toBe(runs[0])
    expect(readFileSync(file('auto.json'), 'utf8')).toBe(runs[0])
  })

  it('says nothing on the way where nobody watches', async () => {
    const { err } = await amp([...small, '--json'])
    expect(err).not.toMatch(/Chain|%/)
  })
})

describe('amp sample --resume', () => {
  it('goes on bit for bit: 300 draws and 300 more are 600', async () => {
    await amp([...small, '--out', file('first.json')])
    await amp(['--resume', file('first.json'), '--draws', '600', '--workers', '2', '--out', file('both.json')])
    await amp([...small, '--draws', '600', '--out', file('once.json')])
    const [both, once] = [json('both.json'), json('once.json')]
    expect(both.draws).toEqual(once.draws)
    expect(both.resume).toEqual(once.resume)
    expect(both.summary).toEqual(once.summary)
    expect(once.draws.chains[0].count).toBe(600)
  })

  it('keeps what was drawn when interrupted, and finishes it afterwards', async () => {
    const many = ['--warmup', '100', '--draws', '400000', '--seed', '6', '--chains', '2']
    const { code, out } = await amp([...many, '--workers', '2', '--out', file('cut.json')], 400)
    expect(code).toBe(130)
    expect(out).toContain('Interrupted')
    expect(out).toContain(`--resume ${file('cut.json')}`)
    const cut = json('cut.json')
    const counts = cut.draws.chains.map((c: { count: number }) => c.count)
    expect(cut.outcomes.map((o: { kind: string }) => o.kind)).toEqual(['interrupted', 'interrupted'])
    expect(cut.summary.every((r: { mean: number | null }) => counts.every((n: number) => n === 0) || r.mean !== null)).toBe(true)
    const draws = Math.max(...counts) + 10
    await amp(['--resume', file('cut.json'), '--draws', String(draws), '--out', file('whole.json')])
    await amp([...many, '--draws', String(draws), '--out', file('straight.json')])
    expect(json('whole.json').draws).toEqual(json('straight.json').draws)
    expect(json('whole.json').outcomes).toEqual([{ kind: 'finished' }, { kind: 'finished' }])
  })

  it('hears interrupts without workers', async () => {
    const { code, out } = await amp(['--draws', '400000', '--chains', '2', '--workers', '1'], 300)
    expect(code).toBe(130)
    expect(out).toMatch(/draws from 1 chain by/)
  })

  it.each([
    ['another seed', ['--seed', '9']],
    ['another warm-up', ['--warmup', '201']],
    ['fewer draws', ['--draws', '10']],
    ['other values', ['--data', file('other.json')]],
  ])('refuses %s', async (_, more) => {
    writeFileSync(file('other.json'), '{"sigma": [1, 1, 1, 1, 1, 1, 1, 2]}')
    await amp([...small, '--out', file('run.json')])
    const { code, err } = await amp(['--resume', file('run.json'), ...more])
    expect(code).toBe(1)
    expect(err).toContain('AMP715')
  })

  it.each([
    ['what is no JSON', 'x'],
    ['what is no run', '{"draws": []}'],
    ['a run with a hole', '{"draws": {"chains": [{}]}, "tuning": [], "resume": {"version": 1, "settings": {}, "chains": [{"chain": 0}]}}'],
  ])('refuses %s', async (_, text) => {
    writeFileSync(file('bad.json'), text)
    const { code, err } = await amp(['--resume', file('bad.json')])
    expect(code).toBe(1)
    expect(err).toContain('AMP715')
  })
})

describe('a worker that dies', () => {
  const loaded = must(load({ name: model, text: readFileSync(model, 'utf8') }).value, 'model')
  const given = { fixed: must(readNamed(data).value, 'data'), observed: [], cues: [] }
  const options: SampleOptions = { warmup: 50, draws: 500, chains: 3, seed: 8 }

  it('loses only what its chain drew after its last report, and the chain can go on', async () => {
    writeFileSync(
      join(built, 'dying.mjs'),
      // Its clock counts readings, so a stretch is a hundred steps however fast the machine is.
      `import { parentPort } from 'node:worker_threads'
       let now = 0
       performance.now = () => (now += 2)
       const post = parentPort.postMessage.bind(parentPort)
       let reports = 0
       parentPort.postMessage = (report) => {
         post(report)
         if (report.stretch.draws.chain === 1 && ++reports === 2) process.exit(3)
       }
       await import('./worker.js')`,
    )
    const entry = pathToFileURL(join(built, 'dying.mjs'))
    const stop = new Int32Array(new SharedArrayBuffer(4))
    const result = must(
      (await sample(loaded, given, { ...options, runChains: runChainsIn({ workers: 2, stop, entry, restarts: 0 }) })).value,
      'draws',
    )
    expect(result.outcomes.map((o) => o.kind)).toEqual(['finished', 'failed', 'finished'])
    const died = must(result.chains[1], 'chain 2')
    expect(died.outcome).toMatchObject({ sentence: expect.stringMatching(/died after \d+ steps \(it ended with code 3\)/) })
    expect(died.draws.count).toBeGreaterThan(0)
    expect(died.draws.count).toBeLessThan(500)
    // In process, from where it was: as if nothing had happened.
    const again = must((await sample(loaded, given, { ...options, resume: result.chains })).value, 'draws')
    const plain = must((await sample(loaded, given, options)).value, 'draws')
    expect(again.draws).toEqual(plain.draws)
    expect(again.outcomes.map((o) => o.kind)).toEqual(['finished', 'finished', 'finished'])
    // In another worker, from its last report, as often as it takes.
    const deaths: number[] = []
    const onRestart = (chain: number): number => deaths.push(chain)
    const runChains = runChainsIn({ workers: 2, stop, entry, restarts: 9, onRestart })
    const restarted = must((await sample(loaded, given, { ...options, runChains })).value, 'draws')
    expect(restarted.draws).toEqual(plain.draws)
    expect(restarted.responsibilities).toEqual(plain.responsibilities)
    expect([deaths.length > 1, new Set(deaths)]).toEqual([true, new Set([1])])
  })
})

describe('progress', () => {
  it('is a line a chain on a terminal', async () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 100 })
    const bars = must(await openProgress(2, 200, terminal as unknown as NodeJS.WriteStream), 'bars')
    bars.update({ chain: 0, step: 40, warmingUp: true, divergent: 0 })
    bars.update({ chain: 1, step: 150, warmingUp: false, divergent: 3 })
    await new Promise((done) => setTimeout(done, 300))
    bars.stop()
    const text = String(terminal.read())
    expect(text).toMatch(/Chain 1 \[[^\]]*\] 20% warm-up,/)
    expect(text).toMatch(/Chain 2 \[[^\]]*\] 75% sampling, 3 divergent, /)
  })

  it('is not there on anything else', async () => {
    expect(await openProgress(2, 200, new PassThrough() as unknown as NodeJS.WriteStream)).toBeUndefined()
  })
})

describe('numbers in a file', () => {
  it('come back to the last bit', () => {
    const odd = [0.1 + 0.2, -0, 5e-324, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]
    expect(JSON.parse(JSON.stringify(exactly(odd))).map(Number)).toEqual(odd)
  })
})

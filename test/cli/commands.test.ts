import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { amp, codesOf, folderWith, program } from './amp.ts'

const good = 'state x ~ normal(0, 1)\n'
const memory = 'memory xi[pattern, pixel]\nstate x[pixel]\nenergy sum[pixel](x^2) / 2 - logsumexp[pattern](8 * sum[pixel](xi * x)) / 8\n'
/** Bytes that no format begins with, the same every time. */
const garbage = Uint8Array.from({ length: 4000 }, (_, i) => (i * i * 31 + i * 7) % 256)
/** The same where they are letters and signs at least. */
const signs = garbage.map((byte) => byte & 0x7f)
const kinds = ['amp', 'json', 'csv', 'npy'] as const

describe('amp check', () => {
  const folder = folderWith({
    'a.amp': good,
    'b.amp': 'state y ~ nomral(0, 1)\nenergy z\n',
    'c.amp': 'state x\nenergy x[\n',
    'empty.amp': '',
  })

  test('0 for a model without errors', () => {
    expect(amp(folder, ['check', 'a.amp'])).toEqual({ code: 0, out: 'a.amp: no errors\n', err: '' })
  })

  test('1 for several files of which one has errors; every error of every file is reported', () => {
    const ran = amp(folder, ['check', 'a.amp', 'b.amp', 'none.amp', 'c.amp'])
    expect(ran.code).toBe(1)
    expect(ran.out).toBe('a.amp: no errors\n')
    expect(codesOf(ran)).toEqual(['AMP203', 'AMP201', 'AMP701', 'AMP103'])
  })

  test('--json has a stable shape', () => {
    const ran = amp(folder, ['check', '--json', 'a.amp', 'b.amp', 'none.amp'])
    expect(ran).toMatchObject({ code: 1, err: '' })
    const [a, b, none] = JSON.parse(ran.out)
    expect(a).toEqual({ file: 'a.amp', ok: true, diagnostics: [] })
    expect(b).toMatchObject({ file: 'b.amp', ok: false })
    expect(b.diagnostics[0]).toEqual({
      code: 'AMP203',
      severity: 'error',
      message: "there is no family called 'nomral'",
      hint: "did you mean 'normal'?",
      range: { file: 'b.amp', start: { line: 1, column: 11 }, end: { line: 1, column: 17 } },
    })
    expect(none).toMatchObject({ file: 'none.amp', ok: false, diagnostics: [{ code: 'AMP701', place: 'none.amp' }] })
  })

  test('says what the compiler warns of, too', () => {
    const chosen = 'data y[t]\nstate on : bit\nstate mu ~ normal(0, 5)\ny ~ normal(where(on, mu, y[t = t - 1]), 1)\n'
    const ran = amp(folder, ['check', '-'], chosen)
    expect([ran.code, codesOf(ran)]).toEqual([0, ['AMP609']])
  })

  test('reads standard input as -', () => {
    expect(amp(folder, ['check', '-'], good)).toEqual({ code: 0, out: 'standard input: no errors\n', err: '' })
    expect(amp(folder, ['check', '-'], 'state x ~ norml(0, 1)').err).toContain('standard input:1:11')
  })

  test('an empty file is no model', () => {
    expect(codesOf(amp(folder, ['check', 'empty.amp']))).toEqual(['AMP227'])
  })
})

describe('amp fmt', () => {
  const untidy = 'state   x~normal( 0,1 )\n'

  test('writes the file; --check only says whether it would', () => {
    const folder = folderWith({ 'm.amp': untidy })
    expect(amp(folder, ['fmt', '--check', 'm.amp'])).toMatchObject({ code: 1, out: 'm.amp: not formatted\n' })
    expect(readFileSync(join(folder, 'm.amp'), 'utf8')).toBe(untidy)
    expect(amp(folder, ['fmt', 'm.amp'])).toMatchObject({ code: 0, out: 'm.amp: formatted\n' })
    expect(readFileSync(join(folder, 'm.amp'), 'utf8')).toBe(good)
    expect(amp(folder, ['fmt', '--check', 'm.amp'])).toMatchObject({ code: 0, out: '' })
  })

  test('- goes from standard input to standard output', () => {
    expect(amp(folderWith({}), ['fmt', '-'], untidy)).toEqual({ code: 0, out: good, err: '' })
    expect(amp(folderWith({}), ['fmt', '--check', '-'], untidy).code).toBe(1)
  })

  test('leaves a file that does not read alone', () => {
    const folder = folderWith({ 'm.amp': 'state x ~ (' })
    expect(amp(folder, ['fmt', 'm.amp']).code).toBe(1)
    expect(readFileSync(join(folder, 'm.amp'), 'utf8')).toBe('state x ~ (')
  })
})

describe('arguments', () => {
  const folder = folderWith({ 'm.amp': good })

  test.each([
    [['chekc', 'm.amp'], 'Did you mean check?'],
    [['sample', 'm.amp', '--sede', '3'], 'Did you mean --seed?'],
    [['sample', 'm.amp', '--chains', '0'], 'expected: a whole number from 1 on'],
    [['sample', 'm.amp', '--temperature', '-1'], 'expected: a number above 0'],
    [['sample', 'm.amp', '--delta', '2'], 'The option delta is 2.'],
    [['retrieve', 'm.amp', '--steps', '-1'], 'The option maxSteps (--steps) is -1.'],
    [['sample', 'm.amp', '--sampler', 'hmc'], 'Allowed choices are'],
    [['retrieve'], "missing required argument 'file'"],
    [['show', 'm.amp', '--stage', 'tokens'], 'Allowed choices are'],
    [['explain', 'AMP999'], 'There is no code AMP999'],
    [['compile', 'm.amp', '-o', 'm.mjs'], "required option '--to <reading>' not specified"],
    [['compile', 'm.amp', '--to', 'sample', '-o', 'm.txt'], 'not the name of a JavaScript module'],
  ])('%j is refused', (args, says) => {
    const ran = amp(folder, args)
    expect(ran.code).toBe(1)
    expect(ran.err).toContain(says)
    expect(ran.err).not.toMatch(/\n\s+at /)
  })

  test('--version and --help are fine', () => {
    expect(amp(folder, ['--version'])).toMatchObject({ code: 0, err: '' })
    expect(amp(folder, ['--help'])).toMatchObject({ code: 0, err: '' })
    expect(amp(folder, ['explain', 'amp301']).out).toContain('sum[axis](...)')
    expect(amp(folder, ['explain', '301']).out).toBe(amp(folder, ['explain', 'amp301']).out)
  })
})

describe('files that hold something else', () => {
  const model = 'data y[row]\nstate mu ~ normal(0, 10)\ny ~ normal(mu, 1)\n'
  const files = Object.fromEntries(
    kinds.flatMap((kind) => [[`garbage.${kind}`, garbage] as const, [`signs.${kind}`, signs] as const, [`empty.${kind}`, ''] as const]),
  )
  const folder = folderWith({ 'm.amp': model, ...files })

  test.each([
    'garbage.json',
    'signs.json',
    'signs.csv',
    'empty.json',
    'garbage.csv',
    'empty.csv',
    'garbage.npy',
    'empty.npy',
  ])('%s as data is reported, with its name', (file) => {
    const ran = amp(folder, ['sample', 'm.amp', '--data', `y=${file}`])
    expect(ran.code).toBe(1)
    expect(codesOf(ran)[0]).toMatch(/^AMP(50[67]|70[1467])$/)
    expect(ran.err).toContain(file)
    // Nothing of the bytes can move the cursor or colour the terminal.
    expect([...ran.err].filter((c) => c < ' ' && c !== '\n')).toEqual([])
  })

  test.each(['garbage.amp', 'signs.amp'])('%s is reported, and not at length', (file) => {
    const ran = amp(folder, ['check', file])
    expect(ran.code).toBe(1)
    expect(ran.err.length).toBeLessThan(60_000)
    expect([...ran.err].filter((c) => c < ' ' && c !== '\n')).toEqual([])
  })
})

describe('results', () => {
  const folder = folderWith({
    'm.amp': memory,
    'normal.amp': good,
    'two.amp': 'axis i = 2\nstate x[i] ~ normal(0, 1)\n',
    'xi.csv': '1,0,1\n0,1,1\n',
    'cues.csv': '1,0,0\n0,1,0\n0,0,1\n',
    'part.csv': '1,,\n,1,\n',
  })

  test('retrieve: a cue by a number, and JSON of a stable shape', () => {
    const ran = amp(folder, ['retrieve', 'm.amp', '--memory', 'xi=xi.csv', '--cue', 'x=0.5', '--json'])
    expect(ran).toMatchObject({ code: 0, err: '' })
    const result = JSON.parse(ran.out)
    expect(Object.keys(result)).toEqual(expect.arrayContaining(['sizes', 'labels', 'backend', 'cues']))
    expect(result.sizes).toEqual({ pattern: 2, pixel: 3 })
    expect(Object.keys(result.cues[0])).toEqual(
      expect.arrayContaining(['outcome', 'steps', 'energy', 'terms', 'trace', 'states', 'responsibilities']),
    )
    expect(result.cues[0].states.x).toHaveLength(3)
  })

  test('retrieve: a batch of cues, one result each; the reference gives what the kernel gives', () => {
    const run = (backend: string) =>
      amp(folder, ['retrieve', 'm.amp', '--memory', 'xi=xi.csv', '--cue', 'x=cues.csv', '--json', '--backend', backend])
    const [kernel, reference] = ['kernel', 'reference'].map((b) => JSON.parse(run(b).out))
    expect(kernel.cues).toHaveLength(3)
    for (const [i, cue] of kernel.cues.entries()) {
      // Both in float64 with sums in another order: rounding, over some tens of steps that contract.
      for (const [k, v] of cue.states.x.entries()) expect(Math.abs(v - reference.cues[i].states.x[k])).toBeLessThan(1e-9)
    }
  })

  test('retrieve: what is observed in part stays, the rest moves', () => {
    const ran = amp(folder, ['retrieve', 'm.amp', '--memory', 'xi=xi.csv', '--observed', 'x=part.csv', '--json'])
    const { cues } = JSON.parse(ran.out)
    expect(cues[0].states.x[0]).toBe(1)
    expect(cues[1].states.x[1]).toBe(1)
    expect(cues[0].states.x[2]).toBeGreaterThan(0.9)
  })

  test('retrieve: a temperature is part of the answer', () => {
    const at = (T: string) => JSON.parse(amp(folder, ['retrieve', 'normal.amp', '--cue', 'x=3', '--temperature', T, '--json']).out)
    expect(at('2').cues[0].states.x).toBeCloseTo(0, 6)
  })

  test('retrieve: 2 where it does not come to rest', () => {
    const ran = amp(folder, ['retrieve', 'm.amp', '--memory', 'xi=xi.csv', '--cue', 'x=0.5', '--steps', '1', '--tolerance', '1e-15'])
    expect(ran.code).toBe(2)
    expect(ran.out).toMatch(/0 of 1 at rest/)
  })

  test('sample: JSON of a stable shape, the same for the same seed', () => {
    const run = (seed: string) => amp(folder, ['sample', 'normal.amp', '--draws', '50', '--warmup', '50', '--seed', seed, '--json'])
    const [one, again, other] = ['3', '3', '4'].map(run)
    const result = JSON.parse(one?.out ?? '')
    expect(Object.keys(result)).toEqual(
      expect.arrayContaining(['sampler', 'backend', 'sizes', 'labels', 'variables', 'summary', 'warnings', 'outcomes']),
    )
    expect(Object.keys(result.summary[0])).toEqual(
      expect.arrayContaining(['name', 'mean', 'sd', 'mcse_mean', 'q5', 'q50', 'q95', 'ess_bulk', 'ess_tail', 'r_hat']),
    )
    expect(again?.out).toBe(one?.out)
    expect(other?.out).not.toBe(one?.out)
  })

  test('sample: 2 where a diagnostic warns', () => {
    // Four draws a chain tell nothing: the effective sample size is too small.
    expect(amp(folder, ['sample', 'normal.amp', '--draws', '4', '--warmup', '4', '--sampler', 'nuts']).code).toBe(2)
  })

  test('--out writes what --json prints, or an array', () => {
    const args = ['retrieve', 'm.amp', '--memory', 'xi=xi.csv', '--cue', 'x=cues.csv', '--json']
    const printed = JSON.parse(amp(folder, [...args, '--out', 'r.json']).out)
    expect(JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')).cues).toEqual(printed.cues)
    amp(folder, [...args, '--out', 'r.csv'])
    expect(readFileSync(join(folder, 'r.csv'), 'utf8').trim().split('\n')).toHaveLength(3)
    amp(folder, [...args, '--out', 'r.npy'])
    expect(readFileSync(join(folder, 'r.npy')).subarray(1, 6).toString()).toBe('NUMPY')
  })

  test('--out to where nothing can be written leaves nothing behind', () => {
    const before = readdirSync(folder)
    const ran = amp(folder, ['sample', 'normal.amp', '--draws', '4', '--out', 'no/such/x.json'])
    expect(codesOf(ran)).toEqual(['AMP702'])
    expect(readdirSync(folder)).toEqual(before)
  })
})

test('a pipe that is closed early is no error', async () => {
  const folder = folderWith({ 'm.amp': `state x\nenergy ${Array.from({ length: 200 }, (_, i) => `(x - ${i})^2`).join(' + ')}\n` })
  const child = spawn(process.execPath, [program, 'show', 'm.amp', '--stage', 'gradient'], { cwd: folder })
  let err = ''
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  child.stdout.destroy()
  const code = await new Promise((resolve) => child.on('exit', resolve))
  expect({ code, err }).toEqual({ code: 0, err: '' })
})

test('amp retrieve --report takes lets, not states', () => {
  const { code, err } = amp(folderWith({ 'm.amp': 'state x ~ normal(0, 1)' }), ['retrieve', 'm.amp', '--report', 'x'])
  expect(code).toBe(1)
  expect(err).toContain('"x" is not a let of the model.')
  expect(err).toContain('States are always reported.')
})

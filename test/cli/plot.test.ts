import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { amp, codesOf, folderWith } from './amp.ts'

const folder = folderWith({ 'm.amp': 'state mu ~ normal(2, 1)\nstate x[i] ~ normal(mu, 0.5)\naxis i = 2\n', 'other.json': '{}\n' })
interface Run {
  readonly summary: readonly { readonly name: string; readonly q5: number; readonly q50: number; readonly q95: number }[]
  readonly draws: { readonly names: readonly string[]; readonly chains: readonly { readonly values: readonly number[] }[] }
}
let run: Run

beforeAll(() => {
  const drawn = amp(folder, [
    'sample',
    'm.amp',
    '--sampler',
    'nuts',
    '--chains',
    '2',
    '--draws',
    '100',
    '--warmup',
    '100',
    '--seed',
    '3',
    '--out',
    'run.json',
    '-q',
  ])
  expect(drawn.code).not.toBe(1)
  run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))
})

/** Rows of the figure's data: panel, series, x, y. */
function rowsOf(...args: readonly string[]): readonly (readonly string[])[] {
  const plotted = amp(folder, ['plot', ...args, '--out', 'f.csv', '--out', 'f.svg'])
  expect(plotted.err).toBe('')
  expect(plotted.code).toBe(0)
  expect(readFileSync(join(folder, 'f.svg'), 'utf8')).toMatch(/^<svg /)
  return readFileSync(join(folder, 'f.csv'), 'utf8').trim().split('\n').slice(1).map((line) => [...line.matchAll(/"([^"]*)"|([^,]+)/g)].map((m) => m[1] ?? m[2] ?? '')) // biome-ignore format: a chain
}

test('a trace has the draws of each chain in their order', () => {
  const rows = rowsOf('trace', 'run.json', '--quantities', 'x')
  for (const [k, name] of ['x[1]', 'x[2]'].entries())
    for (const c of [0, 1]) {
      const drawn = rows.filter(([panel, series]) => panel?.startsWith(`${name}: R-hat`) && series === `chain ${c + 1}`)
      expect(drawn.map((r) => Number(r[2]))).toEqual(Array.from({ length: 100 }, (_, d) => d + 1))
      expect(drawn.map((r) => Number(r[3]))).toEqual(Array.from({ length: 100 }, (_, d) => run.draws.chains[c]?.values[d * 3 + k + 1]))
    }
})

test('a forest has the quantiles of the table', () => {
  const rows = rowsOf('forest', 'run.json')
  const at = (part: string): readonly number[] =>
    rows.filter((r) => r.some((cell) => cell.endsWith(`: ${part}`))).map((r) => Number(r[r.length - 2]))
  expect(at('from')).toEqual(run.summary.map((s) => s.q5))
  expect(at('middle')).toEqual(run.summary.map((s) => s.q50))
  expect(at('to')).toEqual(run.summary.map((s) => s.q95))
})

test('ranks of all chains fill the bins evenly, and a density has the mass of what it shows', () => {
  const ranks = rowsOf('rank', 'run.json', '--quantities', 'mu').filter((r) => r[1]?.startsWith('chain'))
  const bins = Array.from({ length: 20 }, (_, k) => ranks.filter((r) => Number(r[2]) === 10 * k).map((r) => Number(r[3])))
  // The end of one step and the beginning of the next: 200 draws in 20 bins.
  expect(ranks.reduce((sum, r) => sum + Number(r[3]), 0)).toBe(2 * 200)
  expect(bins.length).toBe(20)
  const bars = rowsOf('density', 'run.json', '--quantities', 'mu').filter((r) => r[1] === 'draws')
  const width = Number(bars[1]?.[2]) - Number(bars[0]?.[2])
  expect(bars.reduce((sum, r) => sum + width * Number(r[3]), 0)).toBeGreaterThan(0.985)
  expect(bars.reduce((sum, r) => sum + width * Number(r[3]), 0)).toBeLessThan(1 + 1e-9)
})

test('pairs are of each quantity with each other', () => {
  const rows = rowsOf('pair', 'run.json', '--quantities', 'mu,x[1]')
  expect(rows.length).toBe(200)
  const [first] = run.draws.chains
  const at = rows[0] ?? []
  expect([Number(at[1]), Number(at[2])]).toEqual([first?.values[0], first?.values[1]])
})

test('what is no run is reported', () => {
  expect(codesOf(amp(folder, ['plot', 'trace', 'other.json']))).toContain('AMP715')
  expect(codesOf(amp(folder, ['plot', 'pair', 'run.json', '--quantities', 'mu']))).toEqual(['AMP637'])
  expect(codesOf(amp(folder, ['plot', 'trace', 'run.json', 'run.json']))).toEqual(['AMP636'])
})

test('without --out the drawing goes to standard output', () => {
  const { out, code } = amp(folder, [
    'plot',
    'landscape',
    'm.amp',
    '--along',
    'mu,x[1]',
    '--draws',
    '20',
    '--starts',
    '2',
    '--theme',
    'dark',
    '--title',
    'A & B',
  ])
  expect(code).toBe(0)
  expect(out).toMatch(/^<svg .*aria-label="A &amp; B"/)
  expect(out.trimEnd()).toMatch(/<\/svg>$/)
  expect(out).not.toContain('<style>')
})

test('energies along retrieval are those of the result, and never rise', () => {
  const models = new URL('../../models/hopfield/', import.meta.url).pathname
  const values = ['--memory', `xi=${models}patterns.csv`, '--cue', `s=${models}cues.csv`]
  expect(amp(folder, ['retrieve', `${models}hopfield.amp`, ...values, '--trace', 'energy', '--out', 'r.json']).code).toBe(0)
  const { cues } = JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')) as {
    readonly cues: readonly { readonly path: readonly { readonly energy: number }[] }[]
  }
  const rows = rowsOf('energy', 'r.json')
  for (const [k, { path }] of cues.entries()) {
    const found = rows.filter((r) => r.includes(`cue ${k + 1}`)).map((r) => Number(r[r.length - 1]))
    expect(found).toEqual(path.map((m) => m.energy))
    expect(found.every((e, i) => i === 0 || e <= (found[i - 1] ?? e) + 1e-9)).toBe(true)
  }
  expect(codesOf(amp(folder, ['plot', 'energy', 'other.json']))).toEqual(['AMP636'])
})

test('elements are called as they are in tables, and asked for by either name', () => {
  const model = 'data y[i]\ndata group[i] : g\nstate m[g] ~ normal(0, 1)\ny ~ normal(m[group], 1)\n'
  const named = folderWith({ 'g.amp': model, 'd.csv': 'group,y\nleft,1\nright,2\n' })
  amp(named, ['sample', 'g.amp', '--data', 'd.csv', '--chains', '1', '--draws', '20', '--out', 'g.json', '-q'])
  for (const asked of ['m[right]', 'm[2]']) {
    const { out, code } = amp(named, ['plot', 'forest', 'g.json', '--quantities', asked, '--out', 'f.svg'])
    expect(code).toBe(0)
    expect(out).toMatch(/^m\[right\]/m)
    expect(out).not.toContain('left')
  }
  expect(amp(named, ['plot', 'forest', 'g.json', '--quantities', 'm[top]']).err).toContain('of m[left], m[right]')
})

test('options that a kind of figure does not look at are said to have no effect', () => {
  const ran = amp(folder, ['plot', 'trace', 'run.json', '--starts', '3', '--along', 'x[1],x[2]', '--quantities', 'mu', '--out', 'f.svg'])
  expect(ran.code).toBe(0)
  expect(codesOf(ran)).toEqual(['AMP727', 'AMP727'])
  expect(ran.err).toContain('The option --starts has no effect: amp plot trace does not look at it.')
})

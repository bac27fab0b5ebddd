import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readNpy } from '../../src/cli/files/npy.ts'
import { amp, folderWith } from './amp.ts'

const folder = folderWith({
  'm.amp':
    'memory xi[pattern, pixel]\nstate which : pattern\nstate x[pixel] ~ normal(xi[which], 1)\nparam a\nstate v : real(lower = a) = a\nenergy pull = v^2\n',
  'xi.csv': '1,0\n0,1\n',
  'x.csv': '1,0\n0.5,0.5\n0,3\n',
  'hole.csv': '1,\n',
  'bad.amp': 'data y[site]\nstate mu : positive\ny ~ uniform(mu - 1, mu + 1)\n',
  'y.csv': 'site,y\nnorth,1\nsouth,9\n',
})
const known = ['m.amp', '--memory', 'xi=xi.csv', '--param', 'a=0.5']
const run = (...args: string[]) => amp(folder, ['energy', ...args])

const constant = Math.log(2 * Math.PI) + Math.log(2)
/** At v = 0.5. */
const free = (x: readonly [number, number]): number =>
  constant + 0.25 - Math.log(Math.exp(-((x[0] - 1) ** 2 + x[1] ** 2) / 2) + Math.exp(-(x[0] ** 2 + (x[1] - 1) ** 2) / 2))

it('prints a row for each cue, and says what was summed out and what is at its default', () => {
  const { out, code } = run(...known, '--cue', 'x=x.csv', '--terms')
  expect(code).toBe(0)
  expect(out).toMatch(/^cue +energy +.*pull/)
  expect(out).toContain('Summed out: which. The energy is that of the other states.\nNot given, so at the default: v.')
  const energies = out.split('\n').slice(1, 4).map((line) => Number(line.trim().split(/ +/)[1])) // biome-ignore format: one thought
  const wanted = [[1, 0], [0.5, 0.5], [0, 3]] as const // biome-ignore format: the cues
  energies.forEach((e, i) => {
    expect(e).toBeCloseTo(free(wanted[i] as readonly [number, number]), 2)
  })
})

it('prints the slopes of one point by name, and writes all as JSON, CSV and NPY', () => {
  const one = [...known, '--cue', 'x=1', '--cue', 'which=1', '--cue', 'v=2', '--gradient']
  expect(run(...one).out).toMatch(/state +slope\nx\[1\] +0\nx\[2\] +1\nv +4$/m)
  for (const file of ['e.json', 'e.csv', 'e.npy']) expect(run(...one, '--out', file).code).toBe(0)
  const energy = constant + 0.5 + 4
  const [point] = JSON.parse(readFileSync(join(folder, 'e.json'), 'utf8')).points
  expect(point.energy).toBeCloseTo(energy, 10)
  expect(point.gradient).toEqual({ x: [0, 1], v: 4 })
  const [head, row] = readFileSync(join(folder, 'e.csv'), 'utf8').split('\n')
  expect(head).toBe('energy,dE/dx[1],dE/dx[2],dE/dv')
  expect(row).toBe(`${point.energy},0,1,4`)
  expect(readNpy(readFileSync(join(folder, 'e.npy')), 'e.npy').value).toMatchObject({
    shape: [1, 4],
    data: Float64Array.of(point.energy, 0, 1, 4),
  })
})

it('explains an infinite energy by the element, with exit code 2', () => {
  const { out, code } = run('bad.amp', '--data', 'y.csv', '--cue', 'mu=1.5')
  expect([code, out.split('\n').at(-2)]).toEqual([
    2,
    'The energy is infinite, through the term "y". That is at site = south, where y is 9.',
  ])
})

it.each([
  ['nothing', [], 'error[AMP501]: The state "x[pixel]" has no value.'],
  ['a hole', ['--cue', 'x=hole.csv'], 'error[AMP508]: "x" has no number at pixel = 2.'],
  ['a value below its bound', ['--cue', 'x=1', '--cue', 'v=0'], 'error[AMP518]: "v" is 0.'],
  ['a value of no type', ['--cue', 'x=1', '--cue', 'which=3'], 'error[AMP505]'],
  ['two values', ['--cue', 'x=1', '--observed', 'x=x.csv'], 'error[AMP514]'],
  ['what cannot be summed out', ['--cue', 'x=1', '--sum-out', 'x'], 'error[AMP716]'],
  ['no file to write', ['--cue', 'x=1', '--out', 'e.txt'], 'error[AMP708]'],
])('reports %s', (_, args, said) => {
  const { err, code } = run(...known, ...args)
  expect(err).toContain(said)
  expect(code).toBe(1)
})

it('evaluates what was summed out at the temperature', () => {
  writeFileSync(join(folder, 'bit.amp'), 'state z : bit\nstate x\nenergy z * x + x^2\n')
  const energyAt = (...more: string[]): number => JSON.parse(run('bit.amp', '--cue', 'x=3', '--json', ...more).out).points[0].energy
  expect(energyAt('--temperature', '2')).toBeCloseTo(9 - 2 * Math.log(1 + Math.exp(-3 / 2)), 10)
  expect(energyAt('--cue', 'z=1')).toBe(12)
})

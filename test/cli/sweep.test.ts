import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temperatures } from '../../src/cli/temperatures.ts'
import { amp, folderWith } from './amp.ts'

const folder = folderWith({
  'net.amp': 'model net\nmemory xi[p, i] : spin\nstate s[i] : spin\nlet m = mean[i](s)\nenergy -sum[p](sum[i](xi * s)^2) / (2 * size(i))\n',
  'xi.csv': '1,1,1,-1,-1,-1,1,-1\n1,-1,1,-1,1,-1,1,1\n',
})
const sweep = (...more: readonly string[]) =>
  amp(folder, ['sweep', 'net.amp', '--memory', 'xi=xi.csv', '--temperatures', '0,0.5,1', '--report', 'm', '--draws', '100', ...more])

it('writes a table, everything, and a figure', () => {
  expect(sweep('--out', 'a.csv').code).toBe(0)
  const [header = '', ...rows] = readFileSync(join(folder, 'a.csv'), 'utf8').trim().split('\n')
  const names = header.split(',')
  for (const name of ['temperature', 'energy', 'mcse_energy', 'heat_capacity', 'abs_m', 'chi_m', 'chi_abs_m', 'overlap_s_xi', 'swap_rate'])
    expect(names).toContain(name)
  expect(rows.map((row) => row.split(',').length)).toEqual([names.length, names.length, names.length])
  expect(rows.map((row) => Number(row.split(',')[0]))).toEqual([0, 0.5, 1])
  // At 0 there is no heat capacity.
  expect(rows[0]?.split(',')[names.indexOf('heat_capacity')]).toBe('')
  const { out } = sweep('--out', 'a.json', '--json')
  const whole = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'))
  expect(whole).toEqual(JSON.parse(out))
  expect(whole.rows[1].overlaps[0]).toMatchObject({ state: 's', memory: 'xi' })
  expect(sweep('--out', 'a.svg').code).toBe(0)
  const svg = readFileSync(join(folder, 'a.svg'), 'utf8')
  for (const text of ['net along temperatures', 'Mean energy', 'Heat capacity', '|m|', 'overlap of s with xi']) expect(svg).toContain(text)
})

it('reads temperatures as lists, steps and ranges', () => {
  expect(temperatures('0, 0.5,2')).toEqual([0, 0.5, 2])
  expect(temperatures('0.1:0.5:0.1')).toEqual([0.1, 0.2, 0.3, 0.4, 0.5])
  expect(temperatures('0:1:0.3')).toEqual([0, 0.3, 0.6, 0.9])
  expect(temperatures('0 .. 2 in 5')).toEqual([0, 0.5, 1, 1.5, 2])
  expect(temperatures('1 .. 4 in 3').map((t) => t.toFixed(9))).toEqual(['1.000000000', '2.000000000', '4.000000000'])
  expect(temperatures('1..4 in 4 linear')).toEqual([1, 2, 3, 4])
})

it.each(['', 'a', '1,,2', '1:2', '1:2:0', '1:2:-1', '1:2:1e-9', '1:2:3:4', '1..', '0..2 geometric'])('refuses %j', (text) => {
  expect(() => temperatures(text)).toThrow(/expected|lead|geometric/)
})

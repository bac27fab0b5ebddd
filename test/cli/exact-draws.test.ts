import { expect, test } from 'vitest'
import { amp, folderWith } from './amp.ts'

const folder = folderWith({
  'memory.amp': 'memory xi[pattern, pixel]\nstate which : pattern\nstate x[pixel] ~ normal(xi[which], 0.5)\n',
  'scale.amp': 'state tau : positive ~ gamma(2, 2)\nstate x ~ normal(0, tau)\n',
  'spins.amp': 'state s[i] : spin\ndata J[i]\nenergy -sum[i](J * s)\n',
  'xi.csv': '0,0\n40,0\n0,40\n',
})

test.each([
  ['memory.amp', 'exact draws: which, then x; at any temperature'],
  [
    'scale.amp',
    'exact draws: tau, then x; at temperature 1 only: the sigma of normal depends on "tau", whose density the power would change',
  ],
  ['spins.amp', 'no exact draws: "s" has no density of its own'],
])('amp show says of %s: %s', (file, line) => {
  expect(amp(folder, ['show', file, '--stage', 'sampling']).out.split('\n')).toContain(line)
})

test.each(['0.01', '1', '5'])('amp sample at temperature %s draws a memory exactly, and visits all of its patterns', (temperature) => {
  const ran = amp(folder, ['sample', 'memory.amp', '--memory', 'xi=xi.csv', '--temperature', temperature, '--draws', '100', '--json'])
  expect(ran.code).toBe(0)
  const { sampler, summary } = JSON.parse(ran.out) as { sampler: string; summary: readonly { name: string; mean: number }[] }
  expect(sampler).toBe('exact')
  // 400 draws of 1, 2 or 3: six standard errors.
  expect(Math.abs((summary.find((row) => row.name === 'which')?.mean ?? 0) - 2)).toBeLessThan(6 * Math.sqrt(2 / 3 / 400))
})

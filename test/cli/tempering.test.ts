import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { amp, folderWith } from './amp.ts'

const folder = folderWith({ 'wells.amp': 'state x\nlet up = where(x > 0, 1, 0)\nenergy -log(exp(-(x - 4)^2) + 3 * exp(-(x + 4)^2))\n' })
const sample = (...more: readonly string[]) =>
  amp(folder, ['sample', 'wells.amp', '--sampler', 'tempering', '--rungs', '4', '--warmup', '60', '--chains', '2', '--quiet', ...more])
const draws = (file: string): unknown => {
  const { draws: drawn, tuning } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  return { drawn, tuning }
}

it('goes on from a file to the same bytes, in threads and without, with its ladder', () => {
  sample('--draws', '60', '--workers', '1', '--out', 'whole.json')
  sample('--draws', '20', '--workers', '2', '--out', 'part.json')
  const { err } = sample('--draws', '60', '--workers', '2', '--resume', 'part.json', '--out', 'resumed.json')
  expect(err).toBe('')
  expect(draws('resumed.json')).toEqual(draws('whole.json'))
  const { ladder } = JSON.parse(readFileSync(join(folder, 'whole.json'), 'utf8')).tuning[0]
  expect([ladder.temperatures.length, ladder.temperatures[0], ladder.temperatures[3]]).toEqual([4, 1, 10])
})

it('refuses to go on with another ladder', () => {
  const { code, err } = sample('--draws', '60', '--resume', 'part.json', '--hottest', '7')
  expect([code, err]).toEqual([1, expect.stringContaining('--hottest')])
})

it('says how the ladder went', () => {
  const { out } = sample('--draws', '200')
  expect(out).toMatch(/by tempering of nuts on kernel/)
  expect(out).toMatch(/Each chain is a ladder of 4 temperatures from 1 to 10; neighbours swap \d+ to \d+ % of the time, \d+ round trips/)
})

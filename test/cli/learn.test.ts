import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { amp, codesOf, folderWith } from './amp.ts'

it('goes on from a checkpoint to the bits of a run that was not stopped, of the same model and options alone', () => {
  const folder = folderWith({
    'rbm.amp': 'axis j = 2\nstate v[i] : bit\nstate h[j] : bit\nparam W[i, j] from normal(0, 1)\nenergy -sum[i, j](v * W * h)\n',
    'v.csv': '1,0,1\n0,1,1\n1,1,0\n0,0,1\n1,0,0\n',
  })
  const learn = (...more: readonly string[]) =>
    amp(folder, ['learn', 'rbm.amp', '--observed', 'v=v.csv', '--by', 'pcd', '--batch', '2', ...more])
  expect(learn('--steps', '30', '--out', 'whole.json').code).toBe(0)
  expect(learn('--steps', '12', '--checkpoint', 'run.json').code).toBe(0)
  expect(learn('--steps', '30', '--resume', 'run.json', '--out', 'rest.json').code).toBe(0)
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
  expect(read('rest.json')).toBe(read('whole.json'))
  expect(codesOf(learn('--steps', '30', '--resume', 'run.json', '--rate', '0.5'))).toEqual(['AMP715'])
  writeFileSync(join(folder, 'run.json'), read('run.json').replace('"step":12', '"step":13'))
  expect(codesOf(learn('--steps', '30', '--resume', 'run.json'))).toEqual(['AMP715'])
})

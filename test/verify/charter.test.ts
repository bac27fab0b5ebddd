import { expect, it } from 'vitest'
import { laws, untested } from '../../src/verify/laws/all.ts'
import { amp, folderWith } from '../cli/amp.ts'

it('says of each of the ten laws what came of it, or why it is not tested, in their order', () => {
  const folder = folderWith({ 'm.amp': 'state x ~ normal(0, 1)\n' })
  const args = ['verify', 'm.amp', '--runs', '1', '--sbc', '1']
  const lines = [...amp(folder, args).out.matchAll(/^ {2}law (\d+) (\w+) +(holds|not applicable, because \w+|not tested: \w+)/gm)]
  expect(lines.map((m) => Number(m[1]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(lines.filter((m) => m[3]?.startsWith('not tested')).map((m) => m[2])).toEqual(untested.map((l) => l.name))
  const [json] = JSON.parse(amp(folder, [...args, '--json']).out)
  expect([...json.laws, ...json.untested].map((l) => l.number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  for (const { why } of json.untested) expect(why.length).toBeGreaterThan(20)
  expect([laws.length, untested.length]).toEqual([10, 0])
})

import { expect, it } from 'vitest'
import type { Reading } from '../../src/api/emit/options.ts'
import { emit } from '../../src/api/emit.ts'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

const text = `
axis outcome
data days[row] : positive
data event[row] : outcome
data w[outcome]
state wait : positive ~ exponential(0.01)
days ~ exponential(w[outcome = "adopted"] / wait) censored (0, where(event == "adopted", inf, days))`

const days = [3, 12, 30, 8, 41]
const event = ['moved', 'adopted', 'adopted', 'moved', 'adopted']

async function moduleOf(loaded: Loaded, reading: Reading) {
  const { module } = must((await emit(loaded, reading)).value, reading)
  return import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`)
}

it('an emitted module knows the elements that its model names by the labels it is given', async () => {
  const loaded = must(load({ name: 'm.amp', text }).value, 'a model that reads')
  const module = await moduleOf(loaded, 'retrieve')
  const rest = (inputs: Inputs): number => module.retrieve(inputs)[0].states.wait.data[0]
  // The mode of exponential(0.01) times 3 events in a time of w * 94.
  const mode = (w: number): number => (-3 + Math.sqrt(9 + 0.04 * w * 94)) / 0.02
  const inputs: Inputs = { data: { days, event, w: [2, 5] }, labels: { outcome: ['adopted', 'moved'] } }
  expect(rest(inputs)).toBeCloseTo(mode(2), 3)
  expect(rest({ ...inputs, labels: { outcome: ['moved', 'adopted'] } })).toBeCloseTo(mode(5), 3)
  expect(rest({ data: { days: [...days].reverse(), event: [...event].reverse(), w: [2, 5] } })).toBeCloseTo(mode(2), 3)
  const inProcess = await retrieve(loaded, must(givenOf(inputs).value, 'inputs'))
  expect(rest(inputs)).toBe(inProcess.value?.retrievals[0]?.states.wait?.data[0])
  expect(() => rest({ data: { days, event: days.map(() => 'moved'), w: [2] } })).toThrow('outcome has no element "adopted"')
})

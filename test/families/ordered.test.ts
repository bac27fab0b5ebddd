import { expect, it } from 'vitest'
import { analyse } from '../../src/dsl/analyse.ts'
import * as ports from '../../src/middle/ports.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { reference } from '../../src/targets/reference.ts'
import { samplingOf } from '../compile/reading.ts'

const model = 'axis cut = 2\naxis level = 3\ndata y[row] : level\nstate c[cut] ~ normal(0, 3)\ny ~ ordered_logistic(0.5, c)\n'
const sizes = { cut: 2, level: 3, row: 3 }

/** Energy and gradient at two cutpoints, of three answers, one of each level. */
function at(target: typeof kernel, c: readonly number[]) {
  const executable = target(samplingOf(model).graph, sizes)
  executable.inputs.get('y')?.set([0, 1, 2])
  executable.inputs.get(ports.temperature)?.set([1])
  executable.inputs.get('coordinate:c')?.set(c)
  executable.run()
  return { energy: executable.outputs.get('energy')?.[0] ?? Number.NaN, gradient: [...(executable.outputs.get('gradient:c') ?? [])] }
}

it.each([
  ['kernel', kernel],
  ['reference', reference],
] as const)('cutpoints out of order are impossible, and no NaN (%s)', (_, target) => {
  for (const c of [
    [1, -1],
    [0.5, 0.5],
  ]) {
    const { energy, gradient } = at(target, c)
    expect(energy).toBe(Infinity)
    expect(gradient.every(Number.isFinite)).toBe(true)
  }
  const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
  const [low, high] = [logistic(-1 - 0.5), logistic(2 - 0.5)]
  const prior = 5 / 18 + 2 * Math.log(3 * Math.sqrt(2 * Math.PI))
  const energy = prior - Math.log(low) - Math.log(high - low) - Math.log(1 - high)
  expect(at(target, [-1, 2]).energy).toBeCloseTo(energy, 12)
})

it('a plain state as cutpoints is warned of, with the type that keeps the order', () => {
  const told = analyse({ name: 'm.amp', text: model }).diagnostics.filter((d) => d.code === 'AMP405')
  expect(told.map((d) => [d.message, d.hint])).toEqual([
    [expect.stringContaining("must be increasing along 'cut'"), 'declare it as state c[cut] : ordered[cut]'],
  ])
  expect(analyse({ name: 'm.amp', text: model.replace('c[cut] ~', 'c[cut] : ordered[cut] ~') }).diagnostics.map((d) => d.code)).toEqual([])
})

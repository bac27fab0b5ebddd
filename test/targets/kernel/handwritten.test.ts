import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { eightSchools } from '../../../bench/models/eight-schools.ts'
import { garch } from '../../../bench/models/garch.ts'
import { gaussianProcess } from '../../../bench/models/gaussian-process.ts'
import { kidscore } from '../../../bench/models/kidscore.ts'
import { graphOf, type ModelCase, open } from '../../../bench/models/load.ts'
import { logistic } from '../../../bench/models/logistic.ts'
import { markov } from '../../../bench/models/markov.ts'
import { density, hopfield } from '../../../bench/models/memories.ts'
import { mixture } from '../../../bench/models/mixture.ts'
import { nested } from '../../../bench/models/nested.ts'
import { must } from '../../../src/base/internal-error.ts'
import { generateKernel } from '../../../src/targets/kernel/generate.ts'

const read = (path: string): string => readFileSync(new URL(`../../../${path}.amp`, import.meta.url), 'utf8')

const pairs = [
  () => eightSchools(read('test/language/eight_schools')),
  () => kidscore(read('models/posteriors/kidscore_momiq'), 50),
  () => logistic(read('test/language/logistic_regression'), 40, 2),
  () => logistic(read('test/language/logistic_regression'), 40, 2, true),
  () => logistic(read('test/language/logistic_regression'), 40, 7),
  () => mixture(read('models/posteriors/low_dim_gauss_mix'), 60),
  () => markov(read('test/language/hidden_markov'), 50, 'scaled'),
  () => markov(read('test/language/hidden_markov'), 50, 'in logs'),
  () => markov(read('test/language/hidden_markov'), 1, 'in logs'),
  () => gaussianProcess(6),
  () => gaussianProcess(41),
  () => nested(6, 1),
  () => nested(6, 4),
  () => nested(6, 16),
  () => garch(read('models/posteriors/garch11'), 40),
  () => hopfield(read('test/language/modern_hopfield'), 30, 13),
  () => density(read('test/language/kernel_density'), 30, 13),
]

// The hand-written energies and gradients of the benchmark are derived on paper, not by the graph's rules.
test.each(pairs)('generated and hand-written code agree (%#)', (make) => {
  // Sums of at most a few hundred terms in another order.
  expect(make().check()).toBeLessThan(1e-12)
})

// What is written out or kept side by side may not change what comes out.
test.each(pairs)('kernels that know all sizes or none agree (%#)', (make) => {
  const { model } = make()
  const [none, all] = [
    { ...model, knowing: 'nothing' as const },
    { ...model, assume: model.sizes },
  ].map((m: ModelCase) => {
    const executable = open(m)
    executable.run()
    return executable.outputs
  })
  for (const [name, numbers] of must(all, 'outputs')) {
    const others = must(none?.get(name), name)
    const scale = numbers.reduce((top, x) => Math.max(top, Math.abs(x)), 1)
    // Sums of at most a few hundred terms in another order.
    numbers.forEach((x, i) => {
      expect(Math.abs(x - (others[i] as number)) / scale).toBeLessThan(1e-12)
    })
  }
})

// The way back of a hidden Markov chain needs the numbers of the way there: an exponential for each of two regimes, a step.
test('a hidden Markov chain takes the exponentials of its moves once, and no loop goes over two regimes', () => {
  const { graph, known, fixed } = graphOf(markov(read('test/language/hidden_markov'), 3, 'in logs').model)
  const { text } = generateKernel(graph, { sizes: known, fixed })
  const scaled = text.slice(text.indexOf('  const quick ='))
  const inLoops = scaled.split('\n').filter((line) => line.startsWith('          ') && line.includes('f_exp('))
  expect(inLoops).toHaveLength(2)
  // Neither regimes nor levels are looped over inside of a loop over steps, but where outputs are laid out.
  const nested = text.split('\n').filter((line) => line.startsWith('          for '))
  expect(nested.filter((line) => !/\) y\d+\[/.test(line))).toEqual([])
})

import { expect, test } from 'vitest'
import { eightSchools } from '../../bench/kernels/eight-schools.ts'
import { hopfield } from '../../bench/kernels/hopfield.ts'
import { linear } from '../../bench/kernels/linear.ts'
import { logistic } from '../../bench/kernels/logistic.ts'
import { mixture } from '../../bench/kernels/mixture.ts'

// The hand-written energies and gradients of the benchmark are derived on paper, not by the graph's rules.
test.each([
  eightSchools,
  () => linear(50),
  () => logistic(40, 2),
  () => logistic(40, 7),
  () => mixture(60),
  () => hopfield(30, 13),
])('generated and hand-written code agree (%#)', (make) => {
  // Sums of at most a few hundred terms in another order.
  expect(make().check()).toBeLessThan(1e-12)
})

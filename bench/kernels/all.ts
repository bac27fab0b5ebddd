import { eightSchools } from './eight-schools.ts'
import { hopfield } from './hopfield.ts'
import { linear } from './linear.ts'
import { logistic } from './logistic.ts'
import { mixture } from './mixture.ts'
import type { Pair } from './pair.ts'

/** Every pair, made when asked for: the largest holds 63 MB. */
export const pairs: readonly (() => Pair)[] = [
  eightSchools,
  () => linear(434),
  () => logistic(3020, 2),
  () => logistic(10_000, 50),
  () => mixture(1000),
  () => hopfield(10_000, 784),
]

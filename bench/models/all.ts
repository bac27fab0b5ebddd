import { readFileSync } from 'node:fs'
import { eightSchools } from './eight-schools.ts'
import { garch } from './garch.ts'
import { gaussianProcess } from './gaussian-process.ts'
import { kidscore } from './kidscore.ts'
import { logistic } from './logistic.ts'
import { markov } from './markov.ts'
import { density, hopfield } from './memories.ts'
import { mixture } from './mixture.ts'
import { negativeBinomial } from './negative-binomial.ts'
import { nested } from './nested.ts'
import type { Pair } from './pair.ts'

/** Every pair, made when asked for: the largest holds 63 MB. */
export const pairs: readonly (() => Pair)[] = [
  () => eightSchools(read('test/language/eight_schools.amp')),
  () => kidscore(read('models/posteriors/kidscore_momiq.amp'), 434),
  () => logistic(read('test/language/logistic_regression.amp'), 3020, 2),
  () => logistic(read('test/language/logistic_regression.amp'), 3020, 2, true),
  () => logistic(read('test/language/logistic_regression.amp'), 10_000, 50),
  () => negativeBinomial(10_000, 10),
  () => mixture(read('models/posteriors/low_dim_gauss_mix.amp'), 1000),
  () => markov(read('test/language/hidden_markov.amp'), 1000, 'scaled'),
  () => markov(read('test/language/hidden_markov.amp'), 1000, 'in logs'),
  () => garch(read('models/posteriors/garch11.amp'), 200),
  () => gaussianProcess(100),
  () => gaussianProcess(500),
  () => nested(20, 1),
  () => nested(20, 16),
  () => hopfield(read('test/language/modern_hopfield.amp'), 10_000, 784),
  () => density(read('test/language/kernel_density.amp'), 10_000, 784),
]

function read(path: string): string {
  return readFileSync(path, 'utf8')
}

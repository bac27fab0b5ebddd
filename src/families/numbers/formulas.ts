import type { Formulas } from '../../ir/maths.ts'
import { scalar } from '../../ir/scalar.ts'

/** Elementwise formulas worked out on numbers: what stands for a node is its value. No number is a constant of the formula. */
export const onNumbers: Formulas = {
  ...scalar,
  k: (value) => value,
  known: () => undefined,
  reciprocal: (x) => scalar.div(1, x),
  plus: (...terms) => (terms.length === 0 ? 0 : terms.reduce((a, b) => a + b)),
  times: (...factors) => factors.reduce((a, b) => a * b, 1),
}

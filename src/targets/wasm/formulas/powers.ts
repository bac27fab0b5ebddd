import { PER_STEP, SPLIT, STEP_HIGH, STEP_LOW } from '../../../base/special/roots.ts'
import {
  abs,
  add,
  argument,
  both,
  call,
  div,
  either,
  eq,
  type Formula,
  type FormulaFunction,
  floor,
  ge,
  gt,
  imported,
  le,
  lookUp,
  lt,
  max,
  min,
  mul,
  ne,
  neg,
  powerOfTwo,
  ROUNDING,
  select,
  sub,
  trunc,
  wholeAnd,
  wholeOf,
} from './formula.ts'

/** Powers with the bits of `src/base/special/pow.ts`, its steps in its order; numbers at the edges are left to it. */
const x = argument(0)
const y = argument(1)
const size = abs(x)

const SMALLEST_NORMAL = 2.2250738585072014e-308

export const pow: FormulaFunction = power()

function power(): FormulaFunction {
  const whole = eq(floor(y), y)
  const odd = ne(sub(y, mul(2, trunc(div(y, 2)))), 0)
  const value = ofSize()
  const ordinary = both(both(ge(size, SMALLEST_NORMAL), lt(size, Number.POSITIVE_INFINITY)), both(le(abs(y), 1e20), ne(y, 0)))
  return {
    arity: 2,
    cases: [{ when: both(ordinary, either(gt(x, 0), whole)), value: select(both(lt(x, 0), odd), neg(value), value) }],
    otherwise: imported('pow', x, y),
  }
}

/** The upper half of a number's digits, and the rest. */
function halves(z: Formula): readonly [Formula, Formula] {
  const head = sub(mul(z, SPLIT), sub(mul(z, SPLIT), z))
  return [head, sub(z, head)]
}

function rounded(z: Formula): Formula {
  return sub(add(z, ROUNDING), ROUNDING)
}

/** How many whole powers of two n steps are, and the steps behind them. */
function wholePowers(n: Formula): Formula {
  return floor(div(n, 512))
}

/** |x|^y: the exponent y log |x| in two numbers. */
function ofSize(): Formula {
  const n = rounded(mul(call('plainLog', size), PER_STEP))
  const j = wholeAnd(wholeOf(neg(n)), 511n)
  // |x| = 2^(n/512) (1 + r + rest), and 2^(n/512) is 2^up over a root.
  const up = neg(wholePowers(neg(n)))
  const z = mul(mul(size, powerOfTwo(wholeOf(neg(min(up, 1022))))), powerOfTwo(wholeOf(sub(min(up, 1022), up))))
  const root = lookUp('ROOTS', j)
  const product = mul(z, root)
  const [zHead, zRest] = halves(z)
  const [rootHead, rootRest] = halves(root)
  const lost = add(add(add(sub(mul(zHead, rootHead), product), mul(zHead, rootRest)), mul(zRest, rootHead)), mul(zRest, rootRest))
  const rest0 = add(lost, mul(z, lookUp('ROOT_TAILS', j)))
  const r = add(sub(product, 1), rest0)
  const rest = add(sub(sub(product, 1), r), rest0)

  const half = mul(mul(0.5, r), r)
  const [rHead, rRest] = halves(r)
  const halfLost = add(add(sub(mul(mul(0.5, rHead), rHead), half), mul(rHead, rRest)), mul(mul(0.5, rRest), rRest))
  const inner = sub(1 / 3, mul(r, sub(1 / 4, mul(r, sub(1 / 5, mul(r, sub(1 / 6, mul(r, 1 / 7))))))))
  const cubes = mul(mul(mul(r, r), r), inner)
  const steps = mul(n, STEP_HIGH)
  const a = add(steps, r)
  const aLost = select(gt(abs(steps), abs(r)), add(sub(steps, a), r), add(sub(r, a), steps))
  const b = sub(a, half)
  const bLost = sub(sub(a, b), half)
  const corrections = add(add(sub(sub(rest, mul(r, rest)), halfLost), cubes), mul(n, STEP_LOW))
  const small = add(add(aLost, bLost), corrections)
  const log = add(b, small)
  const logLost = add(sub(b, log), small)

  const exponent = mul(y, log)
  const [yHead, yRest] = halves(y)
  const [logHead, logRest] = halves(log)
  const products = add(add(add(sub(mul(yHead, logHead), exponent), mul(yHead, logRest)), mul(yRest, logHead)), mul(yRest, logRest))
  const inRange = lt(abs(exponent), 760)
  const beyond = select(gt(exponent, 0), Number.POSITIVE_INFINITY, 0)
  return select(inRange, exponential(select(inRange, exponent, 0), add(products, mul(y, logLost))), beyond)
}

/** exp(e + rest) for |e| < 760. */
function exponential(e: Formula, rest: Formula): Formula {
  const n = rounded(mul(e, PER_STEP))
  const r = add(sub(sub(e, mul(n, STEP_HIGH)), mul(n, STEP_LOW)), rest)
  const j = wholeAnd(wholeOf(n), 511n)
  const root = lookUp('ROOTS', j)
  const r2 = mul(r, r)
  const series = add(r, mul(r2, add(add(0.5, mul(r, 1 / 6)), mul(r2, add(1 / 24, mul(r, 1 / 120))))))
  const q = add(root, add(lookUp('ROOT_TAILS', j), mul(root, series)))
  const k = wholePowers(n)
  // Two factors, since 2^k alone may be too large or too small.
  const near = max(-1022, min(1022, k))
  return mul(mul(q, powerOfTwo(wholeOf(near))), powerOfTwo(wholeOf(sub(k, near))))
}

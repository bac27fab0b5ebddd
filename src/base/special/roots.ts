/**
 * The tables that exponentials and powers are looked up in. They are built by sums, products and square roots alone,
 * which every engine rounds in the same way.
 */

/** 512 / log 2, and log 2 / 512 in two parts, of which the larger has so few digits that whole multiples are exact. */
export const PER_STEP = 512 / Math.LN2
export const STEP_HIGH = 0.6931471803691238 / 512
export const STEP_LOW = 1.9082149292705877e-10 / 512

/** Adding and taking off 1.5 * 2^52 rounds to a whole number. */
export const ROUNDING = 6755399441055744

/** Multiplying by 2^27 + 1 and taking the excess off again leaves the upper half of a number's digits (Dekker 1971). */
export const SPLIT = 134217729

/** 2^(j/512), and what was rounded off it. */
export const ROOTS = new Float64Array(512)
export const ROOT_TAILS = new Float64Array(512)

/** 2^k from k = -1024 on. */
export const POWERS = new Float64Array(2048)

fillRoots()
fillPowers()

/** 2^(1/2), 2^(1/4), ... are square roots, and 2^(j/512) is a product of those at the digits of j. */
function fillRoots(): void {
  ROOTS[0] = 1
  let [root, tail] = [2, 0]
  for (let bit = 256; bit >= 1; bit /= 2) {
    const next = Math.sqrt(root)
    tail = (squareError(next, root) + tail) / (2 * next)
    root = next
    for (let j = 0; j < 512; j += 2 * bit) {
      const [head, rest] = [ROOTS[j] as number, ROOT_TAILS[j] as number]
      const product = head * root
      const error = productError(head, root, product) + (head * tail + rest * root)
      ROOTS[j + bit] = product + error
      ROOT_TAILS[j + bit] = product - (ROOTS[j + bit] as number) + error
    }
  }
}

function fillPowers(): void {
  POWERS[1024] = 1
  for (let k = 1; k < 1024; k += 1) POWERS[1024 + k] = 2 * (POWERS[1023 + k] as number)
  for (let k = 1; k <= 1024; k += 1) POWERS[1024 - k] = 0.5 * (POWERS[1025 - k] as number)
}

/** What `product`, which is a b rounded, lacks of a b. */
function productError(a: number, b: number, product: number): number {
  const aHead = a * SPLIT - (a * SPLIT - a)
  const bHead = b * SPLIT - (b * SPLIT - b)
  const [aRest, bRest] = [a - aHead, b - bHead]
  return aHead * bHead - product + aHead * bRest + aRest * bHead + aRest * bRest
}

/** square - root^2. */
function squareError(root: number, square: number): number {
  const product = root * root
  return square - product - productError(root, root, product)
}

const [ZERO, NINE, DOT, MINUS, PLUS, UPPER_E, LOWER_E] = [0x30, 0x39, 0x2e, 0x2d, 0x2b, 0x45, 0x65]

/** So many digits are a whole number that a double holds. */
const EXACT = 15

/** The powers of ten that are exact. */
const powers = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`))

/**
 * The number that digits with a point and an exponent stand for, as JavaScript reads it, right to the last bit. Undefined for
 * whatever else there is, and where that takes more than two doubles to tell: to be read the long way.
 */
export function decimalIn(bytes: Uint8Array, from: number, to: number): number | undefined {
  let i = from
  const sign = bytes[i] as number
  if (sign === MINUS || sign === PLUS) i += 1
  let digits = 0
  let scale = 0
  let point = false
  // The first digits, and those after them.
  let [high, low] = [0, 0]
  for (; i < to; i += 1) {
    const byte = bytes[i] as number
    if (byte >= ZERO && byte <= NINE) {
      if (digits < EXACT) high = 10 * high + (byte - ZERO)
      else low = 10 * low + (byte - ZERO)
      digits += 1
      if (point) scale -= 1
    } else if (byte === DOT && !point) point = true
    else break
  }
  if (digits === 0 || digits > 2 * EXACT) return undefined
  // 02139 may be a name, and so may more digits than a number keeps.
  if (i === to && !point && digits > 1 && (bytes[from] === ZERO || digits > EXACT)) return undefined
  if (i < to) {
    if (bytes[i] !== UPPER_E && bytes[i] !== LOWER_E) return undefined
    const exponent = wholeNumber(bytes, i + 1, to)
    if (exponent === undefined) return undefined
    scale += exponent
  }
  if (scale < -22 || scale > 22) return undefined
  const size = digits <= EXACT ? scaled(high, scale) : scaledLong(high, low, digits - EXACT, scale)
  return sign === MINUS && size !== undefined ? -size : size
}

/** A whole number below 2^53 times or by an exact power of ten is rounded once, and so right to the last bit (Clinger 1990). */
function scaled(mantissa: number, scale: number): number {
  return scale < 0 ? mantissa / (powers[-scale] as number) : mantissa * (powers[scale] as number)
}

/**
 * (high 10^more + low) 10^scale in doubles of twice the length (Dekker 1971), whose error is below 2^-100 of it. Undefined
 * where that may round to either of two numbers.
 */
function scaledLong(high: number, low: number, more: number, scale: number): number | undefined {
  const shift = powers[more] as number
  const product = high * shift
  // Both parts are whole and below 2^53, so nothing is lost.
  const rest = below(high, shift, product) + low
  const whole = product + rest
  const part = rest - (whole - product)
  const power = powers[Math.abs(scale)] as number
  const first = scale < 0 ? whole / power : whole * power
  const left = below(scale < 0 ? first : whole, power, scale < 0 ? whole : first)
  const second = scale < 0 ? (part - left) / power : left + part * power
  const slack = first * SLACK
  const number = first + (second - slack)
  return number === first + (second + slack) ? number : undefined
}

/** 2^-90: many times the error of numbers of twice the length. */
const SLACK = 1 / (0x4000_0000 * 0x4000_0000 * 0x4000_0000)

/** What a product of two numbers lacks to `near`, a double close to it: exact, since each factor is split in halves. */
function below(a: number, b: number, near: number): number {
  const [aHigh, bHigh] = [upper(a), upper(b)]
  const [aLow, bLow] = [a - aHigh, b - bHigh]
  return aHigh * bHigh - near + aHigh * bLow + aLow * bHigh + aLow * bLow
}

/** The upper 26 bits of a number. */
function upper(a: number): number {
  const c = 0x800_0001 * a
  return c - (c - a)
}

function wholeNumber(bytes: Uint8Array, from: number, to: number): number | undefined {
  const sign = bytes[from] as number
  const start = sign === MINUS || sign === PLUS ? from + 1 : from
  if (start === to || to - start > 4) return undefined
  let value = 0
  for (let i = start; i < to; i += 1) {
    const byte = bytes[i] as number
    if (byte < ZERO || byte > NINE) return undefined
    value = 10 * value + (byte - ZERO)
  }
  return sign === MINUS ? -value : value
}

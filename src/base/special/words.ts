/** One number, and its bits in two words: the sign, the exponent and the first 20 digits are in the upper one. */
export const NUMBER = new Float64Array(1)
export const WORDS = new Int32Array(NUMBER.buffer)
/** Which of the words is the upper one: machines differ in the order of bytes. */
export const UPPER = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0

/** The upper word, as a whole number with the sign of x. */
export function upperWord(x: number): number {
  NUMBER[0] = x
  return WORDS[UPPER] as number
}

/** x with zeros in its lower word. */
export function withoutLowerWord(x: number): number {
  NUMBER[0] = x
  WORDS[1 - UPPER] = 0
  return NUMBER[0]
}

/** Whether x is a power of two, of either sign; a subnormal number is not said to be. */
export function hasOneDigit(x: number): boolean {
  return (upperWord(x) & 0xfffff) === 0 && withoutLowerWord(x) === x && (upperWord(x) & 0x7ff00000) !== 0
}

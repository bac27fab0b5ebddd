/** The root of the sum of squares, without overflow: relative to the largest number, in a sum that keeps what it rounds off (Kahan 1965). */
export function hypot(...numbers: readonly number[]): number {
  let largest = 0
  for (const x of numbers) {
    const size = Math.abs(x)
    if (size > largest || Number.isNaN(size)) largest = size
    if (size === Number.POSITIVE_INFINITY) return size
  }
  if (largest === 0) return 0
  let [sum, lost] = [0, 0]
  for (const x of numbers) {
    const part = x / largest
    const term = part * part - lost
    const next = sum + term
    lost = next - sum - term
    sum = next
  }
  return Math.sqrt(sum) * largest
}

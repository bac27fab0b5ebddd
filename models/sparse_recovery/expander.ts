import type { Random, Vector } from 'amp-lang/experiment'

/**
 * Script, since it is a rule of messages and no energy: expander decoding over the reals. Each variable is in `degree` checks with a sign;
 * a variable whose checks show the same non-zero value more often than not gives it up, one variable at a time.
 */
export function expanderRecalls(random: Random, n: number, degree: number, errors: number): boolean {
  const m = n / 2
  const checksOf = Array.from({ length: n }, () => chosen(random, m, degree))
  const signsOf = checksOf.map((checks) => checks.map(() => (random.uniform() < 0.5 ? -1 : 1)))
  // Of a stored vector all checks are 0, so that only errors are seen.
  const y: number[] = new Array(n).fill(0)
  for (const j of chosen(random, n, errors)) y[j] = (random.uniform() < 0.5 ? -1 : 1) * (1 + random.uniform())
  const checks: number[] = new Array(m).fill(0)
  const add = (j: number, by: number): void =>
    (checksOf[j] as Vector).forEach((c, k) => {
      checks[c] = (checks[c] as number) + by * ((signsOf[j] as Vector)[k] as number)
    })
  for (const [j, v] of y.entries()) add(j, v)
  for (let flips = 0; flips < 20 * n; flips += 1) {
    const found = y.findIndex((_, j) => agreed(j) !== undefined)
    if (found < 0) break
    const by = agreed(found) as number
    y[found] = (y[found] as number) - by
    add(found, -by)
  }
  return y.every((v) => Math.abs(v) < 1e-6)

  function agreed(j: number): number | undefined {
    const shown = (checksOf[j] as Vector).map((c, k) => (checks[c] as number) * ((signsOf[j] as Vector)[k] as number))
    return shown.find((v) => Math.abs(v) > 1e-9 && 2 * shown.filter((w) => Math.abs(w - v) < 1e-9).length > degree)
  }
}

function chosen(random: Random, of: number, count: number): readonly number[] {
  const found = new Set<number>()
  while (found.size < count) found.add(random.integer(of))
  return [...found]
}

import type { PatternRange } from '../memory/store/document.ts'

/** `number 7`, `numbers 3 to 5 and 8`; stretches that meet are one. */
export function numbersInWords(ranges: readonly PatternRange[]): string {
  const runs: { first: number; last: number }[] = []
  for (const { first, count } of ranges) {
    const before = runs.at(-1)
    if (before !== undefined && before.last + 1 === first) before.last += count
    else runs.push({ first, last: first + count - 1 })
  }
  const words = runs.map(({ first, last }) => (first === last ? String(first) : `${first} to ${last}`))
  const several = words.length > 1 || runs.some((r) => r.last > r.first)
  return `number${several ? 's' : ''} ${words.length <= 1 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`}`
}

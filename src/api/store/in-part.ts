import type { Diagnostic } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { PatternValues, WritingSession } from '../../run/writing-session.ts'

/** One pattern taken out of all memories, and so much of it out of posteriors: -1 adds it. */
export function takenInPart(
  session: WritingSession,
  posteriors: readonly string[],
  weight: number,
  values: PatternValues,
): Diagnostic | undefined {
  const before = weight === 1 ? [] : posteriors.map((name) => must(session.numbers().get(name), name).slice())
  const trouble = session.step(values)
  if (trouble !== undefined) return trouble
  before.forEach((was, k) => {
    const now = must(session.numbers().get(must(posteriors[k], 'name')), 'parameter')
    was.forEach((v, i) => {
      now[i] = v + weight * ((now[i] as number) - v)
    })
  })
  return undefined
}

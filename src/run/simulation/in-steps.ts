import { must } from '../../base/internal-error.ts'
import * as ports from '../../middle/ports.ts'
import { type Scene, type StepKind, type TimeSpan, unfinite } from './in-time.ts'
import { endings, type SimulationOutcome } from './outcome.ts'

/** All states at once from step to step, each new value made of the old ones; signals as they are at the step that is left. */
export function* inSteps(
  { program, field, jumping, recorder, watch }: Scene,
  span: TimeSpan,
): Generator<number, { outcome: SimulationOutcome; by: ReadonlySet<StepKind> }> {
  const { y, signals, slots } = field
  const rates = field.open(program.rates)
  const nexts = slots.flatMap(({ name, offset, length }) => {
    const from = rates.outputs.get(ports.value(name))
    return from === undefined ? [] : [{ from, to: y.subarray(offset, offset + length) }]
  })
  const asked = new Set(span.asked)
  const by = new Set<StepKind>()
  const arrive = (t: number): SimulationOutcome | undefined => {
    signals.seek(t, 'after')
    signals.write(t)
    if (jumping?.jump(t) === 'endless') return endings.endless(t, jumping.events.length)
    const broken = unfinite(field)
    if (broken !== undefined) return endings.notFinite(t, broken)
    watch(t)
    if (asked.has(t) || t === span.from || t === span.until) recorder.record(t)
    return undefined
  }
  const wrong = arrive(span.from)
  if (wrong !== undefined) return { outcome: wrong, by }
  for (let t = span.from + 1; t <= span.until; t += 1) {
    rates.run()
    for (const { from, to } of nexts) to.set(must(from, 'next'))
    const trouble = arrive(t)
    if (trouble !== undefined) return { outcome: trouble, by }
    yield t
  }
  return { outcome: endings.ended(span.until), by }
}

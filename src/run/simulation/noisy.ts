import type { Stream } from '../../base/random.ts'
import type { Executable } from '../../middle/executable.ts'
import * as ports from '../../middle/ports.ts'
import { type Scene, type StepKind, type TimeSpan, unfinite } from './in-time.ts'
import { endings, type SimulationOutcome } from './outcome.ts'
import { openAffine } from './stepper.ts'

/** What is shaken, and by how much. */
export interface Shaking {
  readonly executable: Executable
  /** Whether the noise reads nothing that moves. */
  readonly additive: boolean
  readonly stream: Stream
}

/**
 * Stochastic differential equations in Ito's sense. Where the flow is affine and the noise does not read what moves, each stretch is
 * drawn from its exact Gaussian law (Ornstein-Uhlenbeck). Else steps of at most `dt`: Euler and Maruyama's, and where the noise is
 * additive Heun's, whose means are right to second order. Jumps are looked for at the ends of steps.
 */
export function* noisy(
  scene: Scene,
  span: TimeSpan,
  shaking: Shaking,
  { dt, exact }: { readonly dt: number | undefined; readonly exact: boolean },
): Generator<number, { outcome: SimulationOutcome; by: ReadonlySet<StepKind> }> {
  const { program, field, system, jumping, recorder } = scene
  const { y, signals, slots, length } = field
  const by = new Set<StepKind>()
  const { executable, additive, stream } = shaking
  const shaken = slots.flatMap(({ name, offset }) => {
    const from = executable.outputs.get(ports.shaking(name))
    return from === undefined ? [] : [{ from, offset }]
  })
  const [noise, normal, drift, later, place] = [0, 1, 2, 3, 4].map(() => new Float64Array(length)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array] // biome-ignore format: one line

  function readNoise(): void {
    executable.run()
    noise.fill(0)
    for (const { from, offset } of shaken) noise.set(from, offset)
  }

  function draw(): void {
    for (const { from, offset } of shaken) for (let i = 0; i < from.length; i += 1) normal[offset + i] = stream.normal()
  }

  function euler(t: number, h: number): void {
    place.set(y)
    system.rate(t, place, drift)
    readNoise()
    draw()
    const root = Math.sqrt(h)
    for (let i = 0; i < length; i += 1)
      later[i] = (place[i] as number) + h * (drift[i] as number) + root * (noise[i] as number) * (normal[i] as number)
    if (additive) {
      const before = drift.slice()
      system.rate(t + h, later, drift)
      for (let i = 0; i < length; i += 1) later[i] = (later[i] as number) + (h / 2) * ((drift[i] as number) - (before[i] as number))
    }
    y.set(later)
  }

  const stops = [...span.changes.filter((t) => t < span.until), span.until]
  let next = 0
  let t = span.from
  for (const end of stops) {
    signals.seek(t, 'after')
    signals.write(t)
    if (jumping?.jump(t) === 'endless') return { outcome: endings.endless(t, jumping.events.length), by }
    const here = y.slice()
    readNoise()
    const flow = exact ? openAffine(field, system, program, [t, end], noise.slice()) : undefined
    y.set(here)
    signals.write(t)
    recorder.record(t)
    if (span.asked[next] === t) next += 1
    while (t < end) {
      const wanted = span.asked[next] ?? Number.POSITIVE_INFINITY
      const target = Math.min(end, wanted)
      const steps = dt === undefined || (flow !== undefined && jumping === undefined) ? 1 : Math.max(1, Math.ceil((target - t) / dt - 1e-9))
      const first = t
      for (let s = 1; s <= steps; s += 1) {
        const to = s === steps ? target : first + ((target - first) * s) / steps
        if (flow === undefined) euler(t, to - t)
        else {
          place.set(y)
          draw()
          flow.advance(place, to - t, y)
          flow.shake(to - t, normal, y)
        }
        t = to
        if (signals.isLinear) signals.write(t)
        const broken = unfinite(field)
        if (broken !== undefined) return { outcome: endings.notFinite(t, broken), by }
        if (jumping?.jump(t) === 'endless') return { outcome: endings.endless(t, jumping.events.length), by }
        yield t
      }
      by.add(flow === undefined ? 'random' : 'exact')
      if (t === wanted) {
        if (t < end) recorder.record(t)
        next += 1
      }
    }
    if (end > span.from) recorder.record(end)
  }
  return { outcome: endings.ended(t), by }
}

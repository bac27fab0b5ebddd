import { must } from '../../base/internal-error.ts'
import * as ports from '../../middle/ports.ts'
import { slopeOf } from '../differences.ts'
import { type Finding, fails, holds, type Law, skipped } from '../law.ts'
import { endOfMotion, followed, lastOf, motionOf, nameAt, needsFlow, noiseAt, ratesAt, startOf, timeScale } from '../motion.ts'
import { elementName } from '../scene.ts'
import type { Subject } from '../subject.ts'
import { energyBy, type Numbers, streamFor, type Trial } from '../trial.ts'

/** Errors of single steps here, and what they may add up to, both relative to 1 + |x|. */
const ACCURACY = 1e-10
const TOLERANCE = 1e-6

export const motionLaw = {
  number: 10,
  name: 'Motion',
  says: 'flows are followed alike by every way of stepping; no flow raises an energy beside it, and where a flow rests that energy is stationary',
  thin: 4,
  withoutEnergy: true,
  checks: [
    { name: 'exact or implicit steps = explicit steps', applies: needsSteadyFlow, run: stepsAgree },
    { name: 'an affine flow takes mixtures of starts to mixtures of ends', applies: needsAffine, run: superposes },
    { name: 'energy never rises along the flow', applies: needsEnergy, run: falls },
    { name: 'energy is stationary where the flow rests', applies: needsEnergy, run: restsWhereFlat },
    { name: 'noise on a flow down the gradient is that of exp(-E/T)', applies: needsNoise, run: noiseFits },
  ],
} as const satisfies Law

function needsSteadyFlow(subject: Subject): string | undefined {
  const why = needsFlow(subject)
  if (why !== undefined) return why
  const { noise, jumps } = motionOf(subject).program
  if (noise !== undefined) return 'the flow has noise'
  return jumps.length > 0 ? 'the model jumps, and small errors may change which jump comes first' : undefined
}

function needsAffine(subject: Subject): string | undefined {
  return needsSteadyFlow(subject) ?? (motionOf(subject).program.affine ? undefined : 'the flow is not affine in what moves')
}

function needsEnergy(subject: Subject): string | undefined {
  const why = needsFlow(subject)
  if (why !== undefined) return why
  const { noise, hasEnergy } = motionOf(subject).program
  if (!hasEnergy) return 'the model has no energy beside its flow'
  return noise === undefined ? undefined : 'the flow has noise'
}

function needsNoise(subject: Subject): string | undefined {
  const why = needsFlow(subject)
  if (why !== undefined) return why
  const { noise, hasEnergy } = motionOf(subject).program
  if (noise === undefined) return 'the flow has no noise'
  return hasEnergy ? undefined : 'the model has no energy beside its flow'
}

const leaves = skipped('the flow leaves every bound in every case')

function stepsAgree(trial: Trial): Finding {
  const start = startOf(trial)
  const until = 2 * timeScale(trial, start)
  const explicit = followed(trial, start, { until, interval: until, accuracy: ACCURACY, integrator: 'explicit' })
  const others = (['exact', 'stiff'] as const).filter((way) => way !== 'exact' || motionOf(trial.subject).program.affine)
  if (explicit === undefined) return leaves
  const wanted = lastOf(explicit)
  for (const integrator of others) {
    const other = followed(trial, start, { until, interval: until, accuracy: ACCURACY, integrator })
    const found = other && lastOf(other)
    const at = found === undefined ? -1 : firstFar(found, wanted)
    if (found !== undefined && at >= 0)
      return fails(`${nameAt(trial, at)} at t = ${until}, by ${integrator} steps`, wanted[at] as number, found[at] as number)
  }
  return holds
}

function firstFar(found: Float64Array, wanted: Float64Array): number {
  const scale = 1 + wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  return found.findIndex((x, i) => !(Math.abs(x - (wanted[i] as number)) <= TOLERANCE * scale))
}

function superposes(trial: Trial): Finding {
  const one = startOf(trial)
  const stream = streamFor(trial, 'another start')
  const other = mapped(one, (x) => x * (1 + stream.uniform()) + 0.1 * stream.uniform())
  const part = 0.3
  const between = Object.fromEntries(
    Object.entries(one).map(([name, x]) => [name, x.map((v, i) => part * v + (1 - part) * ((other[name] as Float64Array)[i] as number))]),
  )
  const until = 2 * timeScale(trial, one)
  const ends = [one, other, between].map((start) =>
    followed(trial, start, { until, interval: until, accuracy: ACCURACY, integrator: 'explicit' }),
  )
  const [a, b, found] = ends.map((end) => end && lastOf(end))
  if (a === undefined || b === undefined || found === undefined) return leaves
  const wanted = a.map((x, i) => part * x + (1 - part) * (b[i] as number))
  const at = firstFar(found, wanted)
  return at < 0 ? holds : fails(`${nameAt(trial, at)} at t = ${until}`, wanted[at] as number, found[at] as number)
}

function mapped(numbers: Numbers, change: (x: number) => number): Numbers {
  return Object.fromEntries(Object.entries(numbers).map(([name, x]) => [name, x.map(change)]))
}

/** Times of the flow's scale that are looked at for a rise, and those in which it may come to rest. */
const [WATCHED, RESTING] = [10, 1000]

function falls(trial: Trial): Finding {
  const start = startOf(trial)
  const until = WATCHED * timeScale(trial, start)
  const way = followed(trial, start, { until, interval: until / 20, accuracy: 1e-9 })
  if (way?.rise === undefined) return leaves
  const { by, from, to } = way.rise
  return by === 0 ? holds : fails('the energy along the flow', 'a fall or rest', `a rise by ${by} nats from t = ${from} to t = ${to}`)
}

/** How much slower than at the start a flow at rest is, and how much flatter the energy has to be there. */
const [SLOW, FLAT] = [1e-9, 1e-5]

function restsWhereFlat(trial: Trial): Finding {
  const { subject } = trial
  const { program } = motionOf(subject)
  const start = startOf(trial)
  const until = RESTING * timeScale(trial, start)
  const way = followed(trial, start, { until, interval: until, accuracy: 1e-9 })
  if (way === undefined) return leaves
  const end = endOfMotion(way, program)
  const speed = (at: Numbers): number => mostOf(Object.values(ratesAt(trial, at)))
  if (!(speed(end) <= SLOW * speed(start))) return skipped('the flow does not come to rest in any case')
  const before = slopes(trial, start)
  const steepest = Math.max(1e-3, mostOf(before.map((s) => Float64Array.of(s.value))))
  const steep = slopes(trial, end).find(({ value, error, unclear }) => !unclear && Math.abs(value) > FLAT * steepest + error)
  return steep === undefined ? holds : fails(`the slope of the energy along ${steep.name}, where the flow rests`, 0, steep.value)
}

function mostOf(all: readonly Float64Array[]): number {
  return all.reduce((most, x) => x.reduce((m, v) => Math.max(m, Math.abs(v)), most), 0)
}

interface NamedSlope {
  readonly name: string
  readonly of: string
  readonly at: number
  readonly value: number
  readonly error: number
  readonly unclear: boolean
}

/** dE/dx of every number that flows, from differences. */
function slopes(trial: Trial, at: Numbers): readonly NamedSlope[] {
  const { energy } = trial.subject
  const { program } = motionOf(trial.subject)
  const values = (changed: Numbers): Numbers =>
    Object.fromEntries(
      energy.graph.inputs.flatMap((p) => {
        const value = changed[ports.valueOwner(p.name) ?? p.name]
        return value === undefined ? [] : [[p.name, value]]
      }),
    )
  const { scale } = energyBy(trial, energy, values(at))
  return Object.keys(ratesAt(trial, at)).flatMap((of) => {
    const { axes } = must(
      program.states.find((s) => s.name === of),
      of,
    )
    const here = must(at[of], of)
    return [...here.keys()].map((i) => {
      const h = 1e-3 * (1 + Math.abs(here[i] as number))
      const slope = slopeOf((t) => energyBy(trial, energy, values({ ...at, [of]: here.with(i, (here[i] as number) + t) })).energy, scale, h)
      return { ...slope, of, at: i, name: elementName(of, axes, trial.sizes, i) }
    })
  })
}

/** Of f = -c dE/dx with dx = f dt + g dW, exp(-E/T) is the stationary density where g^2 = 2 c T. */
function noiseFits(trial: Trial): Finding {
  const { program } = motionOf(trial.subject)
  const start = startOf(trial)
  const begun = followed(trial, start, { until: 0, interval: 1, dt: 1 })
  if (begun === undefined || program.noise === undefined) return leaves
  const mobilities = (at: Numbers): readonly number[] => {
    const rates = ratesAt(trial, at)
    return slopes(trial, at).map((s) => -((rates[s.of] as Float64Array)[s.at] as number) / s.value)
  }
  const stream = streamFor(trial, 'another place')
  const here = mobilities(start)
  const there = mobilities(mapped(start, (x) => x + 0.3 * stream.normal()))
  const isDown = here.every((c, i) => c > 0 && Math.abs(c - (there[i] as number)) <= 1e-4 * c)
  if (!isDown) return skipped('the flow does not go down the gradient of E')
  const shaken = noiseAt(trial, start)
  const wrong = slopes(trial, start).findIndex((s, i) => {
    const g = (shaken[s.of] as Float64Array | undefined)?.[s.at] ?? 0
    return Math.abs(g * g - 2 * (here[i] as number) * begun.temperature) > 1e-3 * g * g
  })
  if (wrong < 0) return holds
  const s = must(slopes(trial, start)[wrong], 'slope')
  const wanted = Math.sqrt(2 * (here[wrong] as number) * begun.temperature)
  return fails(`the noise on ${s.name}, for exp(-E/T) to stay as it is`, wanted, (shaken[s.of] as Float64Array | undefined)?.[s.at] ?? 0)
}

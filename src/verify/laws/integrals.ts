import { samplingParts } from '../../api/pipeline.ts'
import { must } from '../../base/internal-error.ts'
import { log as logOf } from '../../base/special/logarithm.ts'
import { squared } from '../../base/special/pow.ts'
import { conditionalOf, hasForm } from '../../compile/conditionals/conditional.ts'
import { inferable } from '../../compile/inferable.ts'
import { treatments } from '../../compile/treat/table.ts'
import { madeSizes } from '../../middle/derived-sizes.ts'
import type { Energy } from '../../middle/energy.ts'
import { ownAxes } from '../../middle/kinds.ts'
import { statesOf } from '../../middle/situation.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { cholesky } from '../chart.ts'
import { all, type Finding, fails, holds, type LawCheck, skipped } from '../law.ts'
import { logIntegral, logIntegralOverPlane } from '../quadrature.ts'
import { openScene, type ProgramScene } from '../scene.ts'
import type { Subject } from '../subject.ts'
import { type EnergyValue, energyBy, type Trial } from '../trial.ts'

/** A variable that can be integrated out of a model, and the density of it alone, all else given. */
interface Integrable {
  readonly name: string
  readonly integrated: Energy
  readonly alone: SamplingParts
  /** Whether its numbers are independent given the rest, so that each has an integral of its own. */
  readonly apart: boolean
}

/** Differences of energies in the hundreds, added up at hundreds of places. */
const TOLERANCE = 1e-7

/** So many times E is looked at in a case, a tenth of a second. */
const MOST_LOOKS = 20_000

/** Quadrature in one dimension or two over the coordinates in which samplers move the variable, Jacobian included. */
export const integralByQuadrature: LawCheck = {
  name: 'integrating out = quadrature',
  applies: (subject) => (integrableOf(subject).length === 0 ? 'no continuous variable has an integral in closed form' : undefined),
  thin: 3,
  run: (trial) => all(integrableOf(trial.subject).map((v) => compared(trial, v))),
}

function compared(trial: Trial, { name, integrated, alone, apart }: Integrable): Finding {
  const { energy: found, scale } = energyBy(sized(trial, integrated), integrated)
  if (!Number.isFinite(found)) return skipped(`there is no integral over ${name} in the case`)
  const scene = openScene(sized(trial, alone.program), alone, trial.subject.kernel)
  const log = integralOf(scene, apart)
  scene.dispose()
  if (log === undefined) return skipped(`the integral over ${name} has too many dimensions, or tails that are too long`)
  const expected = -trial.temperature * log
  if (Math.abs(found - expected) <= TOLERANCE * (scale + Math.abs(expected))) return holds
  return fails(`E with ${name} integrated out`, `${expected} (by quadrature)`, found)
}

/** With sizes for axes that were made on the way. */
function sized(trial: Trial, { axes }: Pick<Energy, 'axes'>): Trial {
  return { ...trial, sizes: madeSizes(axes, trial.sizes) }
}

function integralOf(scene: ProgramScene, apart: boolean): number | undefined {
  const { start, dimension } = scene
  const y = start.slice()
  let looks = 0
  const at = (places: readonly number[], values: readonly number[]): number => {
    looks += 1
    if (looks > MOST_LOOKS) return Number.NaN
    y.set(start)
    places.forEach((place, k) => {
      y[place] = values[k] as number
    })
    scene.look(y)
    return -scene.energy()
  }
  if (!apart) {
    if (dimension === 1) return logIntegral((u) => at([0], [u]), start[0] as number)
    return dimension === 2 ? logIntegralOverPlane((u, v) => at([0, 1], [u, v]), [start[0] as number, start[1] as number]) : undefined
  }
  const here = at([], [])
  let total = here
  for (let i = 0; i < dimension; i += 1) {
    const own = logIntegral((u) => at([i], [u]) - here, start[i] as number)
    if (own === undefined) return undefined
    total += own
  }
  return total
}

/** Both orders, where both are there. */
export const integralInAnyOrder: LawCheck = {
  name: 'the order of summing out and integrating does not matter',
  applies: (subject) => (ordersOf(subject).length === 0 ? 'no variable can be integrated out both before and after a sum' : undefined),
  run: (trial) =>
    all(
      ordersOf(trial.subject).map(({ names, before, after }) => {
        const [first, second] = [before, after].map((e) => energyBy(sized(trial, e), e)) as [EnergyValue, EnergyValue]
        if (!Number.isFinite(first.energy)) return skipped('the energy is not finite')
        if (Math.abs(first.energy - second.energy) <= TOLERANCE * (first.scale + second.scale)) return holds
        return fails(`E with ${names} gone, the sum first`, `${second.energy} (the integral first)`, first.energy)
      }),
    ),
}

/**
 * Of what is Gaussian given the rest, with second derivatives H: the two differ by T/2 log det(H / 2 pi T), which is a constant if and
 * only if det H is. H by differences of E, which of a quadratic are exact at any distance.
 */
export const integralByMinimum: LawCheck = {
  name: 'integrated - minimised = T/2 log det(H / 2 pi T)',
  applies: (subject) => (gaussiansOf(subject).length === 0 ? 'no continuous variable is Gaussian given the rest' : undefined),
  run: (trial) => all(gaussiansOf(trial.subject).map((v) => minimumCompared(trial, v))),
}

interface Gaussian extends Pick<Integrable, 'name' | 'integrated'> {
  readonly minimised: Energy
}

function gaussiansOf(subject: Subject): readonly Gaussian[] {
  return integrableOf(subject).flatMap(({ name, integrated }): readonly Gaussian[] => {
    const minimised = isGaussian(subject, name) ? subject.treated([{ kind: 'minimise', name }]) : undefined
    return minimised === undefined ? [] : [{ name, integrated, minimised }]
  })
}

function isGaussian({ energy }: Subject, name: string): boolean {
  const found = conditionalOf(energy, must(energy.variables.find((v) => v.name === name), name)) // biome-ignore format: one thought
  return hasForm(found) && found.form === 'gaussian'
}

function minimumCompared(trial: Trial, { name, integrated, minimised }: Gaussian): Finding {
  const [whole, least] = [integrated, minimised].map((e) => energyBy(sized(trial, e), e)) as [EnergyValue, EnergyValue]
  if (!Number.isFinite(whole.energy) || !Number.isFinite(least.energy)) return skipped(`the energy without ${name} is infinite in the case`)
  const size = must(trial.example.values[name], name).length
  if (size > MOST_SECOND) return skipped(`${name} has too many numbers for all second derivatives in every case`)
  const { H, scale } = secondDerivatives(trial, name, size)
  const L = cholesky(H)
  if (L === undefined) return skipped(`the second derivatives by ${name} are too near to singular in the case`)
  const T = trial.temperature
  const logDeterminant = 2 * L.reduce((sum, row, i) => sum + logOf(row[i] as number), 0)
  const expected = (T / 2) * (logDeterminant - size * logOf(2 * Math.PI * T))
  // The entries of H are good to the rounding of E, and log det to that over the least of its pivots.
  const pivot = L.reduce((least, row, i) => Math.min(least, squared(row[i] as number)), Infinity)
  const allowed = TOLERANCE * (whole.scale + least.scale) + (T * size * scale * 1e-14) / pivot
  const found = whole.energy - least.energy
  if (Math.abs(found - expected) <= allowed) return holds
  return fails(`E with ${name} integrated out less E with it minimised`, `${expected} (by second differences of E)`, found)
}

/** So many numbers have a few dozen pairs. */
const MOST_SECOND = 6

function secondDerivatives(trial: Trial, name: string, size: number) {
  const { energy } = trial.subject
  const here = must(trial.example.values[name], name)
  let scale = 0
  const at = (...moved: readonly number[]): number => {
    const values = here.slice()
    for (const i of moved) values[i] = (values[i] as number) + 1
    const value = energyBy(trial, energy, { [name]: values })
    scale = Math.max(scale, value.scale)
    return value.energy
  }
  const centre = at()
  const one = Array.from({ length: size }, (_, i) => at(i))
  const H = one.map((a, i) => Float64Array.from(one, (b, j) => at(i, j) - a - b + centre))
  return { H, scale }
}

const known = new WeakMap<Subject, readonly Integrable[]>()

function integrableOf(subject: Subject): readonly Integrable[] {
  const before = known.get(subject)
  const found = before ?? namesOf(subject).flatMap((name) => integrable(subject, name))
  known.set(subject, found)
  return found
}

function namesOf({ energy }: Subject): readonly string[] {
  const { statements: terms, variables } = energy
  const mayMove = new Set([...statesOf(energy), ...inferable({ terms, variables })])
  return variables.filter((v) => mayMove.has(v.name) && treatments.integrate.takes(v)).map((v) => v.name)
}

function integrable({ energy, situation, treated }: Subject, name: string): readonly Integrable[] {
  const integrated = treated([{ kind: 'integrate', name }])
  if (integrated === undefined) return []
  const others = energy.variables.filter((v) => v.name !== name && situation.moving.has(v.name)).map((v) => v.name)
  const alone = samplingParts(energy, { ...situation, observed: new Set(others), moving: new Set([name]), treatments: [] }).value
  const type = must(energy.variables.find((v) => v.name === name), name).type // biome-ignore format: one thought
  // A direction has a length in its coordinates, which no energy knows.
  if (alone === undefined || type.kind === 'unit') return []
  const told = integrated.eliminated.find((e) => e.name === name)?.told ?? []
  return [{ name, integrated, alone, apart: ownAxes(type).length === 0 && told.every((t) => t.what !== 'covariance') }]
}

interface Orders {
  readonly names: string
  readonly before: Energy
  readonly after: Energy
}

const knownOrders = new WeakMap<Subject, readonly Orders[]>()

function ordersOf(subject: Subject): readonly Orders[] {
  const { treated, summed } = subject
  const known = knownOrders.get(subject)
  if (known !== undefined) return known
  const found = summed.marginalised.flatMap((z) =>
    integrableOf(subject).flatMap(({ name }): readonly Orders[] => {
      const [sum, integral] = [{ kind: 'sum-out', name: z.name } as const, { kind: 'integrate', name } as const]
      const [before, after] = [treated([sum, integral]), treated([integral, sum])]
      return before === undefined || after === undefined ? [] : [{ names: `${z.name} and ${name}`, before, after }]
    }),
  )
  knownOrders.set(subject, found)
  return found
}

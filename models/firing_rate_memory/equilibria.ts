import { dot, furthest, type Lab, largestRise, numbersOf, type Vector } from 'amp-lang/experiment'
import { currents, type Design, exactFamily, excitation, inhibition, rescaled } from './network.ts'

/** Memories of the exact family are at rest, and stable where the Jacobian of the rate equations says so. */
export async function equilibria(lab: Lab) {
  lab.progress(0, 'equilibria')
  const model = await lab.load('firing_rate.amp')
  const memories = exactFamily(100)
  const random = lab.random('equilibria')
  const from = (design: Design, x: readonly Vector[], options: { readonly maxSteps?: number }) =>
    lab.retrieve(model, { memory: { xi: memories }, param: { ...design }, cue: { x } }, { probe: false, ...options })
  const designs = [inhibition, excitation].flatMap((d) => [d, { ...d, threshold: 0.8 }, { ...d, rho: 1 }])
  const rested = []
  let stable = 0
  let rises = 0
  for (const design of designs) {
    const at = memories.map((xi) => rescaled(design, xi))
    const near = at.map((x) => x.map((v) => Math.min(1 - 1e-9, Math.max(1e-9, v * (1 + 1e-3 * random.normal())))))
    const ends = await from(design, near, {})
    rises = Math.max(rises, ...ends.map((r) => largestRise(r.trace)))
    const gaps = ends.map((r, k) => furthest(numbersOf(r.states.x), at[k] as Vector))
    const settles = design.threshold === 0.2 && design.rho === 4.8
    if (settles ? Math.max(...gaps) < 1e-5 : Math.min(...gaps) > 0.01) stable += 1
    if (settles) for (const [k, r] of (await from(design, at, {})).entries()) rested.push(furthest(numbersOf(r.states.x), at[k] as Vector))
  }
  return { atRest: Math.max(...rested), stable, rises, energy: await energyGap(lab, memories) }
}

/** Differences of energies against `-x W x / 2` and the integral of `threshold + 1/(2 rho) + logit(s) / (4 rho)`, by quadrature. */
async function energyGap(lab: Lab, memories: readonly Vector[]): Promise<number> {
  const model = await lab.load('firing_rate.amp')
  const random = lab.random('energies')
  const design = inhibition
  const points = Array.from({ length: 4 }, () => Array.from({ length: 100 }, () => random.uniform()))
  const found = await lab.energies(model, { memory: { xi: memories }, param: { ...design }, cue: { x: points } })
  const expected = points.map((x) => -dot(x, currents(design, memories, x)) / 2 + x.reduce((s, v) => s + barrier(design, v), 0))
  return furthest(found, expected)
}

/** By Simpson's rule over y with s = 1 / (1 + e^-y), from where s is below 1e-19: good to 1e-11. */
function barrier({ rho, threshold }: Design, x: number): number {
  const [top, h] = [Math.log(x / (1 - x)), 0.02]
  const integrand = (y: number): number => {
    const s = 1 / (1 + Math.exp(-y))
    return (threshold + 1 / (2 * rho) + y / (4 * rho)) * s * (1 - s)
  }
  const n = 2 * Math.ceil((top + 45) / h / 2)
  const step = (top + 45) / n
  let sum = integrand(-45) + integrand(top)
  for (let k = 1; k < n; k += 1) sum += (k % 2 === 1 ? 4 : 2) * integrand(-45 + k * step)
  return (sum * step) / 3
}

import {
  dot,
  furthest,
  type Lab,
  logSumExp,
  norm,
  normals,
  numbersOf,
  ofLength,
  type Random,
  scaled,
  softmax,
  type Vector,
} from 'amp-lang/experiment'

/** log of I_n(x) for a whole n, by its series of positive terms. */
function logBessel(n: number, x: number): number {
  const terms: number[] = []
  let term = n * Math.log(x / 2) - Array.from({ length: n }, (_, k) => Math.log(k + 1)).reduce((sum, v) => sum + v, 0)
  for (let k = 0; k < 200; k += 1) {
    terms.push(term)
    term += 2 * Math.log(x / 2) - Math.log(k + 1) - Math.log(k + 1 + n)
  }
  return logSumExp(terms)
}

/** log of the normaliser of a von Mises-Fisher density on the sphere in D dimensions, D even. */
const logNormaliser = (D: number, kappa: number): number =>
  (D / 2 - 1) * Math.log(kappa) - (D / 2) * Math.log(2 * Math.PI) - logBessel(D / 2 - 1, kappa)

interface Tokens {
  readonly keys: readonly Vector[]
  readonly gain: Vector
  readonly shift: Vector
}

/** Eight keys in eight dimensions; with `even`, of one length once the gain is on them. */
function tokensOf(random: Random, even: boolean): Tokens {
  const D = 8
  const gain = Array.from({ length: D }, () => 0.5 + random.uniform())
  const shift = scaled(normals(random, D), 0.3)
  const keys = Array.from({ length: 8 }, () => normals(random, D))
  const divided = (x: Vector): Vector => x.map((v, i) => v / (gain[i] as number))
  return { gain, shift, keys: even ? keys.map((k) => divided(ofLength(1.5, k))) : keys }
}

/** Layer normalisation makes directions u, and attention over keys the posterior of a mixture of them. */
export async function compareAttention(lab: Lab) {
  lab.progress(0, 'attention')
  const attention = await lab.load('normalised_attention.amp')
  const mixture = await lab.load('von_mises_fisher_mixture.amp')
  const found = { factored: 0, energy: 0, posterior: 0, unnormalised: 0, equal: 0 }
  for (const even of [false, true]) {
    const random = lab.random('attention', even ? 'even' : 'uneven')
    const { keys, gain, shift } = tokensOf(random, even)
    const D = gain.length
    const points = Array.from({ length: 20 }, () => normals(random, D))
    const attended = await lab.retrieve(attention, { memory: { key: keys }, param: { gain, shift }, cue: { x: points } }, { maxSteps: 0 })
    // A normalised point has length sqrt(D), whatever it was.
    const directions = points.map((x) =>
      ofLength(
        1,
        x.map((v) => v - x.reduce((sum, w) => sum + w, 0) / D),
      ),
    )
    const stretched = keys.map((k) => k.map((v, i) => v * (gain[i] as number)))
    const kappas = stretched.map((k) => norm(k) * Math.sqrt(D))
    const centres = stretched.map((k) => ofLength(1, k))
    const logMixing = keys.map((k) => dot(k, shift))
    const scores = directions.map((u) => centres.map((m, k) => (kappas[k] as number) * dot(m, u) + (logMixing[k] as number)))
    const weights = attended.map((r) => numbersOf(r.responsibilities.cue.z))
    const posterior = async (weight: Vector): Promise<number> => {
      const given = { memory: { direction: centres, concentration: kappas, weight }, cue: { u: directions } }
      const results = await lab.retrieve(mixture, given, { maxSteps: 0 })
      return furthest(
        results.flatMap((r) => numbersOf(r.responsibilities.cue.z)),
        weights.flat(),
      )
    }
    found.factored = Math.max(found.factored, furthest(weights.flat(), scores.flatMap(softmax)))
    found.energy = Math.max(
      found.energy,
      furthest(
        attended.map((r) => r.energy),
        scores.map((s) => Math.log(s.length) - logSumExp(s)),
      ),
    )
    found.posterior = Math.max(
      found.posterior,
      await posterior(softmax(logMixing.map((w, k) => w - logNormaliser(D, kappas[k] as number)))),
    )
    found[even ? 'equal' : 'unnormalised'] = await posterior(softmax(logMixing))
  }
  return found
}

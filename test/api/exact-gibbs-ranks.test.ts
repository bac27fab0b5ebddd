import { expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { drawGamma } from '../../src/families/numbers/gamma.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { calibrate } from '../../src/inference/sbc.ts'
import { givenOf } from '../../src/run/inputs.ts'

const names = ['m', 'u[1]', 'between', 'within']
const group = [1, 1, 2, 2, 2]
const SIMULATIONS = 48
const DRAWS = 31

const loaded = must(
  load({
    name: 'm.amp',
    text: `data of[i] : j
data y[i]
state m ~ normal(1, 2)
state u[j] ~ normal(0, sqrt(between))
state between : positive ~ inverse_gamma(3, 2)
state within : positive ~ inverse_gamma(4, 3)
y ~ normal(m + u[of], sqrt(within))`,
  }).value,
  'model',
)

/** Truths and data by hand, from the same priors. */
function truth(stream: Stream) {
  const [between, within] = [2 / drawGamma(stream, 3), 3 / drawGamma(stream, 4)]
  const m = 1 + 2 * stream.normal()
  const u = [0, 0].map(() => Math.sqrt(between) * stream.normal())
  const y = group.map((j) => m + (u[j - 1] as number) + Math.sqrt(within) * stream.normal())
  return { values: Float64Array.of(m, u[0] as number, between, within), y }
}

it('ranks of true values among exact Gibbs draws are uniform (simulation-based calibration)', async () => {
  const runs: { readonly truth: Float64Array; readonly draws: Float64Array }[] = []
  const stream = new Stream(keyFromSeed(21))
  for (let s = 0; s < SIMULATIONS; s += 1) {
    const { values, y } = truth(stream)
    const inputs = must(givenOf({ data: { of: group, y } }).value, 'data')
    const { value } = await sample(loaded, inputs, { sampler: 'gibbs', chains: 1, warmup: 50, draws: DRAWS, thin: 10, seed: s })
    const columns = names.map((name) => must(series(must(value, 'draws').draws, name)[0], name))
    runs.push({ truth: values, draws: Float64Array.from({ length: DRAWS * names.length }, (_, k) => columns[k % names.length]?.[Math.floor(k / names.length)] as number) }) // biome-ignore format: one line
  }
  let next = 0
  const { parameters } = calibrate(names, () => must(runs[next++], 'run'), keyFromSeed(1), { simulations: SIMULATIONS, bins: 8 })
  // 6 expected a bin: chi-square's tail is a little heavier than it says, so that one in 1e7 runs fails.
  for (const { name, p } of parameters) expect(p, name).toBeGreaterThan(1e-8)
})

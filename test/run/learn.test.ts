import { describe, expect, it } from 'vitest'
import { hiddenIn, perPattern, rowsAndStarts, takesRows } from '../../src/api/learn/patterns.ts'
import { load } from '../../src/api/load.ts'
import { learnParts } from '../../src/api/pipeline.ts'
import { must } from '../../src/base/internal-error.ts'
import { bind } from '../../src/bind/bind.ts'
import { lossOf } from '../../src/compile/learn/losses.ts'
import { learnedOf } from '../../src/compile/learn/moving.ts'
import { drawPrior } from '../../src/inference/draws/prior-draw.ts'
import { madeSizes } from '../../src/middle/derived-sizes.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'
import { type LearnScene, openLearnScene } from '../../src/run/learn-scene.ts'
import { beginRun } from '../../src/run/run.ts'
import { kernel } from '../../src/targets/kernel.ts'

interface Asked {
  readonly by?: string
  readonly params?: readonly string[]
  readonly batch: number
}

function scene(text: string, inputs: Inputs, { by = 'map', params: names, batch }: Asked): LearnScene {
  const { energy, model } = must(load({ name: 'm.amp', text }).value, 'model')
  const { params } = must(learnedOf(energy, names).value, 'params')
  const given = rowsAndStarts(energy, must(givenOf(inputs).value, 'values'), params)
  const bound = must(bind(energy, given, takesRows(energy, params)).value, 'bound')
  const loss = must(lossOf(by, model.objectives.map((o) => o.name)).value, by) // biome-ignore format: one thought
  const situation = hiddenIn(energy, params, bound, {})
  const parts = learnParts(energy, { loss, params, perPattern: perPattern(energy, bound), situation })
  const made = must(parts.value, parts.diagnostics.map((d) => d.message).join(' '))
  const sizes = { ...madeSizes(made.learn.axes, bound.sizes), [made.learn.patterns]: batch }
  return openLearnScene(
    must(beginRun(made, made.learn.fixed, { target: kernel, bound: { ...bound, sizes }, draw: drawPrior }, {}).value, 'run'),
    batch,
  )
}

/** A prior on the weights is shared; a spin and a number of each pattern, one of them hidden. */
const text = `
data  x[i]
state z : spin
state y
param W[i] ~ normal(0, 1)
param t : positive ~ gamma(2, 1)
z ~ bernoulli_logit(1)
y ~ normal(z * sum[i](W * x), t)`.replace('z ~ bernoulli_logit(1)\n', 'energy 0.3 * z\n')
const inputs = {
  data: { x: [[1, 2], [0.5, -1], [-0.3, 0.2], [2, 0.1], [1, 1], [0.4, 3]] }, // biome-ignore format: rows
  observed: { y: [1, -2, 0.3, 0.7, 2, -1] },
  param: { W: [0.3, -0.6], t: 0.8 },
}

describe('the loss of many patterns', () => {
  it('falls as its slope says', () => {
    const { x, slope, look } = scene(text, inputs, { batch: 6 })
    look()
    const found = slope.slice()
    for (let i = 0; i < x.length; i += 1) {
      const at = x[i] as number
      x[i] = at + 1e-5
      const above = look()
      x[i] = at - 1e-5
      const below = look()
      x[i] = at
      // Central differences of 1e-5: an error of 1e-10 by the third derivative, and of 1e-11 by rounding.
      expect(found[i]).toBeCloseTo((above - below) / 2e-5, 7)
    }
  })

  it('has the mean of the slopes of all batches for its slope', () => {
    const whole = scene(text, inputs, { batch: 6 })
    const loss = whole.look()
    const parts = scene(text, inputs, { batch: 2 })
    let [losses, slopes] = [0, new Float64Array(parts.x.length)]
    for (let step = 0; step < 3; step += 1) {
      parts.batches.fill(step)
      losses += parts.look() / 3
      slopes = slopes.map((s, i) => s + (parts.slope[i] as number) / 3)
    }
    expect(losses).toBeCloseTo(loss, 12)
    for (const [i, s] of slopes.entries()) expect(s).toBeCloseTo(whole.slope[i] as number, 12)
  })

  it('is the sum of the losses of single patterns, with what is shared once', () => {
    const whole = scene(text, inputs, { batch: 6 }).look()
    const alone = inputs.observed.y.map((y, n) =>
      scene(text, { ...inputs, data: { x: inputs.data.x[n] as number[] }, observed: { y } }, { batch: 1 }).look(),
    )
    // Two standard normals, and a gamma(2, 1).
    const shared = (0.3 ** 2 + 0.6 ** 2) / 2 + Math.log(2 * Math.PI) - Math.log(0.8) + 0.8
    expect(whole).toBeCloseTo((alone.reduce((a, b) => a + b, 0) - 5 * shared) / 6, 10)
  })
})

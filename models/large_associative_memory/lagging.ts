import { furthest, type Lab, plus, scaled, smallestRise, type Vector } from 'amp-lang/experiment'
import { drive, networks } from './networks.ts'
import { recallOf } from './recall.ts'
import { inputsOf, type Texts, worst } from './texts.ts'

/** How far hidden neurons that lag take the visible ones from where they go when hidden neurons are always at rest. */
export async function lagging(lab: Lab, texts: Texts) {
  const network = networks.soft
  const { synapses, start } = recallOf(lab, { ...network, input: 0 }, 0)
  const lags = [1, 0.3, 0.1, 0.03, 0.01]
  const errors: { readonly lag: number; readonly error: number }[] = []
  const times = Array.from({ length: 301 }, (_, k) => k / 50)
  const follow = async (
    run: (observe: (moment: { readonly time: number; readonly x: Float64Array }) => void) => Promise<unknown>,
  ): Promise<readonly Vector[]> => {
    const moments: { readonly time: number; readonly v: Vector }[] = []
    await run(({ time, x }) => moments.push({ time, v: Array.from(x.subarray(0, 20)) }))
    return times.map((time) => between(moments, time))
  }
  const ode = { flow: 'ode', maxTime: 6, accuracy: 1e-8, longestStep: 0.01 } as const
  const fast = await follow((observe) =>
    lab.retrieve(texts.hopfield, { memory: { xi: synapses.xi }, param: { beta: 0.3 }, cue: { x: start.v } }, { ...ode, observe }),
  )
  for (const [k, lag] of lags.entries()) {
    lab.progress(0.8 + (0.2 * k) / lags.length, `hidden neurons with tau = ${lag}`)
    const from = { v: start.v, h: drive(synapses, start.v) }
    const slow = await follow((observe) =>
      lab.retrieve(texts.of.soft, inputsOf(network, { ...synapses, lag }, [from]), { ...ode, observe }),
    )
    errors.push({ lag, error: worst(slow.map((v, i) => furthest(v, fast[i] as Vector))) })
  }
  const at = (lag: number): number => errors.find((e) => e.lag === lag)?.error ?? Number.NaN
  const rising = errors.map(({ error }) => Math.log(error)).reverse()
  return { errors, measured: { lagging: smallestRise(rising), lagRatio: at(0.1) / at(0.01) } }
}

/** On the straight line between two moments. */
function between(moments: readonly { readonly time: number; readonly v: Vector }[], time: number): Vector {
  const next = moments.findIndex((m) => m.time >= time)
  const after = moments[next < 0 ? moments.length - 1 : next] as (typeof moments)[number]
  const before = moments[Math.max(0, (next < 0 ? moments.length : next) - 1)] as (typeof moments)[number]
  const part = after.time > before.time ? Math.min(1, (time - before.time) / (after.time - before.time)) : 1
  return plus(scaled(before.v, 1 - part), scaled(after.v, part))
}

import { describe, expect, it } from 'vitest'
import { type Loaded, load } from '../../src/api/load.ts'
import { type SampleOptions, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

const open = (text: string): Loaded => must(load({ name: 'm.amp', text }).value, 'model')
const given = (inputs: Inputs) => must(givenOf(inputs).value, 'inputs')

async function drawn(text: string, inputs: Inputs, options: SampleOptions = {}) {
  const { value, diagnostics } = await sample(open(text), given(inputs), { seed: 3, draws: 5000, ...options })
  return must(value, JSON.stringify(diagnostics))
}

async function refusal(text: string, inputs: Inputs, options: SampleOptions = {}): Promise<string> {
  const { value, diagnostics } = await sample(open(text), given(inputs), options)
  expect(value).toBeUndefined()
  return diagnostics.map((d) => `${d.code} ${d.message}`).join('\n')
}

const column = (run: Awaited<ReturnType<typeof drawn>>, name: string) => series(run.draws, name).flatMap((c) => [...c])
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const share = (values: readonly number[], value: number) => values.filter((v) => v === value).length / values.length

// 20,000 draws, worth at least 5,000; six standard errors are a false alarm in 5e8.
const within = (sd: number) => (6 * sd) / Math.sqrt(5000)

describe('unknown elements of a count', () => {
  const faults =
    'axis row = 4\nstate p : probability ~ beta(2, 3)\ndata n[row] : count\nstate y[row] : count ~ binomial(n, p)\nlet total = sum[row](y)'
  const inputs = { data: { n: [10, 5, 8, 3] }, observed: { y: [7, null, 4, null] } }

  it('leave the posterior of the rest as it is without them, and are drawn from their own statement', async () => {
    const run = await drawn(faults, inputs, { report: ['total'] })
    // beta(2 + 11, 3 + 7); the unknown ones are beta-binomial.
    const p = 13 / 23
    expect(Math.abs(mean(column(run, 'p')) - p)).toBeLessThan(within(Math.sqrt((p * (1 - p)) / 24)))
    expect(Math.abs(mean(column(run, 'y[2]')) - 5 * p)).toBeLessThan(within(1.3))
    const none = (10 * 11 * 12) / (23 * 24 * 25)
    expect(Math.abs(share(column(run, 'y[4]'), 0) - none)).toBeLessThan(within(Math.sqrt(none * (1 - none))))
    expect(new Set(column(run, 'y[1]'))).toEqual(new Set([7]))
    expect(new Set(column(run, 'y[3]'))).toEqual(new Set([4]))
    const [two, four] = [column(run, 'y[2]'), column(run, 'y[4]')]
    expect(column(run, 'total')).toEqual(two.map((v, i) => 11 + v + (four[i] as number)))
  })

  it('are different in every draw and chain', async () => {
    const run = await drawn(faults, inputs, { draws: 50 })
    const chains = series(run.draws, 'y[2]').map((c) => [...c].join())
    expect(new Set(chains).size).toBe(4)
    for (const chain of series(run.draws, 'y[2]')) expect(new Set(chain).size).toBeGreaterThan(2)
  })

  it('keep to a truncation', async () => {
    const run = await drawn('axis row = 2\nstate y[row] : count ~ poisson(1) in (1, 3)', { observed: { y: [2, null] } })
    const weights = [1, 1 / 2, 1 / 6]
    const total = weights.reduce((a, b) => a + b)
    for (const [i, w] of weights.entries()) expect(Math.abs(share(column(run, 'y[2]'), i + 1) - w / total)).toBeLessThan(within(0.5))
  })

  it('are drawn together where their family is over an axis', async () => {
    const run = await drawn('axis k = 3\nstate y[k] : count ~ multinomial[k](4, softmax[k](log(index(k))))', {})
    expect(Math.abs(mean(column(run, 'y[3]')) - 2)).toBeLessThan(within(1))
    const [a, b, c] = ['y[1]', 'y[2]', 'y[3]'].map((name) => column(run, name)) as [number[], number[], number[]]
    expect(new Set(a.map((v, i) => v + (b[i] as number) + (c[i] as number)))).toEqual(new Set([4]))
  })

  it('may be all of a count, and read by another that is unknown too', async () => {
    const run = await drawn('state n : count ~ poisson(3)\nstate y : count ~ binomial(n, 0.5)', {})
    // The thinned count is Poisson with half the rate.
    expect(Math.abs(share(column(run, 'y'), 0) - Math.exp(-1.5))).toBeLessThan(within(0.5))
    expect(Math.abs(mean(column(run, 'n')) - 3)).toBeLessThan(within(Math.sqrt(3)))
  })

  it('are refused where something else reads them, at other temperatures, and where they are drawn together', async () => {
    const read = 'state n : count ~ poisson(3)\nstate y : count ~ binomial(n, 0.5)'
    expect(await refusal(read, { observed: { y: 2 } })).toMatch(/^AMP606 .*"n" is a count.*"y" is given and depends on "n"/)
    expect(await refusal(faults, inputs, { temperature: 2 })).toMatch(/^AMP606 .*at temperature 1 only/)
    const parts = 'axis k = 3\nstate y[k] : count ~ multinomial[k](4, softmax[k](index(k)))'
    expect(await refusal(parts, { observed: { y: [1, null, null] } })).toMatch(/^AMP606 .*a part of "y" is observed/)
    const halves = 'axis row = 2\nstate n[row] : count ~ poisson(3)\nstate y[row] : count ~ binomial(n, 0.5)'
    expect(await refusal(halves, { observed: { y: [1, null] } })).toMatch(/^AMP606 .*"y" is observed in part/)
  })
})

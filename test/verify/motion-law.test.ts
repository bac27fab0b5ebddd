import { expect, test } from 'vitest'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { motionLaw } from '../../src/verify/laws/motion.ts'
import { type LawResult, runLaw } from '../../src/verify/run.ts'
import { openSubject, type Subject } from '../../src/verify/subject.ts'

const subjectOf = (text: string): Promise<Subject> =>
  openSubject(must(load({ name: 'm.amp', text }).value, 'model'), { tfjs: false, emit: false })
const lawOn = (subject: Subject): LawResult => runLaw(motionLaw, subject, { runs: 24, seed: 1 })
const casesOf = ({ checks }: LawResult): readonly number[] => checks.map((c) => c.cases)

const leaky = 'input u\nparam alpha : positive = 0.1\nstate x\nstate y\nflow x = 0.5 * u - alpha * x\nflow y = x - y / 3'
const network = `
axis j = size(i)
param W[i, j]
state x[i]
let S = (W + W[i -> j, j -> i]) / 2
let g = tanh(x)
energy -sum[i, j](g * S * g[i -> j]) / 2 + sum[i](x * g - log_cosh(x))
flow x = -x + sum[j](S * g[i -> j])
`

test('an affine flow is followed alike by all steps, and mixes', async () => {
  const law = lawOn(await subjectOf(leaky))
  expect(law.counterexample).toBeUndefined()
  expect(casesOf(law)).toEqual([6, 6, 0, 0, 0])
})

test('a network goes down its energy, and rests where that is flat', async () => {
  const law = lawOn(await subjectOf(network))
  expect(law.counterexample).toBeUndefined()
  expect(casesOf(law)).toEqual([6, 0, 6, expect.any(Number), 0])
  expect(law.checks[3]?.cases).toBeGreaterThan(3)
})

test('noise down a gradient is that of the temperature, time constants included', async () => {
  const text = (noise: string): string => `
param tau[i] : positive
param T : positive
state x[i]
energy sum[i](x^4 + x^2) / 2
flow x = -(2 * x^3 + x) / tau with noise ${noise}
temperature = T
`
  const law = lawOn(await subjectOf(text('sqrt(2 * T / tau)')))
  expect(law.counterexample).toBeUndefined()
  expect(law.checks[4]?.cases).toBeGreaterThan(3)
  expect(lawOn(await subjectOf(text('sqrt(T / tau)'))).counterexample?.check).toBe(motionLaw.checks[4].name)
})

test.each([
  ['a flow up its energy', 'state x[i]\nenergy sum[i](x^2) / 2\nflow x = 1 - x', 2],
  ['a flow that rests on a slope', 'state x : positive\nenergy x\nflow x = -x', 3],
])('%s is told', async (_, text, at) => {
  expect(lawOn(await subjectOf(text)).counterexample?.check).toBe(motionLaw.checks[at]?.name)
})

/** What a compiler would get wrong that took the second flow for an affine one. */
test('a flow that is taken for affine is told', async () => {
  const subject = await subjectOf('state x\nflow x = -x - x^3')
  const parts = must('parts' in subject.simulation ? subject.simulation.parts : undefined, 'simulation')
  const wrong = { ...subject, simulation: { parts: { ...parts, program: { ...parts.program, affine: true } } } }
  expect(lawOn(wrong).counterexample?.check).toBe(motionLaw.checks[0].name)
  const onlyMixing = { ...motionLaw, checks: [motionLaw.checks[1]] }
  expect(runLaw(onlyMixing, wrong, { runs: 24, seed: 1 }).counterexample).toBeDefined()
})

test('a model without an energy has this law alone', async () => {
  const { laws } = must((await (await import('../../src/api/verify.ts')).verify(must(load({ name: 'm.amp', text: leaky }).value, 'model'), { runs: 4, tfjs: false, emit: false })).value, 'laws') // biome-ignore format: one thought
  expect(laws.map((l) => l.status)).toEqual([...Array(9).fill('not applicable'), 'holds'])
})

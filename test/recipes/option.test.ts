import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Copy, filesOfRecipe } from './copy.ts'

/** The step size that NUTS starts from. */
const row = [
  'src/middle/option-rows/sample.ts',
  "  depth: { kind: 'whole'",
  "  firstStep: { kind: 'number', above: 0, of: ['sample'], when: 'run', flag: '--first-step <x>', does: 'step size that NUTS starts from' },\n",
] as const

const used = [
  ['src/run/samplers.ts', 'delta = defaults.delta,', 'firstStep, '],
  ['src/run/samplers.ts', 'targetAcceptance: delta,', '...(firstStep === undefined ? {} : { stepSize: firstStep }), '],
] as const

const script = `
  import { load } from './src/api/load.ts'
  import { sample } from './src/api/sample.ts'
  import { declarations } from './src/api/emit/declarations.ts'
  import { samplingParts } from './src/api/pipeline.ts'
  import { situationOf } from './src/middle/situation.ts'
  import { givenOf } from './src/run/inputs.ts'
  import { optionsOf } from './src/middle/options.ts'
  import { expectedOf } from './src/middle/option-values.ts'
  import { withOptionTables } from './scripts/docs-options.mjs'
  import { readFileSync } from 'node:fs'
  const model = load({ name: 'm.amp', text: 'state x ~ normal(0, 1)\\nenergy x^4' }).value
  const given = givenOf({}).value
  const options = { seed: 1, chains: 1, warmup: 0, draws: 20 }
  const stepSize = async (more) => (await sample(model, given, { ...options, ...more })).value.tuning[0].stepSize
  const wrong = await sample(model, given, { firstStep: -1 })
  const parts = samplingParts(model.energy).value
  console.log(JSON.stringify({
    said: await stepSize({ firstStep: 0.375 }),
    unsaid: await stepSize({}),
    wrong: wrong.diagnostics.map((d) => [d.code, d.message, d.expected]),
    near: (await sample(model, given, { firstStp: 1 })).diagnostics.map((d) => d.hint),
    declared: declarations(model, { reading: 'sample', target: 'kernel', situation: situationOf(model.energy) }, { parts, prior: undefined }).includes('readonly firstStep?: number'),
    page: withOptionTables(readFileSync(process.argv[2], 'utf8'), { optionsOf, expectedOf }).includes('| \`firstStep\` | a number above 0 |  | \`--first-step\` |'),
  }))`

describe('an option that the recipe adds to a copy of the sources', () => {
  let copy: Copy
  let before: readonly string[]
  let after: readonly string[]
  beforeAll(() => {
    copy = new Copy()
    for (const [file, anchor, text] of used) copy.insertBefore(file, anchor, text)
    before = copy.typeErrors(['src/middle', 'src/inference', 'src/run'])
    copy.insertBefore(...row)
    after = copy.typeErrors(['src/middle', 'src/inference', 'src/run'], [row[0], used[0][0]])
  })
  afterAll(() => copy.remove())

  it('is a row in the file that the recipe lists', () => {
    expect([row[0]]).toEqual(filesOfRecipe('An option'))
  })

  it('cannot be used without its row, which is all that it takes', () => {
    expect(before.map((line) => line.split(':')[1])).toEqual([expect.stringContaining("Property 'firstStep' does not exist")])
    expect(after).toEqual([])
  })

  it('works in the library, is checked, declared and documented', () => {
    const { said, unsaid, wrong, near, declared, page } = JSON.parse(copy.run(script, [resolve('docs/library.md')]))
    expect(said).toBe(0.375)
    expect(unsaid).not.toBe(0.375)
    expect(wrong).toEqual([['AMP717', 'The option firstStep is -1.', 'a number above 0']])
    expect(near).toEqual(["did you mean 'firstStep'?"])
    expect([declared, page]).toEqual([true, true])
  })

  it('is a flag of the command line, with its help', () => {
    copy.write('m.amp', 'state x ~ normal(0, 1)\nenergy x^4\n')
    const few = ['--chains', '1', '--draws', '2000', '--warmup', '0', '--seed', '2', '--workers', '1', '--quiet', '--json']
    expect(JSON.parse(copy.amp(['sample', 'm.amp', '--first-step', '0.375', ...few])).tuning[0].stepSize).toBe(0.375)
    expect(copy.amp(['sample', '--help'])).toMatch(/--first-step <x>\s+step size that NUTS starts from/)
  })
})

import { expect, it, test } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { sample } from '../../src/api/sample.ts'
import { verify } from '../../src/api/verify.ts'
import { must } from '../../src/base/internal-error.ts'
import { type Unused, unusedBy, unusedSentence } from '../../src/compile/unused.ts'
import { givenOf } from '../../src/run/inputs.ts'
import { amp, folderWith } from '../cli/amp.ts'

const memory = 'memory xi[pattern, i]\nparam w ~ normal(0, 1)\nstate x[i]\nenergy sum[i]((x - w * sum[pattern](xi))^2) / 2\n'
const rules = 'write xi[pattern = new] = x\nobjective spread = w^2\nforget xi = xi / 2\n'
const loadedOf = (text: string): Loaded => must(load({ name: 'm.amp', text }).value, 'model')
const given = must(givenOf({ memory: { xi: [[1, 0]] }, param: { w: 1 } }).value, 'inputs') // biome-ignore format: a table

/** What every command of the library says of a model. */
async function said(text: string): Promise<readonly (readonly Unused[])[]> {
  const loaded = loadedOf(text)
  const quick = { seed: 1, chains: 1, warmup: 10, draws: 10 }
  return [
    must((await retrieve(loaded, given)).value, 'retrieval').unused,
    must((await sample(loaded, given, quick)).value, 'draws').unused,
    must((await emit(loaded, 'retrieve')).value, 'module').unused,
    must((await emit(loaded, 'sample')).value, 'module').unused,
    must((await verify(loaded, { runs: 1, sbc: 1, tfjs: false, emit: false, laws: [1] })).value, 'verification').unused,
  ]
}

it('is in every result of the library, in the order of the text', async () => {
  const all = await said(memory + rules)
  for (const unused of all) {
    expect(unused.map(({ kind, name }) => [kind, name])).toEqual([
      ['write', 'xi'],
      ['objective', 'spread'],
      ['forget', 'xi'],
    ])
    expect(unused.map(({ span }) => (memory + rules).slice(span.start, span.end))).toEqual(rules.trim().split('\n'))
  }
  expect(await said(memory)).toEqual([[], [], [], [], []])
})

it('is what no reading uses: a row that uses a statement says nothing of it', () => {
  const { model } = loadedOf(memory + rules)
  expect(unusedBy([{ uses: ['write'] }, { uses: ['objective'] }], model).map((u) => u.kind)).toEqual(['forget'])
})

it('is one sentence, which names each once', () => {
  const unused = unusedBy([], loadedOf(memory + rules).model)
  expect(unusedSentence('sample', unused)).toEqual([
    'Not used by sample: the rule `write xi`, the objective `spread`, the rule `forget xi`.',
  ])
  expect(unusedSentence('sample', unused.slice(0, 1))).toEqual(['The rule `write xi` is not used by sample.'])
  expect(unusedSentence('sample', [])).toEqual([])
})

const folder = folderWith({ 'm.amp': memory + rules, 'xi.json': '[[1, 0]]' })
const values = ['--memory', 'xi=xi.json', '--param', 'w=1']
const few = ['--draws', '10', '--warmup', '10', '--chains', '1', '--quiet']

test.each([
  ['retrieve', ['retrieve', 'm.amp', ...values]],
  ['sample', ['sample', 'm.amp', ...values, ...few]],
  ['retrieve', ['compile', 'm.amp', '--to', 'retrieve', '-o', 'm.mjs']],
  ['sample', ['compile', 'm.amp', '--to', 'sample', '-o', 'm.mjs']],
  ['verify', ['verify', 'm.amp', '--runs', '1', '--sbc', '1']],
])('%s says it in its output: amp %j', (by, command) => {
  const sentence = `Not used by ${by}: the rule \`write xi\`, the objective \`spread\`, the rule \`forget xi\`.`
  expect(amp(folder, command).out).toContain(sentence)
  if (command[0] === 'compile') expect(amp(folder, command).out.split('\n').length).toBe(3)
})

test.each([
  ['retrieve', values],
  ['sample', [...values, ...few]],
  ['verify', ['--runs', '1', '--sbc', '1']],
])('%s says it in JSON', (command, more) => {
  const json = JSON.parse(amp(folder, [command, 'm.amp', ...more, '--json']).out)
  expect((Array.isArray(json) ? json[0] : json).unused).toEqual([
    { kind: 'write', name: 'xi' },
    { kind: 'objective', name: 'spread' },
    { kind: 'forget', name: 'xi' },
  ])
})

it('stands in the header of a module', async () => {
  const { module } = must((await emit(loadedOf(memory + rules), 'sample')).value, 'module')
  expect(module.split('\n').filter((line) => line.startsWith('// Not used by sample: the rule `write xi`'))).toHaveLength(1)
})

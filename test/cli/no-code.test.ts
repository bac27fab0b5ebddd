import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { amp, codesOf, folderWith, program, type Ran } from './amp.ts'

const folder = folderWith({
  'memory.amp': `memory xi[pattern, pixel]
param  beta : positive = 8
state  x[pixel]
energy -logsumexp[pattern](beta * sum[pixel](xi * x)) / beta + sum[pixel](x^2) / 2
`,
  'xi.csv': '1,0,0\n0,1,0\n0,0,1\n',
  'cue.csv': '0.9,0.2,0\n0,0.4,0.7\n',
  'posterior.amp': `data y[row]
state mu ~ normal(0, 5)
state sigma : positive ~ half_normal(2)
y ~ normal(mu, sigma)
`,
  'y.json': '{ "y": [1, 2, 4, 3.5] }',
})
const retrieving = ['retrieve', 'memory.amp', '--memory', 'xi=xi.csv', '--cue', 'x=cue.csv']
const sampling = ['sample', 'posterior.amp', '--data', 'y.json', '--chains', '2', '--warmup', '20', '--draws', '5', '--seed', '3']

/** Runs amp, or a script, where no code may be made from text. */
function strictly(args: readonly string[], script = program): Ran {
  const node = ['--disallow-code-generation-from-strings', script, ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, node, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { code: status, out: stdout, err: stderr }
}

describe('where no code may be made from text', () => {
  test('the energy is interpreted, with one word on why that is slow', () => {
    const there = strictly(['energy', ...retrieving.slice(1), '--json'])
    expect([there.code, codesOf(there)], there.err).toEqual([0, ['AMP725']])
    const [found, wanted] = [JSON.parse(there.out), JSON.parse(amp(folder, ['energy', ...retrieving.slice(1), '--json']).out)]
    expect([found.backend.name, wanted.backend.name]).toEqual(['reference', 'kernel'])
  })

  test('retrieve gives the same states where it is told to interpret', () => {
    const there = strictly([...retrieving, '--backend', 'kernel', '--json'])
    expect(codesOf(there)).toEqual(['AMP725'])
    expect(there.code, there.err).toBe(0)
    const [found, wanted] = [JSON.parse(there.out), JSON.parse(amp(folder, [...retrieving, '--json']).out)]
    expect([found.backend.name, wanted.backend.name]).toEqual(['reference', 'kernel'])
    for (const [i, cue] of wanted.cues.entries())
      for (const [k, x] of cue.states.x.entries()) expect(found.cues[i].states.x[k]).toBeCloseTo(x, 9)
  })

  test.each([['1'], ['2']])('sample draws the same, in %s threads', (workers) => {
    const there = strictly([...sampling, '--backend', 'kernel', '--workers', workers, '--out', 'there.json'])
    expect(codesOf(there)).toEqual(['AMP725'])
    expect([0, 2], there.err).toContain(there.code)
    amp(folder, [...sampling, '--out', 'here.json'])
    const valuesIn = (name: string): number[][] =>
      JSON.parse(readFileSync(join(folder, name), 'utf8')).draws.chains.map((c: { values: number[] }) => c.values)
    const found = valuesIn('there.json')
    // Sums in another order differ in the last digits, which 25 short trajectories do not yet make large.
    for (const [chain, wanted] of valuesIn('here.json').entries()) {
      expect(wanted.length).toBe(10)
      for (const [i, x] of wanted.entries()) expect(found[chain]?.[i]).toBeCloseTo(x, 6)
    }
  })

  test('verify leaves out what compares compiled code, and tests the rest', () => {
    const there = strictly(['verify', 'memory.amp', '--runs', '2'])
    expect(codesOf(there)).toEqual(['AMP725'])
    expect(there.code, there.err).toBe(0)
    expect(there.out).toContain('kernel = reference: not applicable, because no code may be made from text here')
    expect(there.out).toMatch(/retrieval gradient = central differences: 2/)
  })

  test('the library says so among its diagnostics, and goes on', () => {
    const index = pathToFileURL(join(dirname(program), 'library', 'index.js')).href
    writeFileSync(
      join(folder, 'library.mjs'),
      `import { givenOf, load, retrieve, sample } from ${JSON.stringify(index)}
const { value } = load({ name: 'm.amp', text: 'state x[i]\\nenergy sum[i]((x - 2)^2)' })
const r = await retrieve(value, givenOf({ cue: { x: [[0, 1, 5]] } }).value, { backend: 'kernel' })
const s = await sample(value, givenOf({ cue: { x: [0, 1, 5] } }).value, { chains: 1, draws: 3, warmup: 3, backend: 'kernel' })
console.log(JSON.stringify([r.diagnostics.map((d) => d.code), [...r.value.retrievals[0].states.x.data], s.diagnostics.map((d) => d.code), s.value.draws.chains[0].count]))
`,
    )
    const there = strictly([], join(folder, 'library.mjs'))
    expect(JSON.parse(there.out || there.err)).toEqual([['AMP725'], [2, 2, 2], ['AMP725'], 3])
  })

  test.each([
    ['retrieve', 'memory.amp', `{ memory: { xi: [[1, 0], [0, 1]] }, cue: { x: [[0.9, 0.2]] } }`, 'r[0].outcome.kind', 'converged'],
    ['sample', 'posterior.amp', `{ data: { y: [1, 2, 4] } }, { chains: 1, draws: 3, warmup: 3 }`, 'r.draws.chains[0].count', '3'],
  ])('an emitted module that can %s needs no permission', (reading, model, inputs, shown, wanted) => {
    expect(amp(folder, ['compile', model, '--to', reading, '--out', `${reading}.mjs`]).code).toBe(0)
    writeFileSync(
      join(folder, `use-${reading}.mjs`),
      `import { ${reading} } from './${reading}.mjs'\nconst r = ${reading}(${inputs})\nconsole.log(${shown})\n`,
    )
    expect(strictly([], join(folder, `use-${reading}.mjs`)).out.trim()).toBe(wanted)
  })

  test('npm packages that read files need no permission either', () => {
    for (const args of [
      ['check', 'memory.amp'],
      ['fmt', 'memory.amp'],
      ['explain', 'AMP301'],
      ['show', 'memory.amp', '--stage', 'kernel'],
    ])
      expect(strictly(args), args.join(' ')).toMatchObject({ code: 0, err: '' })
    expect(amp(folder, [...retrieving, '--out', 'x.npy']).code).toBe(0)
    expect(strictly(['retrieve', 'memory.amp', '--memory', 'xi=x.npy', '--cue', 'x=cue.csv', '--backend', 'reference'])).toMatchObject({
      code: 0,
      err: '',
    })
  })
})

describe('WebAssembly', () => {
  test('runs where no code may be made from text, with the bits of the kernel', () => {
    const there = strictly([...retrieving, '--json'])
    expect([there.code, codesOf(there)], there.err).toEqual([0, []])
    const [found, wanted] = [JSON.parse(there.out), JSON.parse(amp(folder, [...retrieving, '--json']).out)]
    expect([found.backend.name, wanted.backend.name]).toEqual(['wasm', 'kernel'])
    expect(found.cues).toEqual(wanted.cues)
    expect(codesOf(strictly([...sampling, '--workers', '2', '--out', 'wasm.json']))).toEqual([])
    amp(folder, [...sampling, '--out', 'kernel.json'])
    expect(JSON.parse(readFileSync(join(folder, 'wasm.json'), 'utf8')).backend.name).toBe('wasm')
    const drawsIn = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8')).draws
    expect(drawsIn('wasm.json')).toEqual(drawsIn('kernel.json'))
  })
})

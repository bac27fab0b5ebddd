import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { amp, folderWith } from './amp.ts'

/** An experiment about the minimum of (x - 1)^2, which is at 1. */
const well = (bound: string): string => `export default {
  title: 'A well', source: 'a schoolbook', seconds: 1, seed: 3,
  claims: {
    place: { what: 'where the minimum is', source: 1, where: 'page 1', unit: 'm', bound: ${bound} },
    noise: { what: 'mean of noise', source: 0, where: 'page 2', bound: { standardErrors: 6 } },
    depth: { what: 'energy there', where: 'page 1', bound: { most: 1e-12 } },
  },
  async run(lab) {
    const model = await lab.load('well.amp')
    const [found] = await lab.retrieve(model, { cue: { x: 5 } })
    const random = lab.random('noise')
    const draws = Array.from({ length: 100 }, () => random.normal())
    const value = draws.reduce((a, b) => a + b) / 100
    return {
      measured: { place: found.states.x.data[0], noise: { value, error: 0.1 }, depth: lab.quick ? undefined : found.energy },
      figure: { title: 'Descent', panels: [{ title: 'energy', x: { label: 'step' }, y: { label: 'energy' },
        series: [{ name: 'E', marks: 'line', points: found.trace.map((y, x) => ({ x, y })) }] }] },
    }
  },
}
`
const model = 'state x\nenergy (x - 1)^2\n'
const right = folderWith({ 'well.amp': model, 'well.mjs': well('{ least: 0.999, most: 1.001 }'), 'wrong.mjs': well('{ most: 0.5 }') })
const flipped = folderWith({ 'well.amp': model.replace('x - 1', 'x + 1'), 'well.mjs': well('{ least: 0.999, most: 1.001 }') })

const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))

test('prints source, bound and what was found', () => {
  const ran = amp(right, ['reproduce', './well.mjs'])
  expect(ran.err).toBe('')
  expect(ran.code).toBe(0)
  expect(lines(ran.out).slice(0, 5)).toEqual([
    './well.mjs: A well',
    'a schoolbook; seed 3',
    '',
    'claim | source | bound | here | verdict',
    'where the minimum is, m | 1 | 0.999 to 1.001 | 1 | holds',
  ])
  expect(ran.out).toContain('3 of 3 claims hold.')
})

test('a miss is exit code 2, and so is a model that says something else', () => {
  const missed = amp(right, ['reproduce', './wrong.mjs'])
  expect(missed.code).toBe(2)
  expect(lines(missed.out)).toContain('where the minimum is, m | 1 | <= 0.5 | 1 | misses')
  expect(missed.out).toContain('2 of 3 claims hold.')
  const other = amp(flipped, ['reproduce', './well.mjs'])
  expect(other.code).toBe(2)
  expect(lines(other.out)).toContain('where the minimum is, m | 1 | 0.999 to 1.001 | -1 | misses')
})

test('several systems are summed up in a last line', () => {
  const ran = amp(right, ['reproduce', './well.mjs', './wrong.mjs'])
  expect(ran.code).toBe(2)
  expect(ran.out.trimEnd().split('\n').at(-1)).toBe('2 systems: 5 of 6 claims hold. There are misses in ./wrong.mjs.')
})

test('the same seed gives the same numbers, another others; a quick run leaves claims out', () => {
  const run = (...more: readonly string[]) => JSON.parse(amp(right, ['reproduce', './well.mjs', '--json', ...more]).out)
  const [own] = run()
  expect(run()).toEqual([own])
  expect(run('--seed', '3')).toEqual([own])
  const [other] = run('--seed', '4', '--quick')
  expect(other.claims[1].here).not.toBe(own.claims[1].here)
  expect(other).toMatchObject({ seed: 4, quick: true })
  expect(other.claims[2]).toMatchObject({ claim: 'depth', here: null, verdict: 'left out' })
  expect(amp(right, ['reproduce', './well.mjs', '--quick']).out).toContain('2 of 2 claims hold. 1 more left out')
})

test('writes the report, the figure and its points', () => {
  const out = join(right, 'new', 'folder')
  const ran = amp(right, ['reproduce', './well.mjs', '--out', out])
  expect(ran.code).toBe(0)
  const report = JSON.parse(readFileSync(join(out, 'well.json'), 'utf8'))
  const points = report.figure.panels[0].series[0].points
  expect(readFileSync(join(out, 'well.csv'), 'utf8').trim().split('\n')).toHaveLength(points.length + 1)
  expect(readFileSync(join(out, 'well.svg'), 'utf8')).toMatch(/^<svg xmlns[\s\S]*Descent[\s\S]*<\/svg>\n$/)
  expect(amp(right, ['reproduce', './well.mjs', '--out', join(right, 'well.amp')]).err).toContain('error[AMP702]')
  expect(existsSync(join(right, 'well.json'))).toBe(false)
})

test('lists the systems that come with it', () => {
  const ran = amp(right, ['reproduce'])
  expect(ran.code).toBe(0)
  expect(lines(ran.out)[0]).toBe('system | what it is | claims | time')
  expect(ran.out).toContain('kernel_density')
  const [first] = JSON.parse(amp(right, ['reproduce', '--json']).out)
  expect(Object.values(first.claims)[0]).toMatchObject({ what: expect.any(String), where: expect.any(String) })
})

test('what was learned is written as it is read again, here and by --param', () => {
  const learns = `export default { title: 'A mean', source: 'none', seconds: 1, seed: 1,
    claims: { mean: { what: 'mean', where: 'here', bound: { least: 1.999, most: 2.001 } }, read: { what: 'read', where: 'here', bound: { least: 7, most: 7 } } },
    async run(lab) {
      const { params } = await lab.learn(await lab.load('mean.amp'), { observed: { x: [1, 2, 3] } }, { optimiser: 'quasi-newton' })
      return { measured: { mean: params.m.data[1], read: lab.params('other.json').m[0] }, learned: params }
    },
  }`
  const text = 'state x\nparam m[i] from normal(0, 1)\naxis i = 2\nenergy (x - m[i = 2])^2 + m[i = 1]^2\n'
  const folder = folderWith({ 'mean.amp': text, 'learns.mjs': learns, 'other.json': '{"m": [7, 1]}' })
  expect(amp(folder, ['reproduce', './learns.mjs', '--out', 'made'])).toMatchObject({ code: 0, err: '' })
  const { m } = JSON.parse(readFileSync(join(folder, 'made/learns.params.json'), 'utf8'))
  expect(m[1]).toBeCloseTo(2, 5)
  expect(amp(folder, ['energy', 'mean.amp', '--param', 'made/learns.params.json', '--cue', 'x=3']).code).toBe(0)
  const broken = folderWith({ 'mean.amp': text, 'learns.mjs': learns, 'other.json': '[7' })
  expect(amp(broken, ['reproduce', './learns.mjs'])).toMatchObject({ code: 1, err: expect.stringContaining('AMP704') })
})

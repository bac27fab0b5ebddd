import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Copy, filesOfRecipe } from './copy.ts'

/** Random-walk Metropolis. */
const metropolis = `import { must } from '../../base/internal-error.ts'
import type { Block } from './block.ts'
import type { LogDensity } from '../density/density.ts'
import { type InitialOptions, initialPoint } from '../chains/initial.ts'

export function metropolisSampler(density: LogDensity, moves: readonly string[], initial: InitialOptions): Block {
  const [position, next, slope] = [0, 1, 2].map(() => new Float64Array(density.dimension)) as [Float64Array, Float64Array, Float64Array]
  const statistics = new Float64Array(2)
  let level = 0
  const look = (): void => {
    level = density.evaluate(position, slope)
  }
  return {
    moves,
    position,
    columns: ['lp__', 'accept_stat__'],
    statistics,
    begin(_warmup, stream) {
      const found = initialPoint(density, stream, initial)
      if (found.kind === 'failed') return found
      position.set(found.q)
      look()
      return undefined
    },
    step(_warming, stream) {
      for (let i = 0; i < next.length; i += 1) next[i] = (position[i] as number) + 2 * stream.normal()
      const there = density.evaluate(next, slope)
      const isTaken = stream.uniform() < Math.exp(there - level)
      if (isTaken) {
        position.set(next)
        level = there
      }
      statistics[0] = level
      statistics[1] = isTaken ? 1 : 0
      return undefined
    },
    state: () => ({ position: [...position] }),
    resume(saved) {
      position.set(must(saved.position, 'position'))
      look()
    },
    tuning: () => ({}),
    refresh: look,
    logDensity: () => level,
  }
}
`

const file = 'src/inference/samplers/metropolis.ts'
const word = [
  'src/middle/option-rows/sample.ts',
  "      langevin: 'short",
  "      metropolis: 'random steps of continuous states, taken or refused',\n",
] as const
const rows = [
  [
    'src/run/samplers.ts',
    '  langevin: {\n',
    "  metropolis: {\n    moves: 'continuous',\n    make: ({ moves, density, initial }) => metropolisSampler(density, moves, initial),\n  },\n",
  ],
  [
    'src/run/samplers.ts',
    "import type { Block } from '../inference/samplers/block.ts'",
    "import { metropolisSampler } from '../inference/samplers/metropolis.ts'\n",
  ],
] as const

/** z = 2 with probability 0.7; x given z normal around 0 and 3. */
const mixture = 'axis k = 2\ndata p[k]\ndata m[k]\nstate z : k ~ categorical(p)\nstate x ~ normal(m[z], 1)\n'

const script = `
  import { load } from './src/api/load.ts'
  import { sample } from './src/api/sample.ts'
  import { givenOf } from './src/run/inputs.ts'
  const { value: model } = load({ name: 'm.amp', text: ${JSON.stringify(mixture)} })
  const given = givenOf({ data: { p: [0.3, 0.7], m: [0, 3] } }).value
  const draw = async (more) => (await sample(model, given, { seed: 8, sampler: 'metropolis', warmup: 500, draws: 5000, ...more })).value
  const both = await draw({ keep: ['z'] })
  const alone = await draw({})
  const first = await draw({ draws: 2000 })
  const resumed = await draw({ resume: first.chains })
  const discrete = await sample(load({ name: 'm.amp', text: 'state s : spin\\nenergy s / 3' }).value, givenOf({}).value, { sampler: 'metropolis', keep: ['s'] })
  const told = ({ sampler, summary }) => ({ sampler, summary: Object.fromEntries(summary.map((r) => [r.name, [r.mean, r.mcse_mean]])) })
  console.log(JSON.stringify({
    both: told(both),
    alone: told(alone),
    same: alone.draws.chains.every((c, i) => c.values.every((v, k) => Object.is(v, resumed.draws.chains[i].values[k]))),
    refused: discrete.diagnostics.map((d) => [d.code, d.hint]),
  }))`

/** The rooms in which something may be said about samplers. */
const rooms = ['src/middle', 'src/inference', 'src/run']

describe('a sampler that the recipe adds to a copy of the sources', () => {
  let copy: Copy
  let lacking: readonly string[]
  let left: readonly string[]
  beforeAll(() => {
    copy = new Copy()
    copy.write(file, metropolis)
    copy.insertBefore(...word)
    lacking = copy.typeErrors(rooms)
    for (const [name, anchor, text] of rows) copy.insertBefore(name, anchor, text)
    left = copy.typeErrors(rooms, [file, word[0], ...rows.map(([name]) => name)])
  })
  afterAll(() => copy.remove())

  it('is added by the files that the recipe lists', () => {
    const edited = ['src/inference/samplers/NAME.ts', word[0], ...rows.map(([name]) => name)]
    expect([...new Set(edited)].sort()).toEqual(filesOfRecipe('A sampler'))
  })

  it('does not compile without its row, and nothing else is lacking', () => {
    expect([...new Set(lacking.map((line) => line.split('(')[0]))]).toEqual(['src/run/samplers.ts'])
  })

  it('compiles with it', () => {
    expect(left).toEqual([])
  })

  it('draws alone and within Gibbs sweeps, goes on bit for bit, and is refused where it moves nothing', () => {
    const { both, alone, same, refused } = JSON.parse(copy.run(script))
    expect([both.sampler, alone.sampler]).toEqual(['metropolis within gibbs', 'metropolis'])
    // E z = 1.7, E x = 2.1; five standard errors are exceeded by chance once in 1.7 million.
    for (const { summary } of [both, alone]) {
      expect(Math.abs(summary.x[0] - 2.1)).toBeLessThan(5 * summary.x[1])
      expect(Math.abs(summary.z[0] - 1.7)).toBeLessThan(5 * summary.z[1])
    }
    expect(same).toBe(true)
    expect(refused).toEqual([['AMP711', 'Use --sampler gibbs.']])
  })

  it('is a word of the command line', () => {
    copy.write('m.amp', 'state x ~ normal(1, 1)\nenergy x^2\n')
    const few = ['--chains', '1', '--draws', '3000', '--workers', '1', '--quiet', '--seed', '2']
    expect(copy.amp(['sample', 'm.amp', '--sampler', 'metropolis', ...few])).toContain('3000 draws from 1 chain by metropolis on kernel.')
    expect(copy.amp(['sample', '--help'])).toContain('"metropolis"')
  })
})

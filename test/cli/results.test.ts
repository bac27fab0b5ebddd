import { describe, expect, it } from 'vitest'
import { amp, folderWith } from './amp.ts'

/** The cells of a printed table, a row by its first cell. */
const rowsOf = (text: string) =>
  new Map(
    (text.split('\n\n')[0] ?? '').split('\n').map((line) => {
      const [name = '', ...cells] = line.trim().split(/ {2,}/)
      return [name, cells] as const
    }),
  )

describe('what amp retrieve prints of a memory of spins', () => {
  const model = 'memory xi[icon, pixel] : spin\nstate s[pixel] : spin\nenergy -sum[icon](sum[pixel](xi * s)^2)\n'
  const rows = [[1, 1, 1, 1, -1, -1, -1, -1], [1, -1, 1, -1, 1, -1, 1, -1]] // biome-ignore format: a table
  const cues = [[1, -1, 1, -1, 1, -1, 1, 1], [1, 1, 1, -1, -1, -1, -1, -1], [-1, 1, -1, 1, -1, 1, -1, 1]] // biome-ignore format: a table

  it('is the stored row that each cue came nearest to, by name, with its overlap', () => {
    const folder = folderWith({
      'm.amp': model,
      'xi.json': JSON.stringify({ xi: rows, icon: ['bar', 'comb'] }),
      's.json': JSON.stringify({ s: cues }),
    })
    const { out } = amp(folder, ['retrieve', 'm.amp', '--memory', 'xi.json', '--cue', 's.json'])
    expect(out.split('\n')[0]).toMatch(/energy {2}nearest xi$/)
    const last = [1, 2, 3].map((cue) => rowsOf(out).get(String(cue))?.at(-1))
    // The mirror image of the second row is as deep, and orthogonal to the first: its best overlap is 0.
    expect(last).toEqual(['comb (1.00)', 'bar (1.00)', 'bar (0.00)'])
  })

  it('has bits count as spins, and says nothing where the attention says it, or where rows do not come first', () => {
    const bits = rows.map((row) => row.map((v) => (v + 1) / 2))
    const nearestIn = (text: string, values: readonly (readonly number[])[], cue: readonly number[]) => {
      const folder = folderWith({ 'm.amp': text, 'xi.json': JSON.stringify(values), 'x.json': JSON.stringify(cue) })
      const { out } = amp(folder, ['retrieve', 'm.amp', '--memory', 'xi=xi.json', '--cue', 'x=x.json'])
      return [out.split('\n')[0]?.includes('nearest'), rowsOf(out).get('1')?.at(-1)]
    }
    const ofBits = 'memory xi[icon, pixel] : bit\nstate x[pixel] : bit\nenergy -sum[icon](sum[pixel](xi * x))\n'
    // At rest with all pixels on that are on in any row: six of eight are as in either row, so (6 - 2) / 8.
    expect(nearestIn(ofBits, bits, [0, 0, 0, 0, 0, 0, 0, 0])).toEqual([true, '1 (0.50)'])
    const density = 'memory xi[icon, pixel]\nstate which : icon\nstate x[pixel] ~ normal(xi[which], 0.5)\n'
    expect(nearestIn(density, rows, rows[0] as number[])).toEqual([false, '1 (1.000)'])
    const turned = 'memory xi[hidden, icon]\nstate x[hidden]\nenergy sum[hidden](x^2) - sum[hidden, icon](xi * x)\n'
    expect(nearestIn(turned, rows, [0, 0])[0]).toBe(false)
  })

  it('goes by the angle, whatever the types: a unit vector is near a row of any length', () => {
    const folder = folderWith({
      'm.amp':
        'memory xi[icon, pixel]\nstate x[pixel] : unit[pixel]\nenergy -logsumexp[icon](20 * sum[pixel](normalize[pixel](xi) * x)) / 20\n',
      'xi.json': '[[2, 0], [0, 0.5]]',
      'x.json': '[[0.6, 0.8], [0.8, 0.6]]',
    })
    const { out } = amp(folder, ['retrieve', 'm.amp', '--memory', 'xi=xi.json', '--cue', 'x=x.json'])
    expect([1, 2].map((cue) => rowsOf(out).get(String(cue))?.at(-1))).toEqual(['2 (1.00)', '1 (1.00)'])
  })
})

describe('what amp sample prints', () => {
  const model = 'data mu[k]\nstate which : k\nstate x[i] ~ normal(mu[which], 1)\n'
  const run = (...args: readonly string[]) => {
    const files = { 'm.amp': model, 'd.json': '{"mu": [0, 9], "k": ["low", "high"]}', 'x.json': '{"x": [9.1, null, 8.7]}' }
    return amp(folderWith(files), [
      'sample',
      'm.amp',
      '--data',
      'd.json',
      '--draws',
      '100',
      '--warmup',
      '100',
      '--sampler',
      'auto',
      ...args,
    ])
  }

  it('leaves what is observed out of the table, and says so', () => {
    const { out } = run('--observed', 'x.json')
    expect([...rowsOf(out).keys()].slice(1, 3)).toEqual(['x[2]', 'which'])
    expect(out).toContain('... and 2 of x that are observed (--out has their values)')
    expect(out).toContain('Posterior of which: high (1.000)\n')
    const { summary } = JSON.parse(run('--observed', 'x.json', '--json').out)
    expect(summary.map((r: { name: string }) => r.name)).toEqual(['x[2]', 'which'])
  })

  it('has no moments of an element of an axis, but how probable each is, by draws where it was not summed out', () => {
    const files = {
      'm.amp': 'axis k = 3\ndata p[k] : simplex[k]\nstate z[i] : k ~ categorical(p)\naxis i = 2\n',
      'd.json': '{"p": [0, 0.75, 0.25]}',
    }
    const { out } = amp(folderWith(files), ['sample', 'm.amp', '--data', 'd.json', '--draws', '400'])
    expect(rowsOf(out).get('z[1]')?.slice(0, 6)).toEqual(['-', '-', '-', '-', '-', '-'])
    for (const name of ['z\\[1\\]', 'z\\[2\\]']) {
      const [, two, three] = out.match(new RegExp(`Posterior of ${name}: 2 \\(([\\d.]+)\\), 3 \\(([\\d.]+)\\)\n`)) ?? []
      // 1600 independent draws: six standard errors.
      expect(Math.abs(Number(two) - 0.75)).toBeLessThan(6 * Math.sqrt((0.75 * 0.25) / 1600))
      expect(Number(two) + Number(three)).toBeCloseTo(1, 2)
    }
  })
})

describe('one table for data and observations', () => {
  const files = {
    'm.amp':
      'data group_of[row] : group\ndata y[row]\nstate a[group] ~ normal(0, 1)\nstate x[row] ~ normal(0, 1)\ny ~ normal(a[group_of] + x, 1)\n',
    't.csv': 'y,x,group_of\n1.5,,u\n2.5,0.3,v\n0.1,,u\n',
  }
  const short = ['--draws', '50', '--warmup', '50', '--json']

  it('may be given to both options, and each takes what is its own', () => {
    const folder = folderWith(files)
    const both = amp(folder, ['sample', 'm.amp', '--data', 't.csv', '--observed', 't.csv', ...short])
    expect(both.err).not.toContain('AMP')
    const { summary } = JSON.parse(both.out) as { summary: { name: string; mean: number; sd: number }[] }
    const [of, free] = ['x[2]', 'x[1]'].map((name) => summary.find((row) => row.name === name))
    // What is observed has no row.
    expect(of).toBeUndefined()
    expect(free?.sd).toBeGreaterThan(0.1)
  })

  it('given to one alone says to give it to the other, too', () => {
    const { code, err } = amp(folderWith(files), ['sample', 'm.amp', '--data', 't.csv', ...short])
    expect(code).toBe(1)
    expect(err).toContain('hint: Give t.csv to --cue (where it starts) or --observed (what is known of it), too')
  })
})

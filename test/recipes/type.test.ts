import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Copy, filesOfRecipe } from './copy.ts'

/** A step of the recipe: in this file, in front of what stands there once, this text. */
type Step = readonly [file: string, before: string, text: string]

const kinds = 'src/middle/kinds.ts'
const transforms = 'src/compile/supports/index.ts'
const projections = 'src/compile/retrieval/coordinates.ts'
const forms = 'src/compile/conditionals/forms.ts'
const values = 'src/verify/generators/values.ts'
const free = 'src/verify/laws/duality.ts'
const members: Step = [
  'src/middle/model.ts',
  "  | { readonly kind: 'positive' }\n",
  "  | { readonly kind: 'negative' }\n  | { readonly kind: 'half' }\n",
]

/** Numbers below 0, which move smoothly, and the numbers 0.5 and 1.5, between which states jump. */
const files: Readonly<Record<string, string>> = {
  'src/middle/kinds/negative.ts': `import type { KindRule } from './rule.ts'

export const negative: KindRule<'negative'> = {
  written: { axes: 0, type: () => ({ kind: 'negative' }) },
  allows: (v) => v < 0,
  words: () => 'a number below 0',
  range: { low: -Infinity, high: 0, zero: false },
  bounds: () => ({ lower: -Infinity, upper: 0 }),
  isCompact: () => false,
  discrete: false,
  neutral: () => -1,
}
`,
  'src/middle/kinds/half.ts': `import type { KindRule } from './rule.ts'

export const half: KindRule<'half'> = {
  written: { axes: 0, type: () => ({ kind: 'half' }) },
  allows: (v) => v === 0.5 || v === 1.5,
  words: () => '0.5 or 1.5',
  range: { low: 0.5, high: 1.5, zero: false },
  isCompact: () => true,
  discrete: true,
  levels: () => ({ kind: 'values', values: [0.5, 1.5] }),
  neutral: (_, { stream }) => (stream.uniform() < 0.5 ? 0.5 : 1.5),
}
`,
}

const steps: readonly Step[] = [
  [kinds, 'import { nonnegative }', "import { half } from './kinds/half.ts'\nimport { negative } from './kinds/negative.ts'\n"],
  [kinds, '  positive,\n', '  negative,\n  half,\n'],
  [
    'src/compile/supports/interval.ts',
    '/** Zero itself has no coordinate',
    `export const negative: Transform<'negative'> = {
  ...elementwise,
  source: 'minus the exponential',
  forward: (m, _type, y) => ({ value: m.neg(m.exp(y)), logJacobian: y }),
  inverse: (m, _type, x) => m.log(m.neg(x)),
}

`,
  ],
  [transforms, 'import { cholesky, correlation, covariance }', "import { negative } from './interval.ts'\n"],
  [transforms, '  positive,\n', '  negative,\n  half: discrete,\n'],
  [projections, '  positive: undefined,\n', '  negative: undefined,\n  half: undefined,\n'],
  [forms, "  positive: () => 'half',\n", "  negative: () => 'segment',\n  half: () => undefined,\n"],
  [values, '  positive: each(positive),\n', '  negative: each((r) => -positive(r)),\n  half: each((r) => (r > 0 ? 1.5 : 0.5)),\n'],
  [free, '  positive: always,\n', '  negative: always,\n  half: always,\n'],
]

/** The rooms in which something may be said about kinds. */
const rooms = ['src/dsl', 'src/middle', 'src/bind', 'src/compile', 'src/memory', 'src/inference', 'src/run', 'src/verify', 'src/api']

/** The tables over kinds: each is exhaustive, and the one place of an interpretation. */
const tables = [kinds, transforms, projections, forms, values, free]

/** What becomes of models with the types: codes of what is wrong, ends of retrievals, means of draws. */
const script = `
  import { load } from './src/api/load.ts'
  import { retrieve } from './src/api/retrieve.ts'
  import { sample } from './src/api/sample.ts'
  import { givenOf } from './src/run/inputs.ts'
  const told = ({ diagnostics }) => diagnostics.map((d) => [d.code, d.expected ?? d.hint ?? ''])
  const open = (text) => load({ name: 'm.amp', text }).value
  const given = (inputs) => givenOf(inputs).value
  const smooth = open('state x : negative\\nenergy -3 * x')
  const well = open('state x : negative\\nenergy (x + 2)^2')
  const site = open('data h\\nstate s : half\\nenergy h * s')
  const options = { seed: 5, chains: 2, warmup: 300, draws: 2000 }
  const drawn = async (model, inputs, more) => {
    const { value, diagnostics } = await sample(model, given(inputs), { ...options, ...more })
    return value === undefined ? told({ diagnostics }) : value.summary[0]
  }
  const ended = async (model, inputs, more) => {
    const { value, diagnostics } = await retrieve(model, given(inputs), { seed: 5, ...more })
    return value === undefined ? told({ diagnostics }) : value.retrievals[0]
  }
  console.log(JSON.stringify({
    typo: told(load({ name: 'm.amp', text: 'state x : negativ\\nenergy x^2' })),
    negative: told(load({ name: 'm.amp', text: 'param x : negative = 3\\nstate y ~ normal(x, 1)' })),
    half: told(load({ name: 'm.amp', text: 'param x : half = 1\\nstate y ~ normal(x, 1)' })),
    data: told(await retrieve(open('data y : negative\\nstate x ~ normal(y, 1)'), given({ data: { y: 2 } }), {})),
    smooth: await drawn(smooth, {}),
    well: await ended(well, {}),
    site: await ended(site, { data: { h: 2 } }),
    sampled: await drawn(site, { data: { h: 2 } }),
  }))`

describe('types that the recipe adds to a copy of the sources', () => {
  let copy: Copy
  let lacking: readonly string[]
  let left: readonly string[]
  beforeAll(() => {
    copy = new Copy()
    copy.insertBefore(...members)
    lacking = copy.typeErrors(rooms)
    for (const [file, text] of Object.entries(files)) copy.write(file, text)
    for (const step of steps) copy.insertBefore(...step)
    left = copy.typeErrors(rooms, [...tables, ...Object.keys(files), ...steps.map(([file]) => file)])
  })
  afterAll(() => copy.remove())

  it('lack a row in each table over kinds, and nothing else', () => {
    expect([...new Set(lacking.map((line) => line.split('(')[0]))].sort()).toEqual([...tables].sort())
  })

  it('compile with the rows', () => {
    expect(left).toEqual([])
  })

  it('are added by the files that the recipe lists', () => {
    const edited = [members[0], ...Object.keys(files).map(() => 'src/middle/kinds/NAME.ts'), ...steps.map(([file]) => file)]
    expect([...new Set(edited)].sort()).toEqual(filesOfRecipe('A type'))
  })

  it('are declared, checked, retrieved and sampled', () => {
    const { typo, negative, half, data, smooth, well, site, sampled } = JSON.parse(copy.run(script))
    expect(typo).toEqual([['AMP204', "did you mean 'negative'?"]])
    expect(negative).toEqual([['AMP410', 'a number below 0']])
    expect(half).toEqual([['AMP410', '0.5 or 1.5']])
    expect(data).toEqual([['AMP505', 'a number below 0']])
    // -x is exponential with rate 3. Five standard errors: a false alarm in 2 million.
    expect(Math.abs(smooth.mean + 1 / 3)).toBeLessThan(5 * smooth.mcse_mean)
    expect(well.states.x.data[0]).toBeCloseTo(-2, 6)
    // exp(-h s) at h = 2: the odds of 0.5 are exp(2).
    const p = 1 / (1 + Math.exp(2))
    expect(site.likeliest.s.data[0]).toBe(0.5)
    expect(site.responsibilities.end.s.data[1]).toBeCloseTo(p, 12)
    expect(Math.abs(sampled.mean - (0.5 + p))).toBeLessThan(5 * sampled.mcse_mean)
  })
})

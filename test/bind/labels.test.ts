import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { bind } from '../../src/bind/bind.ts'
import type { GivenByRole } from '../../src/bind/bound.ts'
import { byName, numbering, sortedNames } from '../../src/bind/names.ts'
import { readCsvColumns } from '../../src/cli/files/csv.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

function energyOf(text: string) {
  return must(load({ name: 'm.amp', text }).value?.energy, 'a model that reads')
}

function boundBy(text: string, inputs: Inputs) {
  return bind(energyOf(text), must(givenOf(inputs).value, 'inputs'))
}

const codes = (result: { readonly diagnostics: readonly { readonly code: string }[] }): readonly string[] =>
  result.diagnostics.map((d) => d.code)

describe('names', () => {
  it('are sorted by letters, and numbers in them by size', () => {
    expect(sortedNames(['b', 'a10', '', 'B1', 'a2', 'b', 'a'])).toEqual(['a', 'a2', 'a10', 'b', 'B1'])
    expect(sortedNames(['10', '9', '-1', '2.5'])).toEqual(['-1', '2.5', '9', '10'])
  })

  it('have one order whatever order they come in', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'B', 'b', '1', '0', '2', '-', 'é', ' '), maxLength: 4 }), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(texts, fc.integer(), (all, seed) => {
        const shuffled = shuffle(all, seed)
        expect(sortedNames(shuffled)).toEqual(sortedNames(all))
        for (const [a, b] of all.flatMap((x) => all.map((y) => [x, y] as const))) {
          expect(Math.sign(byName(a, b)) + Math.sign(byName(b, a))).toBe(0)
          if (a !== b) expect(byName(a, b)).not.toBe(0)
        }
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('are found as they are, and numbers however they are written', () => {
    const place = numbering(['a', '02139', '3'])
    expect(['a', '2139', '02139', '3.0', 'A'].map(place)).toEqual([1, 2, 2, 3, undefined])
    expect(numbering(['03', '3'])('3.0')).toBeUndefined()
  })
})

function shuffle<T>(all: readonly T[], seed: number): readonly T[] {
  let state = (seed >>> 0) + 1
  const next = (): number => {
    state = (state * 1664525 + 1013904223) >>> 0
    return state
  }
  return all
    .map((item) => ({ item, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

const anywhere = `
data y[row]
data g[row] : group
data h[row] : rival
data s[row] : site
data x[group]
data w[site]
axis group
axis rival = size(group)
axis site
state beta[group]
state a[site]
energy sum[row]((y - beta[g] * x[g] - 2 * where(h == "b", 1, 0) - a[s] * w[s] - where(index(group) == "a10", 3, 0)[g])^2)
energy beta[group = "a2"] + 10 * beta["c"]`

const names = ['a2', 'a10', 'b', 'c', 'B1']
const ids = [3, 7, 1001, 12]

interface Data {
  readonly rows: readonly { readonly y: number; readonly g: number; readonly h: number; readonly s: number }[]
  readonly x: readonly number[]
  readonly w: readonly number[]
  readonly beta: readonly number[]
  readonly a: readonly number[]
}

/** E by hand, of the data as they are. */
function byHand({ rows, x, w, beta, a }: Data): number {
  const at = (list: readonly number[], i: number): number => list[i] as number
  const squares = rows.map(({ y, g, h, s }) => {
    const mean = at(beta, g) * at(x, g) + (names[h] === 'b' ? 2 : 0) + at(a, s) * at(w, s) + (names[g] === 'a10' ? 3 : 0)
    return (y - mean) ** 2
  })
  return squares.reduce((sum, v) => sum + v, 0) + at(beta, names.indexOf('a2')) + 10 * at(beta, names.indexOf('c'))
}

/** The same data as three tables, their rows, columns and themselves in an order of the seed. */
function tables({ rows, x, w }: Data, seed: number): GivenByRole {
  const table = (file: string, columns: Readonly<Record<string, readonly (string | number)[]>>, more: number) => {
    const order = shuffle(Object.keys(columns), seed + more)
    const length = must(columns[order[0] as string], file).length
    const lines = shuffle(
      Array.from({ length }, (_, i) => order.map((c) => columns[c]?.[i]).join(',')),
      seed + 2 * more,
    )
    return must(readCsvColumns([order.join(','), ...lines, ''].join('\n'), file).value, file)
  }
  const files = [
    table(
      'rows.csv',
      {
        y: rows.map((r) => r.y),
        g: rows.map((r) => names[r.g] ?? ''),
        h: rows.map((r) => names[r.h] ?? ''),
        s: rows.map((r) => ids[r.s] ?? 0),
      },
      1,
    ),
    table('groups.csv', { group: names, x }, 2),
    table('sites.csv', { site: ids, w }, 3),
  ]
  return { fixed: shuffle(files, seed).flat(), observed: [], cues: [], labels: [{ axis: 'site', from: '--labels site' }] }
}

describe('the order of rows, columns and files', () => {
  const energy = energyOf(anywhere)
  const number = fc.integer({ min: -5, max: 5 })
  const list = (length: number) => fc.array(number, { minLength: length, maxLength: length })
  const index = (length: number) => fc.integer({ min: 0, max: length - 1 })
  const data: fc.Arbitrary<Data> = fc.record({
    rows: fc.array(fc.record({ y: number, g: index(5), h: index(5), s: index(4) }), { minLength: 1, maxLength: 8 }),
    x: list(5),
    w: list(4),
    beta: list(5),
    a: list(4),
  })

  it('changes no energy: states go by the names of their elements', () => {
    fc.assert(
      fc.property(data, fc.integer({ min: 0, max: 1e6 }), (example, seed) => {
        const { value, diagnostics } = bind(energy, tables(example, seed))
        expect(codes({ diagnostics }).filter((code) => code !== 'AMP522')).toEqual([])
        const { labels, sizes, values } = must(value, 'bound')
        const byLabel = (axis: string, of: readonly (string | number)[], list: readonly number[]): Float64Array =>
          Float64Array.from(must(labels[axis], axis), (label) => list[of.map(String).indexOf(label)] as number)
        const states = { beta: byLabel('group', names, example.beta), a: byLabel('site', ids, example.a) }
        const outputs = evaluate(energy.graph, sizes, { ...values, ...states })
        const total = energy.terms.reduce((sum, t) => sum + (outputs[`term:${t.name}`]?.[0] as number), 0)
        expect(total).toBeCloseTo(byHand(example), 9)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('moves rows that are numbered, and matrices along either axis', () => {
    const text = 'data y[i]\ndata m[i, j]\nstate b ~ normal(0, 1)\nenergy b * (sum[i](y) + sum[i, j](m))'
    const numbered = (order: readonly number[]) => ({
      fixed: must(readCsvColumns(`i,y\n${order.map((i) => `${i},${i * 10}`).join('\n')}\n`, 'd.csv').value, 'table'),
      observed: [],
      cues: [],
    })
    const y = 'data y[i]\nstate b ~ normal(0, 1)\nenergy b * sum[i](y)'
    expect([...(bind(energyOf(y), numbered([3, 1, 2])).value?.values.y ?? [])]).toEqual([10, 20, 30])
    expect(codes(bind(energyOf(y), numbered([3, 1, 2])))).toEqual([])
    expect(codes(bind(energyOf(y), numbered([30, 10, 20])))).toEqual(['AMP709'])
    const json = (name: string, value: unknown) => ({
      name,
      from: name,
      bundle: 'd.json',
      value: must(givenOf({ data: { [name]: value as never } }).value?.fixed[0]?.value, name),
    })
    const order = { axis: 'j', names: ['p', 'q', 'r'], from: '--labels' }
    const given = {
      fixed: [
        json('i', ['s', 't']),
        json('j', ['r', 'p', 'q']),
        json('y', [1, 2]),
        json('m', [
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ],
      observed: [],
      cues: [],
    }
    expect([...(bind(energyOf(text), { ...given, labels: [order] }).value?.values.m ?? [])]).toEqual([2, 3, 1, 5, 6, 4])
  })
})

describe('what is observed and where states start', () => {
  it('is put in the order of the elements, too', () => {
    const text = 'data x[site]\nstate z[site] ~ normal(x, 1)\nstate w[site] ~ normal(z, 1)'
    const table = (file: string, csv: string) => must(readCsvColumns(csv, file).value, file)
    const { value, diagnostics } = bind(energyOf(text), {
      fixed: table('x.csv', 'site,x\nb,1\na,2\nc,3\n'),
      observed: table('z.csv', 'z,site\n30,c\n,b\n20,a\n'),
      cues: table('w.csv', 'site,w\na,200\nc,300\nb,100\n'),
    })
    expect(codes({ diagnostics })).toEqual([])
    expect(value?.labels.site).toEqual(['b', 'a', 'c'])
    expect([...(value?.values.x ?? [])]).toEqual([1, 2, 3])
    expect([...(value?.observed.z?.data ?? [])]).toEqual([Number.NaN, 20, 30])
    expect([...(value?.cues.w?.data ?? [])]).toEqual([100, 200, 300])
  })

  it('is found on its own line of the file', () => {
    const text = 'data x[site] : positive\nstate z ~ normal(0, 1)\nenergy z * sum[site](x)'
    const fixed = [
      ...must(readCsvColumns('site\na\nb\nc\n', 'order.csv').value, 'order'),
      ...must(readCsvColumns('site,x\nc,-3\na,1\nb,2\n', 'x.csv').value, 'x'),
    ]
    const [wrong] = bind(energyOf(text), { fixed, observed: [], cues: [] }).diagnostics
    expect(wrong).toMatchObject({ code: 'AMP505', place: 'x.csv, column "x", line 2' })
  })
})

const likert = 'data r[row] : level\naxis cut = 2\nstate c[cut] : ordered[cut] ~ normal(0, 3)\nr ~ ordered_logistic(0, c)'
const levels = `axis level\n${likert}`
const plain = 'data r[row] : level\nstate mu[level] ~ normal(0, 1)\nenergy sum[row](mu[r])'

describe('the order of labels', () => {
  const r = ['low', 'high', 'mid', 'low']
  const numbered = (result: ReturnType<typeof boundBy>): readonly number[] => [...(result.value?.values.r ?? [])]

  it('is that of their names, with a warning where it matters', () => {
    expect(boundBy(plain, { data: { r } }).value?.labels.level).toEqual(['high', 'low', 'mid'])
    expect(codes(boundBy(plain, { data: { r } }))).toEqual([])
    expect(codes(boundBy(levels, { data: { r } }))).toEqual(['AMP522'])
  })

  it.each([
    ['a list in the data', levels, { data: { r, level: ['low', 'mid', 'high'] } }],
    ['an option', levels, { data: { r }, labels: { level: ['low', 'mid', 'high'] } }],
    ['the model', `axis level = ("low", "mid", "high")\n${likert}`, { data: { r } }],
  ] as const)('is given by %s', (_, text, inputs) => {
    const result = boundBy(text, inputs)
    expect(codes(result)).toEqual([])
    expect(numbered(result)).toEqual([0, 2, 1, 0])
    expect(result.value?.labels.level).toEqual(['low', 'mid', 'high'])
  })

  it('is that of numbers where all are numbers, and then no question', () => {
    const result = boundBy(levels, { data: { r: ['10', '9', '-1', '10'] } })
    expect(codes(result)).toEqual([])
    expect(numbered(result)).toEqual([2, 1, 0, 2])
  })

  it.each([
    ['a number that picks', `${plain}\nenergy mu[level = 1]`],
    ['a number of an element', `${plain}\nenergy sum[level](index(level) * mu)`],
    ['a shift', `${plain}\nenergy sum[level](mu[level = level - 1])`],
    ['a cumulative sum', `${plain}\nenergy sum[level](cumsum[level](mu))`],
    ['a scan', `${plain}\nenergy sum[level](scan[level](first = 0, next = prev + mu))`],
    ['an ordered vector', 'data r[row] : level\nstate mu[level] : ordered[level] ~ normal(0, 1)\nenergy sum[row](mu[r])'],
    ['a default that is a number', `${plain}\nparam first : level = 1\nenergy mu[first]`],
    ['a let of it', `${plain}\nlet at = index(level)\nenergy sum[level](at * mu)`],
    ['a def of it', `${plain}\ndef f(x) = x * index(level)\nenergy sum[level](f(mu))`],
  ])('matters to %s', (_, text) => {
    const [warning] = boundBy(text, { data: { r } }).diagnostics
    expect(warning?.code).toBe('AMP522')
    expect(warning?.message).toContain('"high", "low", "mid"')
    expect(codes(boundBy(text, { data: { r }, labels: { level: ['low', 'mid', 'high'] } }))).toEqual([])
  })

  it('matters to values that are given by position, or elements by number', () => {
    const text = 'data r[row] : level\ndata q : level\ndata x[level]\nstate b ~ normal(0, 1)\nenergy b * sum[row](x[r]) + x[q]'
    expect(codes(boundBy(text, { data: { r, q: 'low', x: [1, 2, 3] } }))).toEqual(['AMP522'])
    const coded = 'data r[row] : level\ndata q : level\nstate mu[level] ~ normal(0, 1)\nenergy sum[row](mu[r]) + mu[q]'
    expect(codes(boundBy(coded, { data: { r, q: 2 } }))).toEqual(['AMP522'])
    expect(codes(boundBy(coded, { data: { r, q: 'low' } }))).toEqual([])
  })

  it('does not matter to labels that are named', () => {
    const text = `${plain}\nparam first : level = "low"\nenergy mu[first] + mu["mid"] + sum[level](where(index(level) == "high", mu, 0))`
    expect(codes(boundBy(text, { data: { r } }))).toEqual([])
  })
})

describe('labels', () => {
  it('that do not occur are reported with those that do', () => {
    const [unknown] = boundBy(`${plain}\nenergy mu["hihg"]`, { data: { r: ['low', 'high'] } }).diagnostics
    expect(unknown).toMatchObject({ code: 'AMP521', expected: '"high", "low"', hint: "did you mean 'high'?" })
    const [none] = boundBy(`${plain}\nenergy mu["high"]`, { data: { r: [1, 2] } }).diagnostics
    expect(none).toMatchObject({ code: 'AMP521', message: 'The elements of level have no labels, so none is called "high".' })
    const [data] = boundBy(plain, { data: { r: ['low', 'hihg'], level: ['low', 'high'] } }).diagnostics
    expect(data).toMatchObject({ code: 'AMP521', expected: '"low", "high"', hint: "did you mean 'high'?" })
  })

  it('of two lists must be the same', () => {
    const both = { data: { r: ['low'], level: ['low', 'high'] }, labels: { level: ['low', 'mid'] } }
    expect(codes(boundBy(plain, both))).toEqual(['AMP521'])
    expect(codes(boundBy(plain, { ...both, labels: { level: ['high', 'low'] } }))).toEqual([])
  })

  it('belong to all axes of the same elements', () => {
    const text = 'data a[row] : from\naxis to = size(from)\nstate m[from, to]\nenergy sum[row, to](m[a]) + m[from = "x", to = "y"]'
    const bound = boundBy(text, { data: { a: ['y', 'x', 'y'] } })
    expect(codes(bound)).toEqual([])
    expect(bound.value?.labels).toEqual({ from: ['x', 'y'], to: ['x', 'y'] })
    expect(bound.value?.sizes).toMatchObject({ from: 2, to: 2 })
  })

  it('are TRUE and FALSE where elements are wanted', () => {
    const bound = boundBy(`${plain}\nenergy mu["true"]`, { data: { r: [true, false, true] } })
    expect(codes(bound)).toEqual([])
    expect([...(bound.value?.values.r ?? [])]).toEqual([1, 0, 1])
  })

  it('nest like numbers, and may be missing in what is observed', () => {
    const text = 'data r[i, j] : level\nstate z[i] : level\nstate mu[level] ~ normal(0, 1)\nenergy sum[i, j](mu[r]) + sum[i](mu[z])'
    const bound = boundBy(text, {
      data: {
        r: [
          ['b', 'a'],
          ['c', 'b'],
        ],
      },
      observed: { z: ['c', null] },
    })
    expect(codes(bound)).toEqual([])
    expect([...(bound.value?.values.r ?? [])]).toEqual([1, 0, 2, 1])
    expect([...(bound.value?.observed.z?.data ?? [])]).toEqual([2, Number.NaN])
  })

  it('must be of an axis, once each', () => {
    for (const labels of [{ levl: ['low'] }, { level: ['low', 'low'] }, { level: ['low', ''] }]) {
      expect(codes(boundBy(plain, { data: { r: ['low'] }, labels }))).toEqual(['AMP524'])
    }
  })
})

describe('elements that never occur', () => {
  it('are reported where only the largest number says how many there are', () => {
    const [warning] = boundBy(plain, { data: { r: [3, 7, 7] } }).diagnostics
    expect(warning).toMatchObject({ code: 'AMP523', message: '2 of 7 elements of level occur in data.r.' })
    expect(warning?.hint).toContain('--labels level')
    expect(codes(boundBy(plain, { data: { r: [2, 1, 3] } }))).toEqual([])
    expect(codes(boundBy(`axis level = 7\n${plain}`, { data: { r: [3, 7, 7] } }))).toEqual([])
    const many = boundBy(plain, { data: { r: [90847, 2] } }).diagnostics[0]
    expect(many?.message).toBe('2 of 90,847 elements of level occur in data.r.')
  })

  it('count over all columns of an axis, in whatever order they come', () => {
    const text =
      'data a[row] : team\ndata b[row] : rival\naxis rival = size(team)\nstate s[team] ~ normal(0, 1)\nenergy sum[row](s[a] - s[team = b])'
    for (const data of [
      { a: [1, 2], b: [4, 3] },
      { b: [4, 3], a: [1, 2] },
    ]) {
      const bound = boundBy(text, { data })
      expect(codes(bound)).toEqual([])
      expect(bound.value?.sizes.team).toBe(4)
    }
  })

  it('are none where numbers are names', () => {
    const bound = boundBy(plain, { data: { r: [3, 7, 7] }, labels: { level: true } })
    expect(codes(bound)).toEqual([])
    expect(bound.value?.labels.level).toEqual(['3', '7'])
    expect([...(bound.value?.values.r ?? [])]).toEqual([0, 1, 1])
    const listed = boundBy(plain, { data: { r: [3, 7, 7] }, labels: { level: ['7', '3'] } })
    expect([...(listed.value?.values.r ?? [])]).toEqual([1, 0, 0])
  })
})

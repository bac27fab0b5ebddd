import type { Sizes } from '../../src/ir/graph.ts'
import { Draw, type Values } from './models.ts'

/** A model of discrete states whose elements meet in some of the ways that people write, with values for everything else. */
export interface ElementsModel {
  readonly text: string
  readonly open: Sizes
  readonly values: Values
  /** The values that each state ranges over. */
  readonly discrete: Readonly<Record<string, readonly number[]>>
}

const open = { row: 4, g: 2, t: 3 }

interface Kind {
  readonly type: string
  readonly levels: readonly number[]
  /** A number, of an element of the state: of elements their weight. */
  readonly number: (element: string) => string
}

const kinds: readonly Kind[] = [
  { type: 'bit', levels: [0, 1], number: (x) => x },
  { type: 'spin', levels: [-1, 1], number: (x) => x },
  { type: 'k', levels: [0, 1, 2], number: (x) => `w[${x}]` },
]

/**
 * Terms of `s[g, t]` and of `z[row]`. `S` is the number of an element of s in brackets that follow, `Z` that of z. Each is a chain
 * along t at most, or picks.
 */
const terms: readonly string[] = [
  'sum[g, t](S{} * f)',
  'sum[g, t](exp(S{} * f / 3))',
  // Along the chain, said of an element and the one before, or the one after.
  '0.7 * sum[g, t](S{} * S{t = t - 1})',
  'sum[g, t](f * tanh(S{} + 2 * S{t = t - 1}))',
  'sum[g, t](f * sin(S{} - 3 * S{t = t + 1}))',
  'sum[g, t](f * cos(S{} * f + S{t = t - 1}) + S{t = t + 1} * S{})',
  'sum[g, t](where(index(t) == size(t), f * S{}, cos(S{} + 2 * S{t = t + 1})))',
  'sum[g, t](where(index(t) == 1, sin(3 * S{}), cos(S{} + 2 * S{t = t - 1}) * f))',
  // Data that differ at the first element, shifted as the state is.
  'sum[g, t](tanh(S{} + S{t = t - 1}) * where(index(t) == 1, 2, f)[t = t - 1])',
  'sum[g, t](cos(S{} + 2 * S{t = t + 1}) * where(index(t) == 1, 2, f))',
  // Single elements, and elements of rows, along one axis and along both.
  'sum[g](a * sin(2 * S{t = 1}))',
  'a0 * exp(S{g = 2, t = size(t)})',
  'sum[g](a * cos(S{t = last} + a))',
  'sum[row](b * S{g = of, t = when})',
  'sum[row](cos(b + 2 * S{t = when, g = of}))',
  'sum[g, row](sin(a + b * S{t = when}))',
  // A state of the rows that depends on elements of another.
  'sum[row](Z * S{g = of, t = when} * b + sin(Z + b))',
  'sum[row](cos(Z * b + 2 * S{t = when, g = of}) + Z * b)',
  // The two meet along the chain.
  'sum[row](tanh(Z - b))',
]

/** Model number `n` of those that a seed gives. */
export function elementsModel(seed: number, n: number): ElementsModel {
  const draw = new Draw(1000 * seed + n)
  const choice = draw.stream('choices')
  const one = <T>(list: readonly T[]): T => list[choice.integer(list.length)] as T
  const [s, z] = [one(kinds), one(kinds)]
  const chosen = Array.from({ length: 2 + choice.integer(3) }, () => one(terms))
  const written = chosen.map((term, i) => {
    const ofS = term.replace(/S\{([^}]*)\}/g, (_, subscript: string) => s.number(subscript === '' ? 's' : `s[${subscript}]`))
    return `energy e${i} = ${ofS.replace(/\bZ\b/g, z.number('z'))}`
  })
  const hasZ = chosen.some((term) => /\bZ\b/.test(term))
  const lines = [
    'model elements',
    'axis k = 3',
    'data w[k]',
    'data f[g, t]',
    'data a[g]',
    'data a0',
    'data b[row]',
    'data last[g] : t',
    'data of[row] : g',
    'data when[row] : t',
    `state s[g, t] : ${s.type}`,
    ...(hasZ ? [`state z[row] : ${z.type}`] : []),
    ...written,
  ]
  return {
    text: `${lines.join('\n')}\n`,
    open,
    values: {
      w: draw.normals('w', 3),
      f: draw.normals('f', 6),
      a: draw.normals('a', 2),
      a0: draw.normals('a0', 1),
      b: draw.normals('b', 4),
      last: draw.integers('last', 2, 3),
      of: draw.integers('of', 4, 2),
      when: draw.integers('when', 4, 3),
    },
    discrete: { s: s.levels, ...(hasZ ? { z: z.levels } : {}) },
  }
}

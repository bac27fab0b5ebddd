import fc from 'fast-check'

/**
 * Models composed so that the form of x is known: sums of products of linear expressions of x[i, j], each made by a few
 * linear operations; and statements that are conjugate to a positive x[i]. One kink anywhere, and there must be none.
 */
export const sizes = { i: 3, j: 2, r: 4 }
const declared = `axis k = size(i)
data w[i]
data c
data at[r] : i
data flag[i] : bit
data y[i]
data n[r] : count
data t[r] : positive`

interface Expression {
  readonly text: string
  readonly axes: readonly string[]
}

type Step = (e: Expression, name: string) => Expression | undefined

const along = (axis: string, make: (name: string) => Expression['text'], axes: (a: readonly string[]) => readonly string[]): Step => {
  return (e, name) => (e.axes.includes(axis) ? { text: make(name), axes: axes(e.axes) } : undefined)
}
const same = (axes: readonly string[]): readonly string[] => axes
const steps: readonly Step[] = [
  (e, name) => ({ text: `2.5 * ${name}`, axes: e.axes }),
  (e, name) => ({ text: `${name} - 0.7 * c`, axes: e.axes }),
  (e, name) => ({ text: `-${name} / (2 + c^2)`, axes: e.axes }),
  along('i', (name) => `w * ${name}`, same),
  along('i', (name) => `where(flag == 1, ${name}, 0.3)`, same),
  along('i', (name) => `${name}[i = i - 1 else 0]`, same),
  along('i', (name) => `${name}[i = i + 1 else 0.4]`, same),
  along('i', (name) => `cumsum[i](${name})`, same),
  along('i', (name) => `${name}[i = at]`, (axes) => [...axes.filter((a) => a !== 'i'), 'r']), // biome-ignore format: a row each
  along('i', (name) => `${name}[i = 2]`, (axes) => axes.filter((a) => a !== 'i')), // biome-ignore format: a row each
  along('i', (name) => `${name}[i -> k]`, (axes) => [...axes.filter((a) => a !== 'i'), 'k']), // biome-ignore format: a row each
  along('i', (name) => `sum[i](w * ${name})`, (axes) => axes.filter((a) => a !== 'i')), // biome-ignore format: a row each
  along('j', (name) => `sum[j](${name})`, (axes) => axes.filter((a) => a !== 'j')), // biome-ignore format: a row each
]
export const kinks = ['abs', 'sign', 'relu', 'floor'] as const

/** `let`s that apply steps to x one after the other; those that do not fit are left out. */
function linear(id: string, chosen: readonly number[], kink?: number): { readonly lets: readonly string[]; readonly last: Expression } {
  const lets: string[] = []
  let last: Expression = { text: 'x', axes: ['i', 'j'] }
  const add = (next: Expression): void => {
    const name = `${id}${lets.length}`
    lets.push(`let ${name} = ${next.text}`)
    last = { text: name, axes: next.axes }
  }
  for (const k of chosen) {
    const next = steps[k % steps.length]?.(last, last.text)
    if (next !== undefined) add(next)
  }
  if (kink !== undefined) add({ text: `${kinks[kink % kinks.length]}(${last.text})`, axes: last.axes })
  return { lets, last }
}

/** Statements that add a product of two linear expressions of x; a kink in the first, if there is one. */
export function product(
  id: string,
  [left, right, how]: readonly [readonly number[], readonly number[], number],
  kink?: number,
): readonly string[] {
  const [a, b] = [linear(`a${id}_`, left, kink), linear(`b${id}_`, right)]
  const [over, both] = [[...a.last.axes].sort(), [...new Set([...a.last.axes, ...b.last.axes])].sort()]
  const sum = (axes: readonly string[], e: string): string => (axes.length === 0 ? e : `sum[${axes.join(', ')}](${e})`)
  const energies = [
    sum(over, `(${a.last.text})^2`),
    sum(both, `${a.last.text} * ${b.last.text}`),
    sum(over, `normal_lpdf(${a.last.text}, c, 0.8)`),
  ]
  return [...a.lets, ...b.lets, `energy e${id} = ${energies[how % energies.length]}`]
}

const chosen = fc.array(fc.nat(steps.length - 1), { maxLength: 4 })
export const parts = fc.array(fc.tuple(chosen, chosen, fc.nat(2)), { minLength: 1, maxLength: 3 })
export const model = (lines: readonly string[]): string => ['model m', declared, ...lines].join('\n')

import { expect, test } from 'vitest'
import type { Figure } from '../../src/plot/figure.ts'
import { svgOf } from '../../src/plot/svg.ts'
import { colourPairs, colours, palette, themed } from '../../src/plot/theme.ts'

const linear = (colour: string): readonly [number, number, number] =>
  [1, 3, 5].map((at) => {
    const v = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  }) as unknown as readonly [number, number, number]

/** Contrast by WCAG 2.2. */
function contrast(a: string, b: string): number {
  const light = (c: string): number => linear(c).reduce((sum, v, k) => sum + v * ([0.2126, 0.7152, 0.0722][k] as number), 0) + 0.05
  return Math.max(light(a), light(b)) / Math.min(light(a), light(b))
}

const dark = new Map(colourPairs)
const grounds = [colours.paper, dark.get(colours.paper) as string] as const

test('colours of lines, dots and texts stand out on both grounds', () => {
  for (const light of [...palette, colours.ink, colours.faint]) {
    expect(contrast(light, grounds[0]), light).toBeGreaterThan(4.5)
    expect(contrast(dark.get(light) as string, grounds[1]), light).toBeGreaterThan(4.5)
  }
})

/** What people without red or green cones see (Vienot, Brettel and Mollon 1999), in CIE L*a*b*. */
function seen(colour: string, kind: 'all' | 'protan' | 'deutan'): readonly [number, number, number] {
  const [r, g, b] = linear(colour)
  const mixed = { all: [r, g, b], protan: [0.11238 * r + 0.88762 * g, 0.11238 * r + 0.88762 * g, 0.00401 * r - 0.00401 * g + b], deutan: [0.29275 * r + 0.70725 * g, 0.29275 * r + 0.70725 * g, -0.02234 * r + 0.02234 * g + b] }[kind] as [number, number, number] // biome-ignore format: a table
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const x = f((0.4124 * mixed[0] + 0.3576 * mixed[1] + 0.1805 * mixed[2]) / 0.9505)
  const y = f(0.2126 * mixed[0] + 0.7152 * mixed[1] + 0.0722 * mixed[2])
  const z = f((0.0193 * mixed[0] + 0.1192 * mixed[1] + 0.9505 * mixed[2]) / 1.089)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

test('the first colours differ for readers of any colour vision', () => {
  for (const first of [palette.slice(0, 3), palette.slice(0, 3).map((c) => dark.get(c) as string)])
    for (const kind of ['all', 'protan', 'deutan'] as const)
      for (const [k, a] of first.entries())
        for (const b of first.slice(k + 1)) {
          const distance = Math.hypot(...seen(a, kind).map((v, i) => v - (seen(b, kind)[i] as number)))
          expect(distance, `${a} ${b} ${kind}`).toBeGreaterThan(15)
        }
})

const figure: Figure = {
  title: 'A "well"',
  panels: [
    {
      title: '',
      x: { label: 'u' },
      y: { label: 'v' },
      series: [],
      layers: [
        {
          mark: 'contour',
          name: 'energy',
          x: { from: -1, to: 1, count: 21 },
          y: { from: -1, to: 1, count: 21 },
          values: Array.from({ length: 441 }, (_, k) => ((k % 21) / 10 - 1) ** 2 + (Math.floor(k / 21) / 10 - 1) ** 2),
          levels: [0.04, 0.36],
        },
        { mark: 'paths', name: 'ways', colour: 1, paths: [[{ x: 1, y: 1 }, { x: 0, y: 0 }]] }, // biome-ignore format: a table
        { mark: 'points', name: 'ends', colour: 2, symbol: 'star', points: [{ x: 0, y: 0 }] },
      ],
    },
  ],
}

test('a drawing goes with light, dark, and what the reader prefers', () => {
  const light = svgOf(figure, 'light')
  const shaded = svgOf(figure, 'dark')
  const auto = svgOf(figure)
  const used = colourPairs.filter(([a]) => light.includes(a))
  expect(used.length).toBeGreaterThan(6)
  for (const [a, b] of used) {
    expect(shaded).not.toContain(a)
    expect(shaded).toContain(b)
    expect(auto).toContain(`[fill="${a}"]{fill:${b}}`)
  }
  expect(auto.replace(/<style>.*?<\/style>\n/, '')).toBe(light)
  // Whatever was drawn before.
  expect(svgOf(figure, 'light')).toBe(light)
  expect(themed('x', 'light')).toBe('x')
})

test('a drawing says what it is, and every text can be read', () => {
  const svg = svgOf(figure)
  expect(svg).toContain('<title>A &quot;well&quot;</title>')
  expect(svg).toContain('role="img" aria-label="A &quot;well&quot;"')
  const sizes = [...svg.matchAll(/font-size="([\d.]+)|font-size: ?([\d.]+)px/g)].map((m) => Number(m[1] ?? m[2]))
  expect(sizes.length).toBeGreaterThan(1)
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11)
})

test('a contour lies where its function has the value of its level', () => {
  const svg = svgOf(figure, 'light')
  const [inner = '', outer = ''] = [...svg.matchAll(/aria-label="contour".*?<path[^>]* d="([^"]*)"/gs)].map((m) => m[1] ?? '').reverse()
  const width = (path: string): number => {
    const xs = [...path.matchAll(/[ML]([\d.]+),/g)].map((m) => Number(m[1]))
    return Math.max(...xs) - Math.min(...xs)
  }
  // Circles of radius 0.2 and 0.6, up to straight pieces between the places of the grid.
  expect(width(outer) / width(inner)).toBeCloseTo(3, 1)
})

import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Figure, FigureAxis, FigurePoint, Panel, Series } from './figure.ts'
import { drawLayer, keyOf } from './marks/index.ts'
import { colours, paletteColour, type Theme, themed } from './theme.ts'

/** What Plot draws into, without a browser. */
type Document = ReturnType<typeof parseHTML>['document']

/** Pixels. */
const WIDTH = 460
const HEIGHT = 340
const MARGIN = 16
const HEADING = 44
/** A line of the legend, and of notes. */
const LINE = 18
/** A letter of 12 pixels, on the wide side. */
const LETTER = 6.6

/** Draws a figure: its panels side by side, each with its legend above. Needs no browser. */
export function svgOf(figure: Figure, theme: Theme = 'auto'): string {
  const { title, panels, columns = panels.length } = figure
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const rows = Array.from({ length: Math.ceil(panels.length / Math.max(1, columns)) }, (_, r) =>
    panels.slice(r * columns, (r + 1) * columns),
  )
  const parts: string[] = []
  let y = HEADING
  let width = 0
  for (const row of rows) {
    const legend = Math.max(...row.map((panel) => legendOf(panel).lines)) * LINE
    const heading = row.some((panel) => panel.title !== '') ? LINE : 0
    let x = MARGIN
    for (const panel of row) {
      parts.push(group(x, y, panel, { heading, legend }, document))
      x += (panel.width ?? WIDTH) + MARGIN
    }
    width = Math.max(width, x)
    y += heading + legend + Math.max(...row.map((panel) => panel.height ?? HEIGHT)) + MARGIN
  }
  const notes = (figure.notes ?? []).flatMap((note) => wrapped(note, (width - 2 * MARGIN) / LETTER))
  const height = y + (notes.length === 0 ? 0 : notes.length * LINE + MARGIN / 2)
  const drawing = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="${colours.ink}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>`,
    `<text x="${MARGIN}" y="28" font-size="16" font-weight="600">${escaped(title)}</text>`,
    ...parts,
    ...notes.map((note, k) => `<text x="${MARGIN}" y="${y + 4 + k * LINE}" fill="${colours.faint}">${escaped(note)}</text>`),
    '</svg>',
    '',
  ].join('\n')
  return themed(renumbered(drawing), theme)
}

function group(
  x: number,
  y: number,
  panel: Panel,
  { heading, legend }: { readonly heading: number; readonly legend: number },
  document: Document,
): string {
  const keys = legendOf(panel).entries.map(
    (entry) =>
      `<g transform="translate(${entry.x} ${heading + entry.line * LINE})">${entry.key}<text x="34" y="4">${escaped(entry.name)}</text></g>`,
  )
  return [
    `<g transform="translate(${x} ${y})">`,
    ...(panel.title === '' ? [] : [`<text x="0" y="4" font-weight="600">${escaped(panel.title)}</text>`]),
    ...keys,
    `<g transform="translate(0 ${heading + legend})">${plotted(panel, document)}</g>`,
    '</g>',
  ].join('\n')
}

interface LegendEntry {
  readonly name: string
  readonly key: string
  readonly x: number
  readonly line: number
}

/** The legend, its entries beside each other as far as there is room. */
function legendOf(panel: Panel): { readonly lines: number; readonly entries: readonly LegendEntry[] } {
  const keys = [
    ...(panel.layers ?? []).map((layer) => ({ name: layer.name, key: keyOf(layer) })),
    ...named(panel).map(({ series, colour }) => ({ name: series.name, key: lineKey(series, colour) })),
  ]
  const entries: LegendEntry[] = []
  let [x, line] = [0, 0]
  for (const { name, key } of keys) {
    if (key === undefined) continue
    const wide = 34 + name.length * LETTER + 18
    if (x > 0 && x + wide > (panel.width ?? WIDTH)) [x, line] = [0, line + 1]
    entries.push({ name, key, x, line })
    x += wide
  }
  return { lines: entries.length === 0 ? 0 : line + 1, entries }
}

/** How a series is drawn, as the legend shows it. */
function lineKey({ marks }: Series, colour: string): string {
  const dashes = marks === 'dashes' ? ' stroke-dasharray="5 4"' : ''
  const line = marks === 'dots' ? '' : `<line x1="0" x2="26" y1="0" y2="0" stroke="${colour}" stroke-width="2"${dashes}/>`
  return `${line}${hasDots(marks) ? `<circle cx="13" cy="0" r="3.5" fill="${colour}"/>` : ''}`
}

function plotted(panel: Panel, document: Document): string {
  const marks = named(panel).flatMap(({ series, colour }) => marksOf(series, colour))
  const longest = Math.max(0, ...(panel.y.ticks ?? []).map((t) => t.text.length))
  const svg = Plot.plot({
    document,
    width: panel.width ?? WIDTH,
    height: panel.height ?? HEIGHT,
    marginLeft: Math.max(64, longest * LETTER + 16),
    marginBottom: 42,
    marginTop: 26,
    style: { fontSize: '12px', background: 'none' },
    x: scaleOf(panel.x, '→', valuesOf(panel, 'x')),
    y: {
      ...scaleOf(panel.y, '↑', valuesOf(panel, 'y')),
      grid: panel.y.ticks === undefined && !(panel.layers ?? []).some((l) => l.mark === 'contour'),
    },
    marks: [...(panel.layers ?? []).flatMap(drawLayer), Plot.frame({ stroke: colours.frame }), ...marks],
  })
  return svg.outerHTML
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll('font-size="10"', 'font-size="12"')
    .replaceAll('"currentColor"', `"${colours.ink}"`)
}

/** A logarithmic axis has its ticks at powers of ten, or at what reads well where it spans fewer. */
function scaleOf({ label, scale = 'linear', domain, ticks }: FigureAxis, arrow: string, values: readonly number[]): Plot.ScaleOptions {
  return {
    label: label === '' ? null : `${label} ${arrow}`,
    labelArrow: 'none',
    type: scale,
    nice: scale === 'linear' && domain === undefined,
    ...(domain !== undefined && { domain: [...domain] }),
    ...(ticks !== undefined && {
      ticks: ticks.map((t) => t.at),
      tickFormat: (v: number) => ticks.find((t) => t.at === v)?.text ?? '',
    }),
    // 5e-6 rather than 0.000005, for which there is no room.
    ...(scale === 'log' && { tickFormat: values.some((v) => (v > 0 && v < 1e-3) || v >= 1e6) ? '~e' : '~g' }),
  }
}

function valuesOf({ series }: Panel, along: 'x' | 'y'): readonly number[] {
  return series.flatMap((s) => s.points.map((p) => p[along]))
}

function marksOf(series: Series, stroke: string): Plot.Markish[] {
  const at = { x: (p: FigurePoint) => p.x, y: (p: FigurePoint) => p.y }
  const { marks } = series
  const points = [...series.points]
  const line = Plot.line(points, {
    ...at,
    stroke,
    strokeWidth: marks === 'thin line' ? 0.7 : 2,
    ...(marks === 'dashes' && { strokeDasharray: '5 4' }),
  })
  const bars = Plot.ruleX(
    points.filter((p) => p.error !== undefined),
    { x: at.x, y1: (p: FigurePoint) => p.y - (p.error ?? 0), y2: (p: FigurePoint) => p.y + (p.error ?? 0), stroke },
  )
  return [...(marks === 'dots' ? [] : [line]), bars, ...(hasDots(marks) ? [Plot.dot(points, { ...at, fill: stroke, r: 3.5 })] : [])]
}

const hasDots = (marks: Series['marks']): boolean => marks === 'dots' || marks === 'line and dots'

function named({ series }: Panel): readonly { readonly series: Series; readonly colour: string }[] {
  return series.map((s, k) => ({ series: s, colour: paletteColour(k) }))
}

/** The ids of a drawing, by their order in it: Plot goes on counting from one drawing to the next. */
function renumbered(svg: string): string {
  const found = [...new Set(svg.match(/plot-(?:clip|marker)-\d+/g))]
  return svg.replaceAll(/plot-(?:clip|marker)-\d+/g, (id) => `amp-${found.indexOf(id) + 1}`)
}

function wrapped(text: string, letters: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < letters) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

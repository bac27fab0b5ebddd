import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Figure, FigureAxis, FigurePoint, Panel, Series } from './figure.ts'

/** What Plot draws into, without a browser. */
type Document = ReturnType<typeof parseHTML>['document']

/** Pixels. */
const WIDTH = 460
const HEIGHT = 340
const MARGIN = 16
const HEADING = 44
/** A line of the legend. */
const LINE = 18

/** Observable's ten colours, which people with any colour vision can tell apart. */
const colours = ['#4269d0', '#ff725c', '#3ca951', '#efb118', '#a463f2', '#6cc5b0', '#ff8ab7', '#9c6b4e', '#97bbf5', '#9498a0'] as const

/** Draws a figure: its panels side by side, each with its legend above. Needs no browser. */
export function svgOf({ title, panels }: Figure): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const legend = Math.max(...panels.map((panel) => named(panel).length)) * LINE
  const width = panels.length * (WIDTH + MARGIN) + MARGIN
  const height = HEADING + LINE + legend + HEIGHT + MARGIN
  const drawn = panels.map((panel, k) => group(MARGIN + k * (WIDTH + MARGIN), panel, legend, document))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="${MARGIN}" y="28" font-size="16" font-weight="600">${escaped(title)}</text>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n')
}

function group(x: number, panel: Panel, legend: number, document: Document): string {
  const rows = named(panel).map(({ series, colour }, k) => {
    const y = HEADING + LINE + k * LINE
    return `${key(series, colour, y)}<text x="34" y="${y + 4}">${escaped(series.name)}</text>`
  })
  return [
    `<g transform="translate(${x} 0)">`,
    `<text x="0" y="${HEADING + 4}" font-weight="600">${escaped(panel.title)}</text>`,
    ...rows,
    `<g transform="translate(0 ${HEADING + LINE + legend})">${plotted(panel, document)}</g>`,
    '</g>',
  ].join('\n')
}

/** How a series is drawn, as a row of the legend shows it. */
function key({ marks }: Series, colour: string, y: number): string {
  const dashes = marks === 'dashes' ? ' stroke-dasharray="5 4"' : ''
  const line = marks === 'dots' ? '' : `<line x1="0" x2="26" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"${dashes}/>`
  return `${line}${hasDots(marks) ? `<circle cx="13" cy="${y}" r="3.5" fill="${colour}"/>` : ''}`
}

function plotted(panel: Panel, document: Document): string {
  const marks = named(panel).flatMap(({ series, colour }) => marksOf(series, colour))
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 64,
    marginBottom: 42,
    style: { fontSize: '12px', background: 'white' },
    x: scaleOf(panel.x, '→'),
    y: { ...scaleOf(panel.y, '↑'), grid: true },
    marks: [Plot.frame({ stroke: '#ccc' }), ...marks],
  })
  return svg.outerHTML.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
}

/** A logarithmic axis has its ticks at powers of ten, or at what reads well where it spans fewer. */
function scaleOf({ label, scale = 'linear' }: FigureAxis, arrow: string): Plot.ScaleOptions {
  return {
    label: `${label} ${arrow}`,
    labelArrow: 'none',
    type: scale,
    nice: scale === 'linear',
    ...(scale === 'log' && { tickFormat: '~g' }),
  }
}

function marksOf(series: Series, stroke: string): Plot.Markish[] {
  const at = { x: (p: FigurePoint) => p.x, y: (p: FigurePoint) => p.y }
  const { marks } = series
  const points = [...series.points]
  const line = Plot.line(points, { ...at, stroke, strokeWidth: 2, ...(marks === 'dashes' && { strokeDasharray: '5 4' }) })
  const bars = Plot.ruleX(
    points.filter((p) => p.error !== undefined),
    { x: at.x, y1: (p: FigurePoint) => p.y - (p.error ?? 0), y2: (p: FigurePoint) => p.y + (p.error ?? 0), stroke },
  )
  return [...(marks === 'dots' ? [] : [line]), bars, ...(hasDots(marks) ? [Plot.dot(points, { ...at, fill: stroke, r: 3.5 })] : [])]
}

const hasDots = (marks: Series['marks']): boolean => marks === 'dots' || marks === 'line and dots'

function named({ series }: Panel): readonly { readonly series: Series; readonly colour: string }[] {
  return series.map((s, k) => ({ series: s, colour: colours[k % colours.length] as string }))
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

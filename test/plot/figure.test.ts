import { expect, test } from 'vitest'
import { figureCsv } from '../../src/plot/csv.ts'
import type { Figure } from '../../src/plot/figure.ts'
import { svgOf } from '../../src/plot/svg.ts'

const figure: Figure = {
  title: 'Growth & <decay>',
  panels: [
    {
      title: 'on a line',
      x: { label: 'd' },
      y: { label: 'N', scale: 'log' },
      series: [
        { name: 'up, measured', marks: 'line and dots', points: [1, 2, 3].map((x) => ({ x, y: 10 ** x, error: 2 })) },
        { name: 'limit', marks: 'dashes', points: [1, 3].map((x) => ({ x, y: 10 ** x })) },
      ],
    },
    { title: 'beside it', x: { label: 'a' }, y: { label: 'b' }, series: [{ name: 'dots', marks: 'dots', points: [{ x: 0, y: 1 }] }] },
  ],
}

const count = (text: string, part: RegExp): number => [...text.matchAll(part)].length

test('every point, error bar and series of a figure is drawn, at places in order', () => {
  const svg = svgOf(figure)
  const [left = '', right = ''] = svg.split('beside it')
  // Three dots and one in the legend; then one and one.
  expect(count(left, /<circle/g)).toBe(4)
  expect(count(right, /<circle/g)).toBe(2)
  expect(count(svg, /stroke-dasharray="5 4"/g)).toBe(2)
  const dots = /aria-label="dot">(.*?)<\/g>/s.exec(left)?.[1] ?? ''
  const ys = [...dots.matchAll(/cy="([\d.]+)"/g)].map((m) => Number(m[1]))
  // A logarithmic axis: equal factors are equal ways up.
  expect((ys[0] as number) - (ys[1] as number)).toBeCloseTo((ys[1] as number) - (ys[2] as number), 6)
  expect(ys[0]).toBeGreaterThan(ys[1] as number)
  expect(svg).toContain('Growth &amp; &lt;decay&gt;')
  for (const name of ['up, measured', 'limit', 'dots', 'N ↑', 'b ↑', 'd →']) expect(svg).toContain(name)
})

test('the points of a figure are written as rows that can be read back', () => {
  expect(figureCsv(figure).split('\n')).toEqual([
    'panel,series,x,y,standard error',
    'on a line,"up, measured",1,10,2',
    'on a line,"up, measured",2,100,2',
    'on a line,"up, measured",3,1000,2',
    'on a line,limit,1,10,',
    'on a line,limit,3,1000,',
    'beside it,dots,0,1,',
    '',
  ])
})

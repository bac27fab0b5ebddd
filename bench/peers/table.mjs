// The table of bench/samplers.md, from what the three peers printed: node bench/peers/table.mjs amp.tsv rstan.tsv numpyro.tsv
import { readFileSync } from 'node:fs'

const peers = process.argv.slice(2).map(read)
const names = [...(peers[0]?.keys() ?? [])]
const measures = [
  ['bulk ESS per second of sampling', (r) => r.ess_bulk / r.sampling_s],
  ['gradients per second', (r) => r.gradients / r.sampling_s],
  ['bulk ESS per 1000 gradients', (r) => (1000 * r.ess_bulk) / r.gradients],
  ['seconds from text or code to the first step', (r) => r.compile_s],
  ['seconds of warm-up and sampling', (r) => r.warmup_s + r.sampling_s],
]
for (const [title, of] of measures) {
  console.log(`\n| ${title} | amp | Stan | NumPyro |\n| --- | --- | --- | --- |`)
  for (const name of names) console.log(`| ${[name, ...peers.map((p) => show(p.get(name), of))].join(' | ')} |`)
}

function read(path) {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n')
  const columns = head.split('\t')
  return new Map(lines.map((line) => [line.split('\t')[0], Object.fromEntries(line.split('\t').map((x, i) => [columns[i], Number(x)]))]))
}

function show(row, of) {
  const value = row === undefined ? Number.NaN : of(row)
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : ''
}

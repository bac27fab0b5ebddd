import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { openTfjs } from '../src/targets/tfjs.ts'
import { compileTime } from './compile.ts'
import { caseNames, efficiency } from './gibbs.ts'
import { lasso } from './lasso.ts'
import { paired } from './measure.ts'
import { metricsOf, posteriors } from './metrics.ts'
import { mixtures } from './mixtures.ts'
import { pairs } from './models/all.ts'
import { preparing } from './preparing.ts'
import { commands, retrievals } from './retrieval/all.ts'
import { startUp } from './start.ts'
import { stores } from './stores.ts'
import { transformer } from './transformer.ts'
import { type VariationalFigures, variational, variationalByNumPyro } from './variational.ts'
import { wasmOverKernel } from './wasm.ts'

/** Sums are ordered differently; nothing here has more than 1e7 terms. */
const TOLERANCE = 1e-10

const [wanted = '', only, as] = process.argv.slice(2)
if (only !== undefined) {
  if (as === 'wasm') measureWasm(Number(only))
  else measure(Number(only))
  process.exit(0)
}

console.log(
  `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim()}). Times are medians, ratios medians of pairs in turns.\n`,
)
row('energy and gradient, from .amp text', 'generated', 'by hand', 'ratio', 'text to kernel: first, again')
eachPair()
console.log()
row('the same loops, bit for bit', 'WebAssembly', 'JavaScript', 'ratio')
eachPair('wasm')

if ('start'.includes(wanted) && existsSync('dist/amp.js')) {
  const { a, b, ratio } = startUp()
  console.log()
  row('whole processes', 'amp check', 'node -e 0', 'ratio', 'difference')
  row('start', `${(a / 1000).toFixed(0)} ms`, `${(b / 1000).toFixed(0)} ms`, ratio.toFixed(2), `${((a - b) / 1000).toFixed(0)} ms`)
}

if ('lasso'.includes(wanted)) {
  const figures = await lasso()
  console.log()
  row('lasso, 200 x 500', 'iterations', 'time', 'energy')
  for (const f of figures) row(f.name, String(f.iterations), `${(1000 * f.seconds).toFixed(1)} ms`, ` ${f.energy.toPrecision(14)}`)
  if (!figures.some((f) => f.name.startsWith('scikit'))) console.log('scikit-learn is left out: no Python here has it (PYTHON names one).')
}

if ('preparing'.includes(wanted)) {
  const { first, again, doubled } = preparing()
  console.log()
  row('text to both programs, processor time', 'first', 'again', 'twice of it')
  row('preparing 400 states, 400 lets', `${first.toFixed(0)} ms`, `${again.toFixed(0)} ms`, doubled.toFixed(2))
}

if (caseNames.some((name) => name.includes(wanted))) {
  console.log()
  row('effective draws a second of processor time', 'NUTS', 'exact Gibbs', 'ratio')
  for (const { name, nuts, gibbs } of await efficiency(wanted)) row(name, nuts.toFixed(0), gibbs.toFixed(0), (gibbs / nuts).toFixed(2))
}

const compared = posteriors.filter((name) => 'metrics'.includes(wanted) || name.includes(wanted))
if (compared.length > 0) {
  console.log()
  row('bulk ESS: 1000 gradients, a second with warm-up', 'auto', 'Stan', 'ratio', 'auto, Stan a second: ratio')
  for (const name of compared) {
    const { auto, stan } = await metricsOf(name)
    const seconds = `${auto.second.toFixed(0)}, ${stan.second.toFixed(0)}: ${(auto.second / stan.second).toFixed(1)}`
    row(name, auto.gradients.toFixed(1), stan.gradients.toFixed(1), (auto.gradients / stan.gradients).toFixed(1), seconds)
  }
}

if ('stores'.includes(wanted)) {
  const { patterns, batch, megabytes, open, read, singles, transactions, resident } = await stores(100_000)
  console.log()
  row('a store on disk, patterns of 784', 'a batch', 'opened', 'writes/s (bare)', 'read; memory at the end of the batch')
  const more = `${read.toFixed(1)} s; ${resident.toFixed(0)} MB for ${megabytes.toFixed(0)} MB`
  row(
    `stores ${patterns} patterns`,
    `${batch.toFixed(1)} s`,
    `${(open * 1000).toFixed(0)} ms`,
    `${singles.toFixed(0)} (${transactions.toFixed(0)})`,
    more,
  )
}

if ('mixtures'.includes(wanted)) {
  const all = mixtures()
  console.log()
  if (all === undefined) console.log('No scikit-learn: `PYTHON` names a Python that has it.')
  else row('Dirichlet process mixtures', 'amp', 'scikit-learn', 'ratio', 'ELBO; elements: amp, scikit-learn, bnpy')
  for (const { name, rows, amp, sklearn, bnpy } of all ?? []) {
    const [seconds, ofPeer] = [amp, sklearn].map((f) => `${f.seconds.toFixed(2)} s`) as [string, string]
    const ends = [amp, sklearn, ...(bnpy === undefined ? [] : [bnpy])].map((f) => `${f.elbo.toFixed(1)}; ${f.used}`)
    const third = bnpy === undefined ? 'no bnpy' : `bnpy in ${bnpy.seconds.toFixed(2)} s`
    row(`mixtures ${name}, ${rows} rows`, seconds, ofPeer, (amp.seconds / sklearn.seconds).toFixed(1), `${ends.join(', ')} (${third})`)
  }
}

if ('transformer'.includes(wanted)) {
  console.log()
  row('a transformer, 32 x 16 tokens, width 32', 'WebAssembly', 'numpy by hand', 'ratio')
  for (const { name, amp, numpy, grown } of transformer()) {
    const [byHand, ratio] = numpy === undefined ? ['no numpy', ''] : [`${numpy.toFixed(2)} ms`, (amp / numpy).toFixed(2)]
    row(`transformer, ${name}`, `${amp.toFixed(2)} ms`, byHand, ratio, `memory grew by ${grown.toFixed(1)} MB in 200 runs`)
  }
}

if ('variational'.includes(wanted)) {
  console.log()
  row('normal densities beside reference draws', 'ELBO', 'means off by', 'sd: part', 'processor time, with compiling')
  for (const figures of variational()) variationalRow('amp', figures)
  const peers = variationalByNumPyro()
  if (peers === undefined) console.log('No NumPyro: `PYTHON` names a Python that has it.')
  for (const figures of peers ?? []) variationalRow('NumPyro', figures)
}

const asked = existsSync('dist/amp.js') ? commands.filter(({ name }) => name.includes(wanted)) : []
if (asked.length > 0) {
  console.log()
  row('files and whole retrievals', 'amp', 'by hand', 'ratio')
}
for (const { measure: all } of asked) {
  for (const { name, amp, byHand, ratio } of all()) row(name, `${amp.toFixed(1)} ms`, `${byHand.toFixed(1)} ms`, ratio.toFixed(2))
}

const wideOnes = retrievals.filter((entry) => entry.name.includes(wanted))
for (const backend of wideOnes.length > 0 ? (['tfjs-wasm', 'tfjs-node'] as const) : []) {
  const { backend: opened, passedOver } = await openTfjs(backend)
  console.log()
  if (opened === undefined) console.log(passedOver.join(' '))
  else row('many cues at once', 'loops', backend, 'ratio')
  for (const entry of opened === undefined ? [] : wideOnes) {
    const { name, loops, tensors, ratio } = await entry.measure(backend)
    row(name, `${loops.toFixed(1)} ms`, `${tensors.toFixed(1)} ms`, ratio.toFixed(3))
  }
}

/** A process each: what was compiled for one pair would slow down the next. */
function eachPair(...more: readonly string[]): void {
  for (const k of pairs.keys()) {
    const { status } = spawnSync(process.execPath, [process.argv[1] as string, wanted, String(k), ...more], { stdio: 'inherit' })
    if (status !== 0) process.exit(status ?? 1)
  }
}

function measureWasm(k: number): void {
  const { name, model } = (pairs[k] as (typeof pairs)[0])()
  if (!name.includes(wanted)) return
  const { a, b, ratio } = wasmOverKernel(model)
  row(name, `${a.toFixed(2)} us`, `${b.toFixed(2)} us`, ratio.toFixed(2))
}

function measure(k: number): void {
  const { name, model, generated, handwritten, check } = (pairs[k] as (typeof pairs)[0])()
  if (!name.includes(wanted)) return
  const wrong = check()
  if (!(wrong <= TOLERANCE)) throw new Error(`${name}: the two differ by ${wrong}`)
  const { a, b, ratio } = paired(generated, handwritten)
  const { first, again } = compileTime(model)
  row(name, `${a.toFixed(2)} us`, `${b.toFixed(2)} us`, ratio.toFixed(2), `${first.toFixed(0)} ms, ${again.toFixed(0)} ms`)
}

function variationalRow(who: string, { name, method, elbo, mean, sd, seconds }: VariationalFigures): void {
  row(`${name} ${method}, ${who}`, elbo.toFixed(2), `${mean.toFixed(2)} sd`, sd.toFixed(2), `${seconds.toFixed(2)} s`)
}

function row(name: string, a: string, b: string, ratio: string, more = ''): void {
  console.log(`${name.padEnd(46)}${a.padStart(14)}${b.padStart(14)}${ratio.padStart(12)}${more === '' ? '' : `   ${more}`}`)
}

// Counts how often 95 % intervals of `amp evidence` hold log Z, over so many seeds (100): `node scripts/evidence-coverage.mjs [runs]`.
// log Z is known by closed forms, sums over all configurations or quadrature. docs/evidence.md has the table.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const runs = Number(process.argv[2] ?? 100)
const root = join(import.meta.dirname, '..')

async function library() {
  const folder = mkdtempSync(join(tmpdir(), 'amp-evidence-'))
  try {
    const outfile = join(folder, 'library.mjs')
    const entryPoints = [join(root, 'src', 'index.ts')]
    await build({
      entryPoints,
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['@tensorflow/*', 'amp:runtime'],
      outfile,
      logLevel: 'error',
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Couplings by a formula, so that nothing is symmetric by chance. */
const table = (rows, columns, scale) =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => scale * Math.sin(1 + 3 * i + 5 * j)))

const smooth = ['ais', 'smc', 'bridge']
const cases = [
  {
    what: 'linear regression, variance unknown',
    text: 'data x[i]\ndata y[i]\nstate a ~ normal(0, 2)\nstate b ~ normal(0, 1)\nstate v : positive ~ inverse_gamma(3, 2)\ny ~ normal(a + b * x, sqrt(v))',
    inputs: { data: { x: [-1, 0, 1, 2, 3], y: [0.1, 0.7, 1.8, 2.2, 3.9] } },
    methods: smooth,
  },
  {
    what: 'eight schools, not centred',
    text: 'data y[j]\ndata sigma[j]\nstate mu ~ normal(0, 5)\nstate tau : positive ~ half_cauchy(5)\nstate eta[j] ~ normal(0, 1)\ny ~ normal(mu + tau * eta, sigma)',
    inputs: { data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] } },
    methods: smooth,
  },
  {
    what: 'mixture of two normals',
    text: 'axis k = 2\ndata y[i]\nstate mu[k] ~ normal(0, 3)\nstate w[k] : simplex[k] ~ dirichlet(2)\nstate z[i] : k ~ categorical(w)\ny ~ normal(mu[z], 1)',
    inputs: { data: { y: [-2.1, -1.7, 2.2, 1.8, 2.5, -2.4] } },
    methods: smooth,
  },
  {
    what: 'Boltzmann machine, 8 x 6',
    text: 'param W[v, h]\nstate x[v] : bit\nstate y[h] : bit\nenergy -sum[v, h](W * x * y)',
    inputs: { param: { W: table(8, 6, 1.5) } },
    methods: ['ais', 'smc'],
  },
  {
    what: '12 spins that all meet',
    text: 'axis other = size(i)\nparam J[i, other]\nstate s[i] : spin\nenergy -sum[i, other](J * s * s[i -> other])',
    inputs: { param: { J: table(12, 12, 0.3) } },
    methods: ['ais', 'smc'],
  },
]

const { evidence, givenOf, load } = await library()
process.stdout.write(
  '| model | method | intervals that hold log Z | mean error | root mean squared error | warned |\n| --- | --- | --- | --- | --- | --- |\n',
)
for (const { what, text, inputs, methods } of cases) {
  const loaded = load({ name: 'm.amp', text }).value
  const given = givenOf(inputs).value
  const { logZ } = (await evidence(loaded, given)).value
  for (const estimator of methods) {
    const all = []
    for (let seed = 1; seed <= runs; seed += 1) all.push((await evidence(loaded, given, { estimator, seed })).value)
    const held = all.filter(({ interval: [from, to] }) => from <= logZ && logZ <= to).length
    const error = all.reduce((sum, r) => sum + r.error, 0) / runs
    const rms = Math.sqrt(all.reduce((sum, r) => sum + (r.logZ - logZ) ** 2, 0) / runs)
    const warned = all.filter((r) => r.trouble !== undefined).length
    process.stdout.write(`| ${what} | ${estimator} | ${held} of ${runs} | ${error.toFixed(3)} | ${rms.toFixed(3)} | ${warned} |\n`)
  }
}

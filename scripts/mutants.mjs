// Changes the sources in small ways, one at a time, and looks whether a test notices:
//
//     npm run mutants [-- PATH ...] [--sample N] [--seed S] [--write]
//
// draws N mutants (100) of each path under seed S (1). Without a path it takes the rooms of `scripts/mutants/rooms.mjs`;
// `--write` puts their table into docs/mutants.md. StrykerJS makes the mutants and runs the tests that reach each. What never ends
// counts as noticed after a while, so the machine should have nothing else to do.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { rooms, testsOf } from './mutants/rooms.mjs'
import { drawn } from './mutants/sample.mjs'
import { page, row, survivorsOf } from './mutants/table.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
})
const count = Number(values.sample)
const paths = positionals.length > 0 ? positionals : Object.keys(rooms).map((room) => `src/${room}`)
const results = []
for (const path of paths) {
  const began = Date.now()
  const result = { path, mutants: await run(path), seconds: 0 }
  result.seconds = Math.round((Date.now() - began) / 1000)
  results.push(result)
  process.stdout.write(`\n${row(result)}\n${survivorsOf(result).join('\n')}\n`)
}
if (values.write) writeFileSync('docs/mutants.md', page(results, { count, seed: values.seed }))

/** What became of each mutant that was drawn. */
async function run(path) {
  const mutants = await drawn(path, count, values.seed)
  const report = resolve('out/mutants.json')
  rmSync(report, { force: true })
  const stryker = {
    testRunner: 'vitest',
    vitest: { configFile: 'vitest.mutants.config.ts', related: false },
    plugins: ['@stryker-mutator/vitest-runner', resolve('scripts/mutants/checker.mjs')],
    checkers: ['drawn'],
    mutate: [...new Set(mutants.map((m) => `${m.fileName}:${m.location.start.line + 1}-${m.location.end.line + 1}`))],
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: report },
    tempDirName: 'out/mutants',
    // What a mutant makes endless is ended; a busy machine is not.
    timeoutMS: 10_000,
    timeoutFactor: 1.5,
    allowConsoleColors: false,
  }
  mkdirSync('out', { recursive: true })
  writeFileSync('out/stryker.json', JSON.stringify(stryker))
  const env = { ...process.env, AMP_MUTANTS: testsOf(path).join(' '), AMP_MUTANTS_DRAWN: JSON.stringify(mutants.map((m) => m.key)) }
  spawnSync('npx', ['stryker', 'run', 'out/stryker.json'], { stdio: 'inherit', env })
  const { files } = JSON.parse(readFileSync(report, 'utf8'))
  // The checker calls a mutant that was not drawn a compile error.
  return Object.entries(files).flatMap(([file, f]) => f.mutants.filter((m) => m.status !== 'CompileError').map((m) => ({ ...m, file })))
}

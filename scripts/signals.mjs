// Sends SIGINT, SIGTERM or SIGHUP to `amp sample` at moments drawn under a literal seed, and looks that no draw that was
// reported is lost, that the file opens, and that going on from it gives the file of a run that nothing disturbed, byte for
// byte: `npm run signals [-- COUNT]`, 50 of them unless said. Needs the built program.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const count = Number(process.argv[2] ?? 50)
const folder = mkdtempSync(join(tmpdir(), 'amp-signals-'))
const outfile = join(folder, 'signalled.mjs')
await build({ entryPoints: ['test/cli/signalled.ts'], outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'warning' })
const { referenceOf, subjects, trial } = await import(pathToFileURL(outfile).href)

const program = resolve('dist/amp.js')
const all = subjects(1)
const references = []
for (const subject of all) references.push(await referenceOf(program, folder, subject))

const say = (cells) => process.stdout.write(`${cells.map((c, i) => (i < 2 ? String(c).padEnd(9) : String(c).padStart(9))).join(' ')}\n`)
say(['model', 'signal', 'at', 'reported', 'in file', 'code', 'ended ms'])
let wrong = 0
let lost = 0
let slowest = 0
for (let i = 0; i < count; i += 1) {
  const k = i % all.length
  const t = await trial(program, folder, all[k], references[k], 1000 + i)
  say([t.subject, t.signal, t.at < 0 ? 'warm-up' : `${Math.round(100 * t.at)} %`, t.reported, t.inFile, t.code, Math.round(t.ended)])
  for (const trouble of t.troubles) process.stdout.write(`    WRONG: ${trouble}\n`)
  if (t.troubles.length > 0) wrong += 1
  lost += Math.max(0, t.reported - t.inFile)
  slowest = Math.max(slowest, t.ended)
}
process.stdout.write(`${count} signals, ${lost} reported draws lost, ${wrong} wrong; the slowest end took ${Math.round(slowest)} ms.\n`)
rmSync(folder, { recursive: true, force: true })
process.exitCode = wrong > 0 ? 1 : 0

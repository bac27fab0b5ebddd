// Runs the inputs that once went wrong (test/cases/rows) through the built program and prints a table of what is right:
// `npm run cases [-- FOLDER ...]`. A folder holds the inputs; without one they are those of test/cases/data.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const folders = process.argv.slice(2).map((f) => resolve(f))
if (folders.length === 0) folders.push(resolve('test/cases/data'))
const aside = mkdtempSync(join(tmpdir(), 'amp-cases-'))
const outfile = join(aside, 'row.mjs')
await build({ entryPoints: ['test/cases/row.ts'], outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'warning' })
const { troublesOf } = await import(pathToFileURL(outfile).href)
rmSync(aside, { recursive: true })

function amp(cwd, args) {
  const ran = spawnSync(process.execPath, [resolve('dist/amp.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 1e9,
  })
  return { code: ran.status, out: ran.stdout, err: ran.stderr }
}

let wrong = 0
for (const file of readdirSync('test/cases/rows').sort()) {
  const row = JSON.parse(readFileSync(join('test/cases/rows', file), 'utf8'))
  const id = file.replace(/\.json$/, '')
  const inputs = row.args.map((a) => a.replace(/^.*=/, '')).filter((a) => /\.(amp|json|csv|npy)$/.test(a))
  const folder = folders.find((f) => inputs.every((i) => existsSync(join(f, i))))
  if (folder === undefined) {
    process.stdout.write(`${id.padEnd(24)} not here (${inputs.join(', ')})\n`)
    continue
  }
  const troubles = troublesOf(row, (args) => amp(folder, args))
  if (troubles.length > 0) wrong += 1
  process.stdout.write(`${id.padEnd(24)} ${troubles.length === 0 ? 'right' : 'WRONG'}  amp ${row.args.join(' ')}\n`)
  for (const trouble of troubles) process.stdout.write(`${' '.repeat(26)}${trouble.split('\n')[0]}\n`)
}
process.exitCode = wrong > 0 ? 1 : 0

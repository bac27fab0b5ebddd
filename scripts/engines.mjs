// Draws are the same on every engine: runs seeded readings through the built program and compares the files' digests with
// test/engines/digests.json.
//   node scripts/engines.mjs              on the Node that runs it
//   node scripts/engines.mjs 20 22 24     also on these, which npm fetches; those that cannot be had are left out, with a word
//   node scripts/engines.mjs --write      writes the digests: only where draws were meant to change
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const program = resolve(process.env.AMP_DIST ?? 'dist', 'amp.js')
const kept = 'test/engines/digests.json'

/**
 * The readings, by name: the arguments of `amp`, which end in a file to write, and the digest of what it writes. Where that is a
 * module, `data` and `options` are what it is run on, and the digest is that of its draws.
 */
export const readings = () => JSON.parse(readFileSync(kept, 'utf8'))

/** The digest of all files that one reading writes, run by the Node at `node`. */
export function digestOf({ args, data, options }, node = process.execPath) {
  const folder = mkdtempSync(join(tmpdir(), 'amp-engines-'))
  try {
    const ran = spawnSync(node, [program, ...args.slice(0, -1), join(folder, args.at(-1))], { encoding: 'utf8' })
    if (ran.status !== 0 && ran.status !== 2) throw new Error(`amp ${args.join(' ')} ended with ${ran.status}:\n${ran.stderr}`)
    if (data !== undefined) runModule(node, folder, args.at(-1), data, options)
    const hash = createHash('sha256')
    // Names beside an array are no draws.
    const files = readdirSync(folder).filter((file) => !file.endsWith('.coords.json'))
    for (const file of files.sort()) hash.update(`${file}\0`).update(numbersOf(join(folder, file)))
    return hash.digest('hex')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Puts the draws of an emitted sampler in its place. */
function runModule(node, folder, name, data, options) {
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs'
    import { sample } from ${JSON.stringify(pathToFileURL(join(folder, name)).href)}
    const { draws } = sample({ data: JSON.parse(readFileSync(${JSON.stringify(data)}, 'utf8')) }, ${JSON.stringify(options)})
    writeFileSync(${JSON.stringify(join(folder, 'draws.bin'))}, Buffer.concat(draws.chains.map((c) => Buffer.from(c.values.buffer, c.values.byteOffset, c.values.byteLength))))
  `
  const ran = spawnSync(node, ['--input-type=module', '--eval', script], { encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(`the module ended with ${ran.status}:\n${ran.stderr}`)
  for (const file of readdirSync(folder)) if (file !== 'draws.bin') rmSync(join(folder, file))
}

/** A file's bytes; of a retrieval in JSON the numbers alone, so that a new key changes no digest. */
function numbersOf(path) {
  const bytes = readFileSync(path)
  if (!path.endsWith('.json')) return bytes
  return JSON.stringify(JSON.parse(bytes).cues.map(({ states, energy, trace }) => ({ states, energy, trace })))
}

/** Fetches a Node of this major version from npm, whose packages carry the program itself: no install script runs. */
function fetched(major) {
  const { platform, arch } = process
  const name = `${platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'}-${platform === 'win32' ? 'win' : platform}-${arch}`
  const folder = join(tmpdir(), `amp-node-${major}-${process.pid}`)
  mkdirSync(folder)
  const npm = spawnSync('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${major}`], {
    encoding: 'utf8',
    shell: platform === 'win32',
  })
  const node = join(folder, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node')
  return { folder, node: npm.status === 0 && existsSync(node) ? node : undefined }
}

function versionOf(node) {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
}

/** Compares every reading; the names of those that differ. */
function differing(node) {
  const wrong = Object.entries(readings()).filter(([, reading]) => digestOf(reading, node) !== reading.sha256)
  console.log(
    `Node ${versionOf(node)}: ${wrong.length === 0 ? 'every file as kept, byte by byte' : `differs in ${wrong.map(([name]) => name).join(', ')}`}`,
  )
  return wrong.map(([name]) => name)
}

function write() {
  const made = Object.fromEntries(
    Object.entries(readings()).map(([name, { sha256: _, ...reading }]) => [name, { ...reading, sha256: digestOf(reading) }]),
  )
  writeFileSync(kept, `${JSON.stringify(made, null, 2)}\n`)
}

function main(wanted) {
  if (wanted.includes('--write')) return write()
  let wrong = differing(process.execPath)
  for (const major of wanted.filter((m) => m !== process.versions.node.split('.')[0])) {
    const { folder, node } = fetched(major)
    if (node === undefined) console.log(`Node ${major} could not be fetched from npm: left out`)
    else wrong = [...wrong, ...differing(node)]
    rmSync(folder, { recursive: true, force: true })
  }
  if (wrong.length > 0) process.exitCode = 1
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main(process.argv.slice(2))

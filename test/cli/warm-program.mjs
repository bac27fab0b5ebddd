// A process that runs one command of amp after the other: `node warm-program.mjs PROGRAM REQUESTS REPLIES`, of which the last two
// are pipes with a line of JSON for each command. It ends where nobody can ask any more. The program is imported anew for each,
// with its arguments, folder, environment and streams in their usual places; the pieces that it loads are kept.
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'

const [node, , program, requests, replies] = process.argv
const from = openSync(requests, 'r')
const to = openSync(replies, 'w')
const home = process.cwd()
const environment = { ...process.env }
const streams = { stdout: Object.getOwnPropertyDescriptor(process, 'stdout'), stderr: Object.getOwnPropertyDescriptor(process, 'stderr') }

for (let n = 1, request = next(); request !== undefined; n += 1, request = next()) write(JSON.stringify(await run(n, request)))
closeSync(to)

async function run(n, { folder, args, variables }) {
  const said = { stdout: collector(), stderr: collector() }
  const listening = listeners()
  for (const name of ['stdout', 'stderr']) Object.defineProperty(process, name, { value: said[name].stream, configurable: true })
  process.chdir(folder)
  process.argv = [node, program, ...args]
  process.exitCode = undefined
  process.env = { ...environment, ...variables }
  try {
    await import(`${pathToFileURL(program)}?run=${n}`)
    // What is under way behind the command's back would be waited for at the end of a process.
    await new Promise((resolve) => setImmediate(resolve))
    const code = Number(process.exitCode ?? 0)
    for (const [name, listener] of listeners().filter((entry) => !has(listening, entry))) {
      process.removeListener(name, listener)
      if (name === 'exit') listener.call(process, code)
    }
    return { code, out: said.stdout.text(), err: said.stderr.text() }
  } finally {
    process.chdir(home)
    for (const [name, stream] of Object.entries(streams)) Object.defineProperty(process, name, stream)
    process.exitCode = undefined
  }
}

/** Who listens to what happens to the process: what a command leaves there is as if that process had ended. */
function listeners() {
  return process.eventNames().flatMap((name) => process.rawListeners(name).map((listener) => [name, listener]))
}

function has(entries, [name, listener]) {
  return entries.some(([n, l]) => n === name && l === listener)
}

function collector() {
  const chunks = []
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(chunk)
      done()
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') }
}

/** The next request; undefined where whoever asks is gone. */
function next() {
  const chunks = []
  for (const buffer = Buffer.alloc(1 << 16); ; ) {
    const count = readSync(from, buffer, 0, buffer.length, null)
    if (count === 0) return undefined
    chunks.push(Buffer.from(buffer.subarray(0, count)))
    if (buffer[count - 1] === 10) return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  }
}

function write(line) {
  const bytes = Buffer.from(`${line}\n`)
  for (let done = 0; done < bytes.length; ) done += writeSync(to, bytes, done)
}

import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Ran } from './amp.ts'

interface Request {
  readonly folder: string
  readonly args: readonly string[]
  /** Environment variables besides those that were there when the process began. */
  readonly variables: Readonly<Record<string, string>>
}

/**
 * Runs commands of `program` in one process that stays, so that the tests do not pay the start of a process for each. It is asked
 * through named pipes, which can be waited for without letting go of the thread: a test calls it like a function.
 */
export class WarmProgram {
  readonly #program: string
  #pipes: { readonly requests: number; readonly replies: number } | undefined

  constructor(program: string) {
    this.#program = program
  }

  run(request: Request): Ran {
    this.#pipes ??= begin(this.#program)
    writeSync(this.#pipes.requests, `${JSON.stringify(request)}\n`)
    const reply = lineFrom(this.#pipes.replies)
    if (reply !== undefined) return JSON.parse(reply) as Ran
    this.#pipes = undefined
    throw new Error(`amp ${request.args.join(' ')} ended the process that runs many commands`)
  }
}

function begin(program: string): { readonly requests: number; readonly replies: number } {
  const folder = mkdtempSync(join(tmpdir(), 'amp-warm-'))
  const [requests, replies] = [join(folder, 'requests'), join(folder, 'replies')]
  execFileSync('mkfifo', [requests, replies])
  const script = fileURLToPath(new URL('warm-program.mjs', import.meta.url))
  spawn(process.execPath, [script, program, requests, replies], { stdio: ['ignore', 'inherit', 'inherit'] }).unref()
  // Each waits until the other end is open.
  const pipes = { requests: openSync(requests, 'w'), replies: openSync(replies, 'r') }
  rmSync(folder, { recursive: true })
  return pipes
}

/** One line; undefined where the other end is closed. */
function lineFrom(descriptor: number): string | undefined {
  const chunks: Buffer[] = []
  for (const buffer = Buffer.alloc(1 << 16); ; ) {
    const count = readSync(descriptor, buffer, 0, buffer.length, null)
    if (count === 0) return undefined
    chunks.push(Buffer.from(buffer.subarray(0, count)))
    if (buffer[count - 1] === 10) return Buffer.concat(chunks).toString('utf8')
  }
}

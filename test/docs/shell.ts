import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { amp, program, type Ran } from '../cli/amp.ts'

/** What a shell does with the line of a page, where `amp` is the program that is tested. */
export class Shell {
  readonly #bin = mkdtempSync(join(tmpdir(), 'amp-bin-'))

  constructor() {
    writeFileSync(join(this.#bin, 'amp'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 })
  }

  run(folder: string, line: string): Ran {
    const [first, ...args] = wordsOf(line) ?? []
    if (first === 'amp') return amp(folder, args)
    const env = { ...process.env, PATH: `${this.#bin}${delimiter}${process.env.PATH ?? ''}`, NO_COLOR: '1' }
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8', timeout: 60_000, env })
    return { code: status, out: stdout, err: stderr }
  }

  end(): void {
    rmSync(this.#bin, { recursive: true })
  }
}

/** The words of a line in which a shell has nothing to do but to take quotes off; undefined for any other. */
function wordsOf(line: string): readonly string[] | undefined {
  const pieces = line.replaceAll('\\\n', ' ').match(/"[^"$`\\]*"|'[^']*'| +|[\w./=:,+@%-]|./gs) ?? []
  const words: string[] = ['']
  for (const piece of pieces) {
    if (piece.startsWith(' ')) words.push('')
    else if (piece.length > 1) words.push(`${words.pop()}${piece.slice(1, -1)}`)
    else if (/[\w./=:,+@%-]/.test(piece)) words.push(`${words.pop()}${piece}`)
    else return undefined
  }
  return words.filter((word) => word !== '')
}

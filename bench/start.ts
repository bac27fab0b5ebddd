import { spawnSync } from 'node:child_process'
import { inTurns, type Paired, timed } from './measure.ts'

const ROUNDS = 21

/** `amp check` of a small model against a bare `node -e 0`: whole processes, microseconds. */
export function startUp(): Paired {
  const node = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`node ${args.join(' ')}: ${stderr}`)
  }
  const check = () => timed(() => node('dist/amp.js', 'check', 'models/eight_schools/eight_schools.amp'))
  const bare = () => timed(() => node('-e', '0'))
  check()
  bare()
  return inTurns(check, bare, ROUNDS)
}

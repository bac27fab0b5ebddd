import { afterEach, beforeEach } from 'vitest'

/**
 * Seconds of CPU time that one test may take in its own process. Time by the clock says nothing on a machine that does other work
 * at once; programs that a test starts are not counted.
 */
const LIMIT = 40

declare module 'vitest' {
  interface TaskMeta {
    /** Seconds of CPU time. */
    cpu?: number
  }
}

let before = process.cpuUsage()

beforeEach(() => {
  before = process.cpuUsage()
})

afterEach(({ task }) => {
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  task.meta.cpu = seconds
  if (seconds > LIMIT) throw new Error(`took ${seconds.toFixed(0)} s of CPU time, where ${LIMIT} s are allowed`)
})

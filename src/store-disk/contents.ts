import { randomUUID } from 'node:crypto'
import { decoded, encoded } from '../memory/store/codec.ts'
import type { PatternContent } from '../memory/store/document.ts'
import type { DiskEnvironment } from './environment.ts'

/** Numbers of patterns, which are put aside first and belong to the store once a change refers to them. */
export interface DiskContents {
  /** Throws where the bytes are something else. */
  read(id: string): PatternContent | undefined
  stage(content: PatternContent, id?: string): string
  unstage(ids: readonly string[]): void
  /** Within the transaction of a change that refers to it. */
  refer(id: string): void
  /** Once that is on disk. */
  referred(id: string): void
  /** Within a transaction. */
  drop(id: string): void
  /** Drops what processes put aside that have ended since. */
  tidy(): void
}

/**
 * What was put aside last waits in memory, so that a small write is one transaction: it goes to disk with the change that refers
 * to it, or before the next is put aside. What lies there and no change refers to is in `staged`, with its process.
 */
export function diskContents(environment: DiskEnvironment): DiskContents {
  const contents = environment.table('contents')
  const staged = environment.table('staged')
  const writer = randomUUID()
  let stagings = 0
  let waiting: { readonly id: string; readonly content: PatternContent } | undefined
  const drop = (id: string): void => environment.remove(contents, id)
  const dropAll = (ids: readonly string[]): void => {
    if (ids.length === 0) return
    environment.transaction(() => {
      for (const id of ids) {
        drop(id)
        environment.remove(staged, id)
      }
    })
  }
  return {
    read(id) {
      if (id === waiting?.id) return waiting.content
      const bytes = contents.getBinaryFast(id)
      return bytes === undefined ? undefined : (decoded(bytes) as PatternContent)
    },
    stage(content, own) {
      const before = waiting
      if (before !== undefined)
        environment.transaction(() => {
          environment.put(contents, before.id, encoded(before.content))
          environment.put(staged, before.id, Buffer.from(String(process.pid)))
        })
      stagings += 1
      waiting = { id: own ?? `${writer} ${stagings}`, content }
      return waiting.id
    },
    unstage(ids) {
      dropAll(ids.filter((id) => id !== waiting?.id))
      if (ids.some((id) => id === waiting?.id)) waiting = undefined
    },
    refer(id) {
      if (id === waiting?.id) environment.put(contents, id, encoded(waiting.content))
      else environment.remove(staged, id)
    },
    referred(id) {
      if (id === waiting?.id) waiting = undefined
    },
    drop,
    tidy() {
      const left = Array.from(staged.getRange({}), ({ key, value }) => ({ id: String(key), process: Number(value.toString()) }))
      dropAll(left.filter((s) => !isRunning(s.process)).map((s) => s.id))
    },
  }
}

function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

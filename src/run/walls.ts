import { must } from '../base/internal-error.ts'
import { open } from '../middle/open.ts'
import * as ports from '../middle/ports.ts'
import type { RetrievalState } from '../middle/program.ts'
import type { RetrievalParts } from './retrieval.ts'
import type { Run } from './run.ts'

/** Between which values each element of a state may move, one number for all or one each. */
export interface BoxWalls {
  readonly lower: Float64Array
  readonly upper: Float64Array
}

/** Works out the bounds of states that move in boxes, which read nothing that moves. */
export interface WallReader {
  /** `own`: what is fixed, and differs from cue to cue. */
  at(own: Readonly<Record<string, Float64Array>>): (state: RetrievalState) => BoxWalls | undefined
  dispose(): void
}

export function wallReader(run: Run<RetrievalParts>, perCue: readonly string[]): WallReader {
  const { program } = run.parts
  const executable = open({ ...run, fixed: new Map([...run.fixed].filter(([name]) => !perCue.includes(name))) }, program.graph)
  return {
    at(own) {
      for (const [name, value] of Object.entries(own)) {
        executable.inputs.get(name)?.set(value)
        executable.touch(name)
      }
      executable.run()
      const read = (port: string): Float64Array => Float64Array.from(must(executable.outputs.get(port), port))
      return ({ name, move }) => (move.kind === 'box' ? { lower: read(ports.lower(name)), upper: read(ports.upper(name)) } : undefined)
    },
    dispose: () => executable.dispose(),
  }
}

import { systemReason } from './files/bytes.ts'

/** What cannot be printed ends the program with a sentence; where nobody reads any more (amp show ... | head), in silence. */
export function guardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const closed = error.code === 'EPIPE'
    if (!closed) process.stderr.write(`Standard output could not be written: ${systemReason(error)}.\n`)
    // The command that printed may not have said yet how it ended; a signal that ended it says more.
    setImmediate(() => process.exit(closed || Number(process.exitCode) >= 128 ? process.exitCode : 1))
  })
  // There is nowhere left to say it.
  process.stderr.on('error', () => {})
}

import { systemReason } from './files/bytes.ts'

/** What cannot be printed ends the program with a sentence; where nobody reads any more (amp show ... | head), in silence. */
export function guardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      process.stderr.write(`Standard output could not be written: ${systemReason(error)}.\n`)
      process.exitCode = 1
    }
    // The command that printed may not have said yet how it ended.
    setImmediate(() => process.exit())
  })
  // There is nowhere left to say it.
  process.stderr.on('error', () => {})
}

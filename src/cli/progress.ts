import type { ChainProgress } from '../workers/here.ts'

export interface ProgressBars {
  update(progress: ChainProgress): void
  /** A line above the bars. */
  say(text: string): void
  stop(): void
}

/**
 * A line a chain, in place: how far it is, divergences, time left. Only for a terminal, for which alone the package is
 * loaded; undefined otherwise.
 */
export async function openProgress(chains: number, steps: number, stream: NodeJS.WriteStream): Promise<ProgressBars | undefined> {
  if (stream.isTTY !== true) return undefined
  const { MultiBar } = (await import('cli-progress')).default
  const bars = new MultiBar({
    stream,
    format: '{name} [{bar}] {percentage}% {phase}{divergences}, {eta_formatted} left',
    barsize: 24,
    fps: 8,
    clearOnComplete: true,
    hideCursor: true,
    // Raw mode would swallow Ctrl-C.
    noTTYOutput: false,
    gracefulExit: false,
    etaBuffer: 20,
  })
  const lines = Array.from({ length: chains }, (_, chain) => bars.create(steps, 0, payload(chain, undefined)))
  let stopped = false
  const stop = (): void => {
    if (stopped) return
    stopped = true
    process.off('exit', stop)
    bars.stop()
  }
  // The cursor is hidden meanwhile.
  process.once('exit', stop)
  return {
    update(progress) {
      if (stopped) return
      lines[progress.chain]?.update(progress.step, payload(progress.chain, progress))
    },
    say: (text) => bars.log(`${text}\n`),
    stop,
  }
}

/** What a chain's line says besides how far it is. */
export function payload(chain: number, progress: ChainProgress | undefined): { name: string; phase: string; divergences: string } {
  const divergent = progress?.divergent ?? 0
  return {
    name: `Chain ${chain + 1}`,
    phase: progress === undefined ? 'waiting' : progress.warmingUp ? 'warm-up' : 'sampling',
    divergences: divergent === 0 ? '' : `, ${divergent} divergent`,
  }
}

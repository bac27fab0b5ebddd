export interface ProgressLine {
  /** How much is done, from 0 to 1, and what comes now. */
  show(done: number, now: string): void
  clear(): void
}

/** One line on a terminal that says how far something is; nothing elsewhere. */
export function progressLine(name: string, stream: NodeJS.WriteStream): ProgressLine {
  if (stream.isTTY !== true) return { show() {}, clear() {} }
  return {
    show: (done, now) => stream.write(`\r\x1b[K${name}  ${Math.round(100 * done)}%  ${now}`),
    clear: () => stream.write('\r\x1b[K'),
  }
}

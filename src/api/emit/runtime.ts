import { fileURLToPath } from 'node:url'
import type { Reading } from '../emit.ts'

/**
 * The loops of one reading as a script that defines `amp_runtime`: the same sources that run in process, so that an
 * emitted module gives the same bits.
 */
export async function runtimeText(reading: Reading): Promise<string> {
  const { build } = await import('esbuild')
  // From the sources in development, from the bundle once built.
  const source = import.meta.url.endsWith('.ts') ? `../runtime/${reading}-module.ts` : `./runtime/${reading}.js`
  const result = await build({
    entryPoints: [fileURLToPath(new URL(source, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'amp_runtime',
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'silent',
  })
  return result.outputFiles[0]?.text.trim() ?? ''
}

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Reading } from '../emit.ts'

/**
 * The loops of one reading as a script that defines `amp_runtime`: the same sources that run in process, so that an
 * emitted module gives the same bits. Built beforehand by scripts/build.mjs; from the sources in development.
 */
export async function runtimeText(reading: Reading): Promise<string> {
  const text = import.meta.url.endsWith('.ts') ? await bundled(reading) : await built(reading)
  return text.trim()
}

function built(reading: Reading): Promise<string> {
  return readFile(new URL(`./runtime/${reading}.js`, import.meta.url), 'utf8')
}

async function bundled(reading: Reading): Promise<string> {
  const { build } = await import('esbuild')
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`../runtime/${reading}-module.ts`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'amp_runtime',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    logLevel: 'silent',
  })
  return result.outputFiles[0]?.text ?? ''
}

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The scripts that emitted modules are made of. */
export type Script = 'retrieve' | 'sample' | 'retrieve-tfjs' | 'draws'

/**
 * What drives one reading, as a script that defines `amp_runtime` (or `amp_draws`): the same sources that run in process, so that an
 * emitted module gives the same bits. Built beforehand by scripts/build.mjs; from the sources in development.
 */
export async function runtimeText(script: Script): Promise<string> {
  const text = import.meta.url.endsWith('.ts') ? await bundled(script) : await built(script)
  return text.trim()
}

function built(script: Script): Promise<string> {
  return readFile(new URL(`./runtime/${script}.js`, import.meta.url), 'utf8')
}

const already = new Map<Script, Promise<string>>()

function bundled(script: Script): Promise<string> {
  const text = already.get(script) ?? bundle(script)
  already.set(script, text)
  return text
}

async function bundle(script: Script): Promise<string> {
  const { build } = await import('esbuild')
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`../runtime/${script}-module.ts`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: script === 'draws' ? 'amp_draws' : 'amp_runtime',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    logLevel: 'silent',
  })
  return result.outputFiles[0]?.text ?? ''
}

import type { Plugin } from 'esbuild'

export function runtimeTexts(plugins?: readonly Plugin[]): Plugin

/** A plugin of vite. */
export function viteRuntimeTexts(): {
  name: string
  resolveId(id: string): string | undefined
  load(id: string): Promise<string | undefined>
}

// The scripts that emitted modules are made of, as modules whose default export is their text: `import('amp:runtime/sample')`.
// One plugin makes them for esbuild, one for vitest, from the same sources that run in process.
import { build } from 'esbuild'

const named = /^amp:runtime\/([\w-]+)$/

/** The text of one script: it defines `amp_runtime`, or `amp_draws`. `plugins`: of esbuild, for its sources. */
async function runtimeText(name, plugins = []) {
  const { outputFiles } = await build({
    entryPoints: [`src/run/${name}-module.ts`],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: name === 'draws' ? 'amp_draws' : 'amp_runtime',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    logLevel: 'warning',
    plugins,
  })
  return outputFiles[0].text.trim()
}

export function runtimeTexts(plugins = []) {
  return {
    name: 'runtime-texts',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: named }, ({ path }) => ({ path, namespace: 'runtime-text' }))
      onLoad({ filter: /./, namespace: 'runtime-text' }, async ({ path }) => ({
        contents: await runtimeText(named.exec(path)[1], plugins),
        loader: 'text',
      }))
    },
  }
}

/** The same for vite, and so for vitest. */
export function viteRuntimeTexts() {
  const made = new Map()
  return {
    name: 'runtime-texts',
    resolveId: (id) => (named.test(id) ? `\0${id}` : undefined),
    async load(id) {
      const name = id.startsWith('\0') ? named.exec(id.slice(1))?.[1] : undefined
      if (name === undefined) return undefined
      if (!made.has(name)) made.set(name, runtimeText(name))
      return `export default ${JSON.stringify(await made.get(name))}`
    },
  }
}

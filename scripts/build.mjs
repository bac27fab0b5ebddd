// Bundles the command-line program, the library and the run-time pieces that emitted modules are made of.
// `--types` adds the declarations of the library; `--bench` bundles the benchmarks instead; `--out DIR` builds elsewhere.
import { execFileSync } from 'node:child_process'
import { renameSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const flags = new Set(process.argv.slice(2))
const out = flags.has('--out') ? process.argv[process.argv.indexOf('--out') + 1] : 'dist'
const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  // Heavy packages are loaded only by the commands that need them, from node_modules.
  external: ['@tensorflow/*', 'esbuild', 'fast-check'],
  banner: { js: "import { createRequire as amp_createRequire } from 'node:module'; const require = amp_createRequire(import.meta.url);" },
}

/**
 * commander can start a command that is a program of its own, for which it loads Node's child processes and sockets: amp
 * has no such command, and starts without them.
 */
const withoutChildProcesses = {
  name: 'without-child-processes',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'child_process', namespace: 'left-out' } : undefined,
    )
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'module.exports = {}', loader: 'js' }))
  },
}

if (flags.has('--bench')) {
  await build({ ...common, entryPoints: { bench: 'bench/run.ts', posteriors: 'bench/peers/amp.ts' }, outdir: 'dist' })
} else {
  // Built aside and put in place at the end, so that a program that is running keeps its pieces until then.
  const aside = `${out}.${process.pid}`
  await build({
    ...common,
    entryPoints: { amp: 'src/cli/main.ts', index: 'src/index.ts', verify: 'src/api/verify.ts', worker: 'src/cli/workers/worker.ts' },
    outdir: aside,
    plugins: [withoutChildProcesses],
    splitting: true,
    minifyWhitespace: true,
    // An uncaught error prints its line.
    lineLimit: 160,
    legalComments: 'none',
  })
  const scripts = {
    bundle: true,
    format: 'iife',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    outdir: `${aside}/runtime`,
    logLevel: 'warning',
  }
  await build({
    ...scripts,
    entryPoints: {
      retrieve: 'src/run/retrieve-module.ts',
      'retrieve-tfjs': 'src/run/retrieve-tfjs-module.ts',
      sample: 'src/run/sample-module.ts',
    },
    globalName: 'amp_runtime',
  })
  await build({ ...scripts, entryPoints: { draws: 'src/run/draws-module.ts' }, globalName: 'amp_draws' })
  if (flags.has('--types'))
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', `${aside}/types`], {
      stdio: 'inherit',
    })
  rmSync(out, { recursive: true, force: true })
  renameSync(aside, out)
}

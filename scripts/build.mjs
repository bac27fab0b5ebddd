// Bundles the command-line program, the library and the run-time pieces that emitted modules are made of.
// `--types` adds the declarations of the library; `--bench` bundles the benchmarks instead; `--out DIR` builds elsewhere.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
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

if (flags.has('--bench')) {
  await build({ ...common, entryPoints: { bench: 'bench/run.ts', posteriors: 'bench/peers/amp.ts' }, outdir: 'dist' })
} else {
  rmSync(out, { recursive: true, force: true })
  await build({
    ...common,
    entryPoints: { amp: 'src/cli/main.ts', index: 'src/index.ts', worker: 'src/cli/workers/worker.ts' },
    outdir: out,
    splitting: true,
    minifyWhitespace: true,
    legalComments: 'none',
  })
  await build({
    entryPoints: {
      retrieve: 'src/api/runtime/retrieve-module.ts',
      'retrieve-tfjs': 'src/api/runtime/retrieve-tfjs-module.ts',
      sample: 'src/api/runtime/sample-module.ts',
    },
    bundle: true,
    format: 'iife',
    globalName: 'amp_runtime',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    outdir: `${out}/runtime`,
    logLevel: 'warning',
  })
  if (flags.has('--types'))
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
}

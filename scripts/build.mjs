// Bundles the command-line program, and the library for Node and browsers alike, with the run-time scripts that emitted
// modules are made of.
// `--types` adds the declarations of the library; `--bench` bundles the benchmarks instead; `--out DIR` builds elsewhere.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { build } from 'esbuild'
import { runtimeTexts } from './runtime-texts.mjs'

const flags = new Set(process.argv.slice(2))
const out = flags.has('--out') ? process.argv[process.argv.indexOf('--out') + 1] : 'dist'
const common = {
  bundle: true,
  format: 'esm',
  logLevel: 'warning',
  // Heavy packages are loaded only where they are asked for, from node_modules.
  external: ['@tensorflow/*', 'fast-check', 'lmdb'],
  plugins: [runtimeTexts()],
  // Packages that are bundled ask whether they are tried out; a page has no such name.
  define: { 'process.env.NODE_ENV': '"production"' },
}
const program = {
  ...common,
  platform: 'node',
  target: 'node20.19',
  banner: { js: "import { createRequire as amp_createRequire } from 'node:module'; const require = amp_createRequire(import.meta.url);" },
}
/** Nothing of Node: a bundler of a page takes it as it is. */
const library = {
  ...common,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2022',
  // Undefined in a page, where the bare name would not be there.
  define: { ...common.define, process: 'globalThis.process' },
}
const small = { splitting: true, minifyWhitespace: true, legalComments: 'none' }

/** The experiments of the gallery, which `amp reproduce` finds by their names. */
const experiments = readdirSync('models')
  .filter((name) => existsSync(`models/${name}/experiment.ts`))
  .map((name) => [`experiments/${name}`, `models/${name}/experiment.ts`])

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

/** `amp check` starts most often and needs least: it has pieces of its own, with nothing in them that only other commands use. */
const checkApart = {
  name: 'check-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/commands\/check\.ts$/ }, ({ importer }) =>
      importer === '' ? undefined : { path: './check/check.js', external: true },
    )
  },
}

if (flags.has('--bench')) {
  await build({ ...program, entryPoints: { bench: 'bench/run.ts', posteriors: 'bench/peers/amp.ts' }, outdir: 'dist' })
} else {
  // Built aside and put in place at the end, so that a program that is running keeps its pieces until then.
  const aside = `${out}.${process.pid}`
  await build({
    ...program,
    ...small,
    entryPoints: {
      amp: 'src/cli/main.ts',
      disk: 'src/store-disk/index.ts',
      workers: 'src/workers/index.ts',
      worker: 'src/workers/worker.ts',
      ...Object.fromEntries(experiments),
    },
    outdir: aside,
    plugins: [...common.plugins, withoutChildProcesses, checkApart],
    // An uncaught error prints its line.
    lineLimit: 160,
  })
  await build({ ...program, ...small, entryPoints: { check: 'src/cli/commands/check.ts' }, outdir: `${aside}/check`, lineLimit: 160 })
  await build({
    ...library,
    ...small,
    entryPoints: { index: 'src/index.ts', verify: 'src/api/verify.ts', experiment: 'src/experiment/index.ts' },
    outdir: `${aside}/library`,
  })
  if (flags.has('--types'))
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', `${aside}/types`], {
      stdio: 'inherit',
    })
  rmSync(out, { recursive: true, force: true })
  renameSync(aside, out)
}

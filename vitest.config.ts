import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { viteRuntimeTexts } from './scripts/runtime-texts.mjs'
import { dist } from './test/build.ts'

export default defineConfig({
  plugins: [viteRuntimeTexts()],
  // Experiments import the library by its name.
  resolve: { tsconfigPaths: true },
  test: {
    include: ['test/**/*.test.ts'],
    // What is slow is what computes for long (test/cpu-limit.ts); by the clock only what hangs is ended.
    setupFiles: ['test/cpu-limit.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Modules keep nothing between tests, so that each is read once in a process and not once a file.
    isolate: false,
    // More than cores: tests of the command line wait for the processes that they start.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    globalSetup: ['test/build.ts'],
    // `AMP_DIST` names another build to be tested.
    env: { AMP_DIST: process.env.AMP_DIST ?? dist },
    reporters: ['default', './test/summary-reporter.ts'],
  },
})

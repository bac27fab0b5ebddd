import { defineConfig } from 'vitest/config'
import { viteRuntimeTexts } from './scripts/runtime-texts.mjs'

/** The tests that see mutants of one room: `AMP_MUTANTS` has their globs, separated by spaces. */
export default defineConfig({
  plugins: [viteRuntimeTexts()],
  resolve: { tsconfigPaths: true },
  test: {
    include: (process.env.AMP_MUTANTS ?? 'test/**/*.test.ts').split(' '),
    setupFiles: ['scripts/mutants/globals.mjs'],
    testTimeout: 60_000,
  },
})

import { execFileSync } from 'node:child_process'

export const dist = 'out/test'

/** Bundles the command-line program and the library once, beside `dist`, so that tests run them as a user would. */
export default function setup(): void {
  if (process.env.AMP_DIST === undefined) execFileSync(process.execPath, ['scripts/build.mjs', '--out', dist], { stdio: 'inherit' })
}

import { execFileSync } from 'node:child_process'

/** Bundles the command-line program once, so that tests run it as a user would. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' })
}

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where a Chromium is on this machine: `CHROMIUM`, or by its names on the path. */
export const chromium = program('CHROMIUM', ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])

/** Where a Firefox is: `FIREFOX`, or by its names. */
export const firefox = program('FIREFOX', ['firefox', 'firefox-esr'])

function program(variable: string, names: readonly string[]): string | undefined {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
  // An empty one says that there is none.
  return (process.env[variable] ?? found) || undefined
}

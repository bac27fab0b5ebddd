import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import type { Experiment } from '../experiment/experiment.ts'
import { readExperiment } from '../experiment/read.ts'

/** An experiment that was found, with the folder that holds its models. */
export interface System {
  readonly name: string
  readonly folder: string
  readonly experiment: Experiment
}

const here = dirname(fileURLToPath(import.meta.url))
/** Built from `models/NAME/experiment.ts`. */
const experiments = join(here, 'experiments')
const models = join(above(here, 'models'), 'models')

/** The systems that come with amp, in alphabetical order. */
export function systemNames(): readonly string[] {
  if (!existsSync(experiments)) return []
  return readdirSync(experiments)
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -'.js'.length))
    .sort()
}

/** A system by its name, or the experiment in a file of one's own. */
export async function findSystem(asked: string): Promise<Checked<System>> {
  if (/[\\/]|\.[mc]?[jt]s$/.test(asked)) return imported(asked, resolve(asked), dirname(asked))
  const names = systemNames()
  if (names.includes(asked)) return imported(asked, join(experiments, `${asked}.js`), join(models, asked))
  const hint =
    didYouMean(asked, names) ?? 'amp reproduce lists the systems; a file of your own is named with its folder, as in ./experiment.mjs'
  return unmade([diagnostic('AMP730', `There is no system "${asked}".`, { hint })])
}

async function imported(name: string, path: string, folder: string): Promise<Checked<System>> {
  const trouble = fileTrouble(name, path)
  if (trouble !== undefined) return unmade([trouble])
  let module: { readonly default?: unknown }
  try {
    module = await import(pathToFileURL(path).href)
  } catch (error) {
    return unmade([unloadable(name, error)])
  }
  const read = readExperiment(module.default, name)
  return read.ok ? made({ name, folder, experiment: read.value }) : read
}

function fileTrouble(name: string, path: string): Diagnostic | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return diagnostic('AMP701', `${name} could not be read: there is no such file.`, { place: name })
  if (!found.isDirectory()) return undefined
  const own = basename(path)
  const hint = systemNames().includes(own) ? `the system is called by its name alone: ${own}` : 'name the module in it'
  return diagnostic('AMP701', `${name} could not be read: it is a folder.`, { place: name, hint })
}

function unloadable(place: string, error: unknown): Diagnostic {
  const { message, code } =
    error instanceof Error ? (error as Error & { readonly code?: string }) : { message: String(error), code: undefined }
  const typed = code === 'ERR_UNKNOWN_FILE_EXTENSION' || /\.[mc]?ts$/.test(place)
  const hint = typed ? 'this version of Node runs JavaScript alone: build the file first, as with esbuild --bundle --format=esm' : undefined
  return diagnostic('AMP731', `The module could not be loaded: ${message.split('\n')[0]}`, {
    place,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** A file beside an experiment, from the working folder where it is in there. */
export function beside(folder: string, file: string): string {
  const path = isAbsolute(file) ? file : join(folder, file)
  const short = relative('', path)
  return short.startsWith('..') ? path : short
}

/** The nearest folder from here up that has this one: the package's own, however deep in it the program was built. */
function above(from: string, folder: string): string {
  const up = dirname(from)
  return existsSync(join(from, folder)) || up === from ? from : above(up, folder)
}

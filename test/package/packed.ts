import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

interface Manifest {
  readonly files: readonly string[]
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
}

export const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest

export interface Packed {
  /** A project that has the package as `npm install --omit=optional` leaves it. */
  readonly project: string
  /** The package in it. */
  readonly at: string
  /** Bytes of the tarball. */
  readonly bytes: number
}

/** Builds and packs the package apart from the checkout, whose own `dist` stays as it is, and unpacks it in a new project. */
export function packed(): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'amp-package-'))
  const stage = join(folder, 'stage')
  mkdirSync(stage)
  for (const name of manifest.files) if (name !== 'dist' && existsSync(name)) cpSync(name, join(stage, name), { recursive: true })
  // What it would run before it packs has been run.
  writeFileSync(join(stage, 'package.json'), JSON.stringify({ ...manifest, scripts: {} }))
  execFileSync(process.execPath, ['scripts/build.mjs', '--types', '--out', join(stage, 'dist')], { stdio: 'inherit' })
  const [made] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: stage, encoding: 'utf8', shell: process.platform === 'win32' })) as readonly { readonly filename: string; readonly size: number }[] // biome-ignore format: a command
  if (made === undefined) throw new Error('npm pack made nothing')
  const project = join(folder, 'project')
  mkdirSync(join(project, 'node_modules'), { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, made.filename), '-C', join(project, 'node_modules')])
  const at = join(project, 'node_modules', 'amp-lang')
  cpSync(join(project, 'node_modules', 'package'), at, { recursive: true })
  for (const name of withTheirOwn(Object.keys(manifest.dependencies))) linked(project, name)
  return { project, at, bytes: made.size }
}

/** A package of this checkout, in a project. */
function linked(project: string, name: string): void {
  const at = join(project, 'node_modules', name)
  mkdirSync(resolve(at, '..'), { recursive: true })
  symlinkSync(resolve('node_modules', name), at)
}

function withTheirOwn(names: readonly string[]): readonly string[] {
  const all = new Set(names)
  for (const name of all) {
    const { dependencies = {} } = JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8')) as Partial<Manifest>
    for (const more of Object.keys(dependencies)) all.add(more)
  }
  return [...all]
}

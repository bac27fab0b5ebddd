import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { buildSync } from 'esbuild'
import ts from 'typescript'

/**
 * A copy of the sources in a temporary folder, for tests that follow a recipe of `docs/recipes.md`: edit files, see what
 * the compiler asks for, run what was made. `node_modules` is a link. Call `remove` when done.
 */
export class Copy {
  readonly root = mkdtempSync(join(tmpdir(), 'amp-recipe-'))
  #program: ts.Program | undefined

  constructor() {
    for (const part of ['src', 'test/generators', 'scripts', 'package.json', 'tsconfig.json'])
      cpSync(part, join(this.root, part), { recursive: true })
    symlinkSync(resolve('node_modules'), join(this.root, 'node_modules'))
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8')
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true })
    writeFileSync(join(this.root, file), text)
  }

  /** Exchanges `before`, which must be there exactly once. */
  replace(file: string, before: string, after: string): void {
    const parts = this.read(file).split(before)
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${before}`)
    this.write(file, parts.join(after))
  }

  /** Puts `text` in front of `anchor`, which must be there exactly once. */
  insertBefore(file: string, anchor: string, text: string): void {
    this.replace(file, anchor, text + anchor)
  }

  /** Puts `text` on lines of its own behind the one line that holds `anchor`. */
  insertAfter(file: string, anchor: string, text: string): void {
    const lines = this.read(file).split('\n')
    const found = lines.flatMap((line, k) => (line.includes(anchor) ? [k] : []))
    if (found.length !== 1) throw new Error(`${file} has ${found.length} lines with: ${anchor}`)
    lines.splice((found[0] as number) + 1, 0, text)
    this.write(file, lines.join('\n'))
  }

  /**
   * What the project's TypeScript says, as `src/ir/scalar.ts(80): Property ...`, of the files under `folders` and of what
   * they import. A first call takes some seconds, later ones read only what was edited; `files`: look at no others.
   */
  typeErrors(folders: readonly string[] = ['src'], files?: readonly string[]): readonly string[] {
    const read = ts.readConfigFile(join(this.root, 'tsconfig.json'), ts.sys.readFile)
    const { options, fileNames } = ts.parseJsonConfigFileContent({ ...read.config, include: folders }, ts.sys, this.root)
    const program = ts.createProgram(fileNames, options, this.#host(options), this.#program)
    this.#program = program
    const checked = program
      .getSourceFiles()
      .filter((file) => !file.isDeclarationFile && (files?.includes(relative(this.root, file.fileName)) ?? true))
    return checked
      .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
      .map((d) => this.#line(d))
  }

  /** What a TypeScript module in the copy prints: `source` may import './src/...'. */
  run(source: string, args: readonly string[] = []): string {
    this.write('recipe.ts', source)
    return this.#printed('recipe.ts', args)
  }

  /** What the command line in the copy prints. */
  amp(args: readonly string[]): string {
    return this.#printed('src/cli/main.ts', args)
  }

  /** Modules are not emitted in a copy: what they are made of is left out. */
  #printed(entry: string, args: readonly string[]): string {
    buildSync({
      entryPoints: [join(this.root, entry)],
      outfile: join(this.root, 'recipe.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      external: ['amp:runtime'],
      logLevel: 'silent',
    })
    const ran = spawnSync(process.execPath, [join(this.root, 'recipe.mjs'), ...args], { cwd: this.root, encoding: 'utf8' })
    // 2: it ran, and warned of what it found.
    if (ran.status !== 0 && ran.status !== 2) throw new Error(ran.stderr)
    return ran.stdout
  }

  /** Source files that did not change are taken over from the program before. */
  #host(options: ts.CompilerOptions): ts.CompilerHost {
    const host = ts.createCompilerHost(options)
    const before = this.#program
    return {
      ...host,
      getSourceFile: (name, ...rest) => {
        const known = before?.getSourceFile(name)
        return known !== undefined && known.text === host.readFile(name) ? known : host.getSourceFile(name, ...rest)
      },
    }
  }

  #line({ file, start = 0, messageText }: ts.Diagnostic): string {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ')
    if (file === undefined) return message
    return `${relative(this.root, file.fileName)}(${file.getLineAndCharacterOfPosition(start).line + 1}): ${message}`
  }
}

/** The source files that a section of the recipes names in its numbered steps, each once. */
export function filesOfRecipe(heading: string): readonly string[] {
  const section = readFileSync('docs/recipes.md', 'utf8').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const [steps = ''] = section.split('\n|')
  return [...new Set([...steps.matchAll(/`((?:src|test\/generators)\/[\w/.-]+\.ts)`/g)].map(([, file]) => file as string))].sort()
}

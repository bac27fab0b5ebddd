import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

/** What each room may import, `docs/architecture.md` in a form that can fail. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  base: [],
  ir: ['base'],
  families: ['ir', 'base'],
  middle: ['families', 'ir/graph.ts', 'base'],
  dsl: ['middle', 'families', 'base'],
  targets: ['middle', 'ir', 'base'],
  bind: ['middle', 'ir', 'base'],
  compile: ['bind', 'middle', 'families', 'ir', 'base'],
  memory: ['middle', 'ir', 'base'],
  inference: ['middle', 'families', 'ir', 'base'],
  run: ['memory', 'inference', 'bind', 'targets', 'middle', 'families', 'ir', 'base'],
  verify: ['api', 'run', 'memory', 'inference', 'compile', 'bind', 'targets', 'dsl', 'middle', 'families', 'ir', 'base'],
  api: ['verify', 'run', 'memory', 'inference', 'compile', 'bind', 'targets', 'dsl', 'middle', 'families', 'ir', 'base'],
  'store-disk': ['memory', 'base'],
  workers: ['api', 'run', 'inference', 'middle', 'base'],
  plot: ['base'],
  experiment: ['index.ts', 'plot', 'base'],
  cli: [
    'index.ts',
    'workers',
    'store-disk',
    'experiment',
    'plot',
    'api',
    'verify',
    'run',
    'memory',
    'inference',
    'compile',
    'bind',
    'targets',
    'dsl',
    'middle',
    'ir',
    'base',
  ],
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
const text = (file: string): string => readFileSync(join('src', file), 'utf8')
const imports = (file: string): readonly string[] =>
  [...text(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((m) => m[1] as string)

describe('the rooms', () => {
  it.each(Object.keys(rooms))('%s imports only what its room may', (room) => {
    const allowed = rooms[room] ?? []
    const mayImport = (target: string): boolean =>
      target.startsWith(`${room}/`) || allowed.some((a) => target === a || target.startsWith(`${a}/`))
    const foreign = files
      .filter((file) => file.startsWith(`${room}/`))
      .flatMap((file) =>
        imports(file)
          .filter((target) => target.startsWith('.'))
          .map((target) => posix.normalize(posix.join(posix.dirname(file), target)))
          .filter((target) => !mayImport(target))
          .map((target) => `${file} imports ${target}`),
      )
    expect(foreign).toEqual([])
  })

  it('draws from families, and has their moments, without the graph and without formulas', async () => {
    const { metafile } = await build({
      stdin: {
        contents: `export { draws } from './tables/draws.ts'\nexport { numberMoments, arrayMoments } from './tables/moments.ts'`,
        resolveDir: 'src/families',
      },
      bundle: true,
      format: 'esm',
      write: false,
      metafile: true,
    })
    const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))
    const used = bundled.flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []))
    expect(used.filter((file) => /src\/families\/\w+\.ts$/.test(file)).length).toBeGreaterThan(30)
    expect(used.filter((file) => /src\/(ir|families\/formulas)\//.test(file))).toEqual([])
  })

  it('works out families by numbers without the graph', () => {
    const values = (file: string): readonly string[] =>
      [...text(file).matchAll(/^import (?!type )[^']*'(\.[^']+)'/gm)].map((m) =>
        posix.normalize(posix.join(posix.dirname(file), m[1] as string)),
      )
    const ofGraphs = files
      .filter((file) => file.startsWith('families/'))
      .flatMap((file) => values(file).map((target) => `${file} imports ${target}`))
      .filter((line) => / imports ir\/(?!scalar\.ts$|layout\.ts$)/.test(line))
    expect(ofGraphs).toEqual([])
  })

  // Modules for TensorFlow.js rewrite their graph once they know how many cues there are, so they hold it.
  it.each(
    files.filter((file) => /^run\/[\w-]+-module\.ts$/.test(file)),
  )('brings neither the compiler nor Node into emitted modules, nor what builds graphs: %s', async (entry) => {
    const { metafile } = await build({
      entryPoints: [`src/${entry}`],
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module'],
      write: false,
      metafile: true,
    })
    const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    )
    const never = ['dsl', 'compile', 'verify', 'api', 'cli', 'plot', 'experiment', 'workers']
    const builders = ['ir/builder', 'ir/node-table', 'ir/maths', 'ir/simplify', 'ir/gradient', 'ir/evaluate']
    const barred = [...never.map((room) => `${room}/`), ...(entry === 'run/retrieve-tfjs-module.ts' ? [] : builders)]
    expect(used.length).toBeGreaterThan(10)
    expect(used.filter((file) => barred.some((start) => file.startsWith(`src/${start}`)))).toEqual([])
    expect(used.filter((file) => file.startsWith('node_modules/')).filter((file) => !file.includes('fastest-levenshtein'))).toEqual([])
  })

  it('has no rooms outside the plan', () => {
    const found = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]))
    expect([...found].filter((room) => rooms[room as string] === undefined)).toEqual([])
  })

  it('imports of Node only in cli, for worker threads and for stores on disk, so that the library runs in browsers', () => {
    const touching = files.filter((file) =>
      imports(file).some((target) => /^(node:|fs|path|child_process|process|util|module|os|url|worker_threads)/.test(target)),
    )
    expect(touching.filter((file) => !/^(cli|workers|store-disk)\//.test(file))).toEqual([])
  })

  it('reads the clock only in cli and to share out work', () => {
    expect(
      files.filter((file) => !/^(cli|workers)\//.test(file) && /Date\.now|new Date\(|performance\.now|Math\.random/.test(text(file))),
    ).toEqual([])
  })

  it('names TensorFlow.js in one file', () => {
    expect(files.filter((file) => /from '@tensorflow|import\('@tensorflow/.test(text(file))).length).toBeLessThanOrEqual(1)
  })

  it('declares nothing of TensorFlow.js to users of the library, whose own types may be checked', () => {
    const reached = new Set(['index.ts', 'api/verify.ts'])
    for (const file of reached)
      for (const [, target = ''] of text(file).matchAll(/^(?:import|export) [^'(]*'(\.[^']+\.ts)'/gm))
        reached.add(posix.normalize(posix.join(posix.dirname(file), target)))
    expect(reached.size).toBeGreaterThan(200)
    expect([...reached].filter((file) => /^import [^'(]*'@tensorflow/m.test(text(file)))).toEqual([])
  })

  it('makes functions out of text in one file, and never evaluates', () => {
    expect(files.filter((file) => /new Function\(/.test(text(file))).length).toBe(1)
    expect(files.filter((file) => /\beval\(/.test(text(file)))).toEqual([])
  })

  it('has no JavaScript in programs of loops, and reads none of what it prints', () => {
    const loops = files.filter((file) => file.startsWith('targets/loops/'))
    expect(loops.flatMap((file) => imports(file).filter((target) => target.includes('kernel')))).toEqual([])
    const literals = (file: string): readonly string[] => {
      const code = text(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$|^import [^']*'[^']*'$/gm, '')
      return [...code.matchAll(/'([^'\n]*)'|`([^`]*)`/g)].map(
        ([, plain = '', template = '']) => plain + template.replace(/\$\{[^}]*\}/g, ''),
      )
    }
    expect(loops.flatMap(literals).filter((literal) => /[=+*/<>;(){}[\]]/.test(literal))).toEqual([])
    const printers = [...loops, ...files.filter((file) => file.startsWith('targets/kernel'))]
    const reads = /\b(text|lines?|only)\??\.(length|includes|startsWith|endsWith|slice|split|replace|replaceAll|match|indexOf)\b|\.test\(/
    expect(printers.filter((file) => reads.test(text(file)))).toEqual([])
  })

  it('raises to powers and takes exponentials, logarithms and angles by its own functions, since engines differ in theirs', () => {
    const own = /\bMath\s*(\.|\[['"`])\s*(pow|exp|expm1|log|log1p|log2|log10|a?sinh?|a?cosh?|a?tanh?|atan2|cbrt|hypot)\b/
    const byEngine = (file: string): boolean => {
      const code = text(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      return own.test(code) || code.replace(/'[^'\n]*'/g, "''").includes('**')
    }
    expect(own.test('Math.exp(x)')).toBe(true)
    expect(files.filter(byEngine)).toEqual([])
  })
})

/** Relative imports and re-exports of a file; `values` leaves out what is imported as types alone, which is gone when it runs. */
function targetsOf(file: string, values: boolean): readonly string[] {
  return [...text(file).matchAll(/^(?:import|export)\s+(type\s)?([^;'"]*?)from\s+'(\.[^']+)'/gm)].flatMap(
    ([, type, names = '', target = '']) => {
      const all = /^\{(?<names>[^}]*)\}\s*$/
        .exec(names)
        ?.groups?.names?.split(',')
        .filter((name) => name.trim() !== '')
      const erased = type !== undefined || all?.every((name) => name.trim().startsWith('type ')) === true
      return values && erased ? [] : [posix.normalize(posix.join(posix.dirname(file), target))]
    },
  )
}

/** Files that reach each other by imports (Tarjan 1972, strongly connected components of more than one). */
function circles(values: boolean): readonly (readonly string[])[] {
  const seen = new Map<string, { readonly order: number; low: number }>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (file: string): { low: number } => {
    const own = { order: seen.size, low: seen.size }
    seen.set(file, own)
    stack.push(file)
    for (const target of targetsOf(file, values)) {
      const known = seen.get(target)
      if (known === undefined) own.low = Math.min(own.low, visit(target).low)
      else if (stack.includes(target)) own.low = Math.min(own.low, known.order)
    }
    if (own.low === own.order) {
      const circle = stack.splice(stack.indexOf(file))
      if (circle.length > 1) found.push(circle.sort())
    }
    return own
  }
  for (const file of files) if (!seen.has(file)) visit(file)
  return found
}

describe('circles of imports', () => {
  it('has none by values', () => {
    expect(files.flatMap((file) => targetsOf(file, true)).length).toBeGreaterThan(1500)
    expect(circles(true)).toEqual([])
  })

  it('has those by types where something is made of itself, and no others', () => {
    const recursive = [
      // A family's power is the density of a family, by name; names are those of the table of families.
      (file: string): boolean => /^families\/(\w+|formulas\/powers|parts\/power|tables\/signatures)\.ts$/.test(file),
      // A builder writes a node again by its own methods.
      (file: string): boolean => /^ir\/(builder|rebuilt)\.ts$/.test(file),
    ]
    expect(circles(false).filter((circle) => !recursive.some((isOf) => circle.every(isOf)))).toEqual([])
  })
})

#!/usr/bin/env node
import { Argument, Command, CommanderError, Option } from 'commander'
import { InternalError } from '../base/internal-error.ts'
import { versions } from '../base/versions.ts'
import { retrieveRows } from '../middle/option-rows/retrieve.ts'
import type { ReadingName } from '../middle/options.ts'
import { Interrupted } from './interrupted.ts'
import { collect, collectNames, elementsIn, numberAs, withCompiledFlags, withFlag, withFlags, withSituationFlags } from './options.ts'
import { guardStreams } from './streams.ts'

/** The command-line program. A command's code is loaded only when it runs, so that `amp check` starts fast. */
const program = new Command('amp')
  .description('One energy, two readings: an .amp file as an associative memory and as probabilistic inference.')
  .version(versions.amp)
  .exitOverride()
  .showHelpAfterError('(amp --help lists the commands)')

program
  .command('check')
  .description('read and check models; report every error')
  .argument('<files...>', 'model files (- for standard input)')
  .option('--json', 'report as JSON')
  .option('--verbose', 'report whether and how each discrete state is summed out, or why not')
  .action(async (files: string[], options) => finish(await (await import('./commands/check.ts')).check(files, options)))

program
  .command('fmt')
  .description('format models in place')
  .argument('<files...>', 'model files (- reads standard input and writes standard output)')
  .option('--check', 'change nothing; fail if a file is not formatted')
  .action(async (files: string[], options) => finish((await import('./commands/fmt.ts')).fmt(files, options)))

withSituationFlags(program.command('show').description('print a stage of the compiler'))
  .argument('<file>', 'model file')
  .addOption(
    new Option('--stage <stage>', 'which stage')
      .choices(['ast', 'model', 'energy', 'gradient', 'conditionals', 'retrieval', 'sampling', 'kernel', 'tfjs'])
      .default('model'),
  )
  .option('--observed <name>', 'as it is where this state is observed completely', collectNames, [])
  .action(async (file: string, options) => finish(await (await import('./commands/show.ts')).show(file, options)))

program
  .command('explain')
  .description('explain a diagnostic code, with an example and its fix')
  .argument('[code]', 'such as AMP301; without it, the list of codes')
  .action(async (code: string | undefined) => finish((await import('./commands/explain.ts')).explain(code)))

/** The flags by which a command is given values. */
function withValues(command: Command): Command {
  return command
    .option('--data <file>', 'data: FILE (.json object or .csv with a header) or NAME=FILE', collect, [])
    .option('--memory <name=file>', 'a memory: NAME=FILE (.npy, .csv, .json)', collect, [])
    .option('--param <name=value>', 'a param: NAME=NUMBER or NAME=FILE', collect, [])
    .option('--observed <name=file>', 'known values of a state: NAME=FILE; missing numbers are unknown', collect, [])
    .option('--cue <name=file>', 'where a state starts: NAME=FILE or NAME=NUMBER', collect, [])
    .option(
      '--labels <axis[=a,b,...]>',
      'names of the elements of an axis, in order; AXIS alone: numbers in the data are names',
      collect,
      [],
    )
}

function reading(name: ReadingName, does: string): Command {
  const command = withValues(
    program.command(name).description(does).argument('<file>', 'model file, or a store: its folder, or what was exported of it'),
  )
    .option('--json', 'print the result as JSON')
    .option('--out <file>', 'write the result to a file (.json, .csv, .npy)')
  return withFlags(command, name)
}

reading('retrieve', 'relax from a cue to what is stored: go downhill on the energy').action(async (file: string, options) =>
  finish(await (await import('./commands/retrieve.ts')).retrieve(file, options)),
)

reading('sample', 'draw from exp(-E/T) and summarise')
  .option(
    '--init <file>',
    'where chains start: FILE.json (values by state, a list of them, or an earlier run), NAME=VALUE, or pathfinder (draws of Pathfinder)',
    collect,
    [],
  )
  .option(
    '--workers <n>',
    'threads for the chains (1: one chain after the other); default: as many as are useful',
    numberAs({ kind: 'whole', from: 1 }),
  )
  .option('--resume <file>', 'resume a run that --out FILE.json wrote; --draws is the total number of draws')
  .option(
    '--checkpoint <seconds>',
    'seconds between checkpoints of the draws, written beside --out (0: none)',
    numberAs({ kind: 'number', from: 0 }),
    60,
  )
  .option('-q, --quiet', 'no progress')
  .option('--all', 'print all rows, including those of large states and of states that were summed out')
  .action(async (file: string, options, command: Command) => {
    const explicit = new Set(Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli'))
    finish(await (await import('./commands/sample.ts')).sample(file, { ...options, explicit }))
  })

reading('fit', 'fit densities of blocks of variables that raise the evidence lower bound (variational inference)')
  .option('--all', 'print all rows, including those of large variables')
  .action(async (file: string, options) => {
    const { fit: run } = await import('./commands/fit.ts')
    finish(await run(file, options))
  })

reading('learn', 'learn params from patterns: go down a loss of them')
  .option('--trace <file>', 'write the loss of each step (.csv)')
  .option('--checkpoint <file>', 'write where the run is, at its end and every minute')
  .option('--resume <file>', 'go on from such a file; --steps and --epochs count from the beginning')
  .option('-q, --quiet', 'no progress')
  .action(async (file: string, options) => finish(await (await import('./commands/learn.ts')).learn(file, options)))

reading('energy', 'evaluate the energy at given values of the states, one row for each cue')
  .option('--terms', 'and each named term')
  .option('--gradient', 'and the gradient by the values of continuous states')
  .action(async (file: string, options) => finish(await (await import('./commands/energy.ts')).energy(file, options)))

reading('simulate', 'run a model forward in time: its flows, steps and jumps')
  .option('--input <name=file>', 'an input over time: FILE or NAME=FILE (.csv, .json) with a column "time"; or NAME=NUMBER', collect, [])
  .action(async (file: string, options) => finish(await (await import('./commands/simulate.ts')).simulate(file, options)))

withFlags(
  withValues(program.command('evidence').description('compute log Z, the log of the sum of exp(-E/T) over everything that moves')),
  'evidence',
)
  .argument('<file>', 'model file, or the folder of a store')
  .option('--json', 'print the result as JSON')
  .action(async (file: string, options) => finish(await (await import('./commands/evidence.ts')).evidence(file, options)))

withFlags(
  withValues(program.command('sweep').description('energy, heat capacity and order parameters along temperatures, by replica exchange')),
  'sweep',
)
  .argument('<file>', 'model file, or a store: its folder, or what was exported of it')
  .option('--json', 'print the result as JSON')
  .option('--out <file>', 'write a table (.csv), everything (.json) or a figure (.svg)')
  .action(async (file: string, options) => finish(await (await import('./commands/sweep.ts')).sweep(file, options)))

withFlags(
  withValues(program.command('capacity').description('find how many patterns a memory stores so that cues recall them')),
  'retrieve',
)
  .argument('<file>', 'model file')
  .requiredOption('--along <axis>', 'the axis of a memory that is filled with patterns')
  .option('--corrupt <state=how>', 'what is done to what is shown: x=flip(0.1), mask(0.5), erase(0.5, 0), normal(0.2) or none', collect, [])
  .option('--success <text>', 'when a cue is recalled: overlap>0.5, errors<=0.01, distance<0.1, nearest or exact (default: overlap>0.5)')
  .option(
    '--sizes <axis=list>',
    'sizes of an axis that the model leaves open: dim=20; dim=10, 20, 40; dim=10 .. 18 (each), dim=10 .. 100 in 4; dim=10:50:10',
    collect,
    [],
  )
  .option('--level <share>', 'the share of recalled cues that marks the capacity (default: 0.5)', numberAs({ kind: 'number', from: 0 }))
  .option('--memories <n>', 'memories made afresh at each load (default: 10)', numberAs({ kind: 'whole', from: 1 }))
  .option('--cues <n>', 'patterns cued of each memory (default: 10)', numberAs({ kind: 'whole', from: 1 }))
  .option('--from <n>', 'the first load (default: 1)', numberAs({ kind: 'whole', from: 1 }))
  .option('--to <n>', 'the largest load (default: 100000)', numberAs({ kind: 'whole', from: 1 }))
  .option('--ratio <x>', 'how near the loads on both sides come (default: 1.1)', numberAs({ kind: 'number', from: 1 }))
  .option('--loads <list>', 'loads to measure in the place of a search, said as sizes are')
  .option('--json', 'print the result as JSON')
  .option('--out <file>', 'write the result to a file (.json, .csv), or draw it (.svg)')
  .action(async (file: string, options) => finish(await (await import('./commands/capacity.ts')).capacity(file, options)))

withFlags(
  withValues(program.command('write').description('write patterns to a store; what is not observed of them is retrieved first')),
  'retrieve',
)
  .argument('<store>', 'folder of the store; it begins where there is none')
  .option('--model <file>', 'the model: to begin a store with, or to hold against its own')
  .option('--label <name>', 'what these patterns are called together')
  .addOption(
    new Option('--assign <how>', 'along an axis that grows, to which element: the likeliest, all by their shares, or a drawn one').choices([
      'map',
      'soft',
      'sample',
    ]),
  )
  .option('--json', 'print the result as JSON')
  .action(async (store: string, options) => finish(await (await import('./commands/write.ts')).write(store, options)))

withValues(program.command('forget').description('take patterns out of a store'))
  .argument('<store>', 'folder of the store')
  .option('--model <file>', 'the model, to hold against that of the store')
  .option('--label <name>', 'the patterns of this label, or the one of this number')
  .option('--keep-last <n>', 'all patterns but so many that were written last', numberAs({ kind: 'whole', from: 0 }))
  .option(
    '--decay <b>',
    'let posteriors diffuse toward their priors: means by sqrt(1 - b), covariances by 1 - b',
    numberAs({ kind: 'number', from: 0 }),
  )
  .option('--discount <b>', 'count what patterns say of posteriors 1 - b times as much', numberAs({ kind: 'number', from: 0 }))
  .option('--json', 'print the result as JSON')
  .action(async (store: string, options) => finish(await (await import('./commands/forget.ts')).forget(store, options)))

program
  .command('undo')
  .description('take back the last change of a store')
  .argument('<store>', 'folder of the store')
  .option('--json', 'print the result as JSON')
  .action(async (store: string, options) => finish(await (await import('./commands/undo.ts')).undo(store, options)))

program
  .command('store')
  .description('say what a store holds')
  .argument('<store>', 'folder of the store')
  .option('--history', 'and every change that was not undone')
  .option('--print-model', 'print the text of its model instead')
  .option('--json', 'print all of it as JSON')
  .action(async (store: string, options) => finish(await (await import('./commands/store.ts')).store(store, options)))

program
  .command('export')
  .description('write the memories of a store to a file')
  .argument('<store>', 'folder of the store')
  .option('--memory <name>', 'this one alone')
  .requiredOption('-o, --out <file>', '.json, .csv or .npy for other programs; .store for all of it, journal included')
  .action(async (store: string, options) => finish(await (await import('./commands/export.ts')).exportStore(store, options)))

program
  .command('import')
  .description('begin a store with all of one that was exported, journal included')
  .argument('<file>', 'what amp export, or export() of a program or a page, wrote')
  .argument('<store>', 'folder of the new store')
  .option('--json', 'print the result as JSON')
  .action(async (file: string, store: string, options) =>
    finish(await (await import('./commands/import.ts')).importStore(file, store, options)),
  )

withFlag(
  withCompiledFlags(program.command('compile').description('write a model as a stand-alone ES module')),
  'sampler',
  'what a module that samples draws by where nothing else is asked for; one for tempering carries what that needs',
)
  .argument('<file>', 'model file')
  .addOption(new Option('--to <reading>', 'which reading').choices(['retrieve', 'sample', 'energy', 'density']).makeOptionMandatory())
  .addOption(
    new Option('--target <name>', 'what it computes with: loops in float64, or TensorFlow.js for many cues at once')
      .choices(['kernel', 'tfjs'])
      .default('kernel'),
  )
  .option('--observed <name>', 'compile for this state being observed completely', collectNames, [])
  .requiredOption('-o, --out <file>', 'the module to write (its declarations, .d.mts or .d.ts, beside it)')
  .action(async (file: string, options) => finish(await (await import('./commands/compile.ts')).compile(file, options)))

program
  .command('verify')
  .description('property-test the laws of the two readings on a model')
  .argument('<files...>', 'model files')
  .option('--runs <n>', 'random cases for each law', numberAs({ kind: 'whole', from: 1 }), 30)
  .option('--seed <n>', 'seed of the cases', numberAs({ kind: 'whole', from: 0 }), 1)
  .option('--sbc <n>', 'data sets drawn for the ranks of law 5 (simulation-based calibration)', numberAs({ kind: 'whole', from: 1 }), 1000)
  .option('--json', 'report as JSON')
  .action(async (files: string[], options) => finish(await (await import('./commands/verify.ts')).verify(files, options)))

program
  .command('reproduce')
  .description('reproduce the numbers that a paper reports for a system')
  .argument('[systems...]', 'names of systems, or files with experiments of your own; without any, the list of systems')
  .option(
    '--seed <n>',
    "seed of the random numbers (each experiment's own, for which its bounds were set)",
    numberAs({ kind: 'whole', from: 0 }),
  )
  .option('--all', 'every system that comes with amp')
  .option('--quick', 'a small run, of seconds, that leaves some claims out')
  .option('--json', 'report as JSON')
  .option('--out <folder>', 'write the report (.json), the figure (.svg) and its points (.csv) there')
  .action(async (systems: string[], options) => finish(await (await import('./commands/reproduce.ts')).reproduce(systems, options)))

withValues(program.command('plot').description('draw a figure: as SVG, and as data'))
  .addArgument(new Argument('<kind>', 'what of').choices(['landscape', 'energy', 'trace', 'rank', 'forest', 'pair', 'density']))
  .argument(
    '<files...>',
    'landscape: a model, or a store; energy: what amp retrieve --out FILE.json wrote; the others: draws that amp sample --out RUN.json wrote',
  )
  .option('--out <file>', 'write the drawing (.svg), or its data (.csv, .json); may be repeated', collect, [])
  .addOption(
    new Option('--theme <theme>', 'on light or dark ground; auto: as the reader prefers')
      .choices(['auto', 'light', 'dark'])
      .default('auto'),
  )
  .option('--title <text>', 'title of the figure')
  .option('--along <a,b>', 'landscape: the two numbers that it is over, such as x[1],x[2]', elementsIn)
  .option('--quantities <names>', 'draws: of these quantities alone, such as mu,theta[3]; theta: all of its elements', elementsIn, [])
  .option('--starts <n>', 'landscape: retrievals from so many places, where no cue is given', numberAs({ kind: 'whole', from: 0 }), 12)
  .option('--draws <n>', 'landscape: samples', numberAs({ kind: 'whole', from: 0 }), 400)
  .option('--seed <n>', 'seed of the random numbers', numberAs({ kind: 'whole', from: 0 }), 1)
  .option('--temperature <T>', 'T of exp(-E/T)', numberAs({ kind: 'number', above: 0 }))
  .addOption(new Option('--flow <kind>', 'how retrieval moves').choices(Object.keys(retrieveRows.flow.words)))
  .action(async (kind: string, files: string[], options, command: Command) => {
    const explicit = new Set(Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli'))
    finish(await (await import('./commands/plot.ts')).plot(kind, files, { ...options, explicit }))
  })

/** 0 fine, 1 the input is wrong, 2 it ran but the numbers failed a check, 130 interrupted. */
function finish(code: number): void {
  process.exitCode = code
}

async function main(): Promise<void> {
  try {
    await program.parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1
    else if (error instanceof Interrupted) {
      process.stderr.write(`${error.message}\n`)
      process.exitCode = 130
    } else {
      process.stderr.write(defect(error))
      process.exitCode = 70
    }
  }
}

/** What is left to say when anything but a diagnostic comes out: never the program's own text, which an uncaught error prints. */
function defect(error: unknown): string {
  const { message, stack = '' } = error instanceof Error ? error : new InternalError(String(error))
  const places = stack.split('\n').filter((line) => line.startsWith('    at '))
  return [
    `This is an error in amp, not in your model: ${message}`,
    'Please report this with the model that causes it.',
    ...places.slice(0, 8),
    '',
  ].join('\n')
}

guardStreams()
await main()

/**
 * Every option of the two readings, a row each. Types of the library, checks (AMP717), flags and help of the command line,
 * declarations of emitted modules and the tables of docs/library.md are made from these rows.
 */
export const options = {
  temperature: {
    kind: 'number',
    above: 0,
    default: 1,
    of: ['retrieve', 'sample'],
    when: 'run',
    flag: '--temperature <T>',
    does: 'T of exp(-E/T); discrete states are summed out at it',
  },
  seed: {
    kind: 'whole',
    from: 0,
    default: 1,
    of: ['retrieve', 'sample'],
    when: 'run',
    flag: '--seed <n>',
    does: 'seed of the random numbers',
  },
  backend: {
    kind: 'word',
    words: {
      auto: 'what fits',
      kernel: 'loops in float64',
      reference: 'the interpreter of graphs, slow',
      tfjs: 'the fastest backend of TensorFlow.js that loads',
      'tfjs-node': 'its native code',
      'tfjs-wasm': 'its WebAssembly',
      'tfjs-cpu': 'its plain JavaScript',
    },
    default: 'auto',
    of: ['retrieve', 'sample'],
    when: 'process',
    flag: '--backend <name>',
    does: 'what computes',
  },
  report: {
    kind: 'names',
    of: ['sample'],
    when: 'compiled',
    flag: '--report <name>',
    does: 'report this let besides the states',
  },
  predict: {
    kind: 'names',
    of: ['sample'],
    when: 'compiled',
    flag: '--predict <name>',
    does: 'draw this data or observed state anew given each draw, as NAME_rep',
  },
  prior: {
    kind: 'switch',
    of: ['sample'],
    when: 'compiled',
    flag: '--prior',
    does: 'draw everything from the prior, data included (as NAME_rep): what the model says without any',
    inModules: 'export `prior` too: draws of everything from the prior, data included',
  },
  keep: {
    kind: 'names',
    of: ['retrieve', 'sample'],
    when: 'compiled',
    flag: '--keep <name>',
    does: 'do not sum this discrete state out: minimise over it (retrieve), or draw it by Gibbs (sample)',
  },
  sumOut: {
    kind: 'names',
    of: ['retrieve', 'sample'],
    when: 'compiled',
    flag: '--sum-out <name>',
    does: 'sum this discrete state out before any other, or say why it cannot be',
  },
  chains: { kind: 'whole', from: 1, default: 4, of: ['sample'], when: 'run', flag: '--chains <n>', does: 'number of chains' },
  draws: { kind: 'whole', from: 1, default: 1000, of: ['sample'], when: 'run', flag: '--draws <n>', does: 'draws kept of each chain' },
  warmup: {
    kind: 'whole',
    from: 0,
    default: 1000,
    of: ['sample'],
    when: 'run',
    flag: '--warmup <n>',
    does: 'draws of adaptation before them',
  },
  sampler: {
    kind: 'word',
    words: {
      auto: 'what fits',
      nuts: 'trajectories of continuous states, beside Gibbs sweeps where there are discrete ones',
      langevin: 'short steps of continuous states',
      gibbs: 'sweeps over discrete states, beside NUTS where there are continuous ones',
      exact: 'independent draws of everything in order',
    },
    default: 'auto',
    of: ['sample'],
    when: 'run',
    flag: '--sampler <name>',
    does: 'how to draw',
  },
  delta: {
    kind: 'number',
    above: 0,
    below: 1,
    default: 0.8,
    of: ['sample'],
    when: 'run',
    flag: '--delta <p>',
    does: 'target acceptance of NUTS',
  },
  depth: { kind: 'whole', from: 1, default: 10, of: ['sample'], when: 'run', flag: '--depth <n>', does: 'deepest tree of NUTS' },
  metric: {
    kind: 'word',
    words: { unit: 'none', diagonal: 'variances', dense: 'covariances' },
    default: 'diagonal',
    of: ['sample'],
    when: 'run',
    flag: '--metric <kind>',
    does: 'mass matrix of NUTS',
  },
  initRadius: {
    kind: 'number',
    from: 0,
    default: 2,
    of: ['sample'],
    when: 'run',
    flag: '--init-radius <r>',
    does: 'how far around where chains start, or around 0, the rest is drawn',
  },
  thin: { kind: 'whole', from: 1, default: 1, of: ['sample'], when: 'run', does: 'steps a draw' },
  keepWarmup: { kind: 'switch', of: ['sample'], when: 'run', does: 'keep the draws of adaptation, too' },
  signal: {
    kind: 'handed',
    what: 'an AbortSignal',
    type: '{ readonly aborted: boolean }',
    of: ['sample'],
    when: 'run',
    does: 'when aborted, chains end with what they have: an AbortSignal will do',
  },
  onProgress: {
    kind: 'handed',
    what: 'a function',
    type: '(progress: { readonly chain: number; readonly step: number; readonly steps: number; readonly warmingUp: boolean; readonly divergent: number }) => void',
    of: ['sample'],
    when: 'run',
    does: 'called every progressEvery steps and at the end of a chain',
  },
  progressEvery: { kind: 'whole', from: 1, default: 100, of: ['sample'], when: 'run', does: 'steps between two calls of onProgress' },
  resume: {
    kind: 'handed',
    what: 'chains of an earlier result',
    type: "Sampled['chains']",
    of: ['sample'],
    when: 'run',
    does: 'the chains of an earlier run under the same seed, model and values, to go on from',
  },
  runChains: {
    kind: 'handed',
    what: 'a function',
    type: 'RunChains',
    of: ['sample'],
    when: 'process',
    does: 'where the chains run: here, one after the other',
  },
  maxSteps: {
    kind: 'whole',
    from: 0,
    default: 10_000,
    of: ['retrieve'],
    when: 'run',
    flag: '--steps <n>',
    does: 'at most this many steps of all states together',
  },
  tolerance: {
    kind: 'number',
    from: 0,
    default: 1e-8,
    of: ['retrieve'],
    when: 'run',
    flag: '--tolerance <x>',
    does: 'stop when a step moves no coordinate by more than this share',
  },
  update: {
    kind: 'word',
    words: { asynchronous: 'one after the other', synchronous: 'all at once' },
    default: 'asynchronous',
    of: ['retrieve'],
    when: 'run',
    flag: '--update <rule>',
    does: 'how spins and bits flip',
  },
  order: {
    kind: 'word',
    words: { 'in order': 'as they are numbered', random: 'a fresh order for every sweep' },
    default: 'in order',
    of: ['retrieve'],
    when: 'run',
    does: 'the order in which they flip one after the other',
  },
  flow: {
    kind: 'word',
    words: {
      auto: 'neurons in time, the rest by fixed-point steps where its curvature is known, else by quasi-Newton steps',
      'fixed-point': 'fixed-point steps, for all states but neurons',
      gradient: 'gradient steps, for all states but neurons',
      'quasi-newton': 'quasi-Newton steps, for all states but neurons',
      ode: 'all continuous states together in time',
    },
    default: 'auto',
    of: ['retrieve'],
    when: 'run',
    does: 'how continuous states move',
  },
  probe: {
    kind: 'switch',
    of: ['retrieve'],
    when: 'run',
    does: 'nudge a place of rest, and leave it if it is no minimum; left out, where no start was given',
  },
  dt: {
    kind: 'number',
    above: 0,
    of: ['retrieve'],
    when: 'run',
    does: 'fixed step in time for neurons, one layer after the other; at dt = tau the discrete update',
  },
  maxTime: {
    kind: 'number',
    from: 0,
    default: Number.POSITIVE_INFINITY,
    of: ['retrieve'],
    when: 'run',
    does: 'where flows in time stop, if they are not at rest before',
  },
  accuracy: {
    kind: 'number',
    above: 0,
    default: 1e-6,
    of: ['retrieve'],
    when: 'run',
    does: 'error allowed in one adaptive step in time, relative to 1 + |x|',
  },
  longestStep: {
    kind: 'number',
    above: 0,
    default: Number.POSITIVE_INFINITY,
    of: ['retrieve'],
    when: 'run',
    does: 'the longest adaptive step in time',
  },
  noise: {
    kind: 'handed',
    what: 'an object',
    type: '{ readonly temperature: number; readonly step: number; readonly draw: (out: Float64Array) => void }',
    of: ['retrieve'],
    when: 'run',
    does: 'a noisy medium: steps with noise, until the step limit',
  },
  observe: {
    kind: 'handed',
    what: 'a function',
    type: '(moment: { readonly step: number; readonly time: number; readonly energy: number; readonly x: Float64Array; readonly discrete: readonly Float64Array[] }) => void',
    of: ['retrieve'],
    when: 'run',
    does: 'called at the cue and after every step; the arrays change: copy what is kept',
  },
  busy: {
    kind: 'handed',
    what: 'a function',
    type: '<T>(work: () => T, instead?: () => T) => T',
    of: ['retrieve', 'sample'],
    when: 'process',
    does: 'runs the work that keeps the thread busy',
  },
} as const satisfies Readonly<Record<string, OptionRow>>

export type ReadingName = 'retrieve' | 'sample'

/** How a model is compiled (of `emit`, too), each run (of emitted modules, too), or how it is run in this process alone. */
export type When = 'compiled' | 'run' | 'process'

interface Common {
  readonly of: readonly ReadingName[]
  readonly when: When
  /** The command line's word for it, and what follows. Options without one are a program's alone. */
  readonly flag?: string
  /** In help and documentation; of a module that is compiled so, where that is something else. */
  readonly does: string
  readonly inModules?: string
}

/** What the values of an option are. Bounds: `from` is allowed, `above` and `below` are not. */
export type ValueKind =
  | { readonly kind: 'number'; readonly from?: number; readonly above?: number; readonly below?: number; readonly default?: number }
  | { readonly kind: 'whole'; readonly from: number; readonly default?: number }
  /** One of these words, each with what it means. */
  | { readonly kind: 'word'; readonly words: Readonly<Record<string, string>>; readonly default: string }
  | { readonly kind: 'names' }
  | { readonly kind: 'switch' }
  /** Functions and values that only a program can hand over: in words, and as TypeScript writes their type. */
  | { readonly kind: 'handed'; readonly what: string; readonly type: string }

export type OptionRow = Common & ValueKind

type Table = typeof options
export type OptionName = keyof Table

/** What is handed over has its type where it is used. */
type ValueOf<Row> = Row extends { kind: 'number' | 'whole' }
  ? number
  : Row extends { kind: 'word'; words: infer Words }
    ? keyof Words
    : Row extends { kind: 'names' }
      ? readonly string[]
      : boolean

/** The options of a reading that are looked at then, but those that are handed over. */
export type OptionsOf<Reading extends ReadingName, At extends When = When> = {
  readonly [Name in OptionName as Table[Name] extends { kind: 'handed' }
    ? never
    : Table[Name] extends { when: At }
      ? Reading extends Table[Name]['of'][number]
        ? Name
        : never
      : never]?: ValueOf<Table[Name]>
}

/** The options of a reading that the command line has. */
type FlaggedName<Reading extends ReadingName, At extends When> = {
  readonly [Name in keyof OptionsOf<Reading, At> & OptionName]: Table[Name] extends { flag: string } ? Name : never
}[keyof OptionsOf<Reading, At> & OptionName]
type SwitchName = { readonly [Name in OptionName]: Table[Name] extends { kind: 'switch' } ? Name : never }[OptionName]

/** What the command line makes of its flags: all but switches are there, with their defaults where they were not given. */
export type FlaggedOptions<Reading extends ReadingName, At extends When = When> = {
  readonly [Name in Exclude<FlaggedName<Reading, At>, SwitchName>]: ValueOf<Table[Name]>
} & { readonly [Name in Extract<FlaggedName<Reading, At>, SwitchName>]?: boolean }

type Defaults = { readonly [Name in OptionName as Table[Name] extends { default: unknown } ? Name : never]: ValueOf<Table[Name]> }

/** What an option is when nobody says. */
export const defaults = Object.fromEntries(
  Object.entries<OptionRow>(options).flatMap(([name, row]) => ('default' in row ? [[name, row.default]] : [])),
) as unknown as Defaults

export type Flagged = OptionRow & { readonly flag: string }

/** The rows of a reading, in the order of the table. */
export function optionsOf(reading: ReadingName, when?: readonly When[]): readonly (readonly [OptionName, OptionRow])[] {
  const rows = Object.entries<OptionRow>(options) as [OptionName, OptionRow][]
  return rows.filter(([, row]) => row.of.includes(reading) && (when === undefined || when.includes(row.when)))
}

/** Those that the command line has, in the order of the table. */
export function flaggedOptions(reading: ReadingName, when?: readonly When[]): readonly (readonly [OptionName, Flagged])[] {
  return optionsOf(reading, when).filter((entry): entry is [OptionName, Flagged] => entry[1].flag !== undefined)
}

/** Of all that a command was given, the options of its reading. */
export function flagged<Reading extends ReadingName>(reading: Reading, given: FlaggedOptions<Reading>): FlaggedOptions<Reading> {
  return among(flaggedOptions(reading), given)
}

/** What of the options each run looks at. */
export function ofRun<Given extends object>(reading: ReadingName, given: Given): Given {
  return among(optionsOf(reading, ['run']), given)
}

function among<Given extends object>(rows: readonly (readonly [OptionName, OptionRow])[], given: Given): Given {
  const names = new Set<string>(rows.map(([name]) => name))
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name))) as Given
}

/** What was said of the options: what is undefined is not. */
export function stated<Given extends object>(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given
}

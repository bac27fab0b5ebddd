import { error, warning } from './entry.ts'

/** An experiment of one claim, with this run. */
const square = (run: string): string =>
  `cat > square.mjs <<'END'
export default {
  title: 'A square', source: 'Euclid', seconds: 1, seed: 1,
  claims: { area: { what: 'area of a square of side 2', where: 'book I', bound: { least: 4, most: 4 } } },
  run: ${run},
}
END
amp reproduce ./square.mjs`

/** 7xx: options and files of the command line. Examples are commands; m.amp has the memory xi[pattern, pixel], the param beta and the state x[pixel]. */
export const optionsCodes = {
  AMP640: error(
    'no ladder of temperatures',
    'Replica exchange goes along at least two temperatures, from the one of the draws (--temperature) to a hotter one (--hottest), where walls between modes are low.',
    'amp sample m.amp --memory xi=xi.csv --sampler tempering --hottest 0.5',
    'amp sample m.amp --memory xi=xi.csv --sampler tempering --hottest 5 --rungs 4 --draws 200',
  ),
  AMP641: error(
    'no temperatures to sweep',
    'A sweep goes along temperatures from the lowest to the highest, each of which is given once. None is below 0; at 0 there is nothing to draw, and the states of least energy are retrieved. At least one is above 0.',
    'amp sweep m.amp --memory xi=xi.csv --temperatures 1,0.5',
    'amp sweep m.amp --memory xi=xi.csv --temperatures 0.5,1 --draws 200',
  ),
  AMP701: error(
    'unreadable file',
    'The file could not be read: it is not there, is a folder, may not be opened, or is not text in UTF-8. Paths are relative to the folder the command runs in.',
    'amp check modle.amp',
    'amp check m.amp',
  ),
  AMP702: error(
    'unwritable file',
    'The result could not be written. amp tests this before it computes anything. Files are written completely or not at all. If writing fails at the end, the hint names the place where the result was saved.',
    'amp retrieve m.amp --memory xi=xi.csv --out nowhere/x.json',
    'amp retrieve m.amp --memory xi=xi.csv --out x.json',
  ),
  AMP703: error(
    'option not understood',
    'The option has a form the command does not take. Options that name a variable take NAME=VALUE or NAME=FILE.',
    'amp retrieve m.amp --memory xi=xi.csv --param beta',
    'amp retrieve m.amp --memory xi=xi.csv --param beta=8',
  ),
  AMP704: error(
    'not JSON',
    'The file was read as JSON (by its ending) but is not JSON. JSON has no NaN and no comments; missing values are null.',
    `echo '{"xi": [[1, NaN]]}' > d.json\namp retrieve m.amp --memory d.json`,
    `echo '{"xi": [[1, 0]]}' > d.json\namp retrieve m.amp --memory d.json`,
  ),
  AMP705: error(
    'JSON without names',
    'A data file holds one object whose keys are the names of the variables, as in Stan. A file with one array needs the name of its variable.',
    `echo '[[1, 0], [0, 1]]' > d.json\namp retrieve m.amp --memory d.json`,
    `echo '[[1, 0], [0, 1]]' > d.json\namp retrieve m.amp --memory xi=d.json`,
  ),
  AMP706: error(
    'not a table',
    'The file was read as CSV (by its ending) but is not a table with the same number of cells in every line.',
    `printf '1,0\\n1\\n' > d.csv\namp retrieve m.amp --memory xi=d.csv`,
    `printf '1,0\\n1,1\\n' > d.csv\namp retrieve m.amp --memory xi=d.csv`,
  ),
  AMP707: error(
    'not a NumPy array',
    'The file was read as NPY (by its ending) but its header or contents are not those of a numeric NumPy array.',
    `echo '1 0' > d.npy\namp retrieve m.amp --memory xi=d.npy`,
    `echo '1,0' > d.csv\namp retrieve m.amp --memory xi=d.csv`,
  ),
  AMP708: error(
    'unknown kind of file',
    'Data, memories and cues are read from .json, .csv and .npy files; the ending says which. Results are written in the same formats, modules as .mjs or .js.',
    `echo '1 0' > xi.txt\namp retrieve m.amp --memory xi=xi.txt`,
    'amp retrieve m.amp --memory xi=xi.csv',
  ),
  AMP709: warning(
    'value not used',
    'The file holds values under names that no variable of the model has. They are ignored: a file may serve several models.',
    `echo '{"xi": [[1, 0]], "labels": [1]}' > d.json\namp retrieve m.amp --memory d.json`,
    `echo '{"xi": [[1, 0]]}' > d.json\namp retrieve m.amp --memory d.json`,
  ),
  AMP710: error(
    'target does not fit',
    'Modules for TensorFlow.js retrieve continuous states, many cues at once. Samplers need float64 and discrete states move one site at a time; both are compiled to loops.',
    'amp compile m.amp --to sample --target tfjs --out m.mjs',
    'amp compile m.amp --to sample --target kernel --out m.mjs',
  ),
  AMP711: error(
    'sampler does not fit',
    'The sampler that was asked for cannot draw from this model: NUTS and Langevin move continuous states; Gibbs moves discrete ones and those that have a conditional form (amp show FILE --stage conditionals); exact draws need one such form of everything that moves, or a directed model with nothing observed and, at a temperature other than 1, statements whose powers are families. Without the option, amp chooses a sampler that fits and names it.',
    'amp sample m.amp --memory xi=xi.csv --sampler gibbs',
    'amp sample m.amp --memory xi=xi.csv --draws 200',
  ),
  AMP713: error(
    'nothing to report under this name',
    'The option --report takes the names of lets, whose values are then among the results. States are always among them.',
    'amp sample m.amp --memory xi=xi.csv --report overlaps',
    'amp sample m.amp --memory xi=xi.csv --report overlap --draws 200',
  ),
  AMP714: error(
    'cannot be drawn from the model',
    'The options --predict and --prior draw data from the model: each variable from its own statement, given those before it. A variable without a density of its own cannot be drawn this way, nor can states that are coupled by energies.',
    'amp sample m.amp --memory xi=xi.csv --predict xi --draws 200',
    'amp sample m.amp --memory xi=xi.csv --draws 200',
  ),
  AMP715: error(
    'run that cannot be resumed',
    'The option --resume takes a file that `amp sample --out run.json` wrote for the same model, values and settings; only the number of draws may grow.',
    `echo '{}' > run.json\namp sample m.amp --memory xi=xi.csv --resume run.json`,
    'amp sample m.amp --memory xi=xi.csv --draws 200 --out run.json\namp sample m.amp --memory xi=xi.csv --draws 300 --resume run.json',
  ),
  AMP716: error(
    'treatment that does not apply',
    'The options --sum-out, --relax and --keep take the names of discrete states (elements of an axis, spins, bits), --integrate and --minimise those of continuous states and of params and memories with a prior. A variable has one treatment, and what is observed has none.',
    'amp sample m.amp --memory xi=xi.csv --keep x --draws 200',
    'amp sample m.amp --memory xi=xi.csv --draws 200',
  ),
  AMP717: error(
    'invalid value of an option',
    'A temperature must be above 0, a target acceptance between 0 and 1, a number of draws a whole number. Samplers, metrics and ways to flip are given by name.',
    'amp sample m.amp --memory xi=xi.csv --delta 1.5 --draws 200',
    'amp sample m.amp --memory xi=xi.csv --delta 0.95 --draws 200',
  ),
  AMP718: error(
    'damaged run file',
    'A file that `amp sample --out run.json` wrote ends with a checksum of its contents. This file does not match its checksum or does not end with one: it was cut off, edited or damaged. The options --resume and --init refuse it.',
    `amp sample m.amp --memory xi=xi.csv --draws 200 --out run.json\nhead -c 900 run.json > cut.json\namp sample m.amp --memory xi=xi.csv --draws 300 --resume cut.json`,
    'amp sample m.amp --memory xi=xi.csv --draws 200 --out run.json\namp sample m.amp --memory xi=xi.csv --draws 300 --resume run.json',
  ),
  AMP719: warning(
    'run file without a checksum',
    'The file was written by an older amp, or its checksum was removed, so amp cannot tell whether it is complete and unchanged. It is read anyway.',
    `amp sample m.amp --memory xi=xi.csv --draws 200 --out run.json\nsed -e 's/"format":"amp run 2",//' -e 's/,"sha256":"[0-9a-f]*"}$/}/' run.json > old.json\namp sample m.amp --memory xi=xi.csv --draws 300 --resume old.json`,
    'amp sample m.amp --memory xi=xi.csv --draws 200 --out run.json\namp sample m.amp --memory xi=xi.csv --draws 300 --resume run.json',
  ),
  AMP720: error(
    'no such variable',
    'An option names a variable that the model does not have. Files that hold more than a model needs are fine; a name that you typed is not.',
    'amp retrieve m.amp --memory xi=xi.csv --cue y=0.3',
    'amp retrieve m.amp --memory xi=xi.csv --cue x=0.3',
  ),
  AMP721: error(
    'cannot be inferred',
    'The option --infer takes the names of params and memories that have a prior, a statement `name ~ family(...)`: they are then drawn as states are. States move anyway, and data are given.',
    'amp sample m.amp --memory xi=xi.csv --infer beta --draws 200',
    `echo 'param mu = 0 ~ normal(0, 1)\ndata y\ny ~ normal(mu, 1)' > p.amp\namp sample p.amp --data y=2 --infer mu --draws 200`,
  ),
  AMP725: warning(
    'interpreted, not compiled',
    'Models run as JavaScript that is generated when they are loaded. Where that is forbidden (--disallow-code-generation-from-strings of Node, the content security policy of a page), amp sample and amp retrieve run them as WebAssembly, if that is allowed; otherwise they are interpreted. The results are correct, but take ten to a hundred times as long. Modules written by amp compile contain their code and need no permission.',
    'NODE_OPTIONS=--disallow-code-generation-from-strings amp energy m.amp --memory xi=xi.csv --cue x=0.3',
    'amp energy m.amp --memory xi=xi.csv --cue x=0.3',
  ),
  AMP726: warning(
    'run drawn by another version',
    'A file that `amp sample --out run.json` wrote records the versions of amp and Node that drew it. Seeded draws are the same on Node 20, 22 and 24. With another version of Node or of amp the last digits may differ, so a resumed run may differ from an uninterrupted one. The draws are valid all the same.',
    `amp sample m.amp --memory xi=xi.csv --draws 200 --out run.json\nsed -e 's/"node":"[0-9]*/"node":"18/' -e '$s/,"sha256".*//' run.json | head -c -1 > body\nprintf ',"sha256":"%s"}\\n' "$(sha256sum < body | cut -c 1-64)" | cat body - > old.json\namp sample m.amp --memory xi=xi.csv --draws 300 --resume old.json`,
    'amp sample m.amp --memory xi=xi.csv --draws 200 --out run.json\namp sample m.amp --memory xi=xi.csv --draws 300 --resume run.json',
  ),
  AMP727: warning(
    'option without effect',
    'An option was given that nothing in this run looks at: a step in time where nothing moves in time, a way to flip where no state is discrete, a size of gradient steps where another flow moves the states, a hottest temperature where another sampler than tempering draws.',
    'amp retrieve m.amp --memory xi=xi.csv --cue x=0.3 --flow quasi-newton --step 0.1',
    'amp retrieve m.amp --memory xi=xi.csv --cue x=0.3 --flow gradient --step 0.1',
  ),
  AMP728: warning(
    'no WebAssembly',
    'The backend wasm runs loops as WebAssembly with SIMD instructions. Where modules may not be compiled (node --jitless, the content security policy of a page without wasm-unsafe-eval) or the engine has no SIMD, the same loops run as JavaScript and give the same results.',
    'NODE_OPTIONS=--jitless amp retrieve m.amp --memory xi=xi.csv --cue x=0.3 --backend wasm',
    'amp retrieve m.amp --memory xi=xi.csv --cue x=0.3 --backend wasm',
  ),
  AMP636: error(
    'not what this figure is of',
    'Each kind of figure of amp plot is of files of one kind: a landscape of one model, traces of one run.',
    'amp plot landscape m.amp m.amp --memory xi=xi.csv',
    'amp plot landscape m.amp --memory xi=xi.csv --out landscape.svg',
  ),
  AMP637: error(
    'no draws of this',
    'Figures of draws are of quantities that the run has, by the names of its table; the name of a variable stands for all of its elements.',
    `printf 'state x ~ normal(0, 1)\n' > t.amp\namp sample t.amp --out run.json -q --draws 20 --warmup 20 > t.txt 2> t.err\namp plot trace run.json --quantities y`,
    `printf 'state x ~ normal(0, 1)\n' > t.amp\namp sample t.amp --out run.json -q --draws 20 --warmup 20 > t.txt 2> t.err\namp plot trace run.json --quantities x --out t.svg`,
  ),
  AMP730: error(
    'no such system',
    'amp reproduce takes the names of the systems that come with amp, which it lists when no name is given, and files with experiments of your own, named with their folder.',
    'amp reproduce kernel_densty',
    'amp reproduce',
  ),
  AMP731: error(
    'not an experiment',
    'amp reproduce runs a JavaScript module whose default export is an experiment: an object with a title, a source, its approximate time in seconds, a seed, claims and a run. Each claim says what the number is, where the source states it, and which bound it must keep.',
    `echo 'export const title = "A square"' > square.mjs\namp reproduce ./square.mjs`,
    square('async () => ({ measured: { area: 2 * 2 } })'),
  ),
  AMP732: error(
    'experiment stopped',
    'The run of an experiment threw an error; its message is shown. Errors in models and values are reported under their own codes.',
    square(`() => { throw new Error('no ruler') }`),
    square('async () => ({ measured: { area: 2 * 2 } })'),
  ),
  AMP733: error(
    'claim not measured',
    'The run of an experiment returns, under the name of each claim, a number or a value with its standard error, and nothing under other names. Only a quick run may leave claims out.',
    square('async () => ({ measured: {} })'),
    square('async () => ({ measured: { area: 2 * 2 } })'),
  ),
  AMP734: error(
    'no such time',
    'A simulation ends after it begins. Models that go on by steps count whole ones. A flow with noise that is not drawn exactly needs the length of its steps, and an exact solution a flow that is affine in what moves.',
    `printf 'state x = 1\nflow x = -x\n' > t.amp\namp simulate t.amp --begin 2 --until 1`,
    `printf 'state x = 1\nflow x = -x\n' > t.amp\namp simulate t.amp --until 1`,
  ),
  AMP735: error(
    'input over time that cannot be followed',
    'An input over time has a column "time", which rises from row to row, and a number for each of its elements in every row. A value holds from its row on, so the first row must not come after the begin of the simulation.',
    `printf 'input u\nstate x = 0\nflow x = u - x\n' > t.amp\nprintf 'time,u\n1,2\n' > u.csv\namp simulate t.amp --input u.csv --until 3`,
    `printf 'input u\nstate x = 0\nflow x = u - x\n' > t.amp\nprintf 'time,u\n0,0\n1,2\n' > u.csv\namp simulate t.amp --input u.csv --until 3`,
  ),
  AMP736: error(
    'no patterns along this axis',
    'amp capacity fills an axis of a memory with patterns and retrieves them: a state has the other axes of that memory, and its type. Where several memories have them, or none, nothing says what a state is to recall.',
    `printf 'memory xi[pattern, i] : spin from uniform\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2) / (2 * size(i))\n' > h.amp\namp capacity h.amp --along patern --sizes i=30`,
    `printf 'memory xi[pattern, i] : spin from uniform\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2) / (2 * size(i))\n' > h.amp\namp capacity h.amp --along pattern --sizes i=30`,
  ),
  AMP737: error(
    'nothing says what patterns are',
    'amp capacity draws patterns anew at every load, by what the memory comes `from`, or takes rows of what is given with --memory.',
    `printf 'memory xi[pattern, i] : spin\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2) / (2 * size(i))\n' > h.amp\namp capacity h.amp --along pattern --sizes i=30`,
    `printf 'memory xi[pattern, i] : spin from uniform\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2) / (2 * size(i))\n' > h.amp\namp capacity h.amp --along pattern --sizes i=30`,
  ),
  AMP738: error(
    'no such size or load',
    'amp capacity takes sizes of axes that the model leaves open, several of at most one of them; loads are whole numbers of patterns, no more than were given.',
    `printf 'memory xi[pattern, i] : spin from uniform\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2) / (2 * size(i))\n' > h.amp\namp capacity h.amp --along pattern --sizes pattern=30`,
    `printf 'memory xi[pattern, i] : spin from uniform\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2) / (2 * size(i))\n' > h.amp\namp capacity h.amp --along pattern --sizes i=30`,
  ),
  AMP739: error(
    'no such corruption or success',
    'A pattern is shown as it is (none), with spins, bits or elements flipped, numbers unknown (mask), erased or shaken (normal); it is recalled where its overlap, errors or distance keep a bound, where no stored pattern is nearer (nearest), or exactly.',
    `printf 'memory xi[pattern, i] : spin from uniform\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2) / (2 * size(i))\n' > h.amp\namp capacity h.amp --along pattern --sizes i=30 --corrupt "s=flip(2)"`,
    `printf 'memory xi[pattern, i] : spin from uniform\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2) / (2 * size(i))\n' > h.amp\namp capacity h.amp --along pattern --sizes i=30 --corrupt "s=flip(0.1)"`,
  ),
} as const

import { error, warning } from './entry.ts'

/** 7xx: options and files of the command line. */
export const optionsCodes = {
  AMP701: error(
    'unreadable file',
    'The file could not be read: it is not there, is a folder, or may not be opened.',
    'amp check modle.amp',
    'Check the spelling of the path; paths are relative to the folder the command runs in.',
  ),
  AMP702: error(
    'unwritable file',
    'The result could not be written. Files are written whole or not at all, so nothing was changed.',
    'amp retrieve m.amp --out /no/such/folder/x.json',
  ),
  AMP703: error(
    'option not understood',
    'The option has a form the command does not take.',
    'amp retrieve m.amp --param beta',
    'Options that name a variable take NAME=VALUE or NAME=FILE: --param beta=8, --memory xi=patterns.npy.',
  ),
  AMP704: error(
    'not JSON',
    'The file was read as JSON (by its ending) but is not JSON. JSON has no NaN and no comments; missing values are null.',
  ),
  AMP705: error('JSON without names', 'A data file holds one object whose keys are the names of the variables, as in Stan.'),
  AMP706: error('not a table', 'The file was read as CSV (by its ending) but is not a table with the same number of cells in every line.'),
  AMP707: error(
    'not a NumPy array',
    'The file was read as NPY (by its ending) but its header or contents are not those of a numeric NumPy array.',
  ),
  AMP708: error('unknown kind of file', 'Data, memories and cues are read from .json, .csv and .npy files; the ending says which.'),
  AMP709: warning('value not used', 'The value was given, but nothing in the model has this name. It is ignored.'),
  AMP710: error('unknown option value', 'The option takes one of a few words, or a number in a range.'),
  AMP711: error(
    'sampler does not fit',
    'The sampler that was asked for cannot draw from this model: NUTS and Langevin move continuous states, Gibbs moves discrete ones, exact draws need a directed model with nothing observed.',
    'amp sample models/hopfield/hopfield.amp --sampler nuts',
    'Leave --sampler out: the one that fits is chosen and named.',
  ),
  AMP713: error(
    'nothing to report under this name',
    'The option --report takes the names of lets, whose values are then among the results.',
    'amp sample m.amp --report thetta',
  ),
} as const

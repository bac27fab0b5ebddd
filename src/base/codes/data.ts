import { error, warning } from './entry.ts'

/** 5xx: data, memories, cues and parameters given from outside. */
export const dataCodes = {
  AMP501: error(
    'missing value',
    'The model declares a data, memory or param variable that was not given and has no default.',
    'amp sample eight_schools.amp',
    'Give it: --data schools.json, --memory xi=patterns.npy, --param beta=8.',
  ),
  AMP502: error('wrong number of dimensions', 'The value nests more or less deeply than the variable has axes.'),
  AMP503: error('two sizes for one axis', 'Two values disagree about how many elements an axis has. An axis has one size in a model.'),
  AMP504: error(
    'unknown size',
    'No value that was given has this axis, and the model does not fix its size.',
    undefined,
    'Give a cue or an observed state with the axis, or fix it in the model: axis k = 3.',
  ),
  AMP505: error('value outside its type', 'A value that was given is not one that the declared type of the variable allows.'),
  AMP506: error('not a number', 'A cell or element is text where a number is wanted.'),
  AMP507: error('ragged array', 'Nested lists must all have the same length at the same depth.'),
  AMP508: error(
    'missing values in data',
    'Data, memories and params are fixed, so every number must be there. Only states may be partly missing.',
    undefined,
    'Leave out the rows, or declare the variable as a state and give it with --observed: what is missing is then inferred.',
  ),
  AMP509: error(
    'text where numbers are wanted',
    'The variable is numeric, but text was given. Text is understood only for variables whose type is an axis.',
  ),
  AMP510: error('size too large', 'The tensors of the model at these sizes would not fit in memory.'),
  AMP511: error('state is not observed like this', 'A constrained state such as a simplex can be observed whole or not at all.'),
  AMP512: error('wrong role for this option', 'The option sets variables of one role; the variable has another.'),
  AMP513: warning(
    'labels of two columns differ',
    'Two text columns name elements of the same axis; their labels are merged in order of appearance.',
  ),
} as const

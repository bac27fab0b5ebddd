import { error, warning } from './entry.ts'

/**
 * 5xx: data, memories, cues and parameters given from outside. An example is a model, and under it what it is given: a
 * comment line with the option and, in place of a file, what a JSON file would hold.
 */
export const dataCodes = {
  AMP501: error(
    'missing value',
    'The model declares a data, memory or param variable that was not given and has no default. A param without one is drawn from its prior, if it has a prior that can be drawn from.',
    'data y[row]\naxis row = 2\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)',
    'data y[row]\naxis row = 2\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": [1.5, 2]}',
  ),
  AMP502: error(
    'wrong number of dimensions',
    'The value nests more or less deeply than the variable has axes. A cue or an observed state may have one more, which comes first and has one value for each cue.',
    'axis row = 1\naxis dim = 3\ndata y[row, dim]\nstate mu[dim] ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": [1, 2, 3]}',
    'axis row = 1\naxis dim = 3\ndata y[row, dim]\nstate mu[dim] ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": [[1, 2, 3]]}',
  ),
  AMP503: error(
    'two sizes for one axis',
    'Two values disagree about how many elements an axis has. An axis has one size in a model.',
    'data x[row]\ndata y[row]\nstate b ~ normal(0, 1)\ny ~ normal(b * x, 1)\n# --data {"x": [1, 2], "y": [1, 2, 3]}',
    'data x[row]\ndata y[row]\nstate b ~ normal(0, 1)\ny ~ normal(b * x, 1)\n# --data {"x": [1, 2, 3], "y": [1, 2, 3]}',
  ),
  AMP504: error(
    'unknown size',
    'No value that was given has this axis, and the model does not fix its size. A cue or an observed state with the axis also gives it one.',
    'state x[i] ~ normal(0, 1)',
    'axis i = 3\nstate x[i] ~ normal(0, 1)',
  ),
  AMP505: error(
    'value outside its type',
    'A value that was given is not one that the declared type of the variable allows.',
    'data y : positive\nstate mu ~ normal(0, 1)\nlog(y) ~ normal(mu, 1)\n# --data {"y": -2}',
    'data y : positive\nstate mu ~ normal(0, 1)\nlog(y) ~ normal(mu, 1)\n# --data {"y": 2}',
  ),
  AMP506: error(
    'not a number',
    'A cell or element is text where a number is expected.',
    'data y[row]\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": [1, "two"]}',
    'data y[row]\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": [1, 2]}',
  ),
  AMP507: error(
    'ragged array',
    'Nested lists must all have the same length at the same depth.',
    'data y[row, dim]\nstate mu[dim] ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": [[1, 2], [3]]}',
    'data y[row, dim]\nstate mu[dim] ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": [[1, 2], [3, 4]]}',
  ),
  AMP508: error(
    'missing values in data',
    'Data, memories and params are fixed, so every number must be there. Only states may be partly missing: declared as a state and given with --observed, what is missing is inferred.',
    'data y[row]\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": [1, null]}',
    'state mu ~ normal(0, 1)\nstate y[row] ~ normal(mu, 1)\n# --observed {"y": [1, null]}',
  ),
  AMP509: error(
    'text where numbers are expected',
    'The variable is numeric, but text was given. Text is understood only for variables whose type is an axis: it then names the elements of that axis.',
    'data county[row]\nstate mu ~ normal(0, 1)\ncounty ~ normal(mu, 1)\n# --data {"county": ["AITKIN", "ANOKA"]}',
    'data county_of[row] : county\nstate a[county] ~ normal(0, 1)\nenergy sum[row](a[county_of])\n# --data {"county_of": ["AITKIN", "ANOKA"]}',
  ),
  AMP510: error(
    'size too large',
    'The tensors of the model at these sizes would not fit in memory.',
    'axis n = 1000000000\nstate x[n] ~ normal(0, 1)',
    'axis n = 1000\nstate x[n] ~ normal(0, 1)',
  ),
  AMP511: error(
    'state cannot be observed like this',
    'A constrained state such as a simplex must be observed completely or not at all. A discrete state that is summed out cannot be observed: keep it.',
    'axis k = 3\nstate p[k] : simplex[k] ~ dirichlet(1)\n# --observed {"p": [0.2, null, null]}',
    'axis k = 3\nstate p[k] : simplex[k] ~ dirichlet(1)\nstate z : k ~ categorical(p)\n# --observed {"p": [0.2, 0.3, 0.5]}',
  ),
  AMP512: error(
    'wrong role for this option',
    'The option sets variables of one role; the variable has another. States start with --cue and are known with --observed.',
    'state x ~ normal(0, 1)\n# --data {"x": 2}',
    'state x ~ normal(0, 1)\n# --cue {"x": 2}',
  ),
  AMP513: warning(
    'labels of two columns differ',
    'Two text columns name elements of the same axis, but not the same ones. The axis has those of both; a name that only one of them holds may be a slip.',
    'data home[game] : team\ndata guest[game] : team\nstate skill[team] ~ normal(0, 1)\ndata won[game] : bit\nwon ~ bernoulli_logit(skill[home] - skill[guest])\n# --data {"home": ["A", "B"], "guest": ["B", "C"], "won": [1, 0]}',
    'data home[game] : team\ndata guest[game] : team\nstate skill[team] ~ normal(0, 1)\ndata won[game] : bit\nwon ~ bernoulli_logit(skill[home] - skill[guest])\n# --data {"home": ["A", "B"], "guest": ["B", "A"], "won": [1, 0]}',
  ),
  AMP514: error(
    'given twice',
    'A variable was given two values: by two options, in two files, or in two columns of one table. Neither is used, because amp cannot know which one is meant.',
    'data y\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": 1}\n# --param {"y": 2}',
    'data y\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": 1}',
  ),
  AMP515: warning(
    'axis without elements',
    'What was given has no elements along this axis: a table with nothing under its header, or an empty list. Sums over the axis are 0, so values that vary over it have no effect.',
    'data y[row]\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": []}',
    'data y[row]\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": [1.5]}',
  ),
  AMP516: warning(
    'infinite number in data',
    'A number of the data is infinite: inf was written, or a number too large for a double, such as 1e400. As an observation it makes the energy infinite everywhere; as a bound it is fine.',
    'data y[row]\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": [1.5, 1e400]}',
    'data y[row]\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n# --data {"y": [1.5, 1e40]}',
  ),
  AMP517: warning(
    'start without effect',
    'A cue says where a state starts. A discrete state that is summed out has no starting value: all its values are weighted at once.',
    'memory m[k]\ndata y\nstate z : k\ny ~ normal(m[z], 1)\n# --memory {"m": [0, 1]}\n# --data {"y": 0.5}\n# --cue {"z": 2}',
    'memory m[k]\ndata y\nstate z : k\ny ~ normal(m[z], 1)\n# --memory {"m": [0, 1]}\n# --data {"y": 0.5}',
  ),
  AMP518: error(
    'given value that a statement cannot use',
    'A given value, or one computed from given values alone, does not meet what a statement requires: it is the left side or an argument of a family, or picks along an axis. Probabilities add up to 1, covariances are symmetric and positive definite, counts are whole, elements are numbered from 1.',
    'data y[row]\ndata rate[row]\nstate mu ~ normal(0, 1)\ny ~ normal(mu, rate - 1)\n# --data {"y": [1, 2], "rate": [2, 0.5]}',
    'data y[row]\ndata rate[row]\nstate mu ~ normal(0, 1)\ny ~ normal(mu, rate)\n# --data {"y": [1, 2], "rate": [2, 0.5]}',
  ),
  AMP521: error(
    'no element of that name',
    'A label in the data or in the model is not one of those of its axis. The labels of an axis are listed by --labels, by the model or by a column with the name of the axis; otherwise they are those that occur in columns of text.',
    'data dose[row]\ndata g[row] : group\naxis group\nstate b ~ normal(0, 1)\ndose ~ normal(b * where(g == "treated", 1, 0), 1)\n# --data {"dose": [1, 2], "g": ["control", "treatment"]}',
    'data dose[row]\ndata g[row] : group\naxis group\nstate b ~ normal(0, 1)\ndose ~ normal(b * where(g == "treatment", 1, 0), 1)\n# --data {"dose": [1, 2], "g": ["control", "treatment"]}',
  ),
  AMP522: warning(
    'order of elements by name',
    'Something depends on the order of the elements of an axis: an ordered family, a shift, a number that picks, or values given by position. The elements are known only from texts, so they are sorted by name (numbers in names by size). That may not be the order you mean.',
    'axis level\naxis cut = 2\ndata rating[row] : level\nstate c[cut] : ordered[cut] ~ normal(0, 3)\nrating ~ ordered_logistic(0, c)\n# --data {"rating": ["poor", "fair", "good"]}',
    'axis level\naxis cut = 2\ndata rating[row] : level\nstate c[cut] : ordered[cut] ~ normal(0, 3)\nrating ~ ordered_logistic(0, c)\n# --data {"rating": ["poor", "fair", "good"], "level": ["poor", "fair", "good"]}',
  ),
  AMP523: warning(
    'elements that never occur',
    'The size of an axis is known only from the largest number that picks one of its elements, and not every number up to it occurs. If the numbers are ids, --labels makes them names of elements. If there are elements that do not occur, state the size in the model or by another value.',
    'data site[row] : place\nstate a[place] ~ normal(0, 1)\nenergy -sum[row](a[site])\n# --data {"site": [3, 7, 7]}',
    'data site[row] : place\nstate a[place] ~ normal(0, 1)\nenergy -sum[row](a[site])\n# --data {"site": ["3", "7", "7"]}',
  ),
  AMP524: error(
    'labels that cannot be used',
    'The labels are for an axis that the model does not have, or they name an element twice.',
    'data site[row] : place\nstate a[place] ~ normal(0, 1)\nenergy -sum[row](a[site])\n# --data {"site": ["3", "7"]}\n# --labels {"plcae": ["3", "7"]}',
    'data site[row] : place\nstate a[place] ~ normal(0, 1)\nenergy -sum[row](a[site])\n# --data {"site": ["3", "7"]}\n# --labels {"place": ["3", "7"]}',
  ),
} as const

import { error, warning } from './entry.ts'

/** 4xx: a value of the wrong kind, or outside its support. */
export const typesCodes = {
  AMP401: error(
    'wrong number of arguments',
    'The function, def or family takes a different number of arguments.',
    'state x ~ normal(0)',
    'state x ~ normal(0, 1)',
  ),
  AMP402: error(
    'element used as a number',
    'A variable whose type is an axis ranges over the elements of that axis. One can index by it, compare it with elements of the same axis and give it a categorical; for its number, from 1, write index(axis)[z].',
    'state z : k\nstate mu[k] ~ normal(0, 1)\nstate x ~ normal(mu[z] + z, 1)',
    'state z : k\nstate mu[k] ~ normal(0, 1)\nstate x ~ normal(mu[z] + index(k)[z], 1)',
  ),
  AMP403: error(
    'number where an element is expected',
    'categorical, categorical_logit, ordered_logistic and markov describe elements of an axis, so the left side must be declared with that axis as its type.',
    'data y[row]\nstate p[k] : simplex[k] ~ dirichlet(1)\ny ~ categorical(p)',
    'data y[row] : k\nstate p[k] : simplex[k] ~ dirichlet(1)\ny ~ categorical(p)',
  ),
  AMP404: error(
    'argument outside its support',
    'A parameter of a family (or a time constant) has a value that it cannot have: a scale that is not above 0, a probability outside 0 to 1.',
    'state x ~ normal(0, -1)',
    'state x ~ normal(0, 1)',
  ),
  AMP405: warning(
    'argument that may leave its support',
    'The variable given for a parameter is declared with a type that allows values the parameter cannot have, or a bit or a comparison can make the argument exactly 0, which is not allowed. Moving or sampling the variable would reach such values.',
    'param s = 1\nstate x ~ normal(0, s)',
    'param s : positive = 1\nstate x ~ normal(0, s)',
  ),
  AMP406: error(
    'type wider than the family',
    'The declared type allows values to which the family gives no probability, so it is not a density over that type, and the energy is infinite there. Declare the type that the family describes.',
    'state tau ~ half_cauchy(5)',
    'state tau : positive ~ half_cauchy(5)',
  ),
  AMP407: warning(
    'density over discrete values',
    'The left side takes only a few values, and the family is a density over the real numbers: the term is an energy, and not a normalised probability.',
    'data y[row] : bit\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)',
    'data y[row] : bit\nstate mu : probability ~ beta(1, 1)\ny ~ bernoulli(mu)',
  ),
  AMP408: warning(
    'no Jacobian',
    'The left side of ~ is an expression of continuous states whose slope varies. The term is the log density at that value; the log Jacobian of the transformation, which a density of the state itself would need, is not added. The Jacobian of sums and multiples is constant, so there is no warning for them.',
    'state x : positive\nlog(x) ~ normal(0, 1)',
    'state x : positive ~ lognormal(0, 1)',
  ),
  AMP409: error(
    'no variable on the left',
    'What stands to the left of ~ must involve a variable of the model; it may be a number where what stands to the right involves one.',
    'state x ~ normal(0, 1)\n3 ~ normal(0, 1)',
    'state x ~ normal(0, 1)',
  ),
  AMP410: error(
    'default outside its type',
    'The default of a variable is not one of the values that its type allows.',
    'param beta : positive = -1\nstate x ~ normal(0, beta)',
    'param beta : positive = 1\nstate x ~ normal(0, beta)',
  ),
  AMP411: error(
    'empty bounds',
    'The lower bound of a type is not below the upper one.',
    'state x : real(lower = 1, upper = 0) ~ normal(0, 1)',
    'state x : real(lower = 0, upper = 1) ~ normal(0, 1)',
  ),
  AMP412: error(
    'wrong form of a type',
    'unit, simplex and ordered take one axis in brackets, covariance, cholesky and correlation two, and the others none; only real takes bounds.',
    'state p[k] : simplex ~ dirichlet(1)',
    'state p[k] : simplex[k] ~ dirichlet(1)',
  ),
  AMP413: error(
    'truncation',
    'Families of single numbers can be truncated to an interval, the lower bound first.',
    'state x : positive ~ normal(0, 1) in (3, 2)',
    'state x : real(lower = 2, upper = 3) ~ normal(0, 1) in (2, 3)',
  ),
  AMP414: error(
    'Lagrangian without its state',
    'The activation is the gradient of the Lagrangian by the state, and would be zero.',
    'param a = 1\nstate v[i] with lagrangian a\nenergy sum[i](act(v)^2)',
    'param a = 1\nstate v[i] with lagrangian a * sum[i](v^2) / 2\nenergy sum[i](act(v)^2)',
  ),
  AMP415: warning(
    'two densities of one variable',
    'Every statement adds a term: two densities of one variable multiply. The product is a valid energy, but it is no longer normalised.',
    'state x ~ normal(0, 1)\nx ~ normal(1, 2)',
    'state x ~ normal(0, 1)',
  ),
  AMP416: error(
    'outside the domain of a function',
    'The function has no value for any value that its argument can have: the logarithm of a number below zero, a division by zero.',
    'state x\nenergy x^2 * log(-2)',
    'state x\nenergy x^2 * log(2)',
  ),
  AMP417: warning(
    'periodic density over all numbers',
    'A density of angles repeats with every turn. Over all real numbers its total is infinite, so there is nothing to sample from; over one turn it is normalised.',
    'state phi ~ von_mises(0, 2)',
    'state phi : real(lower = -pi, upper = pi) ~ von_mises(0, 2)',
  ),
  AMP418: error(
    'censoring',
    'A given number from a family of single numbers can be censored: at or beyond a limit, only the side is known. The lower limit comes first. An unknown cannot be censored: at the limits it would have a probability, not a density.',
    'state t : positive ~ exponential(1) censored (0, 5)',
    'data t : positive\nt ~ exponential(1) censored (0, 5)',
  ),
} as const

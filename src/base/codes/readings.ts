import { error, warning } from './entry.ts'

/** 6xx: a reading the model does not have, or that cannot run. */
export const readingsCodes = {
  AMP601: error(
    'not yet runnable',
    'The program is well formed and its meaning is settled, but this part of it cannot be run yet. The message says which part, and what to write instead if there is an alternative.',
    'model growing\naxis cluster ~ dp(1)\nstate mu[cluster] ~ normal(0, 5)\nstate z : cluster\ndata x\nx ~ normal(mu[z], 1)\n',
    'Give the axis a size, which makes it a finite mixture: axis cluster = 10 ~ dirichlet(1 / size(cluster)).',
  ),
  AMP602: error(
    'no energy',
    'Retrieval descends an energy and sampling draws from exp(-E/T). A model that only says how its states move has neither reading: amp simulate runs it forward in time.',
    'model trace\ninput u\nstate x = 0\nflow x = u - x\n',
    'Add an energy that the flow descends: `energy (x - u)^2 / 2`.',
  ),
  AMP603: error(
    'improper density',
    'The density of this state cannot be normalised, so there is nothing to sample. It is flat over an infinite support, or falls off too slowly far out (between 1e10 and 1e15, for a positive number between e^50 and e^300), or grows. The same happens to a heavy-tailed density at a high temperature, and to one with an infinite peak at a low temperature: their power 1/T has no finite integral. Retrieval may still be well defined.',
    'model flat\nstate x\nstate y ~ normal(0, 1)\n',
    'Give the state a prior, bounds, or a term of the energy that grows with it; or choose a temperature nearer to 1.',
  ),
  AMP604: error(
    'exact marginalisation is not possible',
    'A discrete state can be summed out exactly if its sites are independent given the rest of the model, or form a chain. If they are coupled in any other way, the sum has exponentially many terms.',
    'model ising\nparam J[site, other]\nstate s[site] : spin\nenergy -sum[site, other](J * s * s[site -> other]) / 2\n',
    'Leave out --sum-out, so that the state is sampled (Gibbs) or minimised instead, or observe it.',
  ),
  AMP606: error(
    'infinitely many values',
    'An unobserved count can take infinitely many values: it cannot be summed out term by term, nor moved through all of its values. Unknown counts that only their own statement uses are no problem: sampling leaves them out and draws them at the end.',
    'model counts\nstate n : count ~ poisson(3)\ndata y\ny ~ normal(n, 1)\n',
    'Observe it, or replace it by an element of an axis that is long enough.',
  ),
  AMP607: error(
    'nothing to move',
    'Every state is observed, or the model has none: there is nothing to retrieve or to sample.',
    undefined,
    'Leave a state (or a part of one: null in JSON, an empty cell in CSV) unobserved.',
  ),
  AMP608: warning(
    'flat direction',
    'The energy does not change when a number is added to all elements of a state, or added to one state and subtracted from another. The density is flat in that direction and cannot be normalised: draws drift along it without limit. Quantities that do not depend on it, such as differences, can still be used.',
    'model levels\nstate a\nstate b\ndata y\ny ~ normal(a + b, 1)\n',
    'Give one of the states a prior, or observe a part.',
  ),
  AMP611: error(
    'integral without a closed form',
    'A continuous variable is integrated out exactly if the energy, with everything else held, is of a form whose integral is known: Gaussian, gamma, inverse gamma, beta, Dirichlet, von Mises-Fisher. Bounds that cut such a density off leave no closed form. amp show --stage conditionals prints the form of every variable, or why it has none.',
    undefined,
    'Leave out --integrate, so that the variable moves, or observe it.',
  ),
  AMP610: error(
    'scan without a value at its first elements',
    'With a from, the next of a scan or a fold runs at every element of the axis, the first included. A shift without an else has no value there.',
    'model trace\ndata u[t]\nstate k ~ normal(0, 1)\nlet s = scan[t](from = 0, next = k * prev + u[t = t - 1])\nenergy sum[t](s^2)\n',
    'Say what the shift is at the first element: u[t = t - 1 else 0].',
  ),
  AMP612: error(
    'not multilinear',
    'Probabilities can take the place of a discrete state if the energy is a sum of functions of single elements of it and of products of those: its mean is then exact. Several elements inside another function (an exponential, a logarithm, a maximum) have no such mean.',
    'model voting\nstate s[voter] : spin\nenergy -log(1 + exp(sum[voter](s)))\n',
    'Leave out --relax, so that the state is minimised instead, or write the energy by sums and products of its elements.',
  ),
  AMP613: error(
    'minimum in the way',
    'A continuous variable that is minimised has a formula in the energy, or is found step by step at every point. After a minimum of the second kind nothing on which it depends can be summed out, integrated out or relaxed, or jump from one value to another, since its energy is no formula. Nor can it have bounds that move, or be in the bounds of another variable.',
    undefined,
    'Ask for the other treatment first: options are done in their order. Or leave out --minimise: amp retrieve moves the variable together with the rest.',
  ),
  AMP614: error(
    'no coordinate ascent',
    'Coordinate ascent (amp fit --by ascent) raises the evidence lower bound one block of variables after the other, which takes that the energy, with everything else held, is of a known form in each: Gaussian, gamma, inverse gamma, beta, Dirichlet, von Mises-Fisher, or anything where the variable is discrete. Bounds that cut such a density off leave no such form. amp show --stage conditionals prints the form of every variable, or why it has none.',
    undefined,
    'Leave the method to amp fit, which goes by gradients then (--by mean-field), or observe the variable; a prior that is conjugate gives it a form.',
  ),
  AMP615: error(
    'rows that meet',
    'Batches of rows (amp fit --batch) take that the mean of the energy is a sum over rows, each of which is a sum of products of what the row has of its own and what all rows share. A statement that couples rows (a chain along them, a product of two of them, a function of a sum over them) or picks by an index of each row is no such sum.',
    undefined,
    'Leave out --batch: every sweep then looks at all rows.',
  ),
  AMP616: error(
    'no log Z by this method',
    'Methods of amp evidence differ in what they can integrate and sum over: exact needs a closed form for everything that moves smoothly, and few enough discrete values; quadrature takes one or two numbers; laplace and bridge no discrete values. The message says what is left.',
    undefined,
    'Leave out --by, which takes a method that can be used, or use --by smc.',
  ),
  AMP623: error(
    'no landscape',
    'A landscape is the energy over two numbers that move. States that take levels only, or whose numbers are tied to each other (those of a direction, of probabilities that add up to 1, of a matrix), cannot be moved along lines; and there must be at least two numbers.',
    undefined,
    'Observe the states that are not real numbers, or let them be summed out.',
  ),
  AMP624: error(
    'no such direction',
    '--along takes two of the numbers that move, by the names that tables give them: x[1],x[2], numbered from 1.',
    undefined,
    'amp plot landscape m.amp --along x[1],x[3] --out landscape.svg',
  ),
  AMP625: error(
    'nothing that moves in time',
    'amp simulate runs flows (dx/dt), steps (what a state is next), jumps and states with Lagrangians forward in time. A model of data and lets alone reports its lets.',
    undefined,
    'Say how the state moves: `flow x = -x`. Or go down the energy in time: amp retrieve --flow ode.',
  ),
  AMP609: warning(
    'elements left out',
    'A shift has no value at the first elements of its axis. The choice around it depends on a state, so it is not known beforehand for which elements the shift is needed. The elements without a value are left out of the sum or statement, whichever branch is taken.',
    'model switch\ndata y[t]\nstate on : bit\nstate mu ~ normal(0, 5)\ny ~ normal(where(on, mu, y[t = t - 1]), 1)\n',
    'Give the shift a value at the first elements: y[t = t - 1 else 0]. A choice that is known beforehand, as in where(index(t) == 1, mu, y[t = t - 1]), leaves out only elements where a value that is needed is missing.',
  ),
} as const

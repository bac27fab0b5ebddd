import { error } from './entry.ts'

/** 1xx: the text does not read as a program. */
export const textCodes = {
  AMP101: error(
    'unexpected character',
    'The text holds a character that is not part of the language. Names are made of letters of any alphabet, digits and _; the signs are + - * / ^ = ~ : , ( ) [ ] -> and comparisons.',
    'energy sum[pixel](x × x)',
    'energy sum[pixel](x * x)',
  ),
  AMP102: error(
    'malformed number',
    'A number is written 3, 0.5, .5 or 1e-12, with nothing attached to it. Multiplication is always written with *.',
    'param n = 1_000',
    'param n = 1000',
  ),
  AMP103: error(
    'bracket not closed',
    'An opening bracket has no closing one. Inside brackets a statement goes on over line ends; the next keyword at the start of a line ends it.',
    'energy sum[pixel](x^2',
    'energy sum[pixel](x^2)',
  ),
  AMP104: error(
    'unmatched bracket',
    'A closing bracket has no opening one, or the opening one is of the other kind.',
    'energy sum[pixel)(x^2)',
    'energy sum[pixel](x^2)',
  ),
  AMP105: error(
    'expected an expression',
    'An operator, comma or bracket is not followed by something with a value: a number, a name, a call or a bracket.',
    'energy x *',
    'energy x * y',
  ),
  AMP106: error(
    'expected a name',
    'A declaration, an axis or a parameter needs a name here. Names start with a letter or _.',
    'let = 3',
    'let x = 3',
  ),
  AMP107: error(
    'reserved word used as a name',
    'The words that start statements (model, axis, data, memory, param, state, input, let, def, energy, flow, write, forget, objective) and and, or, not cannot be names.',
    'param energy = 3',
    'param energy_scale = 3',
  ),
  AMP108: error(
    'unknown statement',
    'A statement starts with a keyword (model, axis, data, memory, param, state, input, let, def, energy, flow, write, forget, objective) or is a density, x ~ family(...).',
    'sate x[pixel]',
    'state x[pixel]',
  ),
  AMP109: error(
    'statement without its keyword',
    'A name cannot be given a value or a type without saying what it is: data, memory, param, state, input, or let for a value computed from others.',
    'beta = 8',
    'param beta = 8',
  ),
  AMP110: error(
    'expression is not a statement',
    'An expression alone adds nothing to the model. Add it to the energy, or relate it to a family with ~.',
    'sum[pixel](x^2)',
    'energy sum[pixel](x^2)',
  ),
  AMP111: error(
    'text after the end of the statement',
    'The statement is complete, but more follows on the line. Each statement stands on its own line, and the parts of a declaration come in the order role name[axes] : type = default ~ family(args) with ...',
    'param beta = 8 : positive',
    'param beta : positive = 8',
  ),
  AMP112: error(
    'expected something else',
    'A sign or word that the statement needs is missing here.',
    'let query sum[dim](x * Wq)',
    'let query = sum[dim](x * Wq)',
  ),
  AMP113: error(
    'syntax of another language',
    'Semicolons, braces, quotes, // comments and signs such as ** or += belong to other languages. One statement stands on one line; comments start with #; powers are written ^.',
    'y ~ normal(0, 1);',
    'y ~ normal(0, 1)',
  ),
  AMP114: error(
    'chained comparison',
    'Comparisons do not chain, since each yields 1 or 0 and the next would compare that.',
    'let inside = 0 < x < 1',
    'let inside = 0 < x and x < 1',
  ),
  AMP115: error(
    'nested too deeply',
    'The brackets or operators of an expression nest more deeply than amp supports. Programs written by hand stay far below the limit.',
    undefined,
    'Name parts of the expression with let.',
  ),
  AMP116: error('too many errors', 'The text has so many syntax errors that the rest were not looked for. It may not be an .amp file.'),
  AMP117: error(
    'part given twice',
    'A part of a declaration that can be given once is given twice.',
    'state v with tau 1, tau 2',
    'state v with tau 1',
  ),
  AMP118: error('text too long', 'A model is a page or two. A text of many megabytes is most likely data, or not text at all.'),
} as const

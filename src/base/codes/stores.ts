import { error, warning } from './entry.ts'

/** 8xx: stores, and what is written to them and forgotten. An example is a command, after those that made the store. */
export const storesCodes = {
  AMP801: error(
    'no store',
    'There is no store at this place, or what is there is something else. `amp write` begins a store where its folder does not exist yet or is empty.',
    'amp store nothing.store',
    'amp store kept.store',
  ),
  AMP802: error(
    'another model',
    'A store is written and read with the model that it was begun with, whose text it holds. The message says what changed. Begin a new store for a new model.',
    'amp write kept.store --model other.amp --observed x=one.csv',
    'amp write kept.store --model m.amp --observed x=one.csv',
  ),
  AMP803: error(
    'no rule for a memory',
    'A write follows the rules of the model: `write xi[pattern = new] = x`. One is supplied where a memory without rule and prior is a row longer than just one state; elsewhere the model must say what a write makes of each memory. A memory with a prior and no rule is conditioned, where its posterior has a closed form.',
    'amp write new.store --model ambiguous.amp --observed x=one.csv --observed y=one.csv',
    'amp write new.store --model m.amp --observed x=one.csv',
  ),
  AMP804: error(
    'no such pattern',
    'Patterns are called by their numbers, in the order in which they were written, or by a label. No number is given twice, and what was forgotten has none any more. A label that is in use cannot be given again.',
    'amp forget kept.store --label 99',
    'amp forget kept.store --label 1',
  ),
  AMP805: error(
    'value that a memory cannot hold',
    'A rule made a number that is not finite, that the type of the memory does not allow, or an index outside an axis. Nothing of this write was kept.',
    'amp write new.store --model inverse.amp --observed x=zero.csv',
    'amp write new.store --model inverse.amp --observed x=one.csv',
  ),
  AMP806: error(
    'store cannot be used here',
    'A store on disk is a folder on a disk of this machine that can be written to, with room for what is written, and needs the optional package lmdb. The message says what is missing. The store is as it was.',
    'amp write m.amp --model m.amp --observed x=one.csv',
    'amp write new.store --model m.amp --observed x=one.csv',
  ),
  AMP807: error(
    'damaged store',
    'The file of the store is not as it was written: it was cut off, or overwritten by something else. Restore it from a copy.',
    'amp store broken.store',
    'amp store kept.store',
  ),
  AMP808: error(
    'value that comes from the store',
    'The store holds the memories, and the data and params that its rules read: others cannot be given along with it.',
    'amp retrieve kept.store --memory xi=xi.csv --cue x=one.csv',
    'amp retrieve kept.store --cue x=one.csv',
  ),
  AMP809: error(
    'nothing to undo',
    'Undoing takes back the last change. There is none.',
    'amp undo kept.store && amp undo kept.store',
    'amp undo kept.store',
  ),
  AMP810: error(
    'no way to take it back',
    'Patterns that were appended are forgotten by number or label. What was added up is taken back by a `forget` rule, from the pattern.',
    'amp forget kept.store --observed x=one.csv',
    'amp forget kept.store --label 1',
  ),
  AMP811: warning(
    'not at rest',
    'What was not observed of a pattern was retrieved before it was written, and the retrieval had not come to rest. What was written is where it was then.',
  ),
} as const

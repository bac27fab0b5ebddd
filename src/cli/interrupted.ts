/** Thrown out of work that Ctrl-C broke off, before there was anything to keep. */
export class Interrupted extends Error {}

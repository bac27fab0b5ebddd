/** Stores on disk, for Node (`amp-lang/disk`): `openStore(model, given, { shelf })` with the shelf that `onDisk` opens. */
export { type DiskOptions, onDisk } from './open.ts'

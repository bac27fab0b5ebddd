/** Which slot each thing sits in. Slots are taken again once they are empty. */
export interface Seats {
  /** By thing: its slot, or -1 while it stands. */
  readonly slots: Int32Array
  /** The things that may move, in order; all others sit where they are known to. */
  readonly free: Int32Array
  /** By slot: how many things sit there. */
  readonly counts: Int32Array
  /** All slots; the first `blocks` of them are those that are taken. */
  readonly order: Int32Array
  /** Where in `order` each slot is. */
  readonly place: Int32Array
  blocks: number
}

/** Nobody sits yet. `known`: by thing the slot in which it always sits, or -1. */
export function emptySeats(known: Int32Array, slots: number): Seats {
  const order = Int32Array.from({ length: slots }, (_, s) => s)
  const free = Int32Array.from([...known.keys()].filter((thing) => known[thing] === -1))
  return { slots: new Int32Array(known.length).fill(-1), free, counts: new Int32Array(slots), order, place: order.slice(), blocks: 0 }
}

/** A slot that nobody sits in; -1 where there is none. */
export function freeSlot({ order, blocks }: Seats): number {
  return blocks < order.length ? (order[blocks] as number) : -1
}

export function seat(seats: Seats, thing: number, slot: number): void {
  const { slots, counts } = seats
  slots[thing] = slot
  if (counts[slot] === 0) {
    swap(seats, slot, seats.blocks)
    seats.blocks += 1
  }
  counts[slot] = (counts[slot] as number) + 1
}

/** The slot that it stood up from. */
export function unseat(seats: Seats, thing: number): number {
  const { slots, counts } = seats
  const slot = slots[thing] as number
  slots[thing] = -1
  counts[slot] = (counts[slot] as number) - 1
  if (counts[slot] === 0) {
    seats.blocks -= 1
    swap(seats, slot, seats.blocks)
  }
  return slot
}

/** Seats everybody anew. */
export function seatAll(seats: Seats, slots: ArrayLike<number>): void {
  seats.counts.fill(0)
  seats.blocks = 0
  for (let s = 0; s < seats.order.length; s += 1) {
    seats.order[s] = s
    seats.place[s] = s
  }
  for (let i = 0; i < seats.slots.length; i += 1) seat(seats, i, slots[i] as number)
}

/** Puts a slot at a place of the order, and what was there where it was. */
function swap({ order, place }: Seats, slot: number, to: number): void {
  const from = place[slot] as number
  const other = order[to] as number
  order[to] = slot
  order[from] = other
  place[slot] = to
  place[other] = from
}

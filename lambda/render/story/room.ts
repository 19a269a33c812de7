/** How much is told at most, where a medium has little room; what is left out is counted. */
export interface Room {
  readonly proofs: number;
  readonly ways: number;
  readonly others: number;
  /** Of the ways and findings that are left, those that are told in a line, without commands and proof. */
  readonly waysInBrief: number;
  readonly othersInBrief: number;
  readonly moments: number;
  readonly unseen: number;
  readonly suspects: number;
  /** By name, of those that are affected. */
  readonly targets: number;
  /** Of the way to take first. */
  readonly steps: number;
}

export const ALL_THE_ROOM: Room = {
  proofs: Number.POSITIVE_INFINITY,
  ways: Number.POSITIVE_INFINITY,
  others: Number.POSITIVE_INFINITY,
  waysInBrief: 0,
  othersInBrief: 0,
  moments: 30,
  unseen: Number.POSITIVE_INFINITY,
  suspects: Number.POSITIVE_INFINITY,
  targets: 6,
  steps: Number.POSITIVE_INFINITY,
};

/** A request that cannot be met for a reason of the caller's. */
export class ControlRefusal extends Error {}

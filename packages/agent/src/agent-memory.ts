import v8 from "node:v8";
import vm from "node:vm";

/** Below it there is nothing worth a pause, in bytes of heap. */
const worthIt = 192 * 2 ** 20;

/** After the first program, in milliseconds: what it took to come so far is garbage by then. */
const settledMs = 5_000;
/** V8 gives back some of what is free at each time. */
const releases = 4;

/**
 * Gives back what reading a large cluster left behind. V8 by itself would keep that room until it needs it for something
 * else, and the node's other processes can use it now. Takes about a millisecond for a MiB that is in use, during which
 * nothing else happens: for once, when the agent has begun. Returns whether there was a reason to.
 */
export function releaseMemory(heapTotal = process.memoryUsage().heapTotal): boolean {
  if (heapTotal < worthIt) return false;
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc") as () => void;
  v8.setFlagsFromString("--no-expose-gc");
  collect();
  return true;
}

/** Releases memory a few times from now on, as long as there is a reason to; returns what ends that. */
export function releaseMemoryLater(): () => void {
  let left = releases;
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    timer = setTimeout(() => {
      left -= 1;
      if (releaseMemory() && left > 0) next();
    }, settledMs).unref();
  };
  next();
  return () => clearTimeout(timer);
}

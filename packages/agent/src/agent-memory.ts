import v8 from "node:v8";
import vm from "node:vm";

/** Below it there is nothing worth a pause, in bytes of heap. */
const worthIt = 192 * 2 ** 20;

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

import { expect, test } from "vitest";
import { NftChild } from "./nft-child.ts";

test("a child that does not answer has ended when that is told: nothing of it can come later", async () => {
  const child = new NftChild(["sh", "-c", "exec sleep 100"]);
  const pid = child.pid!;
  expect(process.kill(pid, 0)).toBe(true);
  await expect(child.ask("add table inet t", 20)).rejects.toThrow("nft did not answer within 20 ms");
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(child.alive).toBe(false);
  await child.close();
});

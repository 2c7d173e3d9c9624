import { parseAddress } from "@portcullis/engine";
import { describe, expect, it } from "vitest";
import { IpAllocator } from "./ip-allocator.ts";

const address = (text: string) => parseAddress(text)!;

describe("IpAllocator", () => {
  it("gives the lowest free address, above the band that is kept for addresses picked by hand", () => {
    const allocator = new IpAllocator("10.96.0.0/24");
    expect(allocator.allocate()?.text).toBe("10.96.0.17");
    expect(allocator.take(address("10.96.0.18"))).toBe("taken");
    expect(allocator.allocate()?.text).toBe("10.96.0.19");
    allocator.release(address("10.96.0.17"));
    expect(allocator.allocate()?.text).toBe("10.96.0.17");
    expect(allocator.allocate()?.text).toBe("10.96.0.20");
  });

  it("gives every address once, the band last, and neither network nor broadcast", () => {
    const allocator = new IpAllocator("192.0.2.0/27");
    const given: string[] = [];
    for (let next = allocator.allocate(); next; next = allocator.allocate()) given.push(next.text);
    expect(given).toHaveLength(30);
    expect(new Set(given).size).toBe(30);
    expect(given[0]).toBe("192.0.2.17");
    expect(given.at(-1)).toBe("192.0.2.16");
    expect(given).not.toContain("192.0.2.0");
    expect(given).not.toContain("192.0.2.31");
  });

  it("refuses what is out of range or taken", () => {
    const allocator = new IpAllocator("fd00::/120");
    expect(allocator.take(address("fd00::1"))).toBe("taken");
    expect(allocator.take(address("fd00::1"))).toBe("already allocated");
    expect(allocator.take(address("fd00::"))).toBe("out of range");
    expect(allocator.take(address("fd00::ff"))).toBe("taken");
    expect(allocator.take(address("10.0.0.1"))).toBe("out of range");
    allocator.release(address("10.0.0.1"));
    allocator.release(address("fd00::1"));
    expect(allocator.take(address("fd00::1"))).toBe("taken");
  });

  it.each(["10.0.0.0", "10.0.0.0/31", "10.0.0.1/32"])("cannot use %s", (text) => {
    expect(() => new IpAllocator(text)).toThrow(RangeError);
  });
});

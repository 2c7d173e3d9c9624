import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { EventHub } from "./event-hub.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("a page that turns to another view misses nothing; when none comes, nobody follows", () => {
  vi.useFakeTimers();
  const hub = new EventHub(() => []);
  const open = () => {
    const request = new EventEmitter();
    const response = { writeHead() {}, write() {}, on() {}, end() {} };
    hub.follow(request as IncomingMessage, response as unknown as ServerResponse);
    return request;
  };
  const left = hub.left();
  open().emit("close");
  expect([hub.isFollowed, left.aborted]).toEqual([true, false]);
  const second = open();
  vi.advanceTimersByTime(60_000);
  expect([hub.isFollowed, left.aborted]).toEqual([true, false]);
  second.emit("close");
  vi.advanceTimersByTime(60_000);
  expect([hub.isFollowed, left.aborted, hub.left().aborted]).toEqual([false, true, false]);
  hub.close();
});

export { type Io, processIo } from "./io/io.ts";
export { run } from "./main.ts";

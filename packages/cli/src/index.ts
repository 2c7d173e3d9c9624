export { processIo, type Io } from "./io/io.ts";
export { run } from "./main.ts";

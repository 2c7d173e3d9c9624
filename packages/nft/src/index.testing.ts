// For the tests of other packages. Exported from the sources only.
export { newPacket } from "./new-packet.testing.ts";

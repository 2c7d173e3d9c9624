// Apart, so that it is loaded apart.
export { lint } from "@portcullis/engine";

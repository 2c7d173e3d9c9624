// For the tests of other packages: random clusters and every flow through them, and records of flows. Exported from the
// sources only.
export { end as flowEnd, record as flowRecord } from "./flows/records.testing.ts";
export {
  endpointsOf,
  flowsOf,
  type RandomCluster,
  randomCluster,
  randomProbes,
} from "./verdict/random-cluster.testing.ts";

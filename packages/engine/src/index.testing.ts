// For the tests of other packages: random clusters and every flow through them. Exported from the sources only.
export {
  endpointsOf,
  flowsOf,
  type RandomCluster,
  randomCluster,
  randomProbes,
} from "./verdict/random-cluster.testing.ts";

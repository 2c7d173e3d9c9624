import fc from "fast-check";
import { expect, test } from "vitest";
import { clusterOf } from "../../cluster/objects.testing.ts";
import { exposure } from "../../exposure/exposure.ts";
import { printedSeed } from "../../seed.testing.ts";
import { randomCluster } from "../../verdict/random-cluster.testing.ts";
import { tableCsv } from "../text/table.ts";
import { exposureJson } from "./exposure-json.ts";
import { exposureTable, exposureText } from "./exposure-text.ts";

const seed = printedSeed("exposure, formats");

test("every format tells the same openings", () => {
  let openings = 0;
  fc.assert(
    fc.property(randomCluster, ({ objects }) => {
      const cluster = clusterOf(...objects);
      const found = exposure(cluster);
      const json = exposureJson(found, []);
      const { rows } = exposureTable(found);
      openings += rows.length;
      expect(rows.length).toBe(json.sides.reduce((sum, side) => sum + Math.max(1, side.openings.length), 0));
      expect(tableCsv(exposureTable(found)).trimEnd().split("\n")).toHaveLength(rows.length + 1);
      // In the text, workloads without isolation are names and the others have a line for each opening.
      const text = exposureText(found)
        .split("\n")
        .filter((line) => line.startsWith("  "));
      const twice = json.sides.filter(
        ({ isolation, direction }) => isolation === "host-network" && direction === "Egress",
      );
      expect(text).toHaveLength(rows.length - twice.length);
      for (const [direction, workload, isolation, who, ports] of rows) {
        if (isolation !== "isolated") continue;
        const title = direction === "Ingress" ? `Into ${workload}:` : `Out of ${workload}:`;
        const lines = exposureText(found).split("\n");
        const from = lines.indexOf(title);
        const block = lines.slice(from + 1, lines.indexOf("", from));
        const wanted = who === "nobody" ? "nobody" : `${who} ${ports}`;
        expect(block.some((line) => line.replace(/ +/g, " ").includes(wanted))).toBe(true);
      }
    }),
    { seed, numRuns: 150 },
  );
  expect(openings).toBeGreaterThan(500);
});

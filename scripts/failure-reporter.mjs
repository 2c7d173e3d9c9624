// A vitest reporter that leaves what failed in the file that PORTCULLIS_FAILURES names, one JSON array of texts: failed
// tests, files that cannot be loaded, and errors that no test caught, which no other report of a file has.

import { writeFileSync } from "node:fs";

export default class FailureReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const failures = [
      ...modules.flatMap(failuresOf),
      ...unhandledErrors.map((error) => `no test caught: ${textOf(error)}`),
    ];
    writeFileSync(process.env.PORTCULLIS_FAILURES, JSON.stringify(failures));
  }
}

function failuresOf(module) {
  const tests = [...module.children.allTests("failed")].map(
    (test) => `${module.relativeModuleId} > ${test.fullName}: ${test.result().errors.map(textOf).join("\n")}`,
  );
  const suites = [module, ...module.children.allSuites()].flatMap((suite) =>
    suite.errors().map((error) => `${module.relativeModuleId}: ${textOf(error)}`),
  );
  return [...tests, ...suites];
}

function textOf(error) {
  return error.stack ?? error.message ?? String(error);
}

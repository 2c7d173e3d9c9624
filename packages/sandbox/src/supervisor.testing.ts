// A process that starts a sandbox with one nginx pod, says so, and waits: for the tests that kill it.
// Runs compiled code, so that plain Node can.
export const supervisorScript = `
const { startSandbox } = await import(process.argv[1]);
const sandbox = await startSandbox({ name: process.argv[2] });
await sandbox.client.create(
  { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true },
  {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default" },
    spec: { containers: [{ name: "main", image: "nginx" }] },
  },
);
await sandbox.running([{ namespace: "default", name: "web" }]);
let code = 3;
process.once("SIGINT", () => {
  code = 130;
  void sandbox.stop();
});
console.log(JSON.stringify(sandbox.info));
console.log(await sandbox.ended());
process.exit(code);
`;

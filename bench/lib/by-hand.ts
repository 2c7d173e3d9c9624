import { spawn } from "node:child_process";

// What the sandbox is held against: the same, done with nothing but util-linux and nginx.

const fresh = ["-Urnm", "--fork", "--pid", "--mount-proc", "--kill-child"];

/** Milliseconds to make the namespaces of a sandbox, run `true` in them, and be rid of them. */
export function bareNamespaces(): Promise<number> {
  return milliseconds([...fresh, "true"]);
}

/** Milliseconds until nginx in fresh namespaces answers curl, and all of it is gone. */
export function nginxByHand(): Promise<number> {
  const script = `
    mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /var/lib/nginx && mount -t tmpfs tmpfs /var/log/nginx &&
    ip link set lo up &&
    printf 'user root; pid /run/nginx.pid; events {}\\nhttp { server { listen 80; root /run; } }\\n' > /run/nginx.conf &&
    echo nginx > /run/index.html && nginx -c /run/nginx.conf &&
    until curl -sf --max-time 1 http://127.0.0.1/ | grep -q nginx; do sleep 0.005; done`;
  return milliseconds([...fresh, "sh", "-c", script]);
}

function milliseconds(args: readonly string[]): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn("unshare", args, { stdio: ["ignore", "ignore", "pipe"], timeout: 10_000 });
    let words = "";
    child.stderr.on("data", (chunk: Buffer) => (words += chunk.toString("utf8")));
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve(performance.now() - start);
      else reject(new Error(`by hand: ended with ${code ?? signal}: ${words.trim()}`));
    });
  });
}

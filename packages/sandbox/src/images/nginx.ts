import { readdirSync, readFileSync } from "node:fs";
import { hasIpv6 } from "../ipv6.ts";
import type { Image } from "./catalogue.ts";

const pages = "/usr/share/nginx/html";

/** The machine's nginx, laid out as its image is: the site in conf.d, its pages in /usr/share/nginx/html. */
export function nginxImage(name: string, port: number): Image {
  return {
    names: [name],
    program: ["nginx", "-g", "daemon off;"],
    entrypoint: [],
    listens: port,
    files: () => ({ "/etc/nginx/conf.d/default.conf": site(port), ...welcome() }),
    writable: ["/etc/nginx/conf.d", pages],
    emptied: ["/var/lib/nginx", "/var/log/nginx", "/etc/nginx/sites-enabled"],
    // Not its error log: every worker complains there that it cannot give up groups, which no user namespace allows.
    links: { "/var/log/nginx/access.log": "/dev/stdout" },
    needs: { program: "nginx", debianPackage: "nginx-light" },
  };
}

function site(port: number): string {
  const listen = [`listen ${port};`, ...(hasIpv6() ? [`listen [::]:${port};`] : [])];
  return `server {
    ${listen.join("\n    ")}
    server_name localhost;
    location / {
        root ${pages};
        index index.html index.htm;
    }
}
`;
}

/** Copies of the machine's own pages, which a container may then change whoever started the sandbox. */
function welcome(): Record<string, string> {
  const page = "<!DOCTYPE html>\n<title>Welcome to nginx!</title>\n<h1>Welcome to nginx!</h1>\n";
  const found = htmlFiles().map((name) => [`${pages}/${name}`, readFileSync(`${pages}/${name}`, "utf8")]);
  return { [`${pages}/index.html`]: page, ...Object.fromEntries(found) };
}

function htmlFiles(): string[] {
  try {
    return readdirSync(pages).filter((name) => name.endsWith(".html"));
  } catch {
    return [];
  }
}

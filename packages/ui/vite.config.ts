import { defineConfig } from "vite";

/** The policy of a static site; a server sends the same as a header. Nothing is ever asked of another host. */
export const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self'; " +
  "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'";

export default defineConfig({
  // Relative, so that the site works in any folder of any server.
  base: "./",
  resolve: { conditions: ["portcullis-source"] },
  build: {
    outDir: "dist/site",
    // What the page is made of besides our own, with the licences.
    license: { fileName: "licences.md" },
    emptyOutDir: true,
    target: "es2023",
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  plugins: [
    {
      name: "content-security-policy",
      apply: "build",
      transformIndexHtml: () => [
        {
          tag: "meta",
          attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy },
          injectTo: "head-prepend",
        },
      ],
    },
  ],
});

// The headers that the page should be served with, as Netlify's and Cloudflare's `_headers` spells them.

/** What a service worker may do, which obeys only the headers that it came with: nothing beyond its own origin. */
export const WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'";

/**
 * @param {string} html index.html
 * @returns {string} the policy in its meta element, and what only a header can say
 */
export function policyOf(html) {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
  if (!policy) throw new Error("index.html has no Content-Security-Policy");
  return `${policy}; frame-ancestors 'none'`;
}

/**
 * @param {string} html index.html
 * @returns {string} the file `_headers`, for a site at the root of its host
 */
export function headersFile(html) {
  return `# Headers for hosts that read this file (Netlify, Cloudflare Pages); docs/deploy.md says what they are for.
# Under a sub-path, put it in the root of the site and write the path before the star.
/*
  Content-Security-Policy: ${policyOf(html)}
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Permissions-Policy: microphone=(self), camera=(), geolocation=()
  Cache-Control: no-cache
# Not needed today; with them browsers keep the page in a process of its own.
#  Cross-Origin-Opener-Policy: same-origin
#  Cross-Origin-Embedder-Policy: require-corp
`;
}

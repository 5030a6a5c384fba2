// A host that runs one of the scripts in front of a store: node edge_host.mjs SCRIPT STORE PORT
// What is asked of the host's own address is fetched from the store, as all providers do.
import { readFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";

const [script, store, port] = process.argv.slice(2);
const source = readFileSync(script, "utf8");

// The object at a path; the store alone decides on conditions and ranges.
const fromStore = (path, method, fields) =>
  new Promise((answered, failed) => {
    const asking = ask(store + path, { method, headers: fields }, (found) => {
      const parts = [];
      found.on("data", (part) => parts.push(part));
      found.on("end", () => answered({ status: found.statusCode, fields: found.headers, body: Buffer.concat(parts) }));
    });
    asking.on("error", failed).end();
  });

const passed = (fields) => Object.fromEntries(Object.entries(fields).filter(([name]) => !["host", "connection"].includes(name)));

// What Fastly's platform gives a program; that its cache knows an object by the keys is told in a field.
globalThis.CacheOverride = class {
  constructor(_mode, more) {
    Object.assign(this, more);
  }
};

async function worker() {
  let heard;
  globalThis.addEventListener = (_name, listener) => (heard = listener);
  globalThis.fetch = async (request, options) => {
    const found = await fromStore(new URL(request.url).pathname, request.method, Object.fromEntries(request.headers));
    const fields = Object.entries(found.fields).flatMap(([name, value]) => (Array.isArray(value) ? [] : [[name, value]]));
    if (heard) fields.push(["x-backend", options.backend], ["x-keys", options.cacheOverride.surrogateKey]);
    return new Response([204, 304].includes(found.status) || request.method === "HEAD" ? null : found.body, { status: found.status, headers: fields });
  };
  const plain = source.replace(/^import \{ CacheOverride \} from "fastly:cache-override";$/m, "");
  const { default: deployed } = await import(`data:text/javascript;base64,${Buffer.from(plain).toString("base64")}`);
  const hear = (request) => new Promise((respondWith) => heard({ request, respondWith }));
  return async (method, path, fields) => {
    const request = new Request(`http://127.0.0.1:${port}${path}`, { method, headers: passed(fields) });
    const said = await (deployed ? deployed.fetch(request) : hear(request));
    return { status: said.status, fields: Object.fromEntries(said.headers), body: Buffer.from(await said.arrayBuffer()) };
  };
}

function cloudfront() {
  const handler = new Function(`${source}; return handler;`)();
  const listed = (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value }]));
  const plain = (fields) => Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value]));
  const missing = source.match(/404 with (\S+)/)[1];
  return async (method, path, fields) => {
    const request = { method, uri: path.split("?")[0], querystring: {}, headers: listed(passed(fields)) };
    const led = handler({ request });
    if (led.statusCode) return { status: led.statusCode, fields: plain(led.headers || {}), body: Buffer.alloc(0) };
    let found = await fromStore(led.uri, method, plain(led.headers));
    if (found.status === 403 || found.status === 404) return { ...(await fromStore(missing, method, {})), status: 404 };
    const said = handler({ request: led, response: { statusCode: found.status, headers: listed(found.fields) } });
    return { status: said.statusCode, fields: plain(said.headers), body: found.body };
  };
}

const answer = script.includes("cloudfront") ? cloudfront() : await worker();
createServer(async (request, response) => {
  const said = await answer(request.method, request.url, request.headers);
  delete said.fields["transfer-encoding"];
  if (request.method !== "HEAD" && said.status !== 304) said.fields["content-length"] = said.body.length;
  response.writeHead(said.status, said.fields).end(said.body);
}).listen(port, "127.0.0.1");

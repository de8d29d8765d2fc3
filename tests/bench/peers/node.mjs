// Node+undici as the hub's peer: the same look-ups over pools, their answers spliced. node.mjs CONFIG; prints its port.
import {readFileSync} from "node:fs";
import {createServer} from "node:http";
import {Pool} from "undici";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const pools = new Map(
  Object.entries(config.systems).map(([name, port]) => [name, new Pool(`http://127.0.0.1:${port}`, {connections: 64})]),
);

async function lookUp(section, customer) {
  const system = section.split(".", 1)[0];
  const answer = await pools.get(system).request({method: "GET", path: `/${system}/orders?customer=${customer}`});
  const data = await answer.body.text();
  return `"${section}":{"status":"${answer.statusCode === 200 ? "ok" : "error"}","data":${data}}`;
}

async function context(body, response) {
  const ask = JSON.parse(body);
  const customer = config.sessions[ask.session];
  if (!customer) return response.writeHead(404).end();
  const sections = await Promise.all(ask.sections.map((section) => lookUp(section, customer)));
  const text = `{"sections":{${sections.join(",")}}}`;
  response.writeHead(200, {"Content-Type": "application/json", "Content-Length": Buffer.byteLength(text)}).end(text);
}

const server = createServer((request, response) => {
  if (request.headers.authorization !== `Bearer ${config.key}`) return response.writeHead(401).end();
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => context(Buffer.concat(parts), response).catch(() => response.writeHead(502).end()));
});
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
